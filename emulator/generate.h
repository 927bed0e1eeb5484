/*
 * generate.h
 *		The document with number N, made from the seed when it is asked for.
 *
 * A million documents thus cost no memory, and are the same every time.
 */
#ifndef EMU_GENERATE_H
#define EMU_GENERATE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "options.h"

#define EMU_SID_LENGTH 34
#define EMU_DATE_LENGTH 20		/* 2024-02-29T23:59:59Z */

/* The fields, in the order in which a document shows them. */
typedef enum EmuField
{
	EMU_SID,
	EMU_ACCOUNT_SID,
	EMU_FRIENDLY_NAME,
	EMU_MIME_TYPE,
	EMU_STATUS,
	EMU_FAILURE_REASON,
	EMU_ERRORS,
	EMU_TYPE,
	EMU_ATTRIBUTES,
	EMU_DATE_CREATED,
	EMU_DATE_UPDATED,
	EMU_URL,
	EMU_FIELD_COUNT
} EmuField;

/* Each field as JSON text; BORROWED from a scratch or from the store. */
typedef struct EmuDocument
{
	EmuText		field[EMU_FIELD_COUNT];
} EmuDocument;

/* Room for all texts of one generated document, which are short. */
typedef struct EmuScratch
{
	size_t		len;
	char		text[8192];
} EmuScratch;

typedef struct EmuGenerator
{
	uint64_t	key;			/* from the seed */
	uint32_t	documents;
	int64_t		step_s;			/* between two date_created */
	const EmuOptions *options;
} EmuGenerator;

extern const char *const emu_field_names[EMU_FIELD_COUNT];

extern uint64_t emu_mix(uint64_t value);
extern void emu_generator_init(EmuGenerator *generator,
							   const EmuOptions *options);
extern void emu_generate(const EmuGenerator *generator, uint32_t index,
						 EmuScratch *scratch, EmuDocument *document);
extern void emu_generate_identity(const EmuGenerator *generator,
								  uint32_t index, EmuScratch *scratch,
								  EmuDocument *document);
extern int64_t emu_generate_updated(const EmuGenerator *generator,
									uint32_t index);
extern void emu_generate_sid(const EmuGenerator *generator, uint32_t index,
							 char sid[EMU_SID_LENGTH + 1]);
extern bool emu_generate_find(const EmuGenerator *generator, const char *sid,
							  uint64_t *index);
extern void emu_date_write(int64_t unix_s, char out[EMU_DATE_LENGTH]);

#endif							/* EMU_GENERATE_H */
