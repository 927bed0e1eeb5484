/*-------------------------------------------------------------------------
 *
 * test_times.c
 *	  Deadlines: they run while the caller waits, and only then.
 *
 *-------------------------------------------------------------------------
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "tap.h"

#define NFILLERS	4

static bool
answer_never(Received *received, void *arg)
{
	(void) arg;
	server_sleep(received, 20000);
	return false;
}

static bool
answer_soon(Received *received, void *arg)
{
	(void) arg;
	server_sleep(received, 100);
	return server_answer(received, 201, "", "{}");
}

/* A caller that does something else for longer than the time allowed. */
static void
test_absence(void)
{
	Server	   *server = server_start(answer_soon, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;

	config.request_timeout_ms = 300;
	config.retry_budget_ms = 600;
	client = harness_client(&config);
	call = harness_submit(client, harness_create("x"));
	tap_ok(!harness_wait(client, call, 20), "a create is in flight");
	usleep(2000 * 1000);
	tap_ok(harness_wait(client, call, 200), "it is done after an absence");
	tap_ok(rdapi_call_error(call) == NULL,
		   "an answer that came meanwhile counts: %s",
		   rdapi_call_error(call) == NULL ? "" : harness_message(call));
	tap_number(rdapi_call_stats(call).tries, 1, "after one try");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

/* Half of the answer at once, the rest when the caller is back. */
static bool
answer_in_halves(Received *received, void *arg)
{
	static const char half[] =
	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{";

	(void) arg;
	if (received->number > 1)
		return server_answer(received, 200, "", "{}");
	if (!server_send(received, half, sizeof(half) - 1))
		return false;
	server_sleep(received, 2300);
	return server_send(received, "}", 1);
}

/* Such a caller has other calls to hand over, or to give up, on its return. */
static void
test_absence_of_several(void)
{
	Server	   *server = server_start(answer_in_halves, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;
	RdapiCall  *other;

	config.request_timeout_ms = 600;
	config.retry_budget_ms = 1000;
	client = harness_client(&config);
	call = harness_submit(client, harness_list());
	tap_ok(!harness_wait(client, call, 20), "a call is in flight");
	usleep(2000 * 1000);
	other = harness_submit(client, harness_list());
	tap_ok(harness_wait_all(client, 1000),
		   "it and a new one are done after an absence");
	tap_ok(rdapi_call_error(call) == NULL && rdapi_call_error(other) == NULL,
		   "both well");
	tap_number(rdapi_call_stats(call).tries, 1, "the first one in one try");
	rdapi_call_free(other);
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

/* Tells the truth only to those who ask again. */
static bool
break_off(Received *received, void *arg)
{
	(void) arg;
	if (received->number > 1)
		return server_answer(received, 200, "", "{}");
	server_sleep(received, 100);
	return false;
}

/* What failed while the caller was away can still be tried again. */
static void
test_broken_in_absence(void)
{
	Server	   *server = server_start(break_off, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;

	config.request_timeout_ms = 300;
	config.retry_budget_ms = 1000;
	config.max_retries = 1;
	client = harness_client(&config);
	call = harness_submit(client, harness_list());
	tap_ok(!harness_wait(client, call, 20), "another call is in flight");
	usleep(2000 * 1000);
	tap_ok(harness_wait(client, call, 1000) && rdapi_call_error(call) == NULL,
		   "a connection that broke in an absence is not the end of it");
	tap_number(rdapi_call_stats(call).tries, 2, "after two tries");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

/*
 * A caller that hands over a call now and then, and is away in between: each
 * time for longer than a request may take, and no longer than a second.
 */
static void
test_short_absences(void)
{
	Server	   *server = server_start(answer_soon, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *calls[3];
	int			i;

	config.request_timeout_ms = 300;
	config.retry_budget_ms = 300;
	config.max_retries = 0;
	client = harness_client(&config);
	for (i = 0; i < 3; i++)
	{
		calls[i] = harness_submit(client, harness_create("x"));
		rdapi_client_drive(client);
		usleep(700 * 1000);
	}
	tap_ok(harness_wait_all(client, 1000), "calls handed over now and then");
	for (i = 0; i < 3; i++)
	{
		tap_number(harness_kind(calls[i]), RDAPI_ERR_NONE,
				   "call %d is done: %s", i,
				   harness_kind(calls[i]) == RDAPI_ERR_NONE ? "" :
				   harness_message(calls[i]));
		rdapi_call_free(calls[i]);
	}
	rdapi_client_free(client);
	server_stop(server);
}

/* What was waited for before an absence counts after it. */
static void
test_rest(void)
{
	Server	   *server = server_start(answer_never, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;
	int64_t		start_ms;

	config.request_timeout_ms = 600;
	config.max_retries = 0;
	client = harness_client(&config);
	call = harness_submit(client, harness_list());
	tap_ok(!harness_wait(client, call, 400), "a call that is waited for");
	usleep(900 * 1000);
	start_ms = harness_now_ms();
	tap_ok(harness_wait(client, call, 5000), "and again after an absence");
	tap_number(harness_kind(call), RDAPI_ERR_TIMEOUT, "%s",
			   harness_message(call));
	tap_ok(harness_now_ms() - start_ms >= 150 &&
		   harness_now_ms() - start_ms < 500,
		   "has the rest of its time, and no more: %d ms",
		   (int) (harness_now_ms() - start_ms));
	tap_ok(rdapi_call_stats(call).elapsed_ms >= 1400,
		   "although it took longer");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

/*
 * A server that takes no connection until its queue is emptied: then TCP gets
 * through at its next attempt, a second after the first.
 */
typedef struct FullServer
{
	int			listener;
	int			fillers[NFILLERS];
	char		url[64];
} FullServer;

static void
full_server_start(FullServer *server)
{
	struct sockaddr_in address;
	socklen_t	size = sizeof(address);
	int			i;

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (server->listener < 0 ||
		bind(server->listener, (struct sockaddr *) &address, size) != 0 ||
		listen(server->listener, 0) != 0 ||
		getsockname(server->listener, (struct sockaddr *) &address, &size) != 0)
		exit(EXIT_FAILURE);
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d",
			 ntohs(address.sin_port));
	for (i = 0; i < NFILLERS; i++)
	{
		server->fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(server->fillers[i], (struct sockaddr *) &address, size) != 0
			&& errno != EINPROGRESS)
			exit(EXIT_FAILURE);
	}
	usleep(50 * 1000);
}

/* Take the connections that are there, and forget them. */
static void
full_server_empty(FullServer *server)
{
	int			i;

	for (i = 0; i < NFILLERS; i++)
		close(server->fillers[i]);
	while ((i = accept(server->listener, NULL, NULL)) >= 0)
		close(i);
}

static void
test_connecting(void)
{
	FullServer	server;
	RdapiClientConfig config;
	RdapiClient *client;
	RdapiCall  *call;
	int64_t		start_ms = harness_now_ms();

	full_server_start(&server);
	config = harness_config(server.url);
	config.connect_timeout_ms = 300;
	config.request_timeout_ms = 10000;
	config.max_retries = 0;
	client = harness_client(&config);
	call = harness_run(client, harness_create("x"));
	tap_number(harness_kind(call), RDAPI_ERR_CONNECT, "%s",
			   harness_message(call));
	tap_ok(strstr(harness_message(call), "no connection within 300 ms") != NULL,
		   "a connection has its own time");
	tap_ok(harness_now_ms() - start_ms < 3000, "and no more than that");
	rdapi_call_free(call);

	call = harness_submit(client, harness_list());
	rdapi_client_drive(client);
	full_server_empty(&server);

	/* It is asked for again after a second, which is soon after the absence. */
	usleep(850 * 1000);
	tap_ok(!harness_wait(client, call, 200),
		   "a connection that takes longer than an absence is waited for");
	tap_ok(rdapi_client_stats(client)->requests == 2 &&
		   rdapi_client_stats(client)->failures == 1, "at the first try");
	rdapi_call_free(call);
	rdapi_client_free(client);
	close(server.listener);
}

int
main(void)
{
	int			before = harness_descriptors();

	test_absence();
	test_absence_of_several();
	test_broken_in_absence();
	test_short_absences();
	test_rest();
	test_connecting();
	tap_number(harness_descriptors(), before, "no descriptor is left open");
	return tap_done();
}
