/*-------------------------------------------------------------------------
 *
 * test_client.c
 *	  The client against a server: what it sends, over which connections.
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

	harness_set_up(&fixture, answer_well, NULL);
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
	harness_tear_down(&fixture);
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

	harness_set_up(&fixture, answer_well, NULL);
	rdapi_error_clear(&error);
	call = harness_run(fixture.client,
					   rdapi_request_next(harness_target(), url,
										  strlen(url), &error));
	tap_equal(rdapi_call_body(call, &length),
			  "{\"target\": \"" PATH
			  "?Page=1&PageToken=PTa+b==&Q=%3D%3d'()*\"}",
			  "the query of the next page arrives byte for byte, at our host");
	rdapi_call_free(call);
	harness_tear_down(&fixture);
}

static void
test_write(void)
{
	Fixture		fixture;
	RdapiCall  *call;
	char	   *text;
	size_t		length;

	harness_set_up(&fixture, answer_well, NULL);
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
	harness_tear_down(&fixture);
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

	harness_set_up(&fixture, answer_well, NULL);
	fixture.config.upload_url = server_url(upload);
	harness_set_up_client(&fixture);
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
	harness_tear_down(&fixture);
	server_stop(upload);
}

static void
test_connections(void)
{
	Fixture		fixture;
	const RdapiClientStats *stats;
	int			before;
	int			i;

	harness_set_up(&fixture, answer_well, NULL);
	for (i = 0; i < 3; i++)
		rdapi_call_free(harness_run(fixture.client, harness_list()));
	stats = rdapi_client_stats(fixture.client);
	tap_number(server_connections(fixture.server), 1,
			   "requests one after the other share a connection");
	tap_number((long long) stats->connections, 1, "which is counted");
	tap_number((long long) stats->requests, 3, "so are the requests");

	fixture.config.keep_connections = false;
	harness_set_up_client(&fixture);
	rdapi_call_free(harness_run(fixture.client, harness_list()));
	before = harness_descriptors();
	for (i = 0; i < 3; i++)
		rdapi_call_free(harness_run(fixture.client, harness_list()));
	tap_number(server_connections(fixture.server), 5,
			   "without keep_connections each has its own");

	/* The server keeps a descriptor of each of the three until it ends. */
	tap_number(harness_descriptors(), before + 3,
			   "and the client keeps none of them");
	harness_tear_down(&fixture);
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

	harness_set_up(&fixture, answer_well, NULL);
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
	harness_tear_down(&fixture);
}

int
main(void)
{
	int			before = harness_descriptors();

	test_get();
	test_next_page();
	test_write();
	test_file();
	test_connections();
	test_counts();
	tap_number(harness_descriptors(), before, "no descriptor is left open");
	return tap_done();
}
