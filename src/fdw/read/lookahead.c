/*-------------------------------------------------------------------------
 *
 * lookahead.c
 *	  Reading ahead of a join, so that its keys are known in batches.
 *
 * The node stands on the outer side of a nested loop whose inner side is a scan
 * by a key.  It reads some rows, tells their keys to the scan (known.h), and
 * hands them on; the nested loop joins them as ever.  Batches begin small, for
 * the sake of a LIMIT above, and grow.
 *
 * The two meet in a parameter of the executor that nothing else uses; it holds
 * a pointer, as that of a recursive union does.  The nested loop begins its
 * outer side first.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"
#include "utils/tuplestore.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/read/known.h"
#include "src/fdw/read/asked.h"
#include "src/fdw/read/lookahead.h"
#include "src/fdw/read/rescan.h"
#include "src/fdw/read/scan_plan.h"

/*
 * How many rows are read at the most for each key that a batch is to have.
 * Where keys come again and again, few batches have them all, then; and a LIMIT
 * does not read everything for one key more.
 */
#define ROWS_FOR_KEY 64

typedef struct RegdocsLookahead
{
	CustomScanState css;		/* first: it is what the executor knows */

	/* What to do; not set under EXPLAIN without ANALYZE */
	RegdocsLookaheadPlan *plan;
	List	   *key_exprs;		/* of ExprState */
	RegdocsKnown *answers;

	/* Rows that were read and not handed on */
	Tuplestorestate *rows;
	TupleTableSlot *row_slot;	/* for minimal tuples */
	bool		any_rows;
	bool		input_ended;
	int			batch_size;		/* keys, of the next batch */

	/* For EXPLAIN */
	uint64		batches;		/* that had keys to be asked for */
	uint64		keys;			/* that were to be asked for */
} RegdocsLookahead;

static PlanState *
input_of(RegdocsLookahead *node)
{
	return linitial(node->css.custom_ps);
}

static void
begin(CustomScanState *css, EState *estate, int eflags)
{
	RegdocsLookahead *node = (RegdocsLookahead *) css;
	CustomScan *plan = (CustomScan *) css->ss.ps.plan;
	TupleDesc	desc = css->ss.ss_ScanTupleSlot->tts_tupleDescriptor;

	css->custom_ps =
		list_make1(ExecInitNode(linitial(plan->custom_plans), estate,
								eflags & ~(EXEC_FLAG_BACKWARD |
										   EXEC_FLAG_MARK)));
	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;
	node->plan = regdocs_lookahead_plan_unpack(plan->custom_private);
	node->key_exprs = ExecInitExprList(plan->custom_exprs, &css->ss.ps);
	node->answers = regdocs_known_new();
	node->rows = tuplestore_begin_heap(false, false, work_mem);
	node->row_slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	node->batch_size = node->plan->first;
	estate->es_param_exec_vals[node->plan->batch_param].value =
		PointerGetDatum(node->answers);
}

/* Point the node's slot, which is for virtual tuples, to the row of another. */
static void
show(CustomScanState *css, TupleTableSlot *row)
{
	TupleTableSlot *slot = css->ss.ss_ScanTupleSlot;
	Size		natts = slot->tts_tupleDescriptor->natts;

	slot_getallattrs(row);
	ExecClearTuple(slot);
	memcpy(slot->tts_values, row->tts_values, sizeof(Datum) * natts);
	memcpy(slot->tts_isnull, row->tts_isnull, sizeof(bool) * natts);
	ExecStoreVirtualTuple(slot);
}

/* Tell the keys of a row; how many have to be asked for? */
static int
tell_keys(RegdocsLookahead *node, TupleTableSlot *row)
{
	ExprContext *econtext = node->css.ss.ps.ps_ExprContext;
	MemoryContext old_context;
	RegdocsValues *values;
	bool		can_send;
	int			missing = 0;
	int			i;

	ResetExprContext(econtext);
	show(&node->css, row);
	econtext->ecxt_scantuple = node->css.ss.ss_ScanTupleSlot;
	old_context = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	values = regdocs_asked_values(node->plan->key, node->key_exprs, econtext,
								  node->plan->resource, &can_send);
	for (i = 0; i < values->nvalues; i++)
		missing += regdocs_known_expect(node->answers, values->values[i],
										can_send);
	MemoryContextSwitchTo(old_context);
	return missing;
}

