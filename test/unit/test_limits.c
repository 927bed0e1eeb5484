/*-------------------------------------------------------------------------
 *
 * test_limits.c
 *	  The client's limits: requests in flight, per second, and when the
 *	  server says that they are too many; and its descriptor.
 *
 *-------------------------------------------------------------------------
 */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "tap.h"

#define MAX_CALLS	64

/* Answers after a while. */
static bool
answer_slowly(Received *received, void *arg)
{
	server_sleep(received, *(int *) arg);
	return server_answer(received, 200, "", "{}");
}

static void
submit_lists(RdapiClient *client, RdapiCall **calls, int n)
{
	int			i;

	for (i = 0; i < n; i++)
		calls[i] = harness_submit(client, harness_list());
}

/* Frees them; how many had succeeded? */
static int
free_calls(RdapiCall **calls, int n)
{
	int			nsuccesses = 0;
	int			i;

	for (i = 0; i < n; i++)
	{
		if (rdapi_call_is_done(calls[i]) && rdapi_call_error(calls[i]) == NULL)
			nsuccesses++;
		rdapi_call_free(calls[i]);
	}
	return nsuccesses;
}

static void
test_concurrency(void)
{
	int			delay_ms = 50;
	Server	   *server = server_start(answer_slowly, &delay_ms);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *calls[40];
	int64_t		start_ms;
	int64_t		elapsed_ms;

	config.concurrency = 8;
	client = harness_client(&config);
	submit_lists(client, calls, 40);
	tap_number(rdapi_client_pending(client), 40, "40 requests are pending");
	start_ms = harness_now_ms();
	tap_ok(harness_wait_all(client, 10000), "all are answered");
	elapsed_ms = harness_now_ms() - start_ms;
	tap_number(free_calls(calls, 40), 40, "well");
	tap_number(server_most_in_flight(server), 8,
			   "8 at a time, and no more than that");
	tap_ok(elapsed_ms >= 240 && elapsed_ms < 1500,
		   "they took five rounds (%d ms)", (int) elapsed_ms);
	tap_number(server_connections(server), 8, "over eight connections");
	rdapi_client_free(client);
	server_stop(server);
}

/* Remembers the order in which requests came. */
typedef struct Order
{
	int			n;
	char		names[MAX_CALLS][32];
} Order;

static bool
answer_in_order(Received *received, void *arg)
{
	Order	   *order = arg;

	snprintf(order->names[order->n], sizeof(order->names[0]), "%s",
			 received->body);
	order->n++;
	return server_answer(received, 201, "", "{}");
}

static void
test_order(void)
{
	static const char *const names[] = {"a", "b", "c", "d", "e"};
	Order		order = {0};
	Server	   *server = server_start(answer_in_order, &order);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *calls[5];
	int			i;

	config.concurrency = 1;
	client = harness_client(&config);
	for (i = 0; i < 5; i++)
		calls[i] = harness_submit(client, harness_create(names[i]));
	harness_wait_all(client, 5000);
	tap_number(free_calls(calls, 5), 5, "five creates succeed");
	rdapi_client_free(client);
	server_stop(server);
	for (i = 0; i < 5; i++)
		tap_equal(strrchr(order.names[i], '=') + 1, names[i],
				  "number %d came as it was submitted", i + 1);
}

static void
test_rate(void)
{
	int			delay_ms = 0;
	Server	   *server = server_start(answer_slowly, &delay_ms);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *calls[11];
	int64_t		start_ms = harness_now_ms();
	int64_t		elapsed_ms;
	int			wakeups = harness_wakeups();

	config.max_requests_per_second = 20;
	client = harness_client(&config);
	submit_lists(client, calls, 11);
	harness_wait_all(client, 5000);
	elapsed_ms = harness_now_ms() - start_ms;
	tap_number(free_calls(calls, 11), 11, "11 requests at 20 a second");
	tap_ok(elapsed_ms >= 490 && elapsed_ms < 1500,
		   "take ten intervals of 50 ms (%d ms)", (int) elapsed_ms);
	tap_ok(harness_wakeups() - wakeups < 150, "without spinning meanwhile");
	rdapi_client_free(client);
	server_stop(server);
}

/* A server that has room for two requests at a time, and refuses others. */
typedef struct Narrow
{
	pthread_mutex_t lock;
	int			in_flight;
	int			nrefused;
} Narrow;

static bool
answer_narrowly(Received *received, void *arg)
{
	Narrow	   *narrow = arg;
	bool		refused;

	pthread_mutex_lock(&narrow->lock);
	refused = narrow->in_flight >= 2;
	if (refused)
		narrow->nrefused++;
	else
		narrow->in_flight++;
	pthread_mutex_unlock(&narrow->lock);
	if (refused)
		return server_answer(received, 429, "", "");
	server_sleep(received, 10);
	pthread_mutex_lock(&narrow->lock);
	narrow->in_flight--;
	pthread_mutex_unlock(&narrow->lock);
	return server_answer(received, 200, "", "{}");
}

