/*-------------------------------------------------------------------------
 *
 * source.h
 *	  Where the rows of a scan come from: the list, fetches, or both.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_SOURCE_H
#define REGDOCS_SOURCE_H

#include "access/tupdesc.h"

#include "src/fdw/base/connection.h"
#include "src/fdw/base/options.h"
#include "src/fdw/read/asked.h"
#include "src/fdw/read/scan_plan.h"
#include "src/fdw/row/row.h"

typedef struct RegdocsSource RegdocsSource;

/*
 * A source that was not asked for anything yet, palloc'd in the current
 * context.  What it is given is BORROWED for its life.
 */
extern RegdocsSource *regdocs_source_new(RegdocsConnection *connection,
										 const RegdocsTableOptions *table,
										 const RegdocsScanPlan *plan,
										 RegdocsRowReader *reader);

/*
 * Ask for the rows of what is asked, which is BORROWED until the next request;
 * others may come along.  Of lists at most "bound" will probably be read
 * (REGDOCS_PAGER_ALL: no bound).  Sends nothing yet.
 */
extern void regdocs_source_ask(RegdocsSource *source,
							   const RegdocsAsked *asked, double bound);

/*
 * The next row of what was asked for last, palloc'd in the current context.
 * false: there is none left.
 */
extern bool regdocs_source_next(RegdocsSource *source, Datum *values,
								bool *nulls);

/*
 * Raise ERRCODE_PROTOCOL_VIOLATION for the list that is being handed out;
 * "failure" says in a full sentence why.
 */
extern void regdocs_source_raise_protocol(const RegdocsSource *source,
										  const char *failure)
			pg_attribute_noreturn();

/*
 * Send what has to be sent for the next row, and take in what has come.
 * Mostly without waiting: if the list has to be walked in the place of
 * fetches, that is done here.
 */
extern void regdocs_source_advance(RegdocsSource *source);

/*
 * Can the next row, or the end, be told without waiting?  Does nothing.  If
 * it cannot, the client's descriptor will become readable, or somebody else
 * who drives the client takes in the answer.
 */
extern bool regdocs_source_ready(const RegdocsSource *source);

/* Count the time since then as spent waiting for the API. */
extern void regdocs_source_add_wait(RegdocsSource *source, instr_time since);

/* What it took so far, with what is on its way. */
extern RegdocsUsage regdocs_source_usage(const RegdocsSource *source);

/* Frees its files, which memory contexts do not. */
extern void regdocs_source_end(RegdocsSource *source);

#endif							/* REGDOCS_SOURCE_H */
