/*-------------------------------------------------------------------------
 *
 * row.c
 *	  An object of a page, as the Datums of a foreign table's row.
 *
 * value.c converts each column.  Here is what concerns the whole object: the
 * context of errors, and what is left out because of them, objects or values.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "lib/stringinfo.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/base/refreshing.h"
#include "src/fdw/row/json.h"
#include "src/fdw/row/row.h"
#include "src/fdw/row/seen.h"
#include "src/fdw/row/value.h"

/* Levels of nesting that no object has which is meant well; real are 5. */
#define DEEP_LEVELS 100

typedef struct Column
{
	int			attribute;		/* attnum - 1 */
	int			field;
	RegdocsConverter *converter;
	bool		required;		/* not to be NULL in the place of a value */
	uint64		failures;		/* of objects that were counted */
} Column;

struct RegdocsRowReader
{
	const RegdocsColumns *columns;
	int			sid_field;
	RegdocsFieldMask fields;
	const char *table_name;
	TupleDesc	desc;
	RegdocsOnError on_error;
	RegdocsBound *bound;		/* NULL: none */
	bool		needs_subtransaction;

	int			nwanted;
	Column	   *wanted;

	/* Where a conversion is, for its error's context. */
	RegdocsPage *page;
	int			object;
	Column	   *current;

	/* What was left out: objects, or values of objects */
	uint64		failures;
	RegdocsSeen *failed_sids;	/* NULL: each object comes once */
	char		first_failed[NAMEDATALEN];	/* a sid, "" where it has none */
};

static void
add_column(RegdocsRowReader *reader, Form_pg_attribute att)
{
	const RdapiResource *resource = reader->columns->resource;
	Column	   *column = &reader->wanted[reader->nwanted++];
	const RdapiField *field = NULL;

	column->attribute = att->attnum - 1;
	column->field = reader->columns->fields[att->attnum - 1];
	if (column->field != REGDOCS_FIELD_DOCUMENT)
	{
		field = &resource->fields[column->field];
		reader->fields |= REGDOCS_FIELD_BIT(column->field);
	}
	column->converter = regdocs_converter_new(att->atttypid, att->atttypmod,
											  field);
	column->required = att->attnotnull ||
		column->field == resource->sid_field ||
		column->field == resource->parent_field;
	if (!regdocs_converter_is_harmless(att->atttypid))
		reader->needs_subtransaction = true;
}

RegdocsRowReader *
regdocs_row_reader_new(Relation rel, const RegdocsColumns *columns,
					   Bitmapset *wanted, RegdocsOnError on_error)
{
	RegdocsRowReader *reader = palloc0(sizeof(RegdocsRowReader));
	int			attnum = -1;

	reader->columns = columns;
	reader->sid_field = columns->resource->sid_field;
	reader->fields = REGDOCS_FIELD_BIT(reader->sid_field);
	reader->table_name = pstrdup(RelationGetRelationName(rel));
	reader->desc = RelationGetDescr(rel);
	reader->on_error = on_error;
	reader->wanted = palloc0(sizeof(Column) * Max(bms_num_members(wanted), 1));
	while ((attnum = bms_next_member(wanted, attnum)) >= 0)
		add_column(reader, TupleDescAttr(reader->desc, attnum - 1));
	return reader;
}

void
regdocs_row_expect_again(RegdocsRowReader *reader)
{
	if (reader->on_error != REGDOCS_ON_ERROR_STOP)
		reader->failed_sids = regdocs_seen_new();
}

void
regdocs_row_expect_bound(RegdocsRowReader *reader, RegdocsBound *bound)
{
	reader->bound = bound;
	if (bound != NULL)
		reader->fields |= REGDOCS_FIELD_BIT(regdocs_bound_field(bound));
}

RegdocsBound *
regdocs_row_bound(const RegdocsRowReader *reader)
{
	return reader->bound;
}

RegdocsFieldMask
regdocs_row_fields(const RegdocsRowReader *reader)
{
	return reader->fields;
}

/*
 * The object's sid, in the server's encoding, for messages: what is no
 * sid by its form is not repeated.
 */
static void
object_sid(const RegdocsRowReader *reader, char *sid)
{
	const char *text = regdocs_page_sid(reader->page, reader->object);

	if (text != NULL)
		memcpy(sid, text, RDAPI_SID_BYTES);
	sid[text != NULL ? RDAPI_SID_BYTES : 0] = '\0';
}

static void
conversion_context(void *arg)
{
	const RegdocsRowReader *reader = arg;
	char		sid[NAMEDATALEN];
	const char *name;

	if (reader->current == NULL)
		return;
	name = NameStr(TupleDescAttr(reader->desc,
								 reader->current->attribute)->attname);
	object_sid(reader, sid);
	if (sid[0] != '\0')
		errcontext("column \"%s\" of foreign table \"%s\", %s %s",
				   name, reader->table_name, reader->columns->resource->noun,
				   sid);
	else
		errcontext("column \"%s\" of foreign table \"%s\"",
				   name, reader->table_name);
}

