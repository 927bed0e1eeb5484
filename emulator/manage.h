/*
 * manage.h
 *		What tests do to the rows of a resource behind the API's back.
 */
#ifndef EMU_MANAGE_H
#define EMU_MANAGE_H

#include "request.h"

extern void emu_manage(Emu *emu, EmuRequest *request,
					   const EmuResource *resource, EmuReply *reply);
extern void emu_manage_sid(Emu *emu, EmuRequest *request,
						   const EmuResource *resource, EmuReply *reply);
extern uint64_t emu_manage_count(Emu *emu, const EmuResource *resource);
extern bool emu_manage_row(const Emu *emu, const EmuRequest *request,
						   const EmuStore *rows, EmuReply *reply,
						   uint32_t *index);

#endif							/* EMU_MANAGE_H */
