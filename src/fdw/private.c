/*-------------------------------------------------------------------------
 *
 * private.c
 *	  What a plan remembers for its execution, as a list of nodes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/makefuncs.h"
#include "nodes/value.h"

#include "src/fdw/private.h"

/* Positions in the list. */
enum
{
	SCAN_KEYS,
	SCAN_PAGE_SIZE,
	SCAN_LIST_REQUESTS,
	SCAN_WALK_AFTER,
	SCAN_EAGER,
	SCAN_HAS_LIMIT,
	SCAN_HAS_OFFSET,
	SCAN_WANTED
};

enum
{
	MODIFY_TARGETS
};

List *
regdocs_private_pack_scan(const RegdocsScanPlan *plan)
{
	List	   *packed = NIL;

	packed = lappend(packed, plan->keys);
	packed = lappend(packed, makeInteger(plan->page_size));
	packed = lappend(packed,
					 makeFloat(psprintf("%.0f", plan->list_requests)));
	packed = lappend(packed, makeFloat(psprintf("%.0f", plan->walk_after)));
	packed = lappend(packed, makeBoolean(plan->eager));
	packed = lappend(packed, makeBoolean(plan->has_limit));
	packed = lappend(packed, makeBoolean(plan->has_offset));
	packed = lappend(packed, plan->wanted);
	return packed;
}

RegdocsScanPlan *
regdocs_private_unpack_scan(List *packed)
{
	RegdocsScanPlan *plan = palloc(sizeof(RegdocsScanPlan));

	plan->keys = list_nth(packed, SCAN_KEYS);
	plan->page_size = intVal(list_nth(packed, SCAN_PAGE_SIZE));
	plan->list_requests = floatVal(list_nth(packed, SCAN_LIST_REQUESTS));
	plan->walk_after = floatVal(list_nth(packed, SCAN_WALK_AFTER));
	plan->eager = boolVal(list_nth(packed, SCAN_EAGER));
	plan->has_limit = boolVal(list_nth(packed, SCAN_HAS_LIMIT));
	plan->has_offset = boolVal(list_nth(packed, SCAN_HAS_OFFSET));
	plan->wanted = list_nth(packed, SCAN_WANTED);
	return plan;
}

List *
regdocs_private_pack_modify(const RegdocsModifyPlan *plan)
{
	return list_make1(plan->targets);
}

RegdocsModifyPlan *
regdocs_private_unpack_modify(List *packed)
{
	RegdocsModifyPlan *plan = palloc(sizeof(RegdocsModifyPlan));

	plan->targets = list_nth(packed, MODIFY_TARGETS);
	return plan;
}

char *
regdocs_private_sid_name(AttrNumber attnum)
{
	return psprintf("regdocs_sid_%d", attnum);
}
