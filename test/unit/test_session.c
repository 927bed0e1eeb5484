/*-------------------------------------------------------------------------
 *
 * test_session.c
 *	  Clients that share a session: whose credential goes with a request, how
 *	  they take turns, and that one wait is all of theirs.
 *
 *-------------------------------------------------------------------------
 */
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "tap.h"

#define NCLIENTS	3
#define NCALLS		6			/* of each client */

/* What the server has seen, in the order in which it came. */
typedef struct Seen
{
	int			delay_ms;
	int			n;
	int			client[NCLIENTS * NCALLS + 1];	/* by its credential */
	int			wrong;			/* requests of one with another's */
} Seen;

static int	max_sockets = 4;
static RdapiSession *session;
static RdapiClient *clients[NCLIENTS];
static const char *const names[NCLIENTS] = {"AC0", "AC1", "AC2"};

/* "AC0:pass-0" and so on, in base64. */
static const char *const credentials[NCLIENTS] = {
	"QUMwOnBhc3MtMA==", "QUMxOnBhc3MtMQ==", "QUMyOnBhc3MtMg=="
};

static const char *const passwords[NCLIENTS] = {"pass-0", "pass-1", "pass-2"};
static const char *const agents[NCLIENTS] = {
	"agent-0/1", "agent-1/1", "agent-2/1"
};

/* Each client has a path prefix of its own, by which it is known. */
static bool
look(Received *received, void *arg)
{
	Seen	   *seen = arg;
	int			client = received->target[2] - '0';

	if (strstr(received->head, credentials[client]) == NULL ||
		strstr(received->head, agents[client]) == NULL)
		seen->wrong++;
	seen->client[seen->n++ % (NCLIENTS * NCALLS + 1)] = client;
	server_sleep(received, seen->delay_ms);
	return server_answer(received, 200, "", "{}");
}

static void
set_delay(Seen *seen, int delay_ms)
{
	seen->delay_ms = delay_ms;
}

static void
set_up_session(Server *server, RdapiClientConfig *config,
			   const RdapiSessionConfig *session_config)
{
	int			i;

	session = rdapi_session_new(session_config);
	for (i = 0; i < NCLIENTS; i++)
	{
		char		url[100];

		snprintf(url, sizeof(url), "%s/c%d", server_url(server), i);
		config->base_url = url;
		config->upload_url = url;
		config->username = names[i];
		config->password = passwords[i];
		config->user_agent = agents[i];
		config->session = session;
		clients[i] = harness_client(config);
	}
}

static void
set_up(Server *server, RdapiClientConfig *config)
{
	RdapiSessionConfig session_config = {0};

	session_config.max_sockets = &max_sockets;
	session_config.max_kept = 100;
	set_up_session(server, config, &session_config);
}

static void
tear_down(Server *server)
{
	int			i;

	for (i = 0; i < NCLIENTS; i++)
		rdapi_client_free(clients[i]);
	rdapi_session_free(session);
	server_stop(server);
}

/* Each handle and connection serves all, one after the other. */
static void
test_credentials(void)
{
	Seen		seen = {0};
	Server	   *server = server_start(look, &seen);
	RdapiClientConfig config = harness_config("");
	int			good = 0;
	int			i;

	max_sockets = 1;
	set_up(server, &config);
	for (i = 0; i < NCLIENTS * NCALLS; i++)
	{
		RdapiCall  *call = harness_run(clients[i * 2 % NCLIENTS],
									   harness_list());

		good += harness_kind(call) == RDAPI_ERR_NONE;
		rdapi_call_free(call);
	}
	tap_number(good, NCLIENTS * NCALLS, "calls of several clients");
	tap_number(server_connections(server), 1, "share a connection");
	tap_number(seen.wrong, 0, "and no credential, nor agent");
	tap_number(rdapi_client_descriptor(clients[0]),
			   rdapi_client_descriptor(clients[1]),
			   "they are waited for with one descriptor");
	tear_down(server);
}

