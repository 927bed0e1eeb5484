/*-------------------------------------------------------------------------
 *
 * source.c
 *	  Where the rows of a scan come from: the list, fetches, or both.
 *
 * A scan that is repeated with ever new keys fetches them one after the
 * other, which is right for a few and a disaster for thousands.  The planner
 * may not have known.  So a source counts, and once its fetches have cost
 * what walking the list was thought to cost, it walks: as many pages as it
 * has made fetches, and answers from what it has met there.  Where the list is
 * longer than that, it goes on fetching what was not met, and walks on when its
 * fetches have doubled.  So it never sends much more than twice of what the
 * better way would have been.
 *
 * The list is no snapshot: what a walk with pauses did not meet may be there
 * all the same, and is fetched.  Where that is so much that it has cost as
 * much as the list, the list is walked once more, now without a pause, and
 * what that does not meet is not there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"

#include "src/fdw/read/fetcher.h"
#include "src/fdw/read/lists.h"
#include "src/fdw/read/source.h"
#include "src/fdw/read/walk.h"

/* What is being handed out. */
typedef enum State
{
	STATE_ENDED,				/* nothing, any more */
	STATE_PENDING,				/* keys, and it is not decided yet how */
	STATE_WALKED,				/* what the walk has met of them */
	STATE_LISTED,				/* lists */
	STATE_FETCHED				/* fetches */
} State;

struct RegdocsSource
{
	RegdocsReading reading;
	const RegdocsScanPlan *plan;
	RegdocsRowReader *reader;
	RegdocsUsage usage;
	const RegdocsTableOptions *table;

	/* What was asked for last */
	State		state;
	MemoryContext context;		/* reset for each request */
	const RegdocsAsked *asked;
	RdapiQuery	query;			/* of lists */
	RegdocsListsSpec spec;
	RegdocsLists *lists;		/* in STATE_LISTED */
	const RegdocsValues *wanted;	/* sids, of the lists; NULL: all */
	uint64		pages_before_list;	/* usage.pages, where it is for keys */
	RegdocsPage *found_page;	/* with what was found ahead; NULL: nothing */
	int			found_object;
	RegdocsValues *rest;		/* keys that the walk has not met */
	RegdocsFetcher *fetcher;	/* in STATE_FETCHED */
	int64	   *places;			/* of what the walk has met */
	int			nplaces;
	int			next_place;

	/* The list, as far as it was walked in the place of fetches */
	RegdocsWalk *walk;			/* NULL: not begun */
	RdapiQuery	walk_query;
	double		fetches;		/* so far, one after the other, and pages of
								 * lists in their place */
	double		walk_after;		/* fetches */
	MemoryContext walk_context;
	MemoryContext object_context;	/* reset for each that it has met */
};

RegdocsSource *
regdocs_source_new(RegdocsConnection *connection,
				   const RegdocsTableOptions *table,
				   const RegdocsScanPlan *plan, RegdocsRowReader *reader)
{
	RegdocsSource *source = palloc0(sizeof(RegdocsSource));

	source->reading.connection = connection;
	source->reading.resource = table->resource;
	source->reading.fields = regdocs_row_fields(reader);
	source->reading.usage = &source->usage;
	source->plan = plan;
	source->reader = reader;
	source->walk_after = plan->walk_after;
	source->table = table;
	source->context = AllocSetContextCreate(CurrentMemoryContext,
											"regdocs_fdw source",
											ALLOCSET_SMALL_SIZES);
	source->walk_context = AllocSetContextCreate(CurrentMemoryContext,
												 "regdocs_fdw walked list",
												 ALLOCSET_SMALL_SIZES);
	source->object_context =
		AllocSetContextCreate(CurrentMemoryContext,
							  "regdocs_fdw walked object",
							  ALLOCSET_DEFAULT_SIZES);
	return source;
}

/* Forget what was asked for last, but not what it took. */
static void
clear_request(RegdocsSource *source)
{
	if (source->wanted != NULL)
		source->fetches += source->usage.pages - source->pages_before_list;
	regdocs_lists_count_pending(source->lists, &source->usage);
	regdocs_fetcher_count_pending(source->fetcher, &source->usage);
	source->state = STATE_ENDED;
	source->lists = NULL;
	source->wanted = NULL;
	source->found_page = NULL;
	source->rest = NULL;
	source->fetcher = NULL;
	source->nplaces = 0;
	source->next_place = 0;
	MemoryContextReset(source->context);
}

