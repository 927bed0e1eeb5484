/*-------------------------------------------------------------------------
 *
 * spool.h
 *	  Texts on disk that can be looked up by their sid.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_SPOOL_H
#define REGDOCS_SPOOL_H

typedef struct RegdocsSpool RegdocsSpool;

/*
 * An empty spool, palloc'd in the current context with all it keeps in
 * memory: at most some work_mem, whatever the number of texts.  Its files go
 * with the transaction, or with regdocs_spool_end().
 */
extern RegdocsSpool *regdocs_spool_new(void);

/* Add a text under its sid, which is valid and need not be terminated. */
extern void regdocs_spool_add(RegdocsSpool *spool, const char *sid,
							  const char *text, int length);

/* Have the texts added up to here found; to be called after each batch. */
extern void regdocs_spool_index(RegdocsSpool *spool);

/*
 * Where the text of that sid lies (upper and lower case are the same), one of
 * them if there are several; -1: there is none.
 */
extern int64 regdocs_spool_find(RegdocsSpool *spool, const char *sid);

/* The text that lies there, terminated, palloc'd. */
extern char *regdocs_spool_read(RegdocsSpool *spool, int64 place, int *length);

/* NULL-safe. */
extern void regdocs_spool_end(RegdocsSpool *spool);

#endif							/* REGDOCS_SPOOL_H */
