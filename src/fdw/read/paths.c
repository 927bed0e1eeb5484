/*-------------------------------------------------------------------------
 *
 * paths.c
 *	  The ways to read a foreign table, and what each costs.
 *
 * There are two: lists, and fetches by sid.  Walking the whole list is always
 * possible; of a child resource it means the lists of all parents.  Conditions
 * make it shorter where the API can be asked for what they want, and those that
 * name sids make a way that fetches.  Where values come from a join, the path
 * is parameterized, and known to join.c besides.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/restrictinfo.h"
#include "utils/selfuncs.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/base/refreshing.h"
#include "src/fdw/read/costs.h"
#include "src/fdw/read/paths.h"
#include "src/fdw/read/quals.h"

static const RegdocsWay nothing_asked = {.sort = -1,.batch_param = -1};

double
regdocs_paths_count_values(PlannerInfo *root, const List *asks, int field)
{
	const RegdocsAsk *ask = regdocs_scan_plan_find(asks, field);
	double		values = 0;
	ListCell   *expr;
	ListCell   *array;

	if (ask == NULL)
		return 0;
	forboth(expr, ask->exprs, array, ask->arrays)
		values += lfirst_int(array) ?
		Max(regdocs_estimate_array_length(root, lfirst(expr)), 1) : 1;
	return values;
}

bool
regdocs_paths_fetches_only(void)
{
	return regdocs_refreshing != NULL && regdocs_refreshing->fetches_only;
}

/* Has the ask one value, and no more? */
static bool
is_single(const RegdocsAsk *ask)
{
	return ask->test != RDAPI_TEST_EQUAL ||
		(list_length(ask->arrays) == 1 && !linitial_int(ask->arrays));
}

/* ---- Adding paths ---- */

/* The way's index among the relation's. */
List *
regdocs_paths_note_way(RegdocsRelInfo *info, const RegdocsWay *way)
{
	RegdocsWay *copy = palloc(sizeof(RegdocsWay));

	*copy = *way;
	info->ways = lappend(info->ways, copy);
	return list_make1(makeInteger(list_length(info->ways) - 1));
}

RegdocsWay *
regdocs_paths_way(const RelOptInfo *rel, const List *noted)
{
	const RegdocsRelInfo *info = rel->fdw_private;

	return list_nth(info->ways, intVal(linitial(noted)));
}

/* Add a path that sends those requests; the first row takes one. */
static void
add_way(PlannerInfo *root, RelOptInfo *rel, const RegdocsWay *way,
		RegdocsRequests requests, double objects, double rows,
		List *pathkeys, Relids required_outer)
{
	RegdocsRelInfo *info = rel->fdw_private;
	Cost		startup = info->table->request_cost +
	rel->baserestrictcost.startup;
	Cost		total = rel->baserestrictcost.startup +
	Max(regdocs_costs_of(info, requests), info->table->request_cost) +
	regdocs_costs_of_objects(rel, info, objects);
	List	   *noted = regdocs_paths_note_way(info, way);

	add_path(rel, (Path *)
			 regdocs_create_path(root, rel, rows, startup, total, pathkeys,
								 required_outer, noted));
}

/*
 * The objects that the asks leave over of the list, or lists.  A key, the
 * object's own or its parent's, says more of it than statistics do.
 */
double
regdocs_paths_objects(PlannerInfo *root, const RelOptInfo *rel,
					  const RegdocsWay *way)
{
	const RegdocsRelInfo *info = rel->fdw_private;
	const RdapiResource *resource = info->table->resource;
	double		objects = rel->tuples *
	clauselist_selectivity(root, way->clauses, rel->relid, JOIN_INNER, NULL);
	double		parents;

	if (resource->parent == NULL)
		return objects;
	parents = regdocs_paths_count_values(root, way->asks,
										 resource->parent_field);
	return parents == 0 ? rel->tuples :
		parents * rel->tuples / Max(info->parents, 1);
}

