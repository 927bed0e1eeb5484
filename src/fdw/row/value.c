/*-------------------------------------------------------------------------
 *
 * value.c
 *	  A JSON value of an answer, as the Datum of a column's type.
 *
 * Values go through the input function of the column's type.  Those that most
 * columns have take a shorter way with the same result, where it is certain
 * that there is nothing to be said against them: text is copied from the page,
 * ISO 8601 timestamps are computed, labels of an enum are looked up once each,
 * and jsonb is made in jsonb.c.
 *
 * As json and text, JSON is handed on byte for byte.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/row/input.h"
#include "src/fdw/row/json.h"
#include "src/fdw/row/jsonb.h"
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

/* A label, as it lies in a page. */
typedef struct EnumLabel
{
	char		bytes[NAMEDATALEN];
	int			length;
	Datum		value;
} EnumLabel;

struct RegdocsConverter
{
	Way			way;
	bool		is_jsonb;		/* or a domain over it */
	bool		is_domain;		/* NULL has to pass its constraints */
	RegdocsInput input;
	EnumLabel  *labels;
	int			nlabels;
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

	converter->way = choose_way(field == NULL ? RDAPI_FIELD_JSON : field->type,
								type, typmod);
	if (field != NULL && (field->flags & RDAPI_FIELD_WRITE_ONLY))
		converter->way = WAY_NULL;
	converter->is_domain = get_typtype(type) == TYPTYPE_DOMAIN;
	converter->is_jsonb = getBaseType(type) == JSONBOID;
	regdocs_input_init(&converter->input, type, typmod, field == NULL ||
					   (field->flags & RDAPI_FIELD_PRIVATE) != 0);
	if (converter->way == WAY_ENUM)
		converter->labels = palloc(sizeof(EnumLabel) * ENUM_CACHE_SIZE);
	return converter;
}