static const RegdocsSlice *
column_slice(const RegdocsRowReader *reader, const Column *column)
{
	if (column->field == REGDOCS_FIELD_DOCUMENT)
		return &reader->page->objects[reader->object];
	return regdocs_page_field(reader->page, reader->object, column->field);
}

/* A parent's key that the answer lacks is the one in the request's path. */
static void
convert_column(const RegdocsRowReader *reader, const Column *column,
			   Datum *value, bool *isnull)
{
	RegdocsPage *page = reader->page;
	const RegdocsSlice *slice = column_slice(reader, column);

	if (column->field == reader->columns->resource->parent_field &&
		page->parent_sid != NULL && regdocs_slice_is_null(page, slice))
	{
		*isnull = false;
		*value = regdocs_converter_apply_text(column->converter,
											  page->parent_sid);
		return;
	}
	*value = regdocs_converter_apply(column->converter, page, slice, isnull);
}

/* Convert so many of the wanted columns, from that one on. */
static void
convert_columns(RegdocsRowReader *reader, Column *first, int ncolumns,
				Datum *values, bool *nulls)
{
	ErrorContextCallback callback;
	Column	   *column;

	callback.callback = conversion_context;
	callback.arg = reader;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	for (column = first; column < first + ncolumns; column++)
	{
		reader->current = column;
		convert_column(reader, column, &values[column->attribute],
					   &nulls[column->attribute]);
	}
	reader->current = NULL;
	error_context_stack = callback.previous;
}

/* The column's value is NULL, which a domain may not allow. */
static void
set_null(RegdocsRowReader *reader, Column *column, Datum *values, bool *nulls)
{
	ErrorContextCallback callback;

	callback.callback = conversion_context;
	callback.arg = reader;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	reader->current = column;
	values[column->attribute] = regdocs_converter_null(column->converter);
	nulls[column->attribute] = true;
	reader->current = NULL;
	error_context_stack = callback.previous;
}

/*
 * Is it the object's fault, rather than the server's?  The stack can be used
 * up before a conversion begins, but a value of so many levels is rare enough.
 */
static bool
is_conversion_failure(const RegdocsRowReader *reader, int sqlstate)
{
	if (sqlstate == ERRCODE_STATEMENT_TOO_COMPLEX)
	{
		const RegdocsSlice *slice = column_slice(reader, reader->current);

		return regdocs_json_measure(reader->page->text + slice->start,
									slice->length).depth > DEEP_LEVELS;
	}
	switch (ERRCODE_TO_CATEGORY(sqlstate))
	{
		case ERRCODE_PROGRAM_LIMIT_EXCEEDED:	/* too large for jsonb */
		case ERRCODE_DATA_EXCEPTION:
		case ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION:
		case ERRCODE_FEATURE_NOT_SUPPORTED: /* \u00e9 in SQL_ASCII */
			return true;
		default:
			return false;
	}
}

/* Has the object come before, so that what failed of it was counted? */
static bool
is_counted(const RegdocsRowReader *reader)
{
	const char *sid = regdocs_page_sid(reader->page, reader->object);

	return reader->failed_sids != NULL && sid != NULL &&
		!regdocs_seen_object(reader->failed_sids, sid);
}

static void
count_failure(RegdocsRowReader *reader, Column *column)
{
	if (reader->failures == 0)
		object_sid(reader, reader->first_failed);
	reader->failures++;
	column->failures++;
}

/* May the statement go on without that value, or its object? */
static bool
may_fail(const RegdocsRowReader *reader, int sqlstate)
{
	if (reader->current == NULL ||
		(reader->on_error == REGDOCS_ON_ERROR_SET_NULL &&
		 reader->current->required))
		return false;
	return is_conversion_failure(reader, sqlstate);
}

/*
 * As convert_columns(), but the result is the column that cannot be converted;
 * NULL: all could be.  A failure leaves no memory behind, as many may follow
 * one another before a row comes.
 */
static Column *
try_columns(RegdocsRowReader *reader, Column *first, int ncolumns,
			Datum *values, bool *nulls)
{
	MemoryContext outer_context = CurrentMemoryContext;
	MemoryContext context;
	ResourceOwner owner = CurrentResourceOwner;
	bool		in_subtransaction = reader->needs_subtransaction;
	Column	   *volatile failed = NULL;

	/* Where there can be none, the error ends the statement. */
	if (in_subtransaction && !regdocs_may_begin_subtransaction())
	{
		convert_columns(reader, first, ncolumns, values, nulls);
		return NULL;
	}

	context = AllocSetContextCreate(outer_context, "regdocs_fdw conversion",
									ALLOCSET_DEFAULT_SIZES);
	if (in_subtransaction)
		BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		convert_columns(reader, first, ncolumns, values, nulls);
		if (in_subtransaction)
			ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		/* The subtransaction ends in any case: who began it must end it. */
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		if (in_subtransaction)
			RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		if (!may_fail(reader, error->sqlerrcode))
			ReThrowError(error);
		FreeErrorData(error);
		failed = reader->current;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(outer_context);
	CurrentResourceOwner = owner;
	reader->current = NULL;

	if (failed != NULL)
		MemoryContextDelete(context);
	return failed;
}

