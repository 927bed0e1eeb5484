/*-------------------------------------------------------------------------
 *
 * modify_add.c
 *	  What becomes of the request that a row was made into.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/rel.h"

#include "src/fdw/base/report.h"
#include "src/fdw/write/modify_add.h"

/*
 * What is under way is waited for, so that it can be told.  Changes and
 * deletions are held until all rows are known, so of these nothing is.
 */
static void
refuse_more(RegdocsModify *modify)
{
	const RegdocsTally *tally = regdocs_writer_tally(modify->writer);

	regdocs_writer_settle(modify->writer);
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("statement writes more than %d rows to foreign table \"%s\"",
					modify->table->max_writes_per_statement,
					RelationGetRelationName(modify->rel)),
			 errdetail("Option \"max_writes_per_statement\" of the foreign table or of its server does not allow more. %s",
					   regdocs_tally_ended(tally) == 0 ?
					   "Nothing was sent." : regdocs_tally_describe(tally)),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

void
regdocs_modify_add(RegdocsModify *modify, RdapiRequest *request,
				   const char *sid, const char *old)
{
	uint64		most = modify->table->max_writes_per_statement;
	RegdocsOrigin origin = {0};

	if (regdocs_writer_count_row(modify->writer) > most && most > 0)
	{
		rdapi_request_free(request);
		refuse_more(modify);
	}
	if (modify->dry_run != NULL)
	{
		regdocs_dry_run_count(modify->dry_run, modify->serverid, request);
		return;
	}
	if (sid == NULL)
		origin = modify->last_row;
	origin.old = old;
	origin.ignores_refusal = modify->table->on_write_error ==
		REGDOCS_ON_WRITE_ERROR_IGNORE;
	regdocs_queue_add(modify->queue, request, sid, &origin);
}

bool
regdocs_modify_left_out(const RegdocsModify *modify)
{
	return modify->awaited && regdocs_queue_left_out(modify->queue);
}
