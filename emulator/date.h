/*
 * date.h
 *		Dates as the API writes them.
 */
#ifndef EMU_DATE_H
#define EMU_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

#define EMU_DATE_LENGTH 20		/* 2024-02-29T23:59:59Z */
#define EMU_DAY_S 86400

extern void emu_date_write(int64_t unix_s, char out[EMU_DATE_LENGTH]);
extern bool emu_date_read(const char *text, int64_t *unix_s);
extern char *emu_date_json(int64_t unix_s); /* NEW */
extern bool emu_date_of(EmuText json, int64_t *unix_s);

#endif							/* EMU_DATE_H */
