/*-------------------------------------------------------------------------
 *
 * plan.h
 *	  Planning scans: FDW callbacks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_PLAN_H
#define REGDOCS_PLAN_H

#include "foreign/fdwapi.h"

extern void regdocsGetForeignRelSize(PlannerInfo *root, RelOptInfo *rel,
									 Oid relid);
extern void regdocsGetForeignPaths(PlannerInfo *root, RelOptInfo *rel,
								   Oid relid);
extern ForeignScan *regdocsGetForeignPlan(PlannerInfo *root, RelOptInfo *rel,
										  Oid relid, ForeignPath *path,
										  List *tlist, List *clauses,
										  Plan *outer_plan);

extern bool regdocsIsForeignPathAsyncCapable(ForeignPath *path);

#endif							/* REGDOCS_PLAN_H */
