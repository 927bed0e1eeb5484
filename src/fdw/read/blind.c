/*-------------------------------------------------------------------------
 *
 * blind.c
 *	  Conditions on what the API never answers.
 *
 * A write-only column reads as NULL, so a condition on one would silently
 * select nothing, or everything.  It is refused when the statement is planned,
 * wherever it stands: by then views are subqueries, and what they hand on can
 * be followed.
 *
 * An expression is "blind" if it uses such a column, or one of a subquery
 * that is blind.  Each query is looked at together with those around it,
 * since its conditions can use their columns.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/planner.h"
#include "parser/parsetree.h"
#include "utils/lsyscache.h"

#include "src/fdw/read/blind.h"
#include "src/fdw/base/compat.h"
#include "src/fdw/base/options.h"
#include "src/fdw/read/plan.h"

/* A query, and those that it stands in. */
typedef struct Level
{
	Query	   *query;
	const struct Level *outer;	/* NULL: it is the statement */
} Level;

static planner_hook_type previous_planner_hook = NULL;

/*
 * Was the hook there when a statement's planning began?  The first one that
 * has a table of ours is what loads this module.
 */
static bool hook_was_called = false;

static void check_expression(Node *node, const Level *level);
static void check_output(const Level *level, int output);

static void
pg_attribute_noreturn()
refuse(Oid relid, AttrNumber attnum, const RdapiResource *resource)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot use column \"%s\" of foreign table \"%s\" in a condition",
					get_attname(relid, attnum, false), get_rel_name(relid)),
			 errdetail("The API takes its values but never answers them, so that it reads as NULL."),
			 resource->write_only_hint != NULL ?
			 errhint("%s", resource->write_only_hint) : 0));
}

/* ---- What is blind ---- */

/* The resource of a foreign table of this wrapper; NULL: it is none. */
static const RdapiResource *
resource_of(Oid relid)
{
	ForeignTable *table;
	ForeignServer *server;
	Oid			handler;

	if (get_rel_relkind(relid) != RELKIND_FOREIGN_TABLE)
		return NULL;
	table = GetForeignTable(relid);
	server = GetForeignServer(table->serverid);
	handler = GetForeignDataWrapper(server->fdwid)->fdwhandler;
	if (!OidIsValid(handler) ||
		GetFdwRoutine(handler)->GetForeignPlan != regdocsGetForeignPlan)
		return NULL;
	return regdocs_table_options(table, server)->resource;
}

/* The tables below that one; NIL: it has none. */
static List *
tables_below(Oid relid)
{
	return has_subclass(relid) ?
		list_delete_first(find_all_inheritors(relid, NoLock, NULL)) : NIL;
}

/* Refuse it, unless the table's column is one that is answered. */
static void
check_table_column(Oid relid, AttrNumber attnum)
{
	const RdapiResource *resource = resource_of(relid);
	const char *name;
	int			field;

	if (resource == NULL)
		return;
	name = regdocs_column_name_option(relid, attnum);
	if (name == NULL)
		name = get_attname(relid, attnum, false);
	field = rdapi_resource_field(resource, name);
	if (field != RDAPI_NO_FIELD &&
		(resource->fields[field].flags & RDAPI_FIELD_WRITE_ONLY))
		refuse(relid, attnum, resource);
}

/* The same for that column of all tables below it, as partitions. */
static void
check_column(Oid relid, AttrNumber attnum)
{
	List	   *below = tables_below(relid);
	ListCell   *cell;

	check_table_column(relid, attnum);
	foreach(cell, below)
	{
		AttrNumber	same = get_attnum(lfirst_oid(cell),
									  get_attname(relid, attnum, false));

		if (same != InvalidAttrNumber)
			check_table_column(lfirst_oid(cell), same);
	}
}

static const Level *
level_up(const Level *level, Index levels)
{
	while (levels-- > 0)
		level = level->outer;
	return level;
}

