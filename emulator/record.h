/*
 * record.h
 *		Writing a request into the journal.
 */
#ifndef EMU_RECORD_H
#define EMU_RECORD_H

#include "request.h"

extern void emu_record(Emu *emu, EmuRequest *request);

#endif							/* EMU_RECORD_H */
