/*-------------------------------------------------------------------------
 *
 * rescan.h
 *	  Whether a plan node may be asked for its rows more than once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_RESCAN_H
#define REGDOCS_RESCAN_H

#include "nodes/plannodes.h"

/* How the node that looks ahead for a join is called in plans. */
#define REGDOCS_LOOKAHEAD_NAME "API Look-ahead"

/*
 * false: in no execution of the plan is that node scanned again.  true: it
 * may be, as far as can be told.
 */
extern bool regdocs_may_rescan(const PlannedStmt *statement,
							   const Plan *node);

/*
 * Is the parameter set by an InitPlan that is run once for an execution of the
 * statement, so that it has one value throughout?
 */
extern bool regdocs_is_set_once(const PlannedStmt *statement, int param);

/*
 * A walker: does a value come from the rows of others?  statement is the
 * PlannedStmt.
 */
extern bool regdocs_depends_on_rows(Node *node, void *statement);

#endif							/* REGDOCS_RESCAN_H */
