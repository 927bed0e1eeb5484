/*
 * template.h
 *		Short texts of generated rows, put together piece by piece.
 */
#ifndef EMU_TEMPLATE_H
#define EMU_TEMPLATE_H

#include <string.h>

#include "buf.h"

/* Room for all texts of one generated row, which are short. */
typedef struct EmuScratch
{
	size_t		len;
	char		text[8192];
} EmuScratch;

/* In line, as a page of documents is some hundred thousand calls of these. */
static inline void
emu_put_bytes(EmuScratch *scratch, const char *data, size_t len)
{
	memcpy(scratch->text + scratch->len, data, len);
	scratch->len += len;
}

static inline void
emu_put(EmuScratch *scratch, const char *text)
{
	emu_put_bytes(scratch, text, strlen(text));
}

/* Ends the text that began at the mark and makes it the field's. */
static inline void
emu_take(EmuScratch *scratch, size_t mark, EmuText *field)
{
	field->data = scratch->text + mark;
	field->len = scratch->len - mark;
}

static inline void
emu_literal(EmuText *field, const char *text)
{
	field->data = text;
	field->len = strlen(text);
}

extern void emu_put_number(EmuScratch *scratch, uint64_t value);
extern void emu_put_date(EmuScratch *scratch, int64_t unix_s, size_t len);
extern void emu_put_template(EmuScratch *scratch, const char *template,
							 uint64_t *random, int64_t created);

#endif							/* EMU_TEMPLATE_H */
