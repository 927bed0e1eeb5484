/*
 * failure.h
 *		Answers that say that something went wrong.
 */
#ifndef EMU_FAILURE_H
#define EMU_FAILURE_H

#include "request.h"

extern void emu_fail(const Emu *emu, EmuReply *reply, unsigned status,
					 int code, const char *format,...)
			__attribute__((format(printf, 5, 6)));
extern void emu_fail_not_found(const Emu *emu, const EmuRequest *request,
							   EmuReply *reply);
extern void emu_fail_as_told(const EmuFault *fault, EmuReply *reply);

#endif							/* EMU_FAILURE_H */
