/*-------------------------------------------------------------------------
 *
 * regdocs_fdw.c
 *	  Module entry: magic, configuration parameters, the table of callbacks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "fmgr.h"
#include "foreign/fdwapi.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "src/fdw/read/analyze.h"
#include "src/fdw/read/async.h"
#include "src/fdw/read/blind.h"
#include "src/fdw/base/connection.h"
#include "src/fdw/base/hosts.h"
#include "src/fdw/base/progress.h"
#include "src/fdw/base/options.h"
#include "src/fdw/explain.h"
#include "src/fdw/import.h"
#include "src/fdw/read/join.h"
#include "src/fdw/write/direct.h"
#include "src/fdw/write/direct_plan.h"
#include "src/fdw/write/modify.h"
#include "src/fdw/write/modify_plan.h"
#include "src/fdw/read/plan.h"
#include "src/fdw/read/scan.h"
#include "src/fdw/write/run.h"
#include "src/fdw/write/xact.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(regdocs_fdw_handler);

/* GUC; see direct_plan.h */
bool		regdocs_returning_ahead = true;

/* GUC; see join.h */
bool		regdocs_enable_batched_join = true;

/* "on" is what it was when it was a boolean. */
static const struct config_enum_entry log_levels[] = {
	{"off", REGDOCS_LOG_NOTHING, false},
	{"all", REGDOCS_LOG_ALL, false},
	{"writes", REGDOCS_LOG_WRITES, false},
	{"on", REGDOCS_LOG_ALL, true},
	{"true", REGDOCS_LOG_ALL, true},
	{"yes", REGDOCS_LOG_ALL, true},
	{"1", REGDOCS_LOG_ALL, true},
	{"false", REGDOCS_LOG_NOTHING, true},
	{"no", REGDOCS_LOG_NOTHING, true},
	{"0", REGDOCS_LOG_NOTHING, true},
	{NULL, 0, false}
};

static const struct config_enum_entry write_modes[] = {
	{"unset", REGDOCS_WRITE_UNSET, false},
	{"immediate", REGDOCS_WRITE_IMMEDIATE, false},
	{"at_commit", REGDOCS_WRITE_AT_COMMIT, false},
	{NULL, 0, false}
};

void		_PG_init(void);

