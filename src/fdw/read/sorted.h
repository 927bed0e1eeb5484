/*-------------------------------------------------------------------------
 *
 * sorted.h
 *	  Do the rows of a list come in the order that was asked for?
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_SORTED_H
#define REGDOCS_SORTED_H

#include "src/fdw/read/scan_plan.h"
#include "src/fdw/read/source.h"

typedef struct RegdocsSorted
{
	bool		any;			/* did a row come? */
	Datum		last;			/* its value, a timestamptz */
	bool		last_null;
} RegdocsSorted;

/*
 * The list was asked for in an order, on which the plan relies: is the row
 * with that value where it belongs?  Otherwise raises
 * ERRCODE_PROTOCOL_VIOLATION.
 */
extern void regdocs_sorted_check(RegdocsSorted *sorted,
								 const RegdocsScanPlan *plan,
								 const RegdocsSource *source,
								 const RdapiResource *resource,
								 Datum value, bool isnull);

#endif							/* REGDOCS_SORTED_H */
