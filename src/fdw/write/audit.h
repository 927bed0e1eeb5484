/*-------------------------------------------------------------------------
 *
 * audit.h
 *	  What became of a write, for all who have to know: the ledger, the journal
 *	  and the server's log.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_AUDIT_H
#define REGDOCS_AUDIT_H

#include "src/fdw/write/queue_internal.h"

/*
 * Enter a write that was just queued into the journal.  "old" is JSON, or NULL.
 * May raise an error.
 */
extern void regdocs_audit_queued(RegdocsWrite *write, const char *old);

/*
 * It has ended, or nobody will know how.  call is what is known of it.  Raises
 * no error.
 */
extern void regdocs_audit_ended(RegdocsWrite *write, const RdapiCall *call,
								const RegdocsResult *outcome);

#endif							/* REGDOCS_AUDIT_H */
