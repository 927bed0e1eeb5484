/*-------------------------------------------------------------------------
 *
 * scan_plan.c
 *	  What the plan of a scan remembers for its execution, as a list of
 *	  nodes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/makefuncs.h"
#include "nodes/value.h"

#include "src/fdw/read/rescan.h"
#include "src/fdw/read/scan_plan.h"

/* Positions in the list. */
enum
{
	SCAN_ASKS,
	SCAN_PAGE_SIZE,
	SCAN_LIST_REQUESTS,
	SCAN_WALK_AFTER,
	SCAN_BATCHES,
	SCAN_ORDER,
	SCAN_EAGER,
	SCAN_MEETS_WRITES,
	SCAN_HAS_LIMIT,
	SCAN_HAS_OFFSET,
	SCAN_WANTED
};

/* Positions in the list of integers that is an ask, or an order. */
enum
{
	ASK_FIELD,
	ASK_TEST,
	ASK_PRESENT,
	ASK_ARRAYS					/* all that follow */
};

enum
{
	ORDER_SORT,
	ORDER_DESCENDING,
	ORDER_NULLS_FIRST,
	ORDER_ATTNUM
};

static List *
pack_asks(const List *asks)
{
	List	   *packed = NIL;
	ListCell   *cell;

	foreach(cell, asks)
	{
		const RegdocsAsk *ask = lfirst(cell);
		List	   *numbers = list_make3_int(ask->field, ask->test,
											 ask->present);

		packed = lappend(packed, list_concat(numbers, ask->arrays));
	}
	return packed;
}

static List *
unpack_asks(const List *packed)
{
	List	   *asks = NIL;
	ListCell   *cell;

	foreach(cell, packed)
	{
		const List *numbers = lfirst(cell);
		RegdocsAsk *ask = palloc0(sizeof(RegdocsAsk));

		ask->field = list_nth_int(numbers, ASK_FIELD);
		ask->test = list_nth_int(numbers, ASK_TEST);
		ask->present = list_nth_int(numbers, ASK_PRESENT);
		ask->arrays = list_copy_tail(numbers, ASK_ARRAYS);
		asks = lappend(asks, ask);
	}
	return asks;
}

List *
regdocs_scan_plan_pack(const RegdocsScanPlan *plan)
{
	List	   *packed = NIL;

	packed = lappend(packed, pack_asks(plan->asks));
	packed = lappend(packed, makeInteger(plan->page_size));
	packed = lappend(packed,
					 makeFloat(psprintf("%.0f", plan->list_requests)));
	packed = lappend(packed, makeFloat(psprintf("%.0f", plan->walk_after)));
	packed = lappend(packed,
					 list_make2_int(plan->batch_param, plan->concurrency));
	packed = lappend(packed,
					 list_make4_int(plan->sort, plan->descending,
									plan->nulls_first, plan->sort_attnum));
	packed = lappend(packed, makeBoolean(plan->eager));
	packed = lappend(packed, makeBoolean(plan->meets_writes));
	packed = lappend(packed, makeBoolean(plan->has_limit));
	packed = lappend(packed, makeBoolean(plan->has_offset));
	packed = lappend(packed, plan->wanted);
	return packed;
}

RegdocsScanPlan *
regdocs_scan_plan_unpack(List *packed)
{
	RegdocsScanPlan *plan = palloc(sizeof(RegdocsScanPlan));
	const List *batches = list_nth(packed, SCAN_BATCHES);
	const List *order = list_nth(packed, SCAN_ORDER);

	plan->asks = unpack_asks(list_nth(packed, SCAN_ASKS));
	plan->page_size = intVal(list_nth(packed, SCAN_PAGE_SIZE));
	plan->list_requests = floatVal(list_nth(packed, SCAN_LIST_REQUESTS));
	plan->walk_after = floatVal(list_nth(packed, SCAN_WALK_AFTER));
	plan->batch_param = linitial_int(batches);
	plan->concurrency = lsecond_int(batches);
	plan->sort = list_nth_int(order, ORDER_SORT);
	plan->descending = list_nth_int(order, ORDER_DESCENDING);
	plan->nulls_first = list_nth_int(order, ORDER_NULLS_FIRST);
	plan->sort_attnum = list_nth_int(order, ORDER_ATTNUM);
	plan->eager = boolVal(list_nth(packed, SCAN_EAGER));
	plan->meets_writes = boolVal(list_nth(packed, SCAN_MEETS_WRITES));
	plan->has_limit = boolVal(list_nth(packed, SCAN_HAS_LIMIT));
	plan->has_offset = boolVal(list_nth(packed, SCAN_HAS_OFFSET));
	plan->wanted = list_nth(packed, SCAN_WANTED);
	return plan;
}

List *
regdocs_lookahead_plan_pack(const RegdocsLookaheadPlan *plan)
{
	return list_make3(makeString(pstrdup(plan->resource->name)),
					  pack_asks(list_make1(plan->key)),
					  list_make4_int(plan->batch_param, plan->first,
									 plan->second, plan->most));
}

RegdocsLookaheadPlan *
regdocs_lookahead_plan_unpack(const List *packed)
{
	RegdocsLookaheadPlan *plan = palloc(sizeof(RegdocsLookaheadPlan));
	const List *numbers = lthird(packed);

	plan->resource = rdapi_resource_find(strVal(linitial(packed)));
	plan->key = linitial(unpack_asks(lsecond(packed)));
	plan->batch_param = linitial_int(numbers);
	plan->first = lsecond_int(numbers);
	plan->second = lthird_int(numbers);
	plan->most = lfourth_int(numbers);
	return plan;
}

RegdocsAsk *
regdocs_scan_plan_find(const List *asks, int field)
{
	ListCell   *cell;

	foreach(cell, asks)
	{
		RegdocsAsk *ask = lfirst(cell);

		if (ask->field == field && ask->test == RDAPI_TEST_EQUAL)
			return ask;
	}
	return NULL;
}

Bitmapset *
regdocs_scan_plan_wanted(const RegdocsScanPlan *plan)
{
	Bitmapset  *wanted = NULL;
	ListCell   *cell;

	foreach(cell, plan->wanted)
		wanted = bms_add_member(wanted, lfirst_int(cell));
	return wanted;
}

bool
regdocs_scan_plan_is_known(const RegdocsScanPlan *scan_plan,
						   const ForeignScan *plan,
						   PlannedStmt *statement)
{
	int			n = 0;
	List	   *exprs;
	ListCell   *cell;

	foreach(cell, scan_plan->asks)
		n += list_length(((RegdocsAsk *) lfirst(cell))->arrays);
	exprs = list_copy_head(plan->fdw_exprs, n);
	return !regdocs_depends_on_rows((Node *) exprs, statement);
}
