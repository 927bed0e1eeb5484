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

/* The session that is lent, or one of its own.  false: no memory. */
static bool
join_session(RdapiClient *client, const RdapiClientConfig *config)
{
	RdapiSessionConfig own = {0};

	client->session = config->session;
	if (client->session != NULL)
		return true;
	own.max_sockets = &client->throttle.maximum;
	own.max_kept = config->concurrency;
	own.acquire_descriptor = config->acquire_descriptor;
	own.release_descriptor = config->release_descriptor;
	client->own_session = rdapi_session_new(&own);
	client->session = client->own_session;
	return client->session != NULL;
}

RdapiClient *
rdapi_client_new(const RdapiClientConfig *config, RdapiError *error)
{
	RdapiClient *client = calloc(1, sizeof(*client));
	RdapiTransferConfig *transfer_config;

	if (client == NULL || !join_session(client, config) ||
		!copy_strings(client, config) ||
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
	client->random_state = (uint64_t) rdapi_mux_clock_us() ^
		((uint64_t) getpid() << 32) ^ (uint64_t) (uintptr_t) client;

	transfer_config = &client->transfer_config;
	transfer_config->ca_file = client->ca_file;
	transfer_config->credential = &client->credential;
	transfer_config->user_agent = client->user_agent;
	transfer_config->max_response_bytes = config->max_response_bytes;
	transfer_config->max_error_bytes = RDAPI_ERROR_BODY_BYTES;
	transfer_config->keep_connections = config->keep_connections;
	return client;
}

bool
rdapi_client_open(RdapiClient *client, RdapiError *error)
{
	return rdapi_session_open(client->session, error);
}

bool
rdapi_client_close(RdapiClient *client)
{
	return rdapi_session_close(client->session);
}

int
rdapi_client_descriptor(const RdapiClient *client)
{
	return rdapi_session_descriptor(client->session);
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
	if (client->pending++ == 0)
		rdapi_session_add(client);
	client->session->begins = true;
	rdapi_session_arm(client->session);
	return call;
}

void
rdapi_client_attend(RdapiClient *client, bool begins)
{
	rdapi_session_attend(client->session, begins);
}

void
rdapi_client_leave(RdapiClient *client)
{
	rdapi_session_leave(client->session);
}

void
rdapi_client_drive(RdapiClient *client)
{
	rdapi_session_drive(client->session, true);
}

void
rdapi_client_drive_begun(RdapiClient *client)
{
	rdapi_session_drive(client->session, false);
}

void
rdapi_client_wake(RdapiClient *client)
{
	rdapi_session_wake(client->session);
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
	RdapiSession *session = client->session;
	int64_t		due_us = rdapi_mux_clock_us() + delay_ms * USEC_PER_MSEC;

	if (session->reminder_us > due_us)
		session->reminder_us = due_us;
	rdapi_session_arm(session);
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
	rdapi_session_arm(client->session);
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
		rdapi_session_arm(client->session);
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
	if (client->own_session != NULL)
		rdapi_session_free(client->own_session);
	else if (client->session != NULL)
		rdapi_session_arm(client->session);
	free(client->name);
	free(client->base_url);
	free(client->upload_url);
	free(client->ca_file);
	rdapi_credential_wipe(&client->credential);
	free(client->user_agent);
	free(client);
}
