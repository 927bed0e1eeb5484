/*-------------------------------------------------------------------------
 *
 * clock.c
 *	  Time by which deadlines go: it runs while somebody waits.
 *
 *-------------------------------------------------------------------------
 */
#include "clock.h"

/*
 * Who comes so much later than he was to be woken was not there to be woken:
 * he was stopped, say.  More than a busy machine makes of it.
 */
#define ABSENCE_US		1000000

/* What passes uncounted between arming and waiting, and is of no account. */
#define GRANULARITY_US	1000

void
rdapi_clock_init(RdapiClock *clock)
{
	clock->waited_us = 0;
	clock->attended_us = -1;
	clock->wake_us = INT64_MAX;
	clock->armed_us = 0;
}

void
rdapi_clock_arm(RdapiClock *clock, int64_t now_us, int64_t wake_us)
{
	clock->wake_us = wake_us;
	clock->armed_us = now_us;
}

bool
rdapi_clock_attend(RdapiClock *clock, int64_t now_us)
{
	clock->attended_us = now_us;
	return now_us - clock->armed_us <= GRANULARITY_US;
}

void
rdapi_clock_leave(RdapiClock *clock, int64_t now_us)
{
	int64_t		until_us = now_us;

	/* What goes beyond the time that he was to be woken is not the server's. */
	if (until_us > clock->wake_us)
		until_us = clock->wake_us;
	if (clock->attended_us >= 0 && until_us > clock->attended_us &&
		now_us - until_us <= ABSENCE_US)
		clock->waited_us += until_us - clock->attended_us;
	clock->attended_us = -1;
}

int64_t
rdapi_clock_due(const RdapiClock *clock, int64_t now_us, int64_t deadline_us)
{
	return now_us + (deadline_us - clock->waited_us);
}

bool
rdapi_clock_has_passed(const RdapiClock *clock, int64_t deadline_us)
{
	return deadline_us <= clock->waited_us + GRANULARITY_US;
}
