/*-------------------------------------------------------------------------
 *
 * modify_begin.c
 *	  What writing to a foreign table has to know, and how its rows are to be
 *	  written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/trigger.h"
#include "executor/executor.h"
#include "foreign/foreign.h"
#include "nodes/plannodes.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/base/early.h"
#include "src/fdw/base/report.h"
#include "src/fdw/write/modify_plan.h"
#include "src/fdw/write/modify_begin.h"
#include "src/fdw/write/xact.h"

bool
regdocs_modify_has_row_triggers(const ResultRelInfo *rinfo, CmdType operation)
{
	const TriggerDesc *triggers = rinfo->ri_TrigDesc;

	if (triggers == NULL)
		return false;
	switch (operation)
	{
		case CMD_INSERT:
			return triggers->trig_insert_before_row ||
				triggers->trig_insert_after_row;
		case CMD_UPDATE:
			return triggers->trig_update_before_row ||
				triggers->trig_update_after_row;
		default:
			return triggers->trig_delete_before_row ||
				triggers->trig_delete_after_row;
	}
}

/*
 * Does a statement trigger fire before ExecutorFinish has had a chance to
 * send what is queued?  So it is for statements in WITH, and for COPY.
 */
static bool
has_early_trigger(const ModifyTableState *mtstate, const ResultRelInfo *rinfo,
				  CmdType operation)
{
	const ResultRelInfo *root = rinfo->ri_RootResultRelInfo != NULL ?
	rinfo->ri_RootResultRelInfo : rinfo;
	const TriggerDesc *triggers = root->ri_TrigDesc;
	const PlannedStmt *statement = mtstate->ps.state->es_plannedstmt;

	if (triggers == NULL ||
		(mtstate->ps.plan != NULL && !statement->hasModifyingCTE))
		return false;
	return operation == CMD_INSERT ? triggers->trig_insert_after_statement :
		operation == CMD_UPDATE ? triggers->trig_update_after_statement :
		triggers->trig_delete_after_statement;
}

/*
 * May functions that are executed with the statement read what it writes?
 * Those that come with PostgreSQL do not, and are not listed.
 */
static bool
calls_functions(const EState *estate)
{
	ListCell   *cell;

	foreach(cell, estate->es_plannedstmt->invalItems)
	{
		if (lfirst_node(PlanInvalItem, cell)->cacheId == PROCOID)
			return true;
	}
	return false;
}

/*
 * Core refuses it too, but when the first rows have been written.
 */
