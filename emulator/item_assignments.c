/*
 * item_assignments.c
 *		What is an item of a bundle, and what may become one?
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "bundles.h"
#include "check.h"
#include "evaluate.h"
#include "failure.h"

static const EmuField emu_assignment_fields[] = {
	[EMU_ITEM_SID] = {"sid", EMU_TEXT_SID, EMU_IS_SID, "BV", NULL},
	[EMU_ITEM_BUNDLE_SID] =
	{"bundle_sid", EMU_TEXT_SID, EMU_IS_PARENT, "BU", NULL},
	[EMU_ITEM_ACCOUNT_SID] =
	{"account_sid", EMU_TEXT_SID, EMU_IS_ACCOUNT, "AC", NULL},
	[EMU_ITEM_OBJECT_SID] =
	{"object_sid", EMU_TEXT_SID, EMU_KEPT, "??", NULL},
	[EMU_ITEM_DATE_CREATED] =
	{"date_created", EMU_DATE, EMU_KEPT_CREATED, NULL, NULL},
	[EMU_ITEM_URL] = {"url", EMU_URI, EMU_IS_URL, NULL, NULL},
	{NULL, EMU_TEXT, EMU_KEPT, NULL, NULL}
};

static const EmuRule emu_assignment_create[] = {
	{"ObjectSid", EMU_TEXT_SID, true, "??", EMU_ITEM_OBJECT_SID, 22205},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

/* Adds an item, of which the sid is JSON; returns its number. */
uint32_t
emu_item_add(EmuWorld *world, uint32_t bundle, EmuText object_sid)
{
	EmuStore   *rows = emu_rows(world, &emu_item_assignments);
	uint32_t	index = emu_store_create(rows, bundle);

	emu_store_copy(rows, index, EMU_ITEM_OBJECT_SID, object_sid);
	return index;
}

/* Whether any bundle has the row for an item. */
bool
emu_is_item(EmuWorld *world, const EmuStore *rows, uint32_t index)
{
	const EmuStore *items = emu_rows(world, &emu_item_assignments);
	char		json[EMU_SID_LENGTH + 3] = "\"";
	uint32_t	i;

	emu_store_sid(rows, index, json + 1);
	strcpy(json + 1 + EMU_SID_LENGTH, "\"");
	for (i = 0; i < emu_store_ever(items); i++)
		if (emu_store_is_live(items, i) &&
			emu_store_kept_is(items, i, EMU_ITEM_OBJECT_SID, json))
			return true;
	return false;
}

/* The items of one bundle become those of another one, too. */
void
emu_items_copy(EmuWorld *world, uint32_t from, uint32_t to)
{
	EmuStore   *rows = emu_rows(world, &emu_item_assignments);
	uint32_t	count = emu_store_branch(rows, from)->count;
	uint32_t	i;

	for (i = 0; i < count; i++)
		emu_item_add(world, to,
					 emu_store_kept(rows, emu_store_branch(rows, from)->at[i],
									EMU_ITEM_OBJECT_SID));
}

/* Those of the one take the place of those of the other. */
void
emu_items_replace(EmuWorld *world, uint32_t from, uint32_t to)
{
	const EmuBranch *old = emu_store_branch(emu_rows(world,
													 &emu_item_assignments),
											to);

	while (old->count > 0)
		emu_remove(world, &emu_item_assignments, old->at[old->count - 1]);
	emu_items_copy(world, from, to);
}

/* Whether the object, as JSON, is an item of the bundle. */
static bool
emu_items_have(const EmuStore *rows, uint32_t bundle, EmuText object)
{
	const EmuBranch *items = emu_store_branch(rows, bundle);
	uint32_t	i;

	for (i = 0; i < items->count; i++)
		if (emu_store_kept_is(rows, items->at[i], EMU_ITEM_OBJECT_SID,
							  object.data))
			return true;
	return false;
}

/* Whether it is an address among the documents. */
static bool
emu_is_address(const EmuWorld *world, EmuText object)
{
	EmuItems   *items = emu_alloc(sizeof(*items));
	bool		address;

	emu_items_add(world, items, object);
	address = items->count == 1 &&
		strcmp(items->item[0].type, "address") == 0;
	emu_items_free(items);
	free(items);
	return address;
}

/* Whether the one bundle has all the addresses of the other. */
bool
emu_items_have_addresses(EmuWorld *world, uint32_t from, uint32_t to)
{
	const EmuStore *rows = emu_rows(world, &emu_item_assignments);
	const EmuBranch *items = emu_store_branch(rows, to);
	uint32_t	i;

	for (i = 0; i < items->count; i++)
	{
		EmuText		object = emu_store_kept(rows, items->at[i],
											EMU_ITEM_OBJECT_SID);

		if (emu_is_address(world, object) &&
			!emu_items_have(rows, from, object))
			return false;
	}
	return true;
}

/* Items come and go as long as the bundle can be changed. */
static bool
emu_assignment_is_allowed(const EmuCall *call)
{
	EmuText		status = emu_store_kept(emu_rows(call->emu->world,
												 &emu_bundles),
										call->parent, EMU_BUN_STATUS);

	if (emu_list_has_json(call->emu->options.bundle_editable, status))
		return true;
	emu_fail(call->emu, call->reply, MHD_HTTP_CONFLICT, 20409,
			 "Items of a Regulatory Bundle cannot be changed: its status is "
			 "%s", status.data);
	return false;
}

static bool
emu_assignment_may_create(EmuCall *call)
{
	const Emu  *emu = call->emu;
	const char *sid = emu_params_text(&call->request->form, "ObjectSid");
	const EmuStore *objects = NULL;
	char		json[EMU_SID_LENGTH + 3];
	EmuText		object = {json, EMU_SID_LENGTH + 2};
	uint32_t	index;

	snprintf(json, sizeof(json), "\"%s\"", sid);
	if (strncmp(sid, "RD", 2) == 0)
		objects = emu_rows(emu->world, &emu_documents);
	else if (strncmp(sid, "IT", 2) == 0)
		objects = emu_rows(emu->world, &emu_end_users);
	if (objects == NULL)
		emu_fail(emu, call->reply, MHD_HTTP_BAD_REQUEST, 22206,
				 "Attempting to add invalid object type to bundle");
	else if (!emu_store_find(objects, sid, &index) ||
			 !emu_store_is_live(objects, index))
		emu_fail(emu, call->reply, MHD_HTTP_BAD_REQUEST, 22205,
				 "Attempting to assign invalid object_sid to Bundle");
	else if (emu->options.refuse_double &&
			 emu_items_have(call->rows, call->parent, object))
		emu_fail(emu, call->reply, MHD_HTTP_CONFLICT, 20409,
				 "%s is an item of the Bundle already", sid);
	else
		return emu_assignment_is_allowed(call);
	return false;
}

static bool
emu_assignment_may_delete(EmuCall *call)
{
	return emu_assignment_is_allowed(call);
}

const EmuResource emu_item_assignments = {
	.name = "item_assignments",
	.path = "/Bundles/{}/ItemAssignments",
	.prefix = "BV",
	.list_key = "results",
	.schema = "numbers.v2.regulatory_compliance.bundle.item_assignment",
	.verbs = EMU_VERB(EMU_LIST) | EMU_VERB(EMU_CREATE) | EMU_VERB(EMU_FETCH) |
	EMU_VERB(EMU_DELETE),
	.parent = &emu_bundles,
	.fields = emu_assignment_fields,
	.create = emu_assignment_create,
	.fill = emu_items_fill,
	.may_create = emu_assignment_may_create,
	.may_delete = emu_assignment_may_delete
};
