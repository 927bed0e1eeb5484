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

void		_PG_init(void);

void
_PG_init(void)
{
	DefineCustomBoolVariable("regdocs_fdw.log_requests",
							 "Logs each request to the API.",
							 "One line a request: method, path, status, duration, tries and request id.",
							 &regdocs_log_requests,
							 false,
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
							NULL, NULL, NULL);
	DefineCustomIntVariable("regdocs_fdw.retry_budget",
							"Sets how long after its first try a request may be tried again.",
							"-1 leaves that to the option of the server.",
							&regdocs_retry_budget_ms,
							-1, -1, SECS_PER_DAY * 1000,
							PGC_USERSET,
							GUC_UNIT_MS,
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
