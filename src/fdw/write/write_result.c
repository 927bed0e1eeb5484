/*-------------------------------------------------------------------------
 *
 * write_result.c
 *	  What became of a write, and how its failure is told.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "src/fdw/write/write_result.h"
#include "src/fdw/base/report.h"

void
regdocs_tally_count(RegdocsTally *tally, RegdocsWriteStatus result)
{
	switch (result)
	{
		case REGDOCS_WRITE_DONE:
			tally->done++;
			break;
		case REGDOCS_WRITE_FAILED:
			tally->failed++;
			break;
		case REGDOCS_WRITE_UNKNOWN:
			tally->unknown++;
			break;
	}
}

uint64
regdocs_tally_ended(const RegdocsTally *tally)
{
	return tally->done + tally->failed + tally->unknown;
}

/* The call has failed. */
static void
judge_failure(RegdocsResult *outcome, RdapiOperation operation)
{
	if (outcome->error.kind == RDAPI_ERR_UNKNOWN)
		outcome->result = REGDOCS_WRITE_UNKNOWN;
	else if (operation == RDAPI_OP_DELETE &&
			 outcome->error.kind == RDAPI_ERR_NOT_FOUND)
	{
		/* Gone is gone, whoever did it. */
		outcome->result = REGDOCS_WRITE_DONE;
		rdapi_error_clear(&outcome->error);
	}
	else
		outcome->result = REGDOCS_WRITE_FAILED;
}

/* The API answered with success, but not what it promises. */
static void
set_error(RegdocsResult *outcome, const RdapiCall *call, RdapiErrorKind kind,
		  const char *message)
{
	rdapi_error_set(&outcome->error, kind, "%s", message);
	outcome->error.http_status = rdapi_call_http_status(call);
	strlcpy(outcome->error.request_id, rdapi_call_request_id(call),
			sizeof(outcome->error.request_id));
}

/* Take the sid of what was created.  false: the answer has none. */
static bool
take_sid(RegdocsResult *outcome, const RegdocsPage *page)
{
	const char *sid = regdocs_page_sid(page, 0);

	if (sid == NULL)
		return false;
	memcpy(outcome->created_sid, sid, RDAPI_SID_BYTES);
	outcome->created_sid[RDAPI_SID_BYTES] = '\0';
	return true;
}

/*
 * The answer as a page; NULL: it cannot be read.  An error here would leave
 * the write without an outcome, and an interrupt would raise one.
 */
static RegdocsPage *
parse_answer(const RdapiResource *resource, RdapiCall *call,
			 RegdocsFieldMask fields)
{
	MemoryContext context = CurrentMemoryContext;
	uint32		holdoff_count = InterruptHoldoffCount;
	RegdocsPage *volatile page = NULL;
	char	   *failure = NULL;
	size_t		length;
	char	   *text = rdapi_call_body(call, &length);

	HOLD_INTERRUPTS();
	PG_TRY();
	{
		page = regdocs_page_parse_object(resource, text, length, fields,
										 &failure);
		if (page != NULL)
			page->parent_sid =
				rdapi_request_parent_sid(rdapi_call_request(call));
	}
	PG_CATCH();
	{
		/* As of JSON that is nested too deeply for the stack. */
		MemoryContextSwitchTo(context);
		FlushErrorState();
	}
	PG_END_TRY();

	/* Raising an error has set it to zero. */
	InterruptHoldoffCount = holdoff_count;
	return page;
}

/* Does the answer to an update show the object that was to be changed? */
static bool
shows_object(const RdapiRequest *request, const RegdocsPage *page)
{
	const char *sid = regdocs_page_sid(page, 0);

	return sid != NULL &&
		strncmp(rdapi_request_sid(request), sid, RDAPI_SID_BYTES) == 0;
}

static bool
has_file(const RegdocsPage *page, int field)
{
	const RegdocsSlice *type = regdocs_page_field(page, 0, field);

	/* A string that is not empty; many write "image\/png". */
	return type->length > 2 && page->text[type->start] == '"';
}

