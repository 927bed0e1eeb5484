/*
 * identity.h
 *		Sids, which can be turned back into numbers, and random numbers.
 */
#ifndef EMU_IDENTITY_H
#define EMU_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

#define EMU_SID_LENGTH 34

/* What makes the sids of one resource. */
typedef struct EmuIdentity
{
	uint64_t	key;			/* from the seed */
	const char *prefix;			/* two letters */
} EmuIdentity;

extern uint64_t emu_mix(uint64_t value);
extern uint64_t emu_next(uint64_t *random);
extern void emu_identity_init(EmuIdentity *identity, uint64_t seed, int salt,
							  const char *prefix);
extern void emu_sid_write(const EmuIdentity *identity, uint32_t index,
						  char sid[EMU_SID_LENGTH + 1]);
extern bool emu_sid_find(const EmuIdentity *identity, const char *sid,
						 uint64_t *index);
extern bool emu_sid_of(EmuText json, char sid[EMU_SID_LENGTH + 1]);
extern bool emu_sid_is(const char *text, const char *prefix);

#endif							/* EMU_IDENTITY_H */
