/*-------------------------------------------------------------------------
 *
 * writes.c
 *	  SQL function regdocs_fdw_writes(): what the transaction that wrote last
 *	  has written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "src/fdw/base/report.h"
#include "src/fdw/write/journal.h"

PG_FUNCTION_INFO_V1(regdocs_fdw_writes);

/* What the visitor needs. */
typedef struct Reading
{
	ReturnSetInfo *result;
	MemoryContext row_context;	/* reset for each row */
} Reading;

/* Does the error say that jsonb cannot hold a value? */
static bool
is_about_value(int sqlstate)
{
	switch (ERRCODE_TO_CATEGORY(sqlstate))
	{
		case ERRCODE_DATA_EXCEPTION:
		case ERRCODE_PROGRAM_LIMIT_EXCEEDED:
			return true;
		default:
			/* Of an escape, in a database whose encoding is SQL_ASCII. */
			return sqlstate == ERRCODE_FEATURE_NOT_SUPPORTED;
	}
}

/*
 * The text as jsonb.  What type json can hold and jsonb cannot becomes a string
 * with the whole of it: one such value must not hide all the others.
 */
static Datum
text_to_jsonb(const char *text)
{
	MemoryContext context = CurrentMemoryContext;
	volatile Datum result = (Datum) 0;
	volatile bool refused = false;
	StringInfoData quoted;

	PG_TRY();
	{
		result = DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		if (!is_about_value(geterrcode()))
			PG_RE_THROW();
		FlushErrorState();
		refused = true;
	}
	PG_END_TRY();
	if (!refused)
		return result;
	initStringInfo(&quoted);
	escape_json(&quoted, text);
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(quoted.data));
}

static Datum
text_or_null(const char *text, bool *isnull)
{
	*isnull = text == NULL || text[0] == '\0';
	return *isnull ? (Datum) 0 : CStringGetTextDatum(text);
}

static Datum
jsonb_or_null(const char *text, bool *isnull)
{
	*isnull = text == NULL;
	return *isnull ? (Datum) 0 : text_to_jsonb(text);
}

/* Visitor: arg is the Reading. */
static void
put_row(const RegdocsJournalEntry *entry, const char *error,
		const char *old_text, const char *new_text, void *arg)
{
	Reading    *reading = arg;
	NameData	server = entry->server;
	Datum		values[9];
	bool		nulls[9] = {false};

	values[0] = TimestampTzGetDatum(entry->written_at);
	values[1] = NameGetDatum(&server);
	values[2] = CStringGetTextDatum(entry->resource->name);
	values[3] = CStringGetTextDatum(regdocs_operation_name(entry->operation));
	values[4] = text_or_null(entry->sid, &nulls[4]);
	values[5] = CStringGetTextDatum(regdocs_outcome_name(entry->outcome));
	values[6] = text_or_null(error == NULL ? NULL :
							 regdocs_report_plain_text(error), &nulls[6]);
	values[7] = jsonb_or_null(old_text, &nulls[7]);
	values[8] = jsonb_or_null(new_text, &nulls[8]);
	tuplestore_putvalues(reading->result->setResult, reading->result->setDesc,
						 values, nulls);
	MemoryContextReset(reading->row_context);
	CHECK_FOR_INTERRUPTS();
}

/* SQL: the writes that were made with the privileges of the present role. */
Datum
regdocs_fdw_writes(PG_FUNCTION_ARGS)
{
	MemoryContext old_context = CurrentMemoryContext;
	Reading		reading;

	InitMaterializedSRF(fcinfo, 0);
	reading.result = (ReturnSetInfo *) fcinfo->resultinfo;
	reading.row_context = AllocSetContextCreate(CurrentMemoryContext,
												"regdocs_fdw write",
												ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(reading.row_context);
	regdocs_journal_visit(GetUserId(), put_row, &reading);
	MemoryContextSwitchTo(old_context);
	MemoryContextDelete(reading.row_context);
	if (regdocs_journal_lost() > 0)
		ereport(WARNING,
				(errmsg("there was no room to keep what became of %llu writes",
						(unsigned long long) regdocs_journal_lost()),
				 errdetail("They are shown as \"queued\".")));
	return (Datum) 0;
}