/* One client has queued all of its calls before the others have one. */
static void
test_turns(void)
{
	Seen		seen = {0};
	Server	   *server = server_start(look, &seen);
	RdapiClientConfig config = harness_config("");
	RdapiCall  *calls[NCALLS + 2];
	int			i;

	seen.delay_ms = 10;
	max_sockets = 1;
	set_up(server, &config);
	for (i = 0; i < NCALLS; i++)
		calls[i] = harness_submit(clients[0], harness_list());
	rdapi_client_drive(clients[0]);
	calls[i++] = harness_submit(clients[1], harness_list());
	calls[i++] = harness_submit(clients[2], harness_list());
	tap_ok(harness_wait(clients[1], calls[NCALLS], 5000),
		   "a client that comes later is served");
	tap_ok(harness_wait(clients[2], calls[NCALLS + 1], 5000), "and another");
	tap_ok(!rdapi_call_is_done(calls[NCALLS - 1]),
		   "before the first has all of its calls");
	tap_ok(harness_wait_all(clients[0], 5000), "which it gets as well");
	tap_number(server_most_in_flight(server), 1,
			   "no more are in flight than there may be sockets");
	tap_number(server_connections(server), 1, "nor have there been");
	for (i = 0; i < NCALLS + 2; i++)
		rdapi_call_free(calls[i]);

	max_sockets = 2;
	for (i = 0; i < NCALLS; i++)
		calls[i] = harness_submit(clients[i % NCLIENTS], harness_list());
	for (i = 0; i < NCLIENTS; i++)
		tap_ok(harness_wait_all(clients[i], 5000), "client %d of several", i);
	tap_number(server_most_in_flight(server), 2, "has more of them");
	tap_number(server_connections(server), 2, "and no more");
	for (i = 0; i < NCALLS; i++)
		rdapi_call_free(calls[i]);

	max_sockets = 1;
	calls[0] = harness_submit(clients[0], harness_list());
	calls[1] = harness_submit(clients[1], harness_list());
	tap_ok(harness_wait_all(clients[0], 5000) &&
		   harness_wait_all(clients[1], 5000), "with fewer from now on");
	tap_number(server_connections(server), 3,
			   "those that are too many are closed");
	rdapi_call_free(calls[0]);
	rdapi_call_free(calls[1]);
	tear_down(server);
}

static int	open_now = 0;
static int	open_most = 0;
static int	open_limit = INT_MAX;	/* no more than that */
static int	refusals = 0;		/* for that reason */

/* So many refusals in a test mean that it would go on for ever. */
#define MAX_REFUSALS	1000

static bool
acquire(void)
{
	if (open_now >= open_limit)
	{
		if (++refusals < MAX_REFUSALS)
			return false;
		printf("Bail out! a descriptor is asked for again and again\n");
		exit(EXIT_FAILURE);
	}
	if (++open_now > open_most)
		open_most = open_now;
	return true;
}

static void
release(void)
{
	open_now--;
}

/* Connections that are kept to one server make room for those to another. */
static void
test_servers(void)
{
	Seen		seen = {0};
	Server	   *servers[2] = {
		server_start(look, &seen), server_start(look, &seen)
	};
	RdapiSessionConfig session_config = {
		&max_sockets, 100, acquire, release
	};
	int			i;

	max_sockets = 1;
	session = rdapi_session_new(&session_config);
	for (i = 0; i < 6; i++)
	{
		char		url[100];
		RdapiClientConfig config;

		snprintf(url, sizeof(url), "%s/c0", server_url(servers[i % 2]));
		config = harness_config(url);
		config.username = names[0];
		config.password = passwords[0];
		config.user_agent = agents[0];
		config.session = session;
		clients[0] = harness_client(&config);
		rdapi_call_free(harness_run(clients[0], harness_list()));
		rdapi_client_free(clients[0]);
	}
	tap_number(server_requests(servers[0]) + server_requests(servers[1]), 6,
			   "two servers take turns");
	tap_number(open_most, 5,
			   "with one socket, and the four descriptors beside it");
	rdapi_session_free(session);
	tap_number(open_now, 0, "which are all given back");
	server_stop(servers[0]);
	server_stop(servers[1]);
}

/*
 * A request is in flight over one of three connections when all of them are
 * retired, and nothing more can be opened, or no more than so many.  The next
 * request waits for that one: what is idle beside it is of no use to it.
 */
static void
test_lack(int more)
{
	Seen		seen = {0};
	Server	   *server = server_start(look, &seen);
	RdapiClientConfig config = harness_config("");
	RdapiSessionConfig session_config = {
		&max_sockets, 100, acquire, release
	};
	RdapiCall  *slow;
	RdapiCall  *other;
	RdapiCall  *calls[NCLIENTS];
	int			i;

	max_sockets = 4;
	set_delay(&seen, 50);
	set_up_session(server, &config, &session_config);
	for (i = 0; i < NCLIENTS; i++)
		calls[i] = harness_submit(clients[i], harness_list());
	for (i = 0; i < NCLIENTS; i++)
	{
		tap_ok(harness_wait(clients[i], calls[i], 5000), "a connection each");
		rdapi_call_free(calls[i]);
	}
	tap_number(server_connections(server), NCLIENTS, "are three");
	set_delay(&seen, 20000);
	slow = harness_submit(clients[0], harness_list());
	rdapi_client_drive(clients[0]);
	while (server_requests(server) < NCLIENTS + 1)
		harness_wait(clients[0], slow, 10);
	set_delay(&seen, 0);
	rdapi_session_retire(session);
	open_limit = open_now + more;
	refusals = 0;
	other = harness_submit(clients[1], harness_list());
	tap_ok(!harness_wait(clients[1], other, 100),
		   "with %d descriptors more, a request beside it waits", more);
	tap_ok(refusals > 0 && refusals < 10, "and asks for them some times");
	rdapi_call_free(slow);
	tap_ok(harness_wait(clients[1], other, 5000) &&
		   harness_kind(other) == RDAPI_ERR_NONE,
		   "until that one gives back what it has");
	rdapi_call_free(other);
	open_limit = INT_MAX;
	tear_down(server);
	tap_number(open_now, 0, "all descriptors are given back");
}

