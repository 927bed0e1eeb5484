/*-------------------------------------------------------------------------
 *
 * columns.h
 *	  Which field of the API each column of a foreign table shows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_COLUMNS_H
#define REGDOCS_COLUMNS_H

#include "utils/rel.h"

#include "src/resource/resource.h"

/* In place of a field's index: */
#define REGDOCS_FIELD_NONE		(-1)	/* a dropped column */
#define REGDOCS_FIELD_DOCUMENT	(-2)	/* the whole object, as it was sent */

typedef struct RegdocsColumns
{
	const RdapiResource *resource;
	int			natts;
	int		   *fields;			/* by attnum - 1: index of a field, or one of
								 * the above */
} RegdocsColumns;

/*
 * Resolve every column, palloc'd.  Raises ERRCODE_FDW_COLUMN_NAME_NOT_FOUND
 * for a column that names no field, and ERRCODE_DATATYPE_MISMATCH for a type
 * that cannot hold what the field has.
 */
extern RegdocsColumns *regdocs_columns_resolve(Relation rel,
											   const RdapiResource *resource);

/* Name of the field that the column shows, BORROWED. */
extern const char *regdocs_columns_field_name(const RegdocsColumns *columns,
											  AttrNumber attnum);

#endif							/* REGDOCS_COLUMNS_H */
