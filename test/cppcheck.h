/*-------------------------------------------------------------------------
 *
 * cppcheck.h
 *	  What cppcheck has to know of PostgreSQL.
 *
 * The server's headers are too much for it; without them it does not see
 * which reports end a function.
 *
 *-------------------------------------------------------------------------
 */
#define ERROR	21
#define FATAL	22
#define PANIC	23

#define ereport(elevel, ...) \
	do { __VA_ARGS__; if ((elevel) >= ERROR) abort(); } while (0)
#define elog(elevel, ...) \
	do { if ((elevel) >= ERROR) abort(); } while (0)

#define pg_attribute_noreturn() __attribute__((noreturn))
#define PG_MODULE_MAGIC extern int regdocs_magic
#define PG_FUNCTION_INFO_V1(function) extern int function ## _info
