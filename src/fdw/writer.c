/*-------------------------------------------------------------------------
 *
 * writer.c
 *	  Sending the writes of one statement, or those queued for a commit.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/pg_list.h"
#include "utils/memutils.h"

#include "src/fdw/outcome.h"
#include "src/fdw/wait.h"
#include "src/fdw/writer.h"

/*
 * Waiting is done for one client at a time.  Where others have writes under
 * way too, it is interrupted that often to drive them, in milliseconds.
 */
#define OTHERS_INTERVAL_MS 10

struct RegdocsWriter
{
	List	   *lanes;
	RegdocsLaneGroup group;
	TimestampTz deadline;
	bool		is_waiting;		/* still true after an error: it came then */

	MemoryContext context;		/* everything here, this struct too */
	MemoryContextCallback cleanup;
};

/* The client's memory is malloc's: it goes when the context does. */
static void
release_writer(void *arg)
{
	RegdocsWriter *writer = arg;
	ListCell   *cell;

	rdapi_call_free(writer->group.failed_call);
	foreach(cell, writer->lanes)
	{
		regdocs_lane_release(lfirst(cell));
	}
}

RegdocsWriter *
regdocs_writer_new(RegdocsWriteNote note)
{
	MemoryContext context = AllocSetContextCreate(TopMemoryContext,
												  "regdocs_fdw writer",
												  ALLOCSET_SMALL_SIZES);
	RegdocsWriter *writer = MemoryContextAllocZero(context,
												   sizeof(RegdocsWriter));

	writer->context = context;
	writer->group.note = note;
	writer->deadline = REGDOCS_WAIT_FOREVER;
	writer->cleanup.func = release_writer;
	writer->cleanup.arg = writer;
	MemoryContextRegisterResetCallback(context, &writer->cleanup);
	return writer;
}

void
regdocs_writer_free(RegdocsWriter *writer)
{
	if (writer != NULL)
		MemoryContextDelete(writer->context);
}

RegdocsLane *
regdocs_writer_lane(RegdocsWriter *writer, Oid userid, Oid serverid,
					const RdapiResource *resource, RegdocsFieldMask fields)
{
	MemoryContext old_context = MemoryContextSwitchTo(writer->context);
	RegdocsLane *lane = regdocs_lane_new(&writer->group, resource, fields);

	/* The lane first, so that the reference is never without an owner. */
	writer->lanes = lappend(writer->lanes, lane);
	MemoryContextSwitchTo(old_context);
	regdocs_lane_set_connection(lane,
								regdocs_connection_acquire(userid, serverid));
	return lane;
}

RegdocsLane *
regdocs_writer_shared_lane(RegdocsWriter *writer, Oid userid, Oid serverid,
						   const RdapiResource *resource)
{
	RegdocsLane *lane = regdocs_writer_lane(writer, userid, serverid,
											resource, 0);
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		RegdocsLane *other = lfirst(cell);

		if (other == lane ||
			regdocs_lane_connection(other) != regdocs_lane_connection(lane) ||
			regdocs_lane_resource(other) != resource)
			continue;
		writer->lanes = list_delete_ptr(writer->lanes, lane);
		regdocs_lane_release(lane);
		return other;
	}
	return lane;
}

bool
regdocs_writer_has_queued(const RegdocsWriter *writer)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		if (regdocs_lane_has_queued(lfirst(cell)))
			return true;
	}
	return false;
}

void
regdocs_writer_drop(RegdocsWriter *writer, int level)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		writer->group.tally.added -= regdocs_lane_drop(lfirst(cell), level);
	}
}

void
regdocs_writer_subcommit(RegdocsWriter *writer, int level)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		regdocs_lane_subcommit(lfirst(cell), level);
	}
}

/* ---- Sending ---- */

static RdapiClient *
client_of(const RegdocsLane *lane)
{
	return regdocs_connection_client(regdocs_lane_connection(lane));
}

/* A lane with writes under way; NULL: there is none. */
static RegdocsLane *
find_busy_lane(const RegdocsWriter *writer)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		if (regdocs_lane_under_way(lfirst(cell)) > 0)
			return lfirst(cell);
	}
	return NULL;
}

