/*-------------------------------------------------------------------------
 *
 * modify_plan.h
 *	  Planning writes: FDW callbacks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_MODIFY_PLAN_H
#define REGDOCS_MODIFY_PLAN_H

#include "foreign/fdwapi.h"

#include "src/fdw/options.h"

extern void regdocsAddForeignUpdateTargets(PlannerInfo *root, Index rtindex,
										   RangeTblEntry *target_rte,
										   Relation target);
extern List *regdocsPlanForeignModify(PlannerInfo *root, ModifyTable *plan,
									  Index result_relation,
									  int subplan_index);
extern int	regdocsIsForeignRelUpdatable(Relation rel);

/* Raise 0A000 if the table's writes are sent too late for RETURNING. */
extern void regdocs_modify_check_returning(Relation rel,
										   const RegdocsTableOptions *options);

#endif							/* REGDOCS_MODIFY_PLAN_H */
