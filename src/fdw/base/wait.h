/*-------------------------------------------------------------------------
 *
 * wait.h
 *	  Waiting for the API, so that the backend stays interruptible.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_WAIT_H
#define REGDOCS_WAIT_H

#include "portability/instr_time.h"
#include "utils/timestamp.h"

#include "src/api/client.h"

/* No deadline. */
#define REGDOCS_WAIT_FOREVER	((TimestampTz) 0)

/*
 * Drive the client until the call is done, or the deadline has passed: then
 * the result is false.  Handles interrupts, so it may raise an error; the
 * call is the caller's all the same.  The time spent is added to *waited,
 * which may be NULL.
 */
extern bool regdocs_wait_call(RdapiClient *client, RdapiCall *call,
							  TimestampTz deadline, instr_time *waited);

/*
 * Sleep until the client has something to do, then drive it once; unless
 * "begin", without beginning anything.  The caller has driven it since it last
 * submitted something.  Same deadline, interrupts and *waited.
 */
extern bool regdocs_wait_progress(RdapiClient *client, bool begin,
								  TimestampTz deadline, instr_time *waited);

/*
 * The same for a transaction that is being aborted: begins nothing, raises no
 * error, and handles no interrupt.  false: "until" has passed, or an interrupt
 * is pending.
 */
extern bool regdocs_wait_quietly(RdapiClient *client, TimestampTz until);

#endif							/* REGDOCS_WAIT_H */
