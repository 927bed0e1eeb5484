/*-------------------------------------------------------------------------
 *
 * audit.c
 *	  What became of a write, for all who have to know: the ledger, the journal
 *	  and the server's log.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "src/fdw/write/audit.h"
#include "src/fdw/write/image.h"

void
regdocs_audit_queued(RegdocsWrite *write, const char *old)
{
	const RegdocsQueue *queue = write->queue;
	RegdocsJournalEntry entry;
	char	   *new_text = regdocs_image_of_request(write->request);

	memset(&entry, 0, sizeof(entry));
	entry.userid = queue->to.userid;
	namestrcpy(&entry.server, queue->server_name);
	entry.resource = queue->resource;
	entry.operation = write->place.operation;
	if (write->place.object != NULL)
		strlcpy(entry.sid, write->place.object->sid, sizeof(entry.sid));
	write->entry = regdocs_journal_add(&entry, old, new_text);
	if (new_text != NULL)
		pfree(new_text);
}

static RegdocsOutcome
outcome_of(const RegdocsResult *outcome)
{
	switch (outcome->result)
	{
		case REGDOCS_WRITE_DONE:
			return REGDOCS_OUTCOME_DONE;
		case REGDOCS_WRITE_FAILED:
			return REGDOCS_OUTCOME_REFUSED;
		default:
			return REGDOCS_OUTCOME_UNKNOWN;
	}
}

/*
 * A line that is there whatever becomes of the transaction, and holds no value.
 * The client is at work, or an error is dealt with: an interrupt must wait.
 */
static void
log_write(const RegdocsWrite *write, const RdapiCall *call, const char *sid,
		  RegdocsOutcome outcome)
{
	const RegdocsQueue *queue = write->queue;
	RdapiCallStats stats = rdapi_call_stats(call);

	if (regdocs_log_requests != REGDOCS_LOG_WRITES)
		return;
	HOLD_INTERRUPTS();
	ereport(LOG,
			(errmsg("regdocs_fdw write: role=%s server=%s account=%s resource=%s operation=%s sid=%s outcome=%s ms=" INT64_FORMAT " request_id=%s",
					quote_identifier(queue->role_name),
					quote_identifier(queue->server_name),
					regdocs_queue_account(queue), queue->resource->name,
					regdocs_operation_name(write->place.operation),
					sid == NULL ? "" : sid, regdocs_outcome_name(outcome),
					stats.elapsed_ms, rdapi_call_request_id(call)),
			 errhidestmt(true), errhidecontext(true)));
	RESUME_INTERRUPTS();
}

void
regdocs_audit_ended(RegdocsWrite *write, const RdapiCall *call,
					const RegdocsResult *outcome)
{
	const RegdocsQueue *queue = write->queue;
	RegdocsOutcome name = outcome_of(outcome);
	const char *sid = NULL;

	if (write->place.object != NULL)
		sid = write->place.object->sid;
	else if (outcome->created_sid[0] != '\0')
		sid = outcome->created_sid;
	if (name != REGDOCS_OUTCOME_REFUSED)
		queue->group->note(write->level, queue->resource,
						   write->place.operation,
						   name == REGDOCS_OUTCOME_DONE, sid);
	regdocs_journal_end(write->entry, name, sid, &outcome->error);
	write->entry = REGDOCS_NO_ENTRY;
	log_write(write, call, sid, name);
}
