/*-------------------------------------------------------------------------
 *
 * plan.c
 *	  Planning scans: FDW callbacks.
 *
 * The ways to read are in paths.c; here are the sizes of relations before
 * them, and the plan after them.  Nothing sends a request.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/appendinfo.h"
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

#include "src/fdw/base/compat.h"
#include "src/fdw/base/connection.h"
#include "src/fdw/base/options.h"
#include "src/fdw/read/blind.h"
#include "src/fdw/read/costs.h"
#include "src/fdw/read/paths.h"
#include "src/fdw/read/plan.h"
#include "src/fdw/read/quals.h"
#include "src/fdw/read/scan_plan.h"

/*
 * After how many fetches a repeated scan begins to look at the list whose
 * length nobody knows.
 */
#define DEFAULT_WALK_AFTER 16.0

/* More requests than any scan will send. */
#define NEVER 1e15

/*
 * Does a write to the table reach a foreign one, as far as can be told?  What
 * a view's triggers do is not known here, nor what partitions a partition of
 * it will have; a table that is attached to it has statements planned anew.
 */
static bool
reaches_foreign(Oid relid, CmdType operation)
{
	char		relkind = get_rel_relkind(relid);
	ListCell   *cell;

	if (relkind != RELKIND_RELATION && relkind != RELKIND_PARTITIONED_TABLE)
		return true;
	if (relkind == RELKIND_RELATION &&
		(operation == CMD_INSERT || !has_subclass(relid)))
		return false;
	foreach(cell, find_all_inheritors(relid, NoLock, NULL))
	{
		if (lfirst_oid(cell) != relid &&
			get_rel_relkind(lfirst_oid(cell)) != RELKIND_RELATION)
			return true;
	}
	return false;
}

static bool
query_writes(const Query *query)
{
	ListCell   *cell;

	if (query->commandType != CMD_SELECT && query->resultRelation != 0 &&
		reaches_foreign(rt_fetch(query->resultRelation, query->rtable)->relid,
						query->commandType))
		return true;
	if (!query->hasModifyingCTE)
		return false;
	foreach(cell, query->cteList)
	{
		Node	   *with = lfirst_node(CommonTableExpr, cell)->ctequery;

		if (query_writes(castNode(Query, with)))
			return true;
	}
	return false;
}

/* Does the statement write to a foreign table? */
static bool
statement_writes(PlannerInfo *root)
{
	for (; root != NULL; root = root->parent_root)
	{
		if (query_writes(root->parse))
			return true;
	}
	return false;
}

/*
 * What one of the tables of an Append has found out of the statement; NULL:
 * this is the first.  There may be thousands.
 */
static const RegdocsRelInfo *
find_sibling(const PlannerInfo *root, const RelOptInfo *rel)
{
	const RelOptInfo *other = root->simple_rel_array[rel->relid - 1];

	if (rel->reloptkind != RELOPT_OTHER_MEMBER_REL || other == NULL ||
		other->fdwroutine == NULL ||
		other->fdwroutine->GetForeignRelSize != regdocsGetForeignRelSize)
		return NULL;
	return other->fdw_private;
}

static bool
has_row_triggers(Oid relid, CmdType operation)
{
	Relation	relation = table_open(relid, NoLock);
	const TriggerDesc *triggers = relation->trigdesc;
	bool		result = triggers != NULL &&
	(operation == CMD_INSERT ?
	 triggers->trig_insert_before_row || triggers->trig_insert_after_row :
	 operation == CMD_UPDATE ?
	 triggers->trig_update_before_row || triggers->trig_update_after_row :
	 triggers->trig_delete_before_row || triggers->trig_delete_after_row);

	table_close(relation, NoLock);
	return result;
}

/* What does the statement write one by one, before the next row is read? */
static RegdocsInterleaving
find_interleaving(PlannerInfo *root)
{
	RegdocsInterleaving found = REGDOCS_INTERLEAVES_NOTHING;

	for (; root != NULL; root = root->parent_root)
	{
		Query	   *query = root->parse;
		CmdType		operation = query->commandType;

		if (query->hasModifyingCTE)
			return REGDOCS_INTERLEAVES_CHANGES;
		if (operation != CMD_INSERT && operation != CMD_UPDATE &&
			operation != CMD_DELETE)
			continue;
		if (query->returningList != NIL || query->withCheckOptions != NIL ||
			has_row_triggers(planner_rt_fetch(query->resultRelation,
											  root)->relid, operation))
			found = operation == CMD_INSERT ? REGDOCS_INTERLEAVES_CREATES :
				REGDOCS_INTERLEAVES_CHANGES;
	}
	return found;
}

/*
 * How many fetches, one after the other, cost as much as the list.  The
 * objects count too, or a scan for which the planner has found fetches
 * cheaper would look at the list all the same, just before its end.
 */
static double
fetches_for_list(const RelOptInfo *rel, const RegdocsRelInfo *info)
{
	double		objects_cost = rel->tuples *
	(info->table->row_cost + cpu_tuple_cost);

	if (info->table->request_cost <= 0)
		return info->list_requests;
	return info->list_requests +
		ceil(objects_cost / info->table->request_cost);
}

