/*-------------------------------------------------------------------------
 *
 * row.c
 *	  An object of a page, as the Datums of a foreign table's row.
 *
 * value.c converts each column.  Here is what concerns the whole object: the
 * context of errors, and objects that are left out because of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
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
} Column;

struct RegdocsRowReader
{
	const RegdocsColumns *columns;
	int			sid_field;
	RegdocsFieldMask fields;
	const char *table_name;
	TupleDesc	desc;
	RegdocsOnError on_error;
	bool		needs_subtransaction;

	int			nwanted;
	Column	   *wanted;

	/* Where a conversion is, for its error's context. */
	RegdocsPage *page;
	int			object;
	const Column *current;

	uint64		ignored;
	RegdocsSeen *ignored_sids;	/* NULL: each object comes once */
	char		first_ignored[NAMEDATALEN]; /* a sid, "" where it has none */
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
	if (reader->on_error == REGDOCS_ON_ERROR_IGNORE)
		reader->ignored_sids = regdocs_seen_new();
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

static void
convert_row(RegdocsRowReader *reader, Datum *values, bool *nulls)
{
	ErrorContextCallback callback;
	int			i;

	callback.callback = conversion_context;
	callback.arg = reader;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	for (i = 0; i < reader->nwanted; i++)
	{
		Column	   *column = &reader->wanted[i];

		reader->current = column;
		convert_column(reader, column, &values[column->attribute],
					   &nulls[column->attribute]);
	}
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

static void
count_ignored(RegdocsRowReader *reader)
{
	const char *sid = regdocs_page_sid(reader->page, reader->object);

	reader->current = NULL;
	if (regdocs_refreshing != NULL && sid != NULL)
		regdocs_refreshing->left_out(regdocs_refreshing->arg, sid);
	if (reader->ignored_sids != NULL && sid != NULL &&
		!regdocs_seen_object(reader->ignored_sids, sid))
		return;
	if (reader->ignored == 0)
		object_sid(reader, reader->first_ignored);
	reader->ignored++;
}

/*
 * As convert_row(), but false for an object that cannot be converted.  That
 * leaves no memory behind, as many may follow one another before a row comes.
 */
static bool
try_convert_row(RegdocsRowReader *reader, Datum *values, bool *nulls)
{
	MemoryContext outer_context = CurrentMemoryContext;
	MemoryContext context;
	ResourceOwner owner = CurrentResourceOwner;
	bool		in_subtransaction = reader->needs_subtransaction;
	volatile bool converted = false;

	/* Where there can be none, the error ends the statement. */
	if (in_subtransaction && !regdocs_may_begin_subtransaction())
	{
		convert_row(reader, values, nulls);
		return true;
	}

	context = AllocSetContextCreate(outer_context, "regdocs_fdw conversion",
									ALLOCSET_DEFAULT_SIZES);
	if (in_subtransaction)
		BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		convert_row(reader, values, nulls);
		if (in_subtransaction)
			ReleaseCurrentSubTransaction();
		converted = true;
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
		if (!is_conversion_failure(reader, error->sqlerrcode))
			ReThrowError(error);
		FreeErrorData(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(outer_context);
	CurrentResourceOwner = owner;

	if (!converted)
	{
		MemoryContextDelete(context);
		count_ignored(reader);
	}
	return converted;
}

bool
regdocs_row_read(RegdocsRowReader *reader, RegdocsPage *page, int object,
				 Datum *values, bool *nulls)
{
	memset(nulls, true, sizeof(bool) * reader->desc->natts);
	reader->page = page;
	reader->object = object;
	if (reader->on_error == REGDOCS_ON_ERROR_IGNORE)
		return try_convert_row(reader, values, nulls);
	convert_row(reader, values, nulls);
	return true;
}

uint64
regdocs_row_ignored(const RegdocsRowReader *reader)
{
	return reader->ignored;
}

void
regdocs_row_note_ignored(RegdocsRowReader *reader, int elevel,
						 const char *of_what)
{
	const RdapiResource *resource = reader->columns->resource;
	uint64		ignored = reader->ignored;

	if (ignored == 0)
		return;
	reader->ignored = 0;
	ereport(elevel,
			(errmsg_plural("%llu %s of foreign table \"%s\" was left out%s because it could not be converted",
						   "%llu %s of foreign table \"%s\" were left out%s because they could not be converted",
						   ignored, (unsigned long long) ignored,
						   ignored == 1 ? resource->noun : resource->plural,
						   reader->table_name, of_what),
			 reader->first_ignored[0] == '\0' ? 0 :
			 errdetail("The first of them is %s.", reader->first_ignored)));
}
