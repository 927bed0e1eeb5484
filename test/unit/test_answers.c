/*-------------------------------------------------------------------------
 *
 * test_answers.c
 *	  What the client makes of answers: whole, broken, compressed, endless.
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "tap.h"

#define LENGTH_OF(a)	(sizeof(a) / sizeof((a)[0]))

/* An answer, as it goes over the wire, and what it is taken for. */
typedef struct AnswerCase
{
	const char *name;
	const char *answer;
	RdapiErrorKind list;
	RdapiErrorKind create;
} AnswerCase;

#define OK_HEAD	"HTTP/1.1 200 OK\r\n"

static const AnswerCase answer_cases[] =
{
	{"200", OK_HEAD "Content-Length: 2\r\n\r\n{}",
	RDAPI_ERR_NONE, RDAPI_ERR_NONE},
	{"200 after 100", "HTTP/1.1 100 Continue\r\n\r\n"
		OK_HEAD "Content-Length: 2\r\n\r\n{}",
	RDAPI_ERR_NONE, RDAPI_ERR_NONE},
	{"200 without a body", OK_HEAD "Content-Length: 0\r\n\r\n",
	RDAPI_ERR_PROTOCOL, RDAPI_ERR_UNKNOWN},
	{"204", "HTTP/1.1 204 No Content\r\n\r\n",
	RDAPI_ERR_PROTOCOL, RDAPI_ERR_UNKNOWN},
	{"202", "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}",
	RDAPI_ERR_PROTOCOL, RDAPI_ERR_UNKNOWN},
	{"302", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
		"Content-Length: 0\r\n\r\n",
	RDAPI_ERR_PROTOCOL, RDAPI_ERR_PROTOCOL},
	{"400", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
	RDAPI_ERR_REFUSED, RDAPI_ERR_REFUSED},
	{"400, cut", "HTTP/1.1 400 Bad Request\r\nContent-Length: 9\r\n\r\n{",
	RDAPI_ERR_REFUSED, RDAPI_ERR_REFUSED},
	{"401", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\n"
		"Content-Length: 0\r\n\r\n",
	RDAPI_ERR_AUTH, RDAPI_ERR_AUTH},
	{"404", "HTTP/1.1 404 Not Found\r\nContent-Length: 14\r\n\r\n"
		"{\"code\":20404}",
	RDAPI_ERR_NOT_FOUND, RDAPI_ERR_NOT_FOUND},
	{"404, cut", "HTTP/1.1 404 Not Found\r\nContent-Length: 14\r\n\r\n"
		"{\"code\":",
	RDAPI_ERR_BROKEN, RDAPI_ERR_BROKEN},
	{"404 of a proxy", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
	RDAPI_ERR_PROTOCOL, RDAPI_ERR_PROTOCOL},
	{"429", "HTTP/1.1 429 Slow Down\r\nContent-Length: 0\r\n\r\n",
	RDAPI_ERR_THROTTLED, RDAPI_ERR_THROTTLED},
	{"503", "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
	RDAPI_ERR_SERVER, RDAPI_ERR_UNKNOWN},
	{"a body that is cut", OK_HEAD "Content-Length: 20\r\n\r\n{\"results\":",
	RDAPI_ERR_BROKEN, RDAPI_ERR_UNKNOWN},
	{"a chunked body that is cut", OK_HEAD
		"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"res\r\n",
	RDAPI_ERR_BROKEN, RDAPI_ERR_UNKNOWN},
	{"no answer", "", RDAPI_ERR_BROKEN, RDAPI_ERR_UNKNOWN},
	{"headers that are cut", OK_HEAD "Content-",
	RDAPI_ERR_BROKEN, RDAPI_ERR_UNKNOWN},
	{"no HTTP", "220 smtp.example ESMTP\r\n",
	RDAPI_ERR_PROTOCOL, RDAPI_ERR_UNKNOWN},
	{"gzip that is none", OK_HEAD
		"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone",
	RDAPI_ERR_PROTOCOL, RDAPI_ERR_UNKNOWN},
	{"a body announced as too large", OK_HEAD
		"Content-Length: 1000001\r\n\r\n",
	RDAPI_ERR_TOO_LARGE, RDAPI_ERR_UNKNOWN}
};

