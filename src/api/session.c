/*-------------------------------------------------------------------------
 *
 * session.c
 *	  What the clients of a session share: their connections, the descriptor
 *	  to wait on, the clock, and how many requests may be in flight.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>

#include "attempt.h"
#include "call.h"

RdapiSession *
rdapi_session_new(const RdapiSessionConfig *config)
{
	RdapiSession *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return NULL;
	session->budget.acquire = config->acquire_descriptor;
	session->budget.release = config->release_descriptor;
	session->max_sockets = config->max_sockets;
	session->max_kept = config->max_kept;
	session->reminder_us = RDAPI_MUX_NEVER;
	rdapi_clock_init(&session->clock);
	return session;
}

void
rdapi_session_free(RdapiSession *session)
{
	if (session == NULL)
		return;
	rdapi_transport_free(session->transport);
	free(session);
}

bool
rdapi_session_open(RdapiSession *session, RdapiError *error)
{
	if (session->transport == NULL)
		session->transport = rdapi_transport_new(&session->budget,
												 session->max_kept, error);
	return session->transport != NULL;
}

int
rdapi_session_descriptor(const RdapiSession *session)
{
	return session->transport == NULL ? -1 :
		rdapi_transport_descriptor(session->transport);
}

bool
rdapi_session_close(RdapiSession *session)
{
	if (session->transport == NULL || session->busy.head != NULL)
		return false;
	rdapi_transport_free(session->transport);
	session->transport = NULL;
	session->makeshift = 0;
	return true;
}

void
rdapi_session_retire(RdapiSession *session)
{
	if (session->transport == NULL)
		return;
	rdapi_transport_retire(session->transport);
	rdapi_session_arm(session);
}

/* ---- Limits ---- */

int
rdapi_session_limit(const RdapiSession *session)
{
	int			limit = *session->max_sockets;

	if (session->makeshift > 0 && limit > session->makeshift)
		limit = session->makeshift;
	return limit < 1 ? 1 : limit;
}

bool
rdapi_session_may_begin(const RdapiSession *session)
{
	return session->in_flight < rdapi_session_limit(session);
}

bool
rdapi_session_make_do(RdapiSession *session, int others)
{
	int			limit = rdapi_session_limit(session);
	int			nsockets;
	int			most;

	/* Beside others, some of what is open is of no use to this one. */
	nsockets = others == 0 ? rdapi_transport_sockets(session->transport) :
		rdapi_transport_capacity(session->transport);
	most = nsockets > others ? nsockets : others;

	/* Without others, the same would be tried again and again. */
	if (others == 0 && most >= limit)
		most = limit - 1;
	if (most < 1)
		return false;
	session->makeshift = most < limit ? most : limit;
	rdapi_transport_limit(session->transport, session->makeshift);
	return true;
}

/* Descriptors may be there again that were not. */
static void
forget_lack(RdapiSession *session)
{
	if (session->in_flight == 0)
		session->makeshift = 0;
}

/* ---- Clients with calls that are pending ---- */

void
rdapi_session_add(RdapiClient *client)
{
	RdapiBusyList *busy = &client->session->busy;

	client->busy_next = NULL;
	client->busy_prev = busy->tail;
	if (busy->tail != NULL)
		busy->tail->busy_next = client;
	else
		busy->head = client;
	busy->tail = client;
	busy->length++;
}

void
rdapi_session_remove(RdapiClient *client)
{
	RdapiBusyList *busy = &client->session->busy;

	if (client->busy_prev != NULL)
		client->busy_prev->busy_next = client->busy_next;
	else
		busy->head = client->busy_next;
	if (client->busy_next != NULL)
		client->busy_next->busy_prev = client->busy_prev;
	else
		busy->tail = client->busy_prev;
	busy->length--;
}

/* ---- Driving ---- */

/* When the try in flight has taken too long, by the session's clock. */
static int64_t
deadline(const RdapiCall *call)
{
	return rdapi_transfer_is_begun(call->transfer) ?
		call->deadline_us : call->connect_deadline_us;
}

static int64_t
earlier(int64_t a_us, int64_t b_us)
{
	return a_us < b_us ? a_us : b_us;
}

/* When there is something to do for a client. */
static int64_t
client_due(const RdapiClient *client, int64_t now_us)
{
	const RdapiSession *session = client->session;
	int64_t		due_us = RDAPI_MUX_NEVER;
	const RdapiCall *call;

	if (session->begins && rdapi_session_may_begin(session))
	{
		if (client->waiting.head != NULL)
			due_us = client->waiting.head->due_us;
		if (client->queue.head != NULL)
			due_us = earlier(due_us, rdapi_throttle_due(&client->throttle));
	}
	for (call = client->running.head; call != NULL; call = call->next)
		due_us = earlier(due_us, rdapi_clock_due(&session->clock, now_us,
												 deadline(call)));
	return due_us;
}