/* An output column of all arms of a UNION and the like. */
static void
check_arms(const Level *level, const Node *arms, int output)
{
	Level		arm = {NULL, level};

	check_stack_depth();
	if (IsA(arms, SetOperationStmt))
	{
		check_arms(level, ((const SetOperationStmt *) arms)->larg, output);
		check_arms(level, ((const SetOperationStmt *) arms)->rarg, output);
		return;
	}
	arm.query = rt_fetch(castNode(RangeTblRef, arms)->rtindex,
						 level->query->rtable)->subquery;
	check_output(&arm, output);
}

/* A column of WITH; where it refers to itself, that of what it begins with. */
static void
check_cte(const Level *level, const RangeTblEntry *rte, int output)
{
	const Level *owner = level_up(level, rte->ctelevelsup);
	ListCell   *cell;

	foreach(cell, owner->query->cteList)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, cell);
		Level		inner = {(Query *) cte->ctequery, owner};

		if (strcmp(cte->ctename, rte->ctename) != 0)
			continue;
		if (rte->self_reference)
			check_arms(&inner, castNode(SetOperationStmt,
										inner.query->setOperations)->larg,
					   output);
		else
			check_output(&inner, output);
	}
}

/* A column of VALUES, which may use those of tables before it. */
static void
check_values(const Level *level, const RangeTblEntry *rte, int column)
{
	ListCell   *cell;

	foreach(cell, rte->values_lists)
		check_expression(list_nth(lfirst(cell), column - 1), level);
}

static void
check_variable(const Var *var, const Level *level)
{
	const RangeTblEntry *rte;
	Level		inner = {NULL, NULL};
	List	   *expressions = NIL;

	if (var->varattno <= 0)
		return;
	level = level_up(level, var->varlevelsup);
	rte = rt_fetch(var->varno, level->query->rtable);
	switch (rte->rtekind)
	{
		case RTE_RELATION:
			check_column(rte->relid, var->varattno);
			break;
		case RTE_SUBQUERY:
			inner.query = rte->subquery;
			inner.outer = level;
			check_output(&inner, var->varattno);
			break;
		case RTE_CTE:
			check_cte(level, rte, var->varattno);
			break;
		case RTE_JOIN:
			expressions = rte->joinaliasvars;
			break;
		case RTE_VALUES:
			check_values(level, rte, var->varattno);
			break;
		default:
			expressions = regdocs_group_expressions(rte);
			break;
	}
	if (expressions != NIL)
		check_expression(list_nth(expressions, var->varattno - 1), level);
}

/*
 * A row of which no column is NULL, as "b IS NOT NULL" asks for, is never there
 * where one is not answered.
 */
static void
check_whole_row(const NullTest *test, const Level *level)
{
	const Var  *var = (const Var *) test->arg;
	const RangeTblEntry *rte;
	int			attnum;

	if (!test->argisrow || test->nulltesttype != IS_NOT_NULL ||
		!IsA(var, Var) || var->varattno != 0)
		return;
	rte = rt_fetch(var->varno, level_up(level,
										var->varlevelsup)->query->rtable);
	if (rte->rtekind != RTE_RELATION)
		return;
	for (attnum = 1; get_attname(rte->relid, attnum, true) != NULL; attnum++)
		check_column(rte->relid, attnum);
}

/* What a subquery in an expression hands to it. */
static void
check_sublink(const SubLink *link, const Level *level)
{
	Query	   *query = castNode(Query, link->subselect);
	Level		inner = {query, level};
	ListCell   *cell;

	check_expression(link->testexpr, level);
	if (link->subLinkType == EXISTS_SUBLINK)
		return;
	foreach(cell, query->targetList)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, cell);

		if (!entry->resjunk)
			check_output(&inner, entry->resno);
	}
}

