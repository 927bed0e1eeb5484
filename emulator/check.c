/*
 * check.c
 *		Does a value have the type that a table asks for?
 */
#include "check.h"

#include <string.h>

#include "date.h"
#include "identity.h"
#include "json.h"

/* Which of "a|b|c" the value is, from 0, or -1. */
int
emu_choice_index(const char *choices, const char *value)
{
	size_t		len = strlen(value);
	int			number;

	for (number = 0;; number++)
	{
		size_t		step = strcspn(choices, "|");

		if (step == len && memcmp(choices, value, len) == 0)
			return number;
		if (choices[step] == '\0')
			return -1;
		choices += step + 1;
	}
}

bool
emu_value_is(EmuType type, const char *detail, const char *value, size_t len)
{
	int64_t		date;

	switch (type)
	{
		case EMU_TEXT_SID:
			return emu_sid_is(value, detail);
		case EMU_DATE:
			return emu_date_read(value, &date);
		case EMU_URI:
			return *value == '\0' || strncmp(value, "http://", 7) == 0 ||
				strncmp(value, "https://", 8) == 0;
		case EMU_CHOICE:
			return emu_choice_index(detail, value) >= 0;
		case EMU_BOOLEAN:
			return emu_choice_index("true|false", value) >= 0;
		case EMU_ANY:
			return emu_json_is_object(value, len);
		default:
			return true;
	}
}

/* Whether a text is among those of a list, separated by commas. */
bool
emu_list_has(const char *list, const char *value, size_t len)
{
	size_t		step;

	for (;; list += step + 1)
	{
		step = strcspn(list, ",");
		if (step > 0 && step == len && memcmp(list, value, len) == 0)
			return true;
		if (list[step] == '\0')
			return false;
	}
}

/* The same for a text that is a JSON string. */
bool
emu_list_has_json(const char *list, EmuText json_string)
{
	return json_string.len > 2 &&
		emu_list_has(list, json_string.data + 1, json_string.len - 2);
}
