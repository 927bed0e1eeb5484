/*
 * http.h
 *		The server: connections, requests, and who answers them.
 */
#ifndef EMU_HTTP_H
#define EMU_HTTP_H

#include "request.h"

extern struct MHD_Daemon *emu_http_start(Emu *emu, const char *certificate,
										 const char *key);

#endif							/* EMU_HTTP_H */
