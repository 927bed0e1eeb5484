/*-------------------------------------------------------------------------
 *
 * scan.c
 *	  Executing scans: FDW callbacks.
 *
 * Objects come from a source, and become rows.  A scan that may be repeated
 * keeps its rows, before any condition is checked, and answers from them as
 * long as what it would ask of the API is the same, whatever else has changed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/executor.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/base/early.h"
#include "src/fdw/base/options.h"
#include "src/fdw/base/progress.h"
#include "src/fdw/read/asked.h"
#include "src/fdw/read/batches.h"
#include "src/fdw/read/pager.h"
#include "src/fdw/read/rescan.h"
#include "src/fdw/read/scan.h"
#include "src/fdw/read/scan_plan.h"
#include "src/fdw/read/sorted.h"
#include "src/fdw/read/source.h"
#include "src/fdw/row/row.h"

typedef struct RegdocsScan
{
	/* What to do */
	RegdocsScanPlan *plan;
	Oid			userid;			/* whose credential it is */
	List	   *ask_exprs;		/* of ExprState */
	ExprState  *limit_count;	/* NULL: not known to the scan */
	ExprState  *limit_offset;
	RegdocsTurn turn;			/* below an Append that asks several scans at
								 * a time */

	/* With what it does that, from its first row to its last */
	RegdocsTableOptions *table;
	RegdocsConnection *connection;
	RegdocsRowReader *reader;
	RegdocsSource *source;
	RegdocsBatches *batches;	/* of a join with a look-ahead, in the place
								 * of all that is asked and kept below; or
								 * NULL */
	RegdocsUsage usage;			/* before that */

	/* Where the source is */
	MemoryContext asked_context;	/* of "asked" alone */
	MemoryContext spare_context;	/* empty */
	RegdocsAsked *asked;		/* of the source; NULL: nothing yet */
	bool		asked_changed;	/* perhaps, since it was evaluated */
	bool		started;		/* was it asked for anything? */
	bool		finished;		/* is it at the end of that? */
	RegdocsSorted sorted;		/* rows that came in the order asked for */

	/* Rows kept for repetition, or to be read whole before the first */
	bool		keeping;
	Tuplestorestate *kept;		/* NULL: none yet */
	TupleTableSlot *kept_slot;

	/* Below an Append that asks several scans at a time */
	bool		may_wait;		/* false: say so instead */
	bool		would_wait;
	instr_time	waiting_since;	/* if it would */

	RegdocsReader early;		/* of a statement that writes; arg is NULL
								 * where the scan is not known to it */

	MemoryContext context;		/* of what it reads with; NULL: it does not */
	MemoryContextCallback cleanup;
} RegdocsScan;

static void
release_scan(void *arg)
{
	RegdocsScan *scan = arg;

	if (scan->early.arg != NULL)
		regdocs_early_remove(&scan->early);
	regdocs_connection_release(scan->connection);
	scan->connection = NULL;
}

static ExprState *
next_expr(List *exprs, int *position, ForeignScanState *node)
{
	return ExecInitExpr(list_nth(exprs, (*position)++), &node->ss.ps);
}

static void
init_exprs(RegdocsScan *scan, ForeignScanState *node)
{
	List	   *exprs = ((ForeignScan *) node->ss.ps.plan)->fdw_exprs;
	int			position = 0;
	ListCell   *cell;

	foreach(cell, scan->plan->asks)
	{
		RegdocsAsk *ask = lfirst(cell);
		int			i;

		for (i = 0; i < list_length(ask->arrays); i++)
			scan->ask_exprs = lappend(scan->ask_exprs,
									  next_expr(exprs, &position, node));
	}
	if (scan->plan->has_limit)
		scan->limit_count = next_expr(exprs, &position, node);
	if (scan->plan->has_offset)
		scan->limit_offset = next_expr(exprs, &position, node);
}

static void prepare_source(RegdocsScan *scan, ForeignScanState *node,
						   TupleTableSlot *slot);

/* Callback, before the statement's first write: read all rows. */
static void
read_early(void *arg)
{
	ForeignScanState *node = arg;
	ExprContext *econtext = node->ss.ps.ps_ExprContext;
	MemoryContext old_context =
	MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);

	prepare_source(node->fdw_state, node, node->ss.ss_ScanTupleSlot);
	MemoryContextSwitchTo(old_context);
}

/*
 * Have the scan read before its statement writes, where it does.  One that
 * depends on the rows of others has to be read among the writes: either it
 * cannot meet them, or they are held until all is read.
 */
static void
watch_writes(RegdocsScan *scan, ForeignScanState *node, bool known_early)
{
	if (!scan->plan->eager ||
		(!known_early &&
		 regdocs_scan_plan_find(scan->plan->asks,
								scan->table->resource->sid_field) != NULL))
		return;
	scan->early.estate = node->ss.ps.state;
	scan->early.read = known_early ? read_early : NULL;
	scan->early.arg = node;
	regdocs_early_add(&scan->early);
}

