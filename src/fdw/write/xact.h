/*-------------------------------------------------------------------------
 *
 * xact.h
 *	  Writes and the local transaction: what is sent before a commit, dropped
 *	  at a rollback, or told of then.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_XACT_H
#define REGDOCS_XACT_H

#include "lib/ilist.h"
#include "nodes/execnodes.h"

#include "src/fdw/write/writer.h"

/* Install callbacks and hooks; once per process. */
extern void regdocs_xact_init(void);

/*
 * The writer of the statement that is executed with that state, made where
 * there is none yet; NULL: of what a function does by itself.  Each call needs
 * one of regdocs_xact_close(), unless an error comes.  As long as it is open,
 * whatever is reported keeps statement and context out of the server's log,
 * since they may hold attributes.
 */
extern RegdocsWriter *regdocs_xact_open(EState *estate);

/*
 * Send what is left, and wait until it is done; with the last call the writer
 * is gone.
 */
extern void regdocs_xact_close(RegdocsWriter *writer);

/*
 * The writer of what is to be sent just before the commit.  It lives as long
 * as the transaction.
 */
extern RegdocsWriter *regdocs_xact_commit_writer(void);

/*
 * The number, from 1, of the open statement with that state among those of the
 * transaction whose writes wait for the commit.
 */
extern int	regdocs_xact_waiting_number(const EState *estate);

/* Does a write to that object wait for the commit? */
extern bool regdocs_xact_is_queued(const char *sid);

/* Does any write by that server? */
extern bool regdocs_xact_waits_for(Oid serverid);

#endif							/* REGDOCS_XACT_H */
