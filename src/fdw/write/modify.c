/*-------------------------------------------------------------------------
 *
 * modify.c
 *	  Executing writes: FDW callbacks.
 *
 * A row is written in one of three ways.  Creates are sent as the rows come,
 * several at a time.  Changes and deletions are held until all rows have been
 * read, so that no row is met twice or missed because of the statement's own
 * writes; so are creates, where functions may read what was created.  Where
 * something looks at each row as it is written (RETURNING, row triggers, WITH
 * CHECK OPTION), it is sent and its answer awaited.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "executor/executor.h"
#include "foreign/foreign.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "src/fdw/base/report.h"
#include "src/fdw/write/modify.h"
#include "src/fdw/write/modify_plan.h"
#include "src/fdw/write/modify_begin.h"
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

/*
 * What waits for the commit would be overtaken by what is sent now: a write to
 * the same object, or to one below it, as items are of a bundle.
 */
static void
refuse_overtaking(const RdapiResource *resource, const char *sid)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot write to %s %s at once", resource->noun, sid),
			 errdetail("An earlier write to it, in the same transaction, waits for the commit."),
			 errhint("Commit before, or write to it with the same \"write_mode\"."),
			 REGDOCS_KEEP_OUT_OF_LOG));
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

/* Fill the slot with what the API answered. */
static void
store_answer(RegdocsModify *modify, TupleTableSlot *slot)
{
	ExecClearTuple(slot);
	(void) regdocs_row_read(modify->reader, regdocs_queue_answer(modify->queue),
							0, slot->tts_values, slot->tts_isnull);
	ExecStoreVirtualTuple(slot);
	/* The values lie in memory that is reset with the next row. */
	ExecMaterializeSlot(slot);
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
 * The request that creates the row.  What is created below an object is a write
 * to that as well.
 */
static RdapiRequest *
make_create(RegdocsModify *modify, TupleTableSlot *slot)
{
	RdapiRequest *request = regdocs_form_create(modify->form, slot);
	const char *parent_sid = rdapi_request_parent_sid(request);

	if (!modify->at_commit && parent_sid != NULL &&
		regdocs_xact_is_queued(parent_sid))
	{
		parent_sid = pstrdup(parent_sid);
		rdapi_request_free(request);
		refuse_overtaking(modify->columns->resource->parent, parent_sid);
	}
	return request;
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
		const char *account;

		MemoryContextReset(modify->row_context);
		modify->last_row.row++;
		regdocs_queue_add(modify->queue, make_create(modify, slots[i]), NULL,
						  &modify->last_row);
		account = regdocs_form_named_account(modify->form);
		if (account != NULL)
			regdocs_queue_expect_account(modify->queue, account);
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
		ErrorData  *error;

		/* Answers may be read that raise, and hold back, errors of theirs. */
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		if (ERRCODE_TO_CATEGORY(error->sqlerrcode) !=
			ERRCODE_OPERATOR_INTERVENTION)
			regdocs_writer_settle(modify->writer);
		ReThrowError(error);
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
	if (modify->reader != NULL && *nslots == 1)
		store_answer(modify, slots[0]);
	MemoryContextSwitchTo(old_context);
	return slots;
}

TupleTableSlot *
regdocsExecForeignInsert(EState *estate, ResultRelInfo *rinfo,
						 TupleTableSlot *slot, TupleTableSlot *plan_slot)
{
	int			nslots = 1;

	return *regdocsExecForeignBatchInsert(estate, rinfo, &slot, &plan_slot,
										  &nslots);
}

/* ---- Updating and deleting ---- */

/* A key of the row to be written, palloc'd. */
static char *
read_key(RegdocsModify *modify, RegdocsJunkKey *key,
		 TupleTableSlot *plan_slot)
{
	bool		isnull;
	Datum		datum = ExecGetJunkAttribute(plan_slot, key->attnum, &isnull);
	char	   *sid;
	int			length;

	sid = isnull ? pstrdup("") : OutputFunctionCall(&key->output, datum);
	/* Type char(n) has blanks behind it. */
	length = bpchartruelen(sid, strlen(sid));
	sid[length] = '\0';
	if (!rdapi_sid_is_valid(key->prefix, sid, length))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("cannot write to a row of foreign table \"%s\" that has no valid sid",
						RelationGetRelationName(modify->rel))));
	return sid;
}