/* Are writes under way of another client than that lane's? */
static bool
are_others_busy(const RegdocsWriter *writer, const RegdocsLane *lane)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		if (regdocs_lane_under_way(lfirst(cell)) > 0 &&
			client_of(lfirst(cell)) != client_of(lane))
			return true;
	}
	return false;
}

static void
check_deadline(const RegdocsWriter *writer)
{
	if (writer->deadline != REGDOCS_WAIT_FOREVER &&
		GetCurrentTimestamp() >= writer->deadline)
		ereport(ERROR,
				(errcode(ERRCODE_QUERY_CANCELED),
				 errmsg("canceling commit because sending the queued writes took longer than statement_timeout")));
}

/* Wait until something may have come of what is under way, and drive it. */
static void
wait_for_any(RegdocsWriter *writer)
{
	RegdocsLane *lane = find_busy_lane(writer);
	bool		others = are_others_busy(writer, lane);
	TimestampTz until = writer->deadline;
	ErrorContextCallback callback = {0};
	ListCell   *cell;

	/* For a cancel, which is met here. */
	callback.callback = regdocs_keep_out_of_log;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	check_deadline(writer);
	if (others)
	{
		until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
											OTHERS_INTERVAL_MS);
		if (writer->deadline != REGDOCS_WAIT_FOREVER)
			until = Min(until, writer->deadline);
	}
	writer->is_waiting = true;
	(void) regdocs_wait_progress(client_of(lane), until,
								 &regdocs_lane_usage(lane)->waited);
	writer->is_waiting = false;
	error_context_stack = callback.previous;
	if (!others)
		return;
	foreach(cell, writer->lanes)
	{
		if (regdocs_lane_under_way(lfirst(cell)) > 0)
			rdapi_client_drive(client_of(lfirst(cell)));
	}
}

void
regdocs_writer_settle(RegdocsWriter *writer)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		regdocs_lane_stop(lfirst(cell));
	}
	for (;;)
	{
		foreach(cell, writer->lanes)
		{
			regdocs_lane_collect(lfirst(cell));
		}
		if (find_busy_lane(writer) == NULL)
			return;
		wait_for_any(writer);
	}
}

static void
check_failure(RegdocsWriter *writer)
{
	RegdocsLaneGroup *group = &writer->group;

	if (group->failed_call == NULL)
		return;
	regdocs_writer_settle(writer);
	regdocs_outcome_raise(&group->failure, group->failed_call,
						  group->failed_connection, &group->tally);
}

/*
 * Send what is queued in that lane, NULL: in all.  Returns when the last of
 * it is on its way, or, with "wait", when all of it is done.
 */
static void
send_queued(RegdocsWriter *writer, const RegdocsLane *only, bool wait)
{
	for (;;)
	{
		bool		busy = false;
		int			collected = 0;
		ListCell   *cell;

		foreach(cell, writer->lanes)
		{
			RegdocsLane *lane = lfirst(cell);
			bool		chosen = only == NULL || lane == only;

			if (chosen)
				regdocs_lane_begin(lane);
			collected += regdocs_lane_collect(lane);
			if (chosen && (regdocs_lane_has_queued(lane) ||
						   (wait && regdocs_lane_under_way(lane) > 0)))
				busy = true;
		}
		check_failure(writer);
		if (!busy)
			return;
		if (collected == 0)
			wait_for_any(writer);
	}
}

void
regdocs_writer_push(RegdocsWriter *writer, RegdocsLane *lane)
{
	send_queued(writer, lane, false);
}

void
regdocs_writer_await(RegdocsWriter *writer, RegdocsLane *lane)
{
	send_queued(writer, lane, true);
}

void
regdocs_writer_finish(RegdocsWriter *writer, TimestampTz deadline)
{
	writer->deadline = deadline;
	send_queued(writer, NULL, true);
}

void
regdocs_writer_drain(RegdocsWriter *writer, TimestampTz until)
{
	ListCell   *cell;

	if (writer->is_waiting)
		return;
	foreach(cell, writer->lanes)
	{
		regdocs_lane_stop(lfirst(cell));
	}
	foreach(cell, writer->lanes)
	{
		RegdocsLane *lane = lfirst(cell);

		while (regdocs_lane_is_waiting(lane) &&
			   regdocs_wait_quietly(client_of(lane), until))
			;
	}
}

void
regdocs_writer_abandon(RegdocsWriter *writer)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		regdocs_lane_abandon(lfirst(cell));
	}
}
