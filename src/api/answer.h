/*-------------------------------------------------------------------------
 *
 * answer.h
 *	  An answer as it comes in: its headers, and its body, unpacked.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_ANSWER_H
#define RDAPI_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "error.h"
#include "gunzip.h"
#include "secret.h"

/* How the body is packed, as the headers say. */
typedef enum RdapiEncoding
{
	RDAPI_ENCODING_NONE = 0,
	RDAPI_ENCODING_GZIP,
	RDAPI_ENCODING_OTHER		/* that was not asked for */
} RdapiEncoding;

typedef struct RdapiAnswer
{
	char		request_id[RDAPI_REQUEST_ID_BYTES + 1]; /* "" where none */
	RdapiBuffer body;			/* unpacked */
	bool		header_ended;	/* with its empty line */

	/* What makes the rest useless; RDAPI_ERR_NONE: nothing does. */
	RdapiErrorKind verdict;
	const char *verdict_words;	/* NULL: the kind says it all */

	/* Its own */
	const RdapiSecrets *secrets;	/* not to be shown; NULL: none */
	size_t		header_bytes;
	RdapiEncoding encoding;
	RdapiGunzip *gunzip;		/* kept; NULL: was never needed */
	bool		body_begun;
} RdapiAnswer;

/* Empty; the secrets are BORROWED. */
extern void rdapi_answer_init(RdapiAnswer *answer,
							  const RdapiSecrets *secrets);

/*
 * Take in a header line, or the status line, with its line end.  false: there
 * is a verdict.
 */
extern bool rdapi_answer_add_header(RdapiAnswer *answer, const char *line,
									size_t length);

/*
 * To be called before the first piece of the body: its limit, unpacked, and
 * the length that was announced; -1: none was.
 */
extern void rdapi_answer_begin_body(RdapiAnswer *answer, size_t maximum,
									int64_t announced);

/* Take in a piece of the body.  false: there is a verdict. */
extern bool rdapi_answer_add_body(RdapiAnswer *answer, const char *data,
								  size_t length);

/*
 * Did it end where its packing says?  false: there are verdict_words.
 * Whether it has the length that was announced is not known here.
 */
extern bool rdapi_answer_is_whole(RdapiAnswer *answer);

/* Forget it; the next one can come. */
extern void rdapi_answer_reset(RdapiAnswer *answer);

/* Frees what it holds. */
extern void rdapi_answer_free(RdapiAnswer *answer);

#endif							/* RDAPI_ANSWER_H */
