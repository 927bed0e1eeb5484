/*
 * digest.h
 *		A digest over all rows of a resource that SQL can reproduce.
 */
#ifndef EMU_DIGEST_H
#define EMU_DIGEST_H

#include "world.h"

extern void emu_digest(EmuWorld *world, const EmuResource *resource,
					   EmuBuf *buf);

#endif							/* EMU_DIGEST_H */
