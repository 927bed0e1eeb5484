/*-------------------------------------------------------------------------
 *
 * attempt.c
 *	  One try of a call: begin it, judge how it ended, and what comes next.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>
#include <time.h>

#include "attempt.h"
#include "call.h"
#include "reply.h"
#include "retry.h"

#define USEC_PER_MSEC	1000
#define USEC_PER_SEC	1000000
#define NSEC_PER_USEC	1000

/*
 * A try that is given up after that time of waiting, in microseconds, casts
 * doubt on its connection.  An answer often takes longer; but a new connection
 * costs little, and a dead one a whole statement.
 */
#define PATIENCE_US		100000

/* splitmix64; it spreads waits in time, and keeps no secret. */
static uint64_t
next_random(RdapiClient *client)
{
	uint64_t	z;

	client->random_state += UINT64_C(0x9E3779B97F4A7C15);
	z = client->random_state;
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

void
rdapi_attempt_finish(RdapiCall *call)
{
	RdapiClient *client = call->client;

	call->stats = rdapi_call_stats(call);
	call->error.tries = call->stats.tries;
	rdapi_call_remove(call);
	client->pending--;
	if (client->pending == 0)
		rdapi_session_remove(client);
	if (client->pending == 0 || call->error.kind == RDAPI_ERR_NONE)
		client->trouble_us = 0;
	call->client = NULL;
	if (client->call_ended != NULL && call->stats.tries > 0)
		client->call_ended(call, client->call_ended_arg);
}

static int64_t
now_since_1970_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t) now.tv_sec * USEC_PER_SEC + now.tv_nsec / NSEC_PER_USEC;
}

void
rdapi_attempt_fail(RdapiCall *call, bool unknown)
{
	RdapiClientStats *stats = &call->client->stats;

	if (unknown)
		call->error.kind = RDAPI_ERR_UNKNOWN;

	/* What lacks a descriptor has not been a request yet, and may be one. */
	if (call->error.kind != RDAPI_ERR_DESCRIPTORS)
	{
		stats->failures++;
		stats->last_error_kind = call->error.kind;
		stats->last_error_us = now_since_1970_us();
		memcpy(stats->last_error, call->error.message,
			   sizeof(stats->last_error));
	}
	rdapi_attempt_finish(call);
}

/* Add what the try in flight moved, and give its transfer back. */
static void
end_transfer(RdapiCall *call, RdapiThrottleResult result)
{
	RdapiClient *client = call->client;
	const RdapiOutcome *outcome = &call->transfer->outcome;

	call->stats.bytes_sent += outcome->bytes_sent;
	call->stats.bytes_received += outcome->bytes_received;
	client->stats.bytes_sent += outcome->bytes_sent;
	client->stats.bytes_received += outcome->bytes_received;
	client->stats.connections += (uint64_t) outcome->connections;
	rdapi_throttle_end(&client->throttle, call->window, result);
	client->session->in_flight--;
	rdapi_transport_end(call->transfer);
	call->transfer = NULL;
}

/* How long a caller has waited for the call since its first try began. */
static int64_t
waited_ms(const RdapiCall *call)
{
	return (call->client->session->clock.waited_us - call->begun_us) /
		USEC_PER_MSEC;
}

/*
 * A try could not be begun.  Was it for want of a descriptor, which another
 * one in flight will give back?  Then the call stays in the queue until that
 * ends.
 */
static bool
wait_for_descriptor(const RdapiCall *call)
{
	RdapiSession *session = call->client->session;

	return call->error.kind == RDAPI_ERR_DESCRIPTORS &&
		session->in_flight > 0 &&
		rdapi_session_make_do(session, session->in_flight);
}

/* How long after its first try another one of a call may begin. */
static int64_t
budget_ms(const RdapiClient *client)
{
	if (client->session_budget_ms != NULL && *client->session_budget_ms >= 0)
		return *client->session_budget_ms;
	return client->retry_budget_ms;
}