static void
test_throttled(void)
{
	Narrow		narrow = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
	Server	   *server = server_start(answer_narrowly, &narrow);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *calls[MAX_CALLS];

	config.concurrency = 16;
	config.max_retries = 20;
	client = harness_client(&config);
	submit_lists(client, calls, MAX_CALLS);
	tap_ok(harness_wait_all(client, 14000),
		   "a server with room for two answers all of 64 requests");
	tap_number(free_calls(calls, MAX_CALLS), MAX_CALLS, "well");
	tap_ok(narrow.nrefused < 60, "after few refusals (%d)", narrow.nrefused);
	tap_number((long long) rdapi_client_stats(client)->throttled,
			   narrow.nrefused, "all of which are counted");
	rdapi_client_free(client);
	server_stop(server);
}

/* Is the descriptor readable now, or within that time? */
static bool
readable(const RdapiClient *client, int ms)
{
	struct pollfd waited = {.events = POLLIN};

	waited.fd = rdapi_client_descriptor(client);
	return poll(&waited, 1, ms) > 0;
}

static void
test_descriptor(void)
{
	int			delay_ms = 200;
	Server	   *server = server_start(answer_slowly, &delay_ms);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client = harness_client(&config);
	RdapiCall  *call;
	int			descriptor;
	int			nwakeups = harness_wakeups();

	tap_number(rdapi_client_descriptor(client), -1,
			   "an idle client has no descriptor");
	call = harness_submit(client, harness_list());
	descriptor = rdapi_client_descriptor(client);
	tap_ok(readable(client, 0), "it is readable once a call is submitted");
	tap_ok(readable(client, 0), "and stays so until the client is driven");
	tap_number(server_connections(server), 0, "nothing is done before");
	tap_ok(harness_wait(client, call, 5000), "the call ends");
	tap_ok(harness_wakeups() - nwakeups < 20, "with few wakeups (%d)",
		   harness_wakeups() - nwakeups);
	tap_ok(!readable(client, 300), "then the descriptor is quiet again");

	/* A caller that shares the client may be about to wait, and be slow. */
	rdapi_client_wake(client);
	usleep(5000);
	rdapi_client_attend(client, true);
	tap_ok(readable(client, 0), "one that was woken stays so");
	rdapi_client_drive(client);
	tap_ok(!readable(client, 50), "until it is driven");
	tap_number(rdapi_client_descriptor(client), descriptor,
			   "and is the one that it was");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

/* Who has been woken stays so until he drives the client, waits or no waits. */
static void
test_wake(void)
{
	int			delay_ms = 500;
	Server	   *server = server_start(answer_slowly, &delay_ms);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client = harness_client(&config);
	RdapiCall  *call = harness_submit(client, harness_list());

	tap_ok(!harness_wait(client, call, 100), "a call under way");
	tap_ok(!readable(client, 0), "wakes nobody yet");
	rdapi_client_wake(client);
	tap_ok(readable(client, 0), "another caller can do so");
	usleep(5000);
	rdapi_client_attend(client, true);
	tap_ok(readable(client, 0), "which outlasts the beginning of a wait");
	rdapi_client_leave(client);
	usleep(5000);
	rdapi_client_attend(client, true);
	tap_ok(readable(client, 0), "and its end");
	rdapi_client_drive(client);
	tap_ok(!readable(client, 0), "but not that it is driven");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

static int	nended = 0;
static const void *told = NULL;
static int	last_status = -1;
static int	last_tries = -1;

static void
note_end(const RdapiCall *call, const void *arg)
{
	told = arg;
	nended++;
	last_status = rdapi_call_http_status(call);
	last_tries = rdapi_call_stats(call).tries;
}

/* Each call that was begun ends once, however it does. */
static void
test_ends(void)
{
	int			delay_ms = 300;
	Server	   *server = server_start(answer_slowly, &delay_ms);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *calls[3];

	config.concurrency = 1;
	config.call_ended = note_end;
	config.call_ended_arg = &config;
	client = harness_client(&config);
	calls[0] = harness_submit(client, harness_list());
	tap_number(nended, 0, "a call has not ended");
	harness_wait(client, calls[0], 5000);
	tap_ok(nended == 1 && last_status == 200 && last_tries == 1,
		   "it ends with its answer");
	rdapi_call_free(calls[0]);
	tap_number(nended, 1, "and once");
	tap_ok(told == &config, "as whoever made the client is told");

	calls[0] = harness_submit(client, harness_list());
	calls[1] = harness_submit(client, harness_list());
	calls[2] = harness_submit(client, harness_list());
	harness_wait(client, calls[0], 20);
	rdapi_call_free(calls[2]);
	tap_number(nended, 1, "what was not begun does not end");
	rdapi_call_free(calls[0]);
	tap_ok(nended == 2 && last_status == 0 && last_tries == 1,
		   "what is freed before its answer ends then");
	harness_wait(client, calls[1], 20);
	rdapi_client_free(client);
	tap_number(nended, 3, "or with its client");
	rdapi_call_free(calls[1]);
	tap_number(nended, 3, "which is its end");
	server_stop(server);
}

int
main(void)
{
	int			before = harness_descriptors();

	test_concurrency();
	test_order();
	test_rate();
	test_throttled();
	test_descriptor();
	test_wake();
	test_ends();
	tap_number(harness_descriptors(), before, "no descriptor is left open");
	return tap_done();
}
