/*-------------------------------------------------------------------------
 *
 * store.h
 *	  Bytes that outlive a transaction: in memory up to work_mem, and then all
 *	  of them on disk.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_STORE_H
#define REGDOCS_STORE_H

typedef struct RegdocsStore RegdocsStore;

/* Empty; palloc'd in the current context, but for its file. */
extern RegdocsStore *regdocs_store_new(void);

/* NULL-safe. */
extern void regdocs_store_free(RegdocsStore *store);

/* How much there is, in bytes: the place of what is appended next. */
extern int64 regdocs_store_end(const RegdocsStore *store);

/*
 * Put bytes at that place: behind all others, or over others that are there.
 * These two raise an error where the file cannot be written or read.
 */
extern void regdocs_store_put(RegdocsStore *store, int64 place,
							  const void *data, Size length);
extern void regdocs_store_get(RegdocsStore *store, int64 place, void *data,
							  Size length);

#endif							/* REGDOCS_STORE_H */
