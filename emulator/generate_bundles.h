/*
 * generate_bundles.h
 *		The bundles of the start.
 */
#ifndef EMU_GENERATE_BUNDLES_H
#define EMU_GENERATE_BUNDLES_H

#include "world.h"

extern void emu_bundles_fill(EmuWorld *world);

#endif							/* EMU_GENERATE_BUNDLES_H */
