/*-------------------------------------------------------------------------
 *
 * explain.c
 *	  What EXPLAIN says of scans and of writes: FDW callbacks.
 *
 * Names keys by {sid} and never shows a value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "foreign/foreign.h"
#include "utils/rel.h"

#include "src/fdw/explain.h"
#include "src/fdw/modify.h"
#include "src/fdw/options.h"
#include "src/fdw/private.h"
#include "src/fdw/scan.h"

static RegdocsTableOptions *
options_of(Relation rel)
{
	ForeignTable *table = GetForeignTable(RelationGetRelid(rel));

	return regdocs_table_options(table, GetForeignServer(table->serverid));
}

/* What took time, in numbers that are not the same twice. */
static void
explain_timing(const RegdocsUsage *usage, ExplainState *es)
{
	if (!es->timing)
		return;
	ExplainPropertyInteger("API Bytes Received", NULL, usage->bytes_received,
						   es);
	ExplainPropertyFloat("API Wait", "ms",
						 INSTR_TIME_GET_MILLISEC(usage->waited), 3, es);
}

static void
explain_usage(const RegdocsUsage *usage, uint64 ignored, ExplainState *es)
{
	ExplainPropertyInteger("API Requests", NULL, usage->requests, es);
	ExplainPropertyInteger("API Pages", NULL, usage->pages, es);
	ExplainPropertyInteger("API Retries", NULL, usage->retries, es);
	if (ignored > 0)
		ExplainPropertyInteger("API Documents Ignored", NULL, ignored, es);
	explain_timing(usage, es);
}

void
regdocsExplainForeignScan(ForeignScanState *node, ExplainState *es)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	RegdocsScanPlan *scan = regdocs_private_unpack_scan(plan->fdw_private);
	RegdocsTableOptions *options = options_of(node->ss.ss_currentRelation);
	RegdocsUsage usage;
	uint64		ignored;

	ExplainPropertyText("API Request",
						psprintf("GET %s%s", options->resource->path,
								 scan->keys == NIL ? "" : "/{sid}"),
						es);
	if (scan->keys == NIL)
		ExplainPropertyInteger("Page Size", NULL, scan->page_size, es);

	if (es->analyze && regdocs_scan_usage(node, &usage, &ignored))
		explain_usage(&usage, ignored, es);
}

void
regdocsExplainForeignModify(ModifyTableState *mtstate, ResultRelInfo *rinfo,
							List *fdw_private, int subplan_index,
							ExplainState *es)
{
	CmdType		operation = mtstate->operation;
	RegdocsTableOptions *options = options_of(rinfo->ri_RelationDesc);
	const RegdocsUsage *usage;

	ExplainPropertyText("API Request",
						psprintf("%s %s%s",
								 operation == CMD_DELETE ? "DELETE" : "POST",
								 options->resource->path,
								 operation == CMD_INSERT ? "" : "/{sid}"),
						es);
	if (operation == CMD_INSERT)
		ExplainPropertyInteger("Batch Size", NULL, rinfo->ri_BatchSize, es);

	usage = regdocs_modify_usage(rinfo);
	if (!es->analyze || usage == NULL)
		return;
	ExplainPropertyInteger("API Requests", NULL, usage->requests, es);
	ExplainPropertyInteger("API Retries", NULL, usage->retries, es);
	explain_timing(usage, es);
}
