/*-------------------------------------------------------------------------
 *
 * run.c
 *	  How many rows the executor is asked for.
 *
 * What is written ahead of the row that is to be returned must not be more than
 * that, and the plan does not tell.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/write/run.h"

/* A statement that runs, for a limited number of rows; on the stack. */
typedef struct Run
{
	const EState *estate;
	uint64		count;
	struct Run *outer;			/* the one in which this one runs */
} Run;

static Run *runs = NULL;

static ExecutorRun_hook_type previous_hook = NULL;

static void
run(REGDOCS_RUN_PARAMETERS)
{
	if (previous_hook != NULL)
		previous_hook(REGDOCS_RUN_ARGUMENTS);
	else
		standard_ExecutorRun(REGDOCS_RUN_ARGUMENTS);
}

static void
note_run(REGDOCS_RUN_PARAMETERS)
{
	Run			this = {query->estate, count, runs};

	if (count == 0 || query->operation == CMD_SELECT)
	{
		run(REGDOCS_RUN_ARGUMENTS);
		return;
	}
	runs = &this;
	PG_TRY();
	{
		run(REGDOCS_RUN_ARGUMENTS);
	}
	PG_FINALLY();
	{
		runs = this.outer;
	}
	PG_END_TRY();
}

void
regdocs_run_init(void)
{
	previous_hook = ExecutorRun_hook;
	ExecutorRun_hook = note_run;
}

uint64
regdocs_run_left(const EState *estate)
{
	const Run  *found = runs;

	while (found != NULL && found->estate != estate)
		found = found->outer;
	if (found == NULL)
		return REGDOCS_RUN_ALL;
	return found->count - Min(estate->es_processed, found->count);
}
