/*
 * types.h
 *		The two resources of types, which are alike.
 */
#ifndef EMU_TYPES_H
#define EMU_TYPES_H

#include "world.h"

typedef enum EmuTypeField
{
	EMU_TYPE_SID,
	EMU_TYPE_FRIENDLY_NAME,
	EMU_TYPE_MACHINE_NAME,
	EMU_TYPE_FIELDS,
	EMU_TYPE_URL
} EmuTypeField;

/* A machine name, and what it asks for. */
typedef struct EmuTypeAsks
{
	const char *name;
	const char *fields;			/* separated by commas */
} EmuTypeAsks;

extern const EmuField emu_type_fields[];

extern void emu_types_fill(EmuStore *rows, const EmuTypeAsks *types,
						   size_t count);

#endif							/* EMU_TYPES_H */