void
rdapi_session_arm(RdapiSession *session)
{
	int64_t		now_us = rdapi_mux_clock_us();
	int64_t		due_us = session->woken ? now_us : session->reminder_us;
	const RdapiClient *client;

	if (session->transport == NULL)
		return;
	for (client = session->busy.head; client != NULL;
		 client = client->busy_next)
		due_us = earlier(due_us, client_due(client, now_us));
	rdapi_clock_arm(&session->clock, now_us, due_us);
	rdapi_transport_arm(session->transport, due_us);
}

/*
 * Have those calls of a client queued that have waited for a retry: they go
 * first, as they are older.
 */
static void
queue_retries(RdapiClient *client, int64_t now_us)
{
	RdapiCall  *after = NULL;

	while (client->waiting.head != NULL &&
		   client->waiting.head->due_us <= now_us)
	{
		RdapiCall  *call = client->waiting.head;

		rdapi_call_remove(call);
		rdapi_call_insert(call, &client->queue, after);
		after = call;
	}
}

/* Begin a call of each client whose limits allow it; was there any? */
static bool
begin_one_each(RdapiSession *session, int64_t now_us)
{
	RdapiClient *client = session->busy.head;
	int			nclients = session->busy.length;
	bool		any = false;

	while (nclients-- > 0 && rdapi_session_may_begin(session))
	{
		RdapiClient *next = client->busy_next;

		queue_retries(client, now_us);
		if (client->queue.head != NULL &&
			rdapi_throttle_due(&client->throttle) <= now_us)
		{
			/* Its turn is over, and it may be with all of its calls. */
			rdapi_session_remove(client);
			rdapi_session_add(client);
			rdapi_attempt_begin(client->queue.head, now_us);
			any = true;
		}
		client = next;
	}
	return any;
}

/* Begin what the limits allow; was there anything? */
static bool
begin_queued(RdapiSession *session)
{
	int64_t		now_us = rdapi_mux_clock_us();
	bool		any = false;

	/* Where fewer are wanted than are open, begin with none. */
	if (session->in_flight == 0 &&
		rdapi_transport_sockets(session->transport) > *session->max_sockets)
		rdapi_transport_retire(session->transport);
	rdapi_transport_limit(session->transport, rdapi_session_limit(session));
	while (begin_one_each(session, now_us))
		any = true;
	return any;
}

/* End the tries that took too long. */
static void
expire(RdapiSession *session)
{
	RdapiClient *next_client;
	RdapiClient *client;

	for (client = session->busy.head; client != NULL; client = next_client)
	{
		RdapiCall  *next;
		RdapiCall  *call;

		next_client = client->busy_next;
		for (call = client->running.head; call != NULL; call = next)
		{
			next = call->next;
			if (!rdapi_clock_has_passed(&session->clock, deadline(call)))
				continue;
			rdapi_transport_expire(call->transfer);
			rdapi_attempt_end(call);
		}
	}
}

void
rdapi_session_drive(RdapiSession *session, bool begins)
{
	RdapiTransport *transport = session->transport;
	RdapiTransfer *transfer;

	rdapi_session_leave(session);
	session->begins = begins;
	session->woken = false;
	session->reminder_us = RDAPI_MUX_NEVER;
	if (transport == NULL)
		return;

	/* What was begun is driven at once, rather than after another wait. */
	do
	{
		rdapi_transport_drive(transport);
		while ((transfer = rdapi_transport_next_done(transport)) != NULL)
			rdapi_attempt_end(transfer->owner);
		expire(session);
	} while (session->begins && begin_queued(session));
	forget_lack(session);
	rdapi_session_arm(session);
}

/* ---- Waiting ---- */

void
rdapi_session_wake(RdapiSession *session)
{
	session->woken = true;
	rdapi_session_arm(session);
}

void
rdapi_session_attend(RdapiSession *session, bool begins)
{
	bool		armed = rdapi_clock_attend(&session->clock,
										   rdapi_mux_clock_us());

	if (armed && session->begins == begins)
		return;
	session->begins = begins;
	rdapi_session_arm(session);
}

/* Is a call put off because the API had too many of them? */
static bool
is_throttled(const RdapiClient *client)
{
	const RdapiCall *call;

	for (call = client->waiting.head; call != NULL; call = call->next)
	{
		if (call->error.kind == RDAPI_ERR_THROTTLED)
			return true;
	}
	return false;
}

void
rdapi_session_leave(RdapiSession *session)
{
	int64_t		before_us = session->clock.waited_us;
	int64_t		waited_us;
	RdapiClient *client;

	rdapi_clock_leave(&session->clock, rdapi_mux_clock_us());
	waited_us = session->clock.waited_us - before_us;
	if (waited_us <= 0)
		return;
	for (client = session->busy.head; client != NULL;
		 client = client->busy_next)
	{
		client->stats.waited_us += waited_us;
		if (is_throttled(client))
			client->stats.throttled_us += waited_us;
	}
}
