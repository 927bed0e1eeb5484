/*
 * auth.h
 *		Who may see the account's documents.
 */
#ifndef EMU_AUTH_H
#define EMU_AUTH_H

#include "request.h"

/* How a request's credentials are called in the journal. */
extern const char *emu_auth_describe(const EmuRequest *request);
extern void emu_auth_check(const Emu *emu, EmuRequest *request);

#endif							/* EMU_AUTH_H */
