/*-------------------------------------------------------------------------
 *
 * quals.c
 *	  What conditions ask of the API.
 *
 * A condition is sent only where the API's reading of it takes in all rows
 * for which SQL's holds.  So it has to be about a column whose type keeps the
 * field as it is, and by an operator for which equal is the same.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "src/fdw/read/quals.h"
#include "src/fdw/read/relation.h"

/* What is looked for, and where. */
typedef struct Search
{
	PlannerInfo *root;
	const RelOptInfo *rel;
	const RegdocsColumns *columns;
	int			field;
} Search;

static bool match(const Search *search, Expr *clause, RegdocsAsk *ask);

static Expr *
strip_relabel(Expr *expr)
{
	while (IsA(expr, RelabelType))
		expr = ((RelabelType *) expr)->arg;
	return expr;
}

/* The field that a column of rel shows; RDAPI_NO_FIELD: it is no column. */
static int
field_of(const RelOptInfo *rel, const RegdocsColumns *columns, Expr *expr)
{
	Var		   *var = (Var *) strip_relabel(expr);

	if (!IsA(var, Var) || var->varno != (int) rel->relid ||
		var->varlevelsup != 0 || var->varattno <= 0)
		return RDAPI_NO_FIELD;
	return columns->fields[var->varattno - 1];
}

static bool
is_field(const Search *search, Expr *expr)
{
	return field_of(search->rel, search->columns, expr) == search->field;
}

/* Is the field a key, the object's own or its parent's? */
static bool
is_key(const RdapiResource *resource, int field)
{
	return field == resource->sid_field || field == resource->parent_field;
}

/*
 * Equality that holds only for the same bytes, or the same label.  That of
 * bpchar disregards trailing blanks, which no sid has, so a key with blanks is
 * no sid after they are cut off; other fields may have them.
 */
static bool
is_equality(const Search *search, Oid operator, Oid collation)
{
	const RdapiResource *resource = search->columns->resource;

	if (get_opcode(operator) == F_ENUM_EQ)
		return true;
	if (operator != TextEqualOperator &&
		(operator != BpcharEqualOperator || !is_key(resource, search->field)))
		return false;
	return !OidIsValid(collation) || get_collation_isdeterministic(collation);
}

/*
 * May the column's type change what the API has, as varchar(n) cuts off blanks
 * and timestamptz(n) rounds?
 */
static bool
is_limited(Expr *column)
{
	Expr	   *var = strip_relabel(column);
	int32		typmod = exprTypmod((Node *) var);

	(void) getBaseTypeAndTypmod(exprType((Node *) var), &typmod);
	return typmod >= 0;
}

/* The field, in a column for which equal is the same to the API. */
static bool
is_comparable(const Search *search, Expr *expr)
{
	return is_field(search, expr) &&
		(is_key(search->columns->resource, search->field) ||
		 !is_limited(expr));
}

/* Has it a value before the scan, and the same one throughout? */
static bool
is_known_before(const Search *search, Expr *expr)
{
	return !bms_is_member(search->rel->relid,
						  pull_varnos(search->root, (Node *) expr)) &&
		!contain_volatile_functions((Node *) expr) &&
		!contain_subplans((Node *) expr);
}

static bool
take(const Search *search, Expr *expr, bool is_array, RegdocsAsk *ask)
{
	if (!is_known_before(search, expr))
		return false;
	ask->exprs = lappend(ask->exprs, expr);
	ask->arrays = lappend_int(ask->arrays, is_array);
	return true;
}

static bool
match_equality(const Search *search, OpExpr *op, RegdocsAsk *ask)
{
	Expr	   *left;
	Expr	   *right;

	if (list_length(op->args) != 2 ||
		!is_equality(search, op->opno, op->inputcollid))
		return false;
	left = linitial(op->args);
	right = lsecond(op->args);
	if (is_comparable(search, left))
		return take(search, right, false, ask);
	return is_comparable(search, right) && take(search, left, false, ask);
}

static bool
match_any(const Search *search, ScalarArrayOpExpr *op, RegdocsAsk *ask)
{
	return op->useOr && is_equality(search, op->opno, op->inputcollid) &&
		is_comparable(search, linitial(op->args)) &&
		take(search, lsecond(op->args), true, ask);
}

/* Each arm has to name the values that it wants. */
static bool
match_or(const Search *search, BoolExpr *clause, RegdocsAsk *ask)
{
	ListCell   *cell;

	foreach(cell, clause->args)
	{
		RegdocsAsk	arm = {0};

		if (!match(search, lfirst(cell), &arm))
			return false;
		ask->exprs = list_concat(ask->exprs, arm.exprs);
		ask->arrays = list_concat(ask->arrays, arm.arrays);
	}
	return true;
}

/* In an arm of an OR: one of its conditions has to name them. */
static bool
match_and(const Search *search, BoolExpr *clause, RegdocsAsk *ask)
{
	ListCell   *cell;

	foreach(cell, clause->args)
	{
		RegdocsAsk	one = {0};

		if (!match(search, lfirst(cell), &one))
			continue;
		ask->exprs = one.exprs;
		ask->arrays = one.arrays;
		return true;
	}
	return false;
}

