/*
 * mischief.h
 *		How faults are played out on a connection.
 */
#ifndef EMU_MISCHIEF_H
#define EMU_MISCHIEF_H

#include "request.h"

extern bool emu_mischief_replaces(const EmuFault *fault);
extern bool emu_mischief_is_silent(const EmuFault *fault);
extern void emu_mischief_replace(const EmuFault *fault, EmuReply *reply);
extern void emu_mischief_reset(struct MHD_Connection *connection);
extern struct MHD_Response *emu_mischief_response(Emu *emu,
												  EmuRequest *request,
												  EmuBuf *body);

#endif							/* EMU_MISCHIEF_H */
