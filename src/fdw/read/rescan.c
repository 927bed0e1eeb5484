/*-------------------------------------------------------------------------
 *
 * rescan.c
 *	  Whether a plan node may be asked for its rows more than once.
 *
 * A scan that may be repeated keeps its rows, so that it need not be sent
 * again; one that cannot is spared the work.  The executor's flags do not
 * tell: they say what a node has to be able to do cheaply, and leave out
 * repetitions for which some parameter changes, if not one of this node's.  The
 * plan tells nearly all; where it does not, a repetition is taken for possible.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/nodeFuncs.h"
#include "miscadmin.h"
#include "nodes/extensible.h"
#include "nodes/nodes.h"

#include "src/fdw/read/rescan.h"

/* Where the node was found below a given one. */
typedef enum Place
{
	PLACE_NOWHERE,
	PLACE_ONCE,					/* scanned once for each scan of the top */
	PLACE_REPEATED
} Place;

/* The plans that a node reads, wherever it keeps them. */
static List *
inputs_of(const Plan *top)
{
	List	   *inputs = NIL;

	if (outerPlan(top) != NULL)
		inputs = lappend(inputs, outerPlan(top));
	if (innerPlan(top) != NULL)
		inputs = lappend(inputs, innerPlan(top));
	switch (nodeTag(top))
	{
		case T_Append:
			return list_concat(inputs, ((const Append *) top)->appendplans);
		case T_MergeAppend:
			return list_concat(inputs, ((const MergeAppend *) top)->mergeplans);
		case T_SubqueryScan:
			return lappend(inputs, ((const SubqueryScan *) top)->subplan);
		case T_CustomScan:
			return list_concat(inputs,
							   ((const CustomScan *) top)->custom_plans);
		default:
			return inputs;
	}
}

/* May the node scan that input of it more than once? */
static bool
repeats(const Plan *top, const Plan *input)
{
	if (IsA(top, NestLoop) || IsA(top, RecursiveUnion))
		return input == innerPlan(top);

	/* Nobody knows what another extension's node does with its inputs. */
	return IsA(top, CustomScan) &&
		strcmp(((const CustomScan *) top)->methods->CustomName,
			   REGDOCS_LOOKAHEAD_NAME) != 0;
}

static Place
find_below(const Plan *top, const Plan *node)
{
	ListCell   *cell;

	if (top == NULL)
		return PLACE_NOWHERE;
	if (top == node)
		return PLACE_ONCE;
	check_stack_depth();

	foreach(cell, inputs_of(top))
	{
		Place		place = find_below(lfirst(cell), node);

		if (place != PLACE_NOWHERE)
			return repeats(top, lfirst(cell)) ? PLACE_REPEATED : place;
	}
	return PLACE_NOWHERE;
}

/* Is that subplan an InitPlan of a node somewhere here? */
static bool
is_init_plan_below(const Plan *top, int plan_id)
{
	ListCell   *cell;

	if (top == NULL)
		return false;
	check_stack_depth();
	foreach(cell, top->initPlan)
	{
		if (lfirst_node(SubPlan, cell)->plan_id == plan_id)
			return true;
	}
	foreach(cell, inputs_of(top))
	{
		if (is_init_plan_below(lfirst(cell), plan_id))
			return true;
	}
	return false;
}

/*
 * Is the subplan run once for an execution of the statement?  An InitPlan is,
 * whose result is kept, unless it depends on a parameter from outside of it.
 * Other subplans may run for each row of their parent.
 */
static bool
runs_once(const PlannedStmt *statement, const Plan *subplan, int plan_id)
{
	ListCell   *cell;

	if (!bms_is_empty(subplan->extParam))
		return false;
	if (is_init_plan_below(statement->planTree, plan_id))
		return true;
	foreach(cell, statement->subplans)
	{
		if (is_init_plan_below(lfirst(cell), plan_id))
			return true;
	}
	return false;
}

bool
regdocs_may_rescan(const PlannedStmt *statement, const Plan *node)
{
	Place		place = find_below(statement->planTree, node);
	ListCell   *cell;

	if (place != PLACE_NOWHERE)
		return place != PLACE_ONCE;
	foreach(cell, statement->subplans)
	{
		const Plan *subplan = lfirst(cell);

		place = find_below(subplan, node);
		if (place != PLACE_NOWHERE)
			return place != PLACE_ONCE ||
				!runs_once(statement, subplan, foreach_current_index(cell) + 1);
	}
	return true;
}

/* Is the parameter set by an InitPlan of a node somewhere here? */
static bool
is_set_below(const PlannedStmt *statement, const Plan *top, int param)
{
	ListCell   *cell;

	if (top == NULL)
		return false;
	check_stack_depth();
	foreach(cell, top->initPlan)
	{
		const SubPlan *subplan = lfirst_node(SubPlan, cell);

		if (list_member_int(subplan->setParam, param))
		{
			const Plan *plan = list_nth(statement->subplans,
										subplan->plan_id - 1);

			return bms_is_empty(plan->extParam);
		}
	}
	foreach(cell, inputs_of(top))
	{
		if (is_set_below(statement, lfirst(cell), param))
			return true;
	}
	return false;
}

bool
regdocs_is_set_once(const PlannedStmt *statement, int param)
{
	ListCell   *cell;

	if (is_set_below(statement, statement->planTree, param))
		return true;
	foreach(cell, statement->subplans)
	{
		if (is_set_below(statement, lfirst(cell), param))
			return true;
	}
	return false;
}

bool
regdocs_depends_on_rows(Node *node, void *statement)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param))
		return ((Param *) node)->paramkind == PARAM_EXEC &&
			!regdocs_is_set_once(statement, ((Param *) node)->paramid);
	return expression_tree_walker(node, regdocs_depends_on_rows, statement);
}
