/*-------------------------------------------------------------------------
 *
 * retry.c
 *	  Whether a try that failed is made again, and when: a pure decision.
 *
 * Exponential back-off with full jitter: clients that were turned away at the
 * same time do not come back at the same time.
 *
 *-------------------------------------------------------------------------
 */
#include "retry.h"

/* Back-off after the first try, doubled with each; at most the latter. */
#define BACKOFF_BASE_MS		250
#define BACKOFF_CAP_MS		10000

/* So much before the end of the budget the last try begins, to be in time. */
#define LAST_TRY_MS			10

/*
 * Does the failure leave open whether the server carried the request out?
 * Not where the answer is a redirect or any 4xx, be it a proxy's.
 */
static bool
leaves_doubt(const RdapiRetryInput *input)
{
	return input->sent &&
		(input->http_status < 300 || input->http_status >= 500);
}

/*
 * Does the failure tell how earlier tries of the same request ended, too?  A
 * state that forbids an update may have come after one that was carried out;
 * but what is still there to be refused was not deleted.
 */
static bool
settles_doubt(const RdapiRetryInput *input)
{
	return input->kind == RDAPI_ERR_NOT_FOUND ||
		input->kind == RDAPI_ERR_REFUSED ||
		(input->kind == RDAPI_ERR_STATE &&
		 input->repeat == RDAPI_RETRY_DELETE);
}

/* May the same request fare better later? */
static bool
is_transient(const RdapiRetryInput *input)
{
	switch (input->kind)
	{
		case RDAPI_ERR_CONNECT:
		case RDAPI_ERR_BROKEN:
		case RDAPI_ERR_TIMEOUT:
		case RDAPI_ERR_THROTTLED:
			return !input->permanent;
		case RDAPI_ERR_SERVER:
			return input->http_status == 500 || input->http_status == 502 ||
				input->http_status == 503 || input->http_status == 504;
		default:
			return false;
	}
}

static int64_t
backoff_ms(const RdapiRetryInput *input)
{
	int64_t		limit_ms = BACKOFF_BASE_MS;
	int64_t		wait_ms;
	int			i;

	/*
	 * A connection that the server had closed says nothing about the server;
	 * its successor need not wait.  Nor need another secret.
	 */
	if ((input->stale && input->tries == 1) || input->renewed)
		return 0;

	for (i = 1; i < input->tries && limit_ms < BACKOFF_CAP_MS; i++)
		limit_ms *= 2;
	if (limit_ms > BACKOFF_CAP_MS)
		limit_ms = BACKOFF_CAP_MS;
	wait_ms = (int64_t) (input->random % (uint64_t) (limit_ms + 1));

	/* What the server asks for is a minimum, and spread likewise. */
	if (input->retry_after_ms >= 0)
	{
		int64_t		asked_ms = input->retry_after_ms;

		asked_ms += (int64_t) (input->random % (BACKOFF_BASE_MS + 1));
		if (wait_ms < asked_ms)
			wait_ms = asked_ms;
	}
	return wait_ms;
}

/*
 * The wait, cut so that a last try is made where the back-off goes beyond the
 * budget: the failure may be over by then.  What the server asks for is not
 * cut.
 */
static int64_t
wait_in_budget_ms(const RdapiRetryInput *input)
{
	int64_t		wait_ms = backoff_ms(input);
	int64_t		last_ms = input->budget_ms - input->elapsed_ms - LAST_TRY_MS;

	if (wait_ms <= last_ms || last_ms <= LAST_TRY_MS ||
		input->retry_after_ms > last_ms)
		return wait_ms;
	return last_ms;
}

RdapiRetryDecision
rdapi_retry_decide(const RdapiRetryInput *input)
{
	RdapiRetryDecision decision = {0};

	if (input->repeat != RDAPI_RETRY_READ)
		decision.doubt = leaves_doubt(input) ||
			(input->doubt && !settles_doubt(input));

	decision.wait_ms = wait_in_budget_ms(input);

	/* One try with another secret is promised, whatever the limits are. */
	decision.beyond = input->renewed && !input->renewed_before;
	decision.again =
		(decision.beyond ||
		 ((input->renewed || (is_transient(input) &&
							  input->tries <= input->max_retries)) &&
		  decision.wait_ms < input->budget_ms - input->elapsed_ms)) &&
		!(input->repeat == RDAPI_RETRY_CREATE && decision.doubt);
	if (!decision.again)
		decision.wait_ms = 0;
	decision.unknown = decision.doubt && !decision.again;
	return decision;
}
