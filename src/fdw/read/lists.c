/*-------------------------------------------------------------------------
 *
 * lists.c
 *	  Lists that are read side by side: of several parents, or asked for with
 *	  several values.
 *
 * A window of pagers is open, twice as many as the client sends requests at
 * once, and the first page of each is on its way.  The one at the head is
 * handed out until its end; so the order is that of the lists, whichever
 * answer comes first.
 *
 * Without a condition on their parent, children of all parents are read: the
 * list of parents is walked, and feeds the window.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "src/fdw/read/lists.h"

/* A list that is open. */
typedef struct OpenList
{
	RegdocsPager *pager;
	char	  **values;			/* its part of the split */
	int			nvalues;
	MemoryContext context;		/* the pager, and what it was given */
} OpenList;

struct RegdocsLists
{
	const RegdocsReading *reading;
	const RegdocsListsSpec *spec;

	/* Parents that are found by walking their own list */
	RegdocsReading parent_reading;
	RegdocsPager *parents;		/* NULL: they are known, or all were found */
	char		parent_sid[RDAPI_SID_BYTES + 1];	/* found last */

	/* The next list to be opened */
	int			next_parent;	/* of those that are known */
	int			next_value;		/* of the split */
	bool		all_opened;

	/* The window: a ring */
	OpenList   *ring;
	int			ring_size;
	int			window;			/* how many may be open */
	int			head;			/* counts lists; its place is modulo size */
	int			nopen;

	double		objects;		/* handed out, of the lists that have ended */
	MemoryContext context;		/* everything here, this struct too */
};

static OpenList *
ring_slot(const RegdocsLists *lists, int list)
{
	return &lists->ring[list % lists->ring_size];
}

/* The list of the parents themselves, of which the sid alone is wanted. */
static void
begin_parents(RegdocsLists *lists)
{
	const RdapiResource *parent = lists->reading->resource->parent;
	RdapiTarget target = {parent, NULL};
	RdapiQuery	query = {lists->spec->parent_page_size, NULL, 0};

	lists->parent_reading = *lists->reading;
	lists->parent_reading.resource = parent;
	lists->parent_reading.fields = REGDOCS_FIELD_BIT(parent->sid_field);
	lists->parents = regdocs_pager_begin(&lists->parent_reading, &target,
										 &query, REGDOCS_PAGER_ALL);
}

/*
 * How many lists are opened at first: of those that a few objects will
 * probably be read from, no more than these need.
 */
static int
first_window(const RegdocsLists *lists)
{
	double		bound = lists->spec->bound;
	double		each = Max(lists->reading->resource->typical_rows, 1);

	if (bound < 0 || bound / each >= lists->ring_size)
		return lists->ring_size;
	return Max((int) (bound / each), 1);
}

RegdocsLists *
regdocs_lists_begin(const RegdocsReading *reading,
					const RegdocsListsSpec *spec)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "regdocs_fdw lists",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(context);
	RegdocsLists *lists = palloc0(sizeof(RegdocsLists));

	lists->context = context;
	lists->reading = reading;
	lists->spec = spec;
	lists->ring_size =
		2 * regdocs_connection_concurrency(reading->connection);
	lists->ring = palloc0(sizeof(OpenList) * lists->ring_size);
	lists->window = first_window(lists);
	if (reading->resource->parent != NULL && spec->parents == NULL)
		begin_parents(lists);
	MemoryContextSwitchTo(old_context);
	return lists;
}

/* ---- Opening lists ---- */

/*
 * The next parent, BORROWED until the one after it; NULL: there is none yet,
 * unless it "may wait", or none at all, and all_opened says so.
 */
static const char *
next_parent(RegdocsLists *lists, bool may_wait)
{
	const RegdocsListsSpec *spec = lists->spec;
	RegdocsPage *page;
	const char *sid;
	int			object;

	if (lists->parents == NULL)
	{
		lists->all_opened = lists->next_parent >= spec->nparents;
		return lists->all_opened ? NULL : spec->parents[lists->next_parent++];
	}
	regdocs_pager_advance(lists->parents);
	if (!may_wait && !regdocs_pager_ready(lists->parents))
		return NULL;
	if (!regdocs_pager_next(lists->parents, &page, &object))
	{
		lists->all_opened = true;
		return NULL;
	}
	sid = regdocs_page_sid(page, object);
	if (sid == NULL)
		regdocs_pager_raise_protocol(lists->parents,
									 psprintf("A %s in it has no valid sid.",
											  page->resource->noun));
	memcpy(lists->parent_sid, sid, RDAPI_SID_BYTES);
	return lists->parent_sid;
}

/*
 * Which list comes next: its parent, and its part of the split.  false: none,
 * or not without waiting.
 */
static bool
next_list(RegdocsLists *lists, bool may_wait, RdapiTarget *target,
		  OpenList *list)
{
	const RegdocsSplit *split = &lists->spec->split;

	target->resource = lists->reading->resource;
	target->parent_sid = NULL;
	if (target->resource->parent != NULL)
	{
		/* No child resource has a filter. */
		target->parent_sid = next_parent(lists, may_wait);
		return target->parent_sid != NULL;
	}
	if (split->filter == NULL)
	{
		lists->all_opened = lists->next_value > 0;
		lists->next_value++;
		return !lists->all_opened;
	}
	lists->all_opened = lists->next_value >= split->nvalues;
	if (lists->all_opened)
		return false;
	list->values = split->values + lists->next_value;
	list->nvalues = Min(split->filter->most,
						split->nvalues - lists->next_value);
	lists->next_value += list->nvalues;
	return true;
}