static bool
answer_case(Received *received, void *arg)
{
	const AnswerCase *const *answer = arg;

	server_send(received, (*answer)->answer, strlen((*answer)->answer));
	return false;
}

static void
test_answers(void)
{
	const AnswerCase *answer = NULL;
	Fixture		fixture;
	size_t		i;

	harness_set_up(&fixture, answer_case, &answer);
	fixture.config.keep_connections = false;
	harness_set_up_client(&fixture);
	for (i = 0; i < LENGTH_OF(answer_cases); i++)
	{
		RdapiCall  *call;

		answer = &answer_cases[i];
		call = harness_run(fixture.client, harness_list());
		tap_number(harness_kind(call), answer->list, "list, %s: %s",
				   answer->name, harness_message(call));
		tap_number(harness_cause(call), answer->list, "its cause");
		rdapi_call_free(call);
		call = harness_run(fixture.client, harness_create("x"));
		tap_number(harness_kind(call), answer->create, "create, %s",
				   answer->name);
		tap_number(harness_cause(call), answer->list, "its cause");
		tap_number(rdapi_call_stats(call).tries, 1, "it is sent once");
		tap_ok(strstr(harness_message(call), PASSWORD) == NULL,
			   "no password in the message");
		rdapi_call_free(call);
	}
	harness_tear_down(&fixture);
}

/* A string of 180 times "x" in an object: 195 bytes, compressed by gzip. */
static const char compressed[] =
{
	0x1F, (char) 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, (char) 0xAB, 0x56, 0x2A, 0x4A,
	0x2D, 0x2E, (char) 0xCD, 0x29, 0x29, 0x56, (char) 0xB2, 0x52, 0x50,
	(char) 0xAA, 0x18, (char) 0x82, 0x40, (char) 0xA9, 0x16, 0, (char) 0xAF,
	(char) 0xC9, (char) 0xC5, 0x45, (char) 0xC3, 0, 0, 0
};

/* How it comes, and what it is taken for. */
typedef struct GzipCase
{
	const char *name;
	const char *encoding;
	size_t		length;			/* that is sent */
	int			times;			/* that it is sent */
	const char *behind;			/* what follows */
	RdapiErrorKind kind;
	size_t		unpacked;
} GzipCase;

static const GzipCase gzip_cases[] =
{
	{"gzip", "gzip", 38, 1, "", RDAPI_ERR_NONE, 195},
	{"gzip by its old name", "X-GZip ", 38, 1, "", RDAPI_ERR_NONE, 195},
	{"two members", "gzip", 38, 2, "", RDAPI_ERR_NONE, 390},
	{"bytes behind", "gzip", 38, 1, "{}", RDAPI_ERR_PROTOCOL, 0},
	{"no trailer", "gzip", 30, 1, "", RDAPI_ERR_BROKEN, 0},
	{"a trailer that is cut", "gzip", 37, 1, "", RDAPI_ERR_BROKEN, 0},
	{"data that are cut", "gzip", 20, 1, "", RDAPI_ERR_BROKEN, 0},
	{"not compressed", "identity", 0, 1, "{}", RDAPI_ERR_NONE, 2},
	{"twice", "gzip, gzip", 38, 1, "", RDAPI_ERR_PROTOCOL, 0},
	{"twice, in two headers", "gzip\r\nContent-Encoding: gzip", 38, 1, "",
	RDAPI_ERR_PROTOCOL, 0},
	{"what was not asked for", "br", 38, 1, "", RDAPI_ERR_PROTOCOL, 0},
	{"nothing", "gzip", 0, 1, "", RDAPI_ERR_PROTOCOL, 0}
};

static bool
answer_compressed(Received *received, void *arg)
{
	const GzipCase *const *current = arg;
	const GzipCase *answer = *current;
	char		head[200];
	int			i;

	snprintf(head, sizeof(head), OK_HEAD "Content-Encoding: %s\r\n"
			 "Content-Length: %zu\r\n\r\n", answer->encoding,
			 answer->length * (size_t) answer->times + strlen(answer->behind));
	server_send(received, head, strlen(head));
	for (i = 0; i < answer->times; i++)
		server_send(received, compressed, answer->length);
	return server_send(received, answer->behind, strlen(answer->behind));
}

