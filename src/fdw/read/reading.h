/*-------------------------------------------------------------------------
 *
 * reading.h
 *	  What everything that reads from the API has in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_READING_H
#define REGDOCS_READING_H

#include "src/fdw/base/connection.h"
#include "src/fdw/row/page.h"

/* All BORROWED; it has to outlive what is given it. */
typedef struct RegdocsReading
{
	RegdocsConnection *connection;
	const RdapiResource *resource;
	RegdocsFieldMask fields;	/* that are wanted of each object */
	RegdocsUsage *usage;		/* where it is counted */
} RegdocsReading;

#endif							/* REGDOCS_READING_H */
