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

#include "src/fdw/fetcher.h"
#include "src/fdw/pager.h"
#include "src/fdw/source.h"
#include "src/fdw/walk.h"

struct RegdocsSource
{
	RegdocsConnection *connection;
	const RdapiResource *resource;
	const RegdocsScanPlan *plan;
	RegdocsRowReader *reader;
	RegdocsUsage usage;

	/* What was asked for last; all NULL at its end */
	MemoryContext context;		/* reset for each request */
	const RegdocsKeys *pending_keys;	/* not decided yet how */
	RegdocsPager *pager;
	const RegdocsKeys *listed_keys; /* wanted of the list; NULL: all */
	uint64		pages_before_list;	/* usage.pages, where it is for keys */
	RegdocsPage *found_page;	/* with what was found ahead; NULL: nothing */
	int			found_document;
	RegdocsFetcher *fetcher;
	int64	   *places;			/* of what the walk has met */
	int			nplaces;
	int			next_place;

	/* The list, as far as it was walked in the place of fetches */
	RegdocsWalk *walk;			/* NULL: not begun */
	double		fetches;		/* so far, one after the other, and pages of
								 * lists in their place */
	double		walk_after;		/* fetches */
	MemoryContext walk_context;
	MemoryContext document_context; /* reset for each that it has met */
};

RegdocsSource *
regdocs_source_new(RegdocsConnection *connection,
				   const RdapiResource *resource, const RegdocsScanPlan *plan,
				   RegdocsRowReader *reader)
{
	RegdocsSource *source = palloc0(sizeof(RegdocsSource));

	source->connection = connection;
	source->resource = resource;
	source->plan = plan;
	source->reader = reader;
	source->walk_after = plan->walk_after;
	source->context = AllocSetContextCreate(CurrentMemoryContext,
											"regdocs_fdw source",
											ALLOCSET_SMALL_SIZES);
	source->walk_context = AllocSetContextCreate(CurrentMemoryContext,
												 "regdocs_fdw walked list",
												 ALLOCSET_SMALL_SIZES);
	source->document_context =
		AllocSetContextCreate(CurrentMemoryContext,
							  "regdocs_fdw walked document",
							  ALLOCSET_DEFAULT_SIZES);
	return source;
}

/* Forget what was asked for last, but not what it took. */
static void
clear_request(RegdocsSource *source)
{
	if (source->listed_keys != NULL)
		source->fetches += source->usage.pages - source->pages_before_list;
	regdocs_pager_count_pending(source->pager, &source->usage);
	regdocs_fetcher_count_pending(source->fetcher, &source->usage);
	source->pending_keys = NULL;
	source->pager = NULL;
	source->listed_keys = NULL;
	source->found_page = NULL;
	source->fetcher = NULL;
	source->nplaces = 0;
	source->next_place = 0;
	MemoryContextReset(source->context);
}

static RegdocsPager *
begin_pager(RegdocsSource *source, int page_size, double bound)
{
	MemoryContext old_context = MemoryContextSwitchTo(source->context);
	RegdocsPager *pager;

	pager = regdocs_pager_begin(source->connection, source->resource,
								regdocs_row_fields(source->reader),
								page_size, bound, &source->usage);
	MemoryContextSwitchTo(old_context);
	return pager;
}

void
regdocs_source_list(RegdocsSource *source, double bound)
{
	int			page_size = source->plan->page_size;

	clear_request(source);
	if (bound >= 0 && bound < page_size)
		page_size = Max((int) bound, 1);
	source->pager = begin_pager(source, page_size, bound);
}

void
regdocs_source_fetch(RegdocsSource *source, const RegdocsKeys *keys)
{
	clear_request(source);
	if (keys->nsids > 0)
		source->pending_keys = keys;
}

/* Requests that wait for one another when so many sids are fetched. */
static double
fetch_rounds(const RegdocsSource *source, int nsids)
{
	return ceil((double) nsids /
				regdocs_connection_concurrency(source->connection));
}

/* The list was walked to its end: the planner may want to know its length. */
static void
note_documents(RegdocsSource *source, const RegdocsPager *pager)
{
	regdocs_connection_note_documents(source->connection, source->resource,
									  regdocs_pager_documents(pager));
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

		source->walk = regdocs_walk_new(source->connection, source->resource,
										source->plan->page_size,
										&source->usage);
		MemoryContextSwitchTo(old_context);
	}
	regdocs_walk_on(source->walk, source->fetches);
	length = regdocs_walk_length(source->walk);
	source->walk_after = source->fetches +
		(length > 0 ? length : source->fetches);
}

/*
 * Which of the keys the walk has met is answered from there.  Returns those
 * that are left.
 */
static RegdocsKeys *
take_walked(RegdocsSource *source, const RegdocsKeys *keys)
{
	RegdocsKeys *rest = palloc(sizeof(RegdocsKeys));
	int			i;

	rest->sids = palloc(sizeof(char *) * keys->nsids);
	rest->nsids = 0;
	source->places = palloc(sizeof(int64) * keys->nsids);
	for (i = 0; i < keys->nsids; i++)
	{
		int64		place = source->walk == NULL ? -1 :
		regdocs_walk_find(source->walk, keys->sids[i]);

		if (place >= 0)
			source->places[source->nplaces++] = place;
		else
			rest->sids[rest->nsids++] = keys->sids[i];
	}
	if (walk_is_whole(source))
		rest->nsids = 0;
	return rest;
}

