/*-------------------------------------------------------------------------
 *
 * value.c
 *	  A JSON value of an answer, as the Datum of a column's type.
 *
 * Values go through the input function of the column's type.  Three types
 * that most columns have take a shorter way with the same result: text is
 * copied, ISO 8601 timestamps are computed, and labels of an enum are looked
 * up once each.
 *
 * JSON is handed on byte for byte.
 *
 * An input function quotes what it does not like, and error messages go to the
 * server's log.  So what it says is looked over: it must not show personal
 * data, nor do anything to a terminal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/base/report.h"
#include "src/fdw/row/json.h"
#include "src/fdw/row/value.h"

/* Labels of an enum remembered for each column; the API has six statuses. */
#define ENUM_CACHE_SIZE 16

/*
 * What is made jsonb at the most.  PostgreSQL does not look for interrupts
 * while it makes one, takes some 100 bytes for each value in it, and needs up
 * to 100 ms for as much as this.  Objects have some ten values and 1 kB.
 */
#define JSONB_BYTES		(8 * 1024 * 1024)
#define JSONB_VALUES	250000

typedef enum Way
{
	WAY_INPUT,					/* the type's input function */
	WAY_TEXT,
	WAY_TIMESTAMPTZ,
	WAY_ENUM,
	WAY_JSON,					/* raw JSON into the input function */
	WAY_JSON_TEXT,				/* raw JSON into text, or json, which is text
								 * whose syntax was checked */
	WAY_NULL					/* nothing is ever answered */
} Way;

typedef struct EnumLabel
{
	char		label[NAMEDATALEN];
	Datum		value;
} EnumLabel;

struct RegdocsConverter
{
	Way			way;
	bool		is_jsonb;
	bool		is_domain;		/* NULL has to pass its constraints */
	FmgrInfo	input;
	Oid			ioparam;
	int32		typmod;
	EnumLabel  *labels;
	int			nlabels;
	char	   *private_type;	/* its name; NULL: values may be quoted */
};

