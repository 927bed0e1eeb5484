/*-------------------------------------------------------------------------
 *
 * test_client.c
 *	  The client against a server: what it sends, and what it makes of the
 *	  answers.
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "tap.h"

#define PATH			"/v2/RegulatoryCompliance/SupportingDocuments"
#define LENGTH_OF(a)	(sizeof(a) / sizeof((a)[0]))

/* A server and a client of it. */
typedef struct Fixture
{
	Server	   *server;
	RdapiClientConfig config;
	RdapiClient *client;
} Fixture;

static void
set_up(Fixture *fixture, ServerHandler handler, void *arg)
{
	fixture->server = server_start(handler, arg);
	fixture->config = harness_config(server_url(fixture->server));
	fixture->client = harness_client(&fixture->config);
}

/* A new client, after the settings were changed. */
static void
set_up_client(Fixture *fixture)
{
	rdapi_client_free(fixture->client);
	fixture->client = harness_client(&fixture->config);
}

static void
tear_down(Fixture *fixture)
{
	rdapi_client_free(fixture->client);
	server_stop(fixture->server);
}

static bool
answer_well(Received *received, void *arg)
{
	bool		get = strcmp(received->method, "GET") == 0;
	char		body[1200];

	(void) arg;
	if (strcmp(received->method, "DELETE") == 0)
		return server_answer(received, 204, "", "");
	snprintf(body, sizeof(body), "{\"target\": \"%s\"}", received->target);
	return server_answer(received, get ? 200 : 201,
						 "Twilio-Request-Id:  RQ0001\r\n", body);
}

static void
test_get(void)
{
	Fixture		fixture;
	RdapiCall  *call;
	size_t		length;
	char	   *body;
	char	   *head;

	set_up(&fixture, answer_well, NULL);
	call = harness_run(fixture.client, harness_list());
	body = rdapi_call_body(call, &length);
	head = server_last_head(fixture.server);

	tap_number(harness_kind(call), RDAPI_ERR_NONE, "a list succeeds");
	tap_equal(body, "{\"target\": \"" PATH "?PageSize=50\"}",
			  "its URL was right, and its body is there");
	tap_number((long long) length, (long long) strlen(body),
			   "the length does not count the terminator");
	tap_number(rdapi_call_status(call), 200, "its status is there");
	tap_equal(rdapi_call_request_id(call), "RQ0001",
			  "so is the request id, without blanks");
	tap_number(rdapi_call_stats(call).tries, 1, "it took one try");
	tap_ok(strstr(head, "\r\nAuthorization: Basic QUMwMTIzNDU2Nzg5YWJjZGVm"
				  "MDEyMzQ1Njc4OWFiY2RlZjpvcGVuLXNlc2FtZQ==\r\n") != NULL,
		   "the credential was sent with the first request");
	tap_ok(strstr(head, "\r\nUser-Agent: unit-test/1.0\r\n") != NULL,
		   "so was the user agent");
	tap_ok(strstr(head, "\r\nAccept-Encoding: gzip\r\n") != NULL,
		   "compressed answers were offered to be taken");
	free(head);
	rdapi_call_free(call);

	call = harness_run(fixture.client, harness_fetch());
	body = rdapi_call_body(call, &length);
	tap_equal(body, "{\"target\": \"" PATH "/" SID "\"}", "a fetch succeeds");
	rdapi_call_free(call);
	tear_down(&fixture);
}

static void
test_next_page(void)
{
	const char *url = "https://elsewhere.example/v9"
	"?Page=1&PageToken=PTa+b==&Q=%3D%3d'()*#fragment";
	Fixture		fixture;
	RdapiError	error;
	RdapiCall  *call;
	size_t		length;

	set_up(&fixture, answer_well, NULL);
	rdapi_error_clear(&error);
	call = harness_run(fixture.client,
					   rdapi_request_next(harness_resource(), url,
										  strlen(url), &error));
	tap_equal(rdapi_call_body(call, &length),
			  "{\"target\": \"" PATH
			  "?Page=1&PageToken=PTa+b==&Q=%3D%3d'()*\"}",
			  "the query of the next page arrives byte for byte, at our host");
	rdapi_call_free(call);
	tear_down(&fixture);
}

