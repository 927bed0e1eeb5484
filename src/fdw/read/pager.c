/*-------------------------------------------------------------------------
 *
 * pager.c
 *	  Walking the list, page by page, with the next one on its way.
 *
 * At any time there is at most the page whose objects are being handed out
 * and the one that is being received, whatever the length of the list.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "src/fdw/base/progress.h"
#include "src/fdw/base/report.h"
#include "src/fdw/read/pager.h"
#include "src/fdw/row/link.h"
#include "src/fdw/row/seen.h"

/*
 * While a page is handed out, the next one is received in small steps, one
 * every so many objects, or it would wait in the socket's buffer once that
 * is full.
 */
#define OBJECTS_PER_DRIVE 64

struct RegdocsPager
{
	/* What is walked, and how */
	const RegdocsReading *reading;
	RdapiTarget target;
	char		parent_sid[RDAPI_SID_BYTES + 1];	/* the target's */
	int			page_size;
	double		bound;			/* objects that will be asked for */
	RdapiRequest *first_request;	/* NULL: it was sent */

	/* The page that is handed out */
	MemoryContext page_context; /* reset for each page */
	RdapiCall  *call;			/* owns the page's text; NULL: none yet */
	RegdocsPage *page;			/* kept for all; has no objects before */
	int			position;		/* the next object in it */
	double		handed_out;		/* objects, of all pages, as they came */

	/* The one after it */
	RdapiRequest *next_request; /* not sent yet; NULL: sent, or there is none */
	RdapiCall  *next_call;		/* on its way */
	char	   *guessed_url;	/* next_call's, a guess; NULL: it is none */
	int			next_most;		/* objects that it may have */

	RdapiCall  *spent;			/* of the page before, whose memory is for the
								 * next request; or NULL */

	bool		may_expire;
	bool		expired;		/* see regdocs_pager_has_expired() */
	bool		vanished;		/* the parent is gone, and so the list is */
	RegdocsSeen *seen;
	uint64		pages;
	double		objects;		/* handed out, without repetitions */

	MemoryContext context;		/* everything here, this struct too */
	MemoryContextCallback cleanup;
};

static RdapiClient *
client_of(const RegdocsPager *pager)
{
	return regdocs_connection_client(pager->reading->connection);
}

/* The client's memory is malloc's: it goes when the context does. */
static void
release_pager(void *arg)
{
	RegdocsPager *pager = arg;

	rdapi_call_free(pager->call);
	rdapi_call_free(pager->next_call);
	rdapi_call_free(pager->spent);
	rdapi_request_free(pager->first_request);
	rdapi_request_free(pager->next_request);
}

RegdocsPager *
regdocs_pager_begin(const RegdocsReading *reading, const RdapiTarget *target,
					const RdapiQuery *query, double bound)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "regdocs_fdw pager",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old_context = MemoryContextSwitchTo(context);
	RegdocsPager *pager = palloc0(sizeof(RegdocsPager));
	RdapiError	error;

	pager->context = context;
	pager->reading = reading;
	pager->target.resource = target->resource;
	if (target->parent_sid != NULL)
	{
		strlcpy(pager->parent_sid, target->parent_sid,
				sizeof(pager->parent_sid));
		pager->target.parent_sid = pager->parent_sid;
	}
	pager->page_size = query->page_size;
	pager->bound = bound;
	pager->page_context = AllocSetContextCreate(context,
												"regdocs_fdw page",
												ALLOCSET_DEFAULT_SIZES);
	pager->page = regdocs_page_new(target->resource);
	pager->page->parent_sid = pager->target.parent_sid;
	pager->seen = regdocs_seen_new();
	pager->cleanup.func = release_pager;
	pager->cleanup.arg = pager;
	MemoryContextRegisterResetCallback(context, &pager->cleanup);
	MemoryContextSwitchTo(old_context);

	rdapi_error_clear(&error);
	pager->first_request = rdapi_request_list(&pager->target, query, &error);
	if (pager->first_request == NULL)
		regdocs_report(ERROR, &error, NULL);
	return pager;
}

void
regdocs_pager_raise_protocol(const RegdocsPager *pager, const char *failure)
{
	regdocs_connection_raise_protocol(pager->reading->connection, pager->call,
									  failure);
}

/* A page has come; parents are pages, but not what is read. */
static void
count_page(const RegdocsPager *pager)
{
	const RegdocsReading *reading = pager->reading;

	reading->usage->pages++;
	if (pager->target.resource == reading->resource)
		reading->usage->objects += pager->page->nobjects;
	regdocs_progress_tell_read(regdocs_connection_server(reading->connection),
							   reading->usage->pages, reading->usage->objects,
							   reading->resource->plural);
}

