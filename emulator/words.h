/*
 * words.h
 *		The vocabulary of the generated documents.
 *
 * Everything is the inside of a JSON string (escapes and all), so that the
 * generator can copy it as it is.
 */
#ifndef EMU_WORDS_H
#define EMU_WORDS_H

#include <stddef.h>

/* A type of document, and what its attributes look like. */
typedef struct EmuTypeWords
{
	const char *name;
	const char *label;
	const char *attributes;		/* directives: see generate.c */
} EmuTypeWords;

typedef struct EmuRejection
{
	int			code;
	const char *reason;
} EmuRejection;

extern const char *const emu_first_names[];
extern const char *const emu_last_names[];
extern const char *const emu_businesses[];
extern const char *const emu_streets[];
extern const char *const emu_notes[];
extern const char *const emu_countries[];
extern const char *const emu_mime_types[];
extern const EmuTypeWords emu_type_words[];
extern const EmuRejection emu_rejections[];

/* Powers of two, so that a mask picks one. */
#define EMU_NAMES 32
#define EMU_BUSINESSES 32
#define EMU_STREETS 16
#define EMU_NOTES 16
#define EMU_COUNTRIES 16
#define EMU_MIME_TYPES 4
#define EMU_TYPES 16
#define EMU_REJECTIONS 16

#endif							/* EMU_WORDS_H */
