/*-------------------------------------------------------------------------
 *
 * direct_plan.c
 *	  Planning writes that return rows, so that several are sent at a time: FDW
 *	  callback.
 *
 * The executor has rows with RETURNING written one by one, each time it wants
 * to return one.  Only a node that is said to write by itself can do better: so
 * one is put on top of the plan that yields the rows to be written.  It reads
 * some of them, sends their writes together, and yields a row for each.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "foreign/fdwapi.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/planmain.h"
#include "optimizer/tlist.h"
#include "parser/parsetree.h"
#include "utils/lsyscache.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/write/direct_plan.h"
#include "src/fdw/write/modify_plan.h"

/* What a plan remembers, packed into a list. */
enum
{
	DIRECT_TARGETS,
	DIRECT_COLUMNS,
	DIRECT_OTHERS,
	DIRECT_COUNTS
};

RegdocsDirectPlan *
regdocs_direct_plan_unpack(List *fdw_private)
{
	RegdocsDirectPlan *plan = palloc(sizeof(RegdocsDirectPlan));

	plan->targets = list_nth(fdw_private, DIRECT_TARGETS);
	plan->columns = list_nth(fdw_private, DIRECT_COLUMNS);
	plan->others = list_nth(fdw_private, DIRECT_OTHERS);
	plan->counts = boolVal(list_nth(fdw_private, DIRECT_COUNTS));
	return plan;
}

/* What RETURNING wants of other tables than the one that is written to. */
static List *
wanted_of_others(const ModifyTable *plan, Index result_relation)
{
	List	   *vars = pull_var_clause(linitial(plan->returningLists),
									   PVC_RECURSE_AGGREGATES |
									   PVC_RECURSE_WINDOWFUNCS |
									   PVC_INCLUDE_PLACEHOLDERS);
	List	   *wanted = NIL;
	ListCell   *cell;

	foreach(cell, vars)
	{
		Node	   *var = lfirst(cell);

		if (!IsA(var, Var) || ((Var *) var)->varno != (int) result_relation)
			wanted = lappend(wanted, var);
	}
	return wanted;
}

/*
 * Row triggers, checks of views, generated columns, transition tables, and OLD
 * and NEW in RETURNING have had core not ask at all.
 */
static bool
is_possible(const ModifyTable *plan)
{
	return regdocs_returning_ahead && plan->returningLists != NIL &&
		plan->onConflictAction == ONCONFLICT_NONE &&
		list_length(plan->resultRelations) == 1;
}

/* A row that the API refuses, and that is left out, would have no answer. */
static bool
leaves_out(Oid relid)
{
	ForeignTable *table = GetForeignTable(relid);
	ForeignServer *server = GetForeignServer(table->serverid);

	return regdocs_table_options(table, server)->on_write_error ==
		REGDOCS_ON_WRITE_ERROR_IGNORE;
}

/* EXPLAIN could not find the names of a subquery's row below this node. */
static bool
has_record(const List *vars)
{
	ListCell   *cell;

	foreach(cell, vars)
	{
		if (exprType(lfirst(cell)) == RECORDOID)
			return true;
	}
	return false;
}

/*
 * What stands in the place of a column that nobody looks at.  The executor does
 * look which table a row is of, where it was found through its parent.
 */
static Expr *
make_filler(const TargetEntry *entry, Oid relid)
{
	Node	   *expr = (Node *) entry->expr;

	if (entry->resjunk && entry->resname != NULL &&
		strcmp(entry->resname, "tableoid") == 0)
		return (Expr *) makeConst(OIDOID, -1, InvalidOid, sizeof(Oid),
								  ObjectIdGetDatum(relid), false, true);
	return (Expr *) makeNullConst(exprType(expr), exprTypmod(expr),
								  exprCollation(expr));
}

/*
 * The node's target list: like that of the plan below it, as the executor
 * looks for columns by their place and name, but with only those values that
 * RETURNING wants.  These are the node's own rows, *scan_targets, and *others
 * says where the plan's rows have them.
 */
static List *
make_targets(const Plan *below, List *wanted, Oid relid, List **scan_targets,
			 List **others)
{
	List	   *targets = NIL;
	ListCell   *cell;

	foreach(cell, below->targetlist)
	{
		TargetEntry *entry = flatCopyTargetEntry(lfirst_node(TargetEntry,
															 cell));

		if (!list_member(wanted, entry->expr))
			entry->expr = make_filler(entry, relid);
		else
		{
			/* Which comes but once, whether or not the list below has more. */
			*scan_targets = add_to_flat_tlist(*scan_targets,
											  list_make1(entry->expr));
			if (list_length(*scan_targets) > list_length(*others))
				*others = lappend_int(*others, entry->resno);
		}
		targets = lappend(targets, entry);
	}
	return targets;
}

/* Put the node, which by itself costs nothing, between plan and rows. */
static void
put_below(ModifyTable *plan, ForeignScan *scan, Oid relid,
		  Index result_relation)
{
	const Plan *below = outerPlan(plan);

	scan->operation = plan->operation;
	scan->resultRelation = result_relation;
	scan->fs_server = GetForeignServerIdByRelId(relid);
	regdocs_set_scan_relids(scan, bms_make_singleton(result_relation));
	scan->scan.plan.startup_cost = below->startup_cost;
	scan->scan.plan.total_cost = below->total_cost;
	scan->scan.plan.plan_rows = below->plan_rows;
	scan->scan.plan.plan_width = below->plan_width;
	regdocs_copy_disabled_nodes(&scan->scan.plan, below);
	outerPlan(plan) = &scan->scan.plan;
}

bool
regdocsPlanDirectModify(PlannerInfo *root, ModifyTable *plan,
						Index result_relation, int subplan_index)
{
	Oid			relid = planner_rt_fetch(result_relation, root)->relid;
	List	   *private;
	List	   *wanted;
	List	   *targets;
	List	   *scan_targets = NIL;
	List	   *others = NIL;

	if (!is_possible(plan) || leaves_out(relid))
		return false;
	wanted = wanted_of_others(plan, result_relation);
	if (has_record(wanted))
		return false;

	private = list_make2(regdocs_modify_check(root, plan, result_relation),
						 plan->updateColnosLists == NIL ? NIL :
						 linitial(plan->updateColnosLists));
	targets = make_targets(outerPlan(plan), wanted, relid, &scan_targets,
						   &others);
	private = lappend(private, others);
	private = lappend(private, makeBoolean(plan->canSetTag));
	put_below(plan,
			  make_foreignscan(targets, NIL, result_relation, NIL, private,
							   scan_targets, NIL, outerPlan(plan)),
			  relid, result_relation);
	return true;
}
