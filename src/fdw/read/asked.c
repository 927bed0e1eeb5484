/*-------------------------------------------------------------------------
 *
 * asked.c
 *	  What a scan asks of the API, once its conditions have values.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "src/fdw/read/asked.h"

/* Longer texts are not sent: what a URL may have is limited, in bytes. */
#define MAX_VALUE_BYTES	1024

/* Values that are being collected. */
typedef struct Collection
{
	const char *sid_prefix;		/* they are sids; NULL: they are not */
	const RdapiEnum *labels;	/* they are some of these; NULL: anything */
	size_t		length;			/* bytes that each has; 0: any number */
	RegdocsValues *values;
	int			allocated;
	bool		unknown;		/* one of them cannot be sent */
} Collection;

/* Make room for so many more. */
static void
reserve(Collection *collection, int more)
{
	RegdocsValues *values = collection->values;

	if (values->nvalues + more <= collection->allocated)
		return;
	collection->allocated = Max(collection->allocated * 2,
								values->nvalues + more);
	values->values = values->values == NULL ?
		palloc(sizeof(char *) * collection->allocated) :
		repalloc(values->values, sizeof(char *) * collection->allocated);
}

/* The text of a datum, palloc'd. */
static char *
text_of(Datum datum, Oid type)
{
	Oid			function;
	bool		is_varlena;

	if (get_typtype(type) != TYPTYPE_ENUM)
		return TextDatumGetCString(datum);
	getTypeOutputInfo(type, &function, &is_varlena);
	return OidOutputFunctionCall(function, datum);
}

/*
 * A text in UTF-8; NULL: it is none, in a database that takes any bytes.
 */
static char *
utf8_text(char *text)
{
	int			length = strlen(text);

	if (GetDatabaseEncoding() == PG_SQL_ASCII &&
		!pg_verify_mbstr(PG_UTF8, text, length, true))
		return NULL;
	return pg_server_to_any(text, length, PG_UTF8);
}

/* The equality of bpchar disregards blanks at the end. */
static char *
trimmed_text(Datum datum, Oid type)
{
	char	   *text = text_of(datum, type);
	size_t		length = strlen(text);

	while (type == BPCHAROID && length > 0 && text[length - 1] == ' ')
		length--;
	text[length] = '\0';
	return text;
}

char *
regdocs_asked_text(Datum datum, Oid type)
{
	return utf8_text(trimmed_text(datum, type));
}

/* Is it one that the API takes? */
static bool
can_be_sent(const Collection *collection, const char *value)
{
	size_t		length = strlen(value);

	return length > 0 && length <= MAX_VALUE_BYTES &&
		(collection->length == 0 || length == collection->length) &&
		(collection->labels == NULL ||
		 rdapi_enum_has(collection->labels, value, length));
}

/*
 * Add the value of a datum.  What no object has is left out: as a key, what
 * cannot be one, as with blanks at its end; as anything else, what is no UTF-8.
 */
static void
add_value(Collection *collection, Datum datum, Oid type)
{
	RegdocsValues *values = collection->values;
	char	   *value = trimmed_text(datum, type);
	size_t		length = strlen(value);

	if (collection->sid_prefix != NULL)
	{
		if (!rdapi_sid_is_valid(collection->sid_prefix, value, length))
			return;
	}
	else
	{
		value = utf8_text(value);
		if (value == NULL)
			return;
		if (!can_be_sent(collection, value))
			collection->unknown = true;
	}
	reserve(collection, 1);
	values->values[values->nvalues++] = value;
}

static void
add_array(Collection *collection, Datum datum)
{
	ArrayType  *array = DatumGetArrayTypeP(datum);
	Oid			type = ARR_ELEMTYPE(array);
	int16		length;
	bool		by_value;
	char		align;
	Datum	   *elements;
	bool	   *nulls;
	int			nelements;
	int			i;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	deconstruct_array(array, type, length, by_value, align,
					  &elements, &nulls, &nelements);
	reserve(collection, nelements);
	for (i = 0; i < nelements; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			add_value(collection, elements[i], type);
	}
}

/* There may be millions of them. */
static int
compare_values(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return strcmp(*(char *const *) a, *(char *const *) b);
}

void
regdocs_asked_make_distinct(RegdocsValues *values)
{
	int			distinct = 0;
	int			i;

	qsort(values->values, values->nvalues, sizeof(char *), compare_values);
	for (i = 0; i < values->nvalues; i++)
	{
		if (i == 0 ||
			strcmp(values->values[i], values->values[distinct - 1]) != 0)
			values->values[distinct++] = values->values[i];
	}
	values->nvalues = distinct;
}

