/*
 * json.h
 *		JSON as text: strings in and out, and the members of an object.
 *
 * Documents are kept as the text that the client sent, because a parsed and
 * printed number need not be the same number.
 */
#ifndef EMU_JSON_H
#define EMU_JSON_H

#include <stdbool.h>

#include "buf.h"

extern bool emu_json_is_object(const char *text, size_t len);
extern bool emu_json_is_valid(const char *text, size_t len);
extern bool emu_utf8_is_valid(const char *text, size_t len);
extern void emu_json_add_string(EmuBuf *buf, const char *text, size_t len);
extern void emu_json_add_text(EmuBuf *buf, const char *text);
extern char *emu_json_string(const char *text, size_t len); /* NEW */
extern void emu_json_decode(EmuBuf *buf, EmuText string);
extern bool emu_json_member(const char **cursor, EmuText *key, EmuText *value);
extern bool emu_json_get(const char *object, const char *name,
						 EmuText *value);
extern bool emu_json_same_text(EmuText one, EmuText other);
extern EmuText emu_json_trim(const char *text, size_t len);
extern char *emu_json_merge(EmuText old, EmuText new);	/* NEW */

#endif							/* EMU_JSON_H */
