/*-------------------------------------------------------------------------
 *
 * quals.c
 *	  Conditions that name the documents they want by their sid.
 *
 * The API can do two things: list all, and fetch one by its sid.  So of all
 * conditions only equality with the sid can be sent, and it is sent for
 * whatever will have a value when the scan begins.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"

#include "src/fdw/quals.h"

static Expr *
strip_relabel(Expr *expr)
{
	while (IsA(expr, RelabelType))
		expr = ((RelabelType *) expr)->arg;
	return expr;
}

bool
regdocs_quals_is_sid(const RelOptInfo *rel,
					 const RegdocsColumns *columns,
					 Expr *expr)
{
	Var		   *var = (Var *) strip_relabel(expr);

	return IsA(var, Var) && var->varno == (int) rel->relid &&
		var->varlevelsup == 0 && var->varattno > 0 &&
		columns->fields[var->varattno - 1] == columns->resource->sid_field;
}

/*
 * Equality that holds only for the same bytes.  That of bpchar disregards
 * trailing blanks, which no sid has, so a key with blanks is no sid after
 * they are cut off.
 */
static bool
is_equality(Oid operator, Oid collation)
{
	if (operator != TextEqualOperator && operator != BpcharEqualOperator)
		return false;
	return !OidIsValid(collation) || get_collation_isdeterministic(collation);
}

/* Has it a value before the scan, and the same one throughout? */
static bool
is_known_before(PlannerInfo *root, const RelOptInfo *rel, Expr *expr)
{
	return !bms_is_member(rel->relid, pull_varnos(root, (Node *) expr)) &&
		!contain_volatile_functions((Node *) expr) &&
		!contain_subplans((Node *) expr);
}

/* What is looked for, and where. */
typedef struct Search
{
	PlannerInfo *root;
	const RelOptInfo *rel;
	const RegdocsColumns *columns;
} Search;

static bool match(const Search *search, Expr *clause, RegdocsKey *key);

static bool
take(const Search *search, Expr *expr, bool is_array, RegdocsKey *key)
{
	if (!is_known_before(search->root, search->rel, expr))
		return false;
	key->exprs = lappend(key->exprs, expr);
	key->arrays = lappend_int(key->arrays, is_array);
	return true;
}

static bool
match_equality(const Search *search, OpExpr *op, RegdocsKey *key)
{
	Expr	   *left;
	Expr	   *right;

	if (list_length(op->args) != 2 || !is_equality(op->opno, op->inputcollid))
		return false;
	left = linitial(op->args);
	right = lsecond(op->args);
	if (regdocs_quals_is_sid(search->rel, search->columns, left))
		return take(search, right, false, key);
	return regdocs_quals_is_sid(search->rel, search->columns, right) &&
		take(search, left, false, key);
}

static bool
match_any(const Search *search, ScalarArrayOpExpr *op, RegdocsKey *key)
{
	return op->useOr && is_equality(op->opno, op->inputcollid) &&
		regdocs_quals_is_sid(search->rel, search->columns,
							 linitial(op->args)) &&
		take(search, lsecond(op->args), true, key);
}

/* Each arm has to name the sids that it wants. */
static bool
match_or(const Search *search, BoolExpr *clause, RegdocsKey *key)
{
	ListCell   *cell;

	foreach(cell, clause->args)
	{
		RegdocsKey	arm = {NIL, NIL};

		if (!match(search, lfirst(cell), &arm))
			return false;
		key->exprs = list_concat(key->exprs, arm.exprs);
		key->arrays = list_concat(key->arrays, arm.arrays);
	}
	return true;
}

/* In an arm of an OR: one of its conditions has to name them. */
static bool
match_and(const Search *search, BoolExpr *clause, RegdocsKey *key)
{
	ListCell   *cell;

	foreach(cell, clause->args)
	{
		RegdocsKey	one = {NIL, NIL};

		if (!match(search, lfirst(cell), &one))
			continue;
		*key = one;
		return true;
	}
	return false;
}

static bool
match(const Search *search, Expr *clause, RegdocsKey *key)
{
	if (IsA(clause, OpExpr))
		return match_equality(search, (OpExpr *) clause, key);
	if (IsA(clause, ScalarArrayOpExpr))
		return match_any(search, (ScalarArrayOpExpr *) clause, key);
	if (is_orclause(clause))
		return match_or(search, (BoolExpr *) clause, key);
	if (is_andclause(clause))
		return match_and(search, (BoolExpr *) clause, key);
	return false;
}

bool
regdocs_quals_match(PlannerInfo *root, const RelOptInfo *rel,
					const RegdocsColumns *columns,
					Expr *clause, RegdocsKey *key)
{
	Search		search = {root, rel, columns};

	memset(key, 0, sizeof(*key));
	return match(&search, clause, key);
}