/* Collect the values of an ask. */
static void
collect(Collection *collection, const RegdocsAsk *ask, const List *exprs,
		ExprContext *econtext)
{
	ListCell   *cell;
	ListCell   *array;

	collection->values = palloc0(sizeof(RegdocsValues));
	forboth(cell, exprs, array, ask->arrays)
	{
		ExprState  *expr = lfirst(cell);
		bool		isnull;
		Datum		value = ExecEvalExpr(expr, econtext, &isnull);

		if (isnull)
			continue;
		if (lfirst_int(array))
			add_array(collection, value);
		else
			add_value(collection, value, exprType((Node *) expr->expr));
	}
	regdocs_asked_make_distinct(collection->values);
}

static void
set_condition(RdapiCondition *condition, const char *name, const char *value)
{
	condition->name = name;
	condition->value = value;
}

static void
add_condition(RegdocsAsked *asked, const char *name, const char *value)
{
	set_condition(&asked->conditions[asked->nconditions++], name, value);
}

/* ---- Each kind of ask ---- */

/* The filter that asks for values of the field, which is no key. */
static const RdapiFilter *
values_filter(const RdapiResource *resource, int field)
{
	return &resource->filters[rdapi_resource_filter(resource, field,
													RDAPI_TEST_EQUAL)];
}

RegdocsValues *
regdocs_asked_values(const RegdocsAsk *ask, const List *exprs,
					 ExprContext *econtext, const RdapiResource *resource,
					 bool *can_send)
{
	const RdapiField *field = &resource->fields[ask->field];
	Collection	collection = {0};

	if (ask->field == resource->sid_field)
		collection.sid_prefix = resource->sid_prefix;
	else if (ask->field == resource->parent_field)
		collection.sid_prefix = resource->parent->sid_prefix;
	else
	{
		const RdapiFilter *filter = values_filter(resource, ask->field);

		collection.sid_prefix = filter->sid_prefix;
		collection.length = filter->length;
		collection.labels = filter->labels != NULL ?
			filter->labels : field->labels;
	}
	collect(&collection, ask, exprs, econtext);
	*can_send = !collection.unknown;
	return collection.values;
}

void
regdocs_asked_add(RegdocsAsked *asked, const RegdocsAsk *ask,
				  const RegdocsValues *values, const RdapiResource *resource)
{
	if (values->nvalues == 0)
		asked->nothing = true;
	else if (ask->field == resource->sid_field)
		asked->sids = values;
	else if (ask->field == resource->parent_field)
		asked->parents = values;
	else if (values->nvalues == 1)
		add_condition(asked, values_filter(resource, ask->field)->parameter,
					  values->values[0]);
	else if (asked->split_filter == NULL)
	{
		asked->split_filter = values_filter(resource, ask->field);
		asked->split_values = values;
	}
}

/* What cannot be sent is checked here: all of the list is asked for, then. */
static void
ask_values(RegdocsAsked *asked, const RegdocsAsk *ask, const List *exprs,
		   ExprContext *econtext, const RdapiResource *resource)
{
	bool		can_send;
	const RegdocsValues *values = regdocs_asked_values(ask, exprs, econtext,
													   resource, &can_send);

	if (can_send)
		regdocs_asked_add(asked, ask, values, resource);
}

/*
 * Can the API have a date so many days after 2000-01-01, and those beside it?
 * Farther ones compare with all times, but not all of them can be made a time.
 */
static bool
is_near(int64 day)
{
	return day > date2j(1, 1, 2) - POSTGRES_EPOCH_JDATE &&
		day < date2j(9999, 12, 30) - POSTGRES_EPOCH_JDATE;
}

/*
 * The time that a datum of any type of time stands for; not finite: it is too
 * far away to be asked for.
 */
static TimestampTz
time_of(Datum value, Oid type)
{
	int64		day = type == DATEOID ? DatumGetDateADT(value) :
	DatumGetTimestamp(value) / USECS_PER_DAY;

	if (!is_near(day))
		return DT_NOEND;
	if (type == DATEOID)
		value = DirectFunctionCall1(date_timestamptz, value);
	else if (type == TIMESTAMPOID)
		value = DirectFunctionCall1(timestamp_timestamptz, value);
	return DatumGetTimestampTz(value);
}

/*
 * Ask for the days from the one before, or up to the one after.  Whether the
 * API takes the day that is named for one of them is not known; and what is
 * compared here is to the microsecond.  Days are those of UTC, as times are.
 */
