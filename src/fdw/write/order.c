/*-------------------------------------------------------------------------
 *
 * order.c
 *	  Writes to one document are sent in their order, one at a time.
 *
 * Sids are unique whatever the account, so it does not matter over which
 * connection, and for which role, a document is written to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/hsearch.h"

#include "src/fdw/write/order.h"

struct RegdocsOrder
{
	MemoryContext context;
	HTAB	   *documents;		/* of RegdocsDocument; NULL: none yet */
};

RegdocsOrder *
regdocs_order_new(void)
{
	RegdocsOrder *order = palloc0(sizeof(RegdocsOrder));

	order->context = CurrentMemoryContext;
	return order;
}

static RegdocsDocument *
find(const RegdocsOrder *order, const char *sid)
{
	return order->documents == NULL ? NULL :
		hash_search(order->documents, sid, HASH_FIND, NULL);
}

static RegdocsDocument *
find_or_add(RegdocsOrder *order, const char *sid)
{
	RegdocsDocument *document;
	bool		found;

	if (order->documents == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = RDAPI_SID_BYTES + 1;
		control.entrysize = sizeof(RegdocsDocument);
		control.hcxt = order->context;
		order->documents = hash_create("regdocs_fdw documents written", 64,
									   &control, HASH_ELEM | HASH_STRINGS |
									   HASH_CONTEXT);
	}
	document = hash_search(order->documents, sid, HASH_ENTER, &found);
	if (!found)
	{
		document->is_deleted = false;
		dlist_init(&document->places);
	}
	return document;
}

bool
regdocs_order_enter(RegdocsOrder *order, RegdocsPlace *place, const char *sid,
					RdapiOperation operation)
{
	bool		first;

	place->operation = operation;
	place->document = sid == NULL ? NULL : find_or_add(order, sid);
	if (place->document == NULL)
		return true;
	first = dlist_is_empty(&place->document->places);
	dlist_push_tail(&place->document->places, &place->node);
	return first;
}

RegdocsPlace *
regdocs_order_leave(RegdocsPlace *place, bool done)
{
	RegdocsDocument *document = place->document;
	bool		first;

	if (document == NULL)
		return NULL;
	if (done && place->operation == RDAPI_OP_DELETE)
		document->is_deleted = true;
	first = dlist_head_node(&document->places) == &place->node;
	dlist_delete(&place->node);
	if (!first || dlist_is_empty(&document->places))
		return NULL;
	return dlist_head_element(RegdocsPlace, node, &document->places);
}

bool
regdocs_order_has(const RegdocsOrder *order, const char *sid)
{
	RegdocsDocument *document = find(order, sid);

	return document != NULL && !dlist_is_empty(&document->places);
}

bool
regdocs_order_deletes(const RegdocsOrder *order, const char *sid)
{
	RegdocsDocument *document = find(order, sid);

	if (document == NULL)
		return false;
	/* Nothing is queued behind a deletion, so it is the last. */
	return document->is_deleted ||
		(!dlist_is_empty(&document->places) &&
		 dlist_tail_element(RegdocsPlace, node,
							&document->places)->operation == RDAPI_OP_DELETE);
}
