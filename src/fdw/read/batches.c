/*-------------------------------------------------------------------------
 *
 * batches.c
 *	  The scan of a join that fetches in batches: answers of keys, many of which
 *	  were asked for at once.
 *
 * The scan is asked for one key after the other, as below any nested loop.  The
 * look-ahead on the other side of the join has told which ones will come, so
 * the first of them whose answer is not known has all of them asked for.  What
 * it tells is no more than that: a key that it has not told is asked for by
 * itself.
 *
 * By sid, the source turns to the list where the keys become too many.  For the
 * values of a filter that is done here: once their lists have cost as much as
 * the whole one was thought to cost, that one is read and kept, and each batch
 * takes its rows from there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "src/fdw/read/asked.h"
#include "src/fdw/read/batches.h"
#include "src/fdw/read/pager.h"

struct RegdocsBatches
{
	RegdocsKnown *answers;
	RegdocsSource *source;
	const RegdocsScanPlan *plan;
	const RdapiResource *resource;

	/* The key, and what else is asked for */
	const RegdocsAsk *key;
	int			key_attribute;	/* attnum - 1 of its column */
	Oid			key_type;		/* of the column, no domain */
	List	   *key_exprs;
	List	   *other_asks;
	List	   *other_exprs;

	/* Of the others, the values with which the answers were asked for */
	RegdocsAsked *others;		/* NULL: nothing was asked for */
	MemoryContext others_context;
	MemoryContext spare_context;	/* empty */

	/* What is handed out */
	MemoryContext seek_context; /* reset for each */
	const RegdocsValues *values;
	int			next_value;
	TupleTableSlot *answer_slot;

	/* The whole list, once the keys are too many */
	Tuplestorestate *list;		/* NULL: not read */

	TupleTableSlot *row_slot;	/* for virtual tuples */
	MemoryContext row_context;	/* reset for each row of an answer */
	MemoryContext context;		/* everything here, this struct too */
};

/* The column in which the key's field is converted: its condition uses one. */
static AttrNumber
key_column(const RegdocsScanPlan *plan, const RegdocsColumns *columns,
		   int field)
{
	ListCell   *cell;

	foreach(cell, plan->wanted)
	{
		if (columns->fields[lfirst_int(cell) - 1] == field)
			return lfirst_int(cell);
	}
	elog(ERROR, "the key of a join is in no column");
}

/*
 * The look-ahead's, BORROWED until the scan ends.  The parameter is to be read
 * when the scan begins, and not later: EvalPlanQual sets parameters again to
 * what they are in the statement around it.
 */
static RegdocsKnown *
meet_lookahead(const ForeignScanState *node, const RegdocsScanPlan *plan)
{
	const ParamExecData *params = node->ss.ps.state->es_param_exec_vals;
	Datum		answers = params[plan->batch_param].value;

	return (RegdocsKnown *) DatumGetPointer(answers);
}

RegdocsBatches *
regdocs_batches_new(const ForeignScanState *node, RegdocsSource *source,
					const RegdocsScanPlan *plan,
					const RegdocsColumns *columns, const List *exprs)
{
	RegdocsBatches *batches = palloc0(sizeof(RegdocsBatches));
	TupleDesc	desc = node->ss.ss_ScanTupleSlot->tts_tupleDescriptor;
	int			n;

	batches->answers = meet_lookahead(node, plan);
	batches->source = source;
	batches->plan = plan;
	batches->resource = columns->resource;
	batches->key = llast(plan->asks);
	batches->key_attribute = key_column(plan, columns,
										batches->key->field) - 1;
	batches->key_type =
		getBaseType(TupleDescAttr(desc, batches->key_attribute)->atttypid);
	n = list_length(exprs) - list_length(batches->key->arrays);
	batches->key_exprs = list_copy_tail(exprs, n);
	batches->other_exprs = list_copy_head(exprs, n);
	batches->other_asks = list_copy_head(plan->asks,
										 list_length(plan->asks) - 1);
	batches->answer_slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	batches->row_slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
	batches->context = CurrentMemoryContext;
	batches->others_context = AllocSetContextCreate(CurrentMemoryContext,
													"regdocs_fdw asked",
													ALLOCSET_SMALL_SIZES);
	batches->spare_context = AllocSetContextCreate(CurrentMemoryContext,
												   "regdocs_fdw asked",
												   ALLOCSET_SMALL_SIZES);
	batches->seek_context = AllocSetContextCreate(CurrentMemoryContext,
												  "regdocs_fdw key",
												  ALLOCSET_SMALL_SIZES);
	batches->row_context = AllocSetContextCreate(CurrentMemoryContext,
												 "regdocs_fdw row",
												 ALLOCSET_DEFAULT_SIZES);
	return batches;
}

