/*
 * params.h
 *		Parameters by name, with their exact text.
 */
#ifndef EMU_PARAMS_H
#define EMU_PARAMS_H

#include <stdbool.h>

#include "buf.h"

typedef struct EmuParam
{
	char	   *name;
	EmuBuf		value;			/* may hold any byte */
} EmuParam;

typedef struct EmuParams
{
	EmuParam   *param;
	size_t		count;
} EmuParams;

extern EmuParam *emu_params_add(EmuParams *params, const char *name);
extern const EmuParam *emu_params_find(const EmuParams *params,
									   const char *name);
extern const char *emu_params_text(const EmuParams *params, const char *name);
extern bool emu_params_number(const EmuParams *params, const char *name,
							  int64_t *number);
extern void emu_url_encode(EmuBuf *buf, const char *text);
extern void emu_params_free(EmuParams *params);

#endif							/* EMU_PARAMS_H */
