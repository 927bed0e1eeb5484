/*
 * bundle_copies.c
 *		What is a copy of a bundle?
 *
 * It is a bundle itself, of which the source is the parent.
 */
#include "api.h"
#include "bundles.h"
#include "check.h"
#include "failure.h"

const EmuField emu_copy_fields[] = {
	[EMU_BUN_SID] = {"sid", EMU_TEXT_SID, EMU_IS_SID, "BU", NULL},
	[EMU_BUN_ACCOUNT_SID] =
	{"account_sid", EMU_TEXT_SID, EMU_IS_ACCOUNT, "AC", NULL},
	[EMU_BUN_REGULATION_SID] =
	{"regulation_sid", EMU_TEXT_SID, EMU_KEPT, "RN", NULL},
	[EMU_BUN_FRIENDLY_NAME] =
	{"friendly_name", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_BUN_STATUS] =
	{"status", EMU_CHOICE, EMU_KEPT, EMU_BUNDLE_STATUSES, NULL},
	[EMU_BUN_VALID_UNTIL] = {"valid_until", EMU_DATE, EMU_KEPT, NULL, NULL},
	[EMU_BUN_EMAIL] = {"email", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_BUN_STATUS_CALLBACK] =
	{"status_callback", EMU_URI, EMU_KEPT, NULL, NULL},
	[EMU_BUN_DATE_CREATED] =
	{"date_created", EMU_DATE, EMU_KEPT_CREATED, NULL, NULL},
	[EMU_BUN_DATE_UPDATED] =
	{"date_updated", EMU_DATE, EMU_KEPT_UPDATED, NULL, NULL},
	{NULL, EMU_TEXT, EMU_KEPT, NULL, NULL}
};

static const EmuRule emu_copy_create[] = {
	{"FriendlyName", EMU_TEXT, false, NULL, EMU_BUN_FRIENDLY_NAME, 0},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

static bool
emu_copy_may_create(EmuCall *call)
{
	EmuText		status = emu_store_kept(call->rows, call->parent,
										EMU_BUN_STATUS);

	if (emu_store_kept_is(call->rows, call->parent, EMU_BUN_ADDRESS_DELETED,
						  "true"))
		emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, 22230,
				 "Regulatory Bundle cannot be copied due to a deleted "
				 "Address");
	else if (!emu_list_has_json(call->emu->options.copyable, status))
		emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, 22223,
				 "Regulatory Bundle cannot be copied: its status is %s",
				 status.data);
	else
		return true;
	return false;
}

static bool
emu_copy_make(EmuCall *call)
{
	call->index = emu_store_create(call->rows, call->parent);
	emu_bundle_copy(call->emu->world, call->parent, call->index);
	emu_items_copy(call->emu->world, call->parent, call->index);
	emu_set_form(call, emu_copy_create, false);
	return true;
}

const EmuResource emu_bundle_copies = {
	.name = "bundle_copies",
	.path = "/Bundles/{}/Copies",
	.list_key = "results",
	.schema = "numbers.v2.regulatory_compliance.bundle.bundle_copy",
	.verbs = EMU_VERB(EMU_LIST) | EMU_VERB(EMU_CREATE),
	.rows = &emu_bundles,
	.fields = emu_copy_fields,
	.create = emu_copy_create,
	.may_create = emu_copy_may_create,
	.make = emu_copy_make
};
