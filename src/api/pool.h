/*-------------------------------------------------------------------------
 *
 * pool.h
 *	  Connections that are kept together: one of libcurl's multi handles.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_POOL_H
#define RDAPI_POOL_H

#include <stdbool.h>

#include <curl/curl.h>

#include "budget.h"
#include "error.h"
#include "mux.h"
#include "transfer.h"

typedef struct RdapiPool
{
	struct RdapiPool *next;		/* of whoever has several */
	const RdapiBudget *budget;
	CURLM	   *multi;
	int			ntransfers;		/* that libcurl is at work on */
	int			most;			/* connections, used or not */
	bool		broken;			/* nothing more can be done with multi */
} RdapiPool;

/*
 * NEW, or NULL with the error set.  Its sockets are watched by the mux, which
 * is BORROWED as the budget is.  max_kept says how many connections are kept
 * that are in use or were.
 */
extern RdapiPool *rdapi_pool_new(RdapiMux *mux, const RdapiBudget *budget,
								 int max_kept, RdapiError *error);

/*
 * How many connections there may be.  For another one, that is closed first
 * which was not used for the longest time; so there must be fewer transfers.
 */
extern bool rdapi_pool_limit(RdapiPool *pool, int most);

/* Closes all connections; there must be no transfers. */
extern void rdapi_pool_free(RdapiPool *pool);

/* Set the error for want of a descriptor. */
extern void rdapi_pool_no_descriptor(RdapiError *error);

/* Have libcurl work on a transfer.  false: it refuses. */
extern bool rdapi_pool_add(RdapiPool *pool, RdapiTransfer *transfer);

/* Take a transfer from the pool that it is in, if it is in one. */
extern void rdapi_pool_withdraw(RdapiTransfer *transfer);

/*
 * Tell libcurl of a socket that is ready (it does not mind one that is another
 * pool's), or of time that has passed.  false: the pool is broken.
 */
extern bool rdapi_pool_act(RdapiPool *pool, curl_socket_t socket, int what);

/*
 * A transfer that libcurl is done with, and its result; NULL: there is none.
 * Returned once, and still in the pool.
 */
extern RdapiTransfer *rdapi_pool_next_done(RdapiPool *pool, CURLcode *result);

/* How long libcurl can do without being called; -1: for ever. */
extern long rdapi_pool_patience_ms(const RdapiPool *pool);

#endif							/* RDAPI_POOL_H */
