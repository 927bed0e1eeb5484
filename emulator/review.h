/*
 * review.h
 *		What the vendor's reviewers do, told by a test.
 */
#ifndef EMU_REVIEW_H
#define EMU_REVIEW_H

#include "request.h"

extern void emu_review(Emu *emu, EmuRequest *request, EmuReply *reply);
extern void emu_assign(Emu *emu, EmuRequest *request, EmuReply *reply);

#endif							/* EMU_REVIEW_H */