/* May it be read again? */
static bool
may_rescan(const RegdocsScan *scan, const ForeignScanState *node)
{
	if (scan->turn.turns != NULL)
		return regdocs_turns_may_rescan(scan->turn.turns);
	return regdocs_may_rescan(node->ss.ps.state->es_plannedstmt,
							  node->ss.ps.plan);
}

static void
make_contexts(RegdocsScan *scan, MemoryContext parent)
{
	scan->context = AllocSetContextCreate(parent, "regdocs_fdw scan",
										  ALLOCSET_DEFAULT_SIZES);
	scan->asked_context = AllocSetContextCreate(scan->context,
												"regdocs_fdw asked",
												ALLOCSET_SMALL_SIZES);
	scan->spare_context = AllocSetContextCreate(scan->context,
												"regdocs_fdw asked",
												ALLOCSET_SMALL_SIZES);
	scan->cleanup.func = release_scan;
	scan->cleanup.arg = scan;
	MemoryContextRegisterResetCallback(scan->context, &scan->cleanup);
}

/* Get ready to read. */
static void
open_scan(RegdocsScan *scan, ForeignScanState *node)
{
	Relation	rel = node->ss.ss_currentRelation;
	ForeignTable *table;
	MemoryContext old_context;
	RegdocsColumns *columns;

	make_contexts(scan, node->ss.ps.state->es_query_cxt);
	old_context = MemoryContextSwitchTo(scan->context);
	table = GetForeignTable(RelationGetRelid(rel));
	scan->table = regdocs_table_options(table,
										GetForeignServer(table->serverid));
	columns = regdocs_columns_resolve(rel, scan->table->resource);
	scan->reader = regdocs_row_reader_new(rel, columns,
										  regdocs_scan_plan_wanted(scan->plan),
										  scan->table->on_error);
	regdocs_row_expect_bound(scan->reader, regdocs_bound_new(rel, columns));
	scan->keeping = scan->keeping || scan->plan->eager ||
		regdocs_scan_plan_find(scan->plan->asks,
							   scan->table->resource->sid_field) != NULL ||
		may_rescan(scan, node);
	if (scan->keeping && scan->plan->asks != NIL)
		regdocs_row_expect_again(scan->reader);
	scan->connection = regdocs_connection_acquire(scan->userid,
												  table->serverid);
	scan->source = regdocs_source_new(scan->connection, scan->table,
									  scan->plan, scan->reader);
	if (scan->plan->batch_param >= 0)
		scan->batches = regdocs_batches_new(node, scan->source, scan->plan,
											columns, scan->ask_exprs);
	MemoryContextSwitchTo(old_context);
}

/* Let go of all that it reads with. */
static void
close_scan(RegdocsScan *scan)
{
	if (scan->context == NULL)
		return;
	regdocs_row_note_failures(scan->reader, NOTICE, false);
	regdocs_usage_add(&scan->usage, regdocs_source_usage(scan->source));
	regdocs_source_end(scan->source);
	if (scan->batches != NULL)
		regdocs_batches_end(scan->batches);
	if (scan->kept != NULL)
	{
		ExecDropSingleTupleTableSlot(scan->kept_slot);
		tuplestore_end(scan->kept);
	}
	MemoryContextDelete(scan->context);
	scan->context = NULL;
	scan->source = NULL;
	scan->reader = NULL;
	scan->batches = NULL;
	scan->kept = NULL;
	scan->asked = NULL;
}

void
regdocsBeginForeignScan(ForeignScanState *node, int eflags)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	EState	   *estate = node->ss.ps.state;
	RegdocsScan *scan;
	bool		known_early;

	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;

	scan = palloc0(sizeof(RegdocsScan));
	scan->may_wait = true;
	scan->plan = regdocs_scan_plan_unpack(plan->fdw_private);
	scan->userid = regdocs_scan_user(node);
	known_early = !scan->plan->eager ||
		regdocs_scan_plan_is_known(scan->plan, plan, estate->es_plannedstmt);

	/* All of the list can be read before, and is checked here anyway. */
	if (!known_early && scan->plan->meets_writes)
	{
		scan->plan->asks = NIL;
		known_early = true;
	}
	init_exprs(scan, node);

	/*
	 * Of thousands of scans few may ever be read at a time, so the others
	 * wait until they are; but for those that have to do with other nodes.
	 */
	if (scan->plan->eager || scan->plan->batch_param >= 0)
		open_scan(scan, node);
	node->fdw_state = scan;
	watch_writes(scan, node, known_early);
}

/*
 * Read the next row of the source into values and nulls, which live in the
 * current context.  false: the source is at its end.
 */
