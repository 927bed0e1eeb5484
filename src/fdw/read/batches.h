/*-------------------------------------------------------------------------
 *
 * batches.h
 *	  The scan of a join that fetches in batches: answers of keys, many of which
 *	  were asked for at once.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_BATCHES_H
#define REGDOCS_BATCHES_H

#include "nodes/execnodes.h"

#include "src/fdw/base/options.h"
#include "src/fdw/read/known.h"
#include "src/fdw/read/scan_plan.h"
#include "src/fdw/read/source.h"
#include "src/fdw/row/columns.h"

typedef struct RegdocsBatches RegdocsBatches;

/*
 * For a scan that is beginning, palloc'd in the current context with all it
 * keeps.  "exprs" are the ExprStates of its asks' expressions, one after the
 * other.  What it is given is BORROWED for its life.
 */
extern RegdocsBatches *regdocs_batches_new(const ForeignScanState *node,
										   RegdocsSource *source,
										   const RegdocsScanPlan *plan,
										   const RegdocsColumns *columns,
										   const List *exprs);

/*
 * Begin to hand out the rows for the present values of the expressions.  Where
 * they are not known, all keys that the look-ahead tells are asked for, and
 * their answers awaited.
 */
extern void regdocs_batches_seek(RegdocsBatches *batches,
								 ExprContext *econtext);

/*
 * The next row, into the arrays of a slot for virtual tuples; its values live
 * until the next call.  false: there is none left.
 */
extern bool regdocs_batches_next(RegdocsBatches *batches,
								 TupleTableSlot *slot);

/* Frees its files, which memory contexts do not. */
extern void regdocs_batches_end(RegdocsBatches *batches);

#endif							/* REGDOCS_BATCHES_H */
