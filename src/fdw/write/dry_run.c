/*-------------------------------------------------------------------------
 *
 * dry_run.c
 *	  What a statement would have sent, were it not a dry run.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

#include "src/fdw/base/report.h"
#include "src/fdw/write/dry_run.h"

/* Requests to one resource by one server. */
typedef struct Destination
{
	Oid			serverid;
	const RdapiResource *resource;
	uint64		creates;
	uint64		updates;
	uint64		deletes;
} Destination;

struct RegdocsDryRun
{
	MemoryContext context;
	List	   *destinations;	/* in the order in which they came */
};

RegdocsDryRun *
regdocs_dry_run_new(void)
{
	RegdocsDryRun *run = palloc0(sizeof(RegdocsDryRun));

	run->context = CurrentMemoryContext;
	return run;
}

static Destination *
destination_of(RegdocsDryRun *run, Oid serverid,
			   const RdapiResource *resource)
{
	Destination *destination;
	MemoryContext old_context;
	ListCell   *cell;

	foreach(cell, run->destinations)
	{
		destination = lfirst(cell);
		if (destination->serverid == serverid &&
			destination->resource == resource)
			return destination;
	}
	old_context = MemoryContextSwitchTo(run->context);
	destination = palloc0(sizeof(Destination));
	destination->serverid = serverid;
	destination->resource = resource;
	run->destinations = lappend(run->destinations, destination);
	MemoryContextSwitchTo(old_context);
	return destination;
}

void
regdocs_dry_run_expect(RegdocsDryRun *run, Oid serverid,
					   const RdapiResource *resource)
{
	(void) destination_of(run, serverid, resource);
}

void
regdocs_dry_run_count(RegdocsDryRun *run, Oid serverid,
					  RdapiRequest *request)
{
	RdapiOperation operation = rdapi_request_operation(request);
	const RdapiResource *resource = rdapi_request_resource(request);
	Destination *destination;

	rdapi_request_free(request);
	destination = destination_of(run, serverid, resource);
	if (operation == RDAPI_OP_CREATE)
		destination->creates++;
	else if (operation == RDAPI_OP_UPDATE)
		destination->updates++;
	else
		destination->deletes++;
}

static void
append_kind(StringInfo text, uint64 count, const char *kind)
{
	if (count > 0)
		appendStringInfo(text, "%s%llu %s%s", text->len > 0 ? ", " : "",
						 (unsigned long long) count, kind,
						 count == 1 ? "" : "s");
}

/* "3 creates, 1 delete of supporting documents", palloc'd; "": none. */
static char *
describe(const Destination *destination)
{
	StringInfoData text;

	initStringInfo(&text);
	append_kind(&text, destination->creates, "create");
	append_kind(&text, destination->updates, "update");
	append_kind(&text, destination->deletes, "delete");
	if (text.len > 0)
		appendStringInfo(&text, " of %s", destination->resource->plural);
	return text.data;
}

void
regdocs_dry_run_tell(const RegdocsDryRun *run)
{
	StringInfoData text;
	ListCell   *cell;

	initStringInfo(&text);
	foreach(cell, run->destinations)
	{
		const Destination *destination = lfirst(cell);
		const char *requests = describe(destination);

		appendStringInfo(&text, "%s%s to server \"%s\"",
						 text.len > 0 ? ", " : "",
						 requests[0] != '\0' ? requests :
						 psprintf("nothing of %s",
								  destination->resource->plural),
						 GetForeignServer(destination->serverid)->servername);
	}
	if (text.len == 0)
		appendStringInfoString(&text, "nothing");
	ereport(NOTICE,
			(errmsg("dry run: would have sent %s", text.data),
			 REGDOCS_KEEP_OUT_OF_LOG));
	pfree(text.data);
}
