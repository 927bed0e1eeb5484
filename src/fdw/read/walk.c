/*-------------------------------------------------------------------------
 *
 * walk.c
 *	  The list, walked in the place of fetches and kept on disk.
 *
 * Kept is the text of each object, as it came: most of them nobody will ask
 * for, and what nobody asks for must neither cost a conversion nor fail in
 * one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "src/fdw/read/pager.h"
#include "src/fdw/read/spool.h"
#include "src/fdw/read/walk.h"

struct RegdocsWalk
{
	RegdocsReading reading;
	const RdapiQuery *query;
	RegdocsSpool *spool;

	/* The present pass over the list */
	RegdocsPager *pager;		/* NULL: it has not begun */
	double		pages;
	bool		paused;

	double		length;			/* pages; see regdocs_walk_length() */
	bool		whole;
	MemoryContext pass_context; /* reset for each pass */
};

RegdocsWalk *
regdocs_walk_new(const RegdocsReading *reading, const RdapiQuery *query)
{
	RegdocsWalk *walk = palloc0(sizeof(RegdocsWalk));

	walk->reading = *reading;
	walk->reading.fields = 0;
	walk->query = query;
	walk->spool = regdocs_spool_new();
	walk->pass_context = AllocSetContextCreate(CurrentMemoryContext,
											   "regdocs_fdw walk",
											   ALLOCSET_SMALL_SIZES);
	return walk;
}

/* Only the sid is needed: the rest is read out of the text that is kept. */
static void
begin_pass(RegdocsWalk *walk)
{
	MemoryContext old_context = MemoryContextSwitchTo(walk->pass_context);
	RdapiTarget target = {walk->reading.resource, NULL};

	walk->pager = regdocs_pager_begin(&walk->reading, &target, walk->query,
									  REGDOCS_PAGER_ALL);
	regdocs_pager_may_expire(walk->pager);
	walk->pages = 0;
	walk->paused = false;
	MemoryContextSwitchTo(old_context);
}

static void
end_pass(RegdocsWalk *walk)
{
	if (!regdocs_pager_has_expired(walk->pager))
	{
		regdocs_connection_note_objects(walk->reading.connection,
										walk->reading.resource,
										regdocs_pager_objects(walk->pager));
		walk->length = walk->pages;
		walk->whole = !walk->paused;
	}
	walk->pager = NULL;
	MemoryContextReset(walk->pass_context);
}

/* What has no sid is not found by any key. */
static void
keep(RegdocsWalk *walk, const RegdocsPage *page, int object)
{
	const RegdocsSlice *slice = &page->objects[object];
	const char *sid = regdocs_page_sid(page, object);

	if (sid != NULL)
		regdocs_spool_add(walk->spool, sid, page->text + slice->start,
						  slice->length);
}

void
regdocs_walk_on(RegdocsWalk *walk, double pages)
{
	bool		more = true;

	if (walk->pager == NULL)
		begin_pass(walk);
	else
		walk->paused = true;
	while (more)
	{
		uint64		pages_before = walk->reading.usage->pages;
		RegdocsPage *page;
		int			object;

		more = regdocs_pager_next(walk->pager, &page, &object);
		walk->pages += walk->reading.usage->pages - pages_before;
		if (!more)
		{
			end_pass(walk);
			break;
		}
		keep(walk, page, object);

		/* That the last page was the last one shows at no cost. */
		more = object < page->nobjects - 1 ||
			page->next_url.length == 0 || walk->pages < pages;
	}
	regdocs_spool_index(walk->spool);
}

double
regdocs_walk_length(const RegdocsWalk *walk)
{
	return walk->length;
}

bool
regdocs_walk_is_whole(const RegdocsWalk *walk)
{
	return walk->whole;
}

int64
regdocs_walk_find(RegdocsWalk *walk, const char *sid)
{
	return regdocs_spool_find(walk->spool, sid);
}

char *
regdocs_walk_read(RegdocsWalk *walk, int64 place, int *length)
{
	return regdocs_spool_read(walk->spool, place, length);
}

void
regdocs_walk_count_pending(const RegdocsWalk *walk, RegdocsUsage *usage)
{
	if (walk != NULL)
		regdocs_pager_count_pending(walk->pager, usage);
}

void
regdocs_walk_end(RegdocsWalk *walk)
{
	if (walk == NULL)
		return;
	regdocs_spool_end(walk->spool);
	walk->spool = NULL;
}
