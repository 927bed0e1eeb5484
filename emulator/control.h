/*
 * control.h
 *		The control path, outside the API, for tests.
 */
#ifndef EMU_CONTROL_H
#define EMU_CONTROL_H

#include "request.h"

extern void emu_control_refuse(EmuReply *reply, unsigned status,
							   const char *why);
extern bool emu_control_number(const EmuRequest *request, EmuReply *reply,
							   const char *name, int64_t *number);
extern void emu_control_answer(Emu *emu, EmuRequest *request,
							   EmuReply *reply);

#endif							/* EMU_CONTROL_H */
