/*
 * form.h
 *		A request's body: a form, urlencoded or multipart, maybe with a file.
 */
#ifndef EMU_FORM_H
#define EMU_FORM_H

#include "request.h"

extern void emu_form_begin(EmuRequest *request);
extern void emu_form_feed(EmuRequest *request, const char *data, size_t len);
extern void emu_form_end(EmuRequest *request);

#endif							/* EMU_FORM_H */
