/*-------------------------------------------------------------------------
 *
 * modify.c
 *	  Executing writes: FDW callbacks.
 *
 * A row is written in one of three ways.  Creates are sent as the rows come,
 * several at a time.  Changes and deletions are held until all rows have been
 * read, so that no row is met twice or missed because of the statement's own
 * writes; so are creates, where functions may read what was created.  Where
 * something looks at each row as it is written (row triggers, WITH CHECK
 * OPTION, and RETURNING, where direct.c does not serve it), it is sent and its
 * answer awaited.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/executor.h"
#include "foreign/foreign.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "src/fdw/base/report.h"
#include "src/fdw/write/modify.h"
#include "src/fdw/write/modify_plan.h"
#include "src/fdw/write/modify_add.h"
#include "src/fdw/write/modify_begin.h"
#include "src/fdw/write/modify_row.h"
#include "src/fdw/write/xact.h"

void
regdocsBeginForeignModify(ModifyTableState *mtstate, ResultRelInfo *rinfo,
						  List *fdw_private, int subplan_index, int eflags)
{
	List	   *targets;

	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;
	targets = regdocs_modify_plan_targets(fdw_private);
	rinfo->ri_FdwState = regdocs_modify_begin(mtstate, rinfo,
											  mtstate->operation,
											  targets);
}

/* Rows are routed here by a partitioned table, or come from COPY. */
void
regdocsBeginForeignInsert(ModifyTableState *mtstate, ResultRelInfo *rinfo)
{
	/* The UPDATE would meet again what it has moved here. */
	if (rinfo->ri_FdwState != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot route tuples into foreign table to be updated \"%s\"",
						RelationGetRelationName(rinfo->ri_RelationDesc))));
	rinfo->ri_FdwState = regdocs_modify_begin(mtstate, rinfo, CMD_INSERT, NIL);
}

/* ---- Inserting ---- */

int
regdocsGetForeignModifyBatchSize(ResultRelInfo *rinfo)
{
	ForeignTable *table;
	RegdocsTableOptions *options;

	if (rinfo->ri_projectReturning != NULL ||
		rinfo->ri_WithCheckOptions != NIL ||
		regdocs_modify_has_row_triggers(rinfo, CMD_INSERT))
		return 1;
	table = GetForeignTable(RelationGetRelid(rinfo->ri_RelationDesc));
	options = regdocs_table_options(table, GetForeignServer(table->serverid));
	return options->batch_size;
}

/* Send what is queued, as far as that is done row by row. */
static void
send(RegdocsModify *modify)
{
	if (modify->awaited)
		regdocs_writer_await(modify->writer, modify->queue);
	else if (!modify->held)
		regdocs_writer_push(modify->writer, modify->queue);
}

/*
 * Queue what creates the rows.  All of a batch are checked before the first
 * is sent, unless they are large.
 */
static void
queue_creates(RegdocsModify *modify, TupleTableSlot **slots, int nslots)
{
	int			i;

	for (i = 0; i < nslots; i++)
	{
		MemoryContextReset(modify->row_context);
		regdocs_modify_add_create(modify, slots[i]);
		if (regdocs_queue_is_full(modify->queue))
			send(modify);
	}
}

/*
 * The same.  Creates of rows before may be under way; when a row is refused,
 * they are waited for, or what became of them would not be known.
 */
static void
queue_creates_or_settle(RegdocsModify *modify, TupleTableSlot **slots,
						int nslots)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		queue_creates(modify, slots, nslots);
	}
	PG_CATCH();
	{
		regdocs_modify_settle_and_rethrow(modify, context);
	}
	PG_END_TRY();
}

TupleTableSlot **
regdocsExecForeignBatchInsert(EState *estate, ResultRelInfo *rinfo,
							  TupleTableSlot **slots,
							  TupleTableSlot **plans, int *nslots)
{
	RegdocsModify *modify = rinfo->ri_FdwState;
	MemoryContext old_context;

	old_context = MemoryContextSwitchTo(modify->row_context);
	queue_creates_or_settle(modify, slots, *nslots);
	send(modify);

	/* Whoever wants answers has one row in a batch. */
	if (modify->reader != NULL && *nslots == 1 &&
		!regdocs_modify_left_out(modify))
		regdocs_modify_store_answer(modify, slots[0]);
	MemoryContextSwitchTo(old_context);
	return slots;
}

TupleTableSlot *
regdocsExecForeignInsert(EState *estate, ResultRelInfo *rinfo,
						 TupleTableSlot *slot, TupleTableSlot *plan_slot)
{
	int			nslots = 1;

	(void) regdocsExecForeignBatchInsert(estate, rinfo, &slot, &plan_slot,
										 &nslots);
	return regdocs_modify_left_out(rinfo->ri_FdwState) ? NULL : slot;
}

/* ---- Updating and deleting ---- */

TupleTableSlot *
regdocsExecForeignUpdate(EState *estate, ResultRelInfo *rinfo,
						 TupleTableSlot *slot, TupleTableSlot *plan_slot)
{
	RegdocsModify *modify = rinfo->ri_FdwState;
	MemoryContext old_context;
	RegdocsRowFate fate;
	bool		left_out = false;

	MemoryContextReset(modify->row_context);
	old_context = MemoryContextSwitchTo(modify->row_context);
	fate = regdocs_modify_add_update(modify, slot, plan_slot);
	if (fate == REGDOCS_ROW_QUEUED)
	{
		send(modify);
		left_out = regdocs_modify_left_out(modify);
		if (modify->reader != NULL && !left_out)
			regdocs_modify_store_answer(modify, slot);
	}
	MemoryContextSwitchTo(old_context);
	return fate == REGDOCS_ROW_GONE || left_out ? NULL : slot;
}

TupleTableSlot *
regdocsExecForeignDelete(EState *estate, ResultRelInfo *rinfo,
						 TupleTableSlot *slot, TupleTableSlot *plan_slot)
{
	RegdocsModify *modify = rinfo->ri_FdwState;
	MemoryContext old_context;
	HeapTupleData tuple;

	MemoryContextReset(modify->row_context);
	old_context = MemoryContextSwitchTo(modify->row_context);
	if (regdocs_modify_add_delete(modify, plan_slot) == REGDOCS_ROW_GONE)
	{
		MemoryContextSwitchTo(old_context);
		return NULL;
	}
	send(modify);
	if (regdocs_modify_left_out(modify))
	{
		MemoryContextSwitchTo(old_context);
		return NULL;
	}
	if (regdocs_modify_old_row(modify, plan_slot, &tuple))
	{
		ExecForceStoreHeapTuple(&tuple, slot, false);
		ExecMaterializeSlot(slot);
	}
	MemoryContextSwitchTo(old_context);
	return slot;
}

/* ---- Ending ---- */

void
regdocsEndForeignModify(EState *estate, ResultRelInfo *rinfo)
{
	RegdocsModify *modify = rinfo->ri_FdwState;

	if (modify == NULL)
		return;
	rinfo->ri_FdwState = NULL;
	if (modify->reader != NULL)
		regdocs_row_note_failures(modify->reader, NOTICE, false);
	regdocs_xact_close(modify->writer);
}

const RegdocsUsage *
regdocs_modify_usage(const ResultRelInfo *rinfo)
{
	static const RegdocsUsage nothing_sent = {0};
	RegdocsModify *modify = rinfo->ri_FdwState;

	if (modify == NULL)
		return NULL;
	return modify->at_commit ? &nothing_sent :
		regdocs_queue_usage(modify->queue);
}