static void
test_compressed(void)
{
	const GzipCase *answer = &gzip_cases[0];
	Fixture		fixture;
	RdapiCall  *call;
	char	   *head;
	size_t		length;
	size_t		i;

	harness_set_up(&fixture, answer_compressed, &answer);
	call = harness_run(fixture.client, harness_list());
	head = server_last_head(fixture.server);
	tap_ok(strstr(head, "\r\nAccept-Encoding: gzip\r\n") != NULL,
		   "gzip is asked for");
	free(head);
	tap_ok(strncmp(rdapi_call_body(call, &length), "{\"results\": \"xx", 15) == 0,
		   "a compressed body is decompressed");
	tap_ok(rdapi_call_stats(call).bytes_received < 195,
		   "but counted as it was received");
	rdapi_call_free(call);

	for (i = 0; i < LENGTH_OF(gzip_cases); i++)
	{
		answer = &gzip_cases[i];
		call = harness_run(fixture.client, harness_list());
		tap_number(harness_kind(call), answer->kind, "%s: %s", answer->name,
				   harness_message(call));
		rdapi_call_body(call, &length);
		tap_number((long long) length, (long long) answer->unpacked,
				   "its length");
		rdapi_call_free(call);
	}

	answer = &gzip_cases[0];
	fixture.config.max_response_bytes = 194;
	harness_set_up_client(&fixture);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_TOO_LARGE,
			   "what it becomes is limited, too");
	rdapi_call_free(call);
	harness_tear_down(&fixture);
}

static bool
answer_delete(Received *received, void *arg)
{
	int			status = *(int *) arg;

	return server_answer(received, status, "",
						 status == 404 ? "{\"code\": 20404}" : "");
}

static void
test_delete_answers(void)
{
	static const int statuses[] = {200, 201, 204, 302, 404};
	static const RdapiErrorKind kinds[] =
	{
		RDAPI_ERR_NONE, RDAPI_ERR_UNKNOWN, RDAPI_ERR_NONE,
		RDAPI_ERR_PROTOCOL, RDAPI_ERR_NOT_FOUND
	};
	int			status = 0;
	Fixture		fixture;
	size_t		i;

	harness_set_up(&fixture, answer_delete, &status);
	for (i = 0; i < LENGTH_OF(statuses); i++)
	{
		RdapiCall  *call;

		status = statuses[i];
		call = harness_run(fixture.client, harness_delete());
		tap_number(harness_kind(call), kinds[i], "delete, %d", status);
		rdapi_call_free(call);
	}
	harness_tear_down(&fixture);
}

static bool
answer_error(Received *received, void *arg)
{
	(void) arg;
	return server_answer(received, 400, "Twilio-Request-Id: RQ\303\251\377\r\n",
						 "{\"code\": 22211, \"message\": \"no name\", "
						 "\"more_info\": \"https://www.example/22211\", "
						 "\"status\": 400}");
}

static void
test_error(void)
{
	Fixture		fixture;
	RdapiCall  *call;
	const RdapiError *error;

	harness_set_up(&fixture, answer_error, NULL);
	call = harness_run(fixture.client, harness_create(""));
	error = rdapi_call_error(call);
	tap_number(error->http_status, 400, "an error has its HTTP status");
	tap_number(error->api_code, 22211, "the API's code");
	tap_equal(error->api_message, "no name", "the API's message");
	tap_equal(error->more_info, "https://www.example/22211", "its link");
	tap_equal(error->request_id, "RQ??\\xFF", "the request id, in ASCII");
	tap_number(error->tries, 1, "the number of tries");
	tap_number(rdapi_call_http_status(call), 400, "the call has the status");
	tap_number((long long) rdapi_client_stats(fixture.client)->failures, 1,
			   "the client counts it");
	tap_equal(rdapi_client_stats(fixture.client)->last_error, error->message,
			  "and keeps its message");
	tap_equal(rdapi_client_stats(fixture.client)->last_request_id, "RQ??\\xFF",
			  "and its request id");
	rdapi_call_free(call);
	harness_tear_down(&fixture);
}

