/*
 * types.c
 *		What have the types of documents and those of end users in common?
 */
#include "types.h"

#include <string.h>

#include "asks.h"

const EmuField emu_type_fields[] = {
	[EMU_TYPE_SID] = {"sid", EMU_TEXT_SID, EMU_IS_SID, "OY", NULL},
	[EMU_TYPE_FRIENDLY_NAME] =
	{"friendly_name", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_TYPE_MACHINE_NAME] = {"machine_name", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_TYPE_FIELDS] = {"fields", EMU_ARRAY, EMU_KEPT, NULL, "[]"},
	[EMU_TYPE_URL] = {"url", EMU_URI, EMU_IS_URL, NULL, NULL},
	{NULL, EMU_TEXT, EMU_KEPT, NULL, NULL}
};

/* Adds a row for each. */
void
emu_types_fill(EmuStore *rows, const EmuTypeAsks *types, size_t count)
{
	size_t		i;

	for (i = 0; i < count; i++)
	{
		uint32_t	index = emu_store_create(rows, EMU_NONE);
		EmuBuf		buf = {0};

		emu_buf_put(&buf, "\"");
		emu_asks_friendly(&buf, types[i].name, strlen(types[i].name));
		emu_buf_put(&buf, "\"");
		emu_store_set(rows, index, EMU_TYPE_FRIENDLY_NAME, buf.data);
		memset(&buf, 0, sizeof(buf));
		emu_buf_printf(&buf, "\"%s\"", types[i].name);
		emu_store_set(rows, index, EMU_TYPE_MACHINE_NAME, buf.data);
		memset(&buf, 0, sizeof(buf));
		emu_asks_typed(&buf, types[i].fields);
		emu_store_set(rows, index, EMU_TYPE_FIELDS, buf.data);
	}
}
