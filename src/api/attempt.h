/*-------------------------------------------------------------------------
 *
 * attempt.h
 *	  One try of a call: begin it, judge how it ended, and what comes next.
 *
 * A call is in one of its client's three lists until it is finished; then the
 * client has forgotten it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_ATTEMPT_H
#define RDAPI_ATTEMPT_H

#include <stdint.h>

#include "call.h"
#include "client.h"
#include "clock.h"
#include "credential.h"
#include "throttle.h"
#include "transport.h"

struct RdapiClient
{
	/* Settings; the strings are the client's own */
	char	   *name;
	char	   *base_url;
	char	   *upload_url;
	char	   *ca_file;		/* NULL: the system's */
	RdapiCredential credential;
	char	   *user_agent;
	int			connect_timeout_ms;
	int			request_timeout_ms;
	int			retry_budget_ms;
	const int  *session_budget_ms;	/* before it, unless negative; NULL: none */
	int			max_retries;
	void		(*call_ended) (const RdapiCall *call, const void *arg);
	const void *call_ended_arg;

	/* What makes requests out of calls */
	RdapiTransferConfig transfer_config;
	RdapiTransport *transport;	/* NULL: it is not open */
	RdapiThrottle throttle;
	uint64_t	random_state;

	/* Calls */
	RdapiCallList queue;		/* to be begun as the limits allow */
	RdapiCallList running;		/* a try is in flight */
	RdapiCallList waiting;		/* for due_us, the earliest first */
	int			pending;		/* in the three */
	bool		begins;			/* the caller has it begin calls, too */
	bool		woken;			/* until it is driven */
	RdapiClock	clock;			/* for deadlines; what is due is so by the
								 * system's time */

	/* Trouble: see client.h */
	int64_t		trouble_us;		/* since when, by the system's time; 0: none */
	int64_t		reminder_us;	/* when the caller wants to be woken */
	int			trouble_status;
	int			trouble_tries;
	char		trouble_message[RDAPI_MESSAGE_BYTES + 1];

	RdapiClientStats stats;
};

/* Begin the next try of a call, or finish the call, if that is not possible. */
extern void rdapi_attempt_begin(RdapiCall *call, int64_t now_us);

/*
 * The try in flight has ended, its outcome filled: finish the call, or have it
 * wait for the next try.
 */
extern void rdapi_attempt_end(RdapiCall *call);

/* Give up the try in flight, if there is one; what it has moved counts. */
extern void rdapi_attempt_abort(RdapiCall *call);

/* The call has ended; its error says how. */
extern void rdapi_attempt_finish(RdapiCall *call);

/* It has failed for good, and perhaps nobody knows whether really. */
extern void rdapi_attempt_fail(RdapiCall *call, bool unknown);

#endif							/* RDAPI_ATTEMPT_H */