/* Begin to hand out lists, as source->query and "spec" say. */
static void
begin_lists(RegdocsSource *source, double bound)
{
	MemoryContext old_context = MemoryContextSwitchTo(source->context);

	source->spec.parent_page_size = source->table->page_size;
	source->spec.query = &source->query;
	source->spec.bound = bound;
	source->lists = regdocs_lists_begin(&source->reading, &source->spec);
	source->state = STATE_LISTED;
	MemoryContextSwitchTo(old_context);
}

/* Can the sids that are asked for be fetched one by one? */
static bool
can_fetch(const RegdocsSource *source, const RegdocsAsked *asked)
{
	const RdapiResource *resource = source->reading.resource;

	return asked->sids != NULL &&
		rdapi_resource_can(resource, RDAPI_CAN_FETCH) &&
		(resource->parent == NULL ||
		 (asked->parents != NULL && asked->parents->nvalues == 1));
}

void
regdocs_source_ask(RegdocsSource *source, const RegdocsAsked *asked,
				   double bound)
{
	int			page_size = source->plan->page_size;
	const char *account;
	MemoryContext old_context;

	clear_request(source);
	source->asked = asked;
	if (asked->nothing)
		return;
	account = regdocs_connection_account_sid(source->reading.connection);
	regdocs_bound_check_account(regdocs_row_bound(source->reader), account);
	if (can_fetch(source, asked))
	{
		source->state = STATE_PENDING;
		return;
	}
	if (bound >= 0 && bound < page_size)
		page_size = Max((int) bound, 1);
	old_context = MemoryContextSwitchTo(source->context);
	regdocs_asked_make_query(&source->query, asked, source->plan,
							 source->table, page_size);
	MemoryContextSwitchTo(old_context);
	memset(&source->spec, 0, sizeof(source->spec));
	if (asked->parents != NULL)
	{
		source->spec.parents = asked->parents->values;
		source->spec.nparents = asked->parents->nvalues;
	}
	if (asked->split_filter != NULL)
	{
		source->spec.split.filter = asked->split_filter;
		source->spec.split.values = asked->split_values->values;
		source->spec.split.nvalues = asked->split_values->nvalues;
	}
	source->wanted = asked->sids;
	source->pages_before_list = source->usage.pages;
	begin_lists(source, bound);
}

/* ---- Keys ---- */

/* The filter by which the list can be asked for several sids; NULL: none. */
static const RdapiFilter *
sids_filter(const RegdocsSource *source)
{
	const RdapiResource *resource = source->reading.resource;
	int			filter = rdapi_resource_filter(resource, resource->sid_field,
											   RDAPI_TEST_ONE_OF);

	return filter < 0 ? NULL : &resource->filters[filter];
}

/* Requests that wait for one another when so many sids are asked for. */
static double
fetch_rounds(const RegdocsSource *source, int nsids)
{
	const RdapiFilter *filter = sids_filter(source);
	double		requests = nsids;

	if (filter != NULL && nsids > 1)
		requests = ceil(requests / filter->most);
	return ceil(requests / source->plan->concurrency);
}

/*
 * All lists were read to their end: the planner may want to know how many
 * objects there are.
 */
static void
note_objects(RegdocsSource *source)
{
	const RegdocsAsked *asked = source->asked;

	if (asked->nconditions == 0 && asked->parents == NULL &&
		source->spec.split.filter == NULL)
		regdocs_connection_note_objects(source->reading.connection,
										source->reading.resource,
										regdocs_lists_objects(source->lists));
}

static bool
walk_is_whole(const RegdocsSource *source)
{
	return source->walk != NULL && regdocs_walk_is_whole(source->walk);
}

/*
 * Walk on, until that has cost as much as the fetches.  The next time is when
 * these have doubled; or, once the list's length is known, when they have cost
 * as much again.
 */
static void
walk_on(RegdocsSource *source)
{
	double		length;

	if (source->walk == NULL)
	{
		MemoryContext old_context = MemoryContextSwitchTo(source->walk_context);

		regdocs_asked_make_query(&source->walk_query, NULL, source->plan,
								 source->table, source->plan->page_size);
		source->walk = regdocs_walk_new(&source->reading, &source->walk_query);
		MemoryContextSwitchTo(old_context);
	}
	regdocs_walk_on(source->walk, source->fetches);
	length = regdocs_walk_length(source->walk);
	source->walk_after = source->fetches +
		(length > 0 ? length : source->fetches);
}