/*
 * How many objects there are of a resource, by the statistics of a foreign
 * table of it at that server that the query names besides; -1: by none.
 */
static double
tuples_beside(PlannerInfo *root, Oid serverid, const RdapiResource *resource)
{
	int			i;

	for (i = 1; i < root->simple_rel_array_size; i++)
	{
		RelOptInfo *other = root->simple_rel_array[i];
		ForeignTable *table;

		/* What has the server is ours. */
		if (other == NULL || other->rtekind != RTE_RELATION ||
			other->serverid != serverid || other->tuples < 0)
			continue;
		table = GetForeignTable(root->simple_rte_array[i]->relid);
		if (regdocs_table_options(table, GetForeignServer(serverid))->resource
			== resource)
			return other->tuples;
	}
	return -1;
}

/*
 * How many parents a child resource is thought to have: as many as their own
 * table in the query has, or were found last in this session, else what is
 * typical.  The table's statistics are what its joins with the children are
 * estimated by, so that what is thought of the children has to fit these.
 */
static double
estimate_parents(PlannerInfo *root, const RelOptInfo *rel, Oid serverid,
				 const RdapiResource *resource)
{
	double		parents;

	if (resource->parent == NULL)
		return 0;
	parents = tuples_beside(root, serverid, resource->parent);
	if (parents < 0)
		parents = regdocs_connection_objects(regdocs_rel_user(root, rel),
											 serverid, resource->parent);
	return parents >= 0 ? parents : resource->parent->typical_rows;
}

/*
 * Set rel->tuples where ANALYZE has not.  false: nothing is known, and what is
 * typical is taken: rather many, since fetches that turn out too many are cut
 * short by source.c, while a list that turns out long is not.
 */
static bool
estimate_tuples(PlannerInfo *root, RelOptInfo *rel, Oid serverid,
				const RegdocsRelInfo *info)
{
	const RdapiResource *resource = info->table->resource;

	if (rel->tuples < 0)
		rel->tuples = regdocs_connection_objects(regdocs_rel_user(root, rel),
												 serverid, resource);
	if (rel->tuples >= 0)
		return true;
	rel->tuples = resource->typical_rows;
	if (resource->parent != NULL)
		rel->tuples *= info->parents;
	return false;
}

/* A key, the object's own or its parent's, tells more than statistics. */
static void
limit_rows(PlannerInfo *root, RelOptInfo *rel, const RegdocsRelInfo *info)
{
	const RdapiResource *resource = info->table->resource;
	double		children = rel->tuples / Max(info->parents, 1);
	ListCell   *cell;

	foreach(cell, rel->baserestrictinfo)
	{
		List	   *asks =
		regdocs_quals_match(root, rel, info->columns,
							lfirst_node(RestrictInfo, cell)->clause);
		double		sids = regdocs_paths_count_values(root, asks,
													  resource->sid_field);
		double		parents = resource->parent == NULL ? 0 :
		regdocs_paths_count_values(root, asks, resource->parent_field);

		if (sids > 0)
			rel->rows = Min(rel->rows, clamp_row_est(sids));
		if (parents > 0)
			rel->rows = clamp_row_est(parents * children);
	}
}

static void
check_readable(const RdapiResource *resource, Oid relid)
{
	if (rdapi_resource_can(resource, RDAPI_CAN_LIST))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot read from foreign table \"%s\"",
					get_rel_name(relid)),
			 errdetail("The API creates %s, but does not list them.",
					   resource->plural),
			 errhint("INSERT ... RETURNING gives what the API answered.")));
}

void
regdocsGetForeignRelSize(PlannerInfo *root, RelOptInfo *rel, Oid relid)
{
	ForeignTable *table = GetForeignTable(relid);
	ForeignServer *server = GetForeignServer(table->serverid);
	RegdocsRelInfo *info = palloc0(sizeof(RegdocsRelInfo));
	const RegdocsRelInfo *sibling;
	const RdapiResource *resource;
	Relation	relation;
	bool		size_known;

	info->table = regdocs_table_options(table, server);
	resource = info->table->resource;
	check_readable(resource, relid);
	info->concurrency =
		regdocs_costs_concurrency(regdocs_server_options(server));
	sibling = find_sibling(root, rel);
	info->eager = sibling != NULL ? sibling->eager : statement_writes(root);
	info->interleaving = info->eager ? find_interleaving(root) :
		REGDOCS_INTERLEAVES_NOTHING;
	relation = table_open(relid, NoLock);
	info->columns = regdocs_columns_resolve(relation, resource);
	table_close(relation, NoLock);
	regdocs_blind_check(root, rel, relid, info->columns);

	info->parents = estimate_parents(root, rel, table->serverid, resource);
	size_known = estimate_tuples(root, rel, table->serverid, info);
	info->list_requests = regdocs_costs_all(rel, info).rounds;
	info->walk_after = size_known ? fetches_for_list(rel, info) :
		DEFAULT_WALK_AFTER;
	rel->fdw_private = info;

	set_baserel_size_estimates(root, rel);
	limit_rows(root, rel, info);
}

