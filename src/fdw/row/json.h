/*-------------------------------------------------------------------------
 *
 * json.h
 *	  Reading JSON text from left to right, without recursion.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_JSON_H
#define REGDOCS_JSON_H

/*
 * Where a reader stands in a text.  What it reads it checks as strictly as
 * PostgreSQL's type json does; the first fault is kept, and everything then
 * says that there is nothing more.
 */
typedef struct RegdocsJson
{
	const char *text;			/* BORROWED; has a NUL behind its end */
	const char *end;
	const char *at;				/* the next byte to read */
	const char *fault;			/* where it is not JSON; NULL: nowhere so far,
								 * else "at" is the end */
	bool		escaped;		/* there was a backslash, since that was reset
								 * or the last key began */

	bool		entered;		/* nothing was read since the last bracket */
	bool		may_raise;		/* interrupts are looked for */
	const char *next_check;		/* where they are the next time */
	uint64	   *levels;			/* while a value is skipped, of each 64 levels
								 * around: a bit for each, set for an object */
	int			nlevels;		/* words that are allocated */
} RegdocsJson;

/*
 * Begin to read.  Where it may raise errors, it looks for interrupts often
 * enough for texts of any length; that of memory can come in any case.
 */
extern void regdocs_json_begin(RegdocsJson *json, const char *text,
							   size_t length, bool may_raise);

/* The first byte of the next token; NUL: there is none. */
extern char regdocs_json_peek(RegdocsJson *json);

/* Go into the object or the array that comes next. */
extern void regdocs_json_enter(RegdocsJson *json);

/*
 * Within an object: read the next key, and stand before its value; the bytes
 * between the key's quotes are BORROWED from the text.  false: the object has
 * ended, and was left, or the text is wrong.
 */
extern bool regdocs_json_next_member(RegdocsJson *json, const char **key,
									 int *length);

/*
 * The same for a key that is expected, by its name, which has nothing in it
 * that would be escaped; blanks may be left before the value.  false: nothing
 * was read, since something else comes next, or blanks or escapes are in
 * between.
 */
static inline bool
regdocs_json_pass_key(RegdocsJson *json, const char *name, int length)
{
	const char *at = json->at;

	if (!json->entered && *at++ != ',')
		return false;
	if (json->end - at < length + 3 || at[0] != '"' ||
		at[length + 1] != '"' || at[length + 2] != ':' ||
		memcmp(at + 1, name, length) != 0)
		return false;
	json->at = at + length + 3;
	json->entered = false;
	return true;
}

/* Within an array: stand before the next element.  false: as above. */
extern bool regdocs_json_next_element(RegdocsJson *json);

/* Read a value of any kind, whatever is in it, and stand behind it. */
extern bool regdocs_json_skip(RegdocsJson *json);

/* Is the text at its end, and right as a whole? */
extern bool regdocs_json_finish(RegdocsJson *json);

/* How large a value is. */
typedef struct RegdocsJsonSize
{
	int			depth;			/* levels of nesting; 0: a scalar */
	int			values;			/* in it, of all levels, and itself */
} RegdocsJsonSize;

/* Measure a value, which is JSON for certain. */
extern RegdocsJsonSize regdocs_json_measure(const char *text, int length);

/*
 * Resolve the escapes of a string, whose bytes between the quotes these are,
 * where each stands for a character from 1 to "highest" and all fits into the
 * buffer; none is longer than the bytes.  In UTF-8, not terminated; returns the
 * length, or -1.
 */
extern int	regdocs_json_resolve(const char *text, int length, int highest,
								 char *buffer, int size);

/* The last character that is ASCII, and that is any: see there. */
#define REGDOCS_LAST_ASCII		0x7f
#define REGDOCS_LAST_CHARACTER	0x10ffff

#endif							/* REGDOCS_JSON_H */
