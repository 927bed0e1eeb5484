/*-------------------------------------------------------------------------
 *
 * lookup.h
 *	  The rows of a mirror by their sids, and which of them were met.
 *
 * All is read by one snapshot, so that the place of a row identifies it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_LOOKUP_H
#define REGDOCS_LOOKUP_H

#include "executor/tuptable.h"

#include "src/fdw/mirror/shape.h"

typedef struct RegdocsLookup RegdocsLookup;

/*
 * Begin to look up rows of the shape's target as it is now, palloc'd in the
 * current context; reads the sids of all of them.  shape is BORROWED, and its
 * relations have to stay open.
 */
extern RegdocsLookup *regdocs_lookup_begin(const RegdocsShape *shape);

/*
 * The row of that sid, a text, BORROWED until the next call; NULL: there is
 * none.
 */
extern TupleTableSlot *regdocs_lookup_find(RegdocsLookup *lookup, Datum sid);

/* Note that the row at that place was met; false: it was noted before. */
extern bool regdocs_lookup_meet(RegdocsLookup *lookup, ItemPointer place);

/* Was it noted? */
extern bool regdocs_lookup_is_met(const RegdocsLookup *lookup,
								  ItemPointer place);

/* Call the function with each row that was not met, BORROWED. */
extern void regdocs_lookup_visit_missing(RegdocsLookup *lookup,
										 void (*visit) (TupleTableSlot *row,
														void *arg),
										 void *arg);

/* How many rows there are. */
extern int64 regdocs_lookup_total(const RegdocsLookup *lookup);

/* Close what it has open. */
extern void regdocs_lookup_end(RegdocsLookup *lookup);

#endif							/* REGDOCS_LOOKUP_H */
