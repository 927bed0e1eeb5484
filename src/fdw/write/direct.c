/*-------------------------------------------------------------------------
 *
 * direct.c
 *	  Executing writes that return rows, several at a time: FDW callbacks.
 *
 * Rows are read ahead of the one that is to be returned, and their writes sent
 * together.  They are returned in the order in which they were read, each when
 * the API has answered.  Where functions or scans may read what is written, all
 * rows are read before the first is sent.
 *
 * Of what was read a tuplestore keeps what RETURNING wants and the API does not
 * answer; that is bounded by work_mem, as are the writes and answers that wait.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/write/direct.h"
#include "src/fdw/write/direct_plan.h"
#include "src/fdw/write/modify_begin.h"
#include "src/fdw/write/modify_row.h"
#include "src/fdw/write/run.h"
#include "src/fdw/write/xact.h"

typedef struct RegdocsDirect
{
	RegdocsModify *modify;
	RegdocsDirectPlan *plan;

	/* Rows that were read and have not been returned */
	Tuplestorestate *kept;
	uint64		nkept;
	bool		at_end;			/* there are no more to be read */

	/*
	 * A kept row: what RETURNING wants of other tables, and then the row that
	 * was written to, where the API does not answer it: that was deleted, or
	 * had not to be changed.
	 */
	TupleTableSlot *kept_slot;
	Datum	   *values;			/* of one that is to be kept */
	bool	   *nulls;
	int			whole;			/* index of that row among them */

	TupleTableSlot *new_slot;	/* of an UPDATE: the row as it is to be */
	TupleTableSlot *result_slot;	/* what was written, for RETURNING */
} RegdocsDirect;

/* The shape of kept rows. */
static TupleDesc
make_kept_desc(const ForeignScan *scan)
{
	int			nothers = list_length(scan->fdw_scan_tlist);
	TupleDesc	desc = CreateTemplateTupleDesc(nothers + 1);
	ListCell   *cell;

	foreach(cell, scan->fdw_scan_tlist)
	{
		Node	   *expr = (Node *) lfirst_node(TargetEntry, cell)->expr;

		TupleDescInitEntry(desc, foreach_current_index(cell) + 1, NULL,
						   exprType(expr), exprTypmod(expr), 0);
	}
	TupleDescInitEntry(desc, nothers + 1, NULL, RECORDOID, -1, 0);
	regdocs_finalize_desc(desc);
	return desc;
}

static void
prepare_kept(RegdocsDirect *direct, const ForeignScan *scan, EState *estate)
{
	TupleDesc	desc = make_kept_desc(scan);

	direct->kept = tuplestore_begin_heap(false, false, work_mem);
	/* Rows that have been returned are not read again. */
	tuplestore_set_eflags(direct->kept, 0);
	direct->kept_slot = ExecInitExtraTupleSlot(estate, desc,
											   &TTSOpsMinimalTuple);
	direct->values = palloc(sizeof(Datum) * desc->natts);
	direct->nulls = palloc(sizeof(bool) * desc->natts);
	direct->whole = desc->natts - 1;
}

void
regdocsBeginDirectModify(ForeignScanState *node, int eflags)
{
	ForeignScan *scan = (ForeignScan *) node->ss.ps.plan;
	EState	   *estate = node->ss.ps.state;
	ResultRelInfo *rinfo = node->resultRelInfo;
	Relation	rel = rinfo->ri_RelationDesc;
	RegdocsDirectPlan *plan;
	RegdocsDirect *direct;
	MemoryContext old_context;

	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;
	plan = regdocs_direct_plan_unpack(scan->fdw_private);
	direct = palloc0(sizeof(RegdocsDirect));
	direct->plan = plan;
	direct->modify = regdocs_modify_begin_direct(estate, rinfo,
												 scan->operation,
												 plan->targets,
												 outerPlan(scan));
	old_context = MemoryContextSwitchTo(direct->modify->context);
	prepare_kept(direct, scan, estate);
	if (scan->operation == CMD_UPDATE)
		direct->new_slot = table_slot_create(rel, &estate->es_tupleTable);
	direct->result_slot = table_slot_create(rel, &estate->es_tupleTable);
	MemoryContextSwitchTo(old_context);
	node->fdw_state = direct;
}

/* ---- Reading ahead ---- */

