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
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "src/fdw/keys.h"

/* Keys that are being collected. */
typedef struct Collection
{
	RegdocsKeys *keys;
	int			allocated;
	const RdapiResource *resource;
} Collection;

/* Make room for so many more. */
static void
reserve(Collection *collection, int more)
{
	RegdocsKeys *keys = collection->keys;

	if (keys->nsids + more <= collection->allocated)
		return;
	collection->allocated = Max(collection->allocated * 2, keys->nsids + more);
	keys->sids = keys->sids == NULL ?
		palloc(sizeof(char *) * collection->allocated) :
		repalloc(keys->sids, sizeof(char *) * collection->allocated);
}

/*
 * Add the sid in a datum, if there is one.  The equality of bpchar disregards
 * blanks at the end; for other types they make it no sid.
 */
static void
add_key(Collection *collection, Datum value, Oid type)
{
	RegdocsKeys *keys = collection->keys;
	char	   *sid = TextDatumGetCString(value);
	size_t		length = strlen(sid);

	while (type == BPCHAROID && length > 0 && sid[length - 1] == ' ')
		length--;
	if (!rdapi_sid_is_valid(collection->resource->sid_prefix, sid, length))
	{
		pfree(sid);
		return;
	}
	sid[length] = '\0';
	reserve(collection, 1);
	keys->sids[keys->nsids++] = sid;
}

static void
add_array(Collection *collection, Datum value)
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
	reserve(collection, nelements);
	for (i = 0; i < nelements; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			add_key(collection, elements[i], type);
	}
}

/* There may be millions of them. */
static int
compare_sids(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
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

RegdocsKeys *
regdocs_keys_evaluate(const List *exprs, const List *arrays,
					  ExprContext *econtext, const RdapiResource *resource)
{
	Collection	collection = {palloc0(sizeof(RegdocsKeys)), 0, resource};
	ListCell   *cell;
	ListCell   *array;

	forboth(cell, exprs, array, arrays)
	{
		ExprState  *expr = lfirst(cell);
		bool		isnull;
		Datum		value = ExecEvalExpr(expr, econtext, &isnull);

		if (isnull)
			continue;
		if (lfirst_int(array))
			add_array(&collection, value);
		else
			add_key(&collection, value, exprType((Node *) expr->expr));
	}
	make_distinct(collection.keys);
	return collection.keys;
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