/* The values of a list's part of the split, as one; palloc'd. */
static char *
join_values(const OpenList *list)
{
	StringInfoData joined;
	int			i;

	initStringInfo(&joined);
	for (i = 0; i < list->nvalues; i++)
		appendStringInfo(&joined, "%s%s", i > 0 ? "," : "", list->values[i]);
	return joined.data;
}

static RegdocsPager *
begin_pager(RegdocsLists *lists, const OpenList *list,
			const RdapiTarget *target)
{
	const RegdocsListsSpec *spec = lists->spec;
	RdapiQuery	query = *spec->query;
	RdapiCondition *conditions;

	if (list->nvalues > 0)
	{
		conditions = palloc(sizeof(RdapiCondition) * (query.nconditions + 1));
		if (query.nconditions > 0)
			memcpy(conditions, query.conditions,
				   sizeof(RdapiCondition) * query.nconditions);
		conditions[query.nconditions].name = spec->split.filter->parameter;
		conditions[query.nconditions].value = join_values(list);
		query.conditions = conditions;
		query.nconditions++;
	}
	return regdocs_pager_begin(lists->reading, target, &query, spec->bound);
}

/* Open the next list; false: none, or not without waiting. */
static bool
open_list(RegdocsLists *lists, bool may_wait)
{
	OpenList   *list = ring_slot(lists, lists->head + lists->nopen);
	MemoryContext old_context;
	RdapiTarget target;

	memset(list, 0, sizeof(*list));
	if (!next_list(lists, may_wait, &target, list))
		return false;
	list->context = AllocSetContextCreate(lists->context, "regdocs_fdw list",
										  ALLOCSET_SMALL_SIZES);
	old_context = MemoryContextSwitchTo(list->context);
	list->pager = begin_pager(lists, list, &target);
	MemoryContextSwitchTo(old_context);
	lists->nopen++;
	regdocs_pager_send_first(list->pager);
	return true;
}

/* With "may_wait", at least one list is open afterwards, unless all ended. */
static void
fill_window(RegdocsLists *lists, bool may_wait)
{
	while (!lists->all_opened && lists->nopen < lists->window &&
		   open_list(lists, may_wait && lists->nopen == 0))
		;
}

static void
close_head(RegdocsLists *lists)
{
	OpenList   *list = ring_slot(lists, lists->head);

	lists->objects += regdocs_pager_objects(list->pager);
	MemoryContextDelete(list->context);
	memset(list, 0, sizeof(*list));
	lists->head++;
	lists->nopen--;

	/* More are read than was thought. */
	lists->window = Min(lists->window * 2, lists->ring_size);
}

/* ---- Reading them ---- */

static int
compare_value(const void *text, const void *value)
{
	return strcmp(text, *(char *const *) value);
}

/*
 * Does the object belong to this list, or to another one, which has it as
 * well if the API answers more than it is asked for?
 */
static bool
belongs(const RegdocsLists *lists, const OpenList *list, RegdocsPage *page,
		int object)
{
	const RegdocsSlice *slice;
	char	   *text;
	bool		found;

	if (list->nvalues == 0)
		return true;
	slice = regdocs_page_field(page, object, lists->spec->split.filter->field);
	text = regdocs_page_string(page, slice);
	if (text == NULL)
		return false;
	found = bsearch(text, list->values, list->nvalues, sizeof(char *),
					compare_value) != NULL;
	pfree(text);
	return found;
}

bool
regdocs_lists_next(RegdocsLists *lists, RegdocsPage **page, int *object)
{
	for (;;)
	{
		OpenList   *list;

		fill_window(lists, true);
		if (lists->nopen == 0)
			return false;
		list = ring_slot(lists, lists->head);
		while (regdocs_pager_next(list->pager, page, object))
		{
			if (belongs(lists, list, *page, *object))
				return true;
		}
		close_head(lists);
	}
}

void
regdocs_lists_advance(RegdocsLists *lists)
{
	/* As they are handed out, the pager drives the client from time to time. */
	if (lists->nopen > 0 &&
		regdocs_pager_has_object(ring_slot(lists, lists->head)->pager))
		return;
	for (;;)
	{
		RegdocsPager *pager;

		fill_window(lists, false);
		if (lists->nopen == 0)
			break;
		pager = ring_slot(lists, lists->head)->pager;
		regdocs_pager_advance(pager);
		if (!regdocs_pager_is_over(pager))
			break;
		close_head(lists);
	}
	rdapi_client_drive(regdocs_connection_client(lists->reading->connection));
}

bool
regdocs_lists_ready(const RegdocsLists *lists)
{
	if (lists->nopen > 0)
		return regdocs_pager_ready(ring_slot(lists, lists->head)->pager);
	return lists->all_opened ||
		(lists->parents != NULL && regdocs_pager_ready(lists->parents));
}

double
regdocs_lists_objects(const RegdocsLists *lists)
{
	return lists->objects;
}

void
regdocs_lists_raise_protocol(const RegdocsLists *lists, const char *failure)
{
	regdocs_pager_raise_protocol(ring_slot(lists, lists->head)->pager,
								 failure);
}

void
regdocs_lists_count_pending(const RegdocsLists *lists, RegdocsUsage *usage)
{
	int			i;

	if (lists == NULL)
		return;
	regdocs_pager_count_pending(lists->parents, usage);
	for (i = 0; i < lists->nopen; i++)
		regdocs_pager_count_pending(ring_slot(lists, lists->head + i)->pager,
									usage);
}
