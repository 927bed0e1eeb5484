/*-------------------------------------------------------------------------
 *
 * direct_plan.h
 *	  Planning writes that return rows, so that several are sent at a time: FDW
 *	  callback.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_DIRECT_PLAN_H
#define REGDOCS_DIRECT_PLAN_H

#include "nodes/pathnodes.h"
#include "nodes/plannodes.h"

/* GUC regdocs_fdw.returning_ahead */
extern bool regdocs_returning_ahead;

extern bool regdocsPlanDirectModify(PlannerInfo *root, ModifyTable *plan,
									Index result_relation, int subplan_index);

/* What such a plan remembers, besides what core puts into its node. */
typedef struct RegdocsDirectPlan
{
	List	   *targets;		/* attribute numbers that an UPDATE sets */
	List	   *columns;		/* the same, in the order of the plan's rows */
	List	   *others;			/* of columns of other tables that RETURNING
								 * wants: where the plan's rows have them */
	bool		counts;			/* are its rows those of the statement? */
} RegdocsDirectPlan;

/* palloc'd; its lists are the plan's. */
extern RegdocsDirectPlan *regdocs_direct_plan_unpack(List *fdw_private);

#endif							/* REGDOCS_DIRECT_PLAN_H */