/* Let go of the memory for the next request. */
static void
drop_spent(RegdocsPager *pager)
{
	rdapi_call_free(pager->spent);
	pager->spent = NULL;
}

static void
send_next_request(RegdocsPager *pager)
{
	RdapiRequest *request = pager->next_request;

	pager->next_request = NULL;
	pager->next_call = regdocs_connection_submit(pager->reading->connection,
												 request,
												 NULL);
	if (pager->spent != NULL)
		rdapi_call_reuse_body(pager->next_call, pager->spent);
	drop_spent(pager);
	rdapi_client_drive(client_of(pager));
}

/*
 * Ask for the next page before this one is parsed, which takes as long as
 * some servers need for a page.  The link is found as text, and what was
 * asked for is given up if parsing finds another one.  A reader may want no
 * more than the first page, or have a bound within this one.
 */
static void
guess_next_request(RegdocsPager *pager, const char *text, size_t length)
{
	RdapiError	error;
	RdapiRequest *request;
	const char *link;
	size_t		link_length;

	if (pager->pages == 0 ||
		(pager->bound >= 0 &&
		 pager->handed_out + pager->page_size >= pager->bound))
		return;
	link = regdocs_link_guess(text, length, &link_length);
	if (link == NULL)
		return;
	rdapi_error_clear(&error);
	request = rdapi_request_next(&pager->target, link, link_length, &error);
	if (request == NULL)
		return;
	pager->next_request = request;

	/* Of a page that was read already, parsing will find out. */
	if (regdocs_seen_knows_page(pager->seen,
								rdapi_request_page_identity(request)))
	{
		rdapi_request_free(request);
		pager->next_request = NULL;
		return;
	}
	pager->guessed_url = pnstrdup(link, link_length);
	send_next_request(pager);
}

/* Was the page that is on its way the right one to ask for? */
static bool
guess_holds(RegdocsPager *pager, const char *url)
{
	bool		holds = pager->guessed_url != NULL && url != NULL &&
	strcmp(pager->guessed_url, url) == 0;

	if (pager->guessed_url != NULL && !holds)
	{
		regdocs_connection_count(pager->next_call, pager->reading->usage);
		rdapi_call_free(pager->next_call);
		pager->next_call = NULL;
	}
	pager->guessed_url = NULL;
	return holds;
}

/* Make the request for the page after this one, if there is any. */
static void
prepare_next_request(RegdocsPager *pager)
{
	RdapiError	error;
	char	   *failure;
	char	   *url = regdocs_link_read(pager->page, &failure);

	if (failure != NULL)
		regdocs_pager_raise_protocol(pager, failure);
	if (url == NULL)
	{
		(void) guess_holds(pager, NULL);
		return;
	}
	pager->next_most = regdocs_link_objects(url);
	rdapi_error_clear(&error);
	pager->next_request = rdapi_request_next(&pager->target, url,
											 strlen(url), &error);
	if (pager->next_request == NULL)
		regdocs_pager_raise_protocol(pager,
									 psprintf("Its \"next_page_url\" cannot be used: %s.",
											  error.message));
	if (!regdocs_seen_page(pager->seen,
						   rdapi_request_page_identity(pager->next_request)))
		regdocs_pager_raise_protocol(pager,
									 "Its \"next_page_url\" leads to a page that was already read.");
	if (guess_holds(pager, url))
	{
		rdapi_request_free(pager->next_request);
		pager->next_request = NULL;
	}
}

/* Does the answer say that its page can no longer be asked for? */
static bool
is_expired(const RegdocsPager *pager)
{
	const RdapiError *error = rdapi_call_error(pager->call);

	return pager->pages > 0 && error != NULL &&
		error->api_code == REGDOCS_INVALID_PAGE_TOKEN;
}

/*
 * Does the answer say that there is no such parent?  Somebody has deleted it
 * since its sid was read, or it never was: either way it has no children.
 */
static bool
has_vanished(const RegdocsPager *pager)
{
	const RdapiError *error = rdapi_call_error(pager->call);

	return pager->target.parent_sid != NULL && error != NULL &&
		error->kind == RDAPI_ERR_NOT_FOUND;
}

