/*
 * reply.h
 *		Sending an answer.
 */
#ifndef EMU_REPLY_H
#define EMU_REPLY_H

#include "request.h"

extern enum MHD_Result emu_reply_send(Emu *emu, EmuRequest *request,
									  EmuReply *reply);
extern void emu_request_leave(Emu *emu, EmuRequest *request);

#endif							/* EMU_REPLY_H */
