/*
 * check.h
 *		Whether the values of parameters are what the tables say.
 */
#ifndef EMU_CHECK_H
#define EMU_CHECK_H

#include "resource.h"

extern int	emu_choice_index(const char *choices, const char *value);
extern bool emu_value_is(EmuType type, const char *detail, const char *value,
						 size_t len);
extern bool emu_list_has(const char *list, const char *value, size_t len);
extern bool emu_list_has_json(const char *list, EmuText json_string);

#endif							/* EMU_CHECK_H */