/* Take in the page that is on its way, in the place of the present one. */
static void
turn_page(RegdocsPager *pager)
{
	MemoryContext old_context;
	char	   *failure = NULL;
	char	   *text;
	size_t		length;

	regdocs_connection_await(pager->reading->connection, pager->next_call,
							 pager->reading->usage);
	MemoryContextReset(pager->page_context);
	drop_spent(pager);
	pager->spent = pager->call;
	pager->call = pager->next_call;
	pager->next_call = NULL;
	pager->page->nobjects = 0;
	pager->position = 0;
	pager->expired = pager->may_expire && is_expired(pager);
	pager->vanished = has_vanished(pager);
	if (pager->expired || pager->vanished)
		return;
	regdocs_connection_raise(pager->reading->connection, pager->call);

	old_context = MemoryContextSwitchTo(pager->page_context);
	text = rdapi_call_body(pager->call, &length);
	guess_next_request(pager, text, length);
	if (!regdocs_page_parse_list(pager->page, text, length,
								 pager->reading->fields, pager->next_most,
								 &failure))
		regdocs_pager_raise_protocol(pager, failure);
	prepare_next_request(pager);
	MemoryContextSwitchTo(old_context);
	if (pager->next_request == NULL)
		drop_spent(pager);

	regdocs_seen_turn_page(pager->seen);
	pager->pages++;
	count_page(pager);
}

void
regdocs_pager_send_first(RegdocsPager *pager)
{
	RdapiRequest *request = pager->first_request;

	if (request == NULL)
		return;
	(void) regdocs_seen_page(pager->seen, "");
	pager->next_most = pager->page_size;
	pager->first_request = NULL;
	pager->next_call = regdocs_connection_submit(pager->reading->connection,
												 request, NULL);
}

/*
 * Is it time to ask for the page after this one?  At once, except on the
 * first page, of which many a reader wants only the head: there it is when
 * half of it is used.  A reader that is going to stop within this page never
 * needs another.
 */
static bool
is_time_for_next(const RegdocsPager *pager)
{
	double		rest = pager->page->nobjects - pager->position;

	if (pager->bound >= 0 && pager->handed_out + rest >= pager->bound)
		return false;
	return pager->pages > 1 || pager->position * 2 >= pager->page->nobjects;
}

static void
prefetch(RegdocsPager *pager)
{
	if (pager->next_request != NULL)
	{
		if (is_time_for_next(pager))
			send_next_request(pager);
	}
	else if (pager->next_call != NULL &&
			 pager->position % OBJECTS_PER_DRIVE == 0)
		rdapi_client_drive(client_of(pager));
}

/* An object without a sid cannot be known again. */
static bool
is_new(RegdocsPager *pager, int object)
{
	const char *sid = regdocs_page_sid(pager->page, object);

	return sid == NULL ||
		regdocs_seen_object(pager->seen, sid);
}

bool
regdocs_pager_next(RegdocsPager *pager, RegdocsPage **page, int *object)
{
	if (pager->call == NULL)
	{
		regdocs_pager_send_first(pager);
		turn_page(pager);
	}

	while (!pager->expired && !pager->vanished)
	{
		if (pager->position < pager->page->nobjects)
		{
			prefetch(pager);
			*page = pager->page;
			*object = pager->position++;
			pager->handed_out++;
			if (is_new(pager, *object))
			{
				pager->objects++;
				return true;
			}
			continue;
		}
		if (pager->next_request != NULL)
			send_next_request(pager);
		if (pager->next_call == NULL)
			return false;
		turn_page(pager);
	}
	return false;
}

bool
regdocs_pager_has_object(const RegdocsPager *pager)
{
	return pager->position < pager->page->nobjects;
}

void
regdocs_pager_advance(RegdocsPager *pager)
{
	if (regdocs_pager_has_object(pager))
		return;
	regdocs_pager_send_first(pager);
	if (pager->next_request != NULL)
		send_next_request(pager);
	if (pager->next_call == NULL)
		return;
	rdapi_client_drive(client_of(pager));
	if (rdapi_call_is_done(pager->next_call))
		turn_page(pager);
}

bool
regdocs_pager_is_over(const RegdocsPager *pager)
{
	if (pager->vanished || pager->expired)
		return true;
	return pager->pages > 0 && !regdocs_pager_has_object(pager) &&
		pager->next_request == NULL && pager->next_call == NULL;
}

bool
regdocs_pager_ready(const RegdocsPager *pager)
{
	if (regdocs_pager_has_object(pager))
		return true;
	if (pager->next_call != NULL)
		return rdapi_call_is_done(pager->next_call);
	return pager->call != NULL && pager->next_request == NULL;
}

void
regdocs_pager_count_pending(const RegdocsPager *pager, RegdocsUsage *usage)
{
	if (pager != NULL)
		regdocs_connection_count(pager->next_call, usage);
}

void
regdocs_pager_may_expire(RegdocsPager *pager)
{
	pager->may_expire = true;
}

bool
regdocs_pager_has_expired(const RegdocsPager *pager)
{
	return pager->expired;
}

double
regdocs_pager_objects(const RegdocsPager *pager)
{
	return pager->objects;
}
