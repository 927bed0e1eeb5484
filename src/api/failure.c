/*-------------------------------------------------------------------------
 *
 * failure.c
 *	  What it means that libcurl could not do it.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "failure.h"

/*
 * What libcurl has found too large itself, as more headers than it takes:
 * CURLE_TOO_LARGE of version 8.6, which an older one's header does not have.
 */
#define TOO_LARGE			((CURLcode) 100)

#define LENGTH_OF(array)	(sizeof(array) / sizeof((array)[0]))

/* What a result of libcurl is, before and after the request was sent. */
typedef struct Failure
{
	CURLcode	result;
	RdapiErrorKind before;
	RdapiErrorKind after;
	bool		permanent;
} Failure;

static const Failure failures[] =
{
	{CURLE_OPERATION_TIMEDOUT, RDAPI_ERR_CONNECT, RDAPI_ERR_TIMEOUT, false},

	{CURLE_COULDNT_RESOLVE_PROXY, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_COULDNT_RESOLVE_HOST, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_COULDNT_CONNECT, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_PROXY, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_SSL_CONNECT_ERROR, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_GOT_NOTHING, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_SEND_ERROR, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_RECV_ERROR, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_PARTIAL_FILE, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_HTTP2, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},
	{CURLE_HTTP2_STREAM, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, false},

	/* Certificates do not become better by asking again. */
	{CURLE_PEER_FAILED_VERIFICATION, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, true},
	{CURLE_SSL_CACERT_BADFILE, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, true},
	{CURLE_SSL_CERTPROBLEM, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, true},
	{CURLE_SSL_CIPHER, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, true},
	{CURLE_SSL_ISSUER_ERROR, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, true},
	{CURLE_SSL_INVALIDCERTSTATUS, RDAPI_ERR_CONNECT, RDAPI_ERR_BROKEN, true},

	/* What answers is no HTTP server, or one that does not know how to. */
	{CURLE_UNSUPPORTED_PROTOCOL, RDAPI_ERR_INTERNAL, RDAPI_ERR_PROTOCOL, true},
	{CURLE_WEIRD_SERVER_REPLY, RDAPI_ERR_CONNECT, RDAPI_ERR_PROTOCOL, true},

	{CURLE_FILESIZE_EXCEEDED, RDAPI_ERR_INTERNAL, RDAPI_ERR_TOO_LARGE, true},
	{TOO_LARGE, RDAPI_ERR_INTERNAL, RDAPI_ERR_TOO_LARGE, true},
	{CURLE_OUT_OF_MEMORY, RDAPI_ERR_MEMORY, RDAPI_ERR_MEMORY, true}
};

RdapiErrorKind
rdapi_failure_kind(CURLcode result, bool sent, bool *permanent)
{
	size_t		i;

	for (i = 0; i < LENGTH_OF(failures); i++)
	{
		if (failures[i].result != result)
			continue;
		*permanent = failures[i].permanent;
		return sent ? failures[i].after : failures[i].before;
	}
	*permanent = true;
	return RDAPI_ERR_INTERNAL;
}

void
rdapi_failure_describe(RdapiError *error, RdapiErrorKind kind,
					   const char *url, const char *words, int timeout_ms)
{
	const char *host = strstr(url, "://");
	int			origin_length;

	host = host == NULL ? url : host + 3;
	origin_length = (int) (host - url) + (int) strcspn(host, "/?#");

	switch (kind)
	{
		case RDAPI_ERR_CONNECT:
			rdapi_error_set(error, kind, "could not connect to \"%.*s\": %s",
							origin_length, url, words);
			break;
		case RDAPI_ERR_DESCRIPTORS:
			rdapi_error_set(error, kind,
							"no file descriptor is left for a connection to \"%.*s\"",
							origin_length, url);
			break;
		case RDAPI_ERR_BROKEN:
			rdapi_error_set(error, kind, "connection to \"%.*s\" broke: %s",
							origin_length, url, words);
			break;
		case RDAPI_ERR_TIMEOUT:
			rdapi_error_set(error, kind,
							"no complete answer from \"%.*s\" within %d ms",
							origin_length, url, timeout_ms);
			break;
		case RDAPI_ERR_TOO_LARGE:
			rdapi_error_set(error, kind,
							"answer from \"%.*s\" is larger than allowed",
							origin_length, url);
			break;
		case RDAPI_ERR_PROTOCOL:
			rdapi_error_set(error, kind,
							"answer from \"%.*s\" cannot be read: %s",
							origin_length, url, words);
			break;
		case RDAPI_ERR_MEMORY:
			rdapi_error_set(error, kind, "out of memory");
			break;
		default:
			rdapi_error_set(error, kind, "libcurl failed: %s", words);
			break;
	}
}

void
rdapi_failure_words(char *field, size_t size, CURLcode result,
					const char *words, const RdapiSecrets *secrets)
{
	if (words[0] == '\0')
		words = curl_easy_strerror(result);

	/* It quotes a proxy's URL that it cannot make sense of, with a password. */
	if (strstr(words, "roxy") != NULL && strchr(words, '\'') != NULL)
		words = "the environment's proxy has a URL that cannot be used";
	rdapi_error_copy_text(field, size, words, strlen(words), secrets);
}
