/*-------------------------------------------------------------------------
 *
 * modify_plan.c
 *	  Planning writes: FDW callbacks.
 *
 * What can be known to be refused is refused here, before a request is sent
 * for the rows that were to be written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "foreign/foreign.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/appendinfo.h"
#include "optimizer/inherit.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "parser/parsetree.h"
#include "utils/rel.h"

#include "src/fdw/base/options.h"
#include "src/fdw/base/report.h"
#include "src/fdw/row/columns.h"
#include "src/fdw/write/form.h"
#include "src/fdw/write/modify_plan.h"

static RegdocsTableOptions *
options_of(Relation rel)
{
	ForeignTable *table = GetForeignTable(RelationGetRelid(rel));

	return regdocs_table_options(table, GetForeignServer(table->serverid));
}

/* Column that shows the field; 0: none does.  Raises no error for others. */
static AttrNumber
find_column(Relation rel, const RdapiField *field)
{
	TupleDesc	desc = RelationGetDescr(rel);
	int			i;

	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		const char *name;

		if (att->attisdropped)
			continue;
		name = regdocs_column_name_option(RelationGetRelid(rel), att->attnum);
		if (name == NULL)
			name = NameStr(att->attname);
		if (strcmp(name, field->name) == 0)
			return att->attnum;
	}
	return 0;
}

/* Columns with all that a path to one object needs. */
typedef struct KeyColumns
{
	AttrNumber	sid;			/* 0: there is none */
	AttrNumber	parent;			/* 0: there is none, or no need of it */
	const RdapiField *missing;	/* NULL: all are there */
} KeyColumns;

static KeyColumns
find_keys(Relation rel, const RdapiResource *resource)
{
	KeyColumns	keys = {0};
	const RdapiField *field = &resource->fields[resource->sid_field];

	keys.sid = find_column(rel, field);
	if (keys.sid == 0)
		keys.missing = field;
	if (resource->parent == NULL)
		return keys;
	field = &resource->fields[resource->parent_field];
	keys.parent = find_column(rel, field);
	if (keys.parent == 0)
		keys.missing = field;
	return keys;
}

/* What the API has to be able to do. */
static unsigned
operation_of(CmdType operation)
{
	return operation == CMD_INSERT ? RDAPI_CAN_CREATE :
		operation == CMD_UPDATE ? RDAPI_CAN_UPDATE : RDAPI_CAN_DELETE;
}

/*
 * Which commands make sense.  Asked by information_schema for all tables at
 * once, so a table that is set up wrongly must not raise an error.
 */
int
regdocsIsForeignRelUpdatable(Relation rel)
{
	RegdocsTableOptions *options = options_of(rel);
	const RdapiResource *resource = options->resource;
	bool		has_keys = find_keys(rel, resource).missing == NULL;
	int			commands = 0;
	int			i;

	if (!options->updatable)
		return 0;
	if (rdapi_resource_can(resource, RDAPI_CAN_CREATE))
		commands |= 1 << CMD_INSERT;
	if (has_keys && rdapi_resource_can(resource, RDAPI_CAN_DELETE))
		commands |= 1 << CMD_DELETE;
	for (i = 0; i < resource->nfields; i++)
	{
		const RdapiField *field = &resource->fields[i];
		bool		shown = find_column(rel, field) != 0;

		if ((field->flags & RDAPI_FIELD_REQUIRED) && !shown)
			commands &= ~(1 << CMD_INSERT);
		if ((field->flags & RDAPI_FIELD_UPDATE) && shown && has_keys)
			commands |= 1 << CMD_UPDATE;
	}
	return commands;
}

