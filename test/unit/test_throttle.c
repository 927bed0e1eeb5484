/*-------------------------------------------------------------------------
 *
 * test_throttle.c
 *	  How many requests may be in flight, and when the next may start.
 *
 *-------------------------------------------------------------------------
 */
#include <stdint.h>

#include "src/api/throttle.h"
#include "tap.h"

#define SECOND_US	INT64_C(1000000)

/* Begin as many as are allowed; returns their window. */
static unsigned
fill(RdapiThrottle *throttle)
{
	unsigned	window = throttle->window;

	while (rdapi_throttle_due(throttle) <= 0)
		window = rdapi_throttle_begin(throttle, 0);
	return window;
}

static void
end_all(RdapiThrottle *throttle, unsigned window, RdapiThrottleResult result)
{
	while (throttle->in_flight > 0)
		rdapi_throttle_end(throttle, window, result);
}

static void
test_concurrency(void)
{
	RdapiThrottle throttle;
	unsigned	window;
	int			i;

	rdapi_throttle_init(&throttle, 16, 0);
	window = fill(&throttle);
	tap_number(throttle.in_flight, 16, "as many as configured may start");
	tap_ok(rdapi_throttle_due(&throttle) == INT64_MAX, "and no more");

	end_all(&throttle, window, RDAPI_THROTTLE_REFUSED);
	tap_number(throttle.allowed, 8, "a burst of refusals halves once");
	window = fill(&throttle);
	tap_number(throttle.in_flight, 8, "so that half of them may start");
	rdapi_throttle_end(&throttle, window, RDAPI_THROTTLE_OTHER);
	tap_number(throttle.allowed, 8, "a failure changes nothing");
	for (i = 0; i < 7; i++)
		rdapi_throttle_end(&throttle, window, RDAPI_THROTTLE_SUCCESS);
	tap_number(throttle.allowed, 8, "nor does less than a window of successes");
	window = rdapi_throttle_begin(&throttle, 0);
	rdapi_throttle_end(&throttle, window, RDAPI_THROTTLE_SUCCESS);
	tap_number(throttle.allowed, 9, "a whole one raises by one");
	for (i = 0; i < 1000; i++)
	{
		window = rdapi_throttle_begin(&throttle, 0);
		rdapi_throttle_end(&throttle, window, RDAPI_THROTTLE_SUCCESS);
	}
	tap_number(throttle.allowed, 16, "up to what is configured");

	window = rdapi_throttle_begin(&throttle, 0);
	rdapi_throttle_begin(&throttle, 0);
	rdapi_throttle_begin(&throttle, 0);
	rdapi_throttle_begin(&throttle, 0);
	rdapi_throttle_end(&throttle, window, RDAPI_THROTTLE_REFUSED);
	tap_number(throttle.allowed, 2, "halved is what really was in flight");
	tap_ok(rdapi_throttle_due(&throttle) == INT64_MAX,
		   "and until it is less, none starts");
	for (i = 0; i < 9; i++)
	{
		window = fill(&throttle);
		end_all(&throttle, window, RDAPI_THROTTLE_REFUSED);
	}
	tap_number(throttle.allowed, 1, "one is always allowed");
}

static void
test_rate(void)
{
	RdapiThrottle throttle;

	rdapi_throttle_init(&throttle, 64, 10);
	tap_ok(rdapi_throttle_due(&throttle) <= SECOND_US, "the first starts");
	rdapi_throttle_begin(&throttle, SECOND_US);
	tap_number(rdapi_throttle_due(&throttle), SECOND_US + 100000,
			   "the second a tenth of a second later");
	rdapi_throttle_begin(&throttle, SECOND_US + 130000);
	tap_number(rdapi_throttle_due(&throttle), SECOND_US + 200000,
			   "one that came late does not delay the third");
	rdapi_throttle_begin(&throttle, 9 * SECOND_US);
	tap_number(rdapi_throttle_due(&throttle), 9 * SECOND_US + 100000,
			   "but no burst follows a pause");
}

int
main(void)
{
	test_concurrency();
	test_rate();
	return tap_done();
}
