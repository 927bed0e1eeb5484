/*
 * replace_items.c
 *		When do the items of a copy take the place of those of its source?
 *
 * What is answered is the source, in the fields of a copy.
 */
#include "api.h"
#include "bundles.h"
#include "failure.h"

static const EmuRule emu_replace_create[] = {
	{"FromBundleSid", EMU_TEXT_SID, true, "BU", EMU_NO_FIELD, 22225},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

/* Why not, or 0. */
static int
emu_replace_code(const EmuCall *call, uint32_t from)
{
	static const char approved[] = "\"twilio-approved\"";
	const EmuStore *bundles = call->rows;
	uint32_t	to = call->parent;

	if (from == EMU_NONE)
		return 22225;
	if (from == to)
		return 22226;
	if (!emu_store_kept_is(bundles, from, EMU_BUN_STATUS, approved) ||
		!emu_store_kept_is(bundles, to, EMU_BUN_STATUS, approved) ||
		emu_store_parent(bundles, from) != to)
		return 22224;
	if (!emu_store_kept_is(bundles, from, EMU_BUN_REGULATION_SID,
						   emu_store_kept(bundles, to,
										  EMU_BUN_REGULATION_SID).data))
		return 22228;
	return emu_items_have_addresses(call->emu->world, from, to) ? 0 : 22229;
}

static const char *
emu_replace_text(int code)
{
	switch (code)
	{
		case 22224:
			return "Regulatory Bundle cannot transfer Item Assignments";
		case 22225:
			return "From Bundle to Replace Items does not exist";
		case 22226:
			return "Cannot replace Items from Bundle to same Bundle";
		case 22228:
			return "From Bundle does not have latest Regulation requirements "
				"that matches destination Bundle";
		default:
			return "Supporting Document Bundle Assignment cannot be removed";
	}
}

static bool
emu_replace_make(EmuCall *call)
{
	const char *sid = emu_params_text(&call->request->form, "FromBundleSid");
	uint32_t	from;
	int			code;

	if (!emu_store_find(call->rows, sid, &from) ||
		!emu_store_is_live(call->rows, from))
		from = EMU_NONE;
	code = emu_replace_code(call, from);
	if (code != 0)
	{
		emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, code, "%s",
				 emu_replace_text(code));
		return false;
	}
	emu_items_replace(call->emu->world, from, call->parent);
	emu_store_touch(call->rows, call->parent);
	call->index = call->parent;
	return true;
}

const EmuResource emu_replace_items = {
	.name = "replace_items",
	.path = "/Bundles/{}/ReplaceItems",
	.list_key = "results",
	.schema = "numbers.v2.regulatory_compliance.bundle.replace_items",
	.verbs = EMU_VERB(EMU_CREATE),
	.rows = &emu_bundles,
	.fields = emu_copy_fields,
	.create = emu_replace_create,
	.make = emu_replace_make
};
