/*-------------------------------------------------------------------------
 *
 * source.c
 *	  Where the rows of a scan come from: the list, fetches, or both.
 *
 * A scan that is repeated with ever new keys fetches them one after the
 * other, which is right for a few and a disaster for thousands.  The planner
 * may not have known.  So a source counts, and once its fetches have cost
 * what walking the list was thought to cost, it walks: as many pages as it
 * has made fetches, into a spool, from which keys are answered from there
 * on.  Where the list is longer than that, it goes on fetching what the
 * spool does not have, and walks on when its fetches have doubled.  So it
 * never sends much more than twice of what the better way would have been.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "utils/memutils.h"

#include "src/fdw/compat.h"
#include "src/fdw/fetcher.h"
#include "src/fdw/pager.h"
#include "src/fdw/source.h"
#include "src/fdw/spool.h"

struct RegdocsSource
{
	RegdocsConnection *connection;
	const RdapiResource *resource;
	const RegdocsScanPlan *plan;
	RegdocsRowReader *reader;
	TupleDesc	desc;
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
	const RegdocsKeys *spooled_keys;	/* answered from the spool */
	int			next_key;		/* of those */

	/* The list, as far as it was walked in the place of fetches */
	MemoryContext walk_context;
	double		fetches;		/* so far, one after the other, and pages of
								 * lists in their place */
	double		walk_after;		/* fetches */
	double		walked_pages;
	Datum	   *values;			/* a row on its way to the spool */
	bool	   *nulls;
	RegdocsPager *walk;			/* NULL: not begun, or at its end */
	RegdocsSpool *spool;		/* NULL: not begun */
	bool		walked_all;
};

RegdocsSource *
regdocs_source_new(RegdocsConnection *connection,
				   const RdapiResource *resource, const RegdocsScanPlan *plan,
				   RegdocsRowReader *reader, TupleDesc desc)
{
	RegdocsSource *source = palloc0(sizeof(RegdocsSource));

	source->connection = connection;
	source->resource = resource;
	source->plan = plan;
	source->reader = reader;
	source->desc = desc;
	source->walk_after = plan->walk_after;
	source->values = palloc(sizeof(Datum) * Max(desc->natts, 1));
	source->nulls = palloc(sizeof(bool) * Max(desc->natts, 1));
	source->context = AllocSetContextCreate(CurrentMemoryContext,
											"regdocs_fdw source",
											ALLOCSET_SMALL_SIZES);
	source->walk_context = AllocSetContextCreate(CurrentMemoryContext,
												 "regdocs_fdw walk",
												 ALLOCSET_SMALL_SIZES);
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
	source->spooled_keys = NULL;
	MemoryContextReset(source->context);
}

