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
#include "src/fdw/read/source.h"
#include "src/fdw/row/row.h"

typedef struct RegdocsScan
{
	/* What to do */
	RegdocsScanPlan *plan;
	RegdocsTableOptions *table;
	RegdocsConnection *connection;
	RegdocsRowReader *reader;
	RegdocsSource *source;
	List	   *ask_exprs;		/* of ExprState */
	RegdocsBatches *batches;	/* of a join with a look-ahead, in the place
								 * of all that is asked and kept below; or
								 * NULL */
	ExprState  *limit_count;	/* NULL: not known to the scan */
	ExprState  *limit_offset;

	/* Where the source is */
	MemoryContext asked_context;	/* of "asked" alone */
	MemoryContext spare_context;	/* empty */
	RegdocsAsked *asked;		/* of the source; NULL: nothing yet */
	bool		asked_changed;	/* perhaps, since it was evaluated */
	bool		started;		/* was it asked for anything? */
	bool		finished;		/* is it at the end of that? */
	bool		any_sorted;		/* did a row come, in the order asked for? */
	Datum		last_sorted;	/* its value, a timestamptz */
	bool		last_null;

	/* Rows kept for repetition, or to be read whole before the first */
	bool		keeping;
	Tuplestorestate *kept;		/* NULL: none yet */
	TupleTableSlot *kept_slot;

	/* Below an Append that asks several scans at a time */
	bool		may_wait;		/* false: say so instead */
	bool		would_wait;
	instr_time	waiting_since;	/* if it would */
	int			descriptor;		/* to watch the connection; -1: none yet */

	RegdocsReader early;		/* of a statement that writes; arg is NULL
								 * where the scan is not known to it */

	MemoryContext context;		/* everything here, this struct too */
	MemoryContextCallback cleanup;
} RegdocsScan;

static void
release_scan(void *arg)
{
	RegdocsScan *scan = arg;

	if (scan->early.arg != NULL)
		regdocs_early_remove(&scan->early);
	regdocs_connection_unwatch(scan->connection, scan->descriptor);
	regdocs_connection_release(scan->connection);
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

static Bitmapset *
wanted_attributes(const RegdocsScanPlan *plan)
{
	Bitmapset  *wanted = NULL;
	ListCell   *cell;

	foreach(cell, plan->wanted)
		wanted = bms_add_member(wanted, lfirst_int(cell));
	return wanted;
}

/* Walker: does a value come from the rows of others? */
static bool
depends_on_rows(Node *node, void *statement)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param))
		return ((Param *) node)->paramkind == PARAM_EXEC &&
			!regdocs_is_set_once(statement, ((Param *) node)->paramid);
	return expression_tree_walker(node, depends_on_rows, statement);
}

/*
 * Of a statement that writes, is what the scan asks to be had before the first
 * write?
 */
static bool
is_known_early(const RegdocsScanPlan *scan_plan, const ForeignScan *plan,
			   PlannedStmt *statement)
{
	int			n = 0;
	ListCell   *cell;

	foreach(cell, scan_plan->asks)
		n += list_length(((RegdocsAsk *) lfirst(cell))->arrays);
	return n == 0 ||
		!depends_on_rows((Node *) list_copy_head(plan->fdw_exprs, n),
						 statement);
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

/* In a context of its own below the current one. */
static RegdocsScan *
make_scan(void)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "regdocs_fdw scan",
												  ALLOCSET_DEFAULT_SIZES);
	RegdocsScan *scan = MemoryContextAllocZero(context, sizeof(RegdocsScan));

	scan->context = context;
	scan->asked_context = AllocSetContextCreate(context, "regdocs_fdw asked",
												ALLOCSET_SMALL_SIZES);
	scan->spare_context = AllocSetContextCreate(context, "regdocs_fdw asked",
												ALLOCSET_SMALL_SIZES);
	scan->may_wait = true;
	scan->descriptor = -1;
	scan->cleanup.func = release_scan;
	scan->cleanup.arg = scan;
	MemoryContextRegisterResetCallback(context, &scan->cleanup);
	return scan;
}

void
regdocsBeginForeignScan(ForeignScanState *node, int eflags)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	EState	   *estate = node->ss.ps.state;
	Relation	rel = node->ss.ss_currentRelation;
	ForeignTable *table;
	MemoryContext old_context;
	RegdocsColumns *columns;
	RegdocsScan *scan;
	bool		known_early;

	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;

	scan = make_scan();
	old_context = MemoryContextSwitchTo(scan->context);
	table = GetForeignTable(RelationGetRelid(rel));
	scan->plan = regdocs_scan_plan_unpack(plan->fdw_private);
	known_early = !scan->plan->eager ||
		is_known_early(scan->plan, plan, estate->es_plannedstmt);

	/* All of the list can be read before, and is checked here anyway. */
	if (!known_early && scan->plan->meets_writes)
	{
		scan->plan->asks = NIL;
		known_early = true;
	}
	scan->table = regdocs_table_options(table,
										GetForeignServer(table->serverid));
	columns = regdocs_columns_resolve(rel, scan->table->resource);
	scan->reader = regdocs_row_reader_new(rel, columns,
										  wanted_attributes(scan->plan),
										  scan->table->on_error);
	regdocs_row_expect_bound(scan->reader, regdocs_bound_new(rel, columns));
	scan->keeping = scan->plan->eager ||
		regdocs_scan_plan_find(scan->plan->asks,
							   scan->table->resource->sid_field) != NULL ||
		regdocs_may_rescan(estate->es_plannedstmt, &plan->scan.plan);
	if (scan->keeping && scan->plan->asks != NIL)
		regdocs_row_expect_again(scan->reader);
	scan->connection = regdocs_connection_acquire(regdocs_scan_user(node),
												  table->serverid);
	scan->source = regdocs_source_new(scan->connection, scan->table,
									  scan->plan, scan->reader);
	init_exprs(scan, node);
	if (scan->plan->batch_param >= 0)
		scan->batches = regdocs_batches_new(node, scan->source, scan->plan,
											columns, scan->ask_exprs);
	MemoryContextSwitchTo(old_context);

	node->fdw_state = scan;
	watch_writes(scan, node, known_early);
}

