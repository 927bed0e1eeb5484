/*-------------------------------------------------------------------------
 *
 * test_pools.c
 *	  When connections are trusted no longer, and libcurls that lack something.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE				/* RTLD_NEXT */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "harness.h"
#include "tap.h"

/* What the libcurl that is linked does instead of what it can. */
static bool lacks_http2 = false;
static int	failures = 0;		/* of curl_multi_socket_action, to come */

/* Functions of libcurl as the client calls them: these go before it. */
#undef curl_easy_setopt
#undef curl_multi_socket_action

CURLcode
curl_easy_setopt(CURL *easy, CURLoption option,...)
{
	static CURLcode (*real) (CURL *, CURLoption,...) = NULL;
	va_list		arguments;
	CURLcode	result;

	if (real == NULL)
		*(void **) &real = dlsym(RTLD_NEXT, "curl_easy_setopt");
	va_start(arguments, option);
	if (option >= CURLOPTTYPE_OFF_T)
		result = real(easy, option, va_arg(arguments, curl_off_t));
	else if (option >= CURLOPTTYPE_OBJECTPOINT)
		result = real(easy, option, va_arg(arguments, void *));
	else
	{
		long		value = va_arg(arguments, long);

		if (option == CURLOPT_HTTP_VERSION && lacks_http2 &&
			value >= CURL_HTTP_VERSION_2_0)
			result = CURLE_UNSUPPORTED_PROTOCOL;
		else
			result = real(easy, option, value);
	}
	va_end(arguments);
	return result;
}

CURLMcode
curl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events,
						 int *running)
{
	static CURLMcode (*real) (CURLM *, curl_socket_t, int, int *) = NULL;

	if (real == NULL)
		*(void **) &real = dlsym(RTLD_NEXT, "curl_multi_socket_action");
	if (failures > 0)
	{
		failures--;
		return CURLM_INTERNAL_ERROR;
	}
	return real(multi, socket, events, running);
}

/* The first request of a connection is answered; the second one stalls. */
static bool
answer_first(Received *received, void *arg)
{
	int		   *stalls = arg;

	if (received->number == *stalls)
	{
		server_sleep(received, 20000);
		return false;
	}
	return server_answer(received, 200, "", "{}");
}

/*
 * Two connections are kept.  A call is given up that the second one does not
 * answer; whether the first one is still used depends on how long it was
 * waited for.
 */
static void
test_given_up(int wait_ms, int connections)
{
	int			stalls = 3;
	Fixture		fixture;
	RdapiCall  *call;
	RdapiCall  *other;

	harness_set_up(&fixture, answer_first, &stalls);
	call = harness_submit(fixture.client, harness_list());
	other = harness_submit(fixture.client, harness_list());
	tap_ok(harness_wait_all(fixture.client, 5000), "two calls at once");
	rdapi_call_free(call);
	rdapi_call_free(other);
	tap_number(server_connections(fixture.server), 2, "open two connections");
	call = harness_submit(fixture.client, harness_list());
	tap_ok(!harness_wait(fixture.client, call, wait_ms),
		   "a call is not answered within %d ms", wait_ms);
	rdapi_call_free(call);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_NONE, "the next one is");
	tap_number(server_connections(fixture.server), connections,
			   "over a connection that is %s",
			   connections == 2 ? "kept" : "new");
	rdapi_call_free(call);
	harness_tear_down(&fixture);
}

/* The second of three requests is answered late, all others never. */
static bool
answer_second(Received *received, void *arg)
{
	(void) arg;
	server_sleep(received, received->number == 2 ? 200 : 20000);
	return received->number != 1 && server_answer(received, 200, "", "{}");
}

