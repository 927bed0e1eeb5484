/*-------------------------------------------------------------------------
 *
 * modify_add.h
 *	  What becomes of the request that a row was made into.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_MODIFY_ADD_H
#define REGDOCS_MODIFY_ADD_H

#include "src/fdw/write/modify_begin.h"

/*
 * Queue it; in a dry run, count it.  STEALS the request, also where an error is
 * raised.  sid is NULL for a create, which is last_row.  "old" is the row as it
 * was read, as JSON; NULL: it is not known.  Raises 54000 where the statement
 * writes more rows than it may.
 */
extern void regdocs_modify_add(RegdocsModify *modify, RdapiRequest *request,
							   const char *sid, const char *old);

/* Was the write that was awaited last left out, as the API refused it? */
extern bool regdocs_modify_left_out(const RegdocsModify *modify);

#endif							/* REGDOCS_MODIFY_ADD_H */