static bool
read_source(RegdocsScan *scan, Datum *values, bool *nulls)
{
	if (!scan->finished &&
		!regdocs_source_next(scan->source, values, nulls))
		scan->finished = true;
	if (!scan->finished && scan->plan->sort >= 0)
		regdocs_sorted_check(&scan->sorted, scan->plan, scan->source,
							 scan->table->resource,
							 values[scan->plan->sort_attnum - 1],
							 nulls[scan->plan->sort_attnum - 1]);
	return !scan->finished;
}

static void
prepare_kept(RegdocsScan *scan, TupleTableSlot *slot)
{
	MemoryContext old_context = MemoryContextSwitchTo(scan->context);

	scan->kept = tuplestore_begin_heap(false, false, work_mem);
	scan->kept_slot = MakeSingleTupleTableSlot(slot->tts_tupleDescriptor,
											   &TTSOpsMinimalTuple);
	MemoryContextSwitchTo(old_context);
}

/* Keep all rows of the source, before the first is handed out. */
static void
keep_all(RegdocsScan *scan, TupleTableSlot *slot)
{
	MemoryContext row_context = AllocSetContextCreate(scan->context,
													  "regdocs_fdw row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(row_context);

	while (read_source(scan, slot->tts_values, slot->tts_isnull))
	{
		tuplestore_putvalues(scan->kept, slot->tts_tupleDescriptor,
							 slot->tts_values, slot->tts_isnull);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(old_context);
	MemoryContextDelete(row_context);
	tuplestore_rescan(scan->kept);
}

/*
 * The next of the kept rows, which slot then points to.  It may come from a
 * file, into the present context, and is freed with the one after it; so
 * that must not be the context of a row, which is reset before.
 */
static bool
read_kept(RegdocsScan *scan, TupleTableSlot *slot)
{
	MemoryContext old_context = MemoryContextSwitchTo(scan->context);
	TupleTableSlot *kept = scan->kept_slot;
	Size		natts = slot->tts_tupleDescriptor->natts;
	bool		found = tuplestore_gettupleslot(scan->kept, true, false, kept);

	MemoryContextSwitchTo(old_context);
	if (!found)
		return false;
	slot_getallattrs(kept);
	memcpy(slot->tts_values, kept->tts_values, sizeof(Datum) * natts);
	memcpy(slot->tts_isnull, kept->tts_isnull, sizeof(bool) * natts);
	return true;
}

/* Evaluate what is asked; start over unless that is the same as before. */
static void
refresh_asked(RegdocsScan *scan, ExprContext *econtext)
{
	MemoryContext old_context = MemoryContextSwitchTo(scan->spare_context);
	RegdocsAsked *asked = regdocs_asked_evaluate(scan->plan->asks,
												 scan->ask_exprs, econtext,
												 scan->table->resource);

	MemoryContextSwitchTo(old_context);
	scan->asked_changed = false;
	if (scan->started && regdocs_asked_equal(asked, scan->asked))
	{
		MemoryContextReset(scan->spare_context);
		return;
	}

	scan->started = false;
	scan->asked = asked;
	if (scan->kept != NULL)
		tuplestore_clear(scan->kept);
	old_context = scan->asked_context;
	scan->asked_context = scan->spare_context;
	scan->spare_context = old_context;
}

static void
prepare_source(RegdocsScan *scan, ForeignScanState *node,
			   TupleTableSlot *slot)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;
	double		bound;

	if (scan->context == NULL)
		open_scan(scan, node);
	if (scan->asked == NULL || scan->asked_changed)
		refresh_asked(scan, econtext);
	if (scan->started)
		return;
	if (scan->keeping && scan->kept == NULL)
		prepare_kept(scan, slot);
	scan->started = true;
	scan->finished = false;
	scan->sorted.any = false;
	bound = regdocs_asked_bound(scan->limit_count, scan->limit_offset,
								econtext);
	regdocs_source_ask(scan->source, scan->asked, bound);

	/* The source has let go of what it was asked before. */
	MemoryContextReset(scan->spare_context);
	if (scan->plan->eager)
		keep_all(scan, slot);
}

/* Would reading on mean to wait, where the Append above must not? */
static bool
would_wait(RegdocsScan *scan)
{
	if (scan->may_wait || scan->finished)
		return false;
	regdocs_source_advance(scan->source);
	return !regdocs_source_ready(scan->source);
}

/* Was it read to its end, and let go of what it read with? */
static bool
is_over(const RegdocsScan *scan)
{
	return scan->started && scan->context == NULL;
}

/*
 * Is what it reads with of no use any more?  What is to be told about rows
 * that it left out is told when the statement ends.
 */
static bool
is_useless(const RegdocsScan *scan)
{
	return scan->kept == NULL && !regdocs_row_has_failures(scan->reader);
}

/* The next row of the present key of a join with a look-ahead. */
static TupleTableSlot *
iterate_batches(RegdocsScan *scan, ForeignScanState *node)
{
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	ExecClearTuple(slot);
	if (!scan->started)
		regdocs_batches_seek(scan->batches, node->ss.ps.ps_ExprContext);
	scan->started = true;
	return regdocs_batches_next(scan->batches, slot) ?
		ExecStoreVirtualTuple(slot) : slot;
}

TupleTableSlot *
regdocsIterateForeignScan(ForeignScanState *node)
{
	RegdocsScan *scan = node->fdw_state;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	if (scan->batches != NULL)
		return iterate_batches(scan, node);
	ExecClearTuple(slot);
	if (is_over(scan))
		return slot;
	prepare_source(scan, node, slot);
	if (scan->kept != NULL && read_kept(scan, slot))
		return ExecStoreVirtualTuple(slot);
	if (would_wait(scan))
	{
		scan->would_wait = true;
		INSTR_TIME_SET_CURRENT(scan->waiting_since);
		return slot;
	}
	if (!read_source(scan, slot->tts_values, slot->tts_isnull))
	{
		if (is_useless(scan))
			close_scan(scan);
		return slot;
	}
	if (scan->kept != NULL)
		tuplestore_putvalues(scan->kept, slot->tts_tupleDescriptor,
							 slot->tts_values, slot->tts_isnull);
	return ExecStoreVirtualTuple(slot);
}

void
regdocsReScanForeignScan(ForeignScanState *node)
{
	RegdocsScan *scan = node->fdw_state;

	if (scan == NULL)
		return;
	regdocs_turn_end(&scan->turn);
	if (!scan->started)
		return;
	if (scan->batches != NULL)
	{
		scan->started = false;
		return;
	}
	if (scan->ask_exprs != NIL && node->ss.ps.chgParam != NULL)
		scan->asked_changed = true;

	if (scan->kept != NULL)
		tuplestore_rescan(scan->kept);
	else
	{
		/* Not foreseen: ask again, and keep the rows this time. */
		scan->started = false;
		scan->keeping = true;
	}
}

void
regdocsEndForeignScan(ForeignScanState *node)
{
	RegdocsScan *scan = node->fdw_state;

	if (scan == NULL)
		return;
	node->fdw_state = NULL;
	regdocs_turn_end(&scan->turn);
	close_scan(scan);
}

bool
regdocs_scan_usage(const ForeignScanState *node, RegdocsUsage *usage,
				   uint64 *ignored)
{
	const RegdocsScan *scan = node->fdw_state;

	if (scan == NULL)
		return false;
	*usage = scan->usage;
	*ignored = 0;
	if (scan->context != NULL)
	{
		*ignored = regdocs_row_ignored(scan->reader);
		regdocs_usage_add(usage, regdocs_source_usage(scan->source));
	}
	return true;
}

TupleTableSlot *
regdocs_scan_try(ForeignScanState *node, bool *would_wait)
{
	RegdocsScan *scan = node->fdw_state;
	TupleTableSlot *slot;

	if (scan->would_wait && scan->source != NULL)
		regdocs_source_add_wait(scan->source, scan->waiting_since);
	scan->may_wait = false;
	scan->would_wait = false;
	slot = node->ss.ps.ExecProcNodeReal(&node->ss.ps);
	scan->may_wait = true;
	*would_wait = scan->would_wait;
	return slot;
}

void
regdocs_scan_begin(ForeignScanState *node)
{
	RegdocsScan *scan = node->fdw_state;
	ExprContext *econtext = node->ss.ps.ps_ExprContext;
	MemoryContext old_context;

	if (is_over(scan))
		return;
	old_context = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	prepare_source(scan, node, node->ss.ss_ScanTupleSlot);
	if (!scan->finished)
		regdocs_source_advance(scan->source);
	MemoryContextSwitchTo(old_context);
	scan->would_wait = true;
	INSTR_TIME_SET_CURRENT(scan->waiting_since);
}

bool
regdocs_scan_ready(const ForeignScanState *node)
{
	const RegdocsScan *scan = node->fdw_state;

	return is_over(scan) || scan->finished ||
		(scan->kept != NULL && !tuplestore_ateof(scan->kept)) ||
		regdocs_source_ready(scan->source);
}

RegdocsTurn *
regdocs_scan_turn(const ForeignScanState *node)
{
	RegdocsScan *scan = node->fdw_state;

	return &scan->turn;
}

void
regdocs_scan_tell_trouble(const ForeignScanState *node)
{
	const RegdocsScan *scan = node->fdw_state;
	RegdocsConnection *connection = scan->connection;

	if (connection != NULL)
		regdocs_progress_tell_trouble(regdocs_connection_client(connection));
}
