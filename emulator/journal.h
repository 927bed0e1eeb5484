/*
 * journal.h
 *		What was last sent: one entry a request, as JSON text.
 */
#ifndef EMU_JOURNAL_H
#define EMU_JOURNAL_H

#include "buf.h"

typedef struct EmuJournal EmuJournal;

extern EmuJournal *emu_journal_open(void);
extern void emu_journal_close(EmuJournal *journal);
extern void emu_journal_clear(EmuJournal *journal);
extern uint64_t emu_journal_add(EmuJournal *journal, char *members);
extern void emu_journal_answer(EmuJournal *journal, uint64_t number,
							   unsigned status, const char *carried_out);
extern void emu_journal_render(EmuJournal *journal, uint64_t entries,
							   EmuBuf *buf);
extern void emu_journal_last(EmuJournal *journal, EmuBuf *buf);

#endif							/* EMU_JOURNAL_H */