void
regdocsGetForeignPaths(PlannerInfo *root, RelOptInfo *rel, Oid relid)
{
	regdocs_paths_add(root, rel);
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
 * Does a LIMIT stand right above the scan, so that the objects it lets through
 * are the first ones of the list?
 */
static bool
limit_is_above(PlannerInfo *root, const RelOptInfo *rel, const Path *path)
{
	Query	   *query = root->parse;

	return query->limitCount != NULL &&
		query->limitOption == LIMIT_OPTION_COUNT &&
		rel->reloptkind == RELOPT_BASEREL &&
		bms_equal(root->all_baserels, rel->relids) &&
		!query->hasAggs && !query->hasWindowFuncs && !query->hasTargetSRFs &&
		query->groupClause == NIL && query->groupingSets == NIL &&
		query->havingQual == NULL && query->distinctClause == NIL &&
		pathkeys_contained_in(root->sort_pathkeys, path->pathkeys) &&
		query->setOperations == NULL &&
		is_usable_bound(query->limitCount) &&
		is_usable_bound(query->limitOffset);
}

/*
 * Is every condition one that the list was asked for, or not about its objects?
 * The API may answer more, but will not answer much else.
 */
static bool
asks_for_all(const RegdocsWay *way, const List *clauses)
{
	ListCell   *cell;

	foreach(cell, clauses)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, cell);

		if (!rinfo->pseudoconstant && !list_member_ptr(way->clauses, rinfo))
			return false;
	}
	return true;
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

/*
 * The asks, of partitions that a path is joined with in the place of their
 * parent: core has that done with conditions, but knows nothing of these.
 */
static List *
asks_of_outer(PlannerInfo *root, const Path *path, List *asks)
{
	List	   *adjusted = NIL;
	ListCell   *cell;

	if (path->param_info == NULL)
		return asks;
	foreach(cell, asks)
	{
		RegdocsAsk *ask = palloc(sizeof(RegdocsAsk));
		int			relid = -1;

		*ask = *(const RegdocsAsk *) lfirst(cell);
		while ((relid = bms_next_member(path->param_info->ppi_req_outer,
										relid)) >= 0)
		{
			RelOptInfo *outer = root->simple_rel_array[relid];

			if (outer != NULL && outer->top_parent_relids != NULL)
				ask->exprs = (List *)
					regdocs_adjust_to_child(root, (Node *) ask->exprs, outer);
		}
		adjusted = lappend(adjusted, ask);
	}
	return adjusted;
}

/* The expressions of the asks, one after the other. */
static List *
ask_expressions(const List *asks)
{
	List	   *exprs = NIL;
	ListCell   *cell;

	foreach(cell, asks)
		exprs = list_concat(exprs, ((RegdocsAsk *) lfirst(cell))->exprs);
	return exprs;
}

ForeignScan *
regdocsGetForeignPlan(PlannerInfo *root, RelOptInfo *rel, Oid relid,
					  ForeignPath *path, List *tlist, List *clauses,
					  Plan *outer_plan)
{
	RegdocsRelInfo *info = rel->fdw_private;
	const RdapiResource *resource = info->table->resource;
	const RegdocsWay *way = regdocs_paths_way(rel, path->fdw_private);
	RegdocsScanPlan plan = {0};
	List	   *exprs;

	plan.asks = asks_of_outer(root, &path->path, way->asks);
	exprs = ask_expressions(plan.asks);
	plan.sort = way->sort;
	plan.descending = way->descending;
	plan.nulls_first = way->nulls_first;
	plan.sort_attnum = way->sort_attnum;
	plan.page_size = info->table->page_size;
	plan.list_requests = info->list_requests;
	plan.walk_after = info->walk_after;
	plan.batch_param = way->batched ? way->batch_param : -1;
	plan.concurrency = info->concurrency;
	if (regdocs_paths_fetches_only())
		plan.list_requests = plan.walk_after = NEVER;
	plan.eager = info->eager;
	plan.meets_writes = regdocs_paths_meets_writes(info, way->asks);
	plan.wanted = wanted_columns(rel, info->columns, clauses);
	if (way->sort >= 0)
		plan.wanted = list_append_unique_int(plan.wanted, way->sort_attnum);
	if (!plan.eager && asks_for_all(way, clauses) &&
		regdocs_scan_plan_find(way->asks, resource->sid_field) == NULL &&
		limit_is_above(root, rel, &path->path))
		set_limit(root, &plan, &exprs);

	return make_foreignscan(tlist, extract_actual_clauses(clauses, false),
							rel->relid, exprs,
							regdocs_scan_plan_pack(&plan), NIL, NIL,
							outer_plan);
}

bool
regdocsIsForeignPathAsyncCapable(ForeignPath *path)
{
	RegdocsRelInfo *info = path->path.parent->fdw_private;

	return info->table->async_capable && !info->eager;
}
