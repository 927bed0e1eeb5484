/*
 * control.c
 *		What can a test ask of the emulator, and tell it?
 *
 * Parameters come in the query or in a form, so that plain curl will do.
 */
#include "control.h"

#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "digest.h"
#include "manage.h"
#include "review.h"
#include "json.h"

void
emu_control_refuse(EmuReply *reply, unsigned status, const char *why)
{
	emu_buf_free(&reply->body);
	reply->status = status;
	emu_buf_put(&reply->body, why);
}

/* A copy of the query's parameters behind the form's, as one list. */
static void
emu_control_params(EmuRequest *request)
{
	size_t		i;

	for (i = 0; i < request->query.count; i++)
	{
		const EmuParam *param = &request->query.param[i];

		emu_buf_add(&emu_params_add(&request->form, param->name)->value,
					param->value.data, param->value.len);
	}
}

/* A whole number from 0, or the default where it is not given. */
bool
emu_control_number(const EmuRequest *request, EmuReply *reply,
				   const char *name, int64_t *number)
{
	if (emu_params_number(&request->form, name, number) && *number >= 0)
		return true;
	emu_control_refuse(reply, 400, "a number from 0 was expected\n");
	return false;
}

/* The resource that resource= names; that of old where there is none. */
static const EmuResource *
emu_control_resource(const EmuRequest *request, EmuReply *reply)
{
	const char *name = emu_params_text(&request->form, "resource");
	const EmuResource *resource;

	resource = name ? emu_resource_named(name) : &emu_documents;
	if (resource == NULL)
		emu_control_refuse(reply, 404, "no such resource\n");
	return resource;
}

static void
emu_control_set_fault(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	int64_t		number;
	const char *wrong = emu_faults_add(emu->faults, &request->form, &number);

	if (wrong != NULL)
		emu_control_refuse(reply, 400, wrong);
	else
		emu_buf_printf(&reply->body, "%lld\n", (long long) number);
}

static void
emu_control_clear_faults(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	(void) request;
	(void) reply;
	emu_faults_clear(emu->faults);
}

static void
emu_control_faults(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	(void) request;
	emu_faults_list(emu->faults, &reply->body);
}

static void
emu_control_counters(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	(void) request;
	emu_counters_render(emu->counters, &reply->body);
}

static void
emu_control_reset(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	(void) request;
	(void) reply;
	emu_counters_reset(emu->counters);
	emu_journal_clear(emu->journal);
}

static void
emu_control_last(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	(void) request;
	emu_journal_last(emu->journal, &reply->body);
}

static void
emu_control_requests(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	int64_t		entries = 0;

	if (emu_control_number(request, reply, "n", &entries))
		emu_journal_render(emu->journal, (uint64_t) entries, &reply->body);
}

/* Options, by their names on the command line. */
static void
emu_control_options(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const EmuParams *form = &request->form;
	size_t		i;

	emu_lock(emu->world);
	for (i = 0; i < form->count && reply->status == MHD_HTTP_OK; i++)
		if (!emu_options_change(&emu->options, form->param[i].name,
								form->param[i].value.data))
			emu_control_refuse(reply, 400, "no such option, or not that "
							   "value\n");
	emu_unlock(emu->world);
}

static void
emu_control_digest(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const EmuResource *resource = emu_control_resource(request, reply);

	if (resource != NULL)
		emu_digest(emu->world, resource, &reply->body);
}

static void
emu_control_documents(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	emu_manage(emu, request, &emu_documents, reply);
}

static void
emu_control_sid(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const EmuResource *resource = emu_control_resource(request, reply);

	if (resource != NULL)
		emu_manage_sid(emu, request, resource, reply);
}

static const struct
{
	const char *method;
	const char *path;
	void		(*answer) (Emu *, EmuRequest *, EmuReply *);
	bool		json;
}			emu_control_table[] = {
	{"POST", "faults", emu_control_set_fault, false},
	{"GET", "faults", emu_control_faults, true},
	{"DELETE", "faults", emu_control_clear_faults, false},
	{"GET", "counters", emu_control_counters, true},
	{"DELETE", "counters", emu_control_reset, false},
	{"GET", "last", emu_control_last, true},
	{"GET", "requests", emu_control_requests, true},
	{"GET", "digest", emu_control_digest, false},
	{"GET", "documents", emu_control_documents, true},
	{"GET", "sid", emu_control_sid, false},
	{"POST", "document", emu_control_documents, false},
	{"DELETE", "document", emu_control_documents, false},
	{"POST", "options", emu_control_options, false},
	{"POST", "review", emu_review, false},
	{"POST", "assign", emu_assign, false}
};

/* A counter, or how many rows of a resource there are. */
static void
emu_control_counter(Emu *emu, const char *name, EmuReply *reply)
{
	const EmuResource *resource = emu_resource_named(name);
	uint64_t	value;

	if (strcmp(name, "documents") == 0)
		resource = &emu_documents;
	if (resource != NULL)
		value = emu_manage_count(emu, resource);
	else if (!emu_counters_read(emu->counters, name, &value))
	{
		emu_control_refuse(reply, 404, "no such counter\n");
		return;
	}
	emu_buf_printf(&reply->body, "%llu\n", (unsigned long long) value);
}

/* What is not in the table: a counter, or the rows of a resource. */
static void
emu_control_named(Emu *emu, EmuRequest *request, const char *path,
				  EmuReply *reply)
{
	static const char counters[] = "counters/";
	const EmuResource *resource = emu_resource_named(path);

	if (resource != NULL)
		emu_manage(emu, request, resource, reply);
	else if (strncmp(path, counters, strlen(counters)) == 0)
		emu_control_counter(emu, path + strlen(counters), reply);
	else
		emu_control_refuse(reply, 404, "no such control path\n");
}

void
emu_control_answer(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const char *path = request->path + strlen(EMU_CONTROL_PATH);
	size_t		i;

	emu_control_params(request);
	reply->status = MHD_HTTP_OK;
	reply->content_type = "text/plain";
	for (i = 0; i < sizeof(emu_control_table) / sizeof(*emu_control_table);
		 i++)
		if (strcmp(emu_control_table[i].method, request->method) == 0 &&
			strcmp(emu_control_table[i].path, path) == 0)
		{
			emu_control_table[i].answer(emu, request, reply);
			if (emu_control_table[i].json && reply->status == MHD_HTTP_OK)
				reply->content_type = "application/json";
			return;
		}
	emu_control_named(emu, request, path, reply);
}
