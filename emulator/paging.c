/*
 * paging.c
 *		Which rows are on a page, and how does one get to the others?
 */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "failure.h"
#include "json.h"
#include "token.h"

#define EMU_DEFAULT_PAGE_SIZE 50
#define EMU_MAX_PAGE_SIZE 1000

typedef struct EmuPage
{
	int64_t		number;			/* for the client's own use */
	int64_t		size;
	const char *token;			/* NULL: the first page */
	EmuPlace	place;
	EmuView		view;
	EmuShow		show;
	uint64_t	rows;
	EmuBuf		origin;			/* scheme, host, and path of the list */
	EmuBuf		filters;		/* "&Name=value", as they were asked for */
	EmuBuf		next_token;		/* empty: there is no next page */
	EmuBuf		previous_token; /* empty: the previous one is the first */
} EmuPage;

/* Reads and checks the parameters; false: the reply says what is wrong. */
static bool
emu_page_read(const Emu *emu, const EmuRequest *request, EmuReply *reply,
			  EmuPage *page)
{
	bool		valid;

	page->size = EMU_DEFAULT_PAGE_SIZE;
	page->token = emu_params_text(&request->query, "PageToken");
	valid = emu_params_number(&request->query, "PageSize", &page->size);
	if (valid && page->size > EMU_MAX_PAGE_SIZE &&
		emu->options.clamp_page_size)
		page->size = EMU_MAX_PAGE_SIZE;
	if (!valid || page->size < 1 || page->size > EMU_MAX_PAGE_SIZE)
		emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST, 20001,
				 "PageSize must be a number from 1 to %d", EMU_MAX_PAGE_SIZE);
	else if (!emu_params_number(&request->query, "Page", &page->number) ||
			 page->number < 0)
		emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST, 20001,
				 "Page must be a number from 0");
	else if (page->number > 0 && page->token == NULL &&
			 !emu->options.page_without_token)
		emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST, 20001,
				 "Page %lld needs a PageToken", (long long) page->number);
	else
		return true;
	return false;
}

static void
emu_page_origin(const Emu *emu, const EmuRequest *request, EmuPage *page)
{
	const char *host = emu->options.next_url_host;

	if (host == NULL)
		host = MHD_lookup_connection_value(request->connection,
										   MHD_HEADER_KIND,
										   MHD_HTTP_HEADER_HOST);
	emu_buf_printf(&page->origin, "%s://%s%s",
				   emu->options.tls_cert ? "https" : "http",
				   host ? host : "localhost", request->path);
}

/* What the links must say so that the next page is one of the same list. */
static void
emu_page_filters(const EmuRequest *request, EmuPage *page)
{
	const EmuFilter *filter = request->resource->filters;

	emu_buf_put(&page->filters, "");
	for (; filter != NULL && filter->name != NULL; filter++)
	{
		const char *text = emu_params_text(&request->query, filter->name);

		if (text == NULL)
			continue;
		emu_buf_put(&page->filters, "&");
		emu_url_encode(&page->filters, filter->name);
		emu_buf_put(&page->filters, "=");
		emu_url_encode(&page->filters, text);
	}
}

/*
 * Goes to where the page begins. With the doubled fault that is some rows
 * earlier, as when rows were added in front of it meanwhile.
 */
static void
emu_page_seek(const EmuFault *fault, EmuPage *page)
{
	const EmuOrder *order = page->view.order;
	EmuPlace   *place = &page->place;
	uint64_t	rows = 0;

	if (fault->action == EMU_FAULT_DOUBLED)
		rows = (uint64_t) fault->rows;
	if (place->backwards)
		rows = (uint64_t) page->size;
	place->position = emu_order_back(order, place->position, rows);
	place->offset -= rows < place->offset ? rows : place->offset;
}

static void
emu_page_links(const Emu *emu, EmuPage *page, size_t first, size_t last)
{
	const EmuOrder *order = page->view.order;
	uint64_t	size = (uint64_t) page->size;
	uint64_t	offset = page->place.offset;
	size_t		ahead = last + 1;

	if (emu_order_next(order, &ahead) != EMU_GAP ||
		(emu->options.empty_last_page && page->rows == size))
		emu_token_after(emu, &page->view, last, offset + page->rows,
						&page->next_token);
	if (emu_order_back(order, first, size) > 0)
		emu_token_before(emu, &page->view, first,
						 offset > size ? offset - size : 0,
						 &page->previous_token);
}

/* Appends the rows, and makes the tokens of the pages around them. */
static void
emu_page_fill(const Emu *emu, EmuPage *page, EmuBuf *buf)
{
	const EmuOrder *order = page->view.order;
	size_t		position = page->place.position;
	size_t		first = position;
	size_t		last = position;
	uint32_t	index;

	while (page->rows < (uint64_t) page->size &&
		   (index = emu_order_next(order, &position)) != EMU_GAP)
	{
		last = position - 1;
		if (page->rows == 0)
			first = last;
		else
			emu_buf_add(buf, ",", 1);
		emu_store_render(page->view.rows, index, &page->show, buf);
		page->rows++;
	}
	if (page->rows > 0)
		emu_page_links(emu, page, first, last);
}

