/*-------------------------------------------------------------------------
 *
 * statements.h
 *	  The statements of a refresh, and their execution.
 *
 * SPI must be connected.  All names are qualified or of the refresh's own, and
 * all operators are: whatever the search path, they mean the same.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_STATEMENTS_H
#define REGDOCS_STATEMENTS_H

#include "src/fdw/mirror/found.h"

/* Read all rows of the source, and compare them with the mirror. */
extern void regdocs_statement_walk(const RegdocsShape *shape,
								   RegdocsFound *found);

/* Ask for the missing ones by their sids, and compare them likewise. */
extern void regdocs_statement_ask(const RegdocsShape *shape,
								  RegdocsFound *found);

/* Rows that were written; the history has one for each. */
typedef struct RegdocsWritten
{
	int64		inserted;
	int64		updated;
	int64		deleted;
} RegdocsWritten;

extern RegdocsWritten regdocs_statement_write(const RegdocsShape *shape,
											  RegdocsChanges *changes);

/* ANALYZE the target, unless somebody is about to change it. */
extern void regdocs_statement_analyze(const RegdocsShape *shape);

#endif							/* REGDOCS_STATEMENTS_H */