/* How many lists the asks make of one. */
static double
count_lists(PlannerInfo *root, const RegdocsRelInfo *info,
			const RegdocsWay *way)
{
	double		lists = 1;
	ListCell   *cell;

	foreach(cell, way->asks)
	{
		const RegdocsAsk *ask = lfirst(cell);

		if (!is_single(ask) && ask->field != info->table->resource->sid_field)
			lists *= regdocs_paths_count_values(root, way->asks, ask->field);
	}
	return lists;
}

/* Lists, as they are asked for. */
static void
add_lists(PlannerInfo *root, RelOptInfo *rel, const RegdocsWay *way,
		  double rows, List *pathkeys, Relids required_outer)
{
	const RegdocsRelInfo *info = rel->fdw_private;
	const RdapiResource *resource = info->table->resource;
	double		objects = regdocs_paths_objects(root, rel, way);
	RegdocsRequests requests;

	if (resource->parent != NULL &&
		regdocs_scan_plan_find(way->asks, resource->parent_field) == NULL)
		requests = regdocs_costs_all(rel, info);
	else
		requests = regdocs_costs_lists(info, count_lists(root, info, way),
									   objects);
	add_way(root, rel, way, requests, objects, rows, pathkeys, required_outer);
}

/* Fetches, of what the way's key names. */
static void
add_fetches(PlannerInfo *root, RelOptInfo *rel, const RegdocsWay *way,
			double rows, Relids required_outer)
{
	const RegdocsRelInfo *info = rel->fdw_private;
	double		sids =
	regdocs_paths_count_values(root, way->asks,
							   info->table->resource->sid_field);

	add_way(root, rel, way, regdocs_costs_fetches(info, sids), sids, rows, NIL,
			required_outer);
}

/* ---- Conditions of the table alone ---- */

/* The conditions that can be asked for, sorted by what they ask. */
typedef struct BaseAsks
{
	RegdocsWay	single;			/* of a list, one value each; and a parent's */
	RegdocsWay	several;		/* the same, and one field with some values */
	List	   *keys;			/* of the object's own: lists of the asks and
								 * their RestrictInfo */
} BaseAsks;

static RegdocsWay
extend_way(const RegdocsWay *way, List *asks, RestrictInfo *rinfo)
{
	RegdocsWay	extended = *way;

	extended.asks = list_concat_copy(way->asks, asks);
	extended.clauses = lappend(list_copy(way->clauses), rinfo);
	return extended;
}

/* Does the way ask for that field already? */
static bool
asks_for(const RegdocsWay *way, const RegdocsAsk *ask)
{
	ListCell   *cell;

	foreach(cell, way->asks)
	{
		const RegdocsAsk *other = lfirst(cell);

		if (other->field == ask->field && other->test == ask->test)
			return true;
	}
	return false;
}

static void
sort_base_asks(PlannerInfo *root, RelOptInfo *rel, BaseAsks *base)
{
	const RegdocsRelInfo *info = rel->fdw_private;
	const RdapiResource *resource = info->table->resource;
	List	   *several = NIL;
	RestrictInfo *several_clause = NULL;
	ListCell   *cell;

	base->single = nothing_asked;
	base->keys = NIL;
	foreach(cell, rel->baserestrictinfo)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, cell);
		List	   *asks = regdocs_quals_match(root, rel, info->columns,
											   rinfo->clause);
		const RegdocsAsk *ask = asks == NIL ? NULL : linitial(asks);

		if (ask == NULL)
			continue;
		if (ask->field == resource->sid_field)
			base->keys = lappend(base->keys, list_make2(asks, rinfo));
		else if (asks_for(&base->single, ask))
			continue;
		else if (is_single(ask) || ask->field == resource->parent_field)
			base->single = extend_way(&base->single, asks, rinfo);
		else if (several == NIL)
		{
			several = asks;
			several_clause = rinfo;
		}
	}
	base->several = nothing_asked;
	if (several != NIL)
		base->several = extend_way(&base->single, several, several_clause);
}

/*
 * Can what the key names be fetched?  A child only where its one parent is
 * known; and by several sids where the list can be asked for them, too.
 */