/*
 * Which of the sids the walk has met is answered from there.  Sets the rest.
 */
static void
take_walked(RegdocsSource *source, const RegdocsValues *sids)
{
	RegdocsValues *rest = palloc(sizeof(RegdocsValues));
	int			i;

	rest->values = palloc(sizeof(char *) * sids->nvalues);
	rest->nvalues = 0;
	source->places = palloc(sizeof(int64) * sids->nvalues);
	for (i = 0; i < sids->nvalues; i++)
	{
		int64		place = source->walk == NULL ? -1 :
		regdocs_walk_find(source->walk, sids->values[i]);

		if (place >= 0)
			source->places[source->nplaces++] = place;
		else
			rest->values[rest->nvalues++] = sids->values[i];
	}
	if (walk_is_whole(source))
		rest->nvalues = 0;
	source->rest = rest;
}

/*
 * Ask for what is left of the sids: by lists of some of them, or by the whole
 * list where that takes fewer rounds, or by fetches.
 */
static void
begin_rest(RegdocsSource *source)
{
	const RdapiResource *resource = source->reading.resource;
	const RegdocsValues *rest = source->rest;
	const RdapiFilter *filter = sids_filter(source);
	double		rounds = fetch_rounds(source, rest->nvalues);
	RdapiTarget target = {resource, NULL};
	MemoryContext old_context;

	if (rest->nvalues == 0)
	{
		source->state = STATE_ENDED;
		return;
	}
	memset(&source->spec, 0, sizeof(source->spec));
	if (resource->parent != NULL)
	{
		source->spec.parents = source->asked->parents->values;
		source->spec.nparents = 1;
		target.parent_sid = source->spec.parents[0];
	}
	old_context = MemoryContextSwitchTo(source->context);
	regdocs_asked_make_query(&source->query, NULL, source->plan,
							 source->table, source->plan->page_size);
	MemoryContextSwitchTo(old_context);
	if (rounds > source->plan->list_requests ||
		(filter != NULL && rest->nvalues > 1))
	{
		if (rounds <= source->plan->list_requests)
		{
			source->spec.split.filter = filter;
			source->spec.split.values = rest->values;
			source->spec.split.nvalues = rest->nvalues;
		}
		source->wanted = rest;
		source->pages_before_list = source->usage.pages;
		begin_lists(source, REGDOCS_PAGER_ALL);
		return;
	}
	source->query.page_size = 0;
	source->fetches += rounds;
	old_context = MemoryContextSwitchTo(source->context);
	source->fetcher = regdocs_fetcher_begin(&source->reading, &target,
											&source->query, rest->values,
											rest->nvalues);
	MemoryContextSwitchTo(old_context);
	source->state = STATE_FETCHED;
}

/* Decide how the keys are answered. */
static void
begin_keys(RegdocsSource *source)
{
	MemoryContext old_context;

	/* What the walk meets is of no parent. */
	if (source->reading.resource->parent == NULL &&
		!walk_is_whole(source) && source->fetches >= source->walk_after)
		walk_on(source);

	old_context = MemoryContextSwitchTo(source->context);
	take_walked(source, source->asked->sids);
	MemoryContextSwitchTo(old_context);
	source->state = STATE_WALKED;
	if (source->nplaces == 0)
		begin_rest(source);
}

/* Read the next object that the walk has met. */
static RegdocsPage *
read_walked(RegdocsSource *source)
{
	MemoryContext old_context;
	RegdocsPage *page;
	char	   *failure;
	char	   *text;
	int			length;

	MemoryContextReset(source->object_context);
	old_context = MemoryContextSwitchTo(source->object_context);
	text = regdocs_walk_read(source->walk,
							 source->places[source->next_place++], &length);
	page = regdocs_page_parse_object(source->reading.resource, text, length,
									 source->reading.fields, &failure);
	if (page == NULL)
		elog(ERROR, "an object that was kept cannot be read: %s", failure);
	MemoryContextSwitchTo(old_context);
	return page;
}

/* ---- Handing out ---- */

static int
compare_sid(const void *sid, const void *key)
{
	return memcmp(sid, *(char *const *) key, RDAPI_SID_BYTES);
}