void
rdapi_attempt_begin(RdapiCall *call, int64_t now_us)
{
	RdapiClient *client = call->client;
	RdapiSession *session = client->session;
	int64_t		waited_us = session->clock.waited_us;
	RdapiTransferSpec spec;

	if (call->stats.tries == 0)
	{
		call->started_us = now_us;
		call->begun_us = waited_us;
	}

	/* Where the other limits held a retry back for too long, it has failed. */
	if (call->stats.tries > 0 && !call->beyond &&
		waited_ms(call) >= budget_ms(client))
	{
		rdapi_attempt_fail(call, call->doubt);
		return;
	}

	spec.config = &client->transfer_config;
	spec.method = rdapi_request_method(call->request);
	spec.url = call->url;
	spec.form = call->form;
	spec.form_length = call->form_length;
	spec.parts = call->parts;
	spec.nparts = call->nparts;
	spec.timeout_ms = client->request_timeout_ms;
	spec.connect_timeout_ms = spec.timeout_ms < client->connect_timeout_ms ?
		spec.timeout_ms : client->connect_timeout_ms;
	spec.owner = call;
	call->deadline_us = waited_us +
		(int64_t) spec.timeout_ms * USEC_PER_MSEC;
	call->connect_deadline_us = waited_us +
		(int64_t) spec.connect_timeout_ms * USEC_PER_MSEC;
	call->tried_us = waited_us;

	call->generation = client->credential.generation;
	rdapi_error_clear(&call->error);
	call->transfer = rdapi_transport_begin(session->transport, &spec,
										   &call->error);
	if (call->transfer == NULL)
	{
		if (!wait_for_descriptor(call))
			rdapi_attempt_fail(call, call->doubt);
		return;
	}
	rdapi_buffer_take(&call->transfer->answer.body, &call->body);
	rdapi_call_remove(call);
	rdapi_call_insert(call, &client->running, client->running.tail);
	call->window = rdapi_throttle_begin(&client->throttle, now_us);
	session->in_flight++;
	client->stats.requests++;
	if (call->stats.tries > 0)
		client->stats.retries++;
	call->stats.tries++;
}

/* Was the secret refused, of which there is another one by now? */
static bool
is_renewed(RdapiCall *call)
{
	return call->error.kind == RDAPI_ERR_AUTH &&
		call->error.http_status == 401 &&
		rdapi_credential_renew(&call->client->credential, call->generation,
							   &call->error);
}

static RdapiRetryDecision
decide(RdapiCall *call, const RdapiOutcome *outcome)
{
	RdapiClient *client = call->client;
	RdapiRetryInput input;

	input.repeat = rdapi_call_retry_class(call);
	input.kind = call->error.kind;
	input.http_status = outcome->http_status;
	input.permanent = outcome->permanent;
	input.sent = outcome->sent;
	input.stale = outcome->stale;
	input.renewed = is_renewed(call);
	input.retry_after_ms = outcome->retry_after_ms;
	input.doubt = call->doubt;
	input.renewed_before = call->renewed;
	input.tries = call->stats.tries;
	input.elapsed_ms = waited_ms(call);
	input.max_retries = client->max_retries;
	input.budget_ms = budget_ms(client);
	input.random = next_random(client);
	return rdapi_retry_decide(&input);
}

/* The call was kept from its end, and so is whoever waits for it. */
static void
note_trouble(RdapiCall *call, int64_t now_us)
{
	RdapiClient *client = call->client;

	if (client->trouble_us == 0)
		client->trouble_us = now_us;
	client->trouble_status = call->error.http_status;
	client->trouble_tries = call->stats.tries;
	memcpy(client->trouble_message, call->error.message,
		   sizeof(client->trouble_message));
}

/* The call shall be tried again after that time. */
static void
wait_for_retry(RdapiCall *call, int64_t wait_ms)
{
	RdapiCallList *waiting = &call->client->waiting;
	RdapiCall  *after = waiting->tail;
	int64_t		now_us = rdapi_mux_clock_us();

	note_trouble(call, now_us);
	call->due_us = now_us + wait_ms * USEC_PER_MSEC;
	while (after != NULL && after->due_us > call->due_us)
		after = after->prev;
	rdapi_call_remove(call);
	rdapi_call_insert(call, waiting, after);
}