/* ---- Asking for what is missing ---- */

/* Add the row in row_slot's arrays to the answer that it belongs to. */
static void
add_row(RegdocsBatches *batches)
{
	TupleTableSlot *slot = batches->row_slot;
	int			attribute = batches->key_attribute;
	const char *key = slot->tts_isnull[attribute] ? NULL :
	regdocs_asked_text(slot->tts_values[attribute], batches->key_type);

	ExecStoreVirtualTuple(slot);
	if (key != NULL)
		regdocs_known_add(batches->answers, key, slot);
}

/* Read all that "asked" has, into the list or the answers. */
static void
read_all(RegdocsBatches *batches, const RegdocsAsked *asked)
{
	TupleTableSlot *slot = batches->row_slot;
	MemoryContext old_context;

	regdocs_source_ask(batches->source, asked, REGDOCS_PAGER_ALL);
	old_context = MemoryContextSwitchTo(batches->row_context);
	ExecClearTuple(slot);
	while (regdocs_source_next(batches->source, slot->tts_values,
							   slot->tts_isnull))
	{
		if (batches->list != NULL)
			tuplestore_putvalues(batches->list, slot->tts_tupleDescriptor,
								 slot->tts_values, slot->tts_isnull);
		else
			add_row(batches);
		ExecClearTuple(slot);
		MemoryContextReset(batches->row_context);
	}
	MemoryContextSwitchTo(old_context);
}

static void
read_list(RegdocsBatches *batches)
{
	MemoryContext old_context = MemoryContextSwitchTo(batches->context);

	batches->list = tuplestore_begin_heap(false, false, work_mem);
	MemoryContextSwitchTo(old_context);
	read_all(batches, batches->others);
}

/* Take the rows of the batch from the list. */
static void
take_from_list(RegdocsBatches *batches)
{
	TupleTableSlot *kept = batches->answer_slot;
	TupleTableSlot *slot = batches->row_slot;
	Size		natts = slot->tts_tupleDescriptor->natts;
	MemoryContext old_context = MemoryContextSwitchTo(batches->context);

	tuplestore_rescan(batches->list);
	while (tuplestore_gettupleslot(batches->list, true, false, kept))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(kept);
		ExecClearTuple(slot);
		memcpy(slot->tts_values, kept->tts_values, sizeof(Datum) * natts);
		memcpy(slot->tts_isnull, kept->tts_isnull, sizeof(bool) * natts);
		MemoryContextSwitchTo(batches->row_context);
		add_row(batches);
		MemoryContextSwitchTo(batches->context);
		MemoryContextReset(batches->row_context);
	}
	ExecClearTuple(slot);
	ExecClearTuple(kept);
	MemoryContextSwitchTo(old_context);
}

/*
 * Is the list to be read in the place of those of the key's values?  Where one
 * of them cannot be sent, it has to be; and where they have cost as much.  Sids
 * are the source's business; and the list of all children is nothing but the
 * lists of their parents.
 */
static bool
needs_list(const RegdocsBatches *batches)
{
	double		pages = regdocs_source_usage(batches->source).pages;

	if (batches->key->field == batches->resource->sid_field ||
		batches->key->field == batches->resource->parent_field)
		return false;
	return !regdocs_known_can_send(batches->answers) ||
		pages / batches->plan->concurrency >= batches->plan->walk_after;
}