/*
 * Is the object of the list one of those that are asked for?  The executor
 * checks that as well, but by comparing it with one key after the other.
 */
static bool
is_wanted(const RegdocsSource *source, RegdocsPage *page, int object)
{
	const RegdocsValues *wanted = source->wanted;
	const char *sid;

	if (wanted == NULL)
		return true;
	sid = regdocs_page_sid(page, object);
	return sid != NULL &&
		bsearch(sid, wanted->values, wanted->nvalues, sizeof(char *),
				compare_sid) != NULL;
}

static bool
next_listed(RegdocsSource *source, RegdocsPage **page, int *object)
{
	if (source->found_page != NULL)
	{
		*page = source->found_page;
		*object = source->found_object;
		source->found_page = NULL;
		return true;
	}
	while (regdocs_lists_next(source->lists, page, object))
	{
		if (is_wanted(source, *page, *object))
			return true;
	}
	note_objects(source);
	return false;
}

static bool
next_object(RegdocsSource *source, RegdocsPage **page, int *object)
{
	switch (source->state)
	{
		case STATE_ENDED:
			return false;
		case STATE_PENDING:
			begin_keys(source);
			return next_object(source, page, object);
		case STATE_WALKED:
			if (source->next_place < source->nplaces)
			{
				*page = read_walked(source);
				*object = 0;
				return true;
			}
			begin_rest(source);
			return next_object(source, page, object);
		case STATE_LISTED:
			return next_listed(source, page, object);
		case STATE_FETCHED:
			return regdocs_fetcher_next(source->fetcher, page, object);
	}
	pg_unreachable();
}

bool
regdocs_source_next(RegdocsSource *source, Datum *values, bool *nulls)
{
	RegdocsPage *page;
	int			object;

	while (next_object(source, &page, &object))
	{
		CHECK_FOR_INTERRUPTS();
		if (regdocs_row_read(source->reader, page, object, values, nulls))
			return true;
	}
	clear_request(source);
	return false;
}

void
regdocs_source_raise_protocol(const RegdocsSource *source,
							  const char *failure)
{
	regdocs_lists_raise_protocol(source->lists, failure);
}

/*
 * Look for the next object that is wanted, as far as the lists have come: it
 * may be pages away.
 */
static void
find_ahead(RegdocsSource *source)
{
	RegdocsPage *page;
	int			object;

	while (source->found_page == NULL &&
		   regdocs_lists_ready(source->lists) &&
		   regdocs_lists_next(source->lists, &page, &object))
	{
		if (is_wanted(source, page, object))
		{
			source->found_page = page;
			source->found_object = object;
		}
		else
			regdocs_lists_advance(source->lists);
	}
}

void
regdocs_source_advance(RegdocsSource *source)
{
	if (source->state == STATE_PENDING)
		begin_keys(source);
	if (source->state == STATE_WALKED && source->next_place == source->nplaces)
		begin_rest(source);
	/* What was found ahead lies in the page that would be turned. */
	if (source->state == STATE_LISTED && source->found_page == NULL)
		regdocs_lists_advance(source->lists);
	if (source->state == STATE_LISTED && source->wanted != NULL)
		find_ahead(source);
	if (source->state == STATE_FETCHED)
		regdocs_fetcher_advance(source->fetcher);
}

bool
regdocs_source_ready(const RegdocsSource *source)
{
	switch (source->state)
	{
		case STATE_LISTED:
			return source->found_page != NULL ||
				regdocs_lists_ready(source->lists);
		case STATE_FETCHED:
			return regdocs_fetcher_ready(source->fetcher);
		case STATE_WALKED:
			return source->next_place < source->nplaces;
		default:
			return source->state == STATE_ENDED;
	}
}

void
regdocs_source_add_wait(RegdocsSource *source, instr_time since)
{
	instr_time	now;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_ACCUM_DIFF(source->usage.waited, now, since);
}

RegdocsUsage
regdocs_source_usage(const RegdocsSource *source)
{
	RegdocsUsage usage = source->usage;

	regdocs_lists_count_pending(source->lists, &usage);
	regdocs_walk_count_pending(source->walk, &usage);
	regdocs_fetcher_count_pending(source->fetcher, &usage);
	return usage;
}

void
regdocs_source_end(RegdocsSource *source)
{
	clear_request(source);
	regdocs_walk_end(source->walk);
	source->walk = NULL;
}
