/*
 * derive.c
 *		What are the sid, the account, the parent and the URLs of a row?
 */
#include "derive.h"

#include <string.h>

#define EMU_URL_HEAD "https://numbers.twilio.com" EMU_FAMILY_PATH

typedef struct EmuDerived
{
	const EmuResource *resource;
	const char *account_sid;
	char		sid[EMU_SID_LENGTH + 1];
	char		parent[EMU_SID_LENGTH + 1]; /* "": it has none */
} EmuDerived;

/* The URL of the list, then of the row. */
static void
emu_put_url(EmuScratch *scratch, const EmuDerived *derived)
{
	const char *path = derived->resource->path;
	const char *brace = strchr(path, '{');

	emu_put(scratch, EMU_URL_HEAD);
	if (brace != NULL)
	{
		emu_put_bytes(scratch, path, (size_t) (brace - path));
		emu_put(scratch, derived->parent);
		path = brace + 2;
	}
	emu_put(scratch, path);
	emu_put(scratch, "/");
	emu_put(scratch, derived->sid);
}

/* "key=Path|key=Path" becomes an object of the URLs of a row's children. */
static void
emu_put_links(EmuScratch *scratch, const EmuDerived *derived,
			  const char *links)
{
	const char *separator = "{\"";

	for (;;)
	{
		size_t		key = strcspn(links, "=");
		size_t		path = strcspn(links + key + 1, "|");

		emu_put(scratch, separator);
		emu_put_bytes(scratch, links, key);
		emu_put(scratch, "\":\"");
		emu_put_url(scratch, derived);
		emu_put(scratch, "/");
		emu_put_bytes(scratch, links + key + 1, path);
		emu_put(scratch, "\"");
		separator = ",\"";
		links += key + 1 + path;
		if (*links++ == '\0')
			break;
	}
	emu_put(scratch, "}");
}

/* Appends what the field holds, or nothing where it is one that is kept. */
static void
emu_put_derived(EmuScratch *scratch, const EmuDerived *derived,
				const EmuField *field)
{
	if (field->role == EMU_IS_LINKS)
	{
		emu_put_links(scratch, derived, field->detail);
		return;
	}
	if (field->role == EMU_IS_PARENT && *derived->parent == '\0')
	{
		emu_put(scratch, "null");
		return;
	}
	emu_put(scratch, "\"");
	if (field->role == EMU_IS_SID)
		emu_put(scratch, derived->sid);
	else if (field->role == EMU_IS_ACCOUNT)
		emu_put(scratch, derived->account_sid);
	else if (field->role == EMU_IS_PARENT)
		emu_put(scratch, derived->parent);
	else
		emu_put_url(scratch, derived);
	emu_put(scratch, "\"");
}

/* Sets those fields, and null for the others. */
void
emu_derive(const EmuStore *store, uint32_t index, const char *account_sid,
		   EmuScratch *scratch, EmuRow *row)
{
	EmuDerived	derived;
	uint32_t	parent = emu_store_parent(store, index);
	const EmuField *field;
	size_t		mark;

	derived.resource = emu_store_resource(store);
	derived.account_sid = account_sid;
	emu_store_sid(store, index, derived.sid);
	*derived.parent = '\0';
	if (parent != EMU_NONE)
		emu_store_sid(emu_store_parents(store), parent, derived.parent);
	scratch->len = 0;
	for (field = derived.resource->fields; field->name != NULL; field++)
	{
		EmuText    *text = &row->field[field - derived.resource->fields];

		if (field->role < EMU_IS_SID || field->role > EMU_IS_LINKS)
		{
			emu_literal(text, "null");
			continue;
		}
		mark = scratch->len;
		emu_put_derived(scratch, &derived, field);
		emu_take(scratch, mark, text);
	}
}
