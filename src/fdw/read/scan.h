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

#include "src/fdw/base/connection.h"

extern void regdocsBeginForeignScan(ForeignScanState *node, int eflags);
extern TupleTableSlot *regdocsIterateForeignScan(ForeignScanState *node);
extern void regdocsReScanForeignScan(ForeignScanState *node);
extern void regdocsEndForeignScan(ForeignScanState *node);

/*
 * What the scan took so far, and how many objects it left out.  false: it
 * was not begun, as under EXPLAIN without ANALYZE.
 */
extern bool regdocs_scan_usage(const ForeignScanState *node,
							   RegdocsUsage *usage, uint64 *ignored);

/*
 * The node's next row, its conditions checked and its columns computed, as
 * far as that takes no waiting for the API.  Otherwise the slot is empty and
 * *would_wait set.
 */
extern TupleTableSlot *regdocs_scan_try(ForeignScanState *node,
										bool *would_wait);

/*
 * A descriptor that becomes readable when regdocs_scan_try() may have more to
 * say.  No two scans have the same one, though they share a client.  It is
 * the scan's to close.
 */
extern int	regdocs_scan_watch(ForeignScanState *node);

#endif							/* REGDOCS_SCAN_H */
