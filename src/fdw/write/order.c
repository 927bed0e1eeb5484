/*-------------------------------------------------------------------------
 *
 * order.c
 *	  Writes to one object are sent in their order, one at a time.
 *
 * Sids are unique whatever the account, so it does not matter over which
 * connection, and for which role, an object is written to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/hsearch.h"

#include "src/fdw/write/order.h"

struct RegdocsOrder
{
	MemoryContext context;
	HTAB	   *objects;		/* of RegdocsWritten; NULL: none yet */
};

RegdocsOrder *
regdocs_order_new(void)
{
	RegdocsOrder *order = palloc0(sizeof(RegdocsOrder));

	order->context = CurrentMemoryContext;
	return order;
}

static RegdocsWritten *
find(const RegdocsOrder *order, const char *sid)
{
	return order->objects == NULL ? NULL :
		hash_search(order->objects, sid, HASH_FIND, NULL);
}

static RegdocsWritten *
find_or_add(RegdocsOrder *order, const char *sid)
{
	RegdocsWritten *object;
	bool		found;

	if (order->objects == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = RDAPI_SID_BYTES + 1;
		control.entrysize = sizeof(RegdocsWritten);
		control.hcxt = order->context;
		order->objects = hash_create("regdocs_fdw objects written", 64,
									 &control, HASH_ELEM | HASH_STRINGS |
									 HASH_CONTEXT);
	}
	object = hash_search(order->objects, sid, HASH_ENTER, &found);
	if (!found)
	{
		object->is_deleted = false;
		object->children = 0;
		dlist_init(&object->places);
	}
	return object;
}

bool
regdocs_order_enter(RegdocsOrder *order, RegdocsPlace *place, const char *sid,
					const char *parent_sid, RdapiOperation operation)
{
	RegdocsWritten *parent = parent_sid == NULL ? NULL :
	find_or_add(order, parent_sid);
	bool		first;

	place->operation = operation;
	place->object = sid == NULL ? NULL : find_or_add(order, sid);
	place->parent = parent;
	if (parent != NULL)
		parent->children++;
	if (place->object == NULL)
		return true;
	first = dlist_is_empty(&place->object->places);
	dlist_push_tail(&place->object->places, &place->node);
	return first;
}

RegdocsPlace *
regdocs_order_leave(RegdocsPlace *place, bool done)
{
	RegdocsWritten *object = place->object;
	bool		first;

	if (place->parent != NULL)
		place->parent->children--;
	if (object == NULL)
		return NULL;
	if (done && place->operation == RDAPI_OP_DELETE)
		object->is_deleted = true;
	first = dlist_head_node(&object->places) == &place->node;
	dlist_delete(&place->node);
	if (!first || dlist_is_empty(&object->places))
		return NULL;
	return dlist_head_element(RegdocsPlace, node, &object->places);
}

bool
regdocs_order_has(const RegdocsOrder *order, const char *sid)
{
	RegdocsWritten *object = find(order, sid);

	return object != NULL && !dlist_is_empty(&object->places);
}

bool
regdocs_order_has_below(const RegdocsOrder *order, const char *sid)
{
	RegdocsWritten *object = find(order, sid);

	return object != NULL && object->children > 0;
}

bool
regdocs_order_deletes(const RegdocsOrder *order, const char *sid)
{
	RegdocsWritten *object = find(order, sid);

	if (object == NULL)
		return false;
	/* Nothing is queued behind a deletion, so it is the last. */
	return object->is_deleted ||
		(!dlist_is_empty(&object->places) &&
		 dlist_tail_element(RegdocsPlace, node,
							&object->places)->operation == RDAPI_OP_DELETE);
}