/* There was no socket for the try in flight: it has not begun. */
static void
forget_try(RdapiCall *call)
{
	RdapiClient *client = call->client;

	call->stats.tries--;
	client->stats.requests--;
	if (call->stats.tries > 0)
		client->stats.retries--;
}

/*
 * It will begin when another one has ended, or over a connection that is kept.
 */
static void
put_back(RdapiCall *call)
{
	RdapiClient *client = call->client;
	RdapiCallList *queue = &client->queue;
	RdapiCall  *after = NULL;
	RdapiCall  *next;

	end_transfer(call, RDAPI_THROTTLE_OTHER);

	/* In front of those that were never begun, and behind its like. */
	while ((next = after == NULL ? queue->head : after->next) != NULL &&
		   next->started_us != 0 && next->started_us <= call->started_us)
		after = next;
	rdapi_call_remove(call);
	rdapi_call_insert(call, queue, after);
}

/* What the API answered, or that it did not, into the call. */
static void
read_outcome(RdapiCall *call)
{
	RdapiClient *client = call->client;
	const RdapiOutcome *outcome = &call->transfer->outcome;
	const RdapiAnswer *answer = &call->transfer->answer;
	bool		wants_body;

	if (outcome->http_status != 0)
	{
		call->http_status = outcome->http_status;
		memcpy(call->request_id, answer->request_id, sizeof(call->request_id));
	}
	if (answer->request_id[0] != '\0')
		memcpy(client->stats.last_request_id, answer->request_id,
			   sizeof(client->stats.last_request_id));

	wants_body = rdapi_request_operation(call->request) != RDAPI_OP_DELETE;
	if (outcome->error.kind != RDAPI_ERR_NONE)
		call->error = outcome->error;
	else
		rdapi_reply_judge(&call->error, &client->credential.secrets,
						  rdapi_request_resource(call->request)->state_codes,
						  wants_body, outcome->http_status,
						  answer->body.data, answer->body.length);
	call->error.http_status = outcome->http_status;
	memcpy(call->error.request_id, answer->request_id,
		   sizeof(call->error.request_id));
}

void
rdapi_attempt_end(RdapiCall *call)
{
	RdapiClient *client = call->client;
	const RdapiOutcome *outcome = &call->transfer->outcome;
	RdapiThrottleResult result = RDAPI_THROTTLE_OTHER;
	RdapiRetryDecision decision;

	read_outcome(call);
	if (call->error.kind == RDAPI_ERR_DESCRIPTORS)
	{
		forget_try(call);
		if (rdapi_session_make_do(client->session,
								  client->session->in_flight - 1))
		{
			put_back(call);
			return;
		}
	}
	if (call->error.kind == RDAPI_ERR_THROTTLED)
	{
		client->stats.throttled++;
		result = RDAPI_THROTTLE_REFUSED;
	}
	else if (outcome->http_status >= 200 && outcome->http_status < 500)
		result = RDAPI_THROTTLE_SUCCESS;

	if (call->error.kind == RDAPI_ERR_NONE)
	{
		call->body = call->transfer->answer.body;
		rdapi_buffer_init(&call->transfer->answer.body, 0);
		end_transfer(call, result);
		rdapi_attempt_finish(call);
		return;
	}

	decision = decide(call, outcome);
	call->doubt = decision.doubt;
	call->beyond = decision.beyond;
	call->renewed |= decision.beyond;
	end_transfer(call, result);
	if (decision.again)
		wait_for_retry(call, decision.wait_ms);
	else
		rdapi_attempt_fail(call, decision.unknown);
}

void
rdapi_attempt_abort(RdapiCall *call)
{
	RdapiTransfer *transfer = call->transfer;

	if (transfer == NULL)
		return;
	/* Who gives up a wait may have met a connection that is dead. */
	if (call->client->session->clock.waited_us - call->tried_us >=
		PATIENCE_US)
		rdapi_transport_distrust(transfer);
	rdapi_transfer_count(transfer);
	end_transfer(call, RDAPI_THROTTLE_OTHER);
}