/* Get the answers of the batch that are not known. */
static void
ask_missing(RegdocsBatches *batches)
{
	RegdocsValues *missing = regdocs_known_missing(batches->answers);

	if (batches->list == NULL && needs_list(batches))
		read_list(batches);
	if (batches->list != NULL)
		take_from_list(batches);
	else
	{
		MemoryContext old_context =
		MemoryContextSwitchTo(batches->seek_context);
		RegdocsAsked *asked = palloc(sizeof(RegdocsAsked));

		*asked = *batches->others;
		asked->conditions = palloc(sizeof(RdapiCondition) *
								   (asked->nconditions + 1));
		memcpy(asked->conditions, batches->others->conditions,
			   sizeof(RdapiCondition) * asked->nconditions);
		regdocs_asked_add(asked, batches->key, missing, batches->resource);
		MemoryContextSwitchTo(old_context);
		read_all(batches, asked);
	}
	regdocs_known_complete(batches->answers, missing);
}

/* ---- Handing out ---- */

/*
 * Evaluate what is asked besides the key.  If that is not the same as before,
 * what is known has been asked for in vain.
 */
static void
refresh_others(RegdocsBatches *batches, ExprContext *econtext)
{
	MemoryContext old_context = MemoryContextSwitchTo(batches->spare_context);
	RegdocsAsked *others = regdocs_asked_evaluate(batches->other_asks,
												  batches->other_exprs,
												  econtext,
												  batches->resource);

	MemoryContextSwitchTo(old_context);
	if (batches->others != NULL &&
		regdocs_asked_equal(others, batches->others))
	{
		MemoryContextReset(batches->spare_context);
		return;
	}
	if (batches->others != NULL)
		regdocs_known_clear(batches->answers);
	if (batches->list != NULL)
		tuplestore_end(batches->list);
	batches->list = NULL;
	batches->others = others;
	MemoryContextReset(batches->others_context);
	old_context = batches->others_context;
	batches->others_context = batches->spare_context;
	batches->spare_context = old_context;
}

void
regdocs_batches_seek(RegdocsBatches *batches, ExprContext *econtext)
{
	MemoryContext old_context;
	bool		missing = false;
	bool		can_send;
	int			i;

	ExecClearTuple(batches->answer_slot);
	if (batches->others == NULL || batches->other_asks != NIL)
		refresh_others(batches, econtext);
	MemoryContextReset(batches->seek_context);
	old_context = MemoryContextSwitchTo(batches->seek_context);
	batches->values = regdocs_asked_values(batches->key, batches->key_exprs,
										   econtext, batches->resource,
										   &can_send);
	MemoryContextSwitchTo(old_context);
	batches->next_value = batches->others->nothing ?
		batches->values->nvalues : 0;
	for (i = batches->next_value; i < batches->values->nvalues; i++)
	{
		const char *value = batches->values->values[i];

		if (regdocs_known_has(batches->answers, value))
			continue;
		(void) regdocs_known_expect(batches->answers, value, can_send);
		missing = true;
	}
	if (missing)
		ask_missing(batches);

	/* Nothing is read yet. */
	regdocs_known_seek(batches->answers, NULL);
}

bool
regdocs_batches_next(RegdocsBatches *batches, TupleTableSlot *slot)
{
	TupleTableSlot *answer = batches->answer_slot;
	Size		natts = slot->tts_tupleDescriptor->natts;

	while (!regdocs_known_next(batches->answers, answer))
	{
		if (batches->next_value >= batches->values->nvalues)
			return false;
		regdocs_known_seek(batches->answers,
						   batches->values->values[batches->next_value++]);
	}
	slot_getallattrs(answer);
	memcpy(slot->tts_values, answer->tts_values, sizeof(Datum) * natts);
	memcpy(slot->tts_isnull, answer->tts_isnull, sizeof(bool) * natts);
	return true;
}

void
regdocs_batches_end(RegdocsBatches *batches)
{
	if (batches->list != NULL)
		tuplestore_end(batches->list);
	ExecDropSingleTupleTableSlot(batches->answer_slot);
	ExecDropSingleTupleTableSlot(batches->row_slot);
}