/* What the API cannot do with a resource is refused as any missing feature. */
static void
check_operation(Relation rel, const RdapiResource *resource,
				CmdType operation)
{
	const char *name = RelationGetRelationName(rel);

	if (rdapi_resource_can(resource, operation_of(operation)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 operation == CMD_INSERT ?
			 errmsg("cannot insert into foreign table \"%s\"", name) :
			 operation == CMD_UPDATE ?
			 errmsg("cannot update foreign table \"%s\"", name) :
			 errmsg("cannot delete from foreign table \"%s\"", name),
			 operation == CMD_INSERT ?
			 errdetail("The API does not create %s.", resource->plural) :
			 operation == CMD_UPDATE ?
			 errdetail("The API does not change %s.", resource->plural) :
			 errdetail("The API does not delete %s.", resource->plural),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

/* The words and the SQLSTATE with which the executor would refuse it. */
static void
check_updatable(Relation rel, const RegdocsTableOptions *options,
				CmdType operation)
{
	const char *name = RelationGetRelationName(rel);

	check_operation(rel, options->resource, operation);
	if (options->updatable)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 operation == CMD_INSERT ?
			 errmsg("foreign table \"%s\" does not allow inserts", name) :
			 operation == CMD_UPDATE ?
			 errmsg("foreign table \"%s\" does not allow updates", name) :
			 errmsg("foreign table \"%s\" does not allow deletes", name),
			 errdetail("Option \"updatable\" of the foreign table or of its server is false."),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

/* Walker: is there WHERE CURRENT OF? */
static bool
has_current_of(Node *node, void *context)
{
	if (node == NULL)
		return false;
	return IsA(node, CurrentOfExpr) ||
		expression_tree_walker(node, has_current_of, context);
}

void
regdocs_modify_check_returning(Relation rel,
							   const RegdocsTableOptions *options)
{
	if (regdocs_dry_run)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot return rows written to foreign table \"%s\" in a dry run",
						RelationGetRelationName(rel)),
				 errdetail("While \"regdocs_fdw.dry_run\" is on, nothing is sent, so there are no answers of the API."),
				 errhint("Leave RETURNING out."),
				 REGDOCS_KEEP_OUT_OF_LOG));
	if (options->write_mode != REGDOCS_WRITE_AT_COMMIT)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot return rows written to foreign table \"%s\"",
					RelationGetRelationName(rel)),
			 errdetail("With write_mode 'at_commit' they are sent at the end of the transaction, and the API's answer is not known before."),
			 errhint("Leave RETURNING out, or set option \"write_mode\" to 'immediate', as it has to be where the sid of what is created is needed in the same transaction."),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

/*
 * Rows are found again by their keys.  The name of a junk column has the
 * column's number, as that may differ among the partitions of one table.
 */
static void
add_junk(PlannerInfo *root, Index rtindex, Relation target, AttrNumber attnum)
{
	Form_pg_attribute att = TupleDescAttr(RelationGetDescr(target),
										  attnum - 1);

	add_row_identity_var(root,
						 makeVar(rtindex, attnum, att->atttypid,
								 att->atttypmod, att->attcollation, 0),
						 rtindex, regdocs_modify_junk_name(attnum));
}

/*
 * A DELETE need not read the row, but what its conditions look at it does read:
 * so the journal can tell what that was.
 */
static void
add_conditions(PlannerInfo *root, Index rtindex, Relation target,
			   const KeyColumns *keys)
{
	Bitmapset  *columns = NULL;
	int			member = -1;

	pull_varattnos((Node *) root->parse->jointree, rtindex, &columns);
	while ((member = bms_next_member(columns, member)) >= 0)
	{
		AttrNumber	attnum = member + FirstLowInvalidHeapAttributeNumber;

		if (attnum > 0 && attnum != keys->sid && attnum != keys->parent)
			add_junk(root, rtindex, target, attnum);
	}
}

void
regdocsAddForeignUpdateTargets(PlannerInfo *root, Index rtindex,
							   RangeTblEntry *target_rte, Relation target)
{
	RegdocsTableOptions *options = options_of(target);
	const RdapiResource *resource = options->resource;
	KeyColumns	keys = find_keys(target, resource);

	check_updatable(target, options, root->parse->commandType);

	/* The executor would refuse it too, but after the first page was read. */
	if (has_current_of((Node *) root->parse->jointree, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("WHERE CURRENT OF is not supported for foreign table \"%s\"",
						RelationGetRelationName(target)),
				 REGDOCS_KEEP_OUT_OF_LOG));
	if (keys.missing != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 root->parse->commandType == CMD_UPDATE ?
				 errmsg("foreign table \"%s\" does not allow updates",
						RelationGetRelationName(target)) :
				 errmsg("foreign table \"%s\" does not allow deletes",
						RelationGetRelationName(target)),
				 errdetail("It has no column that shows \"%s\", by which the API names its %s.",
						   keys.missing->name, resource->plural),
				 REGDOCS_KEEP_OUT_OF_LOG));

	add_junk(root, rtindex, target, keys.sid);
	if (keys.parent != 0)
		add_junk(root, rtindex, target, keys.parent);

	if (root->parse->commandType == CMD_DELETE)
		add_conditions(root, rtindex, target, &keys);

	/* What a DELETE returns is the row as it was; for updates core asks. */
	if (root->parse->commandType == CMD_DELETE &&
		root->parse->returningList != NIL)
		add_row_identity_var(root,
							 makeVar(rtindex, InvalidAttrNumber, RECORDOID,
									 -1, InvalidOid, 0),
							 rtindex, REGDOCS_WHOLE_ROW_NAME);
}

