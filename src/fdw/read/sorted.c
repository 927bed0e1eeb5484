/*-------------------------------------------------------------------------
 *
 * sorted.c
 *	  Do the rows of a list come in the order that was asked for?
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "src/fdw/read/sorted.h"

/*
 * NULLs count only where the plan knows on which side they are; elsewhere a
 * condition leaves them out.
 */
void
regdocs_sorted_check(RegdocsSorted *sorted, const RegdocsScanPlan *plan,
					 const RegdocsSource *source,
					 const RdapiResource *resource, Datum value, bool isnull)
{
	bool		wrong = false;

	if (isnull && !resource->sorts[plan->sort].never_null)
		return;
	if (sorted->any && (isnull || sorted->last_null))
		wrong = isnull != sorted->last_null && isnull == plan->nulls_first;
	else if (sorted->any)
	{
		TimestampTz time = DatumGetTimestampTz(value);
		TimestampTz last = DatumGetTimestampTz(sorted->last);

		wrong = plan->descending ? time > last : time < last;
	}
	if (wrong)
		regdocs_source_raise_protocol(source,
									  "The list is not in the order that was asked for.");
	sorted->any = true;
	sorted->last = value;
	sorted->last_null = isnull;
}
