/*-------------------------------------------------------------------------
 *
 * client.c
 *	  The API client: queue, tries, retries, limits, and what they add up to.
 *
 * A call is in one of the client's three lists until it is done; then the
 * client has forgotten it.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "call.h"
#include "client.h"
#include "clock.h"
#include "reply.h"
#include "retry.h"
#include "throttle.h"
#include "transport.h"

#define USEC_PER_MSEC	1000

struct RdapiClient
{
	/* Settings; the strings are the client's own */
	char	   *base_url;
	char	   *upload_url;
	char	   *ca_file;		/* NULL: the system's */
	char	   *username;
	char	   *password;
	RdapiSecrets secrets;		/* not to be shown */
	char	   *user_agent;
	int			connect_timeout_ms;
	int			request_timeout_ms;
	int			retry_budget_ms;
	int			max_retries;

	/* What makes requests out of calls */
	RdapiTransferConfig transfer_config;
	RdapiTransport *transport;
	RdapiThrottle throttle;
	uint64_t	random_state;

	/* Calls */
	RdapiCallList queue;		/* to be begun as the limits allow */
	RdapiCallList running;		/* a try is in flight */
	RdapiCallList waiting;		/* for due_us, the earliest first */
	int			pending;		/* in the three */
	RdapiClock	clock;			/* for deadlines; what is due is so by the
								 * system's time */

	RdapiClientStats stats;
};

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

bool
rdapi_client_global_init(RdapiError *error)
{
	return rdapi_transport_global_init(error);
}

const char *
rdapi_client_curl_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}

/* NEW in *copy, NULL for NULL.  false: no memory. */
static bool
copy_string(char **copy, const char *string)
{
	if (string == NULL)
		return true;
	*copy = strdup(string);
	return *copy != NULL;
}

static bool
copy_strings(RdapiClient *client, const RdapiClientConfig *config)
{
	return copy_string(&client->base_url, config->base_url) &&
		copy_string(&client->upload_url, config->upload_url) &&
		copy_string(&client->ca_file, config->ca_file) &&
		copy_string(&client->username, config->username) &&
		copy_string(&client->password, config->password) &&
		copy_string(&client->user_agent, config->user_agent);
}

RdapiClient *
rdapi_client_new(const RdapiClientConfig *config, RdapiError *error)
{
	RdapiClient *client = calloc(1, sizeof(*client));
	RdapiTransferConfig *transfer_config;

	if (client == NULL || !copy_strings(client, config) ||
		!rdapi_secrets_init(&client->secrets, client->username,
							client->password))
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		rdapi_client_free(client);
		return NULL;
	}
	client->connect_timeout_ms = config->connect_timeout_ms;
	client->request_timeout_ms = config->request_timeout_ms;
	client->retry_budget_ms = config->retry_budget_ms;
	client->max_retries = config->max_retries;
	rdapi_throttle_init(&client->throttle, config->concurrency,
						config->max_requests_per_second);
	rdapi_clock_init(&client->clock);
	client->random_state = (uint64_t) rdapi_mux_clock_us() ^
		((uint64_t) getpid() << 32) ^ (uint64_t) (uintptr_t) client;

	transfer_config = &client->transfer_config;
	transfer_config->ca_file = client->ca_file;
	transfer_config->username = client->username;
	transfer_config->password = client->password;
	transfer_config->secrets = &client->secrets;
	transfer_config->user_agent = client->user_agent;
	transfer_config->max_response_bytes = config->max_response_bytes;
	transfer_config->max_error_bytes = RDAPI_ERROR_BODY_BYTES;
	transfer_config->keep_connections = config->keep_connections;
	client->transport = rdapi_transport_new(transfer_config,
											config->concurrency, error);
	if (client->transport == NULL)
	{
		rdapi_client_free(client);
		return NULL;
	}
	return client;
}

int
rdapi_client_descriptor(const RdapiClient *client)
{
	return rdapi_transport_descriptor(client->transport);
}

int
rdapi_client_pending(const RdapiClient *client)
{
	return client->pending;
}