static void
ask_time(RegdocsAsked *asked, const RegdocsAsk *ask, const List *exprs,
		 ExprContext *econtext, const RdapiResource *resource)
{
	const RdapiFilter *filter =
	&resource->filters[rdapi_resource_filter(resource, ask->field, ask->test)];
	ExprState  *expr = linitial(exprs);
	bool		isnull;
	Datum		value = ExecEvalExpr(expr, econtext, &isnull);
	TimestampTz time;
	int64		day;
	int			year,
				month,
				day_of_month;

	if (isnull)
	{
		asked->nothing = true;
		return;
	}
	time = time_of(value, exprType((Node *) expr->expr));
	if (TIMESTAMP_NOT_FINITE(time))
		return;
	day = time / USECS_PER_DAY - (time % USECS_PER_DAY < 0 ? 1 : 0);
	day += ask->test == RDAPI_TEST_FROM ? -1 : 1;
	j2date((int) (day + POSTGRES_EPOCH_JDATE), &year, &month, &day_of_month);
	add_condition(asked, filter->parameter,
				  psprintf("%04d-%02d-%02d", year, month, day_of_month));
}

static void
ask_presence(RegdocsAsked *asked, const RegdocsAsk *ask,
			 const RdapiResource *resource)
{
	const RdapiFilter *filter =
	&resource->filters[rdapi_resource_filter(resource, ask->field, ask->test)];

	add_condition(asked, filter->parameter, ask->present ? "true" : "false");
}

RegdocsAsked *
regdocs_asked_evaluate(const List *asks, const List *exprs,
					   ExprContext *econtext, const RdapiResource *resource)
{
	RegdocsAsked *asked = palloc0(sizeof(RegdocsAsked));
	int			position = 0;
	ListCell   *cell;

	/* One more may be added. */
	asked->conditions = palloc(sizeof(RdapiCondition) *
							   (list_length(asks) + 1));
	foreach(cell, asks)
	{
		const RegdocsAsk *ask = lfirst(cell);
		List	   *rest = list_copy_tail(exprs, position);

		if (ask->test == RDAPI_TEST_EQUAL)
			ask_values(asked, ask, rest, econtext, resource);
		else if (ask->test == RDAPI_TEST_PRESENT)
			ask_presence(asked, ask, resource);
		else
			ask_time(asked, ask, rest, econtext, resource);
		position += list_length(ask->arrays);
	}
	return asked;
}

void
regdocs_asked_make_query(RdapiQuery *query, const RegdocsAsked *asked,
						 const RegdocsScanPlan *plan,
						 const RegdocsTableOptions *table, int page_size)
{
	const RdapiResource *resource = table->resource;
	int			nasked = asked == NULL ? 0 : asked->nconditions;

	/* Besides those: the order, its direction, constraints. */
	RdapiCondition *conditions = palloc(sizeof(RdapiCondition) * (nasked + 3));
	int			n = nasked;

	if (nasked > 0)
		memcpy(conditions, asked->conditions, sizeof(RdapiCondition) * nasked);
	if (plan->sort >= 0)
	{
		set_condition(&conditions[n++], RDAPI_SORT_PARAMETER,
					  resource->sorts[plan->sort].value);
		set_condition(&conditions[n++], RDAPI_DIRECTION_PARAMETER,
					  plan->descending ? RDAPI_DESCENDING : RDAPI_ASCENDING);
	}
	if (table->include_constraints)
		set_condition(&conditions[n++], resource->constraints_parameter,
					  "true");
	query->page_size = page_size;
	query->conditions = conditions;
	query->nconditions = n;
}

/* ---- Comparing ---- */

static bool
values_equal(const RegdocsValues *a, const RegdocsValues *b)
{
	int			i;

	if (a == NULL || b == NULL)
		return a == b;
	if (a->nvalues != b->nvalues)
		return false;
	for (i = 0; i < a->nvalues; i++)
	{
		if (strcmp(a->values[i], b->values[i]) != 0)
			return false;
	}
	return true;
}

bool
regdocs_asked_equal(const RegdocsAsked *a, const RegdocsAsked *b)
{
	int			i;

	if (a->nothing || b->nothing)
		return a->nothing == b->nothing;
	if (!values_equal(a->sids, b->sids) ||
		!values_equal(a->parents, b->parents) ||
		a->split_filter != b->split_filter ||
		!values_equal(a->split_values, b->split_values) ||
		a->nconditions != b->nconditions)
		return false;
	for (i = 0; i < a->nconditions; i++)
	{
		if (a->conditions[i].name != b->conditions[i].name ||
			strcmp(a->conditions[i].value, b->conditions[i].value) != 0)
			return false;
	}
	return true;
}

/* Value of a LIMIT's count or offset; -1: none. */
static double
evaluate_bound(ExprState *expr, ExprContext *econtext)
{
	bool		isnull;
	int64		value;

	if (expr == NULL)
		return -1;
	value = DatumGetInt64(ExecEvalExpr(expr, econtext, &isnull));
	return isnull || value < 0 ? -1 : (double) value;
}

double
regdocs_asked_bound(ExprState *limit_count, ExprState *limit_offset,
					ExprContext *econtext)
{
	double		count = evaluate_bound(limit_count, econtext);
	double		offset = evaluate_bound(limit_offset, econtext);

	return count < 0 ? -1 : count + Max(offset, 0);
}
