/*-------------------------------------------------------------------------
 *
 * client.c
 *	  The API client: its queue, and its limits.
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

#include "attempt.h"
#include "call.h"
#include "client.h"
#include "reply.h"

#define USEC_PER_MSEC	1000

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
	return copy_string(&client->name,
					   config->name == NULL ? "" : config->name) &&
		copy_string(&client->base_url, config->base_url) &&
		copy_string(&client->upload_url, config->upload_url) &&
		copy_string(&client->ca_file, config->ca_file) &&
		copy_string(&client->user_agent, config->user_agent);
}

RdapiClient *
rdapi_client_new(const RdapiClientConfig *config, RdapiError *error)
{
	RdapiClient *client = calloc(1, sizeof(*client));
	RdapiTransferConfig *transfer_config;

	if (client == NULL || !copy_strings(client, config) ||
		!rdapi_credential_init(&client->credential, config->username,
							   config->password, config->password_file,
							   error))
	{
		/* The first error wins. */
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		rdapi_client_free(client);
		return NULL;
	}
	client->connect_timeout_ms = config->connect_timeout_ms;
	client->request_timeout_ms = config->request_timeout_ms;
	client->retry_budget_ms = config->retry_budget_ms;
	client->session_budget_ms = config->session_budget_ms;
	client->max_retries = config->max_retries;
	client->call_ended = config->call_ended;
	client->call_ended_arg = config->call_ended_arg;
	rdapi_throttle_init(&client->throttle, config->concurrency,
						config->max_requests_per_second);
	rdapi_clock_init(&client->clock);
	client->reminder_us = RDAPI_MUX_NEVER;
	client->random_state = (uint64_t) rdapi_mux_clock_us() ^
		((uint64_t) getpid() << 32) ^ (uint64_t) (uintptr_t) client;

	transfer_config = &client->transfer_config;
	transfer_config->ca_file = client->ca_file;
	transfer_config->credential = &client->credential;
	transfer_config->user_agent = client->user_agent;
	transfer_config->max_response_bytes = config->max_response_bytes;
	transfer_config->max_error_bytes = RDAPI_ERROR_BODY_BYTES;
	transfer_config->keep_connections = config->keep_connections;
	transfer_config->budget.acquire = config->acquire_descriptor;
	transfer_config->budget.release = config->release_descriptor;
	return client;
}

bool
rdapi_client_open(RdapiClient *client, RdapiError *error)
{
	if (client->transport == NULL)
		client->transport = rdapi_transport_new(&client->transfer_config,
												client->throttle.maximum,
												error);
	return client->transport != NULL;
}

bool
rdapi_client_close(RdapiClient *client)
{
	if (client->transport == NULL || client->pending > 0)
		return false;
	rdapi_transport_free(client->transport);
	client->transport = NULL;
	return true;
}

int
rdapi_client_descriptor(const RdapiClient *client)
{
	return client->transport == NULL ? -1 :
		rdapi_transport_descriptor(client->transport);
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
	return rdapi_transfer_is_begun(call->transfer) ?
		call->deadline_us : call->connect_deadline_us;
}

/*
 * Have the descriptor wake the caller when there is something to do, and,
 * where it begins calls, something to begin.
 */
static void
arm(RdapiClient *client)
{
	int64_t		due_us = RDAPI_MUX_NEVER;
	int64_t		now_us = rdapi_mux_clock_us();
	RdapiCall  *call;

	if (client->transport == NULL)
		return;
	if (client->begins && client->waiting.head != NULL)
		due_us = client->waiting.head->due_us;
	if (client->begins && client->queue.head != NULL)
	{
		int64_t		start_us = rdapi_throttle_due(&client->throttle);

		if (due_us > start_us)
			due_us = start_us;
	}
	if (due_us > client->reminder_us)
		due_us = client->reminder_us;
	if (client->woken)
		due_us = now_us;
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
		rdapi_attempt_begin(client->queue.head, now_us);
		any = true;
	}
	return any;
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
	if (!rdapi_client_open(client, error))
	{
		rdapi_call_destroy(call);
		return NULL;
	}
	call->client = client;
	rdapi_call_insert(call, &client->queue, client->queue.tail);
	client->pending++;
	client->begins = true;
	arm(client);
	return call;
}

