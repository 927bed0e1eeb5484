/*-------------------------------------------------------------------------
 *
 * blind.h
 *	  Conditions on what the API never answers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_BLIND_H
#define REGDOCS_BLIND_H

#include "nodes/pathnodes.h"

#include "src/fdw/row/columns.h"

/* Install the planner's hook; once per process. */
extern void regdocs_blind_init(void);

/*
 * The same for conditions that came to stand at the relation while it was
 * planned, as those of a function that was put in its place; and for the whole
 * statement where the hook was not there when its planning began.  Raises
 * 0A000.
 */
extern void regdocs_blind_check(PlannerInfo *root, const RelOptInfo *rel,
								Oid relid,
								const RegdocsColumns *columns);

#endif							/* REGDOCS_BLIND_H */
