/*-------------------------------------------------------------------------
 *
 * mux.h
 *	  Many sockets and one timer behind one descriptor, and the clock.
 *
 * The descriptor is readable as long as a watched socket is ready for what
 * it is watched for, or the timer has run out and was not collected.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_MUX_H
#define RDAPI_MUX_H

#include <stdbool.h>
#include <stdint.h>

typedef struct RdapiMux RdapiMux;

#define RDAPI_MUX_READ	0x01
#define RDAPI_MUX_WRITE	0x02
#define RDAPI_MUX_ERROR	0x04	/* only reported, never asked for */

/* A socket that is ready. */
typedef struct RdapiMuxEvent
{
	int			socket;
	unsigned	ready;			/* RDAPI_MUX_READ | ... */
} RdapiMuxEvent;

/* What one of them has open, besides the sockets. */
#ifdef __linux__
#define RDAPI_MUX_DESCRIPTORS	2
#else
#define RDAPI_MUX_DESCRIPTORS	1
#endif

/* Never: the timer is off. */
#define RDAPI_MUX_NEVER	INT64_MAX

/* Monotonic time, in microseconds; what timers are set by. */
extern int64_t rdapi_mux_clock_us(void);

/* NEW; NULL: the system has no descriptor or memory left, see errno. */
extern RdapiMux *rdapi_mux_new(void);

/* Closes the descriptor; NULL-safe. */
extern void rdapi_mux_free(RdapiMux *mux);

extern int	rdapi_mux_descriptor(const RdapiMux *mux);

/*
 * Watch a socket for that (RDAPI_MUX_READ | RDAPI_MUX_WRITE), instead of
 * what it was watched for; 0: no longer.  A socket must be forgotten before
 * it is closed.  false: the system refused.
 */
extern bool rdapi_mux_watch(RdapiMux *mux, int socket, unsigned events);

/*
 * Have the descriptor become readable at that time, instead of the time set
 * before; at once where it has passed, RDAPI_MUX_NEVER: not at all.  false:
 * the system refused.
 */
extern bool rdapi_mux_set_timer(RdapiMux *mux, int64_t due_us);

/*
 * Up to "maximum" sockets that are ready now; does not wait.  A timer that
 * has run out is off afterwards.
 */
extern int	rdapi_mux_collect(RdapiMux *mux, RdapiMuxEvent *events,
							  int maximum);

#endif							/* RDAPI_MUX_H */
