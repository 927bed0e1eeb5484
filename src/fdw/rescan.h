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

/*
 * false: in no execution of the plan is that node scanned again.  true: it
 * may be, as far as can be told.
 */
extern bool regdocs_may_rescan(const PlannedStmt *statement,
							   const Plan *node);

#endif							/* REGDOCS_RESCAN_H */