static bool
match(const Search *search, Expr *clause, RegdocsAsk *ask)
{
	if (IsA(clause, OpExpr))
		return match_equality(search, (OpExpr *) clause, ask);
	if (IsA(clause, ScalarArrayOpExpr))
		return match_any(search, (ScalarArrayOpExpr *) clause, ask);
	if (is_orclause(clause))
		return match_or(search, (BoolExpr *) clause, ask);
	if (is_andclause(clause))
		return match_and(search, (BoolExpr *) clause, ask);
	return false;
}

/* ---- Times ---- */

static Oid
times_opfamily(void)
{
	return lookup_type_cache(TIMESTAMPTZOID,
							 TYPECACHE_BTREE_OPFAMILY)->btree_opf;
}

bool
regdocs_quals_is_order_of_times(Oid opfamily)
{
	return opfamily == times_opfamily();
}

/* How the column compares with the other side; InvalidStrategy: otherwise. */
static StrategyNumber
time_strategy(Oid operator, bool column_is_left)
{
	if (!column_is_left)
		operator = get_commutator(operator);
	return OidIsValid(operator) ?
		get_op_opfamily_strategy(operator, times_opfamily()) :
		InvalidStrategy;
}

static List *
add_time(List *asks, const Search *search, RdapiTest test, Expr *expr)
{
	RegdocsAsk *ask;

	if (rdapi_resource_filter(search->columns->resource, search->field,
							  test) < 0)
		return asks;
	ask = palloc0(sizeof(RegdocsAsk));
	ask->field = search->field;
	ask->test = test;
	ask->exprs = list_make1(expr);
	ask->arrays = list_make1_int(false);
	return lappend(asks, ask);
}

/* A comparison of a timestamptz column with any kind of time. */
static List *
match_time(const Search *search, OpExpr *op)
{
	List	   *asks = NIL;
	Expr	   *column;
	Expr	   *value;
	bool		column_is_left;
	StrategyNumber strategy;

	if (list_length(op->args) != 2)
		return NIL;
	column_is_left = is_field(search, linitial(op->args));
	column = column_is_left ? linitial(op->args) : lsecond(op->args);
	value = column_is_left ? lsecond(op->args) : linitial(op->args);
	if (!is_field(search, column) ||
		exprType((Node *) column) != TIMESTAMPTZOID || is_limited(column) ||
		!is_known_before(search, value))
		return NIL;

	strategy = time_strategy(op->opno, column_is_left);
	if (strategy == BTEqualStrategyNumber ||
		strategy == BTGreaterEqualStrategyNumber ||
		strategy == BTGreaterStrategyNumber)
		asks = add_time(asks, search, RDAPI_TEST_FROM, value);
	if (strategy == BTEqualStrategyNumber ||
		strategy == BTLessEqualStrategyNumber ||
		strategy == BTLessStrategyNumber)
		asks = add_time(asks, search, RDAPI_TEST_TO, value);
	return asks;
}

/*
 * With on_error 'set_null', what cannot be converted is NULL here, and not
 * where the API looks.
 */
static List *
match_null(const Search *search, NullTest *test)
{
	const RegdocsRelInfo *info = search->rel->fdw_private;
	RegdocsAsk *ask;

	if (test->nulltesttype == IS_NULL &&
		info->table->on_error == REGDOCS_ON_ERROR_SET_NULL)
		return NIL;
	if (test->argisrow || !is_field(search, test->arg) ||
		rdapi_resource_filter(search->columns->resource, search->field,
							  RDAPI_TEST_PRESENT) < 0)
		return NIL;
	ask = palloc0(sizeof(RegdocsAsk));
	ask->field = search->field;
	ask->test = RDAPI_TEST_PRESENT;
	ask->present = test->nulltesttype == IS_NOT_NULL;
	return list_make1(ask);
}

/* ---- All of them ---- */

/* May the field be asked to have one of some values? */
static bool
takes_values(const RdapiResource *resource, int field)
{
	return field >= 0 &&
		(is_key(resource, field) ||
		 rdapi_resource_filter(resource, field, RDAPI_TEST_EQUAL) >= 0);
}

List *
regdocs_quals_match(PlannerInfo *root, const RelOptInfo *rel,
					const RegdocsColumns *columns, Expr *clause)
{
	const RdapiResource *resource = columns->resource;
	Search		search = {root, rel, columns, 0};

	for (; search.field < resource->nfields; search.field++)
	{
		RegdocsAsk	ask = {0};
		List	   *asks = NIL;

		if (takes_values(resource, search.field) &&
			match(&search, clause, &ask))
		{
			ask.field = search.field;
			ask.test = RDAPI_TEST_EQUAL;
			return list_make1(memcpy(palloc(sizeof(RegdocsAsk)), &ask,
									 sizeof(RegdocsAsk)));
		}
		if (resource->fields[search.field].type != RDAPI_FIELD_TIMESTAMP)
			continue;
		if (IsA(clause, OpExpr))
			asks = match_time(&search, (OpExpr *) clause);
		else if (IsA(clause, NullTest))
			asks = match_null(&search, (NullTest *) clause);
		if (asks != NIL)
			return asks;
	}
	return NIL;
}

bool
regdocs_quals_is_askable(const RelOptInfo *rel, const RegdocsColumns *columns,
						 Expr *expr)
{
	return takes_values(columns->resource, field_of(rel, columns, expr));
}
