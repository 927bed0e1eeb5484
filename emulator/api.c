/*
 * api.c
 *		What does a request mean, and what do fetch and delete answer?
 */
#include "api.h"

#include <string.h>

#include "failure.h"

/* Decides the kind, and finds the sid in the path. */
void
emu_api_route(const Emu *emu, EmuRequest *request)
{
	const char *base = emu->options.base_path;
	const char *path = request->path;
	size_t		base_len = strlen(base);
	bool		post = strcmp(request->method, "POST") == 0;
	bool		get = strcmp(request->method, "GET") == 0;

	request->kind = EMU_OTHER;
	if (strncmp(path, EMU_CONTROL_PATH, strlen(EMU_CONTROL_PATH)) == 0)
	{
		request->kind = EMU_CONTROL;
		return;
	}
	if (strncmp(path, base, base_len) != 0)
		return;
	path += base_len;
	if (strncmp(path, EMU_RESOURCE_PATH, strlen(EMU_RESOURCE_PATH)) != 0)
		return;
	path += strlen(EMU_RESOURCE_PATH);
	if (*path == '\0')
	{
		request->sid = path;
		if (get || post)
			request->kind = get ? EMU_LIST : EMU_CREATE;
		return;
	}
	if (*path != '/' || path[1] == '\0' || strchr(path + 1, '/') != NULL)
		return;
	request->sid = path + 1;
	if (get || post)
		request->kind = get ? EMU_FETCH : EMU_UPDATE;
	else if (strcmp(request->method, "DELETE") == 0)
		request->kind = EMU_DELETE;
}

/* Whether a status, as JSON, is among those of an option. */
bool
emu_api_list_has(const char *list, EmuText json_string)
{
	size_t		len;

	for (;; list += len + 1)
	{
		len = strcspn(list, ",");
		if (len > 0 && len + 2 == json_string.len &&
			memcmp(list, json_string.data + 1, len) == 0)
			return true;
		if (list[len] == '\0')
			return false;
	}
}

static void
emu_api_fetch(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	bool		found;
	uint32_t	index;

	emu_store_lock_shared(emu->store);
	found = emu_store_find(emu->store, request->sid, &index) &&
		emu_store_is_live(emu->store, index);
	if (found)
		emu_store_render(emu->store, index, request->fault.fields,
						 &reply->body);
	emu_store_unlock(emu->store);
	if (!found)
		emu_fail_not_found(emu, request, reply);
}

/* Deletes, or says why not; the lock is held. */
static void
emu_api_delete_locked(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const EmuOptions *options = &emu->options;
	EmuScratch	scratch;
	EmuDocument document;
	EmuText    *status = &document.field[EMU_STATUS];
	uint32_t	index;

	if (!emu_store_find(emu->store, request->sid, &index) ||
		!emu_store_is_live(emu->store, index))
	{
		emu_fail_not_found(emu, request, reply);
		return;
	}
	emu_store_get(emu->store, index, &scratch, &document);
	if (emu_store_is_assigned(emu->store, index))
		emu_fail(emu, reply, (unsigned) options->state_error_status, 21645,
				 "Supporting Document cannot be deleted: it is assigned to a "
				 "Regulatory Bundle");
	else if (!emu_api_list_has(options->deletable, *status))
		emu_fail(emu, reply, (unsigned) options->state_error_status, 21646,
				 "Supporting Document is not eligible for deletion: its "
				 "status is %.*s", (int) status->len, status->data);
	else
	{
		emu_store_delete(emu->store, index);
		emu_count(emu->counters, EMU_COUNT_DELETED, 1);
		emu_journal_answer(emu->journal, request->journal, 0, request->sid);
		reply->status = MHD_HTTP_NO_CONTENT;
	}
}

static void
emu_api_delete(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	emu_store_lock(emu->store);
	emu_api_delete_locked(emu, request, reply);
	emu_store_unlock(emu->store);
}

static void
emu_api_other(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	if (request->sid == NULL)
		emu_fail_not_found(emu, request, reply);
	else
		emu_fail(emu, reply, MHD_HTTP_METHOD_NOT_ALLOWED, 20004,
				 "Method not allowed");
}

/* Carries the request out. */
void
emu_api_answer(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	static void (*const answer[]) (Emu *, EmuRequest *, EmuReply *) = {
		[EMU_LIST] = emu_api_list,
		[EMU_FETCH] = emu_api_fetch,
		[EMU_CREATE] = emu_api_create,
		[EMU_UPDATE] = emu_api_update,
		[EMU_DELETE] = emu_api_delete,
		[EMU_OTHER] = emu_api_other
	};

	if (request->authorized)
	{
		reply->status = MHD_HTTP_OK;
		answer[request->kind] (emu, request, reply);
		return;
	}
	emu_count(emu->counters, EMU_COUNT_UNAUTHORIZED, 1);
	emu_fail(emu, reply, MHD_HTTP_UNAUTHORIZED, 20003, "Authenticate");
	reply->challenge = "Basic realm=\"Twilio API\"";
}
