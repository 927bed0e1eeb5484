/*-------------------------------------------------------------------------
 *
 * dry_run.h
 *	  What a statement would have sent, were it not a dry run.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_DRY_RUN_H
#define REGDOCS_DRY_RUN_H

#include "src/api/request.h"

typedef struct RegdocsDryRun RegdocsDryRun;

/* palloc'd, with all that it keeps, in the current context. */
extern RegdocsDryRun *regdocs_dry_run_new(void);

/* The statement writes by that server to that resource, or is about to. */
extern void regdocs_dry_run_expect(RegdocsDryRun *run, Oid serverid,
								   const RdapiResource *resource);

/* Count a request, which is STOLEN, instead of sending it. */
extern void regdocs_dry_run_count(RegdocsDryRun *run, Oid serverid,
								  RdapiRequest *request);

/* Say in one NOTICE what would have been sent. */
extern void regdocs_dry_run_tell(const RegdocsDryRun *run);

#endif							/* REGDOCS_DRY_RUN_H */
