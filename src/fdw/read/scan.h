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
#include "src/fdw/read/turns.h"

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

/* Send what has to be sent for the next row, mostly without waiting. */
extern void regdocs_scan_begin(ForeignScanState *node);

/* Can regdocs_scan_try() tell without waiting?  It must have begun. */
extern bool regdocs_scan_ready(const ForeignScanState *node);

/* Whether it is the scan's turn, among others of its Append. */
extern RegdocsTurn *regdocs_scan_turn(const ForeignScanState *node);

/* Tell the user what a scan that has begun is waiting for, if that is due. */
extern void regdocs_scan_tell_trouble(const ForeignScanState *node);

#endif							/* REGDOCS_SCAN_H */
