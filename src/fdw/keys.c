/*-------------------------------------------------------------------------
 *
 * keys.c
 *	  The sids that a scan's key names, once it has a value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "src/fdw/keys.h"

/*
 * Add the sid in a datum, if there is one.  The equality of bpchar disregards
 * blanks at the end; for other types they make it no sid.
 */
static void
add_key(RegdocsKeys *keys, Datum value, Oid type,
		const RdapiResource *resource)
{
	char	   *sid = TextDatumGetCString(value);
	size_t		length = strlen(sid);

	while (type == BPCHAROID && length > 0 && sid[length - 1] == ' ')
		length--;
	if (!rdapi_sid_is_valid(resource->sid_prefix, sid, length))
	{
		pfree(sid);
		return;
	}
	sid[length] = '\0';
	keys->sids[keys->nsids++] = sid;
}

static int
compare_sids(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

static void
make_distinct(RegdocsKeys *keys)
{
	int			distinct = 0;
	int			i;

	qsort(keys->sids, keys->nsids, sizeof(char *), compare_sids);
	for (i = 0; i < keys->nsids; i++)
	{
		if (i == 0 || strcmp(keys->sids[i], keys->sids[distinct - 1]) != 0)
			keys->sids[distinct++] = keys->sids[i];
	}
	keys->nsids = distinct;
}

static void
add_array(RegdocsKeys *keys, Datum value, const RdapiResource *resource)
{
	ArrayType  *array = DatumGetArrayTypeP(value);
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
	keys->sids = palloc(sizeof(char *) * Max(nelements, 1));
	for (i = 0; i < nelements; i++)
	{
		if (!nulls[i])
			add_key(keys, elements[i], type, resource);
	}
	make_distinct(keys);
}

RegdocsKeys *
regdocs_keys_evaluate(ExprState *expr, ExprContext *econtext, bool is_array,
					  const RdapiResource *resource)
{
	RegdocsKeys *keys = palloc0(sizeof(RegdocsKeys));
	bool		isnull;
	Datum		value = ExecEvalExpr(expr, econtext, &isnull);

	if (isnull)
		return keys;
	if (is_array)
		add_array(keys, value, resource);
	else
	{
		keys->sids = palloc(sizeof(char *));
		add_key(keys, value, exprType((Node *) expr->expr), resource);
	}
	return keys;
}

bool
regdocs_keys_equal(const RegdocsKeys *a, const RegdocsKeys *b)
{
	int			i;

	if (a->nsids != b->nsids)
		return false;
	for (i = 0; i < a->nsids; i++)
	{
		if (strcmp(a->sids[i], b->sids[i]) != 0)
			return false;
	}
	return true;
}
