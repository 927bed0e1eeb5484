/*-------------------------------------------------------------------------
 *
 * clock.h
 *	  Time by which deadlines go: it runs while somebody waits.
 *
 * Nobody else would take in an answer, and a server may have to wait for
 * that.  All times are in microseconds; "now" is the system's monotonic time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_CLOCK_H
#define RDAPI_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

typedef struct RdapiClock
{
	int64_t		waited_us;		/* the clock: time that was waited, in all */
	int64_t		attended_us;	/* since when somebody waits; -1: nobody does */
	int64_t		wake_us;		/* when he is to be woken */
	int64_t		armed_us;		/* when that was found out */
} RdapiClock;

extern void rdapi_clock_init(RdapiClock *clock);

/* Whoever waits next is to be woken at that time; INT64_MAX: by nothing. */
extern void rdapi_clock_arm(RdapiClock *clock, int64_t now_us,
							int64_t wake_us);

/*
 * Somebody waits from now on.  Who waits for several clients at once attends
 * all of their clocks, and leaves all when that wait is over; two who do so at
 * once wait once.  Where nobody has left, the wait before ended at a time that
 * is not known, and does not count.  false: it has to be found out again when
 * he is to be woken, as the clock has stood still since.
 */
extern bool rdapi_clock_attend(RdapiClock *clock, int64_t now_us);

/* Nobody waits any longer. */
extern void rdapi_clock_leave(RdapiClock *clock, int64_t now_us);

/* The system's time at which the clock, if it runs, will be there. */
extern int64_t rdapi_clock_due(const RdapiClock *clock, int64_t now_us,
							   int64_t deadline_us);

extern bool rdapi_clock_has_passed(const RdapiClock *clock,
								   int64_t deadline_us);

#endif							/* RDAPI_CLOCK_H */
