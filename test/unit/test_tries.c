/*-------------------------------------------------------------------------
 *
 * test_tries.c
 *	  The client against a server that fails: what is sent again, when, and
 *	  what is not.
 *
 *-------------------------------------------------------------------------
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"
#include "tap.h"

/* How a server treats its first requests; all later ones succeed. */
typedef struct Trouble
{
	int			first;			/* number of the first request it meets */
	int			last;			/* of the last */
	int			status;			/* 0: close without an answer */
	const char *headers;
} Trouble;

static bool
answer_trouble(Received *received, void *arg)
{
	const Trouble *trouble = arg;
	bool		get = strcmp(received->method, "GET") == 0;

	if (received->number >= trouble->first &&
		received->number <= trouble->last)
	{
		if (trouble->status == 0)
			return false;
		return server_answer(received, trouble->status, trouble->headers,
							 trouble->status == 404 ? "{\"code\": 20404}" : "");
	}
	if (strcmp(received->method, "DELETE") == 0)
		return server_answer(received, 204, "", "");
	return server_answer(received, get ? 200 : 201, "", "{}");
}

/* One answer for a connection, which is closed without a word of it. */
static bool
answer_once(Received *received, void *arg)
{
	(void) arg;
	server_answer(received, 201, "", "{}");
	return false;
}

/*
 * A kept connection that dies when the second request arrives: libcurl would
 * send that again by itself.
 */
static void
test_dead_connection(void)
{
	Trouble		trouble = {2, 2, 0, ""};
	Server	   *server = server_start(answer_trouble, &trouble);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;

	config.max_retries = 3;
	client = harness_client(&config);
	rdapi_call_free(harness_run(client, harness_list()));
	call = harness_run(client, harness_create("x"));
	tap_number(harness_kind(call), RDAPI_ERR_UNKNOWN,
			   "a create on a dead connection: %s", harness_message(call));
	tap_number(harness_cause(call), RDAPI_ERR_BROKEN, "since it broke");
	tap_number(server_requests(server), 2, "is not sent again");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);

	server = server_start(answer_trouble, &trouble);
	config.base_url = server_url(server);
	config.upload_url = config.base_url;
	client = harness_client(&config);
	rdapi_call_free(harness_run(client, harness_list()));
	call = harness_run(client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_NONE,
			   "a list on a dead connection succeeds");
	tap_number(rdapi_call_stats(call).tries, 2, "at its second try");
	tap_number(server_requests(server), 3, "which is all that was sent");
	tap_ok(rdapi_call_stats(call).elapsed_ms < 100, "and did not wait");
	tap_number(server_connections(server), 2, "nor was a connection wasted");
	tap_number((long long) rdapi_client_stats(client)->retries, 1,
			   "the client counts the retry");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

/*
 * A kept connection that the server closes while nobody uses it: that is seen
 * before anything is sent, and is no try.
 */
