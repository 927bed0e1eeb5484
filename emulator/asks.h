/*
 * asks.h
 *		The fields that a type or a regulation asks for, as JSON.
 *
 * In the tables they are names separated by commas. A star behind one says
 * that it must be the end user's.
 */
#ifndef EMU_ASKS_H
#define EMU_ASKS_H

#include <stdbool.h>

#include "buf.h"

#define EMU_MATCHES_END_USER "Matches End-User" /* as a constraint */

extern void emu_asks_friendly(EmuBuf *buf, const char *name, size_t len);
extern void emu_asks_typed(EmuBuf *buf, const char *fields);
extern void emu_asks_names(EmuBuf *buf, const char *fields);
extern void emu_asks_detailed(EmuBuf *buf, const char *fields,
							  const char *whose, bool constraints);

#endif							/* EMU_ASKS_H */
