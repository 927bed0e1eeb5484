/*-------------------------------------------------------------------------
 *
 * test_reply.c
 *	  What answers mean: kinds of errors, and bodies of every shape.
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/api/reply.h"
#include "tap.h"

static const int codes[] = {21645, 21646, 20409, 0};

typedef struct ReplyCase
{
	const char *name;
	int			http_status;
	const char *body;
	RdapiErrorKind kind;
	int			api_code;
	const char *api_message;
	const char *more_info;
} ReplyCase;

static const ReplyCase reply_cases[] =
{
	{"the usual shape", 404,
		"{\"code\": 20404, \"message\": \"not found\", \"more_info\": "
		"\"https://www.twilio.com/docs/errors/20404\", \"status\": 404}",
		RDAPI_ERR_NOT_FOUND, 20404, "not found",
	"https://www.twilio.com/docs/errors/20404"},
	{"RFC 9457, not found", 404,
		"{\"type\": \"about:blank\", \"title\": \"No\", \"status\": 404, "
		"\"code\": 20404}",
	RDAPI_ERR_NOT_FOUND, 20404, "No", ""},
	{"the third shape, not found", 404,
		"{\"code\": 20404, \"message\": \"No\", \"httpStatusCode\": 404}",
	RDAPI_ERR_NOT_FOUND, 20404, "No", ""},
	{"not found, without code", 404, "{\"message\": \"No\", \"status\": 404}",
	RDAPI_ERR_NOT_FOUND, 0, "No", ""},
	{"404, HTML", 404, "<html><body>Not Found</body></html>",
	RDAPI_ERR_PROTOCOL, 0, "", ""},
	{"404, nothing", 404, "", RDAPI_ERR_PROTOCOL, 0, "", ""},
	{"404 of a gateway", 404, "{\"message\": \"Not Found\"}",
	RDAPI_ERR_PROTOCOL, 0, "Not Found", ""},
	{"404 of a cluster", 404,
		"{\"kind\": \"Status\", \"message\": \"x\", \"code\": 404}",
	RDAPI_ERR_PROTOCOL, 404, "x", ""},
	{"404 of a framework", 404,
		"{\"type\": \"https://tools.ietf.org/html/rfc7231#section-6.5.4\", "
		"\"title\": \"Not Found\", \"status\": 404}",
		RDAPI_ERR_PROTOCOL, 0, "Not Found",
	"https://tools.ietf.org/html/rfc7231#section-6.5.4"},
	{"404 of another", 404,
		"{\"status\": 404, \"error\": \"Not Found\", \"path\": \"/x\"}",
	RDAPI_ERR_PROTOCOL, 0, "", ""},
	{"404, an array", 404, "[{\"code\": 20404}]",
	RDAPI_ERR_PROTOCOL, 0, "", ""},
	{"404, JSON that is cut", 404, "{\"code\": 20404, \"message\": \"no",
	RDAPI_ERR_PROTOCOL, 0, "", ""},
	{"without code and link", 400,
		"{\"message\": \"Invalid\", \"status\": 400}",
	RDAPI_ERR_REFUSED, 0, "Invalid", ""},
	{"with details", 400,
		"{\"code\": 20001, \"message\": \"Invalid\", \"detail\": \"Type\", "
		"\"details\": {\"a\": 1}, \"status\": 400}",
	RDAPI_ERR_REFUSED, 20001, "Invalid: Type", ""},
	{"RFC 9457", 429,
		"{\"type\": \"https://www.twilio.com/docs/errors/20429\", "
		"\"title\": \"Too Many Requests\", \"status\": 429, \"code\": 20429, "
		"\"detail\": \"slow down\"}",
		RDAPI_ERR_THROTTLED, 20429, "Too Many Requests: slow down",
	"https://www.twilio.com/docs/errors/20429"},
	{"RFC 9457 without a type", 500,
		"{\"type\": \"about:blank\", \"title\": \"Oops\", \"status\": 500}",
	RDAPI_ERR_SERVER, 0, "Oops", ""},
	{"the third shape", 400,
		"{\"code\": 22211, \"message\": \"no name\", \"httpStatusCode\": 400, "
		"\"params\": {\"x\": \"y\"}, \"userError\": true}",
	RDAPI_ERR_REFUSED, 22211, "no name", ""},
	{"a code as a string", 400, "{\"code\": \"22210\", \"message\": \"m\"}",
	RDAPI_ERR_REFUSED, 22210, "m", ""},
	{"a code that is none", 400, "{\"code\": \"x\", \"message\": 7}",
	RDAPI_ERR_REFUSED, 0, "", ""},
	{"a code that is too large", 400, "{\"code\": 99999999999}",
	RDAPI_ERR_REFUSED, 0, "", ""},
	{"HTML", 502, "<html><body>Bad Gateway</body></html>",
	RDAPI_ERR_SERVER, 0, "", ""},
	{"nothing", 503, "", RDAPI_ERR_SERVER, 0, "", ""},
	{"an array", 400, "[1]", RDAPI_ERR_REFUSED, 0, "", ""},
	{"JSON that is cut", 400, "{\"code\": 1", RDAPI_ERR_REFUSED, 0, "", ""},
	{"JSON with more behind", 400, "{\"code\": 1}x",
	RDAPI_ERR_REFUSED, 0, "", ""},
	{"controls", 400, "{\"message\": \"a\\r\\nb\\u001b[1m\"}",
	RDAPI_ERR_REFUSED, 0, "a\\x0D\\x0Ab\\x1B[1m", ""},
	{"a link that is none", 400, "{\"more_info\": \"javascript:alert(1)\"}",
	RDAPI_ERR_REFUSED, 0, "", ""},
	{"401", 401, "{\"code\": 20003}", RDAPI_ERR_AUTH, 20003, "", ""},
	{"403", 403, "", RDAPI_ERR_AUTH, 0, "", ""},
	{"405", 405, "", RDAPI_ERR_REFUSED, 0, "", ""},
	{"409", 409, "{\"code\": 20409}", RDAPI_ERR_STATE, 20409, "", ""},
	{"413", 413, "{\"code\": 20413}", RDAPI_ERR_REFUSED, 20413, "", ""},
	{"assigned to a bundle", 400, "{\"code\": 21645}",
	RDAPI_ERR_STATE, 21645, "", ""},
	{"not eligible for deletion", 400, "{\"code\": 21646}",
	RDAPI_ERR_STATE, 21646, "", ""},
	{"such a code with 500", 500, "{\"code\": 21646}",
	RDAPI_ERR_SERVER, 21646, "", ""},
	{"599", 599, "", RDAPI_ERR_SERVER, 0, "", ""}
};

static void
test_errors(void)
{
	size_t		i;

	for (i = 0; i < sizeof(reply_cases) / sizeof(reply_cases[0]); i++)
	{
		const ReplyCase *reply = &reply_cases[i];
		RdapiError	error;

		rdapi_error_clear(&error);
		tap_ok(!rdapi_reply_judge(&error, NULL, codes, true, reply->http_status,
								  reply->body, strlen(reply->body)),
			   "%s: an error", reply->name);
		tap_number(error.kind, reply->kind, "its kind: %s", error.message);
		tap_number(error.http_status, reply->http_status, "its status");
		tap_number(error.api_code, reply->api_code, "its code");
		tap_equal(error.api_message, reply->api_message, "its message");
		tap_equal(error.more_info, reply->more_info, "its link");
	}
}

static void
test_sizes(void)
{
	size_t		size = RDAPI_ERROR_BODY_BYTES;
	char	   *body = malloc(size + 1);
	RdapiError	error;

	if (body == NULL)
		exit(EXIT_FAILURE);
	memset(body, 'x', size + 1);
	memcpy(body, "{\"message\": \"", 13);
	memcpy(body + size - 2, "\"}", 2);
	rdapi_error_clear(&error);
	rdapi_reply_judge(&error, NULL, codes, true, 400, body, size);
	tap_number((long long) strlen(error.api_message), RDAPI_MESSAGE_BYTES,
			   "a long message is cut");
	memcpy(body + size - 2, "x\"}", 3);
	rdapi_error_clear(&error);
	rdapi_reply_judge(&error, NULL, codes, true, 400, body, size + 1);
	tap_equal(error.api_message, "", "a body that is too large is not read");

	/* As deep as it can be, to no effect on the stack. */
	memset(body, '[', size);
	rdapi_error_clear(&error);
	rdapi_reply_judge(&error, NULL, codes, true, 400, body, size);
	tap_number(error.kind, RDAPI_ERR_REFUSED, "a deep body does no harm");
	free(body);
}

static bool
judge(bool wants_body, int http_status, const char *body)
{
	RdapiError	error;

	rdapi_error_clear(&error);
	return rdapi_reply_judge(&error, NULL, codes, wants_body, http_status, body,
							 strlen(body)) || error.kind != RDAPI_ERR_PROTOCOL;
}

static void
test_success(void)
{
	tap_ok(judge(true, 200, "{}"), "200 is success");
	tap_ok(judge(true, 201, "{}"), "so is 201");
	tap_ok(!judge(true, 204, ""), "204 is none");
	tap_ok(!judge(true, 200, ""), "nor is 200 without a body");
	tap_ok(!judge(true, 206, "{}"), "nor is 206");
	tap_ok(!judge(true, 304, ""), "nor is 304");
	tap_ok(!judge(true, 0, ""), "nor is no status");
	tap_ok(judge(false, 204, ""), "204 is success of a deletion");
	tap_ok(judge(false, 200, ""), "so is 200");
	tap_ok(!judge(false, 200, "<html>"), "but not with something to say");
	tap_ok(!judge(false, 202, ""), "202 is none");
}

int
main(void)
{
	test_errors();
	test_sizes();
	test_success();
	return tap_done();
}