const RdapiClientStats *
rdapi_client_stats(const RdapiClient *client)
{
	return &client->stats;
}

/* When the try in flight has taken too long, by the client's clock. */
static int64_t
deadline(const RdapiCall *call)
{
	return rdapi_transfer_is_sent(call->transfer) ?
		call->deadline_us : call->connect_deadline_us;
}

/* Have the descriptor wake the caller when there is something to do. */
static void
arm(RdapiClient *client)
{
	int64_t		due_us = RDAPI_MUX_NEVER;
	int64_t		now_us = rdapi_mux_clock_us();
	RdapiCall  *call;

	if (client->waiting.head != NULL)
		due_us = client->waiting.head->due_us;
	if (client->queue.head != NULL)
	{
		int64_t		start_us = rdapi_throttle_due(&client->throttle);

		if (due_us > start_us)
			due_us = start_us;
	}
	for (call = client->running.head; call != NULL; call = call->next)
	{
		int64_t		expiry_us = rdapi_clock_due(&client->clock, now_us,
												deadline(call));

		if (due_us > expiry_us)
			due_us = expiry_us;
	}
	rdapi_clock_arm(&client->clock, now_us, due_us);
	rdapi_transport_arm(client->transport, due_us);
}

/* The call has ended; its error says how. */
static void
finish(RdapiClient *client, RdapiCall *call)
{
	call->stats = rdapi_call_stats(call);
	call->error.tries = call->stats.tries;
	rdapi_call_remove(call);
	client->pending--;
	call->client = NULL;
}

/* The call has failed for good, and perhaps nobody knows whether really. */
static void
finish_failed(RdapiClient *client, RdapiCall *call, bool unknown)
{
	if (unknown)
		call->error.kind = RDAPI_ERR_UNKNOWN;
	client->stats.failures++;
	memcpy(client->stats.last_error, call->error.message,
		   sizeof(client->stats.last_error));
	finish(client, call);
}

/* Add what the try in flight moved, and give its transfer back. */
static void
end_transfer(RdapiClient *client, RdapiCall *call, RdapiThrottleResult result)
{
	const RdapiOutcome *outcome = &call->transfer->outcome;

	call->stats.bytes_sent += outcome->bytes_sent;
	call->stats.bytes_received += outcome->bytes_received;
	client->stats.bytes_sent += outcome->bytes_sent;
	client->stats.bytes_received += outcome->bytes_received;
	client->stats.connections += (uint64_t) outcome->connections;
	rdapi_throttle_end(&client->throttle, call->window, result);
	rdapi_transport_end(call->transfer);
	call->transfer = NULL;
}

/* How long a caller has waited for the call since its first try began. */
static int64_t
waited_ms(const RdapiClient *client, const RdapiCall *call)
{
	return (client->clock.waited_us - call->begun_us) / USEC_PER_MSEC;
}

static void
begin_try(RdapiClient *client, RdapiCall *call, int64_t now_us)
{
	RdapiTransferSpec spec;
	int64_t		left_ms;

	if (call->stats.tries == 0)
	{
		call->started_us = now_us;
		call->begun_us = client->clock.waited_us;
	}
	left_ms = client->retry_budget_ms - waited_ms(client, call);
	if (left_ms > client->request_timeout_ms)
		left_ms = client->request_timeout_ms;

	/* Where the other limits held a retry back for too long, it has failed. */
	if (left_ms <= 0 && call->stats.tries > 0)
	{
		finish_failed(client, call, call->doubt);
		return;
	}

	spec.method = rdapi_request_method(call->request);
	spec.url = call->url;
	spec.form = call->form;
	spec.form_length = call->form_length;
	spec.parts = call->parts;
	spec.nparts = call->nparts;
	spec.timeout_ms = left_ms > 1 ? (int) left_ms : 1;
	spec.connect_timeout_ms = spec.timeout_ms < client->connect_timeout_ms ?
		spec.timeout_ms : client->connect_timeout_ms;
	spec.owner = call;
	call->deadline_us = client->clock.waited_us +
		(int64_t) spec.timeout_ms * USEC_PER_MSEC;
	call->connect_deadline_us = client->clock.waited_us +
		(int64_t) spec.connect_timeout_ms * USEC_PER_MSEC;
	call->unattended_us = now_us - client->clock.waited_us;

	rdapi_error_clear(&call->error);
	call->transfer = rdapi_transport_begin(client->transport, &spec,
										   &call->error);
	if (call->transfer == NULL)
	{
		finish_failed(client, call, call->doubt);
		return;
	}
	rdapi_call_remove(call);
	rdapi_call_insert(call, &client->running, client->running.tail);
	call->window = rdapi_throttle_begin(&client->throttle, now_us);
	client->stats.requests++;
	if (call->stats.tries > 0)
		client->stats.retries++;
	call->stats.tries++;
}