/* The row of an UPDATE as it is to be: the old one with the new values. */
static void
make_new_row(RegdocsDirect *direct, TupleTableSlot *plan_slot)
{
	TupleTableSlot *slot = direct->new_slot;
	HeapTupleData tuple;
	ListCell   *cell;

	if (!regdocs_modify_old_row(direct->modify, plan_slot, &tuple))
		elog(ERROR, "could not find the junk column with the old row");
	ExecClearTuple(slot);
	heap_deform_tuple(&tuple, slot->tts_tupleDescriptor, slot->tts_values,
					  slot->tts_isnull);
	foreach(cell, direct->plan->columns)
	{
		int			column = lfirst_int(cell) - 1;

		slot->tts_values[column] =
			slot_getattr(plan_slot, foreach_current_index(cell) + 1,
						 &slot->tts_isnull[column]);
	}
	ExecStoreVirtualTuple(slot);
}

/* Queue the row's write. */
static RegdocsRowFate
queue_row(RegdocsDirect *direct, TupleTableSlot *plan_slot)
{
	RegdocsModify *modify = direct->modify;

	switch (modify->operation)
	{
		case CMD_INSERT:
			regdocs_modify_add_create(modify, plan_slot);
			return REGDOCS_ROW_QUEUED;
		case CMD_UPDATE:
			make_new_row(direct, plan_slot);
			return regdocs_modify_add_update(modify, direct->new_slot,
											 plan_slot);
		default:
			return regdocs_modify_add_delete(modify, plan_slot);
	}
}

/* Keep of the row what its answer will not have. */
static void
keep_row(RegdocsDirect *direct, TupleTableSlot *plan_slot, bool unchanged)
{
	RegdocsModify *modify = direct->modify;
	bool	   *no_whole = &direct->nulls[direct->whole];
	ListCell   *cell;

	foreach(cell, direct->plan->others)
	{
		int			i = foreach_current_index(cell);

		direct->values[i] = slot_getattr(plan_slot, lfirst_int(cell),
										 &direct->nulls[i]);
	}
	*no_whole = modify->operation != CMD_DELETE && !unchanged;
	if (unchanged)
		direct->values[direct->whole] =
			ExecFetchSlotHeapTupleDatum(direct->new_slot);
	else if (!*no_whole)
		direct->values[direct->whole] =
			ExecGetJunkAttribute(plan_slot, modify->row_junk, no_whole);
	tuplestore_putvalues(direct->kept,
						 direct->kept_slot->tts_tupleDescriptor,
						 direct->values, direct->nulls);
	direct->nkept++;
}

static void
take_row(RegdocsDirect *direct, TupleTableSlot *plan_slot)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		RegdocsRowFate fate = queue_row(direct, plan_slot);

		if (fate != REGDOCS_ROW_GONE)
			keep_row(direct, plan_slot, fate == REGDOCS_ROW_UNCHANGED);
	}
	PG_CATCH();
	{
		regdocs_modify_settle_and_rethrow(direct->modify, context);
	}
	PG_END_TRY();
}

static void
read_row(RegdocsDirect *direct, ForeignScanState *node)
{
	MemoryContext row_context = direct->modify->row_context;
	MemoryContext old_context;
	TupleTableSlot *plan_slot;

	/* Here it is that of a row, which the plan's nodes could not work in. */
	old_context = MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);
	plan_slot = ExecProcNode(outerPlanState(node));
	MemoryContextSwitchTo(old_context);
	if (TupIsNull(plan_slot))
	{
		direct->at_end = true;
		return;
	}
	MemoryContextReset(row_context);
	old_context = MemoryContextSwitchTo(row_context);
	take_row(direct, plan_slot);
	MemoryContextSwitchTo(old_context);
}

/*
 * Read some rows, when half of those read before are used: so their writes
 * begin together, while others are under way.  What is sent is never more than
 * what the statement may return.
 */
static void
read_ahead(RegdocsDirect *direct, ForeignScanState *node)
{
	RegdocsModify *modify = direct->modify;
	uint64		most = REGDOCS_RUN_ALL;

	if (!modify->held)
		most = regdocs_answers_most(regdocs_queue_answers(modify->queue));
	if (direct->plan->counts)
		most = Min(most, regdocs_run_left(node->ss.ps.state));
	if (direct->nkept > most / 2)
		return;
	while (!direct->at_end && direct->nkept < most)
	{
		/* One row has to be there, however large the others are. */
		if (!modify->held && direct->nkept > 0 &&
			regdocs_queue_is_full(modify->queue))
			break;
		read_row(direct, node);
	}
}

