/*-------------------------------------------------------------------------
 *
 * scan.c
 *	  Executing scans: FDW callbacks.
 *
 * Documents come from a source, a pager or a fetcher, and become rows.  A
 * scan that may be repeated keeps its rows, before any condition is checked,
 * and answers from them: what was asked of the API did not change, whatever
 * else did.  A scan by key asks again only when its sids have changed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/executor.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "src/fdw/compat.h"
#include "src/fdw/fetcher.h"
#include "src/fdw/keys.h"
#include "src/fdw/options.h"
#include "src/fdw/pager.h"
#include "src/fdw/private.h"
#include "src/fdw/rescan.h"
#include "src/fdw/row.h"
#include "src/fdw/scan.h"

typedef struct RegdocsScan
{
	/* What to do */
	RegdocsScanPlan *plan;
	RegdocsTableOptions *table;
	RegdocsConnection *connection;
	RegdocsRowReader *reader;
	ExprState  *key;			/* NULL: the list is walked */
	ExprState  *limit_count;	/* NULL: not known to the scan */
	ExprState  *limit_offset;

	/* Where documents come from; both NULL before the first and at the end */
	MemoryContext source_context;	/* reset for each source */
	RegdocsPager *pager;
	RegdocsFetcher *fetcher;
	RegdocsKeys *keys;			/* the fetcher's; in source_context */
	bool		started;		/* has there been a source? */
	bool		finished;		/* is it at its end? */
	bool		keys_changed;	/* perhaps, since they were evaluated */

	/* Rows kept for repetition, or to be read whole before the first */
	bool		keeping;
	Tuplestorestate *kept;		/* NULL: none yet */
	TupleTableSlot *kept_slot;

	/* For EXPLAIN */
	RegdocsUsage usage;
	uint64		ignored;

	MemoryContext context;		/* everything here, this struct too */
	MemoryContextCallback cleanup;
} RegdocsScan;

