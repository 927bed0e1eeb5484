/*-------------------------------------------------------------------------
 *
 * explain.h
 *	  What EXPLAIN says of scans and of writes: FDW callbacks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_EXPLAIN_H
#define REGDOCS_EXPLAIN_H

#include "nodes/execnodes.h"

#include "src/fdw/base/compat.h"

extern void regdocsExplainForeignScan(ForeignScanState *node,
									  ExplainState *es);
extern void regdocsExplainForeignModify(ModifyTableState *mtstate,
										ResultRelInfo *rinfo,
										List *fdw_private, int subplan_index,
										ExplainState *es);
extern void regdocsExplainDirectModify(ForeignScanState *node,
									   ExplainState *es);

#endif							/* REGDOCS_EXPLAIN_H */
