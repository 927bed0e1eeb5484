/*-------------------------------------------------------------------------
 *
 * modify_row.c
 *	  One row to be written: from the plan into the queue, and from the answer
 *	  back into a row.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/rel.h"

#include "src/fdw/base/report.h"
#include "src/fdw/write/modify_add.h"
#include "src/fdw/write/modify_row.h"
#include "src/fdw/write/xact.h"

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

/* Have what was queued not go to another account; NULL: it is not known. */
static void
expect_account(RegdocsModify *modify, const char *account)
{
	if (account != NULL)
		regdocs_queue_expect_account(modify->queue, account);
}

void
regdocs_modify_add_create(RegdocsModify *modify, TupleTableSlot *slot)
{
	modify->last_row.row++;
	regdocs_modify_add(modify, make_create(modify, slot), NULL, NULL);
	expect_account(modify, regdocs_form_named_account(modify->form));
}

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

bool
regdocs_modify_old_row(RegdocsModify *modify, TupleTableSlot *plan_slot,
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

/*
 * The row as far as the plan has read it, as JSON, palloc'd; its values are in
 * old_values then.
 */
static char *
describe_old_row(RegdocsModify *modify, TupleTableSlot *plan_slot)
{
	TupleDesc	desc = RelationGetDescr(modify->rel);
	HeapTupleData tuple;
	int			i;

	if (regdocs_modify_old_row(modify, plan_slot, &tuple))
	{
		heap_deform_tuple(&tuple, desc, modify->old_values,
						  modify->old_nulls);
		return regdocs_image_of_row(modify->image, modify->old_values,
									modify->old_nulls, NULL);
	}
	for (i = 0; i < desc->natts; i++)
	{
		modify->old_known[i] = modify->column_junk[i] != 0;
		if (modify->old_known[i])
			modify->old_values[i] =
				ExecGetJunkAttribute(plan_slot, modify->column_junk[i],
									 &modify->old_nulls[i]);
	}
	return regdocs_image_of_row(modify->image, modify->old_values,
								modify->old_nulls, modify->old_known);
}

/* The old row must have been described. */
static RdapiRequest *
make_update(RegdocsModify *modify, const RegdocsIdentity *row,
			TupleTableSlot *slot, TupleTableSlot *plan_slot)
{
	bool		all;

	if (!AttributeNumberIsValid(modify->row_junk))
		elog(ERROR, "could not find the junk column with the old row");

	/*
	 * Behind a change that waits for the commit, what was read is not what
	 * the object will be when this one is sent.
	 */
	all = modify->at_commit && regdocs_queue_has(modify->queue, row->sid);
	return regdocs_form_update(modify->form, row, modify->old_values,
							   modify->old_nulls, slot, modify->targets, all);
}

RegdocsRowFate
regdocs_modify_add_update(RegdocsModify *modify, TupleTableSlot *slot,
						  TupleTableSlot *plan_slot)
{
	RegdocsIdentity row = read_identity(modify, plan_slot);
	RdapiRequest *request;
	const char *old;

	if (!is_there_to_write(modify, &row))
		return REGDOCS_ROW_GONE;
	old = describe_old_row(modify, plan_slot);
	request = make_update(modify, &row, slot, plan_slot);
	if (request == NULL)
		return REGDOCS_ROW_UNCHANGED;
	regdocs_modify_add(modify, request, row.sid, old);
	expect_account(modify, regdocs_form_account(modify->form));
	return REGDOCS_ROW_QUEUED;
}

RegdocsRowFate
regdocs_modify_add_delete(RegdocsModify *modify, TupleTableSlot *plan_slot)
{
	RegdocsIdentity row = read_identity(modify, plan_slot);

	if (!is_there_to_write(modify, &row))
		return REGDOCS_ROW_GONE;
	regdocs_modify_add(modify, regdocs_form_delete(modify->form, &row),
					   row.sid, describe_old_row(modify, plan_slot));
	/* To another account it would be gone, and count as deleted. */
	expect_account(modify, regdocs_form_account(modify->form));
	return REGDOCS_ROW_QUEUED;
}

void
regdocs_modify_store_answer(RegdocsModify *modify, TupleTableSlot *slot)
{
	RegdocsPage *page =
	regdocs_answers_take(regdocs_queue_answers(modify->queue));

	ExecClearTuple(slot);
	(void) regdocs_row_read(modify->reader, page, 0, slot->tts_values,
							slot->tts_isnull);
	ExecStoreVirtualTuple(slot);
	/* The values lie in memory that is reset with the next row. */
	ExecMaterializeSlot(slot);
}

void
regdocs_modify_settle_and_rethrow(RegdocsModify *modify,
								  MemoryContext context)
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