/* Which object the row is; palloc'd. */
static RegdocsIdentity
read_identity(RegdocsModify *modify, TupleTableSlot *plan_slot)
{
	RegdocsIdentity row = {0};

	row.sid = read_key(modify, &modify->sid_junk, plan_slot);
	if (AttributeNumberIsValid(modify->parent_junk.attnum))
		row.parent_sid = read_key(modify, &modify->parent_junk, plan_slot);
	return row;
}

/*
 * May the row be written to?  Not if the statement has done so before, or if
 * the object is deleted in the same statement or, where that waits, in the
 * same transaction: then there is no such row.
 */
static bool
is_there_to_write(RegdocsModify *modify, const RegdocsIdentity *row)
{
	const RdapiResource *resource = modify->columns->resource;
	bool		found;

	(void) hash_search(modify->written, row->sid, HASH_ENTER, &found);
	if (found || regdocs_queue_deletes(modify->queue, row->sid))
		return false;
	if (modify->at_commit)
		return true;
	if (regdocs_xact_is_queued(row->sid))
		refuse_overtaking(resource, row->sid);
	if (row->parent_sid != NULL && regdocs_xact_is_queued(row->parent_sid))
		refuse_overtaking(resource->parent, row->parent_sid);
	return true;
}

/* The row as it was read.  false: the plan does not have it. */
static bool
get_old_row(RegdocsModify *modify, TupleTableSlot *plan_slot,
			HeapTupleData *tuple)
{
	Datum		datum;
	bool		isnull;

	if (!AttributeNumberIsValid(modify->row_junk))
		return false;
	datum = ExecGetJunkAttribute(plan_slot, modify->row_junk, &isnull);
	if (isnull)
		elog(ERROR, "the junk column with the old row is null");
	tuple->t_data = DatumGetHeapTupleHeader(datum);
	tuple->t_len = HeapTupleHeaderGetDatumLength(tuple->t_data);
	ItemPointerSetInvalid(&tuple->t_self);
	tuple->t_tableOid = RelationGetRelid(modify->rel);
	return true;
}

static RdapiRequest *
make_update(RegdocsModify *modify, const RegdocsIdentity *row,
			TupleTableSlot *slot, TupleTableSlot *plan_slot)
{
	HeapTupleData tuple;
	bool		all;

	if (!get_old_row(modify, plan_slot, &tuple))
		elog(ERROR, "could not find the junk column with the old row");
	heap_deform_tuple(&tuple, RelationGetDescr(modify->rel),
					  modify->old_values, modify->old_nulls);

	/*
	 * Behind a change that waits for the commit, what was read is not what
	 * the object will be when this one is sent.
	 */
	all = modify->at_commit && regdocs_queue_has(modify->queue, row->sid);
	return regdocs_form_update(modify->form, row, modify->old_values,
							   modify->old_nulls, slot, modify->targets, all);
}

TupleTableSlot *
regdocsExecForeignUpdate(EState *estate, ResultRelInfo *rinfo,
						 TupleTableSlot *slot, TupleTableSlot *plan_slot)
{
	RegdocsModify *modify = rinfo->ri_FdwState;
	MemoryContext old_context;
	RdapiRequest *request;
	RegdocsIdentity row;

	MemoryContextReset(modify->row_context);
	old_context = MemoryContextSwitchTo(modify->row_context);
	row = read_identity(modify, plan_slot);
	if (!is_there_to_write(modify, &row))
	{
		MemoryContextSwitchTo(old_context);
		return NULL;
	}
	request = make_update(modify, &row, slot, plan_slot);
	if (request != NULL)
	{
		regdocs_queue_add(modify->queue, request, row.sid, NULL);
		send(modify);
		if (modify->reader != NULL)
			store_answer(modify, slot);
	}
	MemoryContextSwitchTo(old_context);
	return slot;
}

TupleTableSlot *
regdocsExecForeignDelete(EState *estate, ResultRelInfo *rinfo,
						 TupleTableSlot *slot, TupleTableSlot *plan_slot)
{
	RegdocsModify *modify = rinfo->ri_FdwState;
	MemoryContext old_context;
	HeapTupleData tuple;
	RegdocsIdentity row;

	MemoryContextReset(modify->row_context);
	old_context = MemoryContextSwitchTo(modify->row_context);
	row = read_identity(modify, plan_slot);
	if (!is_there_to_write(modify, &row))
	{
		MemoryContextSwitchTo(old_context);
		return NULL;
	}
	regdocs_queue_add(modify->queue, regdocs_form_delete(modify->form, &row),
					  row.sid, NULL);
	send(modify);
	if (get_old_row(modify, plan_slot, &tuple))
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
