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

static bool
match_equality(PlannerInfo *root, const RelOptInfo *rel,
			   const RegdocsColumns *columns,
			   OpExpr *op, RegdocsKey *key)
{
	Expr	   *left;
	Expr	   *right;

	if (list_length(op->args) != 2 || !is_equality(op->opno, op->inputcollid))
		return false;
	left = linitial(op->args);
	right = lsecond(op->args);
	if (regdocs_quals_is_sid(rel, columns, right))
	{
		Expr	   *swap = left;

		left = right;
		right = swap;
	}
	if (!regdocs_quals_is_sid(rel, columns, left) ||
		!is_known_before(root, rel, right))
		return false;
	key->expr = right;
	key->is_array = false;
	return true;
}

static bool
match_any(PlannerInfo *root, const RelOptInfo *rel,
		  const RegdocsColumns *columns,
		  ScalarArrayOpExpr *op, RegdocsKey *key)
{
	Expr	   *array = lsecond(op->args);

	if (!op->useOr || !is_equality(op->opno, op->inputcollid) ||
		!regdocs_quals_is_sid(rel, columns, linitial(op->args)) ||
		!is_known_before(root, rel, array))
		return false;
	key->expr = array;
	key->is_array = true;
	return true;
}

bool
regdocs_quals_match(PlannerInfo *root, const RelOptInfo *rel,
					const RegdocsColumns *columns,
					Expr *clause, RegdocsKey *key)
{
	if (IsA(clause, OpExpr))
		return match_equality(root, rel, columns, (OpExpr *) clause, key);
	if (IsA(clause, ScalarArrayOpExpr))
		return match_any(root, rel, columns, (ScalarArrayOpExpr *) clause, key);
	return false;
}
