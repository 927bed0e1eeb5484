/*-------------------------------------------------------------------------
 *
 * client.h
 *	  The API client: submit requests, drive them, collect the answers.
 *
 * Nothing here blocks.  A caller submits calls, drives the client, then says
 * with rdapi_client_attend() that it waits, waits for
 * rdapi_client_descriptor() to become readable (with poll, epoll or a
 * backend's latch), and drives it again, until the calls that it wants are
 * done.  The descriptor covers all sockets and all timers of the client
 * (back-off and rate limit included): nothing else has to be waited for, and
 * no timeout computed.
 *
 * Only the time counts for which a caller has waited: a deadline does not run
 * out while nobody would take in the answer.
 *
 * A password file is read again when the server refuses the password, and
 * what was refused is sent once more where there is another one by then.
 *
 * The client retries by itself, within its limits, keeps at most
 * "concurrency" requests in flight, and queues the rest in the order of
 * their submission.
 *
 * Several clients may share a session (session.h).  Then they have one
 * descriptor and one clock: who waits for one of them waits for all, and who
 * drives one drives all.
 *
 * No function prints, raises or reads global state; a
 * client is used by one thread.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_CLIENT_H
#define RDAPI_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "request.h"
#include "session.h"

typedef struct RdapiClient RdapiClient;
typedef struct RdapiCall RdapiCall;

/* All strings are copied. */
typedef struct RdapiClientConfig
{
	const char *name;			/* what messages call it; NULL: "" */

	/* Where */
	const char *base_url;		/* origin and optional path prefix, no "/" at
								 * its end */
	const char *upload_url;		/* same, for requests with a file */
	const char *ca_file;		/* NULL: the system's */

	/* Who */
	const char *username;		/* account or key SID */
	const char *password;		/* auth token or key secret; NULL: it is in */
	const char *password_file;	/* a file that only its owner may read */
	const char *user_agent;

	/* Limits; durations, of waiting, in milliseconds, sizes in bytes */
	int			connect_timeout_ms;
	int			request_timeout_ms; /* of one try */
	int			retry_budget_ms;	/* no try of a call begins later than that
									 * after its first one */
	const int  *session_budget_ms;	/* BORROWED: what goes before it as long
									 * as it is not negative; NULL: nothing */
	int			max_retries;	/* tries after the first */
	int			concurrency;	/* requests in flight at once */
	double		max_requests_per_second;	/* 0: no limit */
	size_t		max_response_bytes; /* of one answer, decompressed */
	bool		keep_connections;	/* false: each request has its own */

	/*
	 * What it shares with others, BORROWED; NULL: it has a session of its
	 * own, with as many sockets as it may have requests in flight, and with
	 * these two, as in RdapiSessionConfig.
	 */
	RdapiSession *session;
	bool		(*acquire_descriptor) (void);
	void		(*release_descriptor) (void);

	/*
	 * Told of each call of which a try has begun, once, when it ends: be it
	 * done, or freed before; NULL: nobody.  It may ask about the call.
	 */
	void		(*call_ended) (const RdapiCall *call, const void *arg);
	const void *call_ended_arg;
} RdapiClientConfig;

/* What a client did since it was made. */
typedef struct RdapiClientStats
{
	uint64_t	requests;		/* tries begun, retries included */
	uint64_t	retries;		/* tries after a call's first */
	uint64_t	throttled;		/* answers with 429 */
	uint64_t	failures;		/* calls that ended in an error */
	uint64_t	bytes_sent;		/* on the wire: headers and bodies */
	uint64_t	bytes_received; /* on the wire: headers and bodies */
	uint64_t	connections;	/* connections opened */
	char		last_request_id[RDAPI_REQUEST_ID_BYTES + 1];
	char		last_error[RDAPI_MESSAGE_BYTES + 1];	/* "" where none */
	RdapiErrorKind last_error_kind;
	int64_t		last_error_us;	/* when it was, since 1970 */
	int64_t		waited_us;		/* that callers have waited, with a call
								 * pending */
	int64_t		throttled_us;	/* of that, with a call put off by a 429 */
} RdapiClientStats;

/* What one call took, so far or in all. */
typedef struct RdapiCallStats
{
	int			tries;
	uint64_t	bytes_sent;		/* on the wire */
	uint64_t	bytes_received; /* on the wire */
	int64_t		elapsed_ms;		/* from its first try to its end */
} RdapiCallStats;

/* What keeps a client from going on. */
typedef struct RdapiTrouble
{
	const char *message;		/* of the last failure; BORROWED */
	int			http_status;	/* of its answer; 0: none came */
	int			tries;			/* of the call that met it */
	int64_t		lasts_ms;		/* since the first one */
} RdapiTrouble;

/*
 * NEW, or NULL with the error set: RDAPI_ERR_MEMORY, RDAPI_ERR_SECRET (its
 * message says of the file that it "is empty", ...).  Keeps no descriptor open
 * before a call is submitted.  The process must have called curl_global_init
 * through rdapi_client_global_init before, once.
 */
extern RdapiClient *rdapi_client_new(const RdapiClientConfig *config,
									 RdapiError *error);

/*
 * false: libcurl cannot be used, or lacks what is needed; error says what.
 * The process should ignore SIGPIPE: a TLS library may write to a connection
 * that the server has closed.
 */
extern bool rdapi_client_global_init(RdapiError *error);

