/*
 * documents.c
 *		What is a supporting document, and what do its create and update check
 *		and change?
 *
 * They are the only ones with a file, and have answers of their own.
 */
#include "documents.h"

#include <string.h>

#include "api.h"
#include "bundles.h"
#include "check.h"
#include "failure.h"
#include "json.h"
#include "words.h"

static const EmuField emu_document_fields[] = {
	[EMU_DOC_SID] = {"sid", EMU_TEXT_SID, EMU_IS_SID, "RD", NULL},
	[EMU_DOC_ACCOUNT_SID] =
	{"account_sid", EMU_TEXT_SID, EMU_IS_ACCOUNT, "AC", NULL},
	[EMU_DOC_FRIENDLY_NAME] =
	{"friendly_name", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_DOC_MIME_TYPE] = {"mime_type", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_DOC_STATUS] = {"status", EMU_CHOICE, EMU_KEPT,
		"draft|pending-review|rejected|approved|expired|"
	"provisionally-approved", "\"draft\""},
	[EMU_DOC_FAILURE_REASON] =
	{"failure_reason", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_DOC_ERRORS] = {"errors", EMU_ARRAY, EMU_KEPT, NULL, NULL},
	[EMU_DOC_TYPE] = {"type", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_DOC_ATTRIBUTES] = {"attributes", EMU_ANY, EMU_KEPT, NULL, "{}"},
	[EMU_DOC_DATE_CREATED] =
	{"date_created", EMU_DATE, EMU_KEPT_CREATED, NULL, NULL},
	[EMU_DOC_DATE_UPDATED] =
	{"date_updated", EMU_DATE, EMU_KEPT_UPDATED, NULL, NULL},
	[EMU_DOC_URL] = {"url", EMU_URI, EMU_IS_URL, NULL, NULL},
	{NULL, EMU_TEXT, EMU_KEPT, NULL, NULL}
};