/* ---- Returning ---- */

/* The next of the kept rows; of what it points to the tuplestore disposes. */
static void
get_kept(RegdocsDirect *direct)
{
	MemoryContext old_context =
	MemoryContextSwitchTo(direct->modify->context);

	if (!tuplestore_gettupleslot(direct->kept, true, false,
								 direct->kept_slot))
		elog(ERROR, "a row that was written is lost");
	tuplestore_trim(direct->kept);
	MemoryContextSwitchTo(old_context);
	slot_getallattrs(direct->kept_slot);
	direct->nkept--;
}

/* Wait until the row is written, and have it in the result's slot. */
static void
finish_row(RegdocsDirect *direct)
{
	RegdocsModify *modify = direct->modify;
	bool		answered = direct->kept_slot->tts_isnull[direct->whole];
	Datum		whole = direct->kept_slot->tts_values[direct->whole];
	HeapTupleData tuple = {0};

	if (answered || modify->operation == CMD_DELETE)
		regdocs_writer_await_answer(modify->writer, modify->queue);
	if (answered)
		regdocs_modify_store_answer(modify, direct->result_slot);
	else
	{
		if (modify->operation == CMD_DELETE)
			(void) regdocs_answers_take(regdocs_queue_answers(modify->queue));
		tuple.t_data = DatumGetHeapTupleHeader(whole);
		tuple.t_len = HeapTupleHeaderGetDatumLength(tuple.t_data);
		ItemPointerSetInvalid(&tuple.t_self);
		ExecForceStoreHeapTuple(&tuple, direct->result_slot, false);
		ExecMaterializeSlot(direct->result_slot);
	}
	/* Releases before 18 do that when they compute RETURNING. */
	direct->result_slot->tts_tableOid = RelationGetRelid(modify->rel);
}

/* The node's own row: what RETURNING wants of other tables. */
static TupleTableSlot *
return_others(const RegdocsDirect *direct, TupleTableSlot *slot)
{
	const TupleTableSlot *kept = direct->kept_slot;
	int			nothers = list_length(direct->plan->others);

	ExecClearTuple(slot);
	if (nothers == 0)
		return ExecStoreAllNullTuple(slot);
	memcpy(slot->tts_values, kept->tts_values, sizeof(Datum) * nothers);
	memcpy(slot->tts_isnull, kept->tts_isnull, sizeof(bool) * nothers);
	return ExecStoreVirtualTuple(slot);
}

TupleTableSlot *
regdocsIterateDirectModify(ForeignScanState *node)
{
	RegdocsDirect *direct = node->fdw_state;
	ProjectionInfo *returning = node->resultRelInfo->ri_projectReturning;
	MemoryContext old_context;

	read_ahead(direct, node);
	if (direct->nkept == 0)
		return ExecClearTuple(node->ss.ss_ScanTupleSlot);
	get_kept(direct);
	MemoryContextReset(direct->modify->row_context);
	old_context = MemoryContextSwitchTo(direct->modify->row_context);
	finish_row(direct);
	MemoryContextSwitchTo(old_context);

	if (direct->plan->counts)
		node->ss.ps.state->es_processed++;
	returning->pi_exprContext->ecxt_scantuple = direct->result_slot;
	return return_others(direct, node->ss.ss_ScanTupleSlot);
}

/* ---- Ending ---- */

void
regdocsEndDirectModify(ForeignScanState *node)
{
	RegdocsDirect *direct = node->fdw_state;

	if (direct == NULL)
		return;
	node->fdw_state = NULL;
	if (direct->modify->reader != NULL)
		regdocs_row_note_failures(direct->modify->reader, NOTICE, false);
	regdocs_xact_close(direct->modify->writer);
	ExecClearTuple(direct->kept_slot);
	tuplestore_end(direct->kept);
}

const RegdocsUsage *
regdocs_direct_usage(const ForeignScanState *node)
{
	const RegdocsDirect *direct = node->fdw_state;

	return direct == NULL ? NULL : regdocs_queue_usage(direct->modify->queue);
}
