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
#include "lib/stringinfo.h"
#include "utils/rel.h"

#include "src/fdw/explain.h"
#include "src/fdw/write/direct.h"
#include "src/fdw/write/modify.h"
#include "src/fdw/write/write_queue.h"
#include "src/fdw/base/options.h"
#include "src/fdw/read/scan_plan.h"
#include "src/fdw/read/scan.h"

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

/* Are objects asked for by their own key, rather than lists? */
static bool
asks_by_sid(const RegdocsScanPlan *plan, const RdapiResource *resource)
{
	return regdocs_scan_plan_find(plan->asks, resource->sid_field) != NULL &&
		rdapi_resource_can(resource, RDAPI_CAN_FETCH);
}

static void
append_parameter(StringInfo request, const char *name)
{
	appendStringInfo(request, "%c%s",
					 strchr(request->data, '?') == NULL ? '?' : '&', name);
}

/*
 * What is asked for, with the names of parameters and never a value, palloc'd:
 * "GET .../Bundles?Status&SortBy&SortDirection".
 */
static char *
describe_scan(const RegdocsScanPlan *plan, const RegdocsTableOptions *options,
			  bool by_sid)
{
	const RdapiResource *resource = options->resource;
	StringInfoData request;
	ListCell   *cell;

	initStringInfo(&request);
	appendStringInfo(&request, "GET %s%s", resource->path,
					 by_sid ? "/{sid}" : "");
	foreach(cell, by_sid ? NIL : plan->asks)
	{
		const RegdocsAsk *ask = lfirst(cell);
		int			filter = rdapi_resource_filter(resource, ask->field,
												   ask->test);

		if (filter >= 0)
			append_parameter(&request, resource->filters[filter].parameter);
	}
	if (plan->sort >= 0)
	{
		append_parameter(&request, RDAPI_SORT_PARAMETER);
		append_parameter(&request, RDAPI_DIRECTION_PARAMETER);
	}
	if (options->include_constraints)
		append_parameter(&request, resource->constraints_parameter);
	return request.data;
}

void
regdocsExplainForeignScan(ForeignScanState *node, ExplainState *es)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	RegdocsScanPlan *scan = regdocs_scan_plan_unpack(plan->fdw_private);
	RegdocsTableOptions *options = options_of(node->ss.ss_currentRelation);
	bool		by_sid = asks_by_sid(scan, options->resource);
	RegdocsUsage usage;
	uint64		ignored;

	ExplainPropertyText("API Request",
						describe_scan(scan, options, by_sid), es);
	if (options->resource->parent != NULL &&
		regdocs_scan_plan_find(scan->asks,
							   options->resource->parent_field) == NULL)
		ExplainPropertyText("API Parent Request",
							psprintf("GET %s",
									 options->resource->parent->path), es);
	if (scan->batch_param >= 0)
		ExplainPropertyBool("API Batched", true, es);
	if (!by_sid)
		ExplainPropertyInteger("Page Size", NULL, scan->page_size, es);

	if (es->analyze && regdocs_scan_usage(node, &usage, &ignored))
		explain_usage(&usage, ignored, es);
}

/* What is sent for each row, and how many rows are handed over at once. */
static void
explain_writes(const RegdocsTableOptions *options, CmdType operation,
			   int batch_size, ExplainState *es)
{
	ExplainPropertyText("API Request",
						psprintf("%s %s%s",
								 operation == CMD_DELETE ? "DELETE" : "POST",
								 options->resource->path,
								 operation == CMD_INSERT ? "" : "/{sid}"),
						es);
	if (batch_size > 0)
		ExplainPropertyInteger("Batch Size", NULL, batch_size, es);
	if (options->write_mode == REGDOCS_WRITE_AT_COMMIT)
		ExplainPropertyText("Write Mode", "at_commit", es);
}

/* usage is NULL where nothing was begun. */
static void
explain_sent(const RegdocsUsage *usage, ExplainState *es)
{
	if (!es->analyze || usage == NULL)
		return;
	ExplainPropertyInteger("API Requests", NULL, usage->requests, es);
	ExplainPropertyInteger("API Retries", NULL, usage->retries, es);
	explain_timing(usage, es);
}

void
regdocsExplainForeignModify(ModifyTableState *mtstate, ResultRelInfo *rinfo,
							List *fdw_private, int subplan_index,
							ExplainState *es)
{
	CmdType		operation = mtstate->operation;

	explain_writes(options_of(rinfo->ri_RelationDesc), operation,
				   operation == CMD_INSERT ? rinfo->ri_BatchSize : 0, es);
	explain_sent(regdocs_modify_usage(rinfo), es);
}

void
regdocsExplainDirectModify(ForeignScanState *node, ExplainState *es)
{
	CmdType		operation = ((ForeignScan *) node->ss.ps.plan)->operation;
	Relation	rel = node->ss.ss_currentRelation;
	ForeignTable *table = GetForeignTable(RelationGetRelid(rel));
	ForeignServer *server = GetForeignServer(table->serverid);
	int			concurrency = regdocs_server_options(server)->concurrency;

	explain_writes(regdocs_table_options(table, server), operation,
				   REGDOCS_WINDOWS_AHEAD * concurrency, es);
	explain_sent(regdocs_direct_usage(node), es);
}
