/*-------------------------------------------------------------------------
 *
 * error.h
 *	  Every failure of the API client, as data.
 *
 * Nothing here prints or raises.  A function that can fail takes an
 * RdapiError to fill and says so by its result; the first error wins.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_ERROR_H
#define RDAPI_ERROR_H

#include <stdbool.h>
#include <stddef.h>

struct RdapiSecrets;

/* What went wrong, in as many kinds as a caller tells apart. */
typedef enum RdapiErrorKind
{
	RDAPI_ERR_NONE = 0,
	RDAPI_ERR_MEMORY,			/* no memory left in the client */
	RDAPI_ERR_SECRET,			/* the file with the secret cannot be used;
								 * nothing was sent */
	RDAPI_ERR_INTERNAL,			/* libcurl or the system refused what should
								 * work */
	RDAPI_ERR_DESCRIPTORS,		/* the process may open no more descriptors;
								 * nothing was sent */
	RDAPI_ERR_CONNECT,			/* cannot resolve, connect or verify; nothing
								 * was sent */
	RDAPI_ERR_BROKEN,			/* the connection broke before the whole
								 * answer came */
	RDAPI_ERR_TIMEOUT,			/* the request took longer than allowed */
	RDAPI_ERR_UNKNOWN,			/* a write was sent, its outcome is not known */
	RDAPI_ERR_PROTOCOL,			/* the answer is not what the API promises */
	RDAPI_ERR_TOO_LARGE,		/* the answer is larger than allowed */
	RDAPI_ERR_AUTH,				/* 401, 403 */
	RDAPI_ERR_NOT_FOUND,		/* 404, by the API's own word */
	RDAPI_ERR_STATE,			/* 409, and 21645, 21646, 20409 */
	RDAPI_ERR_REFUSED,			/* any other 4xx */
	RDAPI_ERR_THROTTLED,		/* 429 */
	RDAPI_ERR_SERVER			/* 5xx */
} RdapiErrorKind;

#define RDAPI_MESSAGE_BYTES		512 /* where messages are cut */
#define RDAPI_REQUEST_ID_BYTES	64	/* RQ and 32 hex digits, with room */
#define RDAPI_URL_BYTES			256

typedef struct RdapiError
{
	RdapiErrorKind kind;

	/* What the API said, where it said anything. */
	int			http_status;	/* 0: no answer */
	int			api_code;		/* 0: none given */
	char		api_message[RDAPI_MESSAGE_BYTES + 1];	/* escaped, UTF-8 */
	char		more_info[RDAPI_URL_BYTES + 1]; /* "" where none */
	char		request_id[RDAPI_REQUEST_ID_BYTES + 1]; /* "" where none */

	/*
	 * Of a secret that was refused: what reading its file again has come to,
	 * as "is empty"; "" where it was not read again, or has another one.
	 */
	char		renewal[RDAPI_MESSAGE_BYTES + 1];

	/* What the client says of it: one line, lower case, no period. */
	char		message[RDAPI_MESSAGE_BYTES + 1];

	/*
	 * For RDAPI_ERR_UNKNOWN, what the last try met: RDAPI_ERR_BROKEN,
	 * RDAPI_ERR_TIMEOUT, RDAPI_ERR_SERVER, ...  Otherwise equal to kind.
	 */
	RdapiErrorKind cause;
	int			tries;			/* requests made for it, 0: none was begun */
} RdapiError;

/* Forget what was recorded. */
extern void rdapi_error_clear(RdapiError *error);

/*
 * Record a failure, unless one is recorded already.  The format makes
 * error->message; control characters in the result are escaped as \xNN and
 * it is cut at RDAPI_MESSAGE_BYTES without splitting a UTF-8 character.
 */
extern void rdapi_error_set(RdapiError *error, RdapiErrorKind kind,
							const char *format,...)
			__attribute__((format(printf, 3, 4)));

/*
 * Copy text that came from outside into a field of "size" bytes, the last
 * of them for the terminator: cut without splitting a UTF-8 character,
 * control characters and bytes that are not UTF-8 escaped as \xNN, and "***"
 * in the place of secrets, which it has when somebody answers with what was
 * sent.  NULL: there are none.  false: it was cut.
 */
extern bool rdapi_error_copy_text(char *field, size_t size,
								  const char *text, size_t length,
								  const struct RdapiSecrets *secrets);

#endif							/* RDAPI_ERROR_H */
