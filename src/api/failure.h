/*-------------------------------------------------------------------------
 *
 * failure.h
 *	  What it means that libcurl could not do it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_FAILURE_H
#define RDAPI_FAILURE_H

#include <stdbool.h>

#include <curl/curl.h>

#include "error.h"
#include "secret.h"

/*
 * The kind of error that a result of libcurl is, before or after the request
 * was sent.  *permanent: it would only fail the same way again.
 */
extern RdapiErrorKind rdapi_failure_kind(CURLcode result, bool sent,
										 bool *permanent);

/*
 * Set the error of a request to that URL.  words are libcurl's or better
 * ones, "" where there are none; timeout_ms is what it was given.
 */
extern void rdapi_failure_describe(RdapiError *error, RdapiErrorKind kind,
								   const char *url, const char *words,
								   int timeout_ms);

/*
 * Copy libcurl's words about a result, but for secrets, into a field of that
 * size.
 */
extern void rdapi_failure_words(char *field, size_t size, CURLcode result,
								const char *words,
								const RdapiSecrets *secrets);

#endif							/* RDAPI_FAILURE_H */
