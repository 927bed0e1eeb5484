/*-------------------------------------------------------------------------
 *
 * shape.h
 *	  What is mirrored and where to: the columns of a foreign table, of its
 *	  mirror and of the mirror's history.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_SHAPE_H
#define REGDOCS_SHAPE_H

#include "utils/rel.h"

#include "src/resource/resource.h"

/* What the name of a history is, behind that of its mirror. */
#define REGDOCS_HISTORY_SUFFIX	"_history"

/* In place of a column's index: there is none. */
#define REGDOCS_NO_COLUMN	(-1)

/* A column that is mirrored; it has the same name in both tables. */
typedef struct RegdocsMirrorColumn
{
	const char *name;
	const char *quoted;			/* as an identifier */
	AttrNumber	attnum;			/* in the source, later in the target */
	Oid			type;
	int32		typmod;
	Oid			collation;
	bool		by_value;
	int16		length;			/* of its type */
} RegdocsMirrorColumn;

typedef struct RegdocsShape
{
	const RdapiResource *resource;
	Relation	source;			/* BORROWED */
	const char *source_name;	/* quoted, with its schema */
	RegdocsMirrorColumn *columns;
	int			ncolumns;

	/* Indexes of columns, or REGDOCS_NO_COLUMN */
	int			sid;
	int			status;
	int			parent;			/* of a child: its parent's sid */
	int			partition;		/* by which alone the source is partitioned */

	/* Of regdocs_shape_fit() */
	Relation	target;			/* BORROWED */
	const char *target_name;	/* quoted, with its schema */
	const char *history_name;	/* likewise */
	Oid			index;			/* unique, of the target's sid */
} RegdocsShape;

/*
 * The shape of a source, palloc'd: a foreign table of ours, or a partitioned
 * table of such that show the same.  Raises an error for anything else, and
 * where a column is missing without which there can be no mirror.  What is
 * only sent is not among the columns.
 */
extern RegdocsShape *regdocs_shape_of(Relation source);

/*
 * Fit the shape to a target: from then on it has those columns alone that both
 * have.  Raises an error where the target cannot be refreshed from the source.
 */
extern void regdocs_shape_fit(RegdocsShape *shape, Relation target);

/* The columns of a history, as CREATE TABLE takes them, palloc'd. */
extern char *regdocs_shape_history_definition(void);

/* schema.name, quoted and palloc'd. */
extern char *regdocs_shape_relation_name(Oid relid);

#endif							/* REGDOCS_SHAPE_H */