static bool
can_fetch(const RegdocsRelInfo *info, const RegdocsWay *way)
{
	const RdapiResource *resource = info->table->resource;
	const RegdocsAsk *parent;

	if (!rdapi_resource_can(resource, RDAPI_CAN_FETCH))
		return false;
	if (resource->parent == NULL)
		return true;
	parent = regdocs_scan_plan_find(way->asks, resource->parent_field);
	return parent != NULL && is_single(parent);
}

/* false: there is none. */
static bool
add_key_ways(PlannerInfo *root, RelOptInfo *rel, const BaseAsks *base)
{
	RegdocsRelInfo *info = rel->fdw_private;
	bool		any = false;
	ListCell   *cell;

	foreach(cell, base->keys)
	{
		List	   *key = lfirst(cell);
		RegdocsWay	way = nothing_asked;

		if (info->table->resource->parent != NULL)
			way = base->single;
		way = extend_way(&way, linitial(key), lsecond(key));
		if (!can_fetch(info, &way))
			continue;
		add_fetches(root, rel, &way, rel->rows, rel->lateral_relids);
		any = true;
	}
	return any;
}

/* ---- Orders ---- */

/* Can the way's objects not lack that field? */
static bool
excludes_null(const RegdocsWay *way, int field)
{
	ListCell   *cell;

	foreach(cell, way->asks)
	{
		const RegdocsAsk *ask = lfirst(cell);

		if (ask->field == field &&
			(ask->test != RDAPI_TEST_PRESENT || ask->present))
			return true;
	}
	return false;
}

/*
 * Is the first of the orders that the query can use one that the list can be
 * asked for?  Where NULLs come in it is not known.
 */
static bool
match_sort(PlannerInfo *root, const RelOptInfo *rel, RegdocsWay *way)
{
	const RegdocsRelInfo *info = rel->fdw_private;
	const RdapiResource *resource = info->table->resource;
	PathKey    *pathkey;
	ListCell   *cell;
	int			i;

	/* With set_null, NULL may be where the API has something else. */
	if (root->query_pathkeys == NIL || resource->nsorts == 0 ||
		info->table->on_error == REGDOCS_ON_ERROR_SET_NULL)
		return false;
	pathkey = linitial_node(PathKey, root->query_pathkeys);
	if (!regdocs_quals_is_order_of_times(pathkey->pk_opfamily))
		return false;
	foreach(cell, pathkey->pk_eclass->ec_members)
	{
		EquivalenceMember *member = lfirst_node(EquivalenceMember, cell);
		Var		   *var = (Var *) member->em_expr;
		int			field;

		if (!IsA(var, Var) || var->varno != (int) rel->relid ||
			!bms_equal(member->em_relids, rel->relids) ||
			var->varattno <= 0 || var->vartype != TIMESTAMPTZOID)
			continue;
		field = info->columns->fields[var->varattno - 1];
		for (i = 0; i < resource->nsorts; i++)
		{
			if (resource->sorts[i].field != field ||
				!(resource->sorts[i].never_null || excludes_null(way, field)))
				continue;
			way->sort = i;
			way->descending = regdocs_pathkey_is_descending(pathkey);
			way->nulls_first = pathkey->pk_nulls_first;
			way->sort_attnum = var->varattno;
			return true;
		}
	}
	return false;
}

static void
add_sorted(PlannerInfo *root, RelOptInfo *rel, const RegdocsWay *base)
{
	const RegdocsRelInfo *info = rel->fdw_private;
	RegdocsWay	way = *base;

	if (!info->eager && match_sort(root, rel, &way))
		add_lists(root, rel, &way, rel->rows,
				  list_make1(linitial(root->query_pathkeys)),
				  rel->lateral_relids);
}

/* ---- Joins ---- */

/*
 * A scan that depends on the row of another one cannot be read whole before
 * the statement's first write.  What was created is not among what a sid names,
 * but it may be among anything else.
 */
