/*
 * generate.h
 *		The document with number N, made from the seed when it is asked for.
 *
 * A million documents thus cost no memory, and are the same every time.
 */
#ifndef EMU_GENERATE_H
#define EMU_GENERATE_H

#include "identity.h"
#include "options.h"
#include "resource.h"

#define EMU_FIRST_DATE 1564531200	/* 2019-07-31, in the vendor's samples */
#define EMU_LAST_DATE 1756684800	/* 2025-09-01 */

typedef struct EmuGenerator
{
	uint64_t	key;			/* from the seed */
	uint32_t	documents;
	int64_t		step_s;			/* between two date_created */
	const EmuOptions *options;
} EmuGenerator;

extern void emu_generator_init(EmuGenerator *generator,
							   const EmuIdentity *identity,
							   const EmuOptions *options);
extern void emu_generate(const EmuGenerator *generator, uint32_t index,
						 EmuScratch *scratch, EmuRow *row);
extern int64_t emu_generate_updated(const EmuGenerator *generator,
									uint32_t index);

#endif							/* EMU_GENERATE_H */
