/*-------------------------------------------------------------------------
 *
 * writer.c
 *	  Sending the writes of one statement, or those queued for a commit.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "utils/memutils.h"

#include "src/fdw/write/write_result.h"
#include "src/fdw/base/wait.h"
#include "src/fdw/write/writer.h"

struct RegdocsWriter
{
	List	   *queues;
	RegdocsQueueGroup group;
	TimestampTz deadline;

	RegdocsBeforeSending before;	/* NULL: nothing is to be done */
	void	   *before_arg;

	RegdocsDryRun *dry_run;		/* NULL: it is none */
	uint64		rows;			/* that its statement writes, wherever to */

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
	foreach(cell, writer->queues)
	{
		regdocs_queue_release(lfirst(cell));
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

uint64
regdocs_writer_count_row(RegdocsWriter *writer)
{
	return ++writer->rows;
}

const RegdocsTally *
regdocs_writer_tally(const RegdocsWriter *writer)
{
	return &writer->group.tally;
}

void
regdocs_writer_tell(RegdocsWriter *writer)
{
	regdocs_result_warn(&writer->group.left_out);
	if (writer->dry_run != NULL)
		regdocs_dry_run_tell(writer->dry_run);
}

void
regdocs_writer_make_dry(RegdocsWriter *writer)
{
	MemoryContext old_context = MemoryContextSwitchTo(writer->context);

	writer->dry_run = regdocs_dry_run_new();
	MemoryContextSwitchTo(old_context);
}

RegdocsDryRun *
regdocs_writer_dry_run(const RegdocsWriter *writer)
{
	return writer->dry_run;
}

/* A queue without a connection. */
static RegdocsQueue *
add_queue(RegdocsWriter *writer, Oid userid, Oid serverid,
		  const RdapiResource *resource, RegdocsFieldMask fields)
{
	MemoryContext old_context = MemoryContextSwitchTo(writer->context);
	RegdocsQueue *queue = regdocs_queue_new(&writer->group, userid, serverid,
											resource, fields);

	writer->queues = lappend(writer->queues, queue);
	MemoryContextSwitchTo(old_context);
	return queue;
}

RegdocsQueue *
regdocs_writer_queue(RegdocsWriter *writer, Oid userid, Oid serverid,
					 const RdapiResource *resource, RegdocsFieldMask fields)
{
	RegdocsQueue *queue = add_queue(writer, userid, serverid, resource, fields);

	regdocs_queue_connect(queue);
	return queue;
}

RegdocsQueue *
regdocs_writer_shared_queue(RegdocsWriter *writer, Oid userid, Oid serverid,
							const RdapiResource *resource)
{
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		if (regdocs_queue_is_for(lfirst(cell), userid, serverid, resource))
			return lfirst(cell);
	}
	return add_queue(writer, userid, serverid, resource, 0);
}

bool
regdocs_writer_has_queued(const RegdocsWriter *writer)
{
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		if (regdocs_queue_has_queued(lfirst(cell)))
			return true;
	}
	return false;
}

bool
regdocs_writer_has(const RegdocsWriter *writer, const char *sid)
{
	return regdocs_order_has(writer->group.order, sid) ||
		regdocs_order_has_below(writer->group.order, sid);
}

bool
regdocs_writer_waits_for(const RegdocsWriter *writer, Oid serverid)
{
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		if (regdocs_queue_waits_for(lfirst(cell), serverid))
			return true;
	}
	return false;
}

void
regdocs_writer_drop(RegdocsWriter *writer, int level)
{
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		writer->group.tally.added -= regdocs_queue_drop(lfirst(cell), level);
	}
}

void
regdocs_writer_subcommit(RegdocsWriter *writer, int level)
{
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		regdocs_queue_subcommit(lfirst(cell), level);
	}
}

/* ---- Sending ---- */

/* A queue with writes under way; NULL: there is none. */
static RegdocsQueue *
find_busy_queue(const RegdocsWriter *writer)
{
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		if (regdocs_queue_under_way(lfirst(cell)) > 0)
			return lfirst(cell);
	}
	return NULL;
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
 * Wait until something may have come of what is under way, and drive it:
 * all clients share what is waited for.
 */
static void
wait_for_any(RegdocsWriter *writer)
{
	RegdocsQueue *queue = find_busy_queue(writer);

	check_deadline(writer);
	(void) regdocs_wait_progress(regdocs_queue_client(queue),
								 !writer->group.stopped, writer->deadline,
								 &regdocs_queue_usage(queue)->waited);
}

void
regdocs_writer_settle(RegdocsWriter *writer)
{
	ListCell   *cell;

	for (;;)
	{
		/* Again and again: what is throttled now was not done. */
		foreach(cell, writer->queues)
		{
			regdocs_queue_stop(lfirst(cell));
			regdocs_queue_collect(lfirst(cell));
		}
		if (find_busy_queue(writer) == NULL)
			return;
		wait_for_any(writer);
	}
}

