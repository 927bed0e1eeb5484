/*
 * regulations.h
 *		The fields of a regulation, and how one is found.
 */
#ifndef EMU_REGULATIONS_H
#define EMU_REGULATIONS_H

#include "world.h"

typedef enum EmuRegulationField
{
	EMU_REG_SID,
	EMU_REG_FRIENDLY_NAME,
	EMU_REG_ISO_COUNTRY,
	EMU_REG_NUMBER_TYPE,
	EMU_REG_END_USER_TYPE,
	EMU_REG_REQUIREMENTS,
	EMU_REG_URL,
	EMU_REG_CONSTRAINTS			/* the requirements with theirs */
} EmuRegulationField;

#define EMU_NUMBER_TYPES "local|mobile|national|toll-free|tollfree"
#define EMU_END_USER_TYPE_CHOICES "individual|business"

extern void emu_requirements(EmuBuf *buf, const char *blocks,
							 bool constraints);
extern uint32_t emu_regulation_for(const EmuStore *regulations,
								   const char *iso_country,
								   const char *number_type,
								   const char *end_user_type);

#endif							/* EMU_REGULATIONS_H */
