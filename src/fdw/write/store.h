/*-------------------------------------------------------------------------
 *
 * store.h
 *	  Bytes that outlive a statement: some of them in memory, and all that are
 *	  too many on disk.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_STORE_H
#define REGDOCS_STORE_H

typedef struct RegdocsStore RegdocsStore;

/*
 * Empty; palloc'd in the current context, but for its file.  "lasting": it may
 * outlive the transaction, and has up to work_mem in memory.
 */
extern RegdocsStore *regdocs_store_new(bool lasting);

/* NULL-safe.  Raises no error. */
extern void regdocs_store_free(RegdocsStore *store);

/* How much there is, in bytes: the place of what is appended next. */
extern int64 regdocs_store_end(const RegdocsStore *store);

/*
 * Append that many bytes, which the caller fills in: BORROWED, until the store
 * is used again.  They stay together: later on, they are put and got by places
 * within them.  Raises an error, and appends nothing, where there is no memory.
 */
extern char *regdocs_store_append(RegdocsStore *store, Size length);

/*
 * Move what is in memory to the disk, if it is too much.  Raises an error where
 * that cannot be done; then all is where it was.
 */
extern void regdocs_store_relieve(RegdocsStore *store);

/*
 * Overwrite and read what was appended.  These take no room, and raise an
 * error where the file cannot be written or read.
 */
extern void regdocs_store_put(RegdocsStore *store, int64 place,
							  const void *data, Size length);
extern void regdocs_store_get(RegdocsStore *store, int64 place, void *data,
							  Size length);

#endif							/* REGDOCS_STORE_H */
