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

#include "src/fdw/write/outcome.h"
#include "src/fdw/base/wait.h"
#include "src/fdw/write/writer.h"

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

	RegdocsBeforeSending before;	/* NULL: nothing is to be done */
	void	   *before_arg;

	MemoryContext context;		/* everything here, this struct too */
	MemoryContextCallback cleanup;
};

/* How much the queue grows by at a time, in bytes. */
#define WRITES_BLOCK_BYTES	8192
#define WRITES_BLOCK_BYTES_MAX	(1024 * 1024)

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
	regdocs_spill_free(writer->group.spill);
}

RegdocsWriter *
regdocs_writer_new(RegdocsWriteNote note, RegdocsBeforeSending before,
				   void *arg)
{
	MemoryContext context = AllocSetContextCreate(TopMemoryContext,
												  "regdocs_fdw writer",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(context);
	RegdocsWriter *writer = palloc0(sizeof(RegdocsWriter));

	writer->context = context;
	writer->before = before;
	writer->before_arg = arg;
	writer->deadline = REGDOCS_WAIT_FOREVER;
	writer->group.note = note;
	writer->group.order = regdocs_order_new();
	writer->group.context = context;
	writer->group.writes = GenerationContextCreate(context,
												   "regdocs_fdw writes",
												   WRITES_BLOCK_BYTES,
												   WRITES_BLOCK_BYTES,
												   WRITES_BLOCK_BYTES_MAX);
	writer->cleanup.func = release_writer;
	writer->cleanup.arg = writer;
	MemoryContextRegisterResetCallback(context, &writer->cleanup);
	MemoryContextSwitchTo(old_context);
	return writer;
}

void
regdocs_writer_free(RegdocsWriter *writer)
{
	if (writer != NULL)
		MemoryContextDelete(writer->context);
}

/* A lane without a connection. */
static RegdocsLane *
add_lane(RegdocsWriter *writer, Oid userid, Oid serverid,
		 const RdapiResource *resource, RegdocsFieldMask fields)
{
	MemoryContext old_context = MemoryContextSwitchTo(writer->context);
	RegdocsLane *lane = regdocs_lane_new(&writer->group, userid, serverid,
										 resource, fields);

	writer->lanes = lappend(writer->lanes, lane);
	MemoryContextSwitchTo(old_context);
	return lane;
}

RegdocsLane *
regdocs_writer_lane(RegdocsWriter *writer, Oid userid, Oid serverid,
					const RdapiResource *resource, RegdocsFieldMask fields)
{
	RegdocsLane *lane = add_lane(writer, userid, serverid, resource, fields);

	regdocs_lane_connect(lane);
	return lane;
}

RegdocsLane *
regdocs_writer_shared_lane(RegdocsWriter *writer, Oid userid, Oid serverid,
						   const RdapiResource *resource)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		if (regdocs_lane_is_for(lfirst(cell), userid, serverid, resource))
			return lfirst(cell);
	}
	return add_lane(writer, userid, serverid, resource, 0);
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

bool
regdocs_writer_has(const RegdocsWriter *writer, const char *sid)
{
	return regdocs_order_has(writer->group.order, sid);
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
			regdocs_lane_client(lfirst(cell)) != regdocs_lane_client(lane))
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

/*
 * Their time runs as well while that lane's client is waited for, or several
 * servers that do not answer would be waited for one after the other.
 */
static void
attend_others(const RegdocsWriter *writer, const RegdocsLane *lane)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		RegdocsLane *other = lfirst(cell);

		if (regdocs_lane_under_way(other) > 0 &&
			regdocs_lane_client(other) != regdocs_lane_client(lane))
			rdapi_client_attend(regdocs_lane_client(other),
								!writer->group.stopped);
	}
}

/* Drive all clients with writes under way but that lane's. */
static void
drive_others(RegdocsWriter *writer, const RegdocsLane *lane)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		RegdocsLane *other = lfirst(cell);

		if (regdocs_lane_under_way(other) == 0 ||
			regdocs_lane_client(other) == regdocs_lane_client(lane))
			continue;
		if (writer->group.stopped)
			rdapi_client_drive_begun(regdocs_lane_client(other));
		else
			rdapi_client_drive(regdocs_lane_client(other));
	}
}

