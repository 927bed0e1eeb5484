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
#include "src/fdw/options.h"
#include "src/fdw/private.h"
#include "src/fdw/scan.h"

static void
explain_usage(const RegdocsUsage *usage, uint64 ignored, ExplainState *es)
{
	ExplainPropertyInteger("API Requests", NULL, usage->requests, es);
	ExplainPropertyInteger("API Pages", NULL, usage->pages, es);
	ExplainPropertyInteger("API Retries", NULL, usage->retries, es);
	if (ignored > 0)
		ExplainPropertyInteger("API Documents Ignored", NULL, ignored, es);
	if (!es->timing)
		return;
	ExplainPropertyInteger("API Bytes Received", NULL, usage->bytes_received,
						   es);
	ExplainPropertyFloat("API Wait", "ms",
						 INSTR_TIME_GET_MILLISEC(usage->waited), 3, es);
}

void
regdocsExplainForeignScan(ForeignScanState *node, ExplainState *es)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	RegdocsScanPlan *scan = regdocs_private_unpack_scan(plan->fdw_private);
	ForeignTable *table =
		GetForeignTable(RelationGetRelid(node->ss.ss_currentRelation));
	RegdocsTableOptions *options =
		regdocs_table_options(table, GetForeignServer(table->serverid));
	const RegdocsUsage *usage;
	uint64		ignored = 0;

	ExplainPropertyText("API Request",
						psprintf("GET %s%s", options->resource->path,
								 scan->mode == REGDOCS_SCAN_LIST ? "" : "/{sid}"),
						es);
	if (scan->mode == REGDOCS_SCAN_LIST)
		ExplainPropertyInteger("Page Size", NULL, scan->page_size, es);

	usage = regdocs_scan_usage(node, &ignored);
	if (es->analyze && usage != NULL)
		explain_usage(usage, ignored, es);
}
