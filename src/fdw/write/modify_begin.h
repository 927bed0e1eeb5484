/*-------------------------------------------------------------------------
 *
 * modify_begin.h
 *	  What writing to a foreign table has to know, and how its rows are to be
 *	  written.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_MODIFY_BEGIN_H
#define REGDOCS_MODIFY_BEGIN_H

#include "nodes/execnodes.h"
#include "utils/hsearch.h"

#include "src/fdw/write/dry_run.h"
#include "src/fdw/write/form.h"
#include "src/fdw/write/image.h"
#include "src/fdw/base/options.h"
#include "src/fdw/row/row.h"
#include "src/fdw/write/writer.h"

/* A key of the old row, among the junk columns of the plan. */
typedef struct RegdocsJunkKey
{
	AttrNumber	attnum;			/* 0: not there */
	FmgrInfo	output;
	const char *prefix;			/* of its sids */
} RegdocsJunkKey;

typedef struct RegdocsModify
{
	/* What to do */
	Relation	rel;
	Oid			serverid;
	CmdType		operation;
	RegdocsTableOptions *table;
	RegdocsColumns *columns;
	Bitmapset  *targets;		/* attribute numbers that an UPDATE sets */

	/* How */
	bool		at_commit;		/* rows are queued for the end of the
								 * transaction */
	bool		awaited;		/* each row is sent before the next one is
								 * read; not of direct writes */
	bool		held;			/* nothing is sent before all are read */
	RegdocsDryRun *dry_run;		/* counts instead; NULL: all is sent */
	RegdocsForm *form;
	RegdocsRowReader *reader;	/* of answers; NULL: none are wanted */
	RegdocsWriter *writer;
	RegdocsQueue *queue;
	RegdocsOrigin last_row;		/* that was inserted */

	/* The old row, among the junk columns of the plan */
	RegdocsJunkKey sid_junk;
	RegdocsJunkKey parent_junk;
	AttrNumber	row_junk;
	AttrNumber *column_junk;	/* by attnum - 1, of columns that are there by
								 * themselves; 0: not there */
	Datum	   *old_values;
	bool	   *old_nulls;
	bool	   *old_known;		/* which of them the plan has */
	RegdocsImage *image;		/* of old rows; for the journal */

	/* Sids that were written, as a join can bring a row more than once */
	HTAB	   *written;

	MemoryContext context;		/* everything here, this struct too */
	MemoryContext row_context;	/* reset for each row, or batch of them */
} RegdocsModify;

/* The state for one table of a statement, palloc'd for as long as that. */
extern RegdocsModify *regdocs_modify_begin(ModifyTableState *mtstate,
										   ResultRelInfo *rinfo,
										   CmdType operation, List *targets);

/*
 * The same for a node that writes by itself and returns rows.  "plan" is what
 * it gets its rows from.
 */
extern RegdocsModify *regdocs_modify_begin_direct(EState *estate,
												  ResultRelInfo *rinfo,
												  CmdType operation,
												  List *targets,
												  const Plan *plan);

/* Does anything look at rows right before or after they are written? */
extern bool regdocs_modify_has_row_triggers(const ResultRelInfo *rinfo,
											CmdType operation);

#endif							/* REGDOCS_MODIFY_BEGIN_H */
