/*
 * digest.h
 *		A digest over all documents that SQL can reproduce.
 */
#ifndef EMU_DIGEST_H
#define EMU_DIGEST_H

#include "store.h"

extern void emu_digest(EmuStore *store, EmuBuf *buf);

#endif							/* EMU_DIGEST_H */
