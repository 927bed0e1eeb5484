/*-------------------------------------------------------------------------
 *
 * join.c
 *	  Joins that fetch in batches.
 *
 * A nested loop whose inner side is a foreign table by a key of the outer side
 * waits for one request after the other.  Here it gets another way: between the
 * loop and its outer side stands a node that reads ahead (lookahead.c), so that
 * the scan can ask for many keys at once (batches.c).  All that joins rows
 * stays PostgreSQL's own.
 *
 * The path of the inner side is never one of the relation's: it is right only
 * with its look-ahead beside it, which also has the costs of all requests.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "foreign/fdwapi.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/paramassign.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "utils/selfuncs.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/read/costs.h"
#include "src/fdw/read/join.h"
#include "src/fdw/read/lookahead.h"
#include "src/fdw/read/paths.h"
#include "src/fdw/read/plan.h"
#include "src/fdw/read/rescan.h"
#include "src/fdw/read/scan_plan.h"

/* A join, as the hook is told of it. */
typedef struct Candidate
{
	PlannerInfo *root;
	RelOptInfo *joinrel;
	RelOptInfo *inner;
	JoinType	type;
	JoinPathExtraData *extra;
} Candidate;

static set_join_pathlist_hook_type previous_hook = NULL;

static Plan *plan_lookahead(PlannerInfo *root, RelOptInfo *rel,
							CustomPath *path, List *tlist, List *clauses,
							List *custom_plans);

static const CustomPathMethods path_methods = {
	.CustomName = REGDOCS_LOOKAHEAD_NAME,
	.PlanCustomPath = plan_lookahead
};

/* ---- Paths ---- */

static const RegdocsAsk *
key_of(const RegdocsWay *way)
{
	return llast(way->asks);
}

/* Is it that column, or placeholder, whatever outer joins have made NULL? */
static bool
is_same_column(Node *a, Node *b)
{
	if (IsA(a, Var) && IsA(b, Var))
		return ((Var *) a)->varno == ((Var *) b)->varno &&
			((Var *) a)->varattno == ((Var *) b)->varattno;
	if (IsA(a, PlaceHolderVar) && IsA(b, PlaceHolderVar))
		return ((PlaceHolderVar *) a)->phid == ((PlaceHolderVar *) b)->phid;
	return false;
}

static Node *
find_column(Node *column, List *exprs)
{
	ListCell   *cell;

	foreach(cell, exprs)
	{
		if (is_same_column(column, lfirst(cell)))
			return lfirst(cell);
	}
	return NULL;
}

/* Can the key be computed from what the outer side gives? */
static bool
has_columns(const Path *outer, const List *exprs)
{
	List	   *columns = pull_var_clause((Node *) exprs,
										  PVC_INCLUDE_PLACEHOLDERS);
	ListCell   *cell;

	foreach(cell, columns)
	{
		if (find_column(lfirst(cell), outer->pathtarget->exprs) == NULL)
			return false;
	}
	return true;
}

/*
 * How many distinct values the outer side's rows are thought to have.  Where
 * nobody knows, core's guess is 200, however many rows there are; but what keys
 * name is mostly not the same.
 */
static double
count_distinct(PlannerInfo *root, Node *expr, double rows)
{
	EstimationInfo info = {0};
	double		distinct = estimate_num_groups(root, list_make1(expr), rows,
											   NULL, &info);

	return (info.flags & SELFLAG_USED_DEFAULT) ? rows : distinct;
}

/* How many distinct keys that makes. */
static double
count_keys(PlannerInfo *root, const RegdocsAsk *key, double rows)
{
	double		keys = 0;
	ListCell   *expr;
	ListCell   *array;

	forboth(expr, key->exprs, array, key->arrays)
	{
		double		each = !lfirst_int(array) ? 1 :
		Max(regdocs_estimate_array_length(root, lfirst(expr)), 1);

		keys += each * count_distinct(root, lfirst(expr), rows);
	}
	return Max(keys, 1);
}

/*
 * The path that reads ahead of that one.  The requests of all batches are part
 * of its costs; so nothing else that the scan is thought to do for each row is
 * multiplied with them.
 */
