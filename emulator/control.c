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
#include "json.h"

static void
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
static bool
emu_control_number(const EmuRequest *request, EmuReply *reply,
				   const char *name, int64_t *number)
{
	if (emu_params_number(&request->form, name, number) && *number >= 0)
		return true;
	emu_control_refuse(reply, 400, "a number from 0 was expected\n");
	return false;
}

/* The document that sid= or index= names; the lock is held. */
static bool
emu_control_document(Emu *emu, const EmuRequest *request, EmuReply *reply,
					 uint32_t *index)
{
	const char *sid = emu_params_text(&request->form, "sid");
	int64_t		number = -1;

	if (sid != NULL && emu_store_find(emu->store, sid, index))
		number = *index;
	else if (sid == NULL &&
			 !emu_params_number(&request->form, "index", &number))
		number = -1;
	if (number < 0 || !emu_store_is_live(emu->store, (uint64_t) number))
	{
		emu_control_refuse(reply, 404, "no such document\n");
		return false;
	}
	*index = (uint32_t) number;
	return true;
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

static void
emu_control_digest(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	(void) request;
	emu_digest(emu->store, &reply->body);
}

/* Documents as they are, in the list's order. */
static void
emu_control_documents(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const EmuOrder *order = emu_store_order(emu->store);
	const char *separator = "[";
	int64_t		from = 0;
	int64_t		rows = EMU_GAP;
	size_t		position;
	uint32_t	index;

	if (!emu_control_number(request, reply, "from", &from) ||
		!emu_control_number(request, reply, "n", &rows))
		return;
	emu_store_lock_shared(emu->store);
	position = emu_order_offset(order, (uint64_t) from);
	while (rows-- > 0 && (index = emu_order_next(order, &position)) != EMU_GAP)
	{
		emu_buf_put(&reply->body, separator);
		emu_store_render(emu->store, index, 0, &reply->body);
		separator = ",\n";
	}
	emu_store_unlock(emu->store);
	emu_buf_put(&reply->body, *separator == '[' ? "[]\n" : "]\n");
}

static void
emu_control_sid(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	uint32_t	index;

	emu_store_lock_shared(emu->store);
	if (emu_control_document(emu, request, reply, &index))
	{
		char		sid[EMU_SID_LENGTH + 1];

		emu_generate_sid(emu_store_generator(emu->store), index, sid);
		emu_buf_printf(&reply->body, "%s\n", sid);
	}
	emu_store_unlock(emu->store);
}

static void
emu_control_count(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	(void) request;
	emu_store_lock_shared(emu->store);
	emu_buf_printf(&reply->body, "%zu\n", emu_store_count(emu->store));
	emu_store_unlock(emu->store);
}

static void
emu_control_raw(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const EmuParam *raw = emu_params_find(&request->form, "raw");
	uint32_t	index;

	emu_store_lock(emu->store);
	if (emu_control_document(emu, request, reply, &index))
		emu_store_set_raw(emu->store, index, raw == NULL ? NULL :
						  emu_copy(raw->value.data, raw->value.len));
	emu_store_unlock(emu->store);
}

/* Whatever its state: as if someone else had deleted it. */
static void
emu_control_remove(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	uint32_t	index;

	emu_store_lock(emu->store);
	if (emu_control_document(emu, request, reply, &index))
		emu_store_delete(emu->store, index);
	emu_store_unlock(emu->store);
}

static void
emu_control_review(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const char *status = emu_params_text(&request->form, "status");
	const char *reason = emu_params_text(&request->form, "failure_reason");
	const char *errors = emu_params_text(&request->form, "errors");
	EmuBuf		quoted = {0};
	uint32_t	index;

	if (errors == NULL || *errors == '\0')
		errors = "null";
	if (status == NULL || !emu_json_is_valid(errors, strlen(errors)))
	{
		emu_control_refuse(reply, 400, "status is missing, or errors is not "
						   "JSON\n");
		return;
	}
	emu_json_add_text(&quoted, reason && *reason ? reason : NULL);
	emu_store_lock(emu->store);
	if (emu_control_document(emu, request, reply, &index))
	{
		emu_store_set(emu->store, index, EMU_STATUS,
					  emu_json_string(status, strlen(status)));
		emu_store_set(emu->store, index, EMU_FAILURE_REASON,
					  emu_copy(quoted.data, quoted.len));
		emu_store_set(emu->store, index, EMU_ERRORS,
					  emu_copy(errors, strlen(errors)));
		emu_store_touch(emu->store, index);
	}
	emu_store_unlock(emu->store);
	emu_buf_free(&quoted);
}

static void
emu_control_assign(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const char *bundle = emu_params_text(&request->form, "bundle");
	uint32_t	index;

	emu_store_lock(emu->store);
	if (emu_control_document(emu, request, reply, &index))
		emu_store_assign(emu->store, index, bundle != NULL && *bundle != '\0');
	emu_store_unlock(emu->store);
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
	{"GET", "counters/documents", emu_control_count, false},
	{"DELETE", "counters", emu_control_reset, false},
	{"GET", "last", emu_control_last, true},
	{"GET", "requests", emu_control_requests, true},
	{"GET", "digest", emu_control_digest, false},
	{"GET", "documents", emu_control_documents, true},
	{"GET", "sid", emu_control_sid, false},
	{"POST", "document", emu_control_raw, false},
	{"DELETE", "document", emu_control_remove, false},
	{"POST", "review", emu_control_review, false},
	{"POST", "assign", emu_control_assign, false}
};

void
emu_control_answer(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	static const char counters[] = "counters/";
	const char *path = request->path + strlen(EMU_CONTROL_PATH);
	uint64_t	value;
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
	if (strncmp(path, counters, strlen(counters)) == 0 &&
		emu_counters_read(emu->counters, path + strlen(counters), &value))
		emu_buf_printf(&reply->body, "%llu\n", (unsigned long long) value);
	else
		emu_control_refuse(reply, 404, "no such control path\n");
}