static void
read_batch(RegdocsLookahead *node)
{
	EState	   *estate = node->css.ss.ps.state;
	int64		most_rows = (int64) node->batch_size * ROWS_FOR_KEY;
	MemoryContext old_context = MemoryContextSwitchTo(estate->es_query_cxt);
	int			missing = 0;
	int64		nrows;

	tuplestore_clear(node->rows);
	regdocs_known_begin_batch(node->answers);
	for (nrows = 0; nrows < most_rows && missing < node->batch_size; nrows++)
	{
		TupleTableSlot *row;

		CHECK_FOR_INTERRUPTS();
		row = ExecProcNode(input_of(node));
		if (TupIsNull(row))
		{
			node->input_ended = true;
			break;
		}
		tuplestore_puttupleslot(node->rows, row);
		missing += tell_keys(node, row);
	}
	node->any_rows = nrows > 0;
	MemoryContextSwitchTo(old_context);
	if (missing == 0)
		return;
	node->batches++;
	node->keys += missing;
	node->batch_size = Min(Max(node->batch_size * 2, node->plan->second),
						   node->plan->most);
}

/* The next row that was read; false: a batch has to be. */
static bool
take_row(RegdocsLookahead *node)
{
	EState	   *estate = node->css.ss.ps.state;
	MemoryContext old_context;

	if (!node->any_rows)
		return false;

	/* The slot frees what it has when the next one comes. */
	old_context = MemoryContextSwitchTo(estate->es_query_cxt);
	node->any_rows = tuplestore_gettupleslot(node->rows, true, false,
											 node->row_slot);
	MemoryContextSwitchTo(old_context);
	return node->any_rows;
}

static TupleTableSlot *
next(CustomScanState *css)
{
	RegdocsLookahead *node = (RegdocsLookahead *) css;

	while (!take_row(node))
	{
		if (node->input_ended)
			return ExecClearTuple(css->ss.ss_ScanTupleSlot);
		read_batch(node);
	}
	show(css, node->row_slot);
	return css->ss.ss_ScanTupleSlot;
}

/* What is known of the keys stays: the scan sees to it that it holds. */
static void
rescan(CustomScanState *css)
{
	RegdocsLookahead *node = (RegdocsLookahead *) css;
	PlanState  *input = input_of(node);

	ExecClearTuple(css->ss.ss_ScanTupleSlot);
	ExecClearTuple(node->row_slot);
	tuplestore_clear(node->rows);
	node->any_rows = false;
	node->input_ended = false;
	node->batch_size = node->plan->first;

	/* The executor does neither for the inputs of such nodes. */
	if (css->ss.ps.chgParam != NULL)
		UpdateChangedParamSet(input, css->ss.ps.chgParam);
	if (input->chgParam == NULL)
		ExecReScan(input);
}

static void
end(CustomScanState *css)
{
	RegdocsLookahead *node = (RegdocsLookahead *) css;

	ExecEndNode(input_of(node));
	if (node->answers == NULL)
		return;
	ExecDropSingleTupleTableSlot(node->row_slot);
	tuplestore_end(node->rows);
	regdocs_known_end(node->answers);
}

/* The names of the keys, and never a value. */
static void
explain(CustomScanState *css, List *ancestors, ExplainState *es)
{
	RegdocsLookahead *node = (RegdocsLookahead *) css;
	CustomScan *plan = (CustomScan *) css->ss.ps.plan;
	List	   *context = set_deparse_context_plan(es->deparse_cxt,
												   css->ss.ps.plan, ancestors);
	const RegdocsLookaheadPlan *lookahead =
	regdocs_lookahead_plan_unpack(plan->custom_private);
	bool		prefix = list_length(es->rtable) > 1 || es->verbose;
	List	   *keys = NIL;
	ListCell   *cell;

	foreach(cell, plan->custom_exprs)
		keys = lappend(keys, deparse_expression(lfirst(cell), context, prefix,
												false));
	ExplainPropertyList("API Keys", keys, es);
	ExplainPropertyInteger("API First Batch", NULL, lookahead->first, es);
	if (!es->analyze || node->answers == NULL)
		return;
	ExplainPropertyUInteger("API Batches", NULL, node->batches, es);
	ExplainPropertyUInteger("API Keys Asked", NULL, node->keys, es);
}

static const CustomExecMethods exec_methods = {
	.CustomName = REGDOCS_LOOKAHEAD_NAME,
	.BeginCustomScan = begin,
	.ExecCustomScan = next,
	.EndCustomScan = end,
	.ReScanCustomScan = rescan,
	.ExplainCustomScan = explain
};

static Node *
create_state(CustomScan *plan)
{
	RegdocsLookahead *node = palloc0(sizeof(RegdocsLookahead));

	NodeSetTag(node, T_CustomScanState);
	node->css.methods = &exec_methods;
	return (Node *) node;
}

const CustomScanMethods regdocs_lookahead_methods = {
	.CustomName = REGDOCS_LOOKAHEAD_NAME,
	.CreateCustomScanState = create_state
};