static void
release_scan(void *arg)
{
	regdocs_connection_release(((RegdocsScan *) arg)->connection);
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

	if (scan->plan->mode != REGDOCS_SCAN_LIST)
		scan->key = next_expr(exprs, &position, node);
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

void
regdocsBeginForeignScan(ForeignScanState *node, int eflags)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	EState	   *estate = node->ss.ps.state;
	Relation	rel = node->ss.ss_currentRelation;
	ForeignTable *table;
	MemoryContext context;
	MemoryContext old_context;
	RegdocsScan *scan;

	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;

	context = AllocSetContextCreate(estate->es_query_cxt, "regdocs_fdw scan",
									ALLOCSET_DEFAULT_SIZES);
	old_context = MemoryContextSwitchTo(context);
	scan = palloc0(sizeof(RegdocsScan));
	scan->context = context;
	scan->source_context = AllocSetContextCreate(context,
												 "regdocs_fdw scan source",
												 ALLOCSET_DEFAULT_SIZES);
	scan->cleanup.func = release_scan;
	scan->cleanup.arg = scan;
	MemoryContextRegisterResetCallback(context, &scan->cleanup);

	table = GetForeignTable(RelationGetRelid(rel));
	scan->plan = regdocs_private_unpack_scan(plan->fdw_private);
	scan->table = regdocs_table_options(table,
										GetForeignServer(table->serverid));
	scan->reader =
		regdocs_row_reader_new(rel,
							   regdocs_columns_resolve(rel, scan->table->resource),
							   wanted_attributes(scan->plan),
							   scan->table->on_error);
	scan->keeping = scan->plan->eager || scan->plan->mode != REGDOCS_SCAN_LIST ||
		regdocs_may_rescan(estate->es_plannedstmt, &plan->scan.plan);
	scan->connection = regdocs_connection_acquire(regdocs_scan_user(node),
												  table->serverid);
	MemoryContextSwitchTo(old_context);

	init_exprs(scan, node);
	node->fdw_state = scan;
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

static void
start_pager(RegdocsScan *scan, ExprContext *econtext)
{
	double		count = evaluate_bound(scan->limit_count, econtext);
	double		offset = evaluate_bound(scan->limit_offset, econtext);
	double		bound = REGDOCS_PAGER_ALL;
	int			page_size = scan->plan->page_size;

	if (count >= 0)
		bound = count + Max(offset, 0);
	if (bound >= 0 && bound < page_size)
		page_size = Max((int) bound, 1);
	scan->pager = regdocs_pager_begin(scan->connection, scan->table->resource,
									  regdocs_row_reader_fields(scan->reader),
									  page_size, bound, &scan->usage);
}

/* Are so many sids better looked for in the list? */
static bool
list_is_cheaper(const RegdocsScan *scan, int nsids)
{
	int			concurrency = regdocs_connection_concurrency(scan->connection);

	return (double) nsids / concurrency > scan->plan->list_requests;
}

static void
start_source(RegdocsScan *scan, ExprContext *econtext)
{
	MemoryContext old_context = MemoryContextSwitchTo(scan->source_context);

	scan->started = true;
	scan->finished = false;
	if (scan->key == NULL)
		start_pager(scan, econtext);
	else if (list_is_cheaper(scan, scan->keys->nsids))
		start_pager(scan, econtext);
	else
		scan->fetcher =
			regdocs_fetcher_begin(scan->connection, scan->table->resource,
								  regdocs_row_reader_fields(scan->reader),
								  scan->keys->sids, scan->keys->nsids,
								  &scan->usage);
	MemoryContextSwitchTo(old_context);
}

static void
finish_source(RegdocsScan *scan)
{
	regdocs_pager_end(scan->pager);
	regdocs_fetcher_end(scan->fetcher);
	scan->pager = NULL;
	scan->fetcher = NULL;
	scan->finished = true;
	scan->ignored += regdocs_row_ignored(scan->reader);
	regdocs_row_note_ignored(scan->reader);
}

/*
 * Read the next row of the source into values and nulls, which live in the
 * current context.  false: the source is at its end.
 */
static bool
read_source(RegdocsScan *scan, Datum *values, bool *nulls)
{
	if (scan->finished)
		return false;
	for (;;)
	{
		RegdocsPage *page;
		int			document;
		bool		found = scan->pager != NULL ?
			regdocs_pager_next(scan->pager, &page, &document) :
			regdocs_fetcher_next(scan->fetcher, &page, &document);

		if (!found)
		{
			finish_source(scan);
			return false;
		}
		if (regdocs_row_read(scan->reader, page, document, values, nulls))
			return true;
	}
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

/* The next of the kept rows, which slot then points to. */
static bool
read_kept(RegdocsScan *scan, TupleTableSlot *slot)
{
	TupleTableSlot *kept = scan->kept_slot;
	Size		natts = slot->tts_tupleDescriptor->natts;

	if (!tuplestore_gettupleslot(scan->kept, true, false, kept))
		return false;
	slot_getallattrs(kept);
	memcpy(slot->tts_values, kept->tts_values, sizeof(Datum) * natts);
	memcpy(slot->tts_isnull, kept->tts_isnull, sizeof(bool) * natts);
	return true;
}

/* Evaluate the key; start over unless it names the same sids as before. */
static void
refresh_keys(RegdocsScan *scan, ExprContext *econtext)
{
	MemoryContext old_context;
	RegdocsKeys *keys =
		regdocs_keys_evaluate(scan->key, econtext,
							  scan->plan->mode == REGDOCS_SCAN_KEYS,
							  scan->table->resource);

	scan->keys_changed = false;
	if (scan->started && regdocs_keys_equal(keys, scan->keys))
		return;

	scan->pager = NULL;
	scan->fetcher = NULL;
	MemoryContextReset(scan->source_context);
	if (scan->kept != NULL)
		tuplestore_clear(scan->kept);
	scan->started = false;

	/* Again, now where they can stay. */
	old_context = MemoryContextSwitchTo(scan->source_context);
	scan->keys = regdocs_keys_evaluate(scan->key, econtext,
									   scan->plan->mode == REGDOCS_SCAN_KEYS,
									   scan->table->resource);
	MemoryContextSwitchTo(old_context);
}

static void
prepare_source(RegdocsScan *scan, ForeignScanState *node,
			   TupleTableSlot *slot)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;

	if (scan->key != NULL && (!scan->started || scan->keys_changed))
		refresh_keys(scan, econtext);
	if (scan->started)
		return;
	if (scan->keeping && scan->kept == NULL)
		prepare_kept(scan, slot);
	start_source(scan, econtext);
	if (scan->plan->eager)
		keep_all(scan, slot);
}

TupleTableSlot *
regdocsIterateForeignScan(ForeignScanState *node)
{
	RegdocsScan *scan = node->fdw_state;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	prepare_source(scan, node, slot);
	ExecClearTuple(slot);
	if (scan->kept != NULL && read_kept(scan, slot))
		return ExecStoreVirtualTuple(slot);
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
	if (scan->key != NULL && node->ss.ps.chgParam != NULL)
		scan->keys_changed = true;

	if (scan->kept != NULL)
		tuplestore_rescan(scan->kept);
	else
	{
		/* Not foreseen: ask again, and keep the rows this time. */
		scan->pager = NULL;
		scan->fetcher = NULL;
		MemoryContextReset(scan->source_context);
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
	regdocs_row_note_ignored(scan->reader);
	if (scan->kept != NULL)
	{
		ExecDropSingleTupleTableSlot(scan->kept_slot);
		tuplestore_end(scan->kept);
	}
	MemoryContextDelete(scan->context);
}

const RegdocsUsage *
regdocs_scan_usage(const ForeignScanState *node, uint64 *ignored)
{
	const RegdocsScan *scan = node->fdw_state;

	if (scan == NULL)
		return NULL;
	*ignored = scan->ignored + regdocs_row_ignored(scan->reader);
	return &scan->usage;
}
