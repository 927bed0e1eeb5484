/*-------------------------------------------------------------------------
 *
 * test_clock.c
 *	  The time that was waited.
 *
 *-------------------------------------------------------------------------
 */
#include "src/api/clock.h"
#include "tap.h"

#define MS	1000

int
main(void)
{
	RdapiClock	clock;
	int			i;

	rdapi_clock_init(&clock);
	rdapi_clock_leave(&clock, 900 * MS);
	tap_number(clock.waited_us, 0, "who did not come cannot leave");

	rdapi_clock_arm(&clock, 1000 * MS, 1500 * MS);
	tap_ok(rdapi_clock_attend(&clock, 1000 * MS), "a wait begins");
	rdapi_clock_leave(&clock, 1200 * MS);
	tap_number(clock.waited_us, 200 * MS, "what was waited counts");
	rdapi_clock_leave(&clock, 1300 * MS);
	tap_number(clock.waited_us, 200 * MS, "once");

	tap_ok(!rdapi_clock_attend(&clock, 1400 * MS),
		   "after an absence it is open when it ends");
	rdapi_clock_arm(&clock, 1400 * MS,
					rdapi_clock_due(&clock, 1400 * MS, 500 * MS));
	tap_number(clock.wake_us, 1700 * MS, "which is later by the absence");
	rdapi_clock_leave(&clock, 1710 * MS);
	tap_number(clock.waited_us, 500 * MS, "nobody waits for longer than that");
	tap_ok(rdapi_clock_has_passed(&clock, 500 * MS), "a deadline has passed");
	tap_ok(!rdapi_clock_has_passed(&clock, 502 * MS), "another one has not");

	rdapi_clock_arm(&clock, 2000 * MS, 2200 * MS);
	rdapi_clock_attend(&clock, 2000 * MS + 500);
	rdapi_clock_leave(&clock, 2200 * MS);
	tap_ok(rdapi_clock_has_passed(&clock, 700 * MS),
		   "where the wait begins a moment later, it is over all the same");

	clock.waited_us = 0;
	rdapi_clock_arm(&clock, 3000 * MS, 3100 * MS);
	rdapi_clock_attend(&clock, 3000 * MS);
	rdapi_clock_leave(&clock, 4101 * MS);
	tap_number(clock.waited_us, 0, "who was stopped did not wait");

	rdapi_clock_arm(&clock, 5000 * MS, INT64_MAX);
	rdapi_clock_attend(&clock, 5000 * MS);
	rdapi_clock_leave(&clock, 9000 * MS);
	tap_number(clock.waited_us, 4000 * MS, "a wait may have no end");

	rdapi_clock_arm(&clock, 9000 * MS, 8000 * MS);
	rdapi_clock_attend(&clock, 9000 * MS);
	rdapi_clock_leave(&clock, 9001 * MS);
	tap_number(clock.waited_us, 4000 * MS, "or be over before it begins");

	/* One of several that were waited for, and not the one that had come. */
	rdapi_clock_init(&clock);
	for (i = 0; i < 5; i++)
	{
		int64_t		now_us = (10000 + 100 * i) * MS;

		rdapi_clock_arm(&clock, now_us, rdapi_clock_due(&clock, now_us,
														150 * MS));
		rdapi_clock_attend(&clock, now_us);
		rdapi_clock_leave(&clock, now_us + 30 * MS);
		rdapi_clock_leave(&clock, now_us + 50 * MS);
	}
	tap_number(clock.waited_us, 150 * MS, "many short waits add up");
	tap_ok(rdapi_clock_has_passed(&clock, 150 * MS), "to a deadline");

	/* Two scans of one client, in one wait. */
	rdapi_clock_init(&clock);
	rdapi_clock_arm(&clock, 20000 * MS, INT64_MAX);
	rdapi_clock_attend(&clock, 20000 * MS);
	rdapi_clock_attend(&clock, 20000 * MS);
	rdapi_clock_leave(&clock, 20100 * MS);
	rdapi_clock_leave(&clock, 20100 * MS);
	tap_number(clock.waited_us, 100 * MS, "two that wait together wait once");

	/* The rest of the first wait may have been anything. */
	rdapi_clock_attend(&clock, 21000 * MS);
	rdapi_clock_attend(&clock, 29000 * MS);
	rdapi_clock_leave(&clock, 29100 * MS);
	tap_number(clock.waited_us, 200 * MS,
			   "a wait of which nobody saw the end does not count");
	return tap_done();
}
