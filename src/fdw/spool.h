/*-------------------------------------------------------------------------
 *
 * spool.h
 *	  Rows on disk that can be looked up by their sid.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_SPOOL_H
#define REGDOCS_SPOOL_H

#include "access/htup_details.h"

typedef struct RegdocsSpool RegdocsSpool;

/*
 * An empty spool, palloc'd in the current context with all it keeps in
 * memory: at most some work_mem, whatever the number of rows.  Its files go
 * with the transaction, or with regdocs_spool_end().
 */
extern RegdocsSpool *regdocs_spool_new(void);

/* Add a row under its sid, which is valid and need not be terminated. */
extern void regdocs_spool_add(RegdocsSpool *spool, const char *sid,
							  MinimalTuple row);

/* Have the rows added up to here found; to be called after a batch of them. */
extern void regdocs_spool_index(RegdocsSpool *spool);

/*
 * The row of that sid (upper or lower case is not told apart), palloc'd;
 * NULL: there is none.
 */
extern MinimalTuple regdocs_spool_find(RegdocsSpool *spool, const char *sid);

/* NULL-safe. */
extern void regdocs_spool_end(RegdocsSpool *spool);

#endif							/* REGDOCS_SPOOL_H */