static void
test_write(void)
{
	Fixture		fixture;
	RdapiCall  *call;
	char	   *text;
	size_t		length;

	set_up(&fixture, answer_well, NULL);
	call = harness_run(fixture.client, harness_create("A&B=\xC3\xBC 1+1"));
	tap_number(rdapi_call_status(call), 201, "a create succeeds");
	text = server_last_body(fixture.server, &length);
	tap_equal(text, "FriendlyName=A%26B%3D%C3%BC%201%2B1", "with its form");
	free(text);
	text = server_last_head(fixture.server);
	tap_ok(strncmp(text, "POST " PATH " ", strlen("POST " PATH " ")) == 0,
		   "posted to the list");
	tap_ok(strstr(text, "\r\nContent-Type: "
				  "application/x-www-form-urlencoded\r\n") != NULL,
		   "as what it is");
	free(text);
	rdapi_call_free(call);

	call = harness_run(fixture.client, harness_update("B"));
	tap_number(rdapi_call_status(call), 201, "an update succeeds");
	text = server_last_head(fixture.server);
	tap_ok(strncmp(text, "POST " PATH "/" SID " ",
				   strlen("POST " PATH "/" SID " ")) == 0,
		   "posted to the document");
	free(text);
	rdapi_call_free(call);

	call = harness_run(fixture.client, harness_delete());
	tap_number(rdapi_call_status(call), 204, "a delete succeeds");
	tap_equal(rdapi_call_body(call, &length), "", "and has an empty body");
	text = server_last_head(fixture.server);
	tap_ok(strncmp(text, "DELETE " PATH "/" SID " ",
				   strlen("DELETE " PATH "/" SID " ")) == 0,
		   "sent as DELETE");
	tap_ok(strstr(text, "Content-Type") == NULL,
		   "without anything of the writes before it");
	free(text);
	rdapi_call_free(call);

	call = harness_run(fixture.client, harness_list());
	tap_number(rdapi_call_status(call), 200, "a list after them succeeds");
	text = server_last_head(fixture.server);
	tap_ok(strncmp(text, "GET ", 4) == 0, "sent as GET");
	free(text);
	rdapi_call_free(call);
	tear_down(&fixture);
}

/* A file that is larger than all buffers on its way, with every byte. */
#define FILE_BYTES	1500000

static void
test_file(void)
{
	Fixture		fixture;
	Server	   *upload = server_start(answer_well, NULL);
	RdapiRequest *request = harness_create("Name \"x\"");
	RdapiError	error;
	RdapiCall  *call;
	char	   *file = malloc(FILE_BYTES);
	char	   *body;
	char	   *start;
	size_t		length;
	int			i;

	set_up(&fixture, answer_well, NULL);
	fixture.config.upload_url = server_url(upload);
	set_up_client(&fixture);
	if (file == NULL)
		exit(EXIT_FAILURE);
	for (i = 0; i < FILE_BYTES; i++)
		file[i] = (char) (i * 7 + i / 256);
	rdapi_error_clear(&error);
	tap_ok(rdapi_request_set_file(request, "File", "a\"b\r\nc.pdf",
								  "application/pdf", file, FILE_BYTES,
								  &error), "a file can be set");
	tap_ok(rdapi_request_bytes(request) > FILE_BYTES,
		   "and counts as memory of the request");
	call = harness_run(fixture.client, request);
	tap_number(rdapi_call_status(call), 201, "a create with it succeeds");
	tap_number(server_requests(fixture.server), 0, "not at the base URL");
	tap_number(server_requests(upload), 1, "but at the upload URL");

	body = server_last_body(upload, &length);
	tap_ok(strstr(body, "name=\"FriendlyName\"\r\n\r\nName \"x\"\r\n") != NULL,
		   "the parameter is a part");
	tap_ok(strstr(body, "name=\"File\"; filename=\"a%22b%0D%0Ac.pdf\"\r\n"
				  "Content-Type: application/pdf\r\n\r\n") != NULL,
		   "the file's name cannot break out of its quotes");
	start = strstr(body, "application/pdf\r\n\r\n");
	tap_ok(start != NULL &&
		   length - (size_t) (start + 19 - body) > FILE_BYTES &&
		   memcmp(start + 19, file, FILE_BYTES) == 0,
		   "the file's bytes are all there");
	tap_ok(rdapi_call_stats(call).bytes_sent > FILE_BYTES,
		   "and are counted as sent");
	free(body);
	body = server_last_head(upload);
	tap_ok(strstr(body, "\r\nContent-Type: multipart/form-data; boundary=") !=
		   NULL, "the request is multipart/form-data");
	tap_ok(strstr(body, "Expect:") == NULL, "and does not wait to be asked for");
	free(body);
	rdapi_call_free(call);
	free(file);
	tear_down(&fixture);
	server_stop(upload);
}

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

	set_up(&fixture, answer_case, &answer);
	fixture.config.keep_connections = false;
	set_up_client(&fixture);
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
	tear_down(&fixture);
}

