/*
 * items.c
 *		What do the items of a bundle say, and what is asked of them?
 */
#include <stdlib.h>
#include <string.h>

#include "bundles.h"
#include "documents.h"
#include "evaluate.h"
#include "regulations.h"

/* Numbers of any length are read, since their values do not matter. */
#define EMU_JSON_FLAGS (JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL)

/* What the bundle's regulation asks for, or NULL. NEW. */
json_t *
emu_requirements_of(const EmuWorld *world, uint32_t bundle)
{
	const EmuStore *regulations = emu_rows(world, &emu_regulations);
	char		sid[EMU_SID_LENGTH + 1];
	uint32_t	index;
	EmuText		text;

	if (!emu_sid_of(emu_store_kept(emu_rows(world, &emu_bundles), bundle,
								   EMU_BUN_REGULATION_SID), sid) ||
		!emu_store_find(regulations, sid, &index) ||
		!emu_store_is_live(regulations, index))
		return NULL;
	text = emu_store_kept(regulations, index, EMU_REG_CONSTRAINTS);
	if (text.data[0] != '{')
		text = emu_store_kept(regulations, index, EMU_REG_REQUIREMENTS);
	return json_loadb(text.data, text.len, EMU_JSON_FLAGS, NULL);
}

/* Adds what the sid, which is JSON, names; nothing where that is gone. */
void
emu_items_add(const EmuWorld *world, EmuItems *items, EmuText object_sid)
{
	EmuItem    *item = &items->item[items->count];
	const EmuStore *rows;
	char		sid[EMU_SID_LENGTH + 1];
	uint32_t	index;
	EmuScratch	scratch;
	EmuRow		row;
	EmuText		type;
	EmuText		attributes;

	if (items->count == EMU_MAX_ITEMS || !emu_sid_of(object_sid, sid))
		return;
	item->document = strncmp(sid, "RD", 2) == 0;
	rows = emu_rows(world, item->document ? &emu_documents : &emu_end_users);
	if (!emu_store_find(rows, sid, &index) || !emu_store_is_live(rows, index))
		return;
	emu_store_get(rows, index, &scratch, &row);
	type = row.field[item->document ? EMU_DOC_TYPE : EMU_USER_TYPE];
	attributes = row.field[item->document ? EMU_DOC_ATTRIBUTES :
						   EMU_USER_ATTRIBUTES];
	*item->type = '\0';
	if (type.len > 2 && type.len - 2 < sizeof(item->type))
	{
		memcpy(item->type, type.data + 1, type.len - 2);
		item->type[type.len - 2] = '\0';
	}
	item->attributes = emu_copy(attributes.data, attributes.len);
	items->count++;
}

/* All of the bundle's. */
void
emu_items_of(const EmuWorld *world, uint32_t bundle, EmuItems *items)
{
	const EmuStore *rows = emu_rows(world, &emu_item_assignments);
	const EmuBranch *branch = emu_store_branch(rows, bundle);
	uint32_t	i;

	items->count = 0;
	for (i = 0; i < branch->count; i++)
		emu_items_add(world, items, emu_store_kept(rows, branch->at[i],
												   EMU_ITEM_OBJECT_SID));
}

void
emu_items_free(EmuItems *items)
{
	while (items->count > 0)
		free(items->item[--items->count].attributes);
}