/* Appends a URL of the list, quoted. */
static void
emu_page_url(const Emu *emu, const EmuPage *page, int64_t number,
			 const char *token, EmuBuf *buf)
{
	bool		varied = emu->options.vary_params && number % 2 != 0;
	EmuBuf		url = {0};

	emu_buf_printf(&url, "%s?", page->origin.data);
	if (token != NULL && varied)
		emu_buf_printf(&url, "PageToken=%s&", token);
	if (varied)
		emu_buf_printf(&url, "Page=%lld&PageSize=%lld%s", (long long) number,
					   (long long) page->size, page->filters.data);
	else
		emu_buf_printf(&url, "%s%sPageSize=%lld&Page=%lld",
					   page->filters.len > 0 ? page->filters.data + 1 : "",
					   page->filters.len > 0 ? "&" : "",
					   (long long) page->size, (long long) number);
	if (token != NULL && !varied)
		emu_buf_printf(&url, "&PageToken=%s", token);
	emu_json_add_text(buf, url.data);
	emu_buf_free(&url);
}

/* The next page's URL, or what a fault makes of it. */
static void
emu_page_next_url(const Emu *emu, EmuPage *page, const EmuFault *fault,
				  EmuBuf *buf)
{
	EmuBuf		origin = page->origin;

	if (page->next_token.len == 0 && fault->action != EMU_FAULT_REPEAT_TOKEN)
	{
		emu_buf_put(buf, "null");
		return;
	}
	if (fault->action == EMU_FAULT_NO_NEXT_QUERY)
	{
		emu_json_add_text(buf, page->origin.data);
		return;
	}
	if (fault->action == EMU_FAULT_REPEAT_TOKEN)
	{
		emu_page_url(emu, page, fault->first ? 0 : page->number,
					 fault->first ? NULL : page->token, buf);
		return;
	}
	if (fault->action == EMU_FAULT_FOREIGN_NEXT)
		page->origin.data = (char *) (fault->location ? fault->location :
									  "https://api.example.com/v9/Other");
	emu_page_url(emu, page, page->number + 1, page->next_token.data, buf);
	page->origin = origin;
}

static void
emu_page_meta(const Emu *emu, EmuPage *page, const EmuFault *fault,
			  EmuBuf *buf)
{
	emu_buf_printf(buf, "\"meta\":{\"page\":%lld,\"page_size\":%lld,"
				   "\"first_page_url\":", (long long) page->number,
				   (long long) page->size);
	emu_page_url(emu, page, 0, NULL, buf);
	emu_buf_put(buf, ",\"previous_page_url\":");
	if (page->token == NULL || page->number == 0)
		emu_buf_put(buf, "null");
	else
		emu_page_url(emu, page,
					 page->previous_token.len > 0 ? page->number - 1 : 0,
					 page->previous_token.data, buf);
	emu_buf_put(buf, ",\"url\":");
	emu_page_url(emu, page, page->number, page->token, buf);
	emu_buf_put(buf, ",\"next_page_url\":");
	emu_page_next_url(emu, page, fault, buf);
	emu_buf_printf(buf, ",\"key\":\"%s\"}", page->show.resource->list_key);
}

static void
emu_page_render(const Emu *emu, EmuPage *page, const EmuFault *fault,
				EmuBuf *buf)
{
	const char *key = page->show.resource->list_key;
	EmuBuf		results = {0};
	EmuBuf		meta = {0};

	/* measured: some 450 bytes a document */
	emu_buf_reserve(buf, (size_t) page->size * 640 + 4096);
	if (!emu->options.meta_first)
	{
		emu_buf_printf(buf, "{\"%s\":[", key);
		emu_page_fill(emu, page, buf);
		emu_buf_put(buf, "],");
		emu_page_meta(emu, page, fault, buf);
		emu_buf_put(buf, "}");
		return;
	}
	emu_page_fill(emu, page, &results);
	emu_page_meta(emu, page, fault, &meta);
	emu_buf_printf(buf, "{%s,\"%s\":[%s]}", meta.data, key,
				   results.data ? results.data : "");
	emu_buf_free(&results);
	emu_buf_free(&meta);
}

/* Answers with the page; the lock is held, and the view is open. */
static void
emu_page_answer(EmuCall *call, EmuPage *page)
{
	const EmuFault *fault = &call->request->fault;

	emu_call_show(call, &page->show);
	if (page->token != NULL &&
		!emu_token_read(call->emu, &page->view, page->token, &page->place))
	{
		emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, 21481,
				 "Invalid PageToken");
		return;
	}
	if (page->token != NULL)
		emu_page_seek(fault, page);
	emu_page_render(call->emu, page, fault, &call->reply->body);
}

void
emu_api_list(EmuCall *call)
{
	EmuPage		page = {0};

	if (!emu_page_read(call->emu, call->request, call->reply, &page))
		return;
	emu_page_origin(call->emu, call->request, &page);
	emu_page_filters(call->request, &page);
	emu_lock_shared(call->emu->world);
	if (emu_call_parent(call) &&
		emu_view_open(call->emu, call->request, call->rows, call->parent,
					  call->reply, &page.view))
	{
		emu_page_answer(call, &page);
		emu_view_close(&page.view);
	}
	emu_unlock(call->emu->world);
	emu_buf_free(&page.origin);
	emu_buf_free(&page.filters);
	emu_buf_free(&page.next_token);
	emu_buf_free(&page.previous_token);
}
