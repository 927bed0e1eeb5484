/*-------------------------------------------------------------------------
 *
 * wait.c
 *	  Waiting for the API, so that the backend stays interruptible.
 *
 * The only place that waits: on the backend's latch and on the client's
 * descriptor, which stands for all of its sockets and timers.  A cancel, a
 * timeout or a shutdown sets the latch, whatever the client is at.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <poll.h>

#include "miscadmin.h"
#include "pgstat.h"
#include "storage/latch.h"

#include "src/fdw/base/progress.h"
#include "src/fdw/base/wait.h"

/* How long an interrupt may be overlooked while nothing may be raised. */
#define QUIET_INTERVAL_MS 20

static bool
wait_once(RdapiClient *client, bool begin, TimestampTz deadline)
{
	int			events = WL_LATCH_SET | WL_SOCKET_READABLE |
	WL_EXIT_ON_PM_DEATH;
	long		timeout_ms = -1L;
	int			rc;

	if (deadline != REGDOCS_WAIT_FOREVER)
	{
		timeout_ms = TimestampDifferenceMilliseconds(GetCurrentTimestamp(),
													 deadline);
		if (timeout_ms <= 0)
			return false;
		events |= WL_TIMEOUT;
	}

	regdocs_progress_tell_trouble(client);
	rdapi_client_attend(client, begin);
	rc = WaitLatchOrSocket(MyLatch, events, rdapi_client_descriptor(client),
						   timeout_ms, PG_WAIT_EXTENSION);
	rdapi_client_leave(client);
	if (rc & WL_LATCH_SET)
		ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
	return true;
}

static void
add_elapsed(instr_time *waited, instr_time start)
{
	instr_time	now;

	if (waited == NULL)
		return;
	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_ACCUM_DIFF(*waited, now, start);
}

bool
regdocs_wait_call(RdapiClient *client, RdapiCall *call, TimestampTz deadline,
				  instr_time *waited)
{
	instr_time	start;
	bool		in_time = true;

	CHECK_FOR_INTERRUPTS();
	if (rdapi_call_is_done(call))
		return true;

	INSTR_TIME_SET_CURRENT(start);
	rdapi_client_drive(client);
	while (in_time && !rdapi_call_is_done(call))
	{
		in_time = wait_once(client, true, deadline);
		if (in_time)
			rdapi_client_drive(client);
	}
	add_elapsed(waited, start);
	return in_time;
}

bool
regdocs_wait_progress(RdapiClient *client, bool begin, TimestampTz deadline,
					  instr_time *waited)
{
	instr_time	start;
	bool		in_time;

	CHECK_FOR_INTERRUPTS();
	INSTR_TIME_SET_CURRENT(start);
	in_time = wait_once(client, begin, deadline);
	if (in_time && begin)
		rdapi_client_drive(client);
	else if (in_time)
		rdapi_client_drive_begun(client);
	add_elapsed(waited, start);
	return in_time;
}

bool
regdocs_wait_quietly(RdapiClient *client, TimestampTz until)
{
	struct pollfd descriptor;

	if (QueryCancelPending || ProcDiePending ||
		GetCurrentTimestamp() >= until)
		return false;

	/* A latch's wait may raise errors; a signal ends this one as well. */
	descriptor.fd = rdapi_client_descriptor(client);
	descriptor.events = POLLIN;
	rdapi_client_attend(client, false);
	(void) poll(&descriptor, 1, QUIET_INTERVAL_MS);
	rdapi_client_drive_begun(client);
	return true;
}
