/*-------------------------------------------------------------------------
 *
 * spill.h
 *	  Requests on disk, until they are sent.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_SPILL_H
#define REGDOCS_SPILL_H

#include "src/api/request.h"

typedef struct RegdocsSpill RegdocsSpill;

/*
 * A temporary file, to be freed before the transaction ends; the rest is
 * palloc'd in the current context.
 */
extern RegdocsSpill *regdocs_spill_new(void);

/* NULL-safe. */
extern void regdocs_spill_free(RegdocsSpill *spill);

/*
 * Write a request, which stays the caller's, into the file.  Returns where it
 * is.  Raises an error where the file cannot be written to.
 */
extern int64 regdocs_spill_put(RegdocsSpill *spill,
							   const RdapiRequest *request);

/*
 * Make the request of that place anew.  NEW.  Raises an error where the file
 * cannot be read.
 */
extern RdapiRequest *regdocs_spill_get(RegdocsSpill *spill, int64 place);

#endif							/* REGDOCS_SPILL_H */