/* A string of 180 times "x" in an object: 195 bytes, compressed by gzip. */
static const char compressed[] =
{
	0x1F, (char) 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, (char) 0xAB, 0x56, 0x2A, 0x4A,
	0x2D, 0x2E, (char) 0xCD, 0x29, 0x29, 0x56, (char) 0xB2, 0x52, 0x50,
	(char) 0xAA, 0x18, (char) 0x82, 0x40, (char) 0xA9, 0x16, 0, (char) 0xAF,
	(char) 0xC9, (char) 0xC5, 0x45, (char) 0xC3, 0, 0, 0
};

static bool
answer_compressed(Received *received, void *arg)
{
	const char *head = OK_HEAD "Content-Encoding: gzip\r\n"
	"Content-Length: 38\r\n\r\n";

	(void) arg;
	server_send(received, head, strlen(head));
	return server_send(received, compressed, sizeof(compressed));
}

static void
test_compressed(void)
{
	Fixture		fixture;
	RdapiCall  *call;
	size_t		length;

	set_up(&fixture, answer_compressed, NULL);
	call = harness_run(fixture.client, harness_list());
	tap_ok(strncmp(rdapi_call_body(call, &length), "{\"results\": \"xx", 15) == 0,
		   "a compressed body is decompressed");
	tap_number((long long) length, 195, "to its whole length");
	tap_ok(rdapi_call_stats(call).bytes_received < 195,
		   "but counted as it was received");
	rdapi_call_free(call);

	fixture.config.max_response_bytes = 194;
	set_up_client(&fixture);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_TOO_LARGE,
			   "what it becomes is limited, too");
	rdapi_call_free(call);
	tear_down(&fixture);
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

	set_up(&fixture, answer_delete, &status);
	for (i = 0; i < LENGTH_OF(statuses); i++)
	{
		RdapiCall  *call;

		status = statuses[i];
		call = harness_run(fixture.client, harness_delete());
		tap_number(harness_kind(call), kinds[i], "delete, %d", status);
		rdapi_call_free(call);
	}
	tear_down(&fixture);
}

