/*-------------------------------------------------------------------------
 *
 * transport.h
 *	  Transfers side by side, behind one descriptor.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_TRANSPORT_H
#define RDAPI_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "budget.h"
#include "error.h"
#include "mux.h"
#include "transfer.h"

typedef struct RdapiTransport RdapiTransport;

/* false: libcurl cannot be used; the error says why. */
extern bool rdapi_transport_global_init(RdapiError *error);

/*
 * NEW, or NULL with the error set.  The budget is BORROWED.  max_kept says how
 * many connections are kept open.
 */
extern RdapiTransport *rdapi_transport_new(const RdapiBudget *budget,
										   int max_kept, RdapiError *error);

/* Ends and frees all transfers, too; NULL-safe. */
extern void rdapi_transport_free(RdapiTransport *transport);

extern int	rdapi_transport_descriptor(const RdapiTransport *transport);

/*
 * How many connections there may be at once, kept ones among them, from now
 * on.  The caller sees to it that there are no more transfers than that.
 */
extern void rdapi_transport_limit(RdapiTransport *transport, int most);

/* How many sockets are open. */
extern int	rdapi_transport_sockets(const RdapiTransport *transport);

/*
 * How many requests there can be without another socket: what is idle beside
 * requests over connections that are to be closed serves nobody.
 */
extern int	rdapi_transport_capacity(const RdapiTransport *transport);

/* Close connections as soon as what is under way over them has ended. */
extern void rdapi_transport_retire(RdapiTransport *transport);

/*
 * BORROWED until it is ended, or NULL with the error set.  Nothing is sent
 * before the next drive.
 */
extern RdapiTransfer *rdapi_transport_begin(RdapiTransport *transport,
											const RdapiTransferSpec *spec,
											RdapiError *error);

/* Do what can be done now without waiting. */
extern void rdapi_transport_drive(RdapiTransport *transport);

/*
 * A transfer that libcurl is done with, its outcome filled, that was not
 * returned before; NULL: there is none.
 */
extern RdapiTransfer *rdapi_transport_next_done(RdapiTransport *transport);

/*
 * End a transfer that was not done in time, and fill its outcome.  libcurl is
 * not told of timeouts: it looks at the clock before it looks at the sockets,
 * and would give up an answer that has come while nobody drove it.
 */
extern void rdapi_transport_expire(RdapiTransfer *transfer);

/*
 * Take a transfer back.  One that is not done is aborted: its connection is
 * closed, where it cannot serve others as HTTP/2 can.
 */
extern void rdapi_transport_end(RdapiTransfer *transfer);

/*
 * The connection of a transfer may be dead, unless an answer to another one
 * came since it began.  In HTTP/2 others may be using it, and libcurl would
 * have new ones share it, or keep it for them: these get other connections
 * from now on, as they do after an expiry.
 */
extern void rdapi_transport_distrust(RdapiTransfer *transfer);

/*
 * Have the descriptor become readable when libcurl needs it, or at due_us,
 * whichever is earlier.  To be called after begin, drive and end.
 */
extern void rdapi_transport_arm(RdapiTransport *transport, int64_t due_us);

#endif							/* RDAPI_TRANSPORT_H */