/* Of user:open-sesame. */
#define BASIC			"dXNlcjpvcGVuLXNlc2FtZQ"

/*
 * An answer that quotes what was sent.  The message has it at its end, 500
 * bytes from its start: where messages are cut.
 */
static bool
answer_echo(Received *received, void *arg)
{
	const char *echo = arg;
	char		headers[200];
	char		filler[501];
	char		body[2000];

	memset(filler, 'x', 500);
	filler[500] = '\0';
	snprintf(headers, sizeof(headers), "Twilio-Request-Id: RQ%s\r\n", echo);
	snprintf(body, sizeof(body),
			 "{\"code\": 20001, \"message\": \"You sent %s, %s%s\", "
			 "\"more_info\": \"https://example/?a=%s\", \"status\": 400}",
			 echo, filler, echo, echo);
	return server_answer(received, 400, headers, body);
}

static void
test_echo(void)
{
	static const char *const echoes[] =
	{
		PASSWORD, "user:" PASSWORD, "open\\u002dsesame", "open%2Dsesame",
		"open&#45;sesame", "Basic " BASIC "==", "Basic " BASIC "%3D%3D",
		"\\u0064XNlcjpvcGVuLXNlc2FtZQ\\u003d\\u003d"
	};
	static const char *const parts[] = {"open", "sesame", "GVuLX", "FtZQ"};
	size_t		i;

	for (i = 0; i < LENGTH_OF(echoes); i++)
	{
		Fixture		fixture;
		RdapiCall  *call;
		char		shown[3000];
		size_t		part;
		const char *found = NULL;

		harness_set_up(&fixture, answer_echo, (void *) echoes[i]);
		fixture.config.username = "user";
		harness_set_up_client(&fixture);
		call = harness_run(fixture.client, harness_list());
		snprintf(shown, sizeof(shown), "%s|%s|%s|%s|%s|%s|%s",
				 rdapi_call_error(call)->message,
				 rdapi_call_error(call)->api_message,
				 rdapi_call_error(call)->more_info,
				 rdapi_call_error(call)->request_id,
				 rdapi_call_request_id(call),
				 rdapi_client_stats(fixture.client)->last_error,
				 rdapi_client_stats(fixture.client)->last_request_id);
		for (part = 0; part < LENGTH_OF(parts); part++)
		{
			if (strstr(shown, parts[part]) != NULL)
				found = parts[part];
		}
		tap_ok(found == NULL, "an answer with %s does not show it: %s",
			   echoes[i], found == NULL ? "" : shown);
		tap_ok(strncmp(rdapi_call_error(call)->api_message, "You sent ", 9) == 0
			   && strstr(shown, "***") != NULL, "but the rest");
		rdapi_call_free(call);
		harness_tear_down(&fixture);
	}
}

/* Head, then a piece of the body as often as the client takes it. */
static bool
answer_endless(Received *received, void *arg)
{
	const char *const *pieces = arg;
	int			i;

	server_send(received, pieces[0], strlen(pieces[0]));
	for (i = 0; i < 100000; i++)
	{
		if (!server_send(received, pieces[1], strlen(pieces[1])))
			return false;
	}
	return false;
}

static void
test_endless(void)
{
	static const char chunk[] = "10\r\n0123456789ABCDEF\r\n";
	const char *body[] = {OK_HEAD "Transfer-Encoding: chunked\r\n\r\n", chunk};
	const char *error_body[] =
	{
		"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n", chunk
	};
	const char *headers[] = {OK_HEAD, "X-Header: 0123456789\r\n"};
	Fixture		fixture;
	RdapiCall  *call;

	harness_set_up(&fixture, answer_endless, body);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_TOO_LARGE,
			   "an endless body is too large: %s", harness_message(call));
	tap_ok(rdapi_call_stats(call).bytes_received < 1500000,
		   "and is read no further than needed");
	rdapi_call_free(call);
	harness_tear_down(&fixture);

	harness_set_up(&fixture, answer_endless, error_body);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_REFUSED,
			   "an endless error body is as good as none");
	tap_ok(rdapi_call_stats(call).bytes_received < 500000,
		   "and is given up earlier");
	rdapi_call_free(call);
	harness_tear_down(&fixture);

	harness_set_up(&fixture, answer_endless, headers);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_TOO_LARGE,
			   "endless headers are too large");
	rdapi_call_free(call);
	harness_tear_down(&fixture);
}