bool
regdocs_paths_meets_writes(const RegdocsRelInfo *info, const List *asks)
{
	if (info->interleaving == REGDOCS_INTERLEAVES_CREATES)
		return regdocs_scan_plan_find(asks,
									  info->table->resource->sid_field) == NULL;
	return info->interleaving != REGDOCS_INTERLEAVES_NOTHING;
}

/* Have the way known to joins that fetch in batches; see join.c. */
static void
note_join_way(RegdocsRelInfo *info, const RegdocsWay *way,
			  Relids required_outer)
{
	RegdocsJoinWay *join = palloc(sizeof(RegdocsJoinWay));

	join->way = *way;
	join->required_outer = required_outer;
	info->join_ways = lappend(info->join_ways, join);
}

/*
 * A join clause that asks for values of other tables' columns, together with
 * what the table's own conditions ask.
 */
static void
consider_join_clause(PlannerInfo *root, RelOptInfo *rel, const BaseAsks *base,
					 RestrictInfo *rinfo)
{
	RegdocsRelInfo *info = rel->fdw_private;
	const RdapiResource *resource = info->table->resource;
	RegdocsWay	way = base->single;
	Relids		required_outer;
	ParamPathInfo *ppi;
	List	   *asks;
	const RegdocsAsk *ask;
	double		keys;

	if (!join_clause_is_movable_to(rinfo, rel))
		return;
	asks = regdocs_quals_match(root, rel, info->columns, rinfo->clause);
	if (asks == NIL)
		return;
	ask = linitial(asks);
	if (regdocs_paths_meets_writes(info, asks))
		return;
	required_outer = bms_union(rinfo->clause_relids, rel->lateral_relids);
	required_outer = bms_del_member(required_outer, rel->relid);
	if (bms_is_empty(required_outer))
		return;

	ppi = get_baserel_parampathinfo(root, rel, required_outer);
	if (ask->field == resource->sid_field)
	{
		if (resource->parent == NULL)
			way = nothing_asked;
		way = extend_way(&way, asks, rinfo);
		if (!can_fetch(info, &way))
			return;
		keys = regdocs_paths_count_values(root, asks, ask->field);
		ppi->ppi_rows = clamp_row_est(Min(ppi->ppi_rows, keys));
		add_fetches(root, rel, &way, ppi->ppi_rows, required_outer);
	}
	else if (!asks_for(&way, ask))
	{
		way = extend_way(&way, asks, rinfo);
		add_lists(root, rel, &way, ppi->ppi_rows, NIL, required_outer);
	}
	else
		return;
	if (ask->test == RDAPI_TEST_EQUAL)
		note_join_way(info, &way, required_outer);
}

/* Callback: is this member of an equivalence class one of our columns? */
static bool
member_is_askable(PlannerInfo *root, RelOptInfo *rel, EquivalenceClass *ec,
				  EquivalenceMember *em, void *arg)
{
	const RegdocsRelInfo *info = rel->fdw_private;

	return regdocs_quals_is_askable(rel, info->columns, em->em_expr);
}

void
regdocs_paths_add(PlannerInfo *root, RelOptInfo *rel)
{
	BaseAsks	base;
	List	   *implied;
	ListCell   *cell;

	sort_base_asks(root, rel, &base);
	if (regdocs_paths_fetches_only() && add_key_ways(root, rel, &base))
		return;
	add_lists(root, rel, &base.single, rel->rows, NIL, rel->lateral_relids);
	if (base.several.asks != NIL)
		add_lists(root, rel, &base.several, rel->rows, NIL,
				  rel->lateral_relids);
	add_sorted(root, rel, &base.single);
	(void) add_key_ways(root, rel, &base);

	foreach(cell, rel->joininfo)
		consider_join_clause(root, rel, &base,
							 lfirst_node(RestrictInfo, cell));
	if (!rel->has_eclass_joins)
		return;
	implied = generate_implied_equalities_for_column(root, rel,
													 member_is_askable, NULL,
													 rel->lateral_referencers);
	foreach(cell, implied)
		consider_join_clause(root, rel, &base,
							 lfirst_node(RestrictInfo, cell));
}