/* The columns that an UPDATE sets; each has to be one that can be. */
static List *
check_targets(PlannerInfo *root, Relation rel, Index result_relation,
			  const RegdocsColumns *columns)
{
	Bitmapset  *updated =
	get_rel_all_updated_cols(root, find_base_rel(root, result_relation));
	List	   *targets = NIL;
	AttrNumber	alone = 0;
	int			member = -1;

	while ((member = bms_next_member(updated, member)) >= 0)
	{
		AttrNumber	attnum = member + FirstLowInvalidHeapAttributeNumber;
		int			field;

		if (attnum <= 0)
			elog(ERROR, "system columns of foreign tables cannot be updated");
		field = columns->fields[attnum - 1];
		if (field < 0 ||
			(columns->resource->fields[field].flags & RDAPI_FIELD_UPDATE) == 0)
			regdocs_form_refuse_update(rel, columns, attnum);
		targets = lappend_int(targets, attnum);
		if (columns->resource->fields[field].flags & RDAPI_FIELD_ALONE)
			alone = attnum;
	}
	if (alone != 0 && list_length(targets) > 1)
		regdocs_form_refuse_together(rel, columns, alone);
	return targets;
}

List *
regdocs_modify_check(PlannerInfo *root, const ModifyTable *plan,
					 Index result_relation)
{
	RangeTblEntry *rte = planner_rt_fetch(result_relation, root);
	Relation	rel = table_open(rte->relid, NoLock);
	RegdocsTableOptions *options = options_of(rel);
	RegdocsColumns *columns;
	List	   *targets = NIL;

	check_updatable(rel, options, plan->operation);
	columns = regdocs_columns_resolve(rel, options->resource);
	if (plan->operation == CMD_INSERT)
		regdocs_form_check_columns(rel, columns);
	if (plan->operation == CMD_UPDATE)
		targets = check_targets(root, rel, result_relation, columns);
	if (plan->returningLists != NIL)
		regdocs_modify_check_returning(rel, options);
	table_close(rel, NoLock);
	return targets;
}

List *
regdocsPlanForeignModify(PlannerInfo *root, ModifyTable *plan,
						 Index result_relation, int subplan_index)
{
	return list_make1(regdocs_modify_check(root, plan, result_relation));
}

List *
regdocs_modify_plan_targets(List *fdw_private)
{
	return linitial(fdw_private);
}

char *
regdocs_modify_junk_name(AttrNumber attnum)
{
	return psprintf("regdocs_junk_%d", attnum);
}