/* Answers of a length that the test chooses. */
static bool
answer_of_length(Received *received, void *arg)
{
	const int  *length = arg;
	char		head[64];
	char	   *body = malloc((size_t) *length);

	snprintf(head, sizeof(head), OK_HEAD "Content-Length: %d\r\n\r\n",
			 *length);
	memset(body, ' ', (size_t) *length);
	memcpy(body, "{}", 2);
	server_send(received, head, strlen(head));
	server_send(received, body, (size_t) *length);
	free(body);
	return true;
}

/* The next answer comes to where the last one was, where it fits. */
static void
test_reuse(void)
{
	static const struct
	{
		int			length;
		bool		same;		/* memory as the one before */
	}			answers[] =
	{
		{100000, false}, {100000, true}, {105000, true}, {2, true},
		{200000, false}, {100000, true}
	};
	int			length;
	Fixture		fixture;
	RdapiCall  *last = NULL;
	const char *place = NULL;
	size_t		i;

	harness_set_up(&fixture, answer_of_length, &length);
	for (i = 0; i < LENGTH_OF(answers); i++)
	{
		RdapiCall  *call = harness_submit(fixture.client, harness_list());
		const char *body;
		char	   *filler;
		size_t		received;

		if (last != NULL)
			rdapi_call_reuse_body(call, last);
		rdapi_call_free(last);

		/* Takes the place that was freed, if one was. */
		filler = malloc(100000);
		memset(filler, 'x', 100000);
		length = answers[i].length;
		tap_ok(harness_wait(fixture.client, call, 5000) &&
			   harness_kind(call) == RDAPI_ERR_NONE, "an answer comes");
		body = rdapi_call_body(call, &received);
		tap_ok((int) received == length && memcmp(body, "{}", 2) == 0 &&
			   body[received] == '\0', "it has its %d bytes", length);
		if (answers[i].same)
			tap_ok(body == place, "in the place of the one before");
		free(filler);
		place = body;
		last = call;
	}
	rdapi_call_free(last);
	harness_tear_down(&fixture);
}

/* Memory that was handed on goes with a call that is given up, or fails. */
static void
test_reuse_given_up(void)
{
	int			length = 1000;
	Fixture		fixture;
	RdapiCall  *done;
	RdapiCall  *call;
	size_t		received;

	harness_set_up(&fixture, answer_of_length, &length);
	fixture.config.concurrency = 1;
	harness_set_up_client(&fixture);
	done = harness_run(fixture.client, harness_list());
	call = harness_submit(fixture.client, harness_list());
	rdapi_call_reuse_body(call, done);
	tap_equal(rdapi_call_body(done, &received), "",
			  "whose memory was handed on has no body");
	rdapi_call_free(done);
	rdapi_call_free(call);

	/* One in flight, one behind it. */
	done = harness_run(fixture.client, harness_list());
	call = harness_submit(fixture.client, harness_list());
	rdapi_call_free(call);
	call = harness_submit(fixture.client, harness_list());
	rdapi_call_reuse_body(call, done);
	rdapi_call_reuse_body(call, done);
	rdapi_call_free(done);
	tap_ok(harness_wait(fixture.client, call, 5000) &&
		   harness_kind(call) == RDAPI_ERR_NONE, "the next one comes");
	rdapi_call_free(call);
	harness_tear_down(&fixture);
}

int
main(void)
{
	int			before = harness_descriptors();

	test_answers();
	test_compressed();
	test_delete_answers();
	test_error();
	test_echo();
	test_endless();
	tap_number(harness_descriptors(), before, "no descriptor is left open");
	test_reuse();
	test_reuse_given_up();
	return tap_done();
}