/* Walker */
static bool
check_node(Node *node, void *level)
{
	if (node == NULL)
		return false;
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (IsA(node, Var))
		check_variable((Var *) node, level);
	else if (IsA(node, SubLink))
		check_sublink((SubLink *) node, level);
	else
	{
		if (IsA(node, NullTest))
			check_whole_row((NullTest *) node, level);
		return expression_tree_walker(node, check_node, level);
	}
	return false;
}

/* Refuse an expression of that level if it is blind. */
static void
check_expression(Node *node, const Level *level)
{
	(void) check_node(node, unconstify(Level *, level));
}

/* The same for an output column of a query; of UNION, those of all its arms. */
static void
check_output(const Level *level, int output)
{
	Query	   *query = level->query;
	ListCell   *cell;

	if (query->setOperations != NULL)
	{
		check_arms(level, query->setOperations, output);
		return;
	}
	foreach(cell, query->commandType == CMD_SELECT ? query->targetList :
			query->returningList)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, cell);

		if (entry->resno == output)
			check_expression((Node *) entry->expr, level);
	}
}

/* ---- Where conditions stand ---- */

/* Walker: the conditions of WHERE and of joins. */
static bool
visit_joins(Node *node, void *level)
{
	if (node == NULL)
		return false;
	if (IsA(node, FromExpr))
		check_expression(((FromExpr *) node)->quals, level);
	else if (IsA(node, JoinExpr))
		check_expression(((JoinExpr *) node)->quals, level);
	else if (!IsA(node, List))
		return false;
	return expression_tree_walker(node, visit_joins, level);
}

static void visit_query(Query *query, const Level *outer);

/*
 * Walker: the conditions of aggregates, of MERGE's actions, of row-level
 * security, and of subqueries.  What has been planned of these before the
 * module was loaded does not show its conditions: then what it is given counts
 * as used in one.
 */
static bool
visit_expressions(Node *node, void *level)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		visit_query((Query *) node, level);
		return false;
	}
	if (IsA(node, RangeTblEntry))
	{
		check_expression((Node *) ((RangeTblEntry *) node)->securityQuals,
						 level);
		return false;
	}
	if (IsA(node, Aggref))
		check_expression((Node *) ((Aggref *) node)->aggfilter, level);
	else if (IsA(node, MergeAction))
		check_expression(((MergeAction *) node)->qual, level);
	else if (IsA(node, SubPlan))
		check_expression((Node *) ((SubPlan *) node)->args, level);
	else if (IsA(node, WindowFunc))
		check_expression((Node *) ((WindowFunc *) node)->aggfilter, level);
	return expression_tree_walker(node, visit_expressions, level);
}

static void
visit_query(Query *query, const Level *outer)
{
	Level		level = {query, outer};

	check_stack_depth();
	(void) visit_joins((Node *) query->jointree, &level);
	check_expression(query->havingQual, &level);
	check_expression(regdocs_merge_condition(query), &level);
	(void) query_tree_walker(query, visit_expressions, &level,
							 QTW_EXAMINE_RTES_BEFORE);
}

static bool
is_ours_or_above(Oid relid)
{
	List	   *below = tables_below(relid);
	ListCell   *cell;

	if (resource_of(relid) != NULL)
		return true;
	foreach(cell, below)
	{
		if (resource_of(lfirst_oid(cell)) != NULL)
			return true;
	}
	return false;
}

/* Walker: is there a foreign table of this wrapper? */
static bool
has_our_table(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, has_our_table, context,
								 QTW_EXAMINE_RTES_BEFORE);
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *rte = (RangeTblEntry *) node;

		return rte->rtekind == RTE_RELATION && is_ours_or_above(rte->relid);
	}
	return expression_tree_walker(node, has_our_table, context);
}

static PlannedStmt *
plan_statement(REGDOCS_PLANNER_PARAMETERS)
{
	hook_was_called = true;
	if (has_our_table((Node *) parse, NULL))
		visit_query(parse, NULL);
	if (previous_planner_hook != NULL)
		return previous_planner_hook(REGDOCS_PLANNER_ARGUMENTS);
	return standard_planner(REGDOCS_PLANNER_ARGUMENTS);
}

