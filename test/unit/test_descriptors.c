/*-------------------------------------------------------------------------
 *
 * test_descriptors.c
 *	  Descriptors are counted, given back, and not handed on to programs.
 *
 *-------------------------------------------------------------------------
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "tap.h"

#define MAX_FD		100

static int	limit = 0;
static int	used = 0;
static int	refused = 0;

static bool
acquire(void)
{
	if (used >= limit)
	{
		refused++;
		return false;
	}
	used++;
	return true;
}

static void
release(void)
{
	used--;
}

static bool
answer(Received *received, void *arg)
{
	server_sleep(received, *(int *) arg);
	return server_answer(received, 200, "", "{}");
}

/* Each open descriptor's flags, -1: it is not open. */
static void
look(int *flags)
{
	int			fd;

	for (fd = 0; fd < MAX_FD; fd++)
		flags[fd] = fcntl(fd, F_GETFD);
}

/* Is it a connection that the server has accepted? */
static bool
is_servers(int fd, const Server *server)
{
	struct sockaddr_in address;
	socklen_t	size = sizeof(address);
	const char *port = strrchr(server_url(server), ':');

	return getsockname(fd, (struct sockaddr *) &address, &size) == 0 &&
		address.sin_family == AF_INET &&
		ntohs(address.sin_port) == atoi(port + 1);
}

static void
set_up(Fixture *fixture, int *delay_ms)
{
	harness_set_up(fixture, answer, delay_ms);
	fixture->config.acquire_descriptor = acquire;
	fixture->config.release_descriptor = release;
	fixture->config.max_retries = 5;
	harness_set_up_client(fixture);
	refused = 0;
}

static void
test_count(void)
{
	int			delay_ms = 0;
	int			before[MAX_FD];
	int			after[MAX_FD];
	int			opened = 0;
	int			inherited = 0;
	Fixture		fixture;
	RdapiCall  *call;
	int			fd;

	limit = 100;
	set_up(&fixture, &delay_ms);
	look(before);
	tap_number(used, 0, "an idle client has nothing open");
	call = harness_run(fixture.client, harness_list());
	look(after);
	for (fd = 0; fd < MAX_FD; fd++)
	{
		if (before[fd] >= 0 || after[fd] < 0 ||
			is_servers(fd, fixture.server))
			continue;
		opened++;
		if (!(after[fd] & FD_CLOEXEC))
			inherited++;
	}
	tap_ok(opened > 0 && used >= opened, "%d of %d descriptors are counted",
		   used, opened);
	tap_number(inherited, 0, "no program inherits one");

	tap_ok(rdapi_client_close(fixture.client), "an idle client is closed");
	tap_number(used, 0, "and gives back all");
	tap_ok(!rdapi_client_close(fixture.client), "nothing is left to close");
	tap_number(rdapi_client_descriptor(fixture.client), -1,
			   "not even a descriptor to wait on");
	rdapi_client_drive(fixture.client);
	rdapi_client_wake(fixture.client);
	rdapi_client_attend(fixture.client, true);
	rdapi_client_leave(fixture.client);
	rdapi_call_free(call);

	call = harness_submit(fixture.client, harness_list());
	tap_ok(!rdapi_client_close(fixture.client), "one at work is not closed");
	tap_ok(harness_wait(fixture.client, call, 5000) &&
		   harness_kind(call) == RDAPI_ERR_NONE,
		   "one that was closed works again");
	rdapi_call_free(call);
	tap_number((long long) rdapi_client_stats(fixture.client)->requests, 2,
			   "and has not forgotten its counts");
	rdapi_client_free(fixture.client);
	tap_number(used, 0, "one that is freed gives back all, too");
	server_stop(fixture.server);
}

/* However few there are: nothing is left open, and nothing hangs. */
static void
test_too_few(void)
{
	int			delay_ms = 0;
	int			open;

	for (open = 0; open < 5; open++)
	{
		Fixture		fixture;
		RdapiError	error;
		RdapiCall  *call;

		limit = open;
		set_up(&fixture, &delay_ms);
		rdapi_error_clear(&error);
		call = rdapi_client_submit(fixture.client, harness_create("x"),
								   &error);
		if (call != NULL)
		{
			harness_wait(fixture.client, call, 5000);
			error = *rdapi_call_error(call);
		}
		tap_number(error.kind, RDAPI_ERR_DESCRIPTORS,
				   "with %d descriptors: %s", open, error.message);
		tap_number(refused, 1, "which is not asked for again");
		tap_number((long long) rdapi_client_stats(fixture.client)->requests,
				   0, "it counts as no request");
		tap_number((long long) rdapi_client_stats(fixture.client)->failures,
				   0, "nor as one that failed");
		tap_ok(call == NULL || rdapi_call_stats(call).tries == 0,
			   "nor as a try");
		tap_number(server_connections(fixture.server), 0, "nothing is sent");
		rdapi_call_free(call);
		rdapi_client_free(fixture.client);
		tap_number(used, 0, "all are given back");
		server_stop(fixture.server);
	}
}

