/*
 * token.h
 *		Page tokens, which mean nothing to a client.
 */
#ifndef EMU_TOKEN_H
#define EMU_TOKEN_H

#include "view.h"

/* Where a page begins (or, going back, ends). */
typedef struct EmuPlace
{
	bool		backwards;		/* the page is the one that ends there */
	size_t		position;		/* in the list's order */
	uint64_t	offset;			/* rows before it; offset tokens only */
} EmuPlace;

extern bool emu_token_read(const Emu *emu, const EmuView *view,
						   const char *token, EmuPlace *place);
extern void emu_token_after(const Emu *emu, const EmuView *view,
							size_t position, uint64_t offset, EmuBuf *buf);
extern void emu_token_before(const Emu *emu, const EmuView *view,
							 size_t position, uint64_t offset, EmuBuf *buf);

#endif							/* EMU_TOKEN_H */