static int
two_digits(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/*
 * Do eight bytes have that form, in which 0 stands for any digit?  Slack is
 * what a byte can differ by and more, so that 16 is not reached: 9 and 6 for a
 * digit, 0 and 15 for what has to be as it is.
 */
static inline bool
has_form(const char *text, const char *form, const char *slack)
{
	uint64		bytes;
	uint64		word;

	memcpy(&bytes, text, sizeof(bytes));
	memcpy(&word, form, sizeof(word));
	bytes ^= word;
	memcpy(&word, slack, sizeof(word));
	return (((bytes + word) | bytes) & UINT64CONST(0xf0f0f0f0f0f0f0f0)) == 0;
}

/*
 * YYYY-MM-DDThh:mm:ssZ, the only form that the API is known to answer; what
 * is not exactly that, or no real time, is left to the input function.
 */
static bool
parse_timestamp(const char *p, int length, Datum *result)
{
	int			year,
				month,
				day,
				hour,
				minute,
				second;

	if (length != 20 ||
		!has_form(p, "0000-00-", "\6\6\6\6\17\6\6\17") ||
		!has_form(p + 8, "00T00:00", "\6\6\17\6\6\17\6\6") ||
		!has_form(p + 12, "0:00:00Z", "\6\17\6\6\17\6\6\17"))
		return false;
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
	*result = TimestampTzGetDatum(day * USECS_PER_DAY + second * USECS_PER_SEC);
	return true;
}

/* The value of a label that was converted before.  false: it was not. */
static bool
find_label(const RegdocsConverter *converter, const char *label, int length,
		   Datum *value)
{
	int			i;

	for (i = 0; i < converter->nlabels; i++)
	{
		const EnumLabel *known = &converter->labels[i];

		if (known->length == length &&
			memcmp(known->bytes, label, length) == 0)
		{
			*value = known->value;
			return true;
		}
	}
	return false;
}

static void
note_label(RegdocsConverter *converter, const char *label, int length,
		   Datum value)
{
	EnumLabel  *known = &converter->labels[converter->nlabels];

	if (converter->nlabels == ENUM_CACHE_SIZE || length > NAMEDATALEN)
		return;
	memcpy(known->bytes, label, length);
	known->length = length;
	known->value = value;
	converter->nlabels++;
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

/* The last character that an escape can stand for in the server's encoding. */
static int
highest_character(void)
{
	return GetDatabaseEncoding() == PG_UTF8 ? REGDOCS_LAST_CHARACTER :
		REGDOCS_LAST_ASCII;
}

static Datum
convert_json(RegdocsConverter *converter, RegdocsPage *page, const char *text,
			 int length)
{
	bool		as_it_is = regdocs_page_is_server_text(page);
	char	   *json;
	Datum		result;

	if (converter->way == WAY_JSON_TEXT && as_it_is)
		return PointerGetDatum(cstring_to_text_with_len(text, length));
	if (converter->is_jsonb)
		check_size(text, length);
	if (converter->is_jsonb && !converter->is_domain && as_it_is &&
		regdocs_jsonb_make(text, length, highest_character(), &result))
		return result;

	json = regdocs_server_text(text, length);
	if (converter->way == WAY_JSON_TEXT)
		return CStringGetTextDatum(json);
	if (converter->is_jsonb)
		regdocs_check_escapes(json);
	return regdocs_input_call(&converter->input, json);
}

/*
 * A string of a page whose text is the server's, as text.  false: an escape
 * in it stands for no character there.
 */
static bool
make_text(const RegdocsPage *page, const RegdocsSlice *slice, Datum *value)
{
	const char *bytes = page->text + slice->start + 1;
	int			length = slice->length - 2;
	text	   *result;

	if (!slice->escaped)
	{
		*value = PointerGetDatum(cstring_to_text_with_len(bytes, length));
		return true;
	}
	result = palloc(VARHDRSZ + length);
	length = regdocs_json_resolve(bytes, length, highest_character(),
								  VARDATA(result), length);
	if (length < 0)
		return false;
	SET_VARSIZE(result, VARHDRSZ + length);
	*value = PointerGetDatum(result);
	return true;
}

/*
 * A value that is made of its bytes in the page, without the input function.
 * false: it is not one of those.
 */
static bool
convert_bytes(RegdocsConverter *converter, RegdocsPage *page,
			  const RegdocsSlice *slice, Datum *value)
{
	int			length = 0;
	const char *plain = regdocs_page_plain_string(page, slice, &length);

	switch (converter->way)
	{
		case WAY_TEXT:
			return page->text[slice->start] == '"' &&
				regdocs_page_is_server_text(page) &&
				make_text(page, slice, value);
		case WAY_TIMESTAMPTZ:
			return plain != NULL && parse_timestamp(plain, length, value);
		case WAY_ENUM:
			return plain != NULL &&
				find_label(converter, plain, length, value);
		default:
			return false;
	}
}

static Datum
convert_string(RegdocsConverter *converter, RegdocsPage *page,
			   const RegdocsSlice *slice)
{
	const char *text = page->text + slice->start;
	int			length = slice->length;
	const char *plain = regdocs_page_plain_string(page, slice, &length);
	char	   *value;
	Datum		result;

	if (convert_bytes(converter, page, slice, &result))
		return result;
	if (plain != NULL)
		value = regdocs_server_text(plain, length);
	else if (text[0] == '"')
		value = regdocs_unescaped_text(text, slice->length);
	else
		value = regdocs_server_text(text, slice->length);	/* as for ->> */

	if (converter->way == WAY_TEXT)
		return CStringGetTextDatum(value);
	result = regdocs_input_call(&converter->input, value);
	if (converter->way == WAY_ENUM && plain != NULL)
		note_label(converter, plain, length, result);
	return result;
}

Datum
regdocs_converter_apply_text(RegdocsConverter *converter, const char *text)
{
	return converter->way == WAY_TEXT ? CStringGetTextDatum(text) :
		regdocs_input_call(&converter->input, pstrdup(text));
}

Datum
regdocs_converter_null(RegdocsConverter *converter)
{
	return converter->is_domain ?
		regdocs_input_call(&converter->input, NULL) : (Datum) 0;
}

Datum
regdocs_converter_apply(RegdocsConverter *converter, RegdocsPage *page,
						const RegdocsSlice *slice, bool *isnull)
{
	*isnull = converter->way == WAY_NULL || regdocs_slice_is_null(page, slice);
	if (*isnull)
		return regdocs_converter_null(converter);
	if (converter->way == WAY_JSON || converter->way == WAY_JSON_TEXT)
		return convert_json(converter, page, page->text + slice->start,
							slice->length);
	return convert_string(converter, page, slice);
}
