/*
 * api.h
 *		The API itself: paths, and what each request does.
 */
#ifndef EMU_API_H
#define EMU_API_H

#include "request.h"

#define EMU_CONTROL_PATH "/_emulator/"

/* A request that concerns a row, while it is carried out. */
typedef struct EmuCall
{
	Emu		   *emu;
	EmuRequest *request;
	EmuReply   *reply;
	const EmuResource *resource;
	EmuStore   *rows;			/* those that the resource shows */
	uint32_t	parent;			/* EMU_NONE: its path names none */
	uint32_t	index;
} EmuCall;

/* api.c */
extern void emu_api_route(const Emu *emu, EmuRequest *request);
extern void emu_api_answer(Emu *emu, EmuRequest *request, EmuReply *reply);
extern bool emu_call_parent(EmuCall *call);
extern bool emu_call_row(EmuCall *call);
extern void emu_call_render(EmuCall *call);
extern void emu_call_show(const EmuCall *call, EmuShow *show);
extern void emu_call_done(EmuCall *call, EmuCounter counter);

/* paging.c */
extern void emu_api_list(EmuCall *call);

/* write.c */
extern bool emu_check_body(const EmuCall *call);
extern bool emu_form_has_any(const EmuCall *call, const EmuRule *rules);
extern void emu_set_attributes(const EmuCall *call, int field,
							   const EmuParam *param, bool merge);
extern void emu_set_form(const EmuCall *call, const EmuRule *rule,
						 bool update);
extern void emu_api_create(EmuCall *call);
extern void emu_api_update(EmuCall *call);
extern void emu_api_delete(EmuCall *call);

#endif							/* EMU_API_H */
