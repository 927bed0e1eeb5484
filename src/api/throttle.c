/*-------------------------------------------------------------------------
 *
 * throttle.c
 *	  How many requests may be in flight, and when the next may start.
 *
 * The API limits the requests in flight per account, does not say at how
 * many, and shares the limit among all clients of the account.  So the number
 * allowed follows the answers as TCP's window does: a 429 halves it, a window
 * of successes raises it by one.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "throttle.h"

#define USEC_PER_SEC	1000000.0

void
rdapi_throttle_init(RdapiThrottle *throttle, int maximum,
					double max_per_second)
{
	memset(throttle, 0, sizeof(*throttle));
	throttle->maximum = maximum;
	throttle->allowed = maximum;
	if (max_per_second > 0)
		throttle->interval_us = (int64_t) (USEC_PER_SEC / max_per_second);
}

int64_t
rdapi_throttle_due(const RdapiThrottle *throttle)
{
	if (throttle->in_flight >= throttle->allowed)
		return INT64_MAX;
	return throttle->next_us;
}

unsigned
rdapi_throttle_begin(RdapiThrottle *throttle, int64_t now_us)
{
	/*
	 * A start that came late by less than an interval does not push the next
	 * one back, or the rate would never be reached; one that came later does,
	 * or a burst would follow each pause.
	 */
	if (throttle->next_us < now_us - throttle->interval_us)
		throttle->next_us = now_us;
	throttle->next_us += throttle->interval_us;
	throttle->in_flight++;
	return throttle->window;
}

/*
 * Requests that were in flight together are refused together, which is one
 * piece of news: those that began before the last halving do not halve again.
 * What counts is how many there really were, not how many could have been.
 */
static void
halve(RdapiThrottle *throttle, unsigned window)
{
	if (window != throttle->window)
		return;
	if (throttle->allowed > throttle->in_flight)
		throttle->allowed = throttle->in_flight;
	throttle->allowed = throttle->allowed > 1 ? throttle->allowed / 2 : 1;
	throttle->successes = 0;
	throttle->window++;
}

void
rdapi_throttle_end(RdapiThrottle *throttle, unsigned window,
				   RdapiThrottleResult result)
{
	if (result == RDAPI_THROTTLE_REFUSED)
		halve(throttle, window);
	else if (result == RDAPI_THROTTLE_SUCCESS &&
			 throttle->allowed < throttle->maximum &&
			 ++throttle->successes >= throttle->allowed)
	{
		throttle->allowed++;
		throttle->successes = 0;
	}
	throttle->in_flight--;
}