static Path *
make_lookahead(const Candidate *join, Path *outer, List *noted,
			   const RegdocsWay *way, double objects)
{
	const RegdocsRelInfo *info = join->inner->fdw_private;
	const RegdocsAsk *key = key_of(way);
	RegdocsBatchSizes sizes = regdocs_costs_batch_sizes(join->root, info,
														key->field);
	double		keys = count_keys(join->root, key, outer->rows);
	RegdocsRequests requests = regdocs_costs_batches(info, key->field, &sizes,
													 keys, objects);
	CustomPath *path = makeNode(CustomPath);

	path->path.pathtype = T_CustomScan;
	path->path.parent = outer->parent;
	path->path.pathtarget = outer->pathtarget;
	path->path.rows = outer->rows;
	path->path.pathkeys = outer->pathkeys;
	path->path.startup_cost = outer->startup_cost + info->table->request_cost;
	path->path.total_cost = outer->total_cost +
		regdocs_costs_of(info, requests) +
		keys * objects * (info->table->row_cost + cpu_tuple_cost) +
		outer->rows * 2 * cpu_operator_cost;
	regdocs_inherit_disabled_nodes(&path->path, outer);
	path->custom_paths = list_make1(outer);
	path->custom_private =
		list_make3(makeInteger(join->inner->relid), linitial(noted),
				   list_make3_int((int) sizes.first, (int) sizes.second,
								  (int) sizes.most));
	path->methods = &path_methods;
	return &path->path;
}

/* The scan that answers a key from what it has asked for in batches. */
static Path *
make_scan(const Candidate *join, List *noted, Relids required_outer,
		  double objects)
{
	RelOptInfo *rel = join->inner;
	ParamPathInfo *ppi = get_baserel_parampathinfo(join->root, rel,
												   required_outer);
	Cost		startup = rel->baserestrictcost.startup;
	Cost		total = startup + objects *
	(cpu_tuple_cost + rel->baserestrictcost.per_tuple);

	return (Path *) regdocs_create_path(join->root, rel, ppi->ppi_rows,
										startup, total, NIL, required_outer,
										noted);
}

/* Add the join of that outer path with the inner table, by that way. */
static void
add_join(const Candidate *join, Path *outer, const RegdocsJoinWay *join_way)
{
	RegdocsRelInfo *info = join->inner->fdw_private;
	const RegdocsWay *way = &join_way->way;
	JoinCostWorkspace workspace;
	RegdocsWay	batched = *way;
	double		objects;
	List	   *noted;
	Path	   *lookahead;
	Path	   *scan;

	if (!has_columns(outer, key_of(way)->exprs))
		return;
	objects = key_of(way)->field == info->table->resource->sid_field ? 1 :
		regdocs_paths_objects(join->root, join->inner, way);
	batched.batched = true;
	noted = regdocs_paths_note_way(info, &batched);
	lookahead = make_lookahead(join, outer, noted, way, objects);
	scan = make_scan(join, noted, join_way->required_outer, objects);
	regdocs_initial_cost_nestloop(join->root, &workspace, join->type,
								  lookahead, scan, join->extra);
	add_path(join->joinrel, (Path *)
			 create_nestloop_path(join->root, join->joinrel, join->type,
								  &workspace, join->extra, lookahead, scan,
								  join->extra->restrictlist,
								  build_join_pathkeys(join->root,
													  join->joinrel,
													  join->type,
													  outer->pathkeys),
								  NULL));
}

/*
 * The outer side's paths worth a try: the cheapest ones, and those in some
 * order, which the join keeps.
 */
static List *
outer_paths(const RelOptInfo *rel)
{
	List	   *paths = NIL;
	ListCell   *cell;

	foreach(cell, rel->pathlist)
	{
		Path	   *path = lfirst(cell);

		if (path->param_info == NULL &&
			(path == rel->cheapest_total_path ||
			 path == rel->cheapest_startup_path || path->pathkeys != NIL))
			paths = lappend(paths, path);
	}
	return paths;
}

/* The cheapest path with each of its rows once; NIL: there is none. */
static List *
unique_paths(PlannerInfo *root, RelOptInfo *rel, JoinPathExtraData *extra)
{
	Path	   *path = rel->cheapest_total_path;

	if (path->param_info != NULL)
		return NIL;
	path = regdocs_make_unique(root, rel, path, extra->sjinfo);
	return path == NULL ? NIL : list_make1(path);
}

/*
 * Can the inner side be read by a key of the outer?  It has to be the table
 * itself: since PostgreSQL 19, its rows made unique are a relation of their
 * own.
 */
