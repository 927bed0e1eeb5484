/*-------------------------------------------------------------------------
 *
 * row.h
 *	  An object of a page, as the Datums of a foreign table's row.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_ROW_H
#define REGDOCS_ROW_H

#include "nodes/bitmapset.h"
#include "utils/rel.h"

#include "src/fdw/row/bound.h"
#include "src/fdw/row/columns.h"
#include "src/fdw/base/options.h"
#include "src/fdw/row/page.h"

typedef struct RegdocsRowReader RegdocsRowReader;

/*
 * A reader of the columns in "wanted" (attribute numbers; NULL stands for
 * none), palloc'd in the current context together with all it keeps.  rel
 * stays the caller's and has to stay open.
 */
extern RegdocsRowReader *regdocs_row_reader_new(Relation rel,
												const RegdocsColumns *columns,
												Bitmapset *wanted,
												RegdocsOnError on_error);

/*
 * The same object may come more than once, and is to be counted once where
 * it, or a value of it, is left out.  That takes memory for each one.
 */
extern void regdocs_row_expect_again(RegdocsRowReader *reader);

/*
 * What it reads has to be within the bound of the partition that it reads, or
 * an error is raised whatever on_error says.  bound is BORROWED; NULL: there is
 * none.
 */
extern void regdocs_row_expect_bound(RegdocsRowReader *reader,
									 RegdocsBound *bound);

/* That bound, BORROWED; NULL likewise. */
extern RegdocsBound *regdocs_row_bound(const RegdocsRowReader *reader);

/* The fields that its pages have to be sliced into. */
extern RegdocsFieldMask regdocs_row_fields(const RegdocsRowReader *reader);

/*
 * Convert an object; columns that are not wanted are NULL.  values and nulls
 * have an entry for each attribute.  What is palloc'd lies in the current
 * context, which the caller resets for each row.
 *
 * What cannot be converted raises the conversion's own error, with column,
 * foreign table and sid in the context.  With on_error ignore the result is
 * then false, and the object is counted.  With set_null the value is NULL, and
 * counted; but for an object's own key, its parent's, and columns that shall
 * not be NULL: these raise the error all the same.
 */
extern bool regdocs_row_read(RegdocsRowReader *reader, RegdocsPage *page,
							 int object, Datum *values, bool *nulls);

/* Objects that were left out since the last regdocs_row_note_failures(). */
extern uint64 regdocs_row_ignored(const RegdocsRowReader *reader);

/* Is there something for it to tell? */
extern bool regdocs_row_has_failures(const RegdocsRowReader *reader);

/*
 * If objects or values were left out, tell how many at that level, and of which
 * columns, and forget them.  sampled: they are those of a sample.
 */
extern void regdocs_row_note_failures(RegdocsRowReader *reader, int elevel,
									  bool sampled);

#endif							/* REGDOCS_ROW_H */
