/*-------------------------------------------------------------------------
 *
 * plan.c
 *	  Planning scans: FDW callbacks.
 *
 * There are two ways to read: walk the list, or fetch documents by sid.
 * Walking the list is always possible.  Each condition that names sids makes
 * a path that fetches, parameterized where the sids come from a join.  What
 * costs is requests that wait for one another.  Nothing here sends one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
#include "parser/parsetree.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/reltrigger.h"
#include "utils/selfuncs.h"

#include "src/fdw/compat.h"
#include "src/fdw/connection.h"
#include "src/fdw/options.h"
#include "src/fdw/plan.h"
#include "src/fdw/private.h"
#include "src/fdw/quals.h"

/*
 * How many documents an account is thought to have of which nothing is known.
 * Rather many: fetches that turn out too many are cut short by source.c,
 * while a list that turns out long is not.
 */
#define DEFAULT_DOCUMENTS 100000.0

/*
 * After how many fetches a repeated scan begins to look at the list whose
 * length nobody knows.
 */
#define DEFAULT_WALK_AFTER 16.0

/* What planning knows of the table; in rel->fdw_private. */
typedef struct RelInfo
{
	RegdocsTableOptions *table;
	RegdocsColumns *columns;
	int			concurrency;	/* requests in flight at once */
	double		list_requests;	/* that walking the list takes */
	double		walk_after;		/* fetches that cost as much */
	bool		eager;
	bool		interleaved;	/* rows are read between writes, unless eager */
} RelInfo;

/*
 * Does the statement write to a foreign table, as far as can be told?  What
 * a partitioned table or a view leads to is not known here.
 */
static bool
statement_writes(PlannerInfo *root)
{
	for (; root != NULL; root = root->parent_root)
	{
		Query	   *query = root->parse;
		char		relkind;

		if (query->hasModifyingCTE)
			return true;
		if (query->commandType == CMD_SELECT || query->resultRelation == 0)
			continue;
		relkind = get_rel_relkind(planner_rt_fetch(query->resultRelation,
												   root)->relid);
		if (relkind != RELKIND_RELATION)
			return true;
	}
	return false;
}

static bool
has_row_triggers(Oid relid, CmdType operation)
{
	Relation	relation = table_open(relid, NoLock);
	const TriggerDesc *triggers = relation->trigdesc;
	bool		result = triggers != NULL &&
	(operation == CMD_UPDATE ?
	 triggers->trig_update_before_row || triggers->trig_update_after_row :
	 triggers->trig_delete_before_row || triggers->trig_delete_after_row);

	table_close(relation, NoLock);
	return result;
}

/*
 * Does the statement change or delete documents one by one, each before the
 * next row is read?  A scan that depends on the row of another one cannot be
 * read whole before that.  (Creates do not change what a sid names.)
 */
static bool
statement_interleaves(PlannerInfo *root)
{
	for (; root != NULL; root = root->parent_root)
	{
		Query	   *query = root->parse;
		CmdType		operation = query->commandType;

		if (query->hasModifyingCTE)
			return true;
		if (operation != CMD_UPDATE && operation != CMD_DELETE)
			continue;
		if (query->returningList != NIL || query->withCheckOptions != NIL ||
			has_row_triggers(planner_rt_fetch(query->resultRelation,
											  root)->relid, operation))
			return true;
	}
	return false;
}

/* How many sids the key is thought to hold. */
static double
estimate_keys(PlannerInfo *root, const RegdocsKey *key)
{
	double		keys = 0;
	ListCell   *expr;
	ListCell   *array;

	forboth(expr, key->exprs, array, key->arrays)
		keys += lfirst_int(array) ?
		Max(regdocs_estimate_array_length(root, lfirst(expr)), 1) : 1;
	return keys;
}

/*
 * How many fetches, one after the other, cost as much as the list.  The
 * documents count too, or a scan for which the planner has found fetches
 * cheaper would look at the list all the same, just before its end.
 */
static double
fetches_for_list(const RelOptInfo *rel, const RelInfo *info)
{
	double		documents_cost = rel->tuples *
	(info->table->row_cost + cpu_tuple_cost);

	if (info->table->request_cost <= 0)
		return info->list_requests;
	return info->list_requests +
		ceil(documents_cost / info->table->request_cost);
}