static void
test_closed_connection(void)
{
	Server	   *server = server_start(answer_once, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;
	int			i;

	config.max_retries = 0;
	client = harness_client(&config);
	for (i = 1; i <= 3; i++)
	{
		call = harness_run(client, harness_create("x"));
		tap_number(harness_kind(call), RDAPI_ERR_NONE,
				   "create %d, after the connection was closed: %s", i,
				   harness_message(call));
		tap_number(rdapi_call_stats(call).tries, 1, "it takes one try");
		rdapi_call_free(call);
		usleep(20000);
	}
	tap_number(server_requests(server), 3, "each was sent once");
	tap_number(server_connections(server), 3, "on a connection of its own");
	rdapi_client_free(client);
	server_stop(server);
}

/* A request that meets trouble, and how it ends. */
typedef struct TroubleCase
{
	const char *name;
	RdapiOperation operation;
	int			status;			/* 0: closed without an answer */
	int			requests;		/* that shall fail so */
	int			max_retries;
	RdapiErrorKind kind;
	int			sent;			/* requests in all */
} TroubleCase;

static const TroubleCase trouble_cases[] =
{
	{"list, closed once", RDAPI_OP_LIST, 0, 1, 2, RDAPI_ERR_NONE, 2},
	{"list, closed always", RDAPI_OP_LIST, 0, 9, 1, RDAPI_ERR_BROKEN, 2},
	{"list, 503 once", RDAPI_OP_LIST, 503, 1, 2, RDAPI_ERR_NONE, 2},
	{"list, 500 always", RDAPI_OP_LIST, 500, 9, 1, RDAPI_ERR_SERVER, 2},
	{"list, 429 once", RDAPI_OP_LIST, 429, 1, 2, RDAPI_ERR_NONE, 2},
	{"list, 429 always", RDAPI_OP_LIST, 429, 9, 1, RDAPI_ERR_THROTTLED, 2},
	{"list, 501", RDAPI_OP_LIST, 501, 1, 2, RDAPI_ERR_SERVER, 1},
	{"list, 401", RDAPI_OP_LIST, 401, 1, 2, RDAPI_ERR_AUTH, 1},
	{"create, closed", RDAPI_OP_CREATE, 0, 1, 2, RDAPI_ERR_UNKNOWN, 1},
	{"create, 503", RDAPI_OP_CREATE, 503, 1, 2, RDAPI_ERR_UNKNOWN, 1},
	{"create, 429 once", RDAPI_OP_CREATE, 429, 1, 2, RDAPI_ERR_NONE, 2},
	{"update, closed once", RDAPI_OP_UPDATE, 0, 1, 2, RDAPI_ERR_NONE, 2},
	{"update, 503 always", RDAPI_OP_UPDATE, 503, 9, 1, RDAPI_ERR_UNKNOWN, 2},
	{"delete, closed once", RDAPI_OP_DELETE, 0, 1, 2, RDAPI_ERR_NONE, 2},
	{"delete, 504 always", RDAPI_OP_DELETE, 504, 9, 1, RDAPI_ERR_UNKNOWN, 2},
	{"delete, 404", RDAPI_OP_DELETE, 404, 1, 2, RDAPI_ERR_NOT_FOUND, 1}
};

static RdapiRequest *
request_of(RdapiOperation operation)
{
	switch (operation)
	{
		case RDAPI_OP_LIST:
			break;
		case RDAPI_OP_FETCH:
			return harness_fetch();
		case RDAPI_OP_CREATE:
			return harness_create("x");
		case RDAPI_OP_UPDATE:
			return harness_update("x");
		case RDAPI_OP_DELETE:
			return harness_delete();
	}
	return harness_list();
}

static void
test_trouble(void)
{
	size_t		i;

	for (i = 0; i < sizeof(trouble_cases) / sizeof(trouble_cases[0]); i++)
	{
		const TroubleCase *trouble_case = &trouble_cases[i];
		Trouble		trouble = {1, 0, 0, ""};
		Server	   *server = server_start(answer_trouble, &trouble);
		RdapiClientConfig config = harness_config(server_url(server));
		RdapiClient *client;
		RdapiCall  *call;

		trouble.last = trouble_case->requests;
		trouble.status = trouble_case->status;
		config.max_retries = trouble_case->max_retries;
		client = harness_client(&config);
		call = harness_run(client, request_of(trouble_case->operation));
		tap_number(harness_kind(call), trouble_case->kind, "%s: %s",
				   trouble_case->name, harness_message(call));
		tap_number(server_requests(server), trouble_case->sent,
				   "%d sent", trouble_case->sent);
		tap_number(rdapi_call_stats(call).tries, trouble_case->sent,
				   "and counted");
		rdapi_call_free(call);
		rdapi_client_free(client);
		server_stop(server);
	}
}

static void
test_retry_after(void)
{
	Trouble		trouble = {1, 1, 429, "Retry-After: 1\r\n"};
	Server	   *server = server_start(answer_trouble, &trouble);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;
	int			wakeups;

	config.max_retries = 2;
	client = harness_client(&config);
	wakeups = harness_wakeups();
	call = harness_run(client, harness_create("x"));
	tap_number(harness_kind(call), RDAPI_ERR_NONE,
			   "a create that was throttled succeeds later");
	tap_ok(rdapi_call_stats(call).elapsed_ms >= 1000 &&
		   rdapi_call_stats(call).elapsed_ms < 2000,
		   "after the time that the server asked for");
	tap_ok(harness_wakeups() - wakeups < 50,
		   "its descriptor was quiet meanwhile");
	tap_number((long long) rdapi_client_stats(client)->throttled, 1,
			   "the client counts it");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);

	/* More than the budget: there is no use in waiting. */
	trouble.headers = "Retry-After: 30\r\n";
	server = server_start(answer_trouble, &trouble);
	config.base_url = server_url(server);
	config.upload_url = config.base_url;
	client = harness_client(&config);
	call = harness_run(client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_THROTTLED,
			   "a wait beyond the budget is not begun");
	tap_ok(rdapi_call_stats(call).elapsed_ms < 500, "but failed at once");
	rdapi_call_free(call);
	rdapi_client_free(client);
	server_stop(server);
}