static bool
is_candidate(PlannerInfo *root, const RelOptInfo *rel)
{
	const RegdocsRelInfo *info;

	if (rel->reloptkind != RELOPT_BASEREL ||
		rel != root->simple_rel_array[rel->relid] ||
		rel->fdwroutine == NULL ||
		rel->fdwroutine->GetForeignPlan != regdocsGetForeignPlan)
		return false;
	info = rel->fdw_private;
	return info->join_ways != NIL;
}

static void
add_joins(const Candidate *join, RelOptInfo *outer, List *paths)
{
	const RegdocsRelInfo *info = join->inner->fdw_private;
	ListCell   *way;
	ListCell   *path;

	foreach(way, info->join_ways)
	{
		const RegdocsJoinWay *join_way = lfirst(way);

		if (!bms_is_subset(join_way->required_outer, outer->relids))
			continue;
		foreach(path, paths)
			add_join(join, lfirst(path), join_way);
	}
}

static void
consider_join(PlannerInfo *root, RelOptInfo *joinrel, RelOptInfo *outer,
			  RelOptInfo *inner, JoinType type, JoinPathExtraData *extra)
{
	Candidate	join = {root, joinrel, inner, type, extra};

	if (previous_hook != NULL)
		previous_hook(root, joinrel, outer, inner, type, extra);
	if (!regdocs_enable_batched_join || !is_candidate(root, inner) ||
		!bms_is_empty(joinrel->lateral_relids))
		return;
	switch (type)
	{
		case JOIN_INNER:
		case JOIN_LEFT:
		case JOIN_SEMI:
		case JOIN_ANTI:
			add_joins(&join, outer, outer_paths(outer));
			break;
		case JOIN_UNIQUE_OUTER:
			join.type = JOIN_INNER;
			add_joins(&join, outer, unique_paths(root, outer, extra));
			break;
		default:
			break;
	}
}

/* ---- Plans ---- */

/*
 * Mutator: columns as the outer side's plan has them.  A condition may think
 * that other outer joins have made them NULL than have at this place.
 */
static Node *
adopt_columns(Node *node, void *tlist)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Var) || IsA(node, PlaceHolderVar))
	{
		ListCell   *cell;

		foreach(cell, (List *) tlist)
		{
			TargetEntry *entry = lfirst_node(TargetEntry, cell);

			if (is_same_column(node, (Node *) entry->expr))
				return regdocs_copy_object((Node *) entry->expr);
		}
		elog(ERROR, "the outer side of a join lacks a key's column");
	}
	return expression_tree_mutator(node, adopt_columns, tlist);
}

/*
 * The node's target list is its input's: it hands on rows as they are.  The
 * input has checked all conditions.
 */
static Plan *
plan_lookahead(PlannerInfo *root, RelOptInfo *rel, CustomPath *path,
			   List *tlist, List *clauses, List *custom_plans)
{
	Plan	   *input = linitial(custom_plans);
	RelOptInfo *inner = find_base_rel(root,
									  intVal(linitial(path->custom_private)));
	const RegdocsRelInfo *info = inner->fdw_private;
	List	   *noted = list_make1(lsecond(path->custom_private));
	RegdocsWay *way = regdocs_paths_way(inner, noted);
	const List *sizes = lthird(path->custom_private);
	CustomScan *scan = makeNode(CustomScan);
	RegdocsLookaheadPlan plan;

	/* The scan on the inner side is planned after this. */
	way->batch_param = assign_special_exec_param(root);

	plan.resource = info->table->resource;
	plan.key = llast(way->asks);
	plan.batch_param = way->batch_param;
	plan.first = linitial_int(sizes);
	plan.second = lsecond_int(sizes);
	plan.most = lthird_int(sizes);

	scan->scan.plan.targetlist = regdocs_copy_object(input->targetlist);
	scan->scan.scanrelid = 0;
	scan->flags = path->flags;
	scan->custom_plans = custom_plans;
	scan->custom_exprs = (List *)
		adopt_columns((Node *) regdocs_copy_object(plan.key->exprs),
					  input->targetlist);
	scan->custom_private = regdocs_lookahead_plan_pack(&plan);
	scan->custom_scan_tlist = regdocs_copy_object(input->targetlist);
	scan->methods = &regdocs_lookahead_methods;
	return &scan->scan.plan;
}

void
regdocs_join_init(void)
{
	RegisterCustomScanMethods(&regdocs_lookahead_methods);
	previous_hook = set_join_pathlist_hook;
	set_join_pathlist_hook = consider_join;
}
