/*-------------------------------------------------------------------------
 *
 * ledger.h
 *	  What a transaction has done at the API, by subtransaction: what a
 *	  rollback has to tell of, since the API keeps it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_LEDGER_H
#define REGDOCS_LEDGER_H

#include "src/api/request.h"

typedef struct RegdocsLedger RegdocsLedger;

/* Empty, in a memory context of its own below TopMemoryContext. */
extern RegdocsLedger *regdocs_ledger_new(void);

/* With all that it keeps. */
extern void regdocs_ledger_free(RegdocsLedger *ledger);

/* Is there nothing in it?  NULL is empty, too. */
extern bool regdocs_ledger_is_empty(RegdocsLedger *ledger);

/*
 * Note a write of that nest level: one that was done or, unless "known", one
 * that may have been done.  sid is NULL only where it is unknown what was
 * created.  Raises no error: where memory is short the sid is lost, while the
 * number stays right.
 */
extern void regdocs_ledger_note(RegdocsLedger *ledger, int level,
								const RdapiResource *resource,
								RdapiOperation operation, bool known,
								const char *sid);

/* The subtransaction of that level was committed: it is its parent's. */
extern void regdocs_ledger_subcommit(RegdocsLedger *ledger, int level);

/*
 * What was done at that level and deeper ones is rolled back here: tell so in
 * one WARNING, if there is anything, and forget it.
 */
extern void regdocs_ledger_rollback(RegdocsLedger *ledger, int level);

#endif							/* REGDOCS_LEDGER_H */
