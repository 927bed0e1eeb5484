/*
 * bundle_clones.c
 *		What is a clone of a bundle?
 *
 * It belongs to another account, so all that is seen of it here is the answer
 * to its create. One for the same account is a bundle like any other as well.
 */
#include <string.h>

#include "api.h"
#include "bundles.h"
#include "json.h"

typedef enum EmuCloneField
{
	EMU_CLONE_BUNDLE_SID,
	EMU_CLONE_ACCOUNT_SID,
	EMU_CLONE_REGULATION_SID,
	EMU_CLONE_FRIENDLY_NAME,
	EMU_CLONE_STATUS,
	EMU_CLONE_VALID_UNTIL,
	EMU_CLONE_EMAIL,
	EMU_CLONE_STATUS_CALLBACK,
	EMU_CLONE_DATE_CREATED,
	EMU_CLONE_DATE_UPDATED,
	EMU_CLONE_URL
} EmuCloneField;

static const EmuField emu_clone_fields[] = {
	[EMU_CLONE_BUNDLE_SID] =
	{"bundle_sid", EMU_TEXT_SID, EMU_KEPT, "BU", NULL},
	[EMU_CLONE_ACCOUNT_SID] =
	{"account_sid", EMU_TEXT_SID, EMU_KEPT, "AC", NULL},
	[EMU_CLONE_REGULATION_SID] =
	{"regulation_sid", EMU_TEXT_SID, EMU_KEPT, "RN", NULL},
	[EMU_CLONE_FRIENDLY_NAME] =
	{"friendly_name", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_CLONE_STATUS] =
	{"status", EMU_CHOICE, EMU_KEPT, EMU_BUNDLE_STATUSES, NULL},
	[EMU_CLONE_VALID_UNTIL] = {"valid_until", EMU_DATE, EMU_KEPT, NULL, NULL},
	[EMU_CLONE_EMAIL] = {"email", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_CLONE_STATUS_CALLBACK] =
	{"status_callback", EMU_URI, EMU_KEPT, NULL, NULL},
	[EMU_CLONE_DATE_CREATED] =
	{"date_created", EMU_DATE, EMU_KEPT_CREATED, NULL, NULL},
	[EMU_CLONE_DATE_UPDATED] =
	{"date_updated", EMU_DATE, EMU_KEPT_UPDATED, NULL, NULL},
	[EMU_CLONE_URL] = {"url", EMU_URI, EMU_KEPT, NULL, NULL},
	{NULL, EMU_TEXT, EMU_KEPT, NULL, NULL}
};

static const EmuRule emu_clone_create[] = {
	{"TargetAccountSid", EMU_TEXT_SID, true, "AC", EMU_CLONE_ACCOUNT_SID, 0},
	{"MoveToDraft", EMU_BOOLEAN, false, NULL, EMU_NO_FIELD, 0},
	{"FriendlyName", EMU_TEXT, false, NULL, EMU_CLONE_FRIENDLY_NAME, 0},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

static void
emu_clone_set_sid(EmuStore *rows, uint32_t index, const char *sid)
{
	EmuBuf		buf = {0};

	emu_buf_printf(&buf, "\"%s\"", sid);
	emu_store_set(rows, index, EMU_CLONE_BUNDLE_SID, buf.data);
	memset(&buf, 0, sizeof(buf));
	emu_buf_printf(&buf, "\"https://numbers.twilio.com" EMU_FAMILY_PATH
				   "/Bundles/%s/Clones\"", sid);
	emu_store_set(rows, index, EMU_CLONE_URL, buf.data);
}

/* In the same account, the bundle itself. */
static uint32_t
emu_clone_bundle(const EmuCall *call)
{
	EmuWorld   *world = call->emu->world;
	EmuStore   *bundles = emu_rows(world, &emu_bundles);
	uint32_t	index = emu_store_create(bundles, EMU_NONE);

	emu_bundle_copy(world, call->parent, index);
	emu_items_copy(world, call->parent, index);
	emu_store_copy(bundles, index, EMU_BUN_STATUS,
				   emu_store_kept(call->rows, call->index, EMU_CLONE_STATUS));
	emu_store_copy(bundles, index, EMU_BUN_FRIENDLY_NAME,
				   emu_store_kept(call->rows, call->index,
								  EMU_CLONE_FRIENDLY_NAME));
	return index;
}

static void
emu_clone_created(EmuCall *call)
{
	/* what it has of its source: the clone's field, and the bundle's */
	static const int fields[][2] = {
		{EMU_CLONE_REGULATION_SID, EMU_BUN_REGULATION_SID},
		{EMU_CLONE_FRIENDLY_NAME, EMU_BUN_FRIENDLY_NAME},
		{EMU_CLONE_STATUS, EMU_BUN_STATUS},
		{EMU_CLONE_VALID_UNTIL, EMU_BUN_VALID_UNTIL},
		{EMU_CLONE_EMAIL, EMU_BUN_EMAIL},
		{EMU_CLONE_STATUS_CALLBACK, EMU_BUN_STATUS_CALLBACK}
	};
	const EmuStore *bundles = emu_rows(call->emu->world, &emu_bundles);
	const EmuParams *form = &call->request->form;
	const char *draft = emu_params_text(form, "MoveToDraft");
	char		sid[EMU_SID_LENGTH + 1];
	size_t		i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (fields[i][0] != EMU_CLONE_FRIENDLY_NAME ||
			emu_params_find(form, "FriendlyName") == NULL)
			emu_store_copy(call->rows, call->index, fields[i][0],
						   emu_store_kept(bundles, call->parent,
										  fields[i][1]));
	if (draft != NULL && strcmp(draft, "true") == 0)
		emu_store_put(call->rows, call->index, EMU_CLONE_STATUS, "\"draft\"");
	emu_store_sid(call->rows, call->index, sid);
	if (strcmp(emu_params_text(form, "TargetAccountSid"),
			   call->emu->options.account_sid) == 0)
		emu_store_sid(bundles, emu_clone_bundle(call), sid);
	emu_clone_set_sid(call->rows, call->index, sid);
}

const EmuResource emu_bundle_clones = {
	.name = "bundle_clones",
	.path = "/Bundles/{}/Clones",
	.prefix = "BU",
	.list_key = "results",
	.schema = "numbers.v2.bundle_clone",
	.verbs = EMU_VERB(EMU_CREATE),
	.parent = &emu_bundles,
	.fields = emu_clone_fields,
	.create = emu_clone_create,
	.created = emu_clone_created
};
