/*-------------------------------------------------------------------------
 *
 * image.h
 *	  Objects as JSON: as they were read, and as a request is to make them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_IMAGE_H
#define REGDOCS_IMAGE_H

#include "utils/rel.h"

#include "src/api/request.h"
#include "src/fdw/row/columns.h"

typedef struct RegdocsImage RegdocsImage;

/*
 * How rows of that table become JSON: keys are the API's fields, and only of
 * columns that the role may select.  palloc'd in the current context; rel and
 * columns have to outlive it.
 */
extern RegdocsImage *regdocs_image_new(Relation rel,
									   const RegdocsColumns *columns,
									   Oid userid);

/*
 * The row as it was read, palloc'd, in the server's encoding.  "known", by
 * attnum - 1, says which columns were; NULL: all.  Files are left out.
 */
extern char *regdocs_image_of_row(RegdocsImage *image, const Datum *values,
								  const bool *nulls, const bool *known);

/*
 * What the request sends, likewise; NULL: it sends nothing, as a deletion.  May
 * raise an error.
 */
extern char *regdocs_image_of_request(const RdapiRequest *request);

#endif							/* REGDOCS_IMAGE_H */