/* The call has succeeded, and has something to say. */
static void
judge_answer(RegdocsResult *outcome, RdapiCall *call,
			 const RdapiResource *resource, RegdocsFieldMask fields)
{
	const RdapiRequest *request = rdapi_call_request(call);
	bool		create = rdapi_request_operation(request) == RDAPI_OP_CREATE;
	int			file_proof = rdapi_request_has_file(request) ?
	resource->file_proof_field : RDAPI_NO_FIELD;
	RegdocsPage *page;

	if (file_proof >= 0)
		fields |= REGDOCS_FIELD_BIT(file_proof);
	page = parse_answer(resource, call, fields);

	if (create && (page == NULL || !take_sid(outcome, page)))
	{
		/* Something was created, perhaps, and cannot be named. */
		outcome->result = REGDOCS_WRITE_UNKNOWN;
		set_error(outcome, call, RDAPI_ERR_UNKNOWN,
				  "the answer to a create names nothing that was created");
	}
	else if (!create && (page == NULL || !shows_object(request, page)))
	{
		/* A proxy can answer so, which has passed nothing on. */
		outcome->result = REGDOCS_WRITE_UNKNOWN;
		set_error(outcome, call, RDAPI_ERR_UNKNOWN,
				  "the answer to an update does not show what was changed");
	}
	else if (file_proof >= 0 && !has_file(page, file_proof))
	{
		outcome->lacks_file = true;
		set_error(outcome, call, RDAPI_ERR_PROTOCOL,
				  "the API did not take the file");
	}
	outcome->page = page;
}

void
regdocs_result_judge(RegdocsResult *outcome, RdapiCall *call,
					 const RdapiResource *resource, RegdocsFieldMask fields)
{
	const RdapiError *error = rdapi_call_error(call);
	RdapiOperation operation =
	rdapi_request_operation(rdapi_call_request(call));

	memset(outcome, 0, sizeof(RegdocsResult));
	if (error != NULL)
	{
		outcome->error = *error;
		judge_failure(outcome, operation);
		return;
	}
	outcome->result = REGDOCS_WRITE_DONE;
	if (operation != RDAPI_OP_DELETE)
		judge_answer(outcome, call, resource, fields);
}

bool
regdocs_result_is_foreign(const RegdocsResult *outcome,
						  const RdapiCall *call)
{
	const RdapiError *error = &outcome->error;

	return rdapi_request_operation(rdapi_call_request(call)) ==
		RDAPI_OP_DELETE && error->http_status == 404 &&
		(error->kind == RDAPI_ERR_PROTOCOL ||
		 (error->kind == RDAPI_ERR_UNKNOWN &&
		  error->cause == RDAPI_ERR_PROTOCOL));
}

void
regdocs_result_judge_deletion(RegdocsResult *outcome, RdapiCall *deletion,
							  RdapiCall *fetch, const RdapiResource *resource)
{
	const RdapiError *error = rdapi_call_error(fetch);
	RegdocsPage *page;

	regdocs_result_judge(outcome, deletion, resource, 0);
	if (error != NULL && error->kind == RDAPI_ERR_NOT_FOUND)
	{
		outcome->result = REGDOCS_WRITE_DONE;
		rdapi_error_clear(&outcome->error);
		return;
	}
	if (error != NULL)
		return;
	page = parse_answer(resource, fetch, 0);
	if (page != NULL && shows_object(rdapi_call_request(fetch), page))
	{
		outcome->result = REGDOCS_WRITE_FAILED;
		outcome->error.kind = outcome->error.cause;
		outcome->still_there = true;
	}
}

char *
regdocs_tally_describe(const RegdocsTally *tally)
{
	uint64		begun = regdocs_tally_ended(tally);
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "Of %llu %s, %llu %s done, %llu failed, ",
					 (unsigned long long) tally->added,
					 tally->added == 1 ? "write" : "writes",
					 (unsigned long long) tally->done,
					 tally->done == 1 ? "was" : "were",
					 (unsigned long long) tally->failed);
	if (tally->unknown > 0)
		appendStringInfo(&text, "%llu may have been done, ",
						 (unsigned long long) tally->unknown);
	appendStringInfo(&text, "and %llu %s not begun.",
					 (unsigned long long) (tally->added - begun),
					 tally->added - begun == 1 ? "was" : "were");
	return text.data;
}

bool
regdocs_result_is_refusal(const RegdocsResult *outcome)
{
	const RdapiError *error = &outcome->error;

	/* A proxy's refusal has no code, and is about all of them. */
	return outcome->result == REGDOCS_WRITE_FAILED && error->api_code != 0 &&
		(error->kind == RDAPI_ERR_REFUSED || error->kind == RDAPI_ERR_STATE ||
		 error->kind == RDAPI_ERR_NOT_FOUND);
}