/* Decide how the keys are answered. */
static void
begin_keys(RegdocsSource *source)
{
	const RegdocsKeys *keys = source->pending_keys;
	MemoryContext old_context;
	double		rounds;

	source->pending_keys = NULL;
	if (!walk_is_whole(source) && source->fetches >= source->walk_after)
		walk_on(source);

	old_context = MemoryContextSwitchTo(source->context);
	keys = take_walked(source, keys);
	rounds = fetch_rounds(source, keys->nsids);
	if (rounds > source->plan->list_requests)
	{
		source->listed_keys = keys;
		source->pages_before_list = source->usage.pages;
		source->pager = begin_pager(source, source->plan->page_size,
									REGDOCS_PAGER_ALL);
	}
	else if (keys->nsids > 0)
	{
		source->fetches += rounds;
		source->fetcher =
			regdocs_fetcher_begin(source->connection, source->resource,
								  regdocs_row_fields(source->reader),
								  keys->sids, keys->nsids, &source->usage);
	}
	MemoryContextSwitchTo(old_context);
}

/* Read the next document that the walk has met. */
static RegdocsPage *
read_walked(RegdocsSource *source)
{
	MemoryContext old_context;
	RegdocsPage *page;
	char	   *failure;
	char	   *text;
	int			length;

	MemoryContextReset(source->document_context);
	old_context = MemoryContextSwitchTo(source->document_context);
	text = regdocs_walk_read(source->walk,
							 source->places[source->next_place++], &length);
	page = regdocs_page_parse_document(source->resource, text, length,
									   regdocs_row_fields(source->reader),
									   &failure);
	if (page == NULL)
		elog(ERROR, "a document that was kept cannot be read: %s", failure);
	MemoryContextSwitchTo(old_context);
	return page;
}

static int
compare_sid(const void *sid, const void *key)
{
	return memcmp(sid, *(char *const *) key, RDAPI_SID_BYTES);
}

/*
 * Is the document of the list one of those that are asked for?  The executor
 * checks that as well, but by comparing it with one key after the other.
 */
static bool
is_wanted(const RegdocsSource *source, RegdocsPage *page, int document)
{
	const RegdocsKeys *keys = source->listed_keys;
	const char *sid;

	if (keys == NULL)
		return true;
	sid = regdocs_page_sid(page, document);
	return sid != NULL &&
		bsearch(sid, keys->sids, keys->nsids, sizeof(char *),
				compare_sid) != NULL;
}

static bool
next_document(RegdocsSource *source, RegdocsPage **page, int *document)
{
	if (source->next_place < source->nplaces)
	{
		*page = read_walked(source);
		*document = 0;
		return true;
	}
	if (source->pager == NULL)
		return source->fetcher != NULL &&
			regdocs_fetcher_next(source->fetcher, page, document);

	if (source->found_page != NULL)
	{
		*page = source->found_page;
		*document = source->found_document;
		source->found_page = NULL;
		return true;
	}
	while (regdocs_pager_next(source->pager, page, document))
	{
		if (is_wanted(source, *page, *document))
			return true;
	}
	note_documents(source, source->pager);
	return false;
}

bool
regdocs_source_next(RegdocsSource *source, Datum *values, bool *nulls)
{
	RegdocsPage *page;
	int			document;

	if (source->pending_keys != NULL)
		begin_keys(source);
	while (next_document(source, &page, &document))
	{
		CHECK_FOR_INTERRUPTS();
		if (regdocs_row_read(source->reader, page, document, values, nulls))
			return true;
	}
	clear_request(source);
	return false;
}

/*
 * Look for the next document that is wanted, as far as the list has come: it
 * may be pages away.
 */
static void
find_ahead(RegdocsSource *source)
{
	RegdocsPage *page;
	int			document;

	while (source->found_page == NULL &&
		   regdocs_pager_ready(source->pager) &&
		   regdocs_pager_next(source->pager, &page, &document))
	{
		if (is_wanted(source, page, document))
		{
			source->found_page = page;
			source->found_document = document;
		}
		else
			regdocs_pager_advance(source->pager);
	}
}

void
regdocs_source_advance(RegdocsSource *source)
{
	if (source->pending_keys != NULL)
		begin_keys(source);
	if (source->pager != NULL)
		regdocs_pager_advance(source->pager);
	if (source->listed_keys != NULL)
		find_ahead(source);
	if (source->fetcher != NULL)
		regdocs_fetcher_advance(source->fetcher);
}

bool
regdocs_source_ready(const RegdocsSource *source)
{
	if (source->next_place < source->nplaces)
		return true;
	if (source->pager != NULL)
		return source->found_page != NULL ||
			regdocs_pager_ready(source->pager);
	if (source->fetcher != NULL)
		return regdocs_fetcher_ready(source->fetcher);
	return source->pending_keys == NULL;
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

	regdocs_pager_count_pending(source->pager, &usage);
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
