/*-------------------------------------------------------------------------
 *
 * reply.h
 *	  What an answer of the API means: success, or which error.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_REPLY_H
#define RDAPI_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "secret.h"

/* Larger bodies of errors are not looked at, in bytes. */
#define RDAPI_ERROR_BODY_BYTES	65536

/*
 * Judge a whole answer.  true: success.  Otherwise the error is set, with
 * what the body says of it, but for secrets (NULL: there are none).
 * state_codes are the API's for a state that forbids the request, up to 0
 * (NULL: there are none).  wants_body: a success has something to say (to all
 * but a deletion).  body may be NULL where length is 0.
 */
extern bool rdapi_reply_judge(RdapiError *error, const RdapiSecrets *secrets,
							  const int *state_codes, bool wants_body,
							  int http_status,
							  const char *body, size_t length);

#endif							/* RDAPI_REPLY_H */
