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
#include "session.h"
#include "throttle.h"
#include "transport.h"

/* Clients with calls that are pending, in the order of their turns. */
typedef struct RdapiBusyList
{
	RdapiClient *head;
	RdapiClient *tail;
	int			length;
} RdapiBusyList;

struct RdapiSession
{
	RdapiBudget budget;
	const int  *max_sockets;
	int			max_kept;
	RdapiTransport *transport;	/* NULL: it is not open */
	RdapiBusyList busy;
	int			in_flight;		/* requests, of all clients */
	int			makeshift;		/* as many as there are descriptors for; 0:
								 * for all, as far as is known */

	RdapiClock	clock;			/* for deadlines; what is due is so by the
								 * system's time */
	bool		begins;			/* the caller has calls begun, too */
	bool		woken;			/* until it is driven */
	int64_t		reminder_us;	/* when the caller wants to be woken */
};

struct RdapiClient
{
	RdapiSession *session;
	RdapiSession *own_session;	/* the same, or NULL: it is lent */
	RdapiClient *busy_prev;		/* where it is one with pending calls */
	RdapiClient *busy_next;

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
	RdapiThrottle throttle;
	uint64_t	random_state;

	/* Calls */
	RdapiCallList queue;		/* to be begun as the limits allow */
	RdapiCallList running;		/* a try is in flight */
	RdapiCallList waiting;		/* for due_us, the earliest first */
	int			pending;		/* in the three */

	/* Trouble: see client.h */
	int64_t		trouble_us;		/* since when, by the system's time; 0: none */
	int			trouble_status;
	int			trouble_tries;
	char		trouble_message[RDAPI_MESSAGE_BYTES + 1];

	RdapiClientStats stats;
};

/* The session, as clients and their calls see it. */

/*
 * Have the descriptor wake the caller when there is something to do, and,
 * where calls are begun, something to begin.
 */
extern void rdapi_session_arm(RdapiSession *session);

/* A client has a first call that is pending, or none any more. */
extern void rdapi_session_add(RdapiClient *client);
extern void rdapi_session_remove(RdapiClient *client);

/* May another request be in flight? */
extern bool rdapi_session_may_begin(const RdapiSession *session);

/*
 * There was no descriptor for a request, beside so many others in flight: be
 * content with what is open.  false: that is nothing.
 */
extern bool rdapi_session_make_do(RdapiSession *session, int others);

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