/* Wait until something may have come of what is under way, and drive it. */
static void
wait_for_any(RegdocsWriter *writer)
{
	RegdocsLane *lane = find_busy_lane(writer);
	bool		others = are_others_busy(writer, lane);
	TimestampTz until = writer->deadline;

	check_deadline(writer);
	if (others)
	{
		until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
											OTHERS_INTERVAL_MS);
		if (writer->deadline != REGDOCS_WAIT_FOREVER)
			until = Min(until, writer->deadline);
		attend_others(writer, lane);
	}
	(void) regdocs_wait_progress(regdocs_lane_client(lane),
								 !writer->group.stopped, until,
								 &regdocs_lane_usage(lane)->waited);
	if (others)
		drive_others(writer, lane);
}

void
regdocs_writer_settle(RegdocsWriter *writer)
{
	ListCell   *cell;

	for (;;)
	{
		/* Again and again: what is throttled now was not done. */
		foreach(cell, writer->lanes)
		{
			regdocs_lane_stop(lfirst(cell));
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

/* How far writes have to be. */
typedef enum Stage
{
	STAGE_SENT,
	STAGE_DONE
} Stage;

/* Is anything in the lane not as far as that? */
static bool
is_behind(RegdocsLane *lane, Stage stage)
{
	if (regdocs_lane_has_queued(lane))
		return true;
	return stage == STAGE_DONE ? regdocs_lane_under_way(lane) > 0 :
		regdocs_lane_is_sending(lane);
}

/* What may fail, before the first request of that lane, NULL: of any. */
static void
prepare(RegdocsWriter *writer, RegdocsLane *only)
{
	RegdocsBeforeSending before = writer->before;
	ListCell   *cell;

	if (only != NULL ? !regdocs_lane_has_queued(only) :
		!regdocs_writer_has_queued(writer))
		return;
	foreach(cell, writer->lanes)
	{
		if (regdocs_lane_has_queued(lfirst(cell)))
			regdocs_lane_connect(lfirst(cell));
	}
	writer->before = NULL;
	if (before != NULL)
		before(writer->before_arg);
}

/* Whose turn it is. */
static int
find_turn(const RegdocsWriter *writer)
{
	int			turn = PG_INT32_MAX;
	ListCell   *cell;

	foreach(cell, writer->lanes)
		turn = Min(turn, regdocs_lane_turn(lfirst(cell)));
	return turn;
}

void
regdocs_writer_keep_turns(RegdocsWriter *writer)
{
	writer->group.in_turn = true;
}

/*
 * Send what is queued in that lane, NULL: in all.  Returns when all of it is
 * that far.
 */
static void
send_queued(RegdocsWriter *writer, RegdocsLane *only, Stage stage)
{
	prepare(writer, only);
	for (;;)
	{
		int			turn = find_turn(writer);
		bool		busy = false;
		int			collected = 0;
		ListCell   *cell;

		foreach(cell, writer->lanes)
		{
			RegdocsLane *lane = lfirst(cell);
			bool		chosen = only == NULL || lane == only;

			if (chosen)
				regdocs_lane_begin(lane, turn);
			collected += regdocs_lane_collect(lane);
			if (chosen && is_behind(lane, stage))
				busy = true;
		}
		check_failure(writer);
		if (!busy)
			return;
		if (collected > 0)
			continue;
		if (find_busy_lane(writer) != NULL)
			wait_for_any(writer);
		else
			only = NULL;		/* what is left waits for another lane */
	}
}

void
regdocs_writer_push(RegdocsWriter *writer, RegdocsLane *lane)
{
	send_queued(writer, lane, STAGE_SENT);
}

void
regdocs_writer_await(RegdocsWriter *writer, RegdocsLane *lane)
{
	send_queued(writer, lane, STAGE_DONE);
}

void
regdocs_writer_finish(RegdocsWriter *writer, TimestampTz deadline)
{
	writer->deadline = deadline;
	send_queued(writer, NULL, STAGE_DONE);
}

void
regdocs_writer_drain(RegdocsWriter *writer, TimestampTz until)
{
	ListCell   *cell;

	foreach(cell, writer->lanes)
	{
		regdocs_lane_stop(lfirst(cell));
	}
	foreach(cell, writer->lanes)
	{
		RegdocsLane *lane = lfirst(cell);

		while (!regdocs_lane_is_done(lane) &&
			   regdocs_wait_quietly(regdocs_lane_client(lane), until))
			regdocs_lane_stop(lane);
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
