/*
 * asks.c
 *		How are the fields described that a type or a regulation asks for?
 */
#include "asks.h"

#include <ctype.h>
#include <string.h>

/* One name of a list. */
typedef struct EmuAsk
{
	const char *name;
	size_t		len;
	bool		matches;		/* the end user's field of that name */
} EmuAsk;

/* Steps to the next name; false: there is none. */
static bool
emu_ask_next(const char **fields, EmuAsk *ask)
{
	size_t		len = strcspn(*fields, ",");

	if (len == 0)
		return false;
	ask->name = *fields;
	ask->matches = (*fields)[len - 1] == '*';
	ask->len = len - ask->matches;
	*fields += len + ((*fields)[len] == ',');
	return true;
}

static bool
emu_ask_has(const EmuAsk *ask, const char *part)
{
	char		name[64] = "";

	memcpy(name, ask->name, ask->len < 63 ? ask->len : 63);
	return strstr(name, part) != NULL;
}

/* "document_number" becomes "Document Number". */
void
emu_asks_friendly(EmuBuf *buf, const char *name, size_t len)
{
	size_t		i;
	char		letter;

	if (len == 12 && memcmp(name, "address_sids", len) == 0)
	{
		emu_buf_put(buf, "Address sid(s)"); /* as the vendor has it */
		return;
	}
	for (i = 0; i < len; i++)
	{
		letter = name[i] == '_' ? ' ' : name[i];
		if (i == 0 || name[i - 1] == '_')
			letter = (char) toupper((unsigned char) letter);
		emu_buf_add(buf, &letter, 1);
	}
}

static const char *
emu_ask_constraint(const EmuAsk *ask)
{
	if (ask->matches)
		return EMU_MATCHES_END_USER;
	if (emu_ask_has(ask, "_sids"))
		return "Array";
	if (emu_ask_has(ask, "_date"))
		return "Date";
	return emu_ask_has(ask, "is_") ? "Boolean" : "String";
}

/* The fields of a type. */
void
emu_asks_typed(EmuBuf *buf, const char *fields)
{
	const char *separator = "";
	EmuAsk		ask;

	emu_buf_put(buf, "[");
	while (emu_ask_next(&fields, &ask))
	{
		emu_buf_printf(buf, "%s{\"friendly_name\":\"", separator);
		emu_asks_friendly(buf, ask.name, ask.len);
		emu_buf_printf(buf, "\",\"machine_name\":\"%.*s\","
					   "\"constraint\":\"%s\"}", (int) ask.len, ask.name,
					   emu_ask_constraint(&ask));
		separator = ",";
	}
	emu_buf_put(buf, "]");
}

/* Their names alone. */
void
emu_asks_names(EmuBuf *buf, const char *fields)
{
	const char *separator = "";
	EmuAsk		ask;

	emu_buf_put(buf, "[");
	while (emu_ask_next(&fields, &ask))
	{
		emu_buf_printf(buf, "%s\"%.*s\"", separator, (int) ask.len, ask.name);
		separator = ",";
	}
	emu_buf_put(buf, "]");
}

/* The fields of a requirement. */
void
emu_asks_detailed(EmuBuf *buf, const char *fields, const char *whose,
				  bool constraints)
{
	const char *separator = "";
	EmuAsk		ask;

	emu_buf_put(buf, "[");
	while (emu_ask_next(&fields, &ask))
	{
		emu_buf_printf(buf, "%s{\"machine_name\":\"%.*s\","
					   "\"friendly_name\":\"", separator, (int) ask.len,
					   ask.name);
		emu_asks_friendly(buf, ask.name, ask.len);
		emu_buf_put(buf, "\",\"description\":\"");
		emu_asks_friendly(buf, ask.name, ask.len);
		emu_buf_printf(buf, " of the %s\"", whose);
		if (constraints)
			emu_buf_printf(buf, ",\"constraint\":\"%s\"",
						   emu_ask_constraint(&ask));
		emu_buf_put(buf, "}");
		separator = ",";
	}
	emu_buf_put(buf, "]");
}
