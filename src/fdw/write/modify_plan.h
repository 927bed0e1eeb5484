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

#include "src/fdw/base/options.h"

extern void regdocsAddForeignUpdateTargets(PlannerInfo *root, Index rtindex,
										   RangeTblEntry *target_rte,
										   Relation target);
extern List *regdocsPlanForeignModify(PlannerInfo *root, ModifyTable *plan,
									  Index result_relation,
									  int subplan_index);
extern int	regdocsIsForeignRelUpdatable(Relation rel);

/*
 * Raise an error for what the API cannot be asked for.  Returns the attribute
 * numbers that an UPDATE sets, a list of integers.
 */
extern List *regdocs_modify_check(PlannerInfo *root, const ModifyTable *plan,
								  Index result_relation);

/*
 * What the plan of an UPDATE remembers for its execution: the attribute numbers
 * that it sets, a list of integers.
 */
extern List *regdocs_modify_plan_targets(List *fdw_private);

/* The junk column with the whole old row, as core names it. */
#define REGDOCS_WHOLE_ROW_NAME	"wholerow"

/* Name of the junk column with what is in that column; palloc'd. */
extern char *regdocs_modify_junk_name(AttrNumber attnum);

/*
 * Raise 0A000 if the table's writes are sent too late for RETURNING, or not at
 * all.
 */
extern void regdocs_modify_check_returning(Relation rel,
										   const RegdocsTableOptions *options);

#endif							/* REGDOCS_MODIFY_PLAN_H */
