/*-------------------------------------------------------------------------
 *
 * lookahead.h
 *	  Reading ahead of a join, so that its keys are known in batches.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_LOOKAHEAD_H
#define REGDOCS_LOOKAHEAD_H

#include "nodes/extensible.h"

/*
 * The plan node: it hands on the rows of its one input, as they are.  Its
 * custom_exprs are the key's expressions over that, its custom_private a packed
 * RegdocsLookaheadPlan.
 */
extern const CustomScanMethods regdocs_lookahead_methods;

#endif							/* REGDOCS_LOOKAHEAD_H */