void
_PG_init(void)
{
	DefineCustomEnumVariable("regdocs_fdw.log_requests",
							 "Logs requests to the API.",
							 "\"all\": one line a request; \"writes\": one line a write, who has made it and what became of it.",
							 &regdocs_log_requests,
							 REGDOCS_LOG_NOTHING, log_levels,
							 PGC_SUSET,
							 0,
							 NULL, NULL, NULL);
	DefineCustomIntVariable("regdocs_fdw.progress_interval",
							"Sets the least time between messages of what a statement waits for.",
							"0 means that there are none.",
							&regdocs_progress_interval_ms,
							10000, 0, INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							regdocs_progress_check_interval, NULL, NULL);
	DefineCustomIntVariable("regdocs_fdw.retry_budget",
							"Sets how long after its first try a request may be tried again.",
							"-1 leaves that to the option of the server.",
							&regdocs_retry_budget_ms,
							-1, -1, SECS_PER_DAY * 1000,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomIntVariable("regdocs_fdw.max_sockets",
							"Sets how many connections the session holds to all servers together.",
							"More servers than that in one statement take turns.",
							&regdocs_max_sockets,
							64, 1, 1024,
							PGC_USERSET,
							0,
							NULL, NULL, NULL);
	DefineCustomBoolVariable("regdocs_fdw.returning_ahead",
							 "Writes rows of statements with RETURNING several at a time.",
							 "Off, each row is written and returned before the next one is read.",
							 &regdocs_returning_ahead,
							 true,
							 PGC_USERSET,
							 0,
							 NULL, NULL, NULL);
	DefineCustomBoolVariable("regdocs_fdw.enable_batched_join",
							 "Lets the planner join rows with the API's in batches of keys.",
							 NULL,
							 &regdocs_enable_batched_join,
							 true,
							 PGC_USERSET,
							 GUC_EXPLAIN,
							 NULL, NULL, NULL);
	DefineCustomStringVariable("regdocs_fdw.allowed_hosts",
							   "Lists the hosts that servers may name.",
							   "Names and patterns with \"*\", separated by commas.",
							   &regdocs_allowed_hosts,
							   "*",
							   PGC_SUSET,
							   GUC_LIST_INPUT,
							   regdocs_hosts_check, regdocs_hosts_assign,
							   NULL);
	DefineCustomBoolVariable("regdocs_fdw.dry_run",
							 "Checks what is to be written, and sends nothing of it.",
							 "A NOTICE at the end of each statement says what it would have sent.",
							 &regdocs_dry_run,
							 false,
							 PGC_USERSET,
							 0,
							 NULL, NULL, NULL);
	DefineCustomEnumVariable("regdocs_fdw.write_mode",
							 "Sets when writes are sent.",
							 "\"unset\" leaves that to the option of foreign table and server.",
							 &regdocs_write_mode,
							 REGDOCS_WRITE_UNSET, write_modes,
							 PGC_USERSET,
							 0,
							 NULL, NULL, NULL);
	MarkGUCPrefixReserved("regdocs_fdw");

	regdocs_connection_init();
	regdocs_blind_init();
	regdocs_join_init();
	regdocs_xact_init();
	regdocs_run_init();
}

Datum
regdocs_fdw_handler(PG_FUNCTION_ARGS)
{
	FdwRoutine *routine = makeNode(FdwRoutine);

	/* Scans */
	routine->GetForeignRelSize = regdocsGetForeignRelSize;
	routine->GetForeignPaths = regdocsGetForeignPaths;
	routine->GetForeignPlan = regdocsGetForeignPlan;
	routine->BeginForeignScan = regdocsBeginForeignScan;
	routine->IterateForeignScan = regdocsIterateForeignScan;
	routine->ReScanForeignScan = regdocsReScanForeignScan;
	routine->EndForeignScan = regdocsEndForeignScan;

	routine->IsForeignPathAsyncCapable = regdocsIsForeignPathAsyncCapable;
	routine->ForeignAsyncRequest = regdocsForeignAsyncRequest;
	routine->ForeignAsyncConfigureWait = regdocsForeignAsyncConfigureWait;
	routine->ForeignAsyncNotify = regdocsForeignAsyncNotify;

	/* ANALYZE */
	routine->AnalyzeForeignTable = regdocsAnalyzeForeignTable;

	/* Writes */
	routine->AddForeignUpdateTargets = regdocsAddForeignUpdateTargets;
	routine->PlanForeignModify = regdocsPlanForeignModify;
	routine->IsForeignRelUpdatable = regdocsIsForeignRelUpdatable;
	routine->BeginForeignModify = regdocsBeginForeignModify;
	routine->ExecForeignInsert = regdocsExecForeignInsert;
	routine->ExecForeignBatchInsert = regdocsExecForeignBatchInsert;
	routine->GetForeignModifyBatchSize = regdocsGetForeignModifyBatchSize;
	routine->ExecForeignUpdate = regdocsExecForeignUpdate;
	routine->ExecForeignDelete = regdocsExecForeignDelete;
	routine->EndForeignModify = regdocsEndForeignModify;
	routine->BeginForeignInsert = regdocsBeginForeignInsert;
	routine->EndForeignInsert = regdocsEndForeignModify;

	/* Writes that return rows, several at a time */
	routine->PlanDirectModify = regdocsPlanDirectModify;
	routine->BeginDirectModify = regdocsBeginDirectModify;
	routine->IterateDirectModify = regdocsIterateDirectModify;
	routine->EndDirectModify = regdocsEndDirectModify;

	/* EXPLAIN */
	routine->ExplainForeignScan = regdocsExplainForeignScan;
	routine->ExplainForeignModify = regdocsExplainForeignModify;
	routine->ExplainDirectModify = regdocsExplainDirectModify;

	/* IMPORT FOREIGN SCHEMA */
	routine->ImportForeignSchema = regdocsImportForeignSchema;

	PG_RETURN_POINTER(routine);
}