/* Who drives or waits for one does so for all. */
static void
test_one_wait(void)
{
	Seen		seen = {0};
	Server	   *server = server_start(look, &seen);
	RdapiClientConfig config = harness_config("");
	RdapiCall  *slow;
	RdapiCall  *other;

	max_sockets = 4;
	config.request_timeout_ms = 200;
	set_delay(&seen, 50);
	set_up(server, &config);
	slow = harness_submit(clients[0], harness_list());
	other = harness_submit(clients[1], harness_list());
	rdapi_client_drive_begun(clients[2]);
	tap_number(rdapi_call_stats(slow).tries + rdapi_call_stats(other).tries, 0,
			   "driving what has begun begins nothing of any client");
	rdapi_client_drive(clients[2]);
	tap_number(rdapi_call_stats(slow).tries + rdapi_call_stats(other).tries, 2,
			   "driving one drives all");
	tap_ok(harness_wait(clients[1], other, 5000) &&
		   harness_wait(clients[1], slow, 5000),
		   "waiting for one takes in the answers of all");
	tap_number(harness_kind(slow), RDAPI_ERR_NONE, "which are good");
	rdapi_call_free(slow);
	rdapi_call_free(other);

	set_delay(&seen, 20000);
	slow = harness_submit(clients[0], harness_list());
	rdapi_client_drive(clients[0]);
	usleep(400000);
	rdapi_client_drive(clients[1]);
	tap_ok(!rdapi_call_is_done(slow),
		   "no time runs while nobody waits for any of them");
	other = harness_submit(clients[1], harness_list());
	tap_ok(harness_wait(clients[1], other, 5000), "it does while one is");
	tap_number(harness_kind(other), RDAPI_ERR_TIMEOUT, "for that one");
	tap_number(harness_kind(slow), RDAPI_ERR_TIMEOUT, "and for the others");
	rdapi_call_free(slow);
	rdapi_call_free(other);
	tear_down(server);
}

/* A client that is freed leaves the others what they have. */
static void
test_free(void)
{
	Seen		seen = {0};
	Server	   *server = server_start(look, &seen);
	RdapiClientConfig config = harness_config("");
	RdapiCall  *ended;
	RdapiCall  *queued;
	RdapiCall  *other;

	seen.delay_ms = 50;
	max_sockets = 1;
	set_up(server, &config);
	ended = harness_submit(clients[0], harness_list());
	rdapi_client_drive(clients[0]);
	queued = harness_submit(clients[0], harness_list());
	other = harness_submit(clients[1], harness_list());
	tap_ok(!rdapi_session_close(session), "one at work is not closed");
	rdapi_client_free(clients[0]);
	clients[0] = NULL;
	tap_number(harness_kind(ended), RDAPI_ERR_INTERNAL,
			   "the calls of a client that is freed end");
	tap_number(harness_kind(queued), RDAPI_ERR_INTERNAL, "all of them");
	tap_ok(harness_wait(clients[1], other, 5000) &&
		   harness_kind(other) == RDAPI_ERR_NONE,
		   "those of another one go on, and have the socket");
	tap_number(seen.wrong, 0, "with its own credential");
	rdapi_call_free(ended);
	rdapi_call_free(queued);
	rdapi_call_free(other);
	tap_ok(rdapi_session_close(session), "an idle session is closed");
	tap_number(rdapi_client_descriptor(clients[1]), -1, "for all");
	tear_down(server);
}

int
main(void)
{
	int			before = harness_descriptors();

	test_credentials();
	test_turns();
	test_servers();
	test_lack(0);
	test_lack(2);
	test_one_wait();
	test_free();
	tap_number(harness_descriptors(), before, "no descriptor is left open");
	return tap_done();
}