void
regdocs_result_leave_out(RegdocsLeftOut *left_out,
						 const RegdocsResult *outcome,
						 RdapiOperation operation, const char *sid,
						 const RegdocsOrigin *origin)
{
	if (left_out->count++ > 0)
		return;
	left_out->first = outcome->error;
	left_out->operation = operation;
	strlcpy(left_out->sid, sid == NULL ? "" : sid, sizeof(left_out->sid));
	left_out->row = origin->row;
}

void
regdocs_result_warn(RegdocsLeftOut *left_out)
{
	RegdocsLeftOut told = *left_out;
	const RdapiError *error = &told.first;
	char	   *row;

	left_out->count = 0;
	if (told.count == 0)
		return;
	row = told.sid[0] == '\0' ?
		psprintf("row %llu to be inserted", (unsigned long long) told.row) :
		psprintf("the %s of %s", told.operation == RDAPI_OP_UPDATE ?
				 "update" : "deletion", told.sid);
	ereport(WARNING,
			(errmsg_plural("%llu write was left out, as the API refused it",
						   "%llu writes were left out, as the API refused them",
						   (unsigned long) told.count,
						   (unsigned long long) told.count),
			 errdetail("The first was %s: HTTP status %d, API error %d: %s",
					   row, error->http_status, error->api_code,
					   regdocs_report_plain_text(error->api_message)),
			 errhint("regdocs_fdw_writes() has all of them."),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

/*
 * Which row it was, for a DETAIL; palloc'd.  A change and a deletion are named
 * by their request, which has the sid in its path.
 */
static char *
describe_origin(const RegdocsOrigin *origin)
{
	const char *table = get_rel_name(origin->relid);
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "It was to insert row %llu",
					 (unsigned long long) origin->row);
	/* It may have been dropped meanwhile. */
	if (table != NULL)
		appendStringInfo(&text, " into foreign table \"%s\"", table);
	if (origin->statement > 0)
		appendStringInfo(&text, ", in statement %d of those that waited for the commit",
						 origin->statement);
	appendStringInfoChar(&text, '.');
	return text.data;
}

/* The object is there, but without its file. */
static void
raise_lacks_file(const RegdocsResult *outcome, const RdapiCall *call,
				 const char *detail)
{
	const RdapiRequest *request = rdapi_call_request(call);
	const RdapiResource *resource = rdapi_request_resource(request);
	const char *proof = resource->fields[resource->file_proof_field].name;
	const char *sid = outcome->created_sid[0] != '\0' ?
	outcome->created_sid : rdapi_request_sid(request);

	ereport(ERROR,
			(errcode(ERRCODE_PROTOCOL_VIOLATION),
			 errmsg("the API did not take the file of %s %s", resource->noun,
					sid),
			 errdetail_internal("Its answer has no %s. %s", proof, detail),
			 errhint("The %s is there, without the file: update its file, or delete it.",
					 resource->noun)));
}

void
regdocs_result_raise(const RegdocsResult *outcome, const RdapiCall *call,
					 const RegdocsConnection *connection,
					 const RegdocsTally *tally)
{
	RegdocsReportContext context = {0};
	char	   *detail = regdocs_tally_describe(tally);
	const char *noun =
	rdapi_request_resource(rdapi_call_request(call))->noun;

	if (OidIsValid(outcome->origin.relid))
		detail = psprintf("%s %s", describe_origin(&outcome->origin), detail);
	if (outcome->still_there)
		detail = psprintf("The %s is still there. %s", noun, detail);
	if (outcome->lacks_file)
		raise_lacks_file(outcome, call, detail);

	context.server_name = regdocs_connection_server(connection);
	context.request = rdapi_call_request(call);
	context.extra_detail = detail;
	if (rdapi_request_operation(context.request) == RDAPI_OP_UPDATE &&
		outcome->error.kind == RDAPI_ERR_NOT_FOUND)
	{
		context.sqlstate = ERRCODE_T_R_SERIALIZATION_FAILURE;
		context.hint = "It was deleted meanwhile, it seems. Before the "
			"transaction is tried again, look for what it has created: that "
			"stays, and would be created twice.";
	}
	regdocs_report(ERROR, &outcome->error, &context);
	pg_unreachable();
}