/* Those that there are serve all, one after the other. */
static void
test_turns(void)
{
	int			delay_ms = 10;
	Fixture		fixture;
	RdapiCall  *calls[8];
	int			i;
	int			good = 0;

	limit = 6;
	set_up(&fixture, &delay_ms);
	for (i = 0; i < 8; i++)
		calls[i] = harness_submit(fixture.client, harness_list());
	tap_ok(harness_wait_all(fixture.client, 10000), "calls for more sockets");
	for (i = 0; i < 8; i++)
	{
		good += harness_kind(calls[i]) == RDAPI_ERR_NONE;
		rdapi_call_free(calls[i]);
	}
	tap_number(good, 8, "than there are take turns");
	tap_ok(refused > 0, "as some were refused");
	tap_ok(server_connections(fixture.server) <= 2, "and share two");
	harness_tear_down(&fixture);
}

/*
 * Waiting for the client's own sockets is no retry: it needs no leave to make
 * any, and is not counted.
 */
static void
test_no_retry(void)
{
	int			delay_ms = 10;
	Fixture		fixture;
	RdapiCall  *calls[8];
	int			i;
	int			good = 0;
	int			tries = 0;

	limit = 6;
	set_up(&fixture, &delay_ms);
	fixture.config.max_retries = 0;
	harness_set_up_client(&fixture);
	refused = 0;
	for (i = 0; i < 8; i++)
		calls[i] = harness_submit(fixture.client, harness_create("x"));
	tap_ok(harness_wait_all(fixture.client, 10000), "where none is retried");
	for (i = 0; i < 8; i++)
	{
		good += harness_kind(calls[i]) == RDAPI_ERR_NONE;
		tries += rdapi_call_stats(calls[i]).tries;
		rdapi_call_free(calls[i]);
	}
	tap_number(good, 8, "calls take turns, too");
	tap_ok(refused > 0, "as some were refused");
	tap_number(tries, 8, "each in one try");
	tap_number((long long) rdapi_client_stats(fixture.client)->requests, 8,
			   "which is counted");
	tap_number((long long) rdapi_client_stats(fixture.client)->retries, 0,
			   "and no more");
	tap_number(server_requests(fixture.server), 8, "the server sees as many");
	harness_tear_down(&fixture);
}

static bool
answer_first_never(Received *received, void *arg)
{
	(void) arg;
	if (received->number == 1)
		server_sleep(received, 20000);
	else
		server_sleep(received, 200);
	return server_answer(received, 200, "", "{}");
}

/*
 * The same where what a new pool needs is not there, as long as an old one has
 * it: calls wait for what is under way in that.
 */
static void
test_pool(void)
{
	Fixture		fixture;
	RdapiCall  *calls[3];

	limit = 6;
	harness_set_up(&fixture, answer_first_never, NULL);
	fixture.config.acquire_descriptor = acquire;
	fixture.config.release_descriptor = release;
	fixture.config.request_timeout_ms = 300;
	harness_set_up_client(&fixture);
	calls[0] = harness_submit(fixture.client, harness_list());
	rdapi_client_drive(fixture.client);
	harness_wait(fixture.client, calls[0], 200);
	calls[1] = harness_submit(fixture.client, harness_list());
	harness_wait(fixture.client, calls[0], 5000);
	tap_number(harness_kind(calls[0]), RDAPI_ERR_TIMEOUT,
			   "a call that times out leaves another one behind");
	refused = 0;
	calls[2] = harness_submit(fixture.client, harness_list());
	tap_ok(harness_wait_all(fixture.client, 5000), "beside which there is none");
	tap_ok(refused > 0, "for another pool");
	tap_number(harness_kind(calls[1]), RDAPI_ERR_NONE, "it ends");
	tap_number(harness_kind(calls[2]), RDAPI_ERR_NONE, "and the next one, too");
	rdapi_call_free(calls[0]);
	rdapi_call_free(calls[1]);
	rdapi_call_free(calls[2]);
	harness_tear_down(&fixture);
}

/* No request comes, as TLS is never agreed on. */
static bool
answer_nobody(Received *received, void *arg)
{
	(void) received;
	(void) arg;
	return false;
}

/*
 * A call that is still connecting when its pool is retired, and then found
 * late by libcurl's own clock, begins anew in another pool.  Where "lacking",
 * there is no descriptor for one, which is what is told; otherwise those of the
 * old pool will do.
 */