void
rdapi_client_attend(RdapiClient *client, bool begins)
{
	bool		armed = rdapi_clock_attend(&client->clock,
										   rdapi_mux_clock_us());

	if (armed && client->begins == begins)
		return;
	client->begins = begins;
	arm(client);
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
rdapi_client_leave(RdapiClient *client)
{
	int64_t		before_us = client->clock.waited_us;

	rdapi_clock_leave(&client->clock, rdapi_mux_clock_us());
	client->stats.waited_us = client->clock.waited_us;
	if (client->clock.waited_us > before_us && is_throttled(client))
		client->stats.throttled_us += client->clock.waited_us - before_us;
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
		rdapi_attempt_end(call);
	}
}

static void
drive(RdapiClient *client)
{
	RdapiTransport *transport = client->transport;
	RdapiTransfer *transfer;

	rdapi_client_leave(client);
	client->woken = false;
	client->reminder_us = RDAPI_MUX_NEVER;
	if (transport == NULL)
		return;

	/* What was begun is driven at once, rather than after another wait. */
	do
	{
		rdapi_transport_drive(transport);
		while ((transfer = rdapi_transport_next_done(transport)) != NULL)
			rdapi_attempt_end(transfer->owner);
		expire(client);
	} while (client->begins && begin_queued(client));
	arm(client);
}

void
rdapi_client_drive(RdapiClient *client)
{
	client->begins = true;
	drive(client);
}

void
rdapi_client_drive_begun(RdapiClient *client)
{
	client->begins = false;
	drive(client);
}

void
rdapi_client_wake(RdapiClient *client)
{
	client->woken = true;
	arm(client);
}

bool
rdapi_client_trouble(const RdapiClient *client, RdapiTrouble *trouble)
{
	if (client->trouble_us == 0)
		return false;
	trouble->message = client->trouble_message;
	trouble->http_status = client->trouble_status;
	trouble->tries = client->trouble_tries;
	trouble->lasts_ms = (rdapi_mux_clock_us() - client->trouble_us) /
		USEC_PER_MSEC;
	return true;
}

void
rdapi_client_remind(RdapiClient *client, int64_t delay_ms)
{
	client->reminder_us = rdapi_mux_clock_us() + delay_ms * USEC_PER_MSEC;
	arm(client);
}

const char *
rdapi_client_name(const RdapiClient *client)
{
	return client->name;
}

/* End a call that is not done; what it has moved still counts. */
static void
abort_call(RdapiCall *call, const char *message)
{
	bool		unknown = rdapi_call_may_be_done(call);

	rdapi_attempt_abort(call);
	rdapi_error_clear(&call->error);
	rdapi_error_set(&call->error, RDAPI_ERR_INTERNAL, "%s", message);
	if (unknown)
		call->error.kind = RDAPI_ERR_UNKNOWN;
	rdapi_attempt_finish(call);
}

void
rdapi_call_give_up(RdapiCall *call)
{
	RdapiClient *client = call->client;

	if (client == NULL ||
		(call->transfer != NULL && rdapi_transfer_is_begun(call->transfer)))
		return;
	if (call->error.kind != RDAPI_ERR_NONE)
		rdapi_attempt_fail(call, call->doubt);
	else
		abort_call(call, "the request was given up");
	arm(client);
}

void
rdapi_call_free(RdapiCall *call)
{
	if (call == NULL)
		return;
	if (call->client != NULL)
	{
		RdapiClient *client = call->client;

		abort_call(call, "the call was abandoned");
		arm(client);
	}
	rdapi_call_destroy(call);
}

static void
abort_list(RdapiCallList *list)
{
	while (list->head != NULL)
		abort_call(list->head, "the client was closed");
}

void
rdapi_client_free(RdapiClient *client)
{
	if (client == NULL)
		return;
	abort_list(&client->queue);
	abort_list(&client->waiting);
	abort_list(&client->running);
	rdapi_transport_free(client->transport);
	free(client->name);
	free(client->base_url);
	free(client->upload_url);
	free(client->ca_file);
	rdapi_credential_wipe(&client->credential);
	free(client->user_agent);
	free(client);
}