static const EmuRule emu_document_create[] = {
	{"FriendlyName", EMU_TEXT, true, NULL, EMU_DOC_FRIENDLY_NAME, 22211},
	{"Type", EMU_TEXT, true, NULL, EMU_DOC_TYPE, 22210},
	{"Attributes", EMU_ANY, false, NULL, EMU_DOC_ATTRIBUTES, 22207},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

static const EmuRule emu_document_update[] = {
	{"FriendlyName", EMU_TEXT, false, NULL, EMU_DOC_FRIENDLY_NAME, 0},
	{"Attributes", EMU_ANY, false, NULL, EMU_DOC_ATTRIBUTES, 22207},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

/* Each check fills the reply and returns false when it fails. */

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
emu_check_file(const EmuCall *call)
{
	const Emu  *emu = call->emu;
	const EmuFile *file = &call->request->file;

	if (!file->present || emu->options.ignore_bad_file ||
		emu_file_is_taken(file))
		return true;
	emu_fail(emu, call->reply, MHD_HTTP_BAD_REQUEST, 20001,
			 "File: must be JPEG, PNG or PDF, not %.100s",
			 file->content_type ? file->content_type : "without a type");
	return false;
}

static bool
emu_check_attributes(const EmuCall *call)
{
	const EmuParam *param = emu_params_find(&call->request->form,
											"Attributes");

	if (param == NULL ||
		emu_json_is_object(param->value.data, param->value.len))
		return true;
	emu_fail(call->emu, call->reply,
			 (unsigned) call->emu->options.validation_error_status, 22207,
			 "Unable to parse attributes JSON");
	return false;
}

static bool
emu_check_create(const EmuCall *call)
{
	const Emu  *emu = call->emu;
	const EmuRequest *request = call->request;
	EmuReply   *reply = call->reply;
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
emu_check_update(const EmuCall *call)
{
	const Emu  *emu = call->emu;
	const EmuRequest *request = call->request;
	EmuReply   *reply = call->reply;
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
emu_set_text(const EmuCall *call, EmuDocumentField field, const char *name)
{
	const EmuParam *param = emu_params_find(&call->request->form, name);

	if (param != NULL)
		emu_store_set(call->rows, call->index, field,
					  emu_json_string(param->value.data, param->value.len));
}

/* An upload that was not taken leaves an empty type behind. */
static void
emu_set_file(const EmuCall *call)
{
	const EmuRequest *request = call->request;
	const char *type = "";

	if (emu_file_is_taken(&request->file) &&
		request->fault.action != EMU_FAULT_EMPTY_MIME)
		type = request->file.content_type;
	emu_store_set(call->rows, call->index, EMU_DOC_MIME_TYPE,
				  emu_json_string(type, strlen(type)));
}

/*
 * Puts the document into the reply. The vendor's sample of an upload lacks
 * two fields, and its url has a path that is not in the API.
 */
static void
emu_document_reply(EmuCall *call)
{
	EmuShow		show;
	char		sid[EMU_SID_LENGTH + 1];
	EmuBuf	   *body = &call->reply->body;

	emu_call_show(call, &show);
	if (!call->request->file.present || !call->emu->options.upload_omits_fields)
	{
		emu_store_render(call->rows, call->index, &show, body);
		return;
	}
	show.omitted |= 1u << EMU_DOC_FAILURE_REASON | 1u << EMU_DOC_ERRORS |
		1u << EMU_DOC_URL;
	emu_store_render(call->rows, call->index, &show, body);
	emu_store_sid(call->rows, call->index, sid);
	body->len--;				/* the closing brace */
	emu_buf_printf(body, ",\"url\":\"https://numbers-upload.twilio.com"
				   "/v2/RegulatoryCompliance/Documents/%s\"}", sid);
}

static void
emu_document_create_now(EmuCall *call)
{
	const EmuRequest *request = call->request;
	const EmuParam *attributes = emu_params_find(&request->form, "Attributes");

	call->index = emu_store_create(call->rows, EMU_NONE);
	emu_set_text(call, EMU_DOC_FRIENDLY_NAME, "FriendlyName");
	emu_set_text(call, EMU_DOC_TYPE, "Type");
	if (attributes != NULL)
		emu_set_attributes(call, EMU_DOC_ATTRIBUTES, attributes, false);
	if (request->file.present)
		emu_set_file(call);
	else if (call->emu->options.empty_mime_type)
		emu_store_put(call->rows, call->index, EMU_DOC_MIME_TYPE, "\"\"");
	emu_document_reply(call);
	emu_call_done(call, EMU_COUNT_CREATED);
}

static void
emu_document_answer_create(EmuCall *call)
{
	if (!emu_check_body(call) || !emu_check_create(call) ||
		!emu_check_attributes(call) || !emu_check_file(call))
		return;
	call->reply->status = call->request->file.present ?
		(unsigned) call->emu->options.upload_status : MHD_HTTP_CREATED;
	emu_lock(call->emu->world);
	emu_document_create_now(call);
	emu_unlock(call->emu->world);
}

/* Whether the document's state allows it; the lock is held. */
static bool
emu_document_is_editable(EmuCall *call)
{
	EmuScratch	scratch;
	EmuRow		row;
	EmuText    *status = &row.field[EMU_DOC_STATUS];

	emu_store_get(call->rows, call->index, &scratch, &row);
	if (emu_list_has_json(call->emu->options.editable, *status))
		return true;
	emu_fail(call->emu, call->reply, MHD_HTTP_CONFLICT, 20409,
			 "Supporting Document cannot be edited: its status is %.*s",
			 (int) status->len, status->data);
	return false;
}

static void
emu_document_update_now(EmuCall *call)
{
	const EmuRequest *request = call->request;
	const EmuParam *attributes = emu_params_find(&request->form, "Attributes");

	if (!emu_call_row(call) || !emu_document_is_editable(call))
		return;
	emu_set_text(call, EMU_DOC_FRIENDLY_NAME, "FriendlyName");
	if (attributes != NULL)
		emu_set_attributes(call, EMU_DOC_ATTRIBUTES, attributes,
						   call->emu->options.merge_attributes);
	if (request->file.present)
		emu_set_file(call);
	emu_store_touch(call->rows, call->index);
	emu_document_reply(call);
	emu_call_done(call, EMU_COUNT_UPDATED);
}

static void
emu_document_answer_update(EmuCall *call)
{
	if (!emu_check_body(call) || !emu_check_update(call) ||
		!emu_check_attributes(call) || !emu_check_file(call))
		return;
	emu_lock(call->emu->world);
	emu_document_update_now(call);
	emu_unlock(call->emu->world);
}

static bool
emu_document_may_delete(EmuCall *call)
{
	unsigned	code = (unsigned) call->emu->options.state_error_status;
	EmuScratch	scratch;
	EmuRow		row;
	EmuText    *status = &row.field[EMU_DOC_STATUS];

	emu_store_get(call->rows, call->index, &scratch, &row);
	if (emu_store_is_assigned(call->rows, call->index) ||
		emu_is_item(call->emu->world, call->rows, call->index))
		emu_fail(call->emu, call->reply, code, 21645,
				 "Supporting Document cannot be deleted: it is assigned to a "
				 "Regulatory Bundle");
	else if (!emu_list_has_json(call->emu->options.deletable, *status))
		emu_fail(call->emu, call->reply, code, 21646,
				 "Supporting Document is not eligible for deletion: its "
				 "status is %.*s", (int) status->len, status->data);
	else
		return true;
	return false;
}

const EmuResource emu_documents = {
	.name = "supporting_documents",
	.path = "/SupportingDocuments",
	.prefix = "RD",
	.list_key = "results",
	.schema = "numbers.v2.regulatory_compliance.supporting_document",
	.verbs = EMU_VERB(EMU_LIST) | EMU_VERB(EMU_CREATE) | EMU_VERB(EMU_FETCH) |
	EMU_VERB(EMU_UPDATE) | EMU_VERB(EMU_DELETE),
	.fields = emu_document_fields,
	.create = emu_document_create,
	.update = emu_document_update,
	.generate = emu_generate,
	.answer_create = emu_document_answer_create,
	.answer_update = emu_document_answer_update,
	.may_delete = emu_document_may_delete
};