void
regdocs_blind_init(void)
{
	previous_planner_hook = planner_hook;
	planner_hook = plan_statement;
}

/* ---- What planning itself brings to a relation ---- */

/* Refuse a blind column of rel in an expression. */
static void
check_planned(Node *expr, const RelOptInfo *rel, Oid relid,
			  const RegdocsColumns *columns)
{
	const RdapiResource *resource = columns->resource;
	Bitmapset  *used = NULL;
	int			attnum;

	pull_varattnos(expr, rel->relid, &used);
	for (attnum = 1; attnum <= columns->natts; attnum++)
	{
		int			field = columns->fields[attnum - 1];

		if (field >= 0 &&
			(resource->fields[field].flags & RDAPI_FIELD_WRITE_ONLY) &&
			bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber, used))
			refuse(relid, attnum, resource);
	}
}

/* A relation, as a walker needs it. */
typedef struct PlannedRel
{
	const RelOptInfo *rel;
	Oid			relid;
	const RegdocsColumns *columns;
} PlannedRel;

/* Walker: the conditions of aggregates. */
static bool
check_filters(Node *node, void *context)
{
	const PlannedRel *planned = context;
	Expr	   *filter = NULL;

	if (node == NULL)
		return false;
	if (IsA(node, Aggref))
		filter = ((Aggref *) node)->aggfilter;
	else if (IsA(node, WindowFunc))
		filter = ((WindowFunc *) node)->aggfilter;
	if (filter != NULL)
		check_planned((Node *) filter, planned->rel, planned->relid,
					  planned->columns);
	return expression_tree_walker(node, check_filters, context);
}

/*
 * Those of a function that was put in the place of its call, which the hook
 * has not seen: what is behind grouping never comes to stand at the table.
 */
static void
check_grouping(PlannerInfo *root, const RelOptInfo *rel, Oid relid,
			   const RegdocsColumns *columns)
{
	PlannedRel	planned = {rel, relid, columns};

	check_planned(root->parse->havingQual, rel, relid, columns);
	(void) check_filters((Node *) root->parse->targetList, &planned);
}

static void
check_clauses(List *clauses, const RelOptInfo *rel, Oid relid,
			  const RegdocsColumns *columns)
{
	ListCell   *cell;

	foreach(cell, clauses)
		check_planned((Node *) lfirst_node(RestrictInfo, cell)->clause, rel,
					  relid, columns);
}

/* Equalities that the planner has taken out of the clauses. */
static void
check_equalities(PlannerInfo *root, const RelOptInfo *rel, Oid relid,
				 const RegdocsColumns *columns)
{
	ListCell   *cell;
	ListCell   *member;

	foreach(cell, root->eq_classes)
	{
		EquivalenceClass *class = lfirst_node(EquivalenceClass, cell);
		int			nmembers = 0;

		foreach(member, class->ec_members)
			nmembers += !lfirst_node(EquivalenceMember, member)->em_is_child;
		/* One alone is no equality, but something to sort by. */
		if (nmembers < 2)
			continue;
		foreach(member, class->ec_members)
			check_planned((Node *)
						  lfirst_node(EquivalenceMember, member)->em_expr,
						  rel, relid, columns);
	}
}

void
regdocs_blind_check(PlannerInfo *root, const RelOptInfo *rel, Oid relid,
					const RegdocsColumns *columns)
{
	PlannerInfo *top = root;

	/*
	 * The statement that has loaded the module: what is planned of it so far
	 * still shows its conditions.
	 */
	while (top->parent_root != NULL)
		top = top->parent_root;
	if (!hook_was_called)
		visit_query(top->parse, NULL);

	check_clauses(rel->baserestrictinfo, rel, relid, columns);
	check_clauses(rel->joininfo, rel, relid, columns);
	check_equalities(root, rel, relid, columns);
	check_grouping(root, rel, relid, columns);
}
