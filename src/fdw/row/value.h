/*-------------------------------------------------------------------------
 *
 * value.h
 *	  A JSON value of an answer, as the Datum of a column's type.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_VALUE_H
#define REGDOCS_VALUE_H

#include "src/fdw/row/page.h"

typedef struct RegdocsConverter RegdocsConverter;

/*
 * What makes values of that SQL type out of a field's, or (NULL) of whole
 * objects; palloc'd in the current context with all it keeps.
 */
extern RegdocsConverter *regdocs_converter_new(Oid type, int32 typmod,
											   const RdapiField *field);

/*
 * Convert a slice of a page; null and an absent slice become NULL.  What is
 * palloc'd lies in the current context.  Raises the conversion's own errors,
 * less what they quote of personal data, and of control characters.
 */
extern Datum regdocs_converter_apply(RegdocsConverter *converter,
									 RegdocsPage *page,
									 const RegdocsSlice *slice, bool *isnull);

/* NULL in the place of a value; the same errors. */
extern Datum regdocs_converter_null(RegdocsConverter *converter);

/* The same for a text in ASCII that is not of a page. */
extern Datum regdocs_converter_apply_text(RegdocsConverter *converter,
										  const char *text);

/*
 * A function of PostgreSQL itself that only computes raises a data exception
 * with nothing held that would have to be given back, so it can be caught as
 * it is.  Is the conversion to that type made of such functions?  Others may
 * run anything.
 */
extern bool regdocs_converter_is_harmless(Oid type);

#endif							/* REGDOCS_VALUE_H */