static void
test_anew(bool lacking)
{
	Fixture		fixture;
	RdapiCall  *calls[2];
	char		url[64];

	limit = 6;
	harness_set_up(&fixture, answer_nobody, NULL);
	snprintf(url, sizeof(url), "https:%s",
			 strchr(server_url(fixture.server), '/'));
	fixture.config.base_url = url;
	fixture.config.acquire_descriptor = acquire;
	fixture.config.release_descriptor = release;
	fixture.config.connect_timeout_ms = 400;
	harness_set_up_client(&fixture);
	calls[0] = harness_submit(fixture.client, harness_list());
	harness_wait(fixture.client, calls[0], 200);
	calls[1] = harness_submit(fixture.client, harness_create("x"));
	harness_wait(fixture.client, calls[0], 5000);
	tap_number(harness_kind(calls[0]), RDAPI_ERR_CONNECT,
			   "a call that cannot connect leaves one that connects behind");
	usleep(600 * 1000);
	tap_number(used, 5, "which is still at it after an absence");
	limit = lacking ? 0 : 5;
	refused = 0;
	harness_wait(fixture.client, calls[1], 50);
	if (lacking)
	{
		tap_number(harness_kind(calls[1]), RDAPI_ERR_DESCRIPTORS,
				   "it fails where there is no descriptor to begin anew: %s",
				   harness_message(calls[1]));
		tap_ok(!rdapi_call_may_be_done(calls[1]), "and was not done");
	}
	else
	{
		tap_number(refused, 0, "to begin anew it takes those that it had");
		tap_ok(!rdapi_call_is_done(calls[1]), "and goes on");
	}
	rdapi_call_free(calls[0]);
	rdapi_call_free(calls[1]);
	harness_tear_down(&fixture);
	tap_number(used, 0, "all are given back then");
}

/* Sockets that were never connected are given back as well. */
static void
test_unconnected(void)
{
	int			delay_ms = 0;
	Fixture		fixture;
	RdapiCall  *call;
	int			idle;
	int			i;

	limit = 100;
	set_up(&fixture, &delay_ms);
	rdapi_call_free(harness_run(fixture.client, harness_list()));
	idle = used;
	for (i = 0; i < 5; i++)
	{
		RdapiCall  *other = harness_submit(fixture.client, harness_list());

		call = harness_submit(fixture.client, harness_list());
		rdapi_client_drive(fixture.client);
		rdapi_call_free(call);
		harness_wait_all(fixture.client, 5000);
		rdapi_call_free(other);
	}
	tap_ok(used <= idle, "calls given up while they connect leave nothing");
	server_stop(fixture.server);
	fixture.config.max_retries = 0;
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_CONNECT, "nor does %s",
			   harness_message(call));
	tap_ok(used <= idle, "what could not connect");
	rdapi_call_free(call);
	rdapi_client_free(fixture.client);
	tap_number(used, 0, "and all is given back");
}

/* The system may have fewer than those who count know of. */
static void
test_system(void)
{
	int			delay_ms = 0;
	struct rlimit before;
	struct rlimit now;
	RdapiError	error;
	int			more = 0;

	limit = 100;
	getrlimit(RLIMIT_NOFILE, &before);
	do
	{
		Fixture		fixture;
		RdapiCall  *call;
		int			first;

		set_up(&fixture, &delay_ms);
		first = dup(0);
		close(first);
		now = before;
		now.rlim_cur = (rlim_t) (first + more);
		setrlimit(RLIMIT_NOFILE, &now);
		rdapi_error_clear(&error);
		call = rdapi_client_submit(fixture.client, harness_list(), &error);
		if (call != NULL)
		{
			harness_wait(fixture.client, call, 5000);
			if (rdapi_call_error(call) != NULL)
				error = *rdapi_call_error(call);
		}
		setrlimit(RLIMIT_NOFILE, &before);
		tap_ok(error.kind == RDAPI_ERR_DESCRIPTORS ||
			   (error.kind == RDAPI_ERR_NONE && more > 1),
			   "with %d more than are open: %s", more, error.message);
		rdapi_call_free(call);
		rdapi_client_free(fixture.client);
		tap_number(used, 0, "all are given back");
		server_stop(fixture.server);
		more++;
	} while (error.kind == RDAPI_ERR_DESCRIPTORS && more < 10);
	tap_number(error.kind, RDAPI_ERR_NONE, "with enough it works");
}

int
main(void)
{
	int			before = harness_descriptors();

	test_count();
	test_too_few();
	test_turns();
	test_no_retry();
	test_pool();
	test_anew(true);
	test_anew(false);
	test_unconnected();
	test_system();
	tap_number(harness_descriptors(), before, "no descriptor is left open");
	return tap_done();
}
