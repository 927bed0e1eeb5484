/*
 * openapi.h
 *		Whether the tables agree with the vendor's own description.
 */
#ifndef EMU_OPENAPI_H
#define EMU_OPENAPI_H

extern int	emu_openapi_check(const char *file);

#endif							/* EMU_OPENAPI_H */