static RegdocsPager *
begin_pager(RegdocsSource *source, MemoryContext context, int page_size,
			double bound)
{
	MemoryContext old_context = MemoryContextSwitchTo(context);
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
	source->pager = begin_pager(source, source->context, page_size, bound);
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

static void
spool_row(RegdocsSource *source, RegdocsPage *page, int document)
{
	const char *sid = regdocs_page_sid(page, document);

	/* What has no sid is not found by any key. */
	if (sid == NULL ||
		!regdocs_row_read(source->reader, page, document, source->values,
						  source->nulls))
		return;
	regdocs_spool_add(source->spool, sid,
					  regdocs_form_minimal_tuple(source->desc,
												 source->values,
												 source->nulls));
}

/* The list was walked to its end: the planner may want to know its length. */
static void
note_documents(RegdocsSource *source, const RegdocsPager *pager)
{
	regdocs_connection_note_documents(source->connection, source->resource,
									  regdocs_pager_documents(pager));
}

static void
begin_walk(RegdocsSource *source)
{
	MemoryContext old_context = MemoryContextSwitchTo(source->walk_context);

	source->spool = regdocs_spool_new();
	MemoryContextSwitchTo(old_context);
	source->walk = begin_pager(source, source->walk_context,
							   source->plan->page_size, REGDOCS_PAGER_ALL);
}

/* Walk on, until that has cost as much as the fetches. */
static void
walk_list(RegdocsSource *source)
{
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext,
													  "regdocs_fdw spooled row",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(row_context);
	uint64		pages_before = source->usage.pages;
	double		budget = source->fetches - source->walked_pages;
	bool		more = true;

	if (source->spool == NULL)
		begin_walk(source);
	while (more)
	{
		RegdocsPage *page;
		int			document;

		if (!regdocs_pager_next(source->walk, &page, &document))
		{
			note_documents(source, source->walk);
			source->walk = NULL;
			source->walked_all = true;
			break;
		}
		spool_row(source, page, document);
		MemoryContextReset(row_context);

		/* That the last page was the last one shows at no cost. */
		more = document < page->ndocuments - 1 ||
			page->next_url.length == 0 ||
			source->usage.pages - pages_before < budget;
	}
	regdocs_spool_index(source->spool);
	source->walked_pages += source->usage.pages - pages_before;
	source->walk_after = source->fetches * 2;
	MemoryContextSwitchTo(old_context);
	MemoryContextDelete(row_context);
}

static bool
spool_has_all(RegdocsSource *source, const RegdocsKeys *keys)
{
	int			i;

	if (source->walked_all)
		return true;
	if (source->spool == NULL)
		return false;
	for (i = 0; i < keys->nsids; i++)
	{
		MinimalTuple row = regdocs_spool_find(source->spool, keys->sids[i]);

		if (row == NULL)
			return false;
		pfree(row);
	}
	return true;
}

/* Decide how the keys are answered. */
static void
begin_keys(RegdocsSource *source)
{
	const RegdocsKeys *keys = source->pending_keys;
	double		rounds = fetch_rounds(source, keys->nsids);
	MemoryContext old_context;

	source->pending_keys = NULL;
	if (!source->walked_all && source->fetches >= source->walk_after)
		walk_list(source);

	if (spool_has_all(source, keys))
	{
		source->spooled_keys = keys;
		source->next_key = 0;
		return;
	}
	if (rounds > source->plan->list_requests)
	{
		source->listed_keys = keys;
		source->pages_before_list = source->usage.pages;
		source->pager = begin_pager(source, source->context,
									source->plan->page_size,
									REGDOCS_PAGER_ALL);
		return;
	}
	source->fetches += rounds;
	old_context = MemoryContextSwitchTo(source->context);
	source->fetcher =
		regdocs_fetcher_begin(source->connection, source->resource,
							  regdocs_row_fields(source->reader),
							  keys->sids, keys->nsids, &source->usage);
	MemoryContextSwitchTo(old_context);
}

static bool
next_spooled(RegdocsSource *source, Datum *values, bool *nulls)
{
	while (source->next_key < source->spooled_keys->nsids)
	{
		HeapTupleData tuple;
		MinimalTuple row =
		regdocs_spool_find(source->spool,
						   source->spooled_keys->sids[source->next_key++]);

		if (row == NULL)
			continue;
		tuple.t_len = row->t_len + MINIMAL_TUPLE_OFFSET;
		tuple.t_data = (HeapTupleHeader) ((char *) row - MINIMAL_TUPLE_OFFSET);
		heap_deform_tuple(&tuple, source->desc, values, nulls);
		return true;
	}
	return false;
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
	const RegdocsSlice *slice;
	const char *sid;
	int			length;

	if (keys == NULL)
		return true;
	slice = regdocs_page_field(page, document, source->resource->sid_field);
	sid = regdocs_page_plain_string(page, slice, &length);
	return sid != NULL && length == RDAPI_SID_BYTES &&
		bsearch(sid, keys->sids, keys->nsids, sizeof(char *),
				compare_sid) != NULL;
}

static bool
next_document(RegdocsSource *source, RegdocsPage **page, int *document)
{
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
	if (source->spooled_keys != NULL)
		return next_spooled(source, values, nulls);
	while (next_document(source, &page, &document))
	{
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
	regdocs_pager_count_pending(source->walk, &usage);
	regdocs_fetcher_count_pending(source->fetcher, &usage);
	return usage;
}

void
regdocs_source_end(RegdocsSource *source)
{
	clear_request(source);
	regdocs_spool_end(source->spool);
	source->spool = NULL;
}
