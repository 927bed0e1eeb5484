/*-------------------------------------------------------------------------
 *
 * direct.h
 *	  Executing writes that return rows, several at a time: FDW callbacks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_DIRECT_H
#define REGDOCS_DIRECT_H

#include "nodes/execnodes.h"

#include "src/fdw/base/connection.h"

extern void regdocsBeginDirectModify(ForeignScanState *node, int eflags);
extern TupleTableSlot *regdocsIterateDirectModify(ForeignScanState *node);
extern void regdocsEndDirectModify(ForeignScanState *node);

/* What writing took so far, BORROWED; NULL: it was not begun. */
extern const RegdocsUsage *regdocs_direct_usage(const ForeignScanState *node);

#endif							/* REGDOCS_DIRECT_H */
