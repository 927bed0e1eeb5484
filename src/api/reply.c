/*-------------------------------------------------------------------------
 *
 * reply.c
 *	  What an answer of the API means: success, or which error.
 *
 * The bodies of errors come in three shapes, and from proxies as HTML:
 *
 *	{"code": 20404, "message": "...", "more_info": "https://...",
 *	 "status": 404}, also with "detail" or "details"
 *	{"type": "https://...", "title": "...", "status": 404, "code": 20404,
 *	 "detail": "..."} (RFC 9457)
 *	{"code": 20404, "message": "...", "httpStatusCode": 404,
 *	 "params": {...}, "userError": true}
 *
 * No key is relied on: what is missing or of another type is left out.  Only
 * a 404 has to be the API's own: it says that something is not there, which a
 * proxy, or whatever a wrong base_url leads to, does not know.
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "reply.h"

#define LENGTH_OF(array)	(sizeof(array) / sizeof((array)[0]))

/* What an error answer is, and how it is called. */
typedef struct ErrorAnswer
{
	int			http_status;
	RdapiErrorKind kind;
	const char *message;
} ErrorAnswer;

static const ErrorAnswer answers[] =
{
	{401, RDAPI_ERR_AUTH, "the API does not accept the credentials"},
	{403, RDAPI_ERR_AUTH, "the API does not permit the request"},
	{404, RDAPI_ERR_NOT_FOUND, "the API knows no such resource"},
	{409, RDAPI_ERR_STATE, "the resource's state does not allow the request"},
	{429, RDAPI_ERR_THROTTLED, "the API has too many requests of the account"}
};
static const ErrorAnswer wrong_state =
{
	409, RDAPI_ERR_STATE, "the resource's state does not allow the request"
};
static const ErrorAnswer other_refusal =
{
	400, RDAPI_ERR_REFUSED, "the API refused the request"
};
static const ErrorAnswer server_trouble =
{
	500, RDAPI_ERR_SERVER, "the API's server failed"
};
static const ErrorAnswer not_the_api =
{
	404, RDAPI_ERR_PROTOCOL,
	"HTTP status 404 came from something that is not the API"
};

/* BORROWED; "" where the value is no string. */
static const char *
string_value(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value == NULL ? "" : value;
}

/* A positive number, also one that came as a string; 0: neither. */
static int
code_value(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	long long	code = json_integer_value(value);

	if (json_is_string(value))
		code = strtoll(json_string_value(value), NULL, 10);
	return code > 0 && code <= 999999999 ? (int) code : 0;
}

/* Add text to what a field has; false: it was cut. */
static bool
add_text(char *field, size_t size, const char *text,
		 const RdapiSecrets *secrets)
{
	size_t		used = strlen(field);

	return rdapi_error_copy_text(field + used, size - used,
								 text, strlen(text), secrets);
}

/* The API's words: the message or title, and the detail where it has one. */
static void
read_message(RdapiError *error, const json_t *object,
			 const RdapiSecrets *secrets)
{
	const char *message = string_value(object, "message");
	const char *detail = string_value(object, "detail");
	char	   *field = error->api_message;
	size_t		size = sizeof(error->api_message);

	if (message[0] == '\0')
		message = string_value(object, "title");
	if (detail[0] == '\0')
		detail = string_value(object, "details");
	field[0] = '\0';
	if (!add_text(field, size, message, secrets) || detail[0] == '\0')
		return;
	if (message[0] == '\0' || add_text(field, size, ": ", NULL))
		add_text(field, size, detail, secrets);
}

/* A link to explanations; RFC 9457 has it as the type. */
static void
read_more_info(RdapiError *error, const json_t *object,
			   const RdapiSecrets *secrets)
{
	const char *link = string_value(object, "more_info");

	if (link[0] == '\0')
		link = string_value(object, "type");
	if (strncmp(link, "https://", 8) == 0 || strncmp(link, "http://", 7) == 0)
		rdapi_error_copy_text(error->more_info, sizeof(error->more_info),
							  link, strlen(link), secrets);
}

/*
 * Is it an error of the API, rather than of some other service that speaks
 * JSON?  The API's codes have five digits.  In the first shape there may be no
 * code; then the words have to be where the API has them, and the status.
 */
static bool
is_own_error(const json_t *object, int http_status)
{
	int			code = code_value(object, "code");

	if (json_object_get(object, "code") != NULL)
		return code >= 10000 && code <= 99999;
	return string_value(object, "message")[0] != '\0' &&
		(code_value(object, "status") == http_status ||
		 code_value(object, "httpStatusCode") == http_status);
}

/* Take what the body says into the error.  Is it the API's own? */
static bool
read_body(RdapiError *error, const RdapiSecrets *secrets, int http_status,
		  const char *body, size_t length)
{
	json_t	   *object;
	bool		own = false;

	if (length == 0 || length > RDAPI_ERROR_BODY_BYTES)
		return false;
	object = json_loadb(body, length, 0, NULL);
	if (json_is_object(object))
	{
		error->api_code = code_value(object, "code");
		read_message(error, object, secrets);
		read_more_info(error, object, secrets);
		own = is_own_error(object, http_status);
	}
	json_decref(object);
	return own;
}

static bool
has_code(const int *codes, int code)
{
	while (codes != NULL && *codes != 0)
	{
		if (*codes++ == code)
			return true;
	}
	return false;
}

/* The API's own code says more than the status, which varies. */
static const ErrorAnswer *
find_answer(int http_status, int api_code, const int *state_codes, bool own)
{
	size_t		i;

	if (http_status >= 500)
		return &server_trouble;
	if (own && has_code(state_codes, api_code))
		return &wrong_state;
	if (http_status == 404 && !own)
		return &not_the_api;
	for (i = 0; i < LENGTH_OF(answers); i++)
	{
		if (answers[i].http_status == http_status)
			return &answers[i];
	}
	return &other_refusal;
}

bool
rdapi_reply_judge(RdapiError *error, const RdapiSecrets *secrets,
				  const int *state_codes, bool wants_body, int http_status,
				  const char *body, size_t length)
{
	const ErrorAnswer *answer;

	error->http_status = http_status;
	if (http_status >= 400)
	{
		bool		own = read_body(error, secrets, http_status, body, length);

		answer = find_answer(http_status, error->api_code, state_codes, own);
		rdapi_error_set(error, answer->kind, "%s", answer->message);
		return false;
	}
	if (http_status >= 300)
	{
		rdapi_error_set(error, RDAPI_ERR_PROTOCOL,
						"the API answered with a redirect");
		return false;
	}
	/* What has no body is a deletion; a proxy's page is no answer to that. */
	if (wants_body ? http_status != 200 && http_status != 201 :
		http_status != 204 && (http_status != 200 || length > 0))
	{
		rdapi_error_set(error, RDAPI_ERR_PROTOCOL,
						"the API answered with HTTP status %d, which it does not promise",
						http_status);
		return false;
	}
	if (wants_body && length == 0)
	{
		rdapi_error_set(error, RDAPI_ERR_PROTOCOL,
						"the API answered with nothing");
		return false;
	}
	return true;
}
