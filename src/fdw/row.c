/*-------------------------------------------------------------------------
 *
 * row.c
 *	  A document of a page, as the Datums of a foreign table's row.
 *
 * Values go through the input function of the column's type.  Three types
 * that most columns have take a shorter way with the same result: text is
 * copied, ISO 8601 timestamps are computed, and labels of an enum are looked
 * up once each.
 *
 * JSON is handed on byte for byte.  Errors never quote it: attributes are
 * personal data, and error messages go to the server's log.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "src/fdw/compat.h"
#include "src/fdw/row.h"
#include "src/fdw/seen.h"

/* Labels of an enum remembered for each column; the API has six statuses. */
#define ENUM_CACHE_SIZE 16

typedef enum Way
{
	WAY_INPUT,					/* the type's input function */
	WAY_TEXT,
	WAY_TIMESTAMPTZ,
	WAY_ENUM,
	WAY_JSON,					/* raw JSON into the input function */
	WAY_JSON_TEXT,				/* raw JSON into text */
	WAY_NULL					/* nothing is ever answered */
} Way;

typedef struct EnumLabel
{
	char		label[NAMEDATALEN];
	Datum		value;
} EnumLabel;

typedef struct Column
{
	int			attribute;		/* attnum - 1 */
	int			field;
	Way			way;
	bool		is_jsonb;
	bool		is_domain;		/* NULL has to pass its constraints */
	FmgrInfo	input;
	Oid			ioparam;
	int32		typmod;
	EnumLabel  *labels;
	int			nlabels;
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
	const RegdocsPage *page;
	int			document;
	const Column *current;

	uint64		ignored;
	RegdocsSeen *ignored_sids;	/* NULL: each document comes once */
	char		first_ignored[NAMEDATALEN]; /* a sid, "" where it has none */
};

static Way
choose_way(const Column *column, Form_pg_attribute att,
		   const RdapiResource *resource)
{
	RdapiFieldType type = column->field == REGDOCS_FIELD_DOCUMENT ?
	RDAPI_FIELD_JSON : resource->fields[column->field].type;

	if (type == RDAPI_FIELD_FILE)
		return WAY_NULL;
	if (type == RDAPI_FIELD_JSON)
		return att->atttypid == TEXTOID ? WAY_JSON_TEXT : WAY_JSON;
	if (att->atttypid == TEXTOID ||
		(att->atttypid == VARCHAROID && att->atttypmod < 0))
		return WAY_TEXT;
	if (att->atttypid == TIMESTAMPTZOID && att->atttypmod < 0)
		return WAY_TIMESTAMPTZ;
	if (get_typtype(att->atttypid) == TYPTYPE_ENUM)
		return WAY_ENUM;
	return WAY_INPUT;
}

static bool
is_own_function(Oid function, void *context)
{
	return function >= FirstNormalObjectId;
}

/* Walker: may its evaluation run what users have made? */
static bool
runs_own_functions(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, CoerceToDomain) ||
		check_functions_in_node(node, is_own_function, context))
		return true;
	return expression_tree_walker(node, runs_own_functions, context);
}

/*
 * A function of PostgreSQL itself that only computes raises a data exception
 * with nothing held that would have to be given back, so it can be caught as
 * it is.  Is the conversion to that type made of such functions?  Others may
 * run anything.
 */
static bool
is_harmless(Oid type)
{
	DomainConstraintRef *domain = palloc(sizeof(DomainConstraintRef));
	Oid			base = getBaseType(type);
	char		kind = get_typtype(base);
	Oid			function;
	Oid			ioparam;
	ListCell   *cell;

	/* Arrays, rows and ranges run the input functions of what they hold. */
	if ((kind != TYPTYPE_BASE && kind != TYPTYPE_ENUM) ||
		OidIsValid(get_base_element_type(base)))
		return false;
	getTypeInputInfo(base, &function, &ioparam);
	if (is_own_function(function, NULL))
		return false;

	InitDomainConstraintRef(type, domain, CurrentMemoryContext, false);
	foreach(cell, domain->constraints)
	{
		DomainConstraintState *constraint = lfirst(cell);

		if (runs_own_functions((Node *) constraint->check_expr, NULL) ||
			contain_mutable_functions((Node *) constraint->check_expr))
			return false;
	}
	return true;
}

