/*-------------------------------------------------------------------------
 *
 * fetcher.c
 *	  Fetching objects by their sids, several at a time.
 *
 * A ring of calls is kept under way, twice as many as the client sends at
 * once: so it is never idle while the answer at the head is being used or,
 * being a slow one, waited for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "src/fdw/base/progress.h"
#include "src/fdw/read/fetcher.h"

struct RegdocsFetcher
{
	/* What is fetched, and how */
	const RegdocsReading *reading;
	RdapiTarget target;
	const RdapiQuery *query;
	char	  **sids;
	int			nsids;

	/* Calls under way: those of sids[first_pending] to sids[next_sid - 1] */
	RdapiCall **ring;
	int			ring_size;
	int			first_pending;
	int			next_sid;

	/* The answer that was handed out last */
	MemoryContext page_context; /* reset for each answer */
	RdapiCall  *call;			/* owns its text */

	MemoryContext context;		/* everything here, this struct too */
	MemoryContextCallback cleanup;
};

static RdapiCall **
ring_slot(const RegdocsFetcher *fetcher, int sid)
{
	return &fetcher->ring[sid % fetcher->ring_size];
}

static RdapiClient *
client_of(const RegdocsFetcher *fetcher)
{
	return regdocs_connection_client(fetcher->reading->connection);
}

/* The client's memory is malloc's: it goes when the context does. */
static void
release_fetcher(void *arg)
{
	RegdocsFetcher *fetcher = arg;
	int			i;

	rdapi_call_free(fetcher->call);
	for (i = 0; i < fetcher->ring_size; i++)
		rdapi_call_free(fetcher->ring[i]);
}

RegdocsFetcher *
regdocs_fetcher_begin(const RegdocsReading *reading,
					  const RdapiTarget *target, const RdapiQuery *query,
					  char **sids, int nsids)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "regdocs_fdw fetcher",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(context);
	RegdocsFetcher *fetcher = palloc0(sizeof(RegdocsFetcher));

	fetcher->context = context;
	fetcher->reading = reading;
	fetcher->target = *target;
	fetcher->query = query;
	fetcher->sids = sids;
	fetcher->nsids = nsids;
	fetcher->ring_size =
		2 * regdocs_connection_concurrency(reading->connection);
	fetcher->ring_size = Max(Min(nsids, fetcher->ring_size), 1);
	fetcher->ring = palloc0(sizeof(RdapiCall *) * fetcher->ring_size);
	fetcher->page_context = AllocSetContextCreate(context,
												  "regdocs_fdw object",
												  ALLOCSET_SMALL_SIZES);
	fetcher->cleanup.func = release_fetcher;
	fetcher->cleanup.arg = fetcher;
	MemoryContextRegisterResetCallback(context, &fetcher->cleanup);
	MemoryContextSwitchTo(old_context);
	return fetcher;
}

static void
fill_ring(RegdocsFetcher *fetcher)
{
	bool		submitted = false;

	while (fetcher->next_sid < fetcher->nsids &&
		   fetcher->next_sid - fetcher->first_pending < fetcher->ring_size)
	{
		RdapiError	error;
		RdapiRequest *request;

		rdapi_error_clear(&error);
		request = rdapi_request_fetch(&fetcher->target,
									  fetcher->sids[fetcher->next_sid],
									  fetcher->query, &error);
		*ring_slot(fetcher, fetcher->next_sid) =
			regdocs_connection_submit(fetcher->reading->connection, request,
									  &error);
		fetcher->next_sid++;
		submitted = true;
	}
	if (submitted)
		rdapi_client_drive(client_of(fetcher));
}

static void
pg_attribute_noreturn()
raise_protocol_error(const RegdocsFetcher *fetcher, const char *failure)
{
	regdocs_connection_raise_protocol(fetcher->reading->connection,
									  fetcher->call,
									  failure);
}

static RegdocsPage *
parse_answer(RegdocsFetcher *fetcher)
{
	MemoryContext old_context = MemoryContextSwitchTo(fetcher->page_context);
	char	   *failure = NULL;
	RegdocsPage *page;
	char	   *text;
	size_t		length;

	text = rdapi_call_body(fetcher->call, &length);
	page = regdocs_page_parse_object(fetcher->target.resource, text, length,
									 fetcher->reading->fields, &failure);
	if (page == NULL)
		raise_protocol_error(fetcher, failure);
	page->parent_sid = fetcher->target.parent_sid;
	MemoryContextSwitchTo(old_context);
	return page;
}

/*
 * Is it the object that was asked for?  One whose sid differs in case
 * alone is another one to SQL, and as good as none; what differs more is no
 * answer to this request.
 */
static bool
is_wanted(RegdocsFetcher *fetcher, RegdocsPage *page, const char *wanted)
{
	const char *sid = regdocs_page_sid(page, 0);

	if (sid == NULL ||
		pg_strncasecmp(sid, wanted, RDAPI_SID_BYTES) != 0)
		raise_protocol_error(fetcher,
							 psprintf("The %s in it is not the one that was asked for.",
									  page->resource->noun));
	return memcmp(sid, wanted, RDAPI_SID_BYTES) == 0;
}

/* Wait for the call at the head; false: there is no such object. */
static bool
take_answer(RegdocsFetcher *fetcher)
{
	RdapiCall **head = ring_slot(fetcher, fetcher->first_pending);
	const RdapiError *error;

	regdocs_connection_await(fetcher->reading->connection, *head,
							 fetcher->reading->usage);
	MemoryContextReset(fetcher->page_context);
	rdapi_call_free(fetcher->call);
	fetcher->call = *head;
	*head = NULL;
	fetcher->first_pending++;

	error = rdapi_call_error(fetcher->call);
	if (error != NULL && error->kind == RDAPI_ERR_NOT_FOUND)
		return false;
	regdocs_connection_raise(fetcher->reading->connection, fetcher->call);
	return true;
}

static void
count_object(const RegdocsFetcher *fetcher)
{
	const RegdocsReading *reading = fetcher->reading;

	reading->usage->objects++;
	regdocs_progress_tell_read(regdocs_connection_server(reading->connection),
							   reading->usage->pages, reading->usage->objects,
							   reading->resource->plural);
}

bool
regdocs_fetcher_next(RegdocsFetcher *fetcher, RegdocsPage **page,
					 int *object)
{
	for (;;)
	{
		const char *wanted;

		fill_ring(fetcher);
		if (fetcher->first_pending == fetcher->nsids)
			return false;
		wanted = fetcher->sids[fetcher->first_pending];
		if (!take_answer(fetcher))
			continue;
		*page = parse_answer(fetcher);
		*object = 0;
		count_object(fetcher);
		if (is_wanted(fetcher, *page, wanted))
			return true;
	}
}

void
regdocs_fetcher_advance(RegdocsFetcher *fetcher)
{
	fill_ring(fetcher);
	rdapi_client_drive(client_of(fetcher));
}

bool
regdocs_fetcher_ready(const RegdocsFetcher *fetcher)
{
	if (fetcher->first_pending == fetcher->nsids)
		return true;
	return fetcher->first_pending < fetcher->next_sid &&
		rdapi_call_is_done(*ring_slot(fetcher, fetcher->first_pending));
}

void
regdocs_fetcher_count_pending(const RegdocsFetcher *fetcher,
							  RegdocsUsage *usage)
{
	int			i;

	if (fetcher == NULL)
		return;
	for (i = 0; i < fetcher->ring_size; i++)
		regdocs_connection_count(fetcher->ring[i], usage);
}
