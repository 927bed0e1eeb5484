/*
 * control.h
 *		The control path, outside the API, for tests.
 */
#ifndef EMU_CONTROL_H
#define EMU_CONTROL_H

#include "request.h"

extern void emu_control_answer(Emu *emu, EmuRequest *request,
							   EmuReply *reply);

#endif							/* EMU_CONTROL_H */