static void
check_transition_tables(const ModifyTableState *mtstate, CmdType operation)
{
	const TransitionCaptureState *capture = mtstate->mt_transition_capture;

	if (capture == NULL ||
		!(operation == CMD_INSERT ? capture->tcs_insert_new_table :
		  operation == CMD_DELETE ? capture->tcs_delete_old_table :
		  capture->tcs_update_old_table || capture->tcs_update_new_table))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot collect transition tuples from child foreign tables"),
			 errhint("Drop the transition tables of the parent's triggers, or write to its other partitions by their own names."),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

/*
 * Does what is written wait for the commit, or is it not sent at all?  Then
 * there is no choice.
 */
static bool
is_put_off(RegdocsModify *modify, bool returning)
{
	if (returning)
		regdocs_modify_check_returning(modify->rel, modify->table);
	modify->at_commit = modify->table->write_mode == REGDOCS_WRITE_AT_COMMIT;
	modify->held = modify->at_commit || modify->dry_run != NULL;
	return modify->held;
}

/* A reader of all columns, of what the API answers. */
static void
read_answers(RegdocsModify *modify)
{
	Bitmapset  *wanted = NULL;
	int			i;

	for (i = 0; i < modify->columns->natts; i++)
	{
		if (modify->columns->fields[i] != REGDOCS_FIELD_NONE)
			wanted = bms_add_member(wanted, i + 1);
	}

	/* A row that was written is not left out of what it returns. */
	modify->reader = regdocs_row_reader_new(modify->rel, modify->columns,
											wanted,
											modify->table->on_error ==
											REGDOCS_ON_ERROR_SET_NULL ?
											REGDOCS_ON_ERROR_SET_NULL :
											REGDOCS_ON_ERROR_STOP);
	regdocs_row_expect_bound(modify->reader,
							 regdocs_bound_new(modify->rel, modify->columns));
}

/* Decide how rows are written, and whether answers are looked at. */
static void
choose_way(RegdocsModify *modify, const ModifyTableState *mtstate,
		   const ResultRelInfo *rinfo)
{
	const ModifyTable *plan = (const ModifyTable *) mtstate->ps.plan;
	EState	   *estate = mtstate->ps.state;
	bool		returning = plan != NULL && plan->returningLists != NIL;
	bool		checks = plan != NULL && plan->withCheckOptionLists != NIL;
	bool		row_triggers =
	regdocs_modify_has_row_triggers(rinfo, modify->operation);

	if (is_put_off(modify, returning))
		return;
	modify->awaited = returning || checks || row_triggers ||
		has_early_trigger(mtstate, rinfo, modify->operation);
	modify->held = !modify->awaited &&
		(modify->operation != CMD_INSERT ||
		 (plan != NULL && calls_functions(estate)) ||
		 regdocs_early_is_too_early(estate));
	if (modify->operation != CMD_DELETE &&
		(returning || checks || row_triggers))
		read_answers(modify);
}

/* The same for direct writes, which return rows. */
static void
choose_direct_way(RegdocsModify *modify, const EState *estate)
{
	if (is_put_off(modify, true))
		return;
	modify->held = calls_functions(estate) ||
		regdocs_early_is_too_early(estate);
	if (modify->operation != CMD_DELETE)
		read_answers(modify);
}

/* Where the plan has the key that is in that field. */
static void
find_key(RegdocsModify *modify, const List *targets, int field,
		 const RdapiResource *resource, RegdocsJunkKey *key)
{
	AttrNumber	attnum = 1;
	Oid			function;
	bool		is_varlena;

	while (modify->columns->fields[attnum - 1] != field)
		attnum++;
	key->attnum =
		ExecFindJunkAttributeInTlist((List *) targets,
									 regdocs_modify_junk_name(attnum));
	if (!AttributeNumberIsValid(key->attnum))
		elog(ERROR, "could not find the junk column with a key");
	getTypeOutputInfo(TupleDescAttr(RelationGetDescr(modify->rel),
									attnum - 1)->atttypid,
					  &function, &is_varlena);
	fmgr_info(function, &key->output);
	key->prefix = resource->sid_prefix;
}

/* Where the plan has the keys and the old row of what is to be written. */
static void
find_junk(RegdocsModify *modify, const Plan *plan)
{
	List	   *targets = plan->targetlist;
	TupleDesc	desc = RelationGetDescr(modify->rel);
	const RdapiResource *resource = modify->columns->resource;
	HASHCTL		control = {0};
	AttrNumber	attnum;

	find_key(modify, targets, resource->sid_field, resource,
			 &modify->sid_junk);
	if (resource->parent != NULL)
		find_key(modify, targets, resource->parent_field, resource->parent,
				 &modify->parent_junk);
	modify->row_junk =
		ExecFindJunkAttributeInTlist(targets, REGDOCS_WHOLE_ROW_NAME);
	modify->column_junk = palloc0(sizeof(AttrNumber) * desc->natts);
	for (attnum = 1; attnum <= desc->natts; attnum++)
		modify->column_junk[attnum - 1] =
			ExecFindJunkAttributeInTlist(targets,
										 regdocs_modify_junk_name(attnum));
	modify->old_values = palloc(sizeof(Datum) * desc->natts);
	modify->old_nulls = palloc(sizeof(bool) * desc->natts);
	modify->old_known = palloc(sizeof(bool) * desc->natts);

	control.keysize = RDAPI_SID_BYTES;
	control.entrysize = RDAPI_SID_BYTES;
	control.hcxt = CurrentMemoryContext;
	modify->written = hash_create("regdocs_fdw sids written", 64, &control,
								  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Opens the queue, and makes the form of what is put into it. */
static void
open_queue(RegdocsModify *modify, EState *estate, ResultRelInfo *rinfo,
		   Oid serverid)
{
	Oid			userid = regdocs_modify_user(rinfo, estate);
	const RdapiResource *resource = modify->table->resource;

	char		account[RDAPI_SID_BYTES + 1];

	if (modify->operation != CMD_INSERT)
		modify->image = regdocs_image_new(modify->rel, modify->columns,
										  userid);
	if (modify->at_commit)
	{
		/* That there is a credential is better known now. */
		RegdocsConnection *connection = regdocs_connection_acquire(userid,
																   serverid);

		strlcpy(account, regdocs_connection_account_sid(connection),
				sizeof(account));
		regdocs_connection_release(connection);
		modify->queue =
			regdocs_writer_shared_queue(regdocs_xact_commit_writer(), userid,
										serverid, resource);
	}
	else
	{
		modify->queue =
			regdocs_writer_queue(modify->writer, userid, serverid, resource,
								 modify->reader == NULL ? 0 :
								 regdocs_row_fields(modify->reader));
		strlcpy(account, regdocs_queue_account(modify->queue),
				sizeof(account));
	}
	modify->form = regdocs_form_new(modify->rel, modify->columns, account);
	modify->last_row.relid = RelationGetRelid(modify->rel);
	if (modify->at_commit)
		modify->last_row.statement = regdocs_xact_waiting_number(estate);
}

/* What both ways to write have in common: all but how, and to which queue. */
static RegdocsModify *
begin(EState *estate, ResultRelInfo *rinfo, CmdType operation, List *targets)
{
	Relation	rel = rinfo->ri_RelationDesc;
	ForeignTable *table = GetForeignTable(RelationGetRelid(rel));
	MemoryContext context = AllocSetContextCreate(estate->es_query_cxt,
												  "regdocs_fdw modify",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(context);
	RegdocsModify *modify = palloc0(sizeof(RegdocsModify));
	ListCell   *cell;

	modify->context = context;
	modify->serverid = table->serverid;
	modify->writer = regdocs_xact_open(estate);
	modify->rel = rel;
	modify->operation = operation;
	modify->table = regdocs_table_options(table,
										  GetForeignServer(table->serverid));
	modify->columns = regdocs_columns_resolve(rel, modify->table->resource);
	modify->dry_run = regdocs_writer_dry_run(modify->writer);
	if (modify->dry_run != NULL)
		regdocs_dry_run_expect(modify->dry_run, modify->serverid,
							   modify->table->resource);
	foreach(cell, targets)
		modify->targets = bms_add_member(modify->targets, lfirst_int(cell));
	modify->row_context = AllocSetContextCreate(context,
												"regdocs_fdw written rows",
												ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(old_context);
	return modify;
}

RegdocsModify *
regdocs_modify_begin(ModifyTableState *mtstate, ResultRelInfo *rinfo,
					 CmdType operation, List *targets)
{
	EState	   *estate = mtstate->ps.state;
	RegdocsModify *modify = begin(estate, rinfo, operation, targets);
	MemoryContext old_context = MemoryContextSwitchTo(modify->context);

	check_transition_tables(mtstate, operation);
	choose_way(modify, mtstate, rinfo);
	if (operation != CMD_INSERT)
		find_junk(modify, outerPlanState(mtstate)->plan);
	open_queue(modify, estate, rinfo, modify->serverid);
	if (modify->reader != NULL)
		regdocs_queue_keep_answers(modify->queue);
	MemoryContextSwitchTo(old_context);
	return modify;
}

RegdocsModify *
regdocs_modify_begin_direct(EState *estate, ResultRelInfo *rinfo,
							CmdType operation, List *targets,
							const Plan *plan)
{
	RegdocsModify *modify = begin(estate, rinfo, operation, targets);
	MemoryContext old_context = MemoryContextSwitchTo(modify->context);

	choose_direct_way(modify, estate);
	if (operation != CMD_INSERT)
		find_junk(modify, plan);
	open_queue(modify, estate, rinfo, modify->serverid);
	regdocs_queue_keep_answers(modify->queue);
	MemoryContextSwitchTo(old_context);
	return modify;
}
