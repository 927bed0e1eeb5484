/*-------------------------------------------------------------------------
 *
 * known.h
 *	  Rows kept by the key that they were asked for by.
 *
 * A look-ahead and the scan of its join share one: the look-ahead says which
 * keys will be needed, and the scan asks for those of them whose answer is not
 * known, all at once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_KNOWN_H
#define REGDOCS_KNOWN_H

#include "executor/tuptable.h"

#include "src/fdw/read/asked.h"

typedef struct RegdocsKnown RegdocsKnown;

/*
 * Without any, in a memory context of its own below the current one.  What it
 * keeps over batches is bounded by work_mem.
 */
extern RegdocsKnown *regdocs_known_new(void);

/*
 * A batch of keys begins: those of the one before it are no longer expected,
 * nor are its rows being read.  Forgets all answers where they have become too
 * many.
 */
extern void regdocs_known_begin_batch(RegdocsKnown *answers);

/*
 * That key, which is copied, belongs to the batch; can it be sent?  true: its
 * answer is not known, and nobody has said so before in this batch.
 */
extern bool regdocs_known_expect(RegdocsKnown *answers, const char *key,
								 bool can_send);

/* Could all keys be sent that were expected up to now? */
extern bool regdocs_known_can_send(const RegdocsKnown *answers);

/* Is the key's answer known? */
extern bool regdocs_known_has(const RegdocsKnown *answers,
							  const char *key);

/* The keys of the batch whose answer is not known, BORROWED while it lasts. */
extern RegdocsValues *regdocs_known_missing(RegdocsKnown *answers);

/*
 * Add a row, which is copied, to the answer of that key; one that is not
 * missing in this batch is left out.
 */
extern void regdocs_known_add(RegdocsKnown *answers, const char *key,
							  TupleTableSlot *slot);

/* These answers are complete. */
extern void regdocs_known_complete(RegdocsKnown *answers,
								   const RegdocsValues *keys);

/* Forget all answers, as something else is asked for now. */
extern void regdocs_known_clear(RegdocsKnown *answers);

/*
 * Begin to read the rows of that key (NULL: none), and read the next one into a
 * slot for minimal tuples, where it stays until the next call.  false: there is
 * none.
 */
extern void regdocs_known_seek(RegdocsKnown *answers, const char *key);
extern bool regdocs_known_next(RegdocsKnown *answers,
							   TupleTableSlot *slot);

/* Frees its file, which memory contexts do not. */
extern void regdocs_known_end(RegdocsKnown *answers);

#endif							/* REGDOCS_KNOWN_H */
