/*-------------------------------------------------------------------------
 *
 * scan.h
 *	  Executing scans: FDW callbacks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_SCAN_H
#define REGDOCS_SCAN_H

#include "nodes/execnodes.h"

#include "src/fdw/connection.h"

extern void regdocsBeginForeignScan(ForeignScanState *node, int eflags);
extern TupleTableSlot *regdocsIterateForeignScan(ForeignScanState *node);
extern void regdocsReScanForeignScan(ForeignScanState *node);
extern void regdocsEndForeignScan(ForeignScanState *node);

/*
 * What the scan took so far, and how many documents it left out; BORROWED.
 * NULL: it was not begun, as under EXPLAIN without ANALYZE.
 */
extern const RegdocsUsage *regdocs_scan_usage(const ForeignScanState *node,
											  uint64 *ignored);

#endif							/* REGDOCS_SCAN_H */
