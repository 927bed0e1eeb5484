/*
 * api.c
 *		What does a request mean, and which row is it about?
 */
#include "api.h"

#include <stdio.h>
#include <string.h>

#include "failure.h"

#define EMU_MEMBER_VERBS \
	(EMU_VERB(EMU_FETCH) | EMU_VERB(EMU_UPDATE) | EMU_VERB(EMU_DELETE))

/* What follows the resource's path, or NULL; a {} goes into parent. */
static const char *
emu_route_match(const char *template, const char *path, char *parent,
				size_t room)
{
	size_t		len;

	for (; *template != '\0'; template++)
	{
		if (*template != '{')
		{
			if (*template != *path++)
				return NULL;
			continue;
		}
		len = strcspn(path, "/");
		if (len == 0)
			return NULL;
		snprintf(parent, room, "%.*s", (int) len, path);
		path += len;
		template++;				/* the other brace */
	}
	return *path == '\0' || *path == '/' ? path : NULL;
}

/* Whether the path is the resource's; then sets what it says. */
static bool
emu_route_resource(EmuRequest *request, const EmuResource *resource,
				   const char *path)
{
	bool		post = strcmp(request->method, "POST") == 0;
	EmuKind		kind = EMU_OTHER;

	path = emu_route_match(resource->path, path, request->parent,
						   sizeof(request->parent));
	if (path == NULL)
		return false;
	if (*path == '\0')
	{
		if (post || strcmp(request->method, "GET") == 0)
			kind = post ? EMU_CREATE : EMU_LIST;
	}
	else if (path[1] == '\0' || strchr(++path, '/') != NULL ||
			 (resource->verbs & EMU_MEMBER_VERBS) == 0)
		return false;
	else if (post || strcmp(request->method, "GET") == 0)
		kind = post ? EMU_UPDATE : EMU_FETCH;
	else if (strcmp(request->method, "DELETE") == 0)
		kind = EMU_DELETE;
	request->resource = resource;
	request->sid = path;
	if (resource->verbs & EMU_VERB(kind))
		request->kind = kind;
	return true;
}

/* Decides the resource and the kind, and finds the sids in the path. */
void
emu_api_route(const Emu *emu, EmuRequest *request)
{
	const char *base = emu->options.base_path;
	const char *path = request->path;
	int			i;

	request->kind = EMU_OTHER;
	if (strncmp(path, EMU_CONTROL_PATH, strlen(EMU_CONTROL_PATH)) == 0)
	{
		request->kind = EMU_CONTROL;
		return;
	}
	if (strncmp(path, base, strlen(base)) != 0)
		return;
	path += strlen(base);
	if (strncmp(path, EMU_FAMILY_PATH, strlen(EMU_FAMILY_PATH)) != 0)
		return;
	path += strlen(EMU_FAMILY_PATH);
	for (i = 0; i < emu_resource_count; i++)
		if (emu_route_resource(request, emu_resources[i], path))
			return;
}

/* Finds the row that the path's {} names; false: the reply says 404. */
bool
emu_call_parent(EmuCall *call)
{
	const EmuRequest *request = call->request;
	const EmuStore *parents = emu_store_parents(call->rows);

	call->parent = EMU_NONE;
	if (strchr(call->resource->path, '{') == NULL)
		return true;
	if (emu_store_find(parents, request->parent, &call->parent) &&
		emu_store_is_live(parents, call->parent))
		return true;
	emu_fail_not_found(call->emu, request, call->reply);
	return false;
}

/* The row that has that value in the field that may stand for its sid. */
static bool
emu_call_row_named(EmuCall *call)
{
	const char *name = call->request->sid;
	size_t		position = 0;
	EmuText		text;

	if (call->resource->key_field == 0 || call->emu->options.types_by_sid_only)
		return false;
	while ((call->index = emu_order_next(emu_store_order(call->rows),
										 &position)) != EMU_GAP)
	{
		text = emu_store_kept(call->rows, call->index,
							  call->resource->key_field);
		if (text.len == strlen(name) + 2 &&
			memcmp(text.data + 1, name, text.len - 2) == 0)
			return true;
	}
	return false;
}

/* Finds the row that the path names; false: the reply says 404. */
bool
emu_call_row(EmuCall *call)
{
	bool		found;

	if (!emu_call_parent(call))
		return false;
	found = emu_store_find(call->rows, call->request->sid, &call->index) ||
		emu_call_row_named(call);
	if (found && emu_store_is_live(call->rows, call->index) &&
		(call->parent == EMU_NONE ||
		 call->parent == emu_store_parent(call->rows, call->index)))
		return true;
	emu_fail_not_found(call->emu, call->request, call->reply);
	return false;
}

/* Which fields the request is to see. */
void
emu_call_show(const EmuCall *call, EmuShow *show)
{
	const EmuFilter *filter = call->resource->filters;

	show->resource = call->resource;
	show->omitted = emu_resource_mask(call->resource,
									  call->request->fault.fields);
	show->field = EMU_NO_FIELD;
	show->instead = EMU_NO_FIELD;
	for (; filter != NULL && filter->name != NULL; filter++)
	{
		const char *text = emu_params_text(&call->request->query,
										   filter->name);

		if (filter->test != EMU_INSTEAD || text == NULL ||
			strcmp(text, "true") != 0)
			continue;
		show->field = filter->field;
		show->instead = filter->instead;
	}
}

/* Puts the row into the reply. */
void
emu_call_render(EmuCall *call)
{
	EmuShow		show;

	emu_call_show(call, &show);
	emu_store_render(call->rows, call->index, &show, &call->reply->body);
}

/* Notes that the row was written. */
void
emu_call_done(EmuCall *call, EmuCounter counter)
{
	char		sid[EMU_SID_LENGTH + 1];

	emu_store_sid(call->rows, call->index, sid);
	emu_count_of(call->emu->counters, emu_resource_number(call->resource),
				 counter);
	emu_journal_answer(call->emu->journal, call->request->journal, 0, sid);
}

static void
emu_api_fetch(EmuCall *call)
{
	emu_lock_shared(call->emu->world);
	if (emu_call_row(call))
		emu_call_render(call);
	emu_unlock(call->emu->world);
}

static void
emu_api_other(EmuCall *call)
{
	if (call->resource == NULL)
		emu_fail_not_found(call->emu, call->request, call->reply);
	else
		emu_fail(call->emu, call->reply, MHD_HTTP_METHOD_NOT_ALLOWED, 20004,
				 "Method not allowed");
}

/* Carries the request out. */
void
emu_api_answer(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	static void (*const answer[]) (EmuCall *) = {
		[EMU_LIST] = emu_api_list,
		[EMU_FETCH] = emu_api_fetch,
		[EMU_CREATE] = emu_api_create,
		[EMU_UPDATE] = emu_api_update,
		[EMU_DELETE] = emu_api_delete,
		[EMU_OTHER] = emu_api_other
	};
	EmuCall		call = {
		.emu = emu,
		.request = request,
		.reply = reply,
		.resource = request->resource,
		.parent = EMU_NONE,
		.index = EMU_NONE
	};

	if (request->authorized)
	{
		reply->status = MHD_HTTP_OK;
		if (call.resource != NULL)
			call.rows = emu_rows(emu->world, call.resource);
		answer[request->kind] (&call);
		return;
	}
	emu_count(emu->counters, EMU_COUNT_UNAUTHORIZED, 1);
	emu_fail(emu, reply, MHD_HTTP_UNAUTHORIZED, 20003, "Authenticate");
	reply->challenge = "Basic realm=\"Twilio API\"";
}