/* Begin what the limits allow; was there anything? */
static bool
begin_queued(RdapiClient *client)
{
	int64_t		now_us = rdapi_mux_clock_us();
	RdapiCall  *after = NULL;
	bool		any = false;

	/* Those that have waited for a retry go first; they are older. */
	while (client->waiting.head != NULL &&
		   client->waiting.head->due_us <= now_us)
	{
		RdapiCall  *call = client->waiting.head;

		rdapi_call_remove(call);
		rdapi_call_insert(call, &client->queue, after);
		after = call;
	}
	while (client->queue.head != NULL &&
		   rdapi_throttle_due(&client->throttle) <= now_us)
	{
		begin_try(client, client->queue.head, now_us);
		any = true;
	}
	return any;
}

static RdapiRetryClass
retry_class(const RdapiCall *call)
{
	switch (rdapi_request_operation(call->request))
	{
		case RDAPI_OP_LIST:
		case RDAPI_OP_FETCH:
			break;
		case RDAPI_OP_UPDATE:
			return RDAPI_RETRY_UPDATE;
		case RDAPI_OP_DELETE:
			return RDAPI_RETRY_DELETE;
		case RDAPI_OP_CREATE:
			return RDAPI_RETRY_CREATE;
	}
	return RDAPI_RETRY_READ;
}

static RdapiRetryDecision
decide(RdapiClient *client, RdapiCall *call, const RdapiOutcome *outcome)
{
	RdapiRetryInput input;

	input.repeat = retry_class(call);
	input.kind = call->error.kind;
	input.http_status = outcome->http_status;
	input.permanent = outcome->permanent;
	input.sent = outcome->sent;
	input.stale = outcome->stale;
	input.retry_after_ms = outcome->retry_after_ms;
	input.doubt = call->doubt;
	input.tries = call->stats.tries;
	input.elapsed_ms = waited_ms(client, call);
	input.max_retries = client->max_retries;
	input.budget_ms = client->retry_budget_ms;
	input.random = next_random(client);
	return rdapi_retry_decide(&input);
}

/* The call shall be tried again after that time. */
static void
wait_for_retry(RdapiClient *client, RdapiCall *call, int64_t wait_ms)
{
	RdapiCallList *waiting = &client->waiting;
	RdapiCall  *after = waiting->tail;

	call->due_us = rdapi_mux_clock_us() + wait_ms * USEC_PER_MSEC;
	while (after != NULL && after->due_us > call->due_us)
		after = after->prev;
	rdapi_call_remove(call);
	rdapi_call_insert(call, waiting, after);
}

/* What the API answered, or that it did not, into the call. */
static void
read_outcome(RdapiClient *client, RdapiCall *call)
{
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
		rdapi_reply_judge(&call->error, &client->secrets, wants_body,
						  outcome->http_status,
						  answer->body.data, answer->body.length);
	call->error.http_status = outcome->http_status;
	memcpy(call->error.request_id, answer->request_id,
		   sizeof(call->error.request_id));
}

static void
collect(RdapiClient *client, RdapiCall *call)
{
	const RdapiOutcome *outcome = &call->transfer->outcome;
	RdapiThrottleResult result = RDAPI_THROTTLE_OTHER;
	RdapiRetryDecision decision;

	read_outcome(client, call);
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
		end_transfer(client, call, result);
		finish(client, call);
		return;
	}

	decision = decide(client, call, outcome);
	call->doubt = decision.doubt;
	end_transfer(client, call, result);
	if (decision.again)
		wait_for_retry(client, call, decision.wait_ms);
	else
		finish_failed(client, call, decision.unknown);
}

