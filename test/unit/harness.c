/*-------------------------------------------------------------------------
 *
 * harness.c
 *	  What the tests of the client have in common.
 *
 *-------------------------------------------------------------------------
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness.h"
#include "src/resource/family.h"

/* Descriptors are looked for up to here. */
#define MAX_DESCRIPTOR	1024

static int	nwakeups = 0;

static void
require(bool held, const RdapiError *error)
{
	if (held)
		return;
	printf("Bail out! %s\n", error->message);
	exit(EXIT_FAILURE);
}

RdapiClientConfig
harness_config(const char *url)
{
	RdapiClientConfig config;

	memset(&config, 0, sizeof(config));
	config.base_url = url;
	config.upload_url = url;
	config.username = "AC0123456789abcdef0123456789abcdef";
	config.password = PASSWORD;
	config.user_agent = "unit-test/1.0";
	config.connect_timeout_ms = 5000;
	config.request_timeout_ms = 10000;
	config.retry_budget_ms = 15000;
	config.max_retries = 0;
	config.concurrency = 4;
	config.max_response_bytes = 1000000;
	config.keep_connections = true;
	return config;
}

RdapiClient *
harness_client(const RdapiClientConfig *config)
{
	RdapiError	error;
	RdapiClient *client;

	rdapi_error_clear(&error);
	require(rdapi_client_global_init(&error), &error);
	client = rdapi_client_new(config, &error);
	require(client != NULL, &error);
	return client;
}

void
harness_set_up(Fixture *fixture, ServerHandler handler, void *arg)
{
	fixture->server = server_start(handler, arg);
	fixture->config = harness_config(server_url(fixture->server));
	fixture->client = harness_client(&fixture->config);
}

void
harness_set_up_client(Fixture *fixture)
{
	rdapi_client_free(fixture->client);
	fixture->client = harness_client(&fixture->config);
}

void
harness_tear_down(Fixture *fixture)
{
	rdapi_client_free(fixture->client);
	server_stop(fixture->server);
}

int64_t
harness_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const RdapiTarget *
harness_target(void)
{
	static const RdapiTarget documents = {&rdapi_supporting_documents, NULL};

	return &documents;
}

RdapiRequest *
harness_list(void)
{
	RdapiError	error;
	RdapiQuery	query = {50, NULL, 0};
	RdapiRequest *request;

	rdapi_error_clear(&error);
	request = rdapi_request_list(harness_target(), &query, &error);
	require(request != NULL, &error);
	return request;
}

RdapiRequest *
harness_fetch(void)
{
	RdapiError	error;
	RdapiRequest *request;

	rdapi_error_clear(&error);
	request = rdapi_request_fetch(harness_target(), SID, NULL, &error);
	require(request != NULL, &error);
	return request;
}

RdapiRequest *
harness_delete(void)
{
	RdapiError	error;
	RdapiRequest *request;

	rdapi_error_clear(&error);
	request = rdapi_request_delete(harness_target(), SID, &error);
	require(request != NULL, &error);
	return request;
}

static RdapiRequest *
with_name(RdapiRequest *request, const char *name, RdapiError *error)
{
	require(request != NULL &&
			rdapi_request_add_parameter(request, "FriendlyName", name,
										strlen(name), error), error);
	return request;
}

RdapiRequest *
harness_create(const char *name)
{
	RdapiError	error;

	rdapi_error_clear(&error);
	return with_name(rdapi_request_create(harness_target(), &error), name,
					 &error);
}

RdapiRequest *
harness_update(const char *name)
{
	RdapiError	error;

	rdapi_error_clear(&error);
	return with_name(rdapi_request_update(harness_target(), SID, &error),
					 name, &error);
}

RdapiCall *
harness_submit(RdapiClient *client, RdapiRequest *request)
{
	RdapiError	error;
	RdapiCall  *call;

	rdapi_error_clear(&error);
	call = rdapi_client_submit(client, request, &error);
	require(call != NULL, &error);
	return call;
}

/* Until the call is done or, without one, nothing is pending. */
static bool
wait_until(RdapiClient *client, const RdapiCall *call, int ms)
{
	int64_t		end_ms = harness_now_ms() + ms;
	struct pollfd waited = {.events = POLLIN};

	waited.fd = rdapi_client_descriptor(client);
	for (;;)
	{
		int64_t		left_ms = end_ms - harness_now_ms();
		int			ready;

		if (call != NULL ? rdapi_call_is_done(call) :
			rdapi_client_pending(client) == 0)
			return true;
		if (left_ms <= 0)
			return false;
		rdapi_client_attend(client, true);
		ready = poll(&waited, 1, (int) left_ms);
		rdapi_client_leave(client);
		if (ready > 0)
		{
			nwakeups++;
			rdapi_client_drive(client);
		}
	}
}

bool
harness_wait(RdapiClient *client, const RdapiCall *call, int ms)
{
	return wait_until(client, call, ms);
}

bool
harness_wait_all(RdapiClient *client, int ms)
{
	return wait_until(client, NULL, ms);
}

RdapiCall *
harness_run(RdapiClient *client, RdapiRequest *request)
{
	RdapiCall  *call = harness_submit(client, request);

	if (!harness_wait(client, call, 15000))
	{
		printf("Bail out! a call did not end\n");
		exit(EXIT_FAILURE);
	}
	return call;
}

int
harness_wakeups(void)
{
	return nwakeups;
}

RdapiErrorKind
harness_kind(const RdapiCall *call)
{
	const RdapiError *error = rdapi_call_error(call);

	return error == NULL ? RDAPI_ERR_NONE : error->kind;
}

RdapiErrorKind
harness_cause(const RdapiCall *call)
{
	const RdapiError *error = rdapi_call_error(call);

	return error == NULL ? RDAPI_ERR_NONE : error->cause;
}

const char *
harness_message(const RdapiCall *call)
{
	const RdapiError *error = rdapi_call_error(call);

	return error == NULL ? "" : error->message;
}

int
harness_descriptors(void)
{
	int			n = 0;
	int			i;

	for (i = 0; i < MAX_DESCRIPTOR; i++)
	{
		if (fcntl(i, F_GETFD) >= 0)
			n++;
	}
	return n;
}
