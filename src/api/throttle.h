/*-------------------------------------------------------------------------
 *
 * throttle.h
 *	  How many requests may be in flight, and when the next may start.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_THROTTLE_H
#define RDAPI_THROTTLE_H

#include <stdint.h>

typedef struct RdapiThrottle
{
	int			maximum;		/* in flight, as configured */
	int			allowed;		/* in flight, as the server bears it */
	int			in_flight;
	int			successes;		/* since allowed was changed */
	unsigned	window;			/* counts the times that allowed was halved */
	int64_t		interval_us;	/* between starts; 0: no limit */
	int64_t		next_us;		/* no start before that time */
} RdapiThrottle;

/* What became of a request that was in flight. */
typedef enum RdapiThrottleResult
{
	RDAPI_THROTTLE_SUCCESS,
	RDAPI_THROTTLE_REFUSED,		/* 429, or no descriptor for it */
	RDAPI_THROTTLE_OTHER		/* says nothing about the load */
} RdapiThrottleResult;

/* max_per_second 0: no limit. */
extern void rdapi_throttle_init(RdapiThrottle *throttle, int maximum,
								double max_per_second);

/*
 * When the next request may start: now_us or earlier: at once, INT64_MAX: not
 * before one in flight ends.
 */
extern int64_t rdapi_throttle_due(const RdapiThrottle *throttle);

/* A request starts; returns its window, to be given back at its end. */
extern unsigned rdapi_throttle_begin(RdapiThrottle *throttle, int64_t now_us);

extern void rdapi_throttle_end(RdapiThrottle *throttle, unsigned window,
							   RdapiThrottleResult result);

#endif							/* RDAPI_THROTTLE_H */