static bool
answer_error(Received *received, void *arg)
{
	(void) arg;
	return server_answer(received, 400, "Twilio-Request-Id: RQ77\r\n",
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

	set_up(&fixture, answer_error, NULL);
	call = harness_run(fixture.client, harness_create(""));
	error = rdapi_call_error(call);
	tap_number(error->http_status, 400, "an error has its HTTP status");
	tap_number(error->api_code, 22211, "the API's code");
	tap_equal(error->api_message, "no name", "the API's message");
	tap_equal(error->more_info, "https://www.example/22211", "its link");
	tap_equal(error->request_id, "RQ77", "the request id");
	tap_number(error->tries, 1, "the number of tries");
	tap_number(rdapi_call_http_status(call), 400, "the call has the status");
	tap_number((long long) rdapi_client_stats(fixture.client)->failures, 1,
			   "the client counts it");
	tap_equal(rdapi_client_stats(fixture.client)->last_error, error->message,
			  "and keeps its message");
	tap_equal(rdapi_client_stats(fixture.client)->last_request_id, "RQ77",
			  "and its request id");
	rdapi_call_free(call);
	tear_down(&fixture);
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

	set_up(&fixture, answer_endless, body);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_TOO_LARGE,
			   "an endless body is too large: %s", harness_message(call));
	tap_ok(rdapi_call_stats(call).bytes_received < 1500000,
		   "and is read no further than needed");
	rdapi_call_free(call);
	tear_down(&fixture);

	set_up(&fixture, answer_endless, error_body);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_REFUSED,
			   "an endless error body is as good as none");
	tap_ok(rdapi_call_stats(call).bytes_received < 500000,
		   "and is given up earlier");
	rdapi_call_free(call);
	tear_down(&fixture);

	set_up(&fixture, answer_endless, headers);
	call = harness_run(fixture.client, harness_list());
	tap_number(harness_kind(call), RDAPI_ERR_TOO_LARGE,
			   "endless headers are too large");
	rdapi_call_free(call);
	tear_down(&fixture);
}

static void
test_connections(void)
{
	Fixture		fixture;
	const RdapiClientStats *stats;
	int			before;
	int			i;

	set_up(&fixture, answer_well, NULL);
	for (i = 0; i < 3; i++)
		rdapi_call_free(harness_run(fixture.client, harness_list()));
	stats = rdapi_client_stats(fixture.client);
	tap_number(server_connections(fixture.server), 1,
			   "requests one after the other share a connection");
	tap_number((long long) stats->connections, 1, "which is counted");
	tap_number((long long) stats->requests, 3, "so are the requests");

	fixture.config.keep_connections = false;
	set_up_client(&fixture);
	before = harness_descriptors();
	for (i = 0; i < 3; i++)
		rdapi_call_free(harness_run(fixture.client, harness_list()));
	tap_number(server_connections(fixture.server), 4,
			   "without keep_connections each has its own");

	/* The server keeps a descriptor of each of the three until it ends. */
	tap_number(harness_descriptors(), before + 3,
			   "and the client keeps none of them");
	tear_down(&fixture);
}

static void
test_counts(void)
{
	Fixture		fixture;
	RdapiCall  *call;
	RdapiCallStats stats;
	char	   *head;
	char	   *body;
	size_t		length;

	set_up(&fixture, answer_well, NULL);
	call = harness_run(fixture.client, harness_create("some name"));
	stats = rdapi_call_stats(call);
	head = server_last_head(fixture.server);
	body = server_last_body(fixture.server, &length);
	tap_number((long long) stats.bytes_sent,
			   (long long) (strlen(head) + length),
			   "the bytes sent are what the server received");
	rdapi_call_body(call, &length);
	tap_ok(stats.bytes_received > length && stats.bytes_received < length + 200,
		   "the bytes received include the headers");
	tap_ok(rdapi_client_stats(fixture.client)->bytes_sent == stats.bytes_sent &&
		   rdapi_client_stats(fixture.client)->bytes_received ==
		   stats.bytes_received, "the client's counts are the sums");
	free(head);
	free(body);
	rdapi_call_free(call);
	tear_down(&fixture);
}

int
main(void)
{
	int			before = harness_descriptors();

	test_get();
	test_next_page();
	test_write();
	test_file();
	test_answers();
	test_compressed();
	test_delete_answers();
	test_error();
	test_endless();
	test_connections();
	test_counts();
	tap_number(harness_descriptors(), before, "no descriptor is left open");
	return tap_done();
}