/* The version of libcurl in use, BORROWED; for the User-Agent. */
extern const char *rdapi_client_curl_version(void);

/*
 * Frees the client and wipes its credential; NULL-safe.  Calls that were
 * submitted to it are aborted, but stay valid (done; RDAPI_ERR_INTERNAL, or
 * RDAPI_ERR_UNKNOWN for writes that may have been done) until each is freed.
 */
extern void rdapi_client_free(RdapiClient *client);

/*
 * Open the descriptor to wait on, if it is not open.  false: the error is set
 * (RDAPI_ERR_MEMORY, RDAPI_ERR_DESCRIPTORS, RDAPI_ERR_INTERNAL).
 */
extern bool rdapi_client_open(RdapiClient *client, RdapiError *error);

/*
 * Close it, and with it all connections, where no call is pending of any
 * client of the session; the next call opens it again.  false: there was
 * nothing to close.
 */
extern bool rdapi_client_close(RdapiClient *client);

/*
 * The descriptor to wait on for reading.  It is open, and the same, at least
 * as long as a call is pending; -1: it is not.
 */
extern int	rdapi_client_descriptor(const RdapiClient *client);

/*
 * Hand over a request, which the call STEALS (also where it fails).  Returns
 * a NEW call, or NULL with the error set, as rdapi_client_open.  The first try
 * may begin at once, but nothing is written until the client is driven.
 */
extern RdapiCall *rdapi_client_submit(RdapiClient *client,
									  RdapiRequest *request,
									  RdapiError *error);

/*
 * Do what can be done now without waiting: read, write, expire timers, begin
 * retries and queued calls.  Failures are recorded in the calls.
 */
extern void rdapi_client_drive(RdapiClient *client);

/*
 * The same, without beginning anything: no queued call, and no retry.  Until
 * the client is driven otherwise, its descriptor stands for what is in flight.
 */
extern void rdapi_client_drive_begun(RdapiClient *client);

/*
 * The caller is going to wait for the descriptor: time counts from now on.
 * begins: it drives the client then, rather than what has begun.
 * The wait has ended: it does not any more, as when the client is driven.
 */
extern void rdapi_client_attend(RdapiClient *client, bool begins);
extern void rdapi_client_leave(RdapiClient *client);

/*
 * Make the descriptor readable until the client is driven again: for a
 * caller that shares the client, and has driven it past what another caller
 * is waiting for.
 */
extern void rdapi_client_wake(RdapiClient *client);

/*
 * Is a call being tried again, without any other having succeeded since it
 * failed?
 */
extern bool rdapi_client_trouble(const RdapiClient *client,
								 RdapiTrouble *trouble);

/*
 * Make the descriptor readable after that time, once, unless the client is
 * driven before.
 */
extern void rdapi_client_remind(RdapiClient *client, int64_t delay_ms);

/* BORROWED. */
extern const char *rdapi_client_name(const RdapiClient *client);

/* Calls that are queued, in flight, or waiting for a retry. */
extern int	rdapi_client_pending(const RdapiClient *client);

/* BORROWED; changes as the client is driven. */
extern const RdapiClientStats *rdapi_client_stats(const RdapiClient *client);

/* Has it ended, well or not? */
extern bool rdapi_call_is_done(const RdapiCall *call);

/*
 * Can the API have carried it out?  Not where all that it was given so far it
 * has refused, nor where libcurl has not begun to send: a call that waits for
 * its turn, for its connection or for a retry can then be freed with the
 * certainty that nothing was done.  Reads do nothing.
 */
extern bool rdapi_call_may_be_done(const RdapiCall *call);

/*
 * Is a try in flight whose request is not all sent, so that its time runs
 * although the API has nothing to answer?
 */
extern bool rdapi_call_is_sending(const RdapiCall *call);

/*
 * Begin no more tries of it.  Unless one is in flight whose request libcurl
 * has begun to send, the call is done at once: it has failed as its last try
 * did.
 */
extern void rdapi_call_give_up(RdapiCall *call);

/* Once done: its error, BORROWED; NULL: the API answered with success. */
extern const RdapiError *rdapi_call_error(const RdapiCall *call);

/* Once done, without error: HTTP status (200, 201, 204). */
extern int	rdapi_call_status(const RdapiCall *call);

/*
 * Once done, without error: the body, decompressed, terminated with a NUL
 * that length does not count; BORROWED until the call is freed.
 */
extern char *rdapi_call_body(RdapiCall *call, size_t *length);

/*
 * Receive the answer of a call, none of which can have come yet, in the memory
 * of one that is done, whose body is gone then: memory that was just in use is
 * much faster than new one.  Bodies that are unusually large are let go.
 */
extern void rdapi_call_reuse_body(RdapiCall *call, RdapiCall *done);

/* The id that the API gave its last answer, BORROWED; "" where none. */
extern const char *rdapi_call_request_id(const RdapiCall *call);

/* HTTP status of the last answer, of success or error; 0: there was none. */
extern int	rdapi_call_http_status(const RdapiCall *call);

extern const RdapiRequest *rdapi_call_request(const RdapiCall *call);

extern RdapiCallStats rdapi_call_stats(const RdapiCall *call);

/*
 * Frees a call; one that is under way is aborted first (its connection
 * closed where the protocol needs that).  NULL-safe, and allowed after its
 * client was freed.
 */
extern void rdapi_call_free(RdapiCall *call);

#endif							/* RDAPI_CLIENT_H */