/* What is given up beside an answer is just slow. */
static void
test_alive(void)
{
	Fixture		fixture;
	RdapiCall  *call;
	RdapiCall  *other;

	harness_set_up(&fixture, answer_second, NULL);
	call = harness_submit(fixture.client, harness_list());
	harness_wait(fixture.client, call, 50);
	other = harness_submit(fixture.client, harness_list());
	tap_ok(harness_wait(fixture.client, other, 5000), "one of two is answered");
	rdapi_call_free(other);
	rdapi_call_free(call);
	call = harness_submit(fixture.client, harness_list());
	while (server_requests(fixture.server) < 3)
		harness_wait(fixture.client, call, 10);
	tap_number(server_connections(fixture.server), 2,
			   "then giving up the other one casts no doubt");
	rdapi_call_free(call);
	harness_tear_down(&fixture);
}

/* After a timeout no connection is trusted that was open by then. */
static void
test_timed_out(void)
{
	int			stalls = 3;
	Fixture		fixture;
	RdapiCall  *call;
	RdapiCall  *other;

	harness_set_up(&fixture, answer_first, &stalls);
	fixture.config.request_timeout_ms = 200;
	fixture.config.retry_budget_ms = 2000;
	fixture.config.max_retries = 1;
	harness_set_up_client(&fixture);
	call = harness_submit(fixture.client, harness_list());
	other = harness_submit(fixture.client, harness_list());
	tap_ok(harness_wait_all(fixture.client, 5000), "two calls at once again");
	rdapi_call_free(call);
	rdapi_call_free(other);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_NONE,
			   "a call that timed out once is answered");
	tap_number(server_connections(fixture.server), 3,
			   "over a third connection");
	rdapi_call_free(call);
	rdapi_call_free(harness_run(fixture.client, harness_list()));
	tap_number(server_connections(fixture.server), 3, "which is kept");
	harness_tear_down(&fixture);
}

static bool
answer_always(Received *received, void *arg)
{
	(void) arg;
	return server_answer(received, 200, "", "{}");
}

/* Old servers of some systems have a libcurl without HTTP/2. */
static void
test_without_http2(void)
{
	Fixture		fixture;
	RdapiCall  *call;

	lacks_http2 = true;
	harness_set_up(&fixture, answer_always, NULL);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_NONE,
			   "HTTP/1.1 will do where libcurl knows no other: %s",
			   harness_kind(call) == RDAPI_ERR_NONE ? "" :
			   harness_message(call));
	rdapi_call_free(call);
	harness_tear_down(&fixture);
	lacks_http2 = false;
}

/* What libcurl cannot go on with is lost, and nothing else. */
static void
test_broken(void)
{
	Fixture		fixture;
	RdapiCall  *call;
	RdapiCall  *other;
	int			round;

	harness_set_up(&fixture, answer_always, NULL);
	for (round = 1; round <= 3; round++)
	{
		rdapi_call_free(harness_run(fixture.client, harness_list()));
		/* Before the calls are begun, and when they are. */
		failures = 2;
		call = harness_submit(fixture.client, harness_list());
		other = harness_submit(fixture.client, harness_create("x"));
		tap_ok(harness_wait_all(fixture.client, 5000),
			   "calls that libcurl loses are done");
		tap_number(failures, 0, "as it has failed");
		tap_number(harness_kind(call), RDAPI_ERR_INTERNAL, "%s",
				   harness_message(call));
		tap_number(harness_kind(other), RDAPI_ERR_INTERNAL,
				   "a create that was not sent is not unknown");
		rdapi_call_free(call);
		rdapi_call_free(other);
		call = harness_run(fixture.client, harness_list());
		tap_number(harness_kind(call), RDAPI_ERR_NONE, "the next one succeeds");
		rdapi_call_free(call);
	}
	harness_tear_down(&fixture);
}

int
main(void)
{
	int			before = harness_descriptors();

	test_given_up(30, 2);
	test_given_up(200, 3);
	test_alive();
	test_timed_out();
	test_without_http2();
	test_broken();
	tap_number(harness_descriptors(), before, "no descriptor is left open");
	return tap_done();
}