RdapiCall *
rdapi_client_submit(RdapiClient *client, RdapiRequest *request,
					RdapiError *error)
{
	RdapiCall  *call;

	call = rdapi_call_new(request, client->base_url, client->upload_url,
						  error);
	if (call == NULL)
		return NULL;
	call->client = client;
	rdapi_call_insert(call, &client->queue, client->queue.tail);
	client->pending++;
	arm(client);
	return call;
}

void
rdapi_client_attend(RdapiClient *client)
{
	if (!rdapi_clock_attend(&client->clock, rdapi_mux_clock_us()))
		arm(client);
}

void
rdapi_client_leave(RdapiClient *client)
{
	rdapi_clock_leave(&client->clock, rdapi_mux_clock_us());
}

/* libcurl's own timer for connecting shall not count more than the clock. */
static void
excuse_connecting(RdapiClient *client)
{
	int64_t		now_us = rdapi_mux_clock_us();
	RdapiCall  *call;

	for (call = client->running.head; call != NULL; call = call->next)
	{
		int64_t		absent_us = now_us - client->clock.waited_us -
		call->unattended_us;

		if (!rdapi_transfer_is_sent(call->transfer))
			rdapi_transfer_excuse(call->transfer, absent_us / USEC_PER_MSEC);
	}
}

/* End the tries that took too long. */
static void
expire(RdapiClient *client)
{
	RdapiCall  *next;
	RdapiCall  *call;

	for (call = client->running.head; call != NULL; call = next)
	{
		next = call->next;
		if (!rdapi_clock_has_passed(&client->clock, deadline(call)))
			continue;
		rdapi_transport_expire(call->transfer);
		collect(client, call);
	}
}

void
rdapi_client_drive(RdapiClient *client)
{
	RdapiTransport *transport = client->transport;
	RdapiTransfer *transfer;
	bool		begun;

	rdapi_client_leave(client);
	excuse_connecting(client);

	/* What was begun is driven at once, rather than after another wait. */
	do
	{
		rdapi_transport_drive(transport);
		while ((transfer = rdapi_transport_next_done(transport)) != NULL)
			collect(client, transfer->owner);
		expire(client);
		begun = begin_queued(client);
	} while (begun);
	arm(client);
}

void
rdapi_client_wake(RdapiClient *client)
{
	rdapi_transport_arm(client->transport, 0);
}

/* End a call that is not done; what it has moved still counts. */
static void
abort_call(RdapiClient *client, RdapiCall *call, const char *message)
{
	if (call->transfer != NULL)
	{
		rdapi_transfer_count(call->transfer);
		end_transfer(client, call, RDAPI_THROTTLE_OTHER);
	}
	rdapi_error_clear(&call->error);
	rdapi_error_set(&call->error, RDAPI_ERR_INTERNAL, "%s", message);
	finish(client, call);
}

void
rdapi_call_free(RdapiCall *call)
{
	if (call == NULL)
		return;
	if (call->client != NULL)
	{
		RdapiClient *client = call->client;

		abort_call(client, call, "the call was abandoned");
		arm(client);
	}
	rdapi_call_destroy(call);
}

static void
abort_list(RdapiClient *client, RdapiCallList *list)
{
	while (list->head != NULL)
		abort_call(client, list->head, "the client was closed");
}

void
rdapi_client_free(RdapiClient *client)
{
	if (client == NULL)
		return;
	abort_list(client, &client->queue);
	abort_list(client, &client->waiting);
	abort_list(client, &client->running);
	rdapi_transport_free(client->transport);
	free(client->base_url);
	free(client->upload_url);
	free(client->ca_file);
	rdapi_secret_wipe(client->username);
	rdapi_secret_wipe(client->password);
	rdapi_secrets_wipe(&client->secrets);
	free(client->user_agent);
	free(client);
}