/* Value of a LIMIT's count or offset; -1: none. */
static double
evaluate_bound(ExprState *expr, ExprContext *econtext)
{
	bool		isnull;
	int64		value;

	if (expr == NULL)
		return -1;
	value = DatumGetInt64(ExecEvalExpr(expr, econtext, &isnull));
	return isnull || value < 0 ? -1 : (double) value;
}

/* How many objects of the list will be read at the most. */
static double
list_bound(RegdocsScan *scan, ExprContext *econtext)
{
	double		count = evaluate_bound(scan->limit_count, econtext);
	double		offset = evaluate_bound(scan->limit_offset, econtext);

	return count < 0 ? REGDOCS_PAGER_ALL : count + Max(offset, 0);
}

/*
 * The list was asked for in an order, on which the plan relies: is the row
 * where it belongs?  NULLs count only where the plan knows on which side they
 * are; elsewhere a condition leaves them out.
 */
static void
check_order(RegdocsScan *scan, const Datum *values, const bool *nulls)
{
	const RegdocsScanPlan *plan = scan->plan;
	Datum		value = values[plan->sort_attnum - 1];
	bool		isnull = nulls[plan->sort_attnum - 1];
	bool		wrong = false;

	if (isnull &&
		!scan->table->resource->sorts[plan->sort].never_null)
		return;
	if (scan->any_sorted && (isnull || scan->last_null))
		wrong = isnull != scan->last_null && isnull == plan->nulls_first;
	else if (scan->any_sorted)
	{
		TimestampTz time = DatumGetTimestampTz(value);
		TimestampTz last = DatumGetTimestampTz(scan->last_sorted);

		wrong = plan->descending ? time > last : time < last;
	}
	if (wrong)
		regdocs_source_raise_protocol(scan->source,
									  "The list is not in the order that was asked for.");
	scan->any_sorted = true;
	scan->last_sorted = value;
	scan->last_null = isnull;
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
		check_order(scan, values, nulls);
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

	if (scan->asked == NULL || scan->asked_changed)
		refresh_asked(scan, econtext);
	if (scan->started)
		return;
	if (scan->keeping && scan->kept == NULL)
		prepare_kept(scan, slot);
	scan->started = true;
	scan->finished = false;
	scan->any_sorted = false;
	regdocs_source_ask(scan->source, scan->asked, list_bound(scan, econtext));

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
	prepare_source(scan, node, slot);
	ExecClearTuple(slot);
	if (scan->kept != NULL && read_kept(scan, slot))
		return ExecStoreVirtualTuple(slot);
	if (would_wait(scan))
	{
		scan->would_wait = true;
		INSTR_TIME_SET_CURRENT(scan->waiting_since);
		return slot;
	}
	if (!read_source(scan, slot->tts_values, slot->tts_isnull))
		return slot;
	if (scan->kept != NULL)
		tuplestore_putvalues(scan->kept, slot->tts_tupleDescriptor,
							 slot->tts_values, slot->tts_isnull);
	return ExecStoreVirtualTuple(slot);
}

void
regdocsReScanForeignScan(ForeignScanState *node)
{
	RegdocsScan *scan = node->fdw_state;

	if (scan == NULL || !scan->started)
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
	regdocs_row_note_failures(scan->reader, NOTICE, false);
	regdocs_source_end(scan->source);
	if (scan->batches != NULL)
		regdocs_batches_end(scan->batches);
	if (scan->kept != NULL)
	{
		ExecDropSingleTupleTableSlot(scan->kept_slot);
		tuplestore_end(scan->kept);
	}
	MemoryContextDelete(scan->context);
}

bool
regdocs_scan_usage(const ForeignScanState *node, RegdocsUsage *usage,
				   uint64 *ignored)
{
	const RegdocsScan *scan = node->fdw_state;

	if (scan == NULL)
		return false;
	*ignored = regdocs_row_ignored(scan->reader);
	*usage = regdocs_source_usage(scan->source);
	return true;
}

TupleTableSlot *
regdocs_scan_try(ForeignScanState *node, bool *would_wait)
{
	RegdocsScan *scan = node->fdw_state;
	TupleTableSlot *slot;

	if (scan->would_wait)
		regdocs_source_add_wait(scan->source, scan->waiting_since);
	scan->may_wait = false;
	scan->would_wait = false;
	slot = node->ss.ps.ExecProcNodeReal(&node->ss.ps);
	scan->may_wait = true;
	*would_wait = scan->would_wait;
	return slot;
}

int
regdocs_scan_watch(ForeignScanState *node)
{
	RegdocsScan *scan = node->fdw_state;
	RdapiClient *client = regdocs_connection_client(scan->connection);

	if (scan->descriptor < 0)
		scan->descriptor = regdocs_connection_watch(scan->connection);

	/*
	 * Another scan may have taken in what this one is waiting for.  Nobody
	 * drives the client between here and the Append's wait.
	 */
	if (regdocs_source_ready(scan->source))
		rdapi_client_wake(client);
	regdocs_progress_tell_trouble(client);
	rdapi_client_attend(client, true);
	return scan->descriptor;
}
