/*
 * review.c
 *		What becomes of a document, or of a bundle, that is reviewed?
 */
#include "review.h"

#include <stdlib.h>
#include <string.h>

#include "bundles.h"
#include "control.h"
#include "date.h"
#include "documents.h"
#include "json.h"
#include "manage.h"

static void
emu_review_document(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	EmuStore   *rows = emu_rows(emu->world, &emu_documents);
	const char *status = emu_params_text(&request->form, "status");
	const char *reason = emu_params_text(&request->form, "failure_reason");
	const char *errors = emu_params_text(&request->form, "errors");
	EmuBuf		quoted = {0};
	uint32_t	index;

	if (errors == NULL || *errors == '\0')
		errors = "null";
	emu_json_add_text(&quoted, reason && *reason ? reason : NULL);
	if (emu_manage_row(emu, request, rows, reply, &index))
	{
		emu_store_set(rows, index, EMU_DOC_STATUS,
					  emu_json_string(status, strlen(status)));
		emu_store_put(rows, index, EMU_DOC_FAILURE_REASON, quoted.data);
		emu_store_put(rows, index, EMU_DOC_ERRORS, errors);
		emu_store_touch(rows, index);
	}
	emu_buf_free(&quoted);
}

/* What the reviewers of a bundle say goes for its documents, too. */
static void
emu_review_bundle(Emu *emu, EmuRequest *request, const char *sid,
				  EmuReply *reply)
{
	const EmuParams *form = &request->form;
	const EmuStore *rows = emu_rows(emu->world, &emu_bundles);
	const char *valid_until = emu_params_text(form, "valid_until");
	const char *reason = emu_params_text(form, "failure_reason");
	const char *errors = emu_params_text(form, "errors");
	int64_t		date;
	uint32_t	index;

	if (!emu_store_find(rows, sid, &index) || !emu_store_is_live(rows, index))
		emu_control_refuse(reply, 404, "no such bundle\n");
	else if (valid_until != NULL && !emu_date_read(valid_until, &date))
		emu_control_refuse(reply, 400, "valid_until is no date\n");
	else
		emu_bundle_reviewed(emu->world, index,
							emu_params_text(form, "status"), valid_until,
							emu_params_text(form, "documents"),
							reason ? reason :
							"The document is blurry or cannot be read.",
							errors ? errors : "[{\"code\":18002}]");
}

void
emu_review(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	const char *errors = emu_params_text(&request->form, "errors");
	const char *bundle = emu_params_text(&request->form, "bundle");

	if (emu_params_text(&request->form, "status") == NULL ||
		(errors != NULL && *errors != '\0' &&
		 !emu_json_is_valid(errors, strlen(errors))))
	{
		emu_control_refuse(reply, 400, "status is missing, or errors is not "
						   "JSON\n");
		return;
	}
	emu_lock(emu->world);
	if (bundle != NULL)
		emu_review_bundle(emu, request, bundle, reply);
	else
		emu_review_document(emu, request, reply);
	emu_unlock(emu->world);
}

/* As if the document were an item of a bundle that is not here. */
void
emu_assign(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	EmuStore   *rows = emu_rows(emu->world, &emu_documents);
	const char *bundle = emu_params_text(&request->form, "bundle");
	uint32_t	index;

	emu_lock(emu->world);
	if (emu_manage_row(emu, request, rows, reply, &index))
		emu_store_assign(rows, index, bundle != NULL && *bundle != '\0');
	emu_unlock(emu->world);
}
