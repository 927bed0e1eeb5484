/*-------------------------------------------------------------------------
 *
 * retry.h
 *	  Whether a try that failed is made again, and when: a pure decision.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_RETRY_H
#define RDAPI_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

/* What repeating it can do. */
typedef enum RdapiRetryClass
{
	RDAPI_RETRY_READ,			/* changes nothing */
	RDAPI_RETRY_UPDATE,			/* done twice is done once */
	RDAPI_RETRY_DELETE,			/* the same, and cannot be undone */
	RDAPI_RETRY_CREATE			/* done twice makes two */
} RdapiRetryClass;

typedef struct RdapiRetryInput
{
	RdapiRetryClass repeat;

	/* The try that failed */
	RdapiErrorKind kind;
	int			http_status;	/* 0: no answer */
	bool		permanent;		/* it would only fail the same way again */
	bool		sent;			/* the server may have looked at it */
	bool		stale;			/* a kept connection was found dead */
	bool		renewed;		/* there is another secret than was refused */
	int64_t		retry_after_ms; /* what the answer asked for; -1: nothing */

	/* The tries so far, this one included */
	bool		renewed_before; /* one was made beyond the limits */
	bool		doubt;			/* one before may have been carried out */
	int			tries;
	int64_t		elapsed_ms;		/* since the first began */

	/* Limits */
	int			max_retries;
	int64_t		budget_ms;		/* in which the last try has to begin */

	uint64_t	random;
} RdapiRetryInput;

typedef struct RdapiRetryDecision
{
	bool		again;			/* after wait_ms; otherwise it has failed */
	int64_t		wait_ms;
	bool		beyond;			/* the limits do not hold for the next try */
	bool		doubt;			/* it may have been carried out */
	bool		unknown;		/* it has failed, and nobody knows whether it
								 * was carried out */
} RdapiRetryDecision;

extern RdapiRetryDecision rdapi_retry_decide(const RdapiRetryInput *input);

#endif							/* RDAPI_RETRY_H */