static void
check_failure(RegdocsWriter *writer)
{
	RegdocsQueueGroup *group = &writer->group;

	if (group->failed_call == NULL)
		return;
	regdocs_writer_settle(writer);
	regdocs_result_raise(&group->failure, group->failed_call,
						 group->failed_connection, &group->tally);
}

/* How far writes have to be. */
typedef enum Stage
{
	STAGE_SENT,					/* all begun, and on the wire */
	STAGE_ANSWERED,				/* those begun are on the wire, and the answer
								 * that is to be taken next is there */
	STAGE_DONE
} Stage;

/* Is the queue not as far as that? */
static bool
is_behind(RegdocsQueue *queue, Stage stage)
{
	if (stage == STAGE_ANSWERED)
		return regdocs_queue_is_sending(queue) ||
			!regdocs_answers_is_next_there(regdocs_queue_answers(queue));
	if (regdocs_queue_has_queued(queue))
		return true;
	return stage == STAGE_DONE ? regdocs_queue_under_way(queue) > 0 :
		regdocs_queue_is_sending(queue);
}

/*
 * Is the queue to be waited for?  Either it is the one that is, or all are: but
 * for those whose answers are taken by somebody, who waits for them.
 */
static bool
is_waited_for(RegdocsQueue *queue, const RegdocsQueue *only)
{
	return only == NULL ? regdocs_queue_answers(queue) == NULL :
		queue == only;
}

/* Let all writes begin, whether or not somebody takes their answers. */
static void
lift_limits(RegdocsWriter *writer)
{
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		RegdocsAnswers *answers = regdocs_queue_answers(lfirst(cell));

		if (answers != NULL)
			regdocs_answers_lift(answers);
	}
}

/* What may fail, before the first request of that queue, NULL: of any. */
static void
prepare(RegdocsWriter *writer, RegdocsQueue *only)
{
	RegdocsBeforeSending before = writer->before;
	ListCell   *cell;

	if (only != NULL ? !regdocs_queue_has_queued(only) :
		!regdocs_writer_has_queued(writer))
		return;
	foreach(cell, writer->queues)
	{
		if (regdocs_queue_has_queued(lfirst(cell)))
			regdocs_queue_connect(lfirst(cell));
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

	foreach(cell, writer->queues)
		turn = Min(turn, regdocs_queue_turn(lfirst(cell)));
	return turn;
}

void
regdocs_writer_keep_turns(RegdocsWriter *writer)
{
	writer->group.in_turn = true;
}

/* Begin what may be, and take in what has come; returns how much that was. */
static int
advance(RegdocsWriter *writer, const RegdocsQueue *only)
{
	int			turn = find_turn(writer);
	int			collected = 0;
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		RegdocsQueue *queue = lfirst(cell);

		if (only == NULL || queue == only)
			regdocs_queue_begin(queue, turn);
		collected += regdocs_queue_collect(queue);
	}
	check_failure(writer);
	return collected;
}

/* Is any queue that is waited for not as far as that? */
static bool
is_any_behind(const RegdocsWriter *writer, const RegdocsQueue *only,
			  Stage stage)
{
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		if (is_waited_for(lfirst(cell), only) &&
			is_behind(lfirst(cell), stage))
			return true;
	}
	return false;
}

/*
 * Send what waits in that queue, NULL: in all.  Returns when all of it is
 * that far.
 */
static void
send_queued(RegdocsWriter *writer, RegdocsQueue *only, Stage stage)
{
	RegdocsQueue *begun = only;

	prepare(writer, only);
	for (;;)
	{
		int			collected = advance(writer, begun);

		if (!is_any_behind(writer, only, stage))
			return;
		if (collected > 0)
			continue;
		if (find_busy_queue(writer) != NULL)
			wait_for_any(writer);
		else if (begun != NULL)
			begun = NULL;		/* what is left waits for another queue */
		else
		{
			/* ... and that for somebody who takes its answers. */
			CHECK_FOR_INTERRUPTS();
			lift_limits(writer);
		}
	}
}

void
regdocs_writer_push(RegdocsWriter *writer, RegdocsQueue *queue)
{
	send_queued(writer, queue, STAGE_SENT);
}

void
regdocs_writer_await_answer(RegdocsWriter *writer, RegdocsQueue *queue)
{
	send_queued(writer, queue, STAGE_ANSWERED);
}

void
regdocs_writer_await(RegdocsWriter *writer, RegdocsQueue *queue)
{
	send_queued(writer, queue, STAGE_DONE);
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

	foreach(cell, writer->queues)
	{
		regdocs_queue_stop(lfirst(cell));
	}
	foreach(cell, writer->queues)
	{
		RegdocsQueue *queue = lfirst(cell);

		while (!regdocs_queue_is_done(queue) &&
			   regdocs_wait_quietly(regdocs_queue_client(queue), until))
			regdocs_queue_stop(queue);
	}
}

void
regdocs_writer_abandon(RegdocsWriter *writer)
{
	ListCell   *cell;

	foreach(cell, writer->queues)
	{
		regdocs_queue_abandon(lfirst(cell));
	}
}
