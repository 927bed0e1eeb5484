/*
 * write.c
 *		What do create and update check, and what do they change?
 */
#include <string.h>

#include "api.h"
#include "failure.h"
#include "json.h"
#include "words.h"

#define EMU_MAX_TEXT_BYTES 65536	/* of FriendlyName and of Attributes */

/* Each check fills the reply and returns false when it fails. */

static bool
emu_check_body(const Emu *emu, const EmuRequest *request, EmuReply *reply)
{
	const EmuParams *form = &request->form;
	size_t		i;

	if (request->file.size > (uint64_t) emu->options.max_file_bytes)
	{
		emu_fail(emu, reply, 413, 20413, "Request entity too large");
		return false;
	}
	for (i = 0; i < form->count; i++)
	{
		const EmuParam *param = &form->param[i];

		if (param->value.len > EMU_MAX_TEXT_BYTES ||
			!emu_utf8_is_valid(param->value.data, param->value.len))
		{
			emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST, 20001,
					 "Invalid parameter: %.100s", param->name);
			return false;
		}
	}
	return true;
}

static bool
emu_file_is_taken(const EmuFile *file)
{
	const char *type = file->content_type;

	return type != NULL && file->size > 0 &&
		(strcmp(type, "image/jpeg") == 0 ||
		 strcmp(type, "image/png") == 0 ||
		 strcmp(type, "application/pdf") == 0);
}

static bool
emu_check_file(const Emu *emu, const EmuRequest *request, EmuReply *reply)
{
	const EmuFile *file = &request->file;

	if (!file->present || emu->options.ignore_bad_file ||
		emu_file_is_taken(file))
		return true;
	emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST, 20001,
			 "File: must be JPEG, PNG or PDF, not %.100s",
			 file->content_type ? file->content_type : "without a type");
	return false;
}

static bool
emu_check_attributes(const Emu *emu, const EmuRequest *request,
					 EmuReply *reply)
{
	const EmuParam *param = emu_params_find(&request->form, "Attributes");

	if (param == NULL ||
		emu_json_is_object(param->value.data, param->value.len))
		return true;
	emu_fail(emu, reply, (unsigned) emu->options.validation_error_status,
			 22207, "Unable to parse attributes JSON");
	return false;
}

static bool
emu_check_create(const Emu *emu, const EmuRequest *request, EmuReply *reply)
{
	unsigned	status = (unsigned) emu->options.validation_error_status;
	const char *name = emu_params_text(&request->form, "FriendlyName");
	const char *type = emu_params_text(&request->form, "Type");

	if (type == NULL || *type == '\0')
		emu_fail(emu, reply, status, 22210,
				 "Cannot create a Supporting Document with no Type");
	else if (!emu->options.accept_unknown_type && !emu_type_is_known(type))
		emu_fail(emu, reply, status, 22210, "Unknown Type \"%.100s\"", type);
	else if (name == NULL || *name == '\0')
		emu_fail(emu, reply, status, 22211,
				 "Cannot create a Supporting Document with no FriendlyName");
	else
		return true;
	return false;
}

static bool
emu_check_update(const Emu *emu, const EmuRequest *request, EmuReply *reply)
{
	const EmuParams *form = &request->form;
	const char *name = emu_params_text(form, "FriendlyName");

	if (name != NULL && *name == '\0')
		emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST, 20001,
				 "FriendlyName must not be empty");
	else if (request->file.present && emu->options.refuse_file_update)
		emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST, 20001,
				 "File cannot be changed");
	else if (emu->options.refuse_readonly &&
			 (emu_params_find(form, "Type") != NULL ||
			  emu_params_find(form, "Status") != NULL))
		emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST, 20001,
				 "Type and Status cannot be updated");
	else
		return true;
	return false;
}

static void
emu_set_text(Emu *emu, uint32_t index, EmuField field, const EmuParam *param)
{
	emu_store_set(emu->store, index, field,
				  emu_json_string(param->value.data, param->value.len));
}

/* An upload that was not taken leaves an empty type behind. */
static void
emu_set_file(Emu *emu, const EmuRequest *request, uint32_t index)
{
	const char *type = "";

	if (emu_file_is_taken(&request->file) &&
		request->fault.action != EMU_FAULT_EMPTY_MIME)
		type = request->file.content_type;
	emu_store_set(emu->store, index, EMU_MIME_TYPE,
				  emu_json_string(type, strlen(type)));
}

/* The client's text is kept as it is, but for space around it. */
static void
emu_set_attributes(Emu *emu, uint32_t index, const EmuParam *param,
				   bool merge)
{
	EmuText		text = emu_json_trim(param->value.data, param->value.len);
	EmuScratch	scratch;
	EmuDocument document;
	char	   *json;

	if (merge)
	{
		emu_store_get(emu->store, index, &scratch, &document);
		json = emu_json_merge(document.field[EMU_ATTRIBUTES], text);
	}
	else
		json = emu_copy(text.data, text.len);
	emu_store_set(emu->store, index, EMU_ATTRIBUTES, json);
}

