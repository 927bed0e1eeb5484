/*-------------------------------------------------------------------------
 *
 * test_begun.c
 *	  Whether a call may have been done, wherever it stands, and how calls are
 *	  taken back.
 *
 *-------------------------------------------------------------------------
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "tap.h"

static bool
answer_never(Received *received, void *arg)
{
	(void) arg;
	server_sleep(received, 30000);
	return false;
}

/* That status, and a retry in some time. */
static bool
answer_status(Received *received, void *arg)
{
	return server_answer(received, *(const int *) arg, "Retry-After: 1\r\n",
						 "");
}

/* Begin what there is to begin, until the server has so many requests. */
static void
wait_for_requests(RdapiClient *client, Server *server, const RdapiCall *call,
				  int requests)
{
	int			i;

	for (i = 0; i < 500 && server_requests(server) < requests; i++)
		(void) harness_wait(client, call, 10);
	tap_number(server_requests(server), requests, "%d requests have come",
			   requests);
}

/* Drive the client without beginning anything, for some time. */
static void
drive_begun(RdapiClient *client, int ms)
{
	int64_t		end_ms = harness_now_ms() + ms;

	while (harness_now_ms() < end_ms)
		rdapi_client_drive_begun(client);
}

/* In the client's queue, and waiting for its connection; then under way. */
static void
test_on_its_way(void)
{
	Server	   *server = server_start(answer_never, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *first;
	RdapiCall  *second;

	config.concurrency = 1;
	client = harness_client(&config);
	first = harness_submit(client, harness_create("first"));
	second = harness_submit(client, harness_create("second"));
	tap_ok(!rdapi_call_may_be_done(first), "a call that was submitted: no");
	tap_ok(!rdapi_call_is_sending(first), "nor is it being sent");
	rdapi_client_drive_begun(client);
	tap_number(rdapi_call_stats(first).tries, 0,
			   "it is not begun by driving what is");
	rdapi_client_drive(client);
	tap_number(rdapi_call_stats(first).tries, 1, "but by driving all");
	tap_ok(!rdapi_call_may_be_done(first),
		   "one that waits for its connection: no");
	tap_ok(rdapi_call_is_sending(first), "but its time runs");

	wait_for_requests(client, server, first, 1);
	tap_ok(rdapi_call_may_be_done(first), "one that was sent: yes");
	tap_ok(!rdapi_call_is_sending(first), "all of it was");
	tap_ok(!rdapi_call_may_be_done(second),
		   "one that waits for its turn: no");
	rdapi_call_give_up(first);
	tap_ok(!rdapi_call_is_done(first), "what is in flight is not given up");
	rdapi_call_give_up(second);
	tap_number(harness_kind(second), RDAPI_ERR_INTERNAL,
			   "what has not begun is");
	tap_ok(!rdapi_call_may_be_done(second), "and it was not done");

	rdapi_client_free(client);
	tap_number(harness_kind(first), RDAPI_ERR_UNKNOWN,
			   "a create under way when its client is closed: unknown");
	tap_ok(rdapi_call_may_be_done(first), "it may have been done");
	rdapi_call_free(first);
	rdapi_call_free(second);
	server_stop(server);
}

/* Who waits for what has begun is not woken for what has not. */
static void
test_wakeups(void)
{
	Server	   *server = server_start(answer_never, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client = harness_client(&config);
	RdapiCall  *call = harness_submit(client, harness_create("x"));
	struct pollfd waited = {.events = POLLIN};

	waited.fd = rdapi_client_descriptor(client);
	rdapi_client_drive_begun(client);
	usleep(5000);
	rdapi_client_attend(client, false);
	tap_number(poll(&waited, 1, 50), 0,
			   "a call to begin wakes nobody who does not begin it");
	rdapi_client_leave(client);
	rdapi_client_attend(client, true);
	tap_number(poll(&waited, 1, 1000), 1, "but who does");
	rdapi_client_leave(client);
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

/* A retry to come; whether the call may be done depends on the last answer. */
static void
test_retry(int status, RdapiRequest *request, RdapiErrorKind kind)
{
	bool		doubt = kind == RDAPI_ERR_UNKNOWN;
	Server	   *server = server_start(answer_status, &status);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;

	config.max_retries = 5;
	client = harness_client(&config);
	call = harness_submit(client, request);
	wait_for_requests(client, server, call, 1);
	while (rdapi_client_stats(client)->bytes_received == 0)
		(void) harness_wait(client, call, 10);
	tap_ok(!rdapi_call_is_done(call), "%d: a retry is to come", status);
	tap_ok(rdapi_call_may_be_done(call) == doubt, "may be done: %s",
		   doubt ? "yes" : "no");
	tap_ok(!rdapi_call_is_sending(call), "the retry is not being sent");

	drive_begun(client, 1500);
	tap_number(server_requests(server), 1,
			   "nor is it, when it is due, by driving what is begun");
	rdapi_call_give_up(call);
	tap_number(harness_kind(call), kind, "given up: %s",
			   harness_message(call));
	tap_ok(rdapi_call_may_be_done(call) == doubt, "may be done: as before");
	tap_number(rdapi_client_pending(client), 0, "the client has forgotten it");
	rdapi_client_drive(client);
	tap_number(server_requests(server), 1, "and does not send it");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

static RdapiRequest *
large_file(size_t length)
{
	RdapiError	error;
	RdapiRequest *request;
	char	   *data = calloc(1, length);

	rdapi_error_clear(&error);
	request = rdapi_request_create(harness_target(), &error);
	if (data == NULL || request == NULL ||
		!rdapi_request_set_file(request, "File", "x.png", "image/png", data,
								length, &error))
		exit(EXIT_FAILURE);
	free(data);
	return request;
}

/* A body that is larger than what the system takes at once. */
static void
test_large_file(void)
{
	Server	   *server = server_start(answer_never, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client = harness_client(&config);
	RdapiCall  *call = harness_submit(client, large_file(50 * 1000 * 1000));
	int			i;
	bool		begun = false;
	bool		sending = false;

	for (i = 0; i < 100000 && !begun; i++)
	{
		rdapi_client_drive(client);
		begun = rdapi_call_may_be_done(call);
		sending = rdapi_call_is_sending(call);
	}
	tap_ok(begun, "a request with a large file: it may be done");
	tap_ok(sending, "before all of it is sent");
	for (i = 0; i < 2000 && rdapi_call_is_sending(call); i++)
		(void) harness_wait(client, call, 10);
	tap_ok(!rdapi_call_is_sending(call), "at last it is");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

int
main(void)
{
	test_on_its_way();
	test_wakeups();
	test_retry(429, harness_create("x"), RDAPI_ERR_THROTTLED);
	test_retry(429, harness_update("x"), RDAPI_ERR_THROTTLED);
	test_retry(503, harness_update("x"), RDAPI_ERR_UNKNOWN);
	test_retry(503, harness_delete(), RDAPI_ERR_UNKNOWN);
	test_large_file();
	return tap_done();
}