static bool
answer_never(Received *received, void *arg)
{
	(void) arg;
	server_sleep(received, 20000);
	return false;
}

static void
test_stall(void)
{
	Server	   *server = server_start(answer_never, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;
	RdapiCall  *other;
	int64_t		start_ms;
	int			wakeups;

	config.request_timeout_ms = 300;
	config.retry_budget_ms = 400;
	config.max_retries = 100;
	client = harness_client(&config);
	wakeups = harness_wakeups();
	call = harness_run(client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_TIMEOUT, "a stall times out: %s",
			   harness_message(call));
	tap_number(rdapi_call_stats(call).tries, 2,
			   "no try begins after the budget");
	tap_ok(rdapi_call_stats(call).elapsed_ms >= 600,
		   "each has its whole time: %d ms",
		   (int) rdapi_call_stats(call).elapsed_ms);
	tap_ok(harness_wakeups() - wakeups < 50,
		   "nobody is woken for nothing meanwhile");
	rdapi_call_free(call);

	call = harness_run(client, harness_create("x"));
	tap_number(harness_kind(call), RDAPI_ERR_UNKNOWN, "a create: unknown");
	tap_number(harness_cause(call), RDAPI_ERR_TIMEOUT, "by a timeout");
	tap_number(rdapi_call_stats(call).tries, 1, "after one try");
	rdapi_call_free(call);

	/* Abandoned while in flight, and queued. */
	rdapi_client_free(client);
	config.request_timeout_ms = 10000;
	config.concurrency = 1;
	client = harness_client(&config);
	call = harness_submit(client, harness_list());
	other = harness_submit(client, harness_list());
	tap_ok(!harness_wait(client, call, 100), "a call is in flight");
	tap_number(rdapi_call_stats(call).tries, 1, "it has begun");
	tap_number(rdapi_call_stats(other).tries, 0, "one that is queued has not");
	tap_number(rdapi_client_pending(client), 2, "both are pending");
	start_ms = harness_now_ms();
	rdapi_call_free(call);
	tap_ok(harness_now_ms() - start_ms < 100, "abandoning it is quick");
	tap_number(rdapi_client_pending(client), 1, "it is forgotten");
	tap_ok(!harness_wait(client, other, 100) &&
		   rdapi_call_stats(other).tries == 1,
		   "the next one has begun in its place");

	start_ms = harness_now_ms();
	rdapi_client_free(client);
	tap_ok(harness_now_ms() - start_ms < 100, "freeing the client is quick");
	tap_ok(rdapi_call_is_done(other), "the call left over is done");
	tap_number(harness_kind(other), RDAPI_ERR_INTERNAL, "with an error");
	tap_equal(rdapi_request_method(rdapi_call_request(other)), "GET",
			  "its request is still there");
	rdapi_call_free(other);
	server_stop(server);
}

/* A port of this machine that nobody listens on. */
static void
unused_url(char *url, size_t size)
{
	struct sockaddr_in address;
	socklen_t	length = sizeof(address);
	int			fd = socket(AF_INET, SOCK_STREAM, 0);

	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *) &address, length) != 0 ||
		getsockname(fd, (struct sockaddr *) &address, &length) != 0)
		exit(EXIT_FAILURE);
	close(fd);
	snprintf(url, size, "http://127.0.0.1:%d", ntohs(address.sin_port));
}