/*
 * Puts the document into the reply. The vendor's sample of an upload lacks
 * two fields, and its url has a path that is not in the API.
 */
static void
emu_write_reply(Emu *emu, const EmuRequest *request, uint32_t index,
				EmuReply *reply)
{
	unsigned	omitted = request->fault.fields;
	char		sid[EMU_SID_LENGTH + 1];

	if (!request->file.present || !emu->options.upload_omits_fields)
	{
		emu_store_render(emu->store, index, omitted, &reply->body);
		return;
	}
	omitted |= 1u << EMU_FAILURE_REASON | 1u << EMU_ERRORS | 1u << EMU_URL;
	emu_store_render(emu->store, index, omitted, &reply->body);
	emu_generate_sid(emu_store_generator(emu->store), index, sid);
	reply->body.len--;			/* the closing brace */
	emu_buf_printf(&reply->body, ",\"url\":\"https://numbers-upload.twilio.com"
				   "/v2/RegulatoryCompliance/Documents/%s\"}", sid);
}

static void
emu_write_done(Emu *emu, EmuRequest *request, uint32_t index,
			   EmuCounter counter)
{
	char		sid[EMU_SID_LENGTH + 1];

	emu_generate_sid(emu_store_generator(emu->store), index, sid);
	emu_count(emu->counters, counter, 1);
	emu_journal_answer(emu->journal, request->journal, 0, sid);
}

void
emu_api_create(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const EmuParams *form = &request->form;
	const EmuParam *attributes = emu_params_find(form, "Attributes");
	const char *no_file = emu->options.empty_mime_type ? "\"\"" : "null";
	uint32_t	index;

	if (!emu_check_body(emu, request, reply) ||
		!emu_check_create(emu, request, reply) ||
		!emu_check_attributes(emu, request, reply) ||
		!emu_check_file(emu, request, reply))
		return;
	reply->status = request->file.present ?
		(unsigned) emu->options.upload_status : MHD_HTTP_CREATED;
	emu_store_lock(emu->store);
	index = emu_store_create(emu->store);
	emu_set_text(emu, index, EMU_FRIENDLY_NAME,
				 emu_params_find(form, "FriendlyName"));
	emu_set_text(emu, index, EMU_TYPE, emu_params_find(form, "Type"));
	if (attributes != NULL)
		emu_set_attributes(emu, index, attributes, false);
	else
		emu_store_set(emu->store, index, EMU_ATTRIBUTES, emu_copy("{}", 2));
	if (request->file.present)
		emu_set_file(emu, request, index);
	else
		emu_store_set(emu->store, index, EMU_MIME_TYPE,
					  emu_copy(no_file, strlen(no_file)));
	emu_write_reply(emu, request, index, reply);
	emu_store_unlock(emu->store);
	emu_write_done(emu, request, index, EMU_COUNT_CREATED);
}

/* Whether the document's state allows it; the lock is held. */
static bool
emu_check_editable(Emu *emu, const EmuRequest *request, EmuReply *reply,
				   uint32_t *index)
{
	EmuScratch	scratch;
	EmuDocument document;
	EmuText    *status = &document.field[EMU_STATUS];

	if (!emu_store_find(emu->store, request->sid, index) ||
		!emu_store_is_live(emu->store, *index))
	{
		emu_fail_not_found(emu, request, reply);
		return false;
	}
	emu_store_get(emu->store, *index, &scratch, &document);
	if (emu_api_list_has(emu->options.editable, *status))
		return true;
	emu_fail(emu, reply, MHD_HTTP_CONFLICT, 20409,
			 "Supporting Document cannot be edited: its status is %.*s",
			 (int) status->len, status->data);
	return false;
}

static void
emu_api_update_locked(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const EmuParams *form = &request->form;
	const EmuParam *name = emu_params_find(form, "FriendlyName");
	const EmuParam *attributes = emu_params_find(form, "Attributes");
	uint32_t	index;

	if (!emu_check_editable(emu, request, reply, &index))
		return;
	if (name != NULL)
		emu_set_text(emu, index, EMU_FRIENDLY_NAME, name);
	if (attributes != NULL)
		emu_set_attributes(emu, index, attributes,
						   emu->options.merge_attributes);
	if (request->file.present)
		emu_set_file(emu, request, index);
	emu_store_touch(emu->store, index);
	emu_write_reply(emu, request, index, reply);
	emu_write_done(emu, request, index, EMU_COUNT_UPDATED);
}

void
emu_api_update(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	if (!emu_check_body(emu, request, reply) ||
		!emu_check_update(emu, request, reply) ||
		!emu_check_attributes(emu, request, reply) ||
		!emu_check_file(emu, request, reply))
		return;
	emu_store_lock(emu->store);
	emu_api_update_locked(emu, request, reply);
	emu_store_unlock(emu->store);
}