void
regdocsGetForeignRelSize(PlannerInfo *root, RelOptInfo *rel, Oid relid)
{
	ForeignTable *table = GetForeignTable(relid);
	ForeignServer *server = GetForeignServer(table->serverid);
	RelInfo    *info = palloc0(sizeof(RelInfo));
	Relation	relation;
	bool		size_known;
	ListCell   *cell;

	info->table = regdocs_table_options(table, server);
	info->concurrency = regdocs_server_options(server)->concurrency;
	info->eager = statement_writes(root);
	info->interleaved = info->eager && statement_interleaves(root);
	relation = table_open(relid, NoLock);
	info->columns = regdocs_columns_resolve(relation, info->table->resource);
	table_close(relation, NoLock);

	if (rel->tuples < 0)
		rel->tuples =
			regdocs_connection_documents(regdocs_rel_user(root, rel),
										 table->serverid,
										 info->table->resource);
	size_known = rel->tuples >= 0;
	if (!size_known)
		rel->tuples = DEFAULT_DOCUMENTS;
	info->list_requests = Max(ceil(rel->tuples / info->table->page_size), 1);
	info->walk_after = size_known ? fetches_for_list(rel, info) :
		DEFAULT_WALK_AFTER;
	rel->fdw_private = info;

	set_baserel_size_estimates(root, rel);
	foreach(cell, rel->baserestrictinfo)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, cell);
		RegdocsKey	key;

		if (regdocs_quals_match(root, rel, info->columns, rinfo->clause, &key))
			rel->rows = Min(rel->rows, estimate_keys(root, &key));
	}
}

/* Cost of handing out documents and of checking the conditions on them. */
static Cost
documents_cost(const RelOptInfo *rel, const RelInfo *info, double documents)
{
	return documents * (info->table->row_cost + cpu_tuple_cost +
						rel->baserestrictcost.per_tuple);
}

static void
add_list_path(PlannerInfo *root, RelOptInfo *rel)
{
	RelInfo    *info = rel->fdw_private;
	Cost		startup = info->table->request_cost +
	rel->baserestrictcost.startup;
	Cost		total = startup +
	(info->list_requests - 1) * info->table->request_cost +
	documents_cost(rel, info, rel->tuples);

	add_path(rel, (Path *)
			 regdocs_create_path(root, rel, rel->rows, startup, total,
								 rel->lateral_relids, NIL));
}

/*
 * A path that fetches what the key names.  The key's sids are fetched side
 * by side; what waits is one round of them after the other.
 */
static void
add_key_path(PlannerInfo *root, RelOptInfo *rel, const RegdocsKey *key,
			 double rows, Relids required_outer)
{
	RelInfo    *info = rel->fdw_private;
	double		keys = estimate_keys(root, key);
	double		rounds = ceil(keys / info->concurrency);
	Cost		startup = info->table->request_cost +
	rel->baserestrictcost.startup;
	Cost		total = startup + (rounds - 1) * info->table->request_cost +
	documents_cost(rel, info, keys);

	add_path(rel, (Path *)
			 regdocs_create_path(root, rel, rows, startup, total,
								 required_outer,
								 list_make2(key->exprs, key->arrays)));
}

/* A join clause that names sids by columns of other tables. */
static void
consider_join_clause(PlannerInfo *root, RelOptInfo *rel, RestrictInfo *rinfo)
{
	RelInfo    *info = rel->fdw_private;
	Relids		required_outer;
	ParamPathInfo *ppi;
	RegdocsKey	key;

	if (info->interleaved || !join_clause_is_movable_to(rinfo, rel) ||
		!regdocs_quals_match(root, rel, info->columns, rinfo->clause, &key))
		return;

	required_outer = bms_union(rinfo->clause_relids, rel->lateral_relids);
	required_outer = bms_del_member(required_outer, rel->relid);
	if (bms_is_empty(required_outer))
		return;

	ppi = get_baserel_parampathinfo(root, rel, required_outer);
	ppi->ppi_rows = clamp_row_est(Min(ppi->ppi_rows,
									  estimate_keys(root, &key)));
	add_key_path(root, rel, &key, ppi->ppi_rows, required_outer);
}

/* Callback: is this member of an equivalence class our sid? */
static bool
member_is_sid(PlannerInfo *root, RelOptInfo *rel, EquivalenceClass *ec,
			  EquivalenceMember *em, void *arg)
{
	RelInfo    *info = rel->fdw_private;

	return regdocs_quals_is_sid(rel, info->columns, em->em_expr);
}

void
regdocsGetForeignPaths(PlannerInfo *root, RelOptInfo *rel, Oid relid)
{
	RelInfo    *info = rel->fdw_private;
	List	   *implied;
	ListCell   *cell;

	add_list_path(root, rel);

	foreach(cell, rel->baserestrictinfo)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, cell);
		RegdocsKey	key;

		if (regdocs_quals_match(root, rel, info->columns, rinfo->clause, &key))
			add_key_path(root, rel, &key, rel->rows, rel->lateral_relids);
	}

	foreach(cell, rel->joininfo)
		consider_join_clause(root, rel, lfirst_node(RestrictInfo, cell));

	if (!rel->has_eclass_joins)
		return;
	implied = generate_implied_equalities_for_column(root, rel, member_is_sid,
													 NULL,
													 rel->lateral_referencers);
	foreach(cell, implied)
		consider_join_clause(root, rel, lfirst_node(RestrictInfo, cell));
}

