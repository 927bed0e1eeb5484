/*
 * journal.c
 *		What was sent, and how was it answered?
 *
 * A ring, so that a benchmark does not fill the memory.
 */
#include "journal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Enough for a test that writes some thousand documents. */
#define EMU_JOURNAL_ENTRIES 16384

typedef struct EmuEntry
{
	char	   *members;		/* JSON without the outer braces */
	unsigned	status;			/* answered; 0: not, or not yet */
	char	   *carried_out;	/* sid of the document written, or NULL */
} EmuEntry;

struct EmuJournal
{
	pthread_mutex_t lock;
	uint64_t	first;			/* number of the oldest one kept */
	uint64_t	next;			/* number of the next one */
	EmuEntry	entry[EMU_JOURNAL_ENTRIES];
};

EmuJournal *
emu_journal_open(void)
{
	EmuJournal *journal = emu_alloc(sizeof(*journal));

	pthread_mutex_init(&journal->lock, NULL);
	return journal;
}

static EmuEntry *
emu_journal_entry(EmuJournal *journal, uint64_t number)
{
	return &journal->entry[number % EMU_JOURNAL_ENTRIES];
}

static void
emu_entry_clear(EmuEntry *entry)
{
	free(entry->members);
	free(entry->carried_out);
	memset(entry, 0, sizeof(*entry));
}

/* Numbers go on, so that a request in flight does not write into another. */
void
emu_journal_clear(EmuJournal *journal)
{
	pthread_mutex_lock(&journal->lock);
	for (; journal->first < journal->next; journal->first++)
		emu_entry_clear(emu_journal_entry(journal, journal->first));
	pthread_mutex_unlock(&journal->lock);
}

void
emu_journal_close(EmuJournal *journal)
{
	emu_journal_clear(journal);
	pthread_mutex_destroy(&journal->lock);
	free(journal);
}

/* STEALS members; returns the entry's number. */
uint64_t
emu_journal_add(EmuJournal *journal, char *members)
{
	uint64_t	number;
	EmuEntry   *entry;

	pthread_mutex_lock(&journal->lock);
	number = journal->next++;
	entry = emu_journal_entry(journal, number);
	emu_entry_clear(entry);
	entry->members = members;
	if (journal->next - journal->first > EMU_JOURNAL_ENTRIES)
		journal->first++;
	pthread_mutex_unlock(&journal->lock);
	return number;
}

/*
 * Notes how it was answered (0: no change), and which document was created,
 * updated or deleted by it (NULL: no change).
 */
void
emu_journal_answer(EmuJournal *journal, uint64_t number, unsigned status,
				   const char *carried_out)
{
	pthread_mutex_lock(&journal->lock);
	if (number >= journal->first && number < journal->next)
	{
		EmuEntry   *entry = emu_journal_entry(journal, number);

		if (status != 0)
			entry->status = status;
		if (carried_out != NULL)
		{
			free(entry->carried_out);
			entry->carried_out = emu_copy(carried_out, strlen(carried_out));
		}
	}
	pthread_mutex_unlock(&journal->lock);
}

static void
emu_entry_render(const EmuEntry *entry, uint64_t number, EmuBuf *buf)
{
	emu_buf_printf(buf, "{\"number\":%llu,", (unsigned long long) number);
	emu_buf_put(buf, entry->members);
	if (entry->status != 0)
		emu_buf_printf(buf, ",\"answered\":%u", entry->status);
	else
		emu_buf_put(buf, ",\"answered\":null");
	if (entry->carried_out != NULL)
		emu_buf_printf(buf, ",\"carried_out\":\"%s\"}", entry->carried_out);
	else
		emu_buf_put(buf, ",\"carried_out\":null}");
}

/* The last so many, the oldest first; 0: all that are kept. */
void
emu_journal_render(EmuJournal *journal, uint64_t entries, EmuBuf *buf)
{
	uint64_t	number;
	const char *separator = "[";

	pthread_mutex_lock(&journal->lock);
	number = journal->first;
	if (entries > 0 && journal->next - number > entries)
		number = journal->next - entries;
	for (; number < journal->next; number++)
	{
		emu_buf_put(buf, separator);
		emu_entry_render(emu_journal_entry(journal, number), number, buf);
		separator = ",\n";
	}
	pthread_mutex_unlock(&journal->lock);
	emu_buf_put(buf, *separator == '[' ? "[]\n" : "]\n");
}

void
emu_journal_last(EmuJournal *journal, EmuBuf *buf)
{
	pthread_mutex_lock(&journal->lock);
	if (journal->first < journal->next)
		emu_entry_render(emu_journal_entry(journal, journal->next - 1),
						 journal->next - 1, buf);
	else
		emu_buf_put(buf, "null");
	pthread_mutex_unlock(&journal->lock);
	emu_buf_put(buf, "\n");
}
