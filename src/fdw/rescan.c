/*-------------------------------------------------------------------------
 *
 * rescan.c
 *	  Whether a plan node may be asked for its rows more than once.
 *
 * A scan that may be repeated keeps its rows, so that it need not be sent
 * again; one that cannot is spared the work.  The executor's flags do not
 * tell: they say what a node has to be able to do cheaply, and leave out
 * repetitions for which some parameter changes, if not one of this node's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/nodes.h"

#include "src/fdw/rescan.h"

/* Where the node was found below a given one. */
typedef enum Place
{
	PLACE_NOWHERE,
	PLACE_ONCE,					/* scanned once for each scan of the top */
	PLACE_REPEATED
} Place;

static Place find_below(const Plan *top, const Plan *node);

static Place
find_in_list(const List *plans, const Plan *node)
{
	ListCell   *cell;

	foreach(cell, plans)
	{
		Place		place = find_below(lfirst(cell), node);

		if (place != PLACE_NOWHERE)
			return place;
	}
	return PLACE_NOWHERE;
}

/* Inputs that a node keeps elsewhere than in its two trees. */
static Place
find_in_members(const Plan *top, const Plan *node)
{
	switch (nodeTag(top))
	{
		case T_Append:
			return find_in_list(((const Append *) top)->appendplans, node);
		case T_MergeAppend:
			return find_in_list(((const MergeAppend *) top)->mergeplans, node);
		case T_SubqueryScan:
			return find_below(((const SubqueryScan *) top)->subplan, node);
		case T_CustomScan:

			/* Nobody knows what an extension's node does with its inputs. */
			return find_in_list(((const CustomScan *) top)->custom_plans,
								node) == PLACE_NOWHERE ?
				PLACE_NOWHERE : PLACE_REPEATED;
		default:
			return PLACE_NOWHERE;
	}
}

static Place
find_below(const Plan *top, const Plan *node)
{
	Place		place;

	if (top == NULL)
		return PLACE_NOWHERE;
	if (top == node)
		return PLACE_ONCE;
	check_stack_depth();

	place = find_below(outerPlan(top), node);
	if (place != PLACE_NOWHERE)
		return place;
	place = find_below(innerPlan(top), node);
	if (place != PLACE_NOWHERE)
		return IsA(top, NestLoop) || IsA(top, RecursiveUnion) ?
			PLACE_REPEATED : place;
	return find_in_members(top, node);
}

bool
regdocs_may_rescan(const PlannedStmt *statement, const Plan *node)
{
	/* A subplan may run once or for each row: only its parent knows. */
	return find_below(statement->planTree, node) != PLACE_ONCE;
}
