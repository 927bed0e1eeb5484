/*-------------------------------------------------------------------------
 *
 * found.h
 *	  What a walk of the source has found, against what the mirror has.
 *
 * Rows come one after the other; each is looked up in the mirror and compared.
 * Only what differs is kept, in files beyond some memory.  Which rows of the
 * mirror were met is kept as a bit each.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_FOUND_H
#define REGDOCS_FOUND_H

#include "tcop/dest.h"
#include "utils/tuplestore.h"

#include "src/fdw/mirror/shape.h"

typedef struct RegdocsFound RegdocsFound;

/*
 * Rows to be written, in the order in which they came, and the sids of those
 * to be deleted.  Each store has its descriptor.
 */
typedef struct RegdocsChanges
{
	/*
	 * ordinal bigint; known boolean: is it in the mirror; changed boolean:
	 * does it differ from that; c0, c1, ...: the shape's columns.  A sid that
	 * came again has all of its rows here, and the last one counts.
	 */
	Tuplestorestate *rows;
	TupleDesc	rows_desc;
	int64		nrows;
	int64		nknown;			/* of them */

	/* sid; then, for what was not met: its parent, partition and place */
	Tuplestorestate *missing;
	TupleDesc	missing_desc;
	int64		nmissing;

	Tuplestorestate *gone;		/* sid */
	TupleDesc	gone_desc;
	int64		ngone;
} RegdocsChanges;

/*
 * Begin to compare with the target as it is now, palloc'd in the current
 * context.  shape is BORROWED, and its relations have to stay open.
 */
extern RegdocsFound *regdocs_found_begin(const RegdocsShape *shape);

/* Where the rows of the source go, with the shape's columns; BORROWED. */
extern DestReceiver *regdocs_found_receiver(RegdocsFound *found);

/*
 * An object that is there, but could not be converted: the mirror's row of it,
 * if it has one, stays as it is.  arg is the RegdocsFound; see refreshing.h.
 */
extern void regdocs_found_left_out(void *arg, const char *sid);

/* The walk is over: set the rows of the mirror that it has not met. */
extern void regdocs_found_look_for_missing(RegdocsFound *found);

/* These were asked for: set those that are gone. */
extern void regdocs_found_look_for_gone(RegdocsFound *found);

/* BORROWED. */
extern RegdocsChanges *regdocs_found_changes(RegdocsFound *found);

/* Rows of the mirror: in all; missing ones that were met later; left as they
 * are because their objects could not be converted. */
extern int64 regdocs_found_total(const RegdocsFound *found);
extern int64 regdocs_found_still_there(const RegdocsFound *found);
extern int64 regdocs_found_kept(const RegdocsFound *found);

/* Close what it has open, and remove its files. */
extern void regdocs_found_end(RegdocsFound *found);

#endif							/* REGDOCS_FOUND_H */
