/*
 * derive.h
 *		The fields of a row that follow from which row it is.
 */
#ifndef EMU_DERIVE_H
#define EMU_DERIVE_H

#include "store.h"

extern void emu_derive(const EmuStore *store, uint32_t index,
					   const char *account_sid, EmuScratch *scratch,
					   EmuRow *row);

#endif							/* EMU_DERIVE_H */
