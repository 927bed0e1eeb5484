/*
 * world.h
 *		All rows of all resources, under one lock.
 *
 * Whoever calls anything but open, close and the locks holds the lock.
 */
#ifndef EMU_WORLD_H
#define EMU_WORLD_H

#include "store.h"

typedef struct EmuWorld EmuWorld;

extern EmuWorld *emu_world_open(const EmuOptions *options);
extern void emu_world_close(EmuWorld *world);
extern void emu_lock_shared(EmuWorld *world);
extern void emu_lock(EmuWorld *world);
extern void emu_unlock(EmuWorld *world);

extern const EmuOptions *emu_world_options(const EmuWorld *world);
extern EmuStore *emu_rows(const EmuWorld *world, const EmuResource *resource);
extern EmuStore *emu_rows_of_sid(const EmuWorld *world, const char *sid,
								 uint32_t *index);
extern bool emu_has_row(const EmuWorld *world, const EmuResource *resource,
						uint32_t index);
extern void emu_remove(EmuWorld *world, const EmuResource *resource,
					   uint32_t index);

#endif							/* EMU_WORLD_H */
