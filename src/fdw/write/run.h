/*-------------------------------------------------------------------------
 *
 * run.h
 *	  How many rows the executor is asked for.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_RUN_H
#define REGDOCS_RUN_H

#include "nodes/execnodes.h"

/* No limit. */
#define REGDOCS_RUN_ALL		PG_UINT64_MAX

/* Install the hook; once per process. */
extern void regdocs_run_init(void);

/*
 * How many rows more the statement may return, now that it runs: whoever calls
 * the executor can ask for some alone, as PL/pgSQL's INTO does for two.  For
 * statements other than SELECT.
 */
extern uint64 regdocs_run_left(const EState *estate);

#endif							/* REGDOCS_RUN_H */
