/*
 * api.h
 *		The API itself: paths, and what each request does.
 */
#ifndef EMU_API_H
#define EMU_API_H

#include "request.h"

#define EMU_CONTROL_PATH "/_emulator/"
#define EMU_RESOURCE_PATH "/v2/RegulatoryCompliance/SupportingDocuments"

/* api.c */
extern void emu_api_route(const Emu *emu, EmuRequest *request);
extern void emu_api_answer(Emu *emu, EmuRequest *request, EmuReply *reply);
extern bool emu_api_list_has(const char *list, EmuText json_string);

/* paging.c */
extern void emu_api_list(Emu *emu, EmuRequest *request, EmuReply *reply);

/* write.c */
extern void emu_api_create(Emu *emu, EmuRequest *request, EmuReply *reply);
extern void emu_api_update(Emu *emu, EmuRequest *request, EmuReply *reply);

#endif							/* EMU_API_H */