static Way
choose_way(RdapiFieldType field_type, Oid type, int32 typmod)
{
	if (field_type == RDAPI_FIELD_JSON)
		return type == TEXTOID || type == JSONOID ? WAY_JSON_TEXT : WAY_JSON;
	if (type == TEXTOID ||
		(type == VARCHAROID && typmod < 0))
		return WAY_TEXT;
	if (type == TIMESTAMPTZOID && typmod < 0)
		return WAY_TIMESTAMPTZ;
	if (get_typtype(type) == TYPTYPE_ENUM)
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

bool
regdocs_converter_is_harmless(Oid type)
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

RegdocsConverter *
regdocs_converter_new(Oid type, int32 typmod, const RdapiField *field)
{
	RegdocsConverter *converter = palloc0(sizeof(RegdocsConverter));
	Oid			function;

	converter->way = choose_way(field == NULL ? RDAPI_FIELD_JSON : field->type,
								type, typmod);
	if (field != NULL && (field->flags & RDAPI_FIELD_WRITE_ONLY))
		converter->way = WAY_NULL;
	if (field == NULL || (field->flags & RDAPI_FIELD_PRIVATE))
		converter->private_type = format_type_with_typemod(type, typmod);
	converter->is_domain = get_typtype(type) == TYPTYPE_DOMAIN;
	converter->is_jsonb = getBaseType(type) == JSONBOID;
	converter->typmod = typmod;
	getTypeInputInfo(type, &function, &converter->ioparam);
	fmgr_info(function, &converter->input);
	if (converter->way == WAY_ENUM)
		converter->labels = palloc(sizeof(EnumLabel) * ENUM_CACHE_SIZE);
	return converter;
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
	char	   *copy = palloc(length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return pg_any_to_server(copy, length, PG_UTF8);
}

/* Does an error of that kind quote the value that was to be converted? */
static bool
quotes_value(int sqlstate)
{
	switch (sqlstate)
	{
		case ERRCODE_CHARACTER_NOT_IN_REPERTOIRE:	/* a few bytes of it */
		case ERRCODE_UNTRANSLATABLE_CHARACTER:
		case ERRCODE_STRING_DATA_RIGHT_TRUNCATION:
			return false;
		default:
			return ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_DATA_EXCEPTION;
	}
}

/* Leave out of an error what the log must not have. */
static void
censor_error(const RegdocsConverter *converter, ErrorData *error)
{
	if (converter->private_type != NULL && quotes_value(error->sqlerrcode))
	{
		error->message = psprintf("cannot convert the value to type %s",
								  converter->private_type);
		error->detail = pstrdup("What PostgreSQL says of it is left out, because it quotes the value.");
		error->detail_log = NULL;
		error->hint = NULL;
		return;
	}
	error->message = regdocs_report_censor(error->message);
	error->detail = regdocs_report_censor(error->detail);
	error->detail_log = regdocs_report_censor(error->detail_log);
	error->hint = regdocs_report_censor(error->hint);
}

/* The type's input function, for a value in the server's encoding or NULL. */
static Datum
call_input(RegdocsConverter *converter, char *value)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		result = 0;

	PG_TRY();
	{
		result = InputFunctionCall(&converter->input, value,
								   converter->ioparam, converter->typmod);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		censor_error(converter, error);
		ReThrowError(error);
	}
	PG_END_TRY();
	return result;
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
enum_value(RegdocsConverter *converter, char *label)
{
	EnumLabel  *entry = converter->labels;
	Datum		value;

	for (; entry < converter->labels + converter->nlabels; entry++)
	{
		if (strcmp(entry->label, label) == 0)
			return entry->value;
	}

	value = call_input(converter, label);
	if (converter->nlabels < ENUM_CACHE_SIZE)
	{
		strlcpy(entry->label, label, NAMEDATALEN);
		entry->value = value;
		converter->nlabels++;
	}
	return value;
}

/* See JSONB_BYTES; less than two bytes make no value. */
static void
check_size(const char *text, int length)
{
	int			values = 1;

	if (length / 2 > JSONB_VALUES)
		values = regdocs_json_measure(text, length).values;
	if (length > JSONB_BYTES || values > JSONB_VALUES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("JSON value is too large for type jsonb"),
				 errdetail("It has %d bytes and %d values in it; possible are %d and %d.",
						   length, values, JSONB_BYTES, JSONB_VALUES),
				 errhint("Use a column of type json or text.")));
}

static Datum
convert_json(RegdocsConverter *converter, const char *text, int length)
{
	char	   *json;

	if (converter->is_jsonb)
		check_size(text, length);
	json = server_text(text, length);
	if (converter->way == WAY_JSON_TEXT)
		return CStringGetTextDatum(json);
	if (converter->is_jsonb)
		check_escapes(json);
	return call_input(converter, json);
}

static Datum
convert_string(RegdocsConverter *converter, const RegdocsPage *page,
			   const RegdocsSlice *slice)
{
	const char *text = page->text + slice->start;
	int			length = slice->length;
	const char *plain = regdocs_page_plain_string(page, slice, &length);
	char	   *value;
	TimestampTz timestamp;

	if (plain != NULL && converter->way == WAY_TIMESTAMPTZ &&
		parse_timestamp(plain, length, &timestamp))
		return TimestampTzGetDatum(timestamp);

	if (plain != NULL)
		value = server_text(plain, length);
	else if (text[0] == '"')
		value = unescaped_text(text, slice->length);
	else
		value = server_text(text, slice->length);	/* as ->> shows it */

	if (converter->way == WAY_TEXT)
		return CStringGetTextDatum(value);
	if (converter->way == WAY_ENUM)
		return enum_value(converter, value);
	return call_input(converter, value);
}

Datum
regdocs_converter_apply_text(RegdocsConverter *converter, const char *text)
{
	return converter->way == WAY_TEXT ? CStringGetTextDatum(text) :
		call_input(converter, pstrdup(text));
}

bool
regdocs_slice_is_null(const RegdocsPage *page, const RegdocsSlice *slice)
{
	return slice->length == 0 ||
		(slice->length == 4 && page->text[slice->start] == 'n');
}

Datum
regdocs_converter_apply(RegdocsConverter *converter, const RegdocsPage *page,
						const RegdocsSlice *slice, bool *isnull)
{
	*isnull = converter->way == WAY_NULL || regdocs_slice_is_null(page, slice);
	if (*isnull)
		return converter->is_domain ? call_input(converter, NULL) : (Datum) 0;
	if (converter->way == WAY_JSON || converter->way == WAY_JSON_TEXT)
		return convert_json(converter, page->text + slice->start,
							slice->length);
	return convert_string(converter, page, slice);
}