/* A refresh has to know that the object is there all the same. */
static void
note_left_out(const RegdocsRowReader *reader)
{
	const char *sid = regdocs_page_sid(reader->page, reader->object);

	if (regdocs_refreshing != NULL && sid != NULL)
		regdocs_refreshing->left_out(regdocs_refreshing->arg, sid);
}

/* One column after the other, as some of them cannot be converted. */
static void
convert_what_can_be(RegdocsRowReader *reader, Datum *values, bool *nulls)
{
	bool		counted = is_counted(reader);
	Column	   *column;

	for (column = reader->wanted;
		 column < reader->wanted + reader->nwanted; column++)
	{
		if (try_columns(reader, column, 1, values, nulls) == NULL)
			continue;
		set_null(reader, column, values, nulls);
		if (!counted)
			count_failure(reader, column);
	}
}

bool
regdocs_row_read(RegdocsRowReader *reader, RegdocsPage *page, int object,
				 Datum *values, bool *nulls)
{
	Column	   *failed;

	if (reader->bound != NULL)
		regdocs_bound_check_object(reader->bound, page, object);
	memset(nulls, true, sizeof(bool) * reader->desc->natts);
	reader->page = page;
	reader->object = object;
	if (reader->on_error == REGDOCS_ON_ERROR_STOP)
	{
		convert_columns(reader, reader->wanted, reader->nwanted,
						values, nulls);
		return true;
	}
	failed = try_columns(reader, reader->wanted, reader->nwanted,
						 values, nulls);
	if (failed == NULL)
		return true;
	if (reader->on_error == REGDOCS_ON_ERROR_SET_NULL)
	{
		convert_what_can_be(reader, values, nulls);
		return true;
	}
	note_left_out(reader);
	if (!is_counted(reader))
		count_failure(reader, failed);
	return false;
}

uint64
regdocs_row_ignored(const RegdocsRowReader *reader)
{
	return reader->on_error == REGDOCS_ON_ERROR_IGNORE ? reader->failures : 0;
}

bool
regdocs_row_has_failures(const RegdocsRowReader *reader)
{
	return reader->failures > 0;
}

/* "By column: "status" 2, "errors" 1."; palloc'd. */
static char *
failures_by_column(const RegdocsRowReader *reader)
{
	const char *separator = "By column: ";
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < reader->nwanted; i++)
	{
		const Column *column = &reader->wanted[i];

		if (column->failures == 0)
			continue;
		appendStringInfo(&text, "%s\"%s\" %llu", separator,
						 NameStr(TupleDescAttr(reader->desc,
											   column->attribute)->attname),
						 (unsigned long long) column->failures);
		separator = ", ";
	}
	appendStringInfoChar(&text, '.');
	return text.data;
}

/* What is left out are objects. */
static void
note_objects(const RegdocsRowReader *reader, int elevel, bool sampled)
{
	const RdapiResource *resource = reader->columns->resource;
	uint64		failures = reader->failures;

	ereport(elevel,
			(errmsg_plural("%llu %s of foreign table \"%s\" was left out%s because it could not be converted",
						   "%llu %s of foreign table \"%s\" were left out%s because they could not be converted",
						   failures, (unsigned long long) failures,
						   failures == 1 ? resource->noun : resource->plural,
						   reader->table_name,
						   sampled ? " of the sample" : ""),
			 reader->first_failed[0] == '\0' ?
			 errdetail("%s", failures_by_column(reader)) :
			 errdetail("The first of them is %s. %s", reader->first_failed,
					   failures_by_column(reader))));
}

/* What is left out are values. */
static void
note_values(const RegdocsRowReader *reader, int elevel, bool sampled)
{
	uint64		failures = reader->failures;

	ereport(elevel,
			(errmsg_plural("%llu value of foreign table \"%s\" is NULL%s because it could not be converted",
						   "%llu values of foreign table \"%s\" are NULL%s because they could not be converted",
						   failures, (unsigned long long) failures,
						   reader->table_name,
						   sampled ? " in the sample" : ""),
			 reader->first_failed[0] == '\0' ?
			 errdetail("%s", failures_by_column(reader)) :
			 errdetail("The first of them is of %s. %s", reader->first_failed,
					   failures_by_column(reader))));
}

void
regdocs_row_note_failures(RegdocsRowReader *reader, int elevel,
						  bool sampled)
{
	if (reader->failures == 0)
		return;
	if (reader->on_error == REGDOCS_ON_ERROR_SET_NULL)
		note_values(reader, elevel, sampled);
	else
		note_objects(reader, elevel, sampled);
	reader->failures = 0;
	for (int i = 0; i < reader->nwanted; i++)
		reader->wanted[i].failures = 0;
}
