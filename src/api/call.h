/*-------------------------------------------------------------------------
 *
 * call.h
 *	  A call as the client sees it; client.h has what others see of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_CALL_H
#define RDAPI_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "client.h"
#include "retry.h"
#include "transfer.h"

/* Calls in the order in which they are to be begun. */
typedef struct RdapiCallList
{
	RdapiCall  *head;
	RdapiCall  *tail;
} RdapiCallList;

struct RdapiCall
{
	RdapiClient *client;		/* NULL: done; it has forgotten the call */
	RdapiCallList *list;		/* NULL: in none */
	RdapiCall  *prev;
	RdapiCall  *next;

	/* What is to be sent */
	RdapiRequest *request;
	char	   *url;
	char	   *form;			/* NULL: none */
	size_t		form_length;
	RdapiPart  *parts;			/* NULL: none; what they hold is request's */
	int			nparts;

	/* Where it stands */
	RdapiTransfer *transfer;	/* the try in flight; NULL: none is */
	unsigned	window;			/* of the throttle, for that try */
	unsigned	generation;		/* of the password, in that try */
	int64_t		started_us;		/* its first try */
	int64_t		due_us;			/* its next try, where it waits for that */
	bool		doubt;			/* a try may have been carried out */
	bool		renewed;		/* it was tried with another secret, ... */
	bool		beyond;			/* ... and is to be, beyond the limits */

	/* By the session's clock */
	int64_t		begun_us;		/* its first try */
	int64_t		tried_us;		/* the try in flight */
	int64_t		connect_deadline_us;	/* of the try in flight, to be sent */
	int64_t		deadline_us;	/* of the try in flight, to be answered */

	RdapiCallStats stats;		/* elapsed_ms once done */

	/* What came of it */
	RdapiError	error;
	int			http_status;
	char		request_id[RDAPI_REQUEST_ID_BYTES + 1];
	RdapiBuffer body;			/* until a try begins, memory for it */
	char		no_body[1];		/* "", to be shown where body holds nothing */
};

/*
 * NEW; STEALS the request, also where it fails: NULL, with the error set
 * (RDAPI_ERR_MEMORY).
 */
extern RdapiCall *rdapi_call_new(RdapiRequest *request, const char *base_url,
								 const char *upload_url, RdapiError *error);

/* Put it behind "after", which is in the list; NULL: first. */
extern void rdapi_call_insert(RdapiCall *call, RdapiCallList *list,
							  RdapiCall *after);

/* Take it out of its list. */
extern void rdapi_call_remove(RdapiCall *call);

/* May it be sent more than once? */
extern RdapiRetryClass rdapi_call_retry_class(const RdapiCall *call);

/* Frees its memory; the client must have forgotten it. */
extern void rdapi_call_destroy(RdapiCall *call);

#endif							/* RDAPI_CALL_H */