static void
add_column(RegdocsRowReader *reader, Form_pg_attribute att)
{
	Column	   *column = &reader->wanted[reader->nwanted++];
	Oid			function;

	column->attribute = att->attnum - 1;
	column->field = reader->columns->fields[att->attnum - 1];
	column->way = choose_way(column, att, reader->columns->resource);
	column->is_domain = get_typtype(att->atttypid) == TYPTYPE_DOMAIN;
	column->is_jsonb = getBaseType(att->atttypid) == JSONBOID;
	column->typmod = att->atttypmod;
	getTypeInputInfo(att->atttypid, &function, &column->ioparam);
	fmgr_info(function, &column->input);
	if (column->way == WAY_ENUM)
		column->labels = palloc(sizeof(EnumLabel) * ENUM_CACHE_SIZE);
	if (column->field >= 0)
		reader->fields |= REGDOCS_FIELD_BIT(column->field);

	if (!is_harmless(att->atttypid))
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
 * The document's sid, in the server's encoding, for messages: what is no
 * sid by its form is not repeated.
 */
static void
document_sid(const RegdocsRowReader *reader, char *sid)
{
	const char *text = regdocs_page_sid(reader->page, reader->document);

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
	document_sid(reader, sid);
	if (sid[0] != '\0')
		errcontext("column \"%s\" of foreign table \"%s\", %s %s",
				   name, reader->table_name, reader->columns->resource->noun,
				   sid);
	else
		errcontext("column \"%s\" of foreign table \"%s\"",
				   name, reader->table_name);
}

/* Syntax was checked with the page: only what an escape stands for is left. */
static void
report_escape(JsonParseErrorType failure, JsonLexContext *lex)
{
	bool		untranslatable = regdocs_json_untranslatable(failure);

	ereport(ERROR,
			(errcode(untranslatable ? ERRCODE_UNTRANSLATABLE_CHARACTER :
					 ERRCODE_INVALID_TEXT_REPRESENTATION),
			 untranslatable ?
			 errmsg("unsupported Unicode escape sequence") :
			 errmsg("invalid Unicode escape sequence"),
			 errdetail_internal("%s", json_errdetail(failure, lex))));
}

/*
 * A part of the page in the server's encoding, terminated, palloc'd.  Raises
 * an error for bytes that are not UTF-8 or that the encoding does not have.
 */
static char *
server_text(const char *text, int length)
{
	char	   *copy = pnstrdup(text, length);

	return pg_any_to_server(copy, length, PG_UTF8);
}

/* The value of a JSON string with escapes, in the server's encoding. */
static char *
unescaped_text(const char *text, int length)
{
	char	   *json = server_text(text, length);
	JsonLexContext *lex = regdocs_json_lexer(json, strlen(json),
											 GetDatabaseEncoding(), true);
	JsonParseErrorType failure = json_lex(lex);

	if (failure != JSON_SUCCESS)
		report_escape(failure, lex);
	return lex->strval->data;
}

/*
 * jsonb resolves escapes, and its input function would quote the text around
 * one that it refuses.  So look at them first, where there are any.
 */
static void
check_escapes(char *json)
{
	JsonLexContext *lex;
	JsonParseErrorType failure;
	JsonSemAction action = {0};

	if (strstr(json, "\\u") == NULL)
		return;
	lex = regdocs_json_lexer(json, strlen(json), GetDatabaseEncoding(), true);
	failure = pg_parse_json(lex, &action);
	if (failure != JSON_SUCCESS)
		report_escape(failure, lex);
}

static int
two_digits(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/*
 * YYYY-MM-DDThh:mm:ssZ, the only form that the API is known to answer; what
 * is not exactly that, or no real time, is left to the input function.
 */
static bool
parse_timestamp(const char *p, int length, TimestampTz *result)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	int			year,
				month,
				day,
				hour,
				minute,
				second;
	int			i;

	if (length != sizeof(form) - 1)
		return false;
	for (i = 0; i < length; i++)
	{
		if (form[i] == '0' ? (p[i] < '0' || p[i] > '9') : p[i] != form[i])
			return false;
	}
	year = two_digits(p) * 100 + two_digits(p + 2);
	month = two_digits(p + 5);
	day = two_digits(p + 8);
	hour = two_digits(p + 11);
	minute = two_digits(p + 14);
	second = two_digits(p + 17);
	if (year < 1 || month < 1 || month > MONTHS_PER_YEAR || day < 1 ||
		day > day_tab[isleap(year)][month - 1] || hour >= HOURS_PER_DAY ||
		minute >= MINS_PER_HOUR || second >= SECS_PER_MINUTE)
		return false;

	day = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	second += (hour * MINS_PER_HOUR + minute) * SECS_PER_MINUTE;
	*result = day * USECS_PER_DAY + second * USECS_PER_SEC;
	return true;
}

static Datum
enum_value(Column *column, char *label)
{
	Datum		value;
	int			i;

	for (i = 0; i < column->nlabels; i++)
	{
		if (strcmp(column->labels[i].label, label) == 0)
			return column->labels[i].value;
	}

	value = InputFunctionCall(&column->input, label, column->ioparam,
							  column->typmod);
	if (column->nlabels < ENUM_CACHE_SIZE)
	{
		strlcpy(column->labels[column->nlabels].label, label, NAMEDATALEN);
		column->labels[column->nlabels].value = value;
		column->nlabels++;
	}
	return value;
}

static Datum
convert_json(Column *column, const char *text, int length)
{
	char	   *json = server_text(text, length);

	if (column->way == WAY_JSON_TEXT)
		return CStringGetTextDatum(json);
	if (column->is_jsonb)
		check_escapes(json);
	return InputFunctionCall(&column->input, json, column->ioparam,
							 column->typmod);
}

static Datum
convert_string(Column *column, const RegdocsPage *page,
			   const RegdocsSlice *slice)
{
	const char *text = page->text + slice->start;
	int			length = slice->length;
	const char *plain = regdocs_page_plain_string(page, slice, &length);
	char	   *value;
	TimestampTz timestamp;

	if (plain != NULL && column->way == WAY_TIMESTAMPTZ &&
		parse_timestamp(plain, length, &timestamp))
		return TimestampTzGetDatum(timestamp);

	if (plain != NULL)
		value = server_text(plain, length);
	else if (text[0] == '"')
		value = unescaped_text(text, slice->length);
	else
		value = server_text(text, slice->length);	/* as ->> shows it */

	if (column->way == WAY_TEXT)
		return CStringGetTextDatum(value);
	if (column->way == WAY_ENUM)
		return enum_value(column, value);
	return InputFunctionCall(&column->input, value, column->ioparam,
							 column->typmod);
}

static bool
slice_is_null(const RegdocsPage *page, const RegdocsSlice *slice)
{
	return slice->length == 0 ||
		(slice->length == 4 && page->text[slice->start] == 'n');
}

static void
convert_column(RegdocsRowReader *reader, Column *column, Datum *value,
			   bool *isnull)
{
	const RegdocsPage *page = reader->page;
	bool		is_json = column->way == WAY_JSON ||
	column->way == WAY_JSON_TEXT;
	const RegdocsSlice *slice = column->field == REGDOCS_FIELD_DOCUMENT ?
	&page->documents[reader->document] :
	regdocs_page_field(page, reader->document, column->field);

	*isnull = column->way == WAY_NULL || slice_is_null(page, slice);
	if (*isnull)
	{
		*value = (Datum) 0;
		if (column->is_domain)
			*value = InputFunctionCall(&column->input, NULL, column->ioparam,
									   column->typmod);
	}
	else if (is_json)
		*value = convert_json(column, page->text + slice->start,
							  slice->length);
	else
		*value = convert_string(column, page, slice);
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

/* Is it the document's fault, rather than the server's? */
static bool
is_conversion_failure(int sqlstate)
{
	switch (ERRCODE_TO_CATEGORY(sqlstate))
	{
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
	const char *sid = regdocs_page_sid(reader->page, reader->document);

	reader->current = NULL;
	if (reader->ignored_sids != NULL && sid != NULL &&
		!regdocs_seen_document(reader->ignored_sids, sid))
		return;
	if (reader->ignored == 0)
		document_sid(reader, reader->first_ignored);
	reader->ignored++;
}

/*
 * As convert_row(), but false for a document that cannot be converted.  That
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
		if (!is_conversion_failure(error->sqlerrcode))
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
regdocs_row_read(RegdocsRowReader *reader, RegdocsPage *page, int document,
				 Datum *values, bool *nulls)
{
	memset(nulls, true, sizeof(bool) * reader->desc->natts);
	reader->page = page;
	reader->document = document;
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
regdocs_row_note_ignored(RegdocsRowReader *reader)
{
	uint64		ignored = reader->ignored;

	if (ignored == 0)
		return;
	reader->ignored = 0;
	ereport(NOTICE,
			(errmsg_plural("%llu document of foreign table \"%s\" was left out because it could not be converted",
						   "%llu documents of foreign table \"%s\" were left out because they could not be converted",
						   ignored, (unsigned long long) ignored,
						   reader->table_name),
			 reader->first_ignored[0] == '\0' ? 0 :
			 errdetail("The first of them is %s.", reader->first_ignored)));
}