/* Attribute numbers that the query uses, of integers; all for a whole row. */
static List *
wanted_columns(RelOptInfo *rel, const RegdocsColumns *columns, List *clauses)
{
	Bitmapset  *used = NULL;
	List	   *wanted = NIL;
	ListCell   *cell;
	bool		whole_row;
	int			attnum;

	pull_varattnos((Node *) rel->reltarget->exprs, rel->relid, &used);
	foreach(cell, clauses)
		pull_varattnos((Node *) lfirst_node(RestrictInfo, cell)->clause,
					   rel->relid, &used);

	whole_row = bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, used);
	for (attnum = 1; attnum <= columns->natts; attnum++)
	{
		if (columns->fields[attnum - 1] == REGDOCS_FIELD_NONE)
			continue;
		if (whole_row ||
			bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber, used))
			wanted = lappend_int(wanted, attnum);
	}
	return wanted;
}

/* Walker: is there anything that has no value yet when the scan begins? */
static bool
needs_execution(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Param))
		return ((Param *) node)->paramkind != PARAM_EXTERN;
	if (IsA(node, Var) || IsA(node, SubPlan) ||
		IsA(node, AlternativeSubPlan))
		return true;
	return expression_tree_walker(node, needs_execution, context);
}

static bool
is_usable_bound(Node *expr)
{
	return !needs_execution(expr, NULL) && !contain_volatile_functions(expr);
}

/*
 * Does a LIMIT stand right above the scan, so that the documents it lets
 * through are the first ones of the list?
 */
static bool
limit_is_above(PlannerInfo *root, RelOptInfo *rel)
{
	Query	   *query = root->parse;

	return query->limitCount != NULL &&
		query->limitOption == LIMIT_OPTION_COUNT &&
		rel->reloptkind == RELOPT_BASEREL &&
		bms_equal(root->all_baserels, rel->relids) &&
		!query->hasAggs && !query->hasWindowFuncs && !query->hasTargetSRFs &&
		query->groupClause == NIL && query->groupingSets == NIL &&
		query->havingQual == NULL && query->distinctClause == NIL &&
		query->sortClause == NIL && query->setOperations == NULL &&
		is_usable_bound(query->limitCount) &&
		is_usable_bound(query->limitOffset);
}

/* A constant bound's value; -1: it is known only at execution. */
static double
constant_bound(Node *expr)
{
	if (expr == NULL)
		return 0;
	if (!IsA(expr, Const))
		return -1;
	return ((Const *) expr)->constisnull ? -1 :
		(double) DatumGetInt64(((Const *) expr)->constvalue);
}

static void
set_limit(PlannerInfo *root, RegdocsScanPlan *plan, List **exprs)
{
	Query	   *query = root->parse;
	double		count = constant_bound(query->limitCount);
	double		offset = constant_bound(query->limitOffset);

	plan->has_limit = true;
	*exprs = lappend(*exprs, query->limitCount);
	if (query->limitOffset != NULL)
	{
		plan->has_offset = true;
		*exprs = lappend(*exprs, query->limitOffset);
	}
	if (count >= 0 && offset >= 0 && count + offset < plan->page_size)
		plan->page_size = Max((int) (count + offset), 1);
}

ForeignScan *
regdocsGetForeignPlan(PlannerInfo *root, RelOptInfo *rel, Oid relid,
					  ForeignPath *path, List *tlist, List *clauses,
					  Plan *outer_plan)
{
	RelInfo    *info = rel->fdw_private;
	RegdocsScanPlan plan = {0};
	List	   *local = extract_actual_clauses(clauses, false);
	List	   *exprs = NIL;

	plan.page_size = info->table->page_size;
	plan.list_requests = info->list_requests;
	plan.walk_after = info->walk_after;
	plan.eager = info->eager;
	plan.wanted = wanted_columns(rel, info->columns, clauses);
	if (path->fdw_private != NIL)
	{
		exprs = list_copy(linitial(path->fdw_private));
		plan.keys = lsecond(path->fdw_private);
	}
	else if (local == NIL && !plan.eager && limit_is_above(root, rel))
		set_limit(root, &plan, &exprs);

	return make_foreignscan(tlist, local, rel->relid, exprs,
							regdocs_private_pack_scan(&plan), NIL, NIL,
							outer_plan);
}

bool
regdocsIsForeignPathAsyncCapable(ForeignPath *path)
{
	RelInfo    *info = path->path.parent->fdw_private;

	return info->table->async_capable && !info->eager;
}