static void
test_connect(void)
{
	RdapiClientConfig config;
	RdapiClient *client;
	RdapiCall  *call;
	char		url[64];
	char		message[128];

	unused_url(url, sizeof(url));
	config = harness_config(url);
	config.max_retries = 2;
	client = harness_client(&config);
	call = harness_run(client, harness_create("x"));
	snprintf(message, sizeof(message), "could not connect to \"%s\": ", url);
	tap_number(harness_kind(call), RDAPI_ERR_CONNECT,
			   "a create that cannot connect has not been done");
	tap_ok(strncmp(harness_message(call), message, strlen(message)) == 0,
		   "%s", harness_message(call));
	tap_number(rdapi_call_stats(call).tries, 3, "it was tried again");
	tap_number(rdapi_call_http_status(call), 0, "there was no answer");
	rdapi_call_free(call);
	rdapi_client_free(client);

	/* A label of 64 characters: refused by the resolver, not looked up. */
	config.base_url = "http://"
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
		".invalid";
	config.max_retries = 1;
	client = harness_client(&config);
	call = harness_run(client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_CONNECT,
			   "a name that cannot be resolved is one that cannot be reached");
	tap_number(rdapi_call_stats(call).tries, 2, "it was tried again");
	rdapi_call_free(call);
	rdapi_client_free(client);
}

/* Closes the first connection without an answer, then says 409. */
static bool
answer_conflict(Received *received, void *arg)
{
	(void) arg;
	if (received->number == 1)
		return false;
	return server_answer(received, 409, "", "{\"code\": 20409}");
}

static void
test_conflict(void)
{
	static const RdapiErrorKind kinds[] = {RDAPI_ERR_UNKNOWN, RDAPI_ERR_STATE};
	int			i;

	for (i = 0; i < 2; i++)
	{
		Server	   *server = server_start(answer_conflict, NULL);
		RdapiClientConfig config = harness_config(server_url(server));
		RdapiClient *client;
		RdapiCall  *call;

		config.max_retries = 1;
		client = harness_client(&config);
		call = harness_run(client, i == 0 ? harness_update("x") :
						   harness_delete());
		tap_number(harness_kind(call), kinds[i], "409 to a repeated %s",
				   i == 0 ? "update leaves doubt" : "delete leaves none");
		tap_number(harness_cause(call), RDAPI_ERR_STATE, "%s",
				   harness_message(call));
		rdapi_call_free(call);
		rdapi_client_free(client);
		server_stop(server);
	}
}

/* libcurl quotes what it cannot make sense of, with the password. */
static void
test_proxy(void)
{
	static const char *const proxies[] =
	{
		"http://user:hid/den@proxy.invalid:8080",
		"nonsense://user:hidden@proxy.invalid", "user:hidden@[proxy",
		"http://user:hid den@proxy.invalid"
	};
	size_t		i;

	for (i = 0; i < sizeof(proxies) / sizeof(proxies[0]); i++)
	{
		RdapiClientConfig config = harness_config("https://127.0.0.1:1");
		RdapiClient *client;
		RdapiCall  *call;

		setenv("https_proxy", proxies[i], 1);
		config.max_retries = 0;
		client = harness_client(&config);
		call = harness_run(client, harness_list());
		tap_number(harness_kind(call), RDAPI_ERR_CONNECT, "a proxy %s",
				   proxies[i]);
		tap_ok(strstr(harness_message(call), "hid") == NULL,
			   "its password is not shown: %s", harness_message(call));
		rdapi_call_free(call);
		rdapi_client_free(client);
	}
	unsetenv("https_proxy");
}

/*
 * The second try of an update cannot connect: whether the first was carried
 * out is as open as before.
 */
static void
test_doubt_stays(void)
{
	Server	   *server = server_start(answer_never, NULL);
	RdapiClientConfig config = harness_config(server_url(server));
	RdapiClient *client;
	RdapiCall  *call;
	char	   *url = strdup(server_url(server));

	if (url == NULL)
		exit(EXIT_FAILURE);
	config.base_url = url;
	config.max_retries = 2;
	client = harness_client(&config);
	call = harness_submit(client, harness_update("x"));
	while (server_requests(server) == 0)
		harness_wait(client, call, 1);
	server_stop(server);
	harness_wait(client, call, 5000);
	tap_number(harness_kind(call), RDAPI_ERR_UNKNOWN,
			   "doubt about the first try outlasts the second");
	tap_number(harness_cause(call), RDAPI_ERR_CONNECT, "which met: %s",
			   harness_message(call));
	rdapi_call_free(call);
	rdapi_client_free(client);
	free(url);
}

int
main(void)
{
	int			before = harness_descriptors();

	test_dead_connection();
	test_closed_connection();
	test_trouble();
	test_retry_after();
	test_stall();
	test_connect();
	test_conflict();
	test_proxy();
	test_doubt_stays();
	tap_number(harness_descriptors(), before, "no descriptor is left open");
	return tap_done();
}
