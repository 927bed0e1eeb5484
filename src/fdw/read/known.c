/*-------------------------------------------------------------------------
 *
 * known.c
 *	  Rows kept by the key that they were asked for by.
 *
 * Keys come again in later batches, so answers are kept as long as they fit in
 * work_mem; then all are forgotten, before the next batch.  The rows of one
 * batch that do not fit are on disk, each with the place of the one before it
 * of the same key.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "commands/tablespace.h"
#include "common/hashfn.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/buffile.h"
#include "utils/memutils.h"

#include "src/fdw/read/known.h"

/* Keys, to begin with; the table grows. */
#define FIRST_SIZE 64

#define NOWHERE (-1)			/* no place on disk */

typedef struct Row
{
	struct Row *next;
	MinimalTuple tuple;
} Row;

typedef struct Entry
{
	const char *key;
	uint32		batch;			/* in which it was expected last */
	bool		complete;
	Row		   *first;
	Row		   *last;
	int64		place;			/* on disk, of its last row there */
	char		status;			/* simplehash's */
} Entry;

#define SH_PREFIX answerset
#define SH_ELEMENT_TYPE Entry
#define SH_KEY_TYPE const char *
#define SH_KEY key
#define SH_HASH_KEY(tb, key) \
	hash_bytes((const unsigned char *) (key), strlen(key))
#define SH_EQUAL(tb, a, b) (strcmp(a, b) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* What stands in front of a row on disk. */
typedef struct Head
{
	int64		previous;		/* the place of another row of the key */
	uint32		length;			/* bytes, of the tuple */
} Head;

struct RegdocsKnown
{
	/* All that is known, reset when it is forgotten */
	MemoryContext answers_context;
	answerset_hash *set;
	BufFile    *file;			/* NULL: there is none */
	int64		file_end;		/* bytes */

	/* The present batch */
	MemoryContext batch_context;
	uint32		batch;
	List	   *keys;			/* texts */
	bool		cannot_send;	/* one of some batch */

	/* What is being read */
	const Row  *next_row;
	int64		next_place;

	MemoryContext context;		/* everything here, this struct too */
};

static void
make_set(RegdocsKnown *answers)
{
	answers->set = answerset_create(answers->answers_context, FIRST_SIZE,
									NULL);
}

RegdocsKnown *
regdocs_known_new(void)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "regdocs_fdw answers",
												  ALLOCSET_SMALL_SIZES);
	RegdocsKnown *answers = MemoryContextAllocZero(context,
												   sizeof(RegdocsKnown));

	answers->context = context;
	answers->answers_context = AllocSetContextCreate(context,
													 "regdocs_fdw known",
													 ALLOCSET_DEFAULT_SIZES);
	answers->batch_context = AllocSetContextCreate(context,
												   "regdocs_fdw batch",
												   ALLOCSET_SMALL_SIZES);
	answers->next_place = NOWHERE;
	answers->batch = 1;
	make_set(answers);
	return answers;
}

void
regdocs_known_clear(RegdocsKnown *answers)
{
	if (answers->file != NULL)
		BufFileClose(answers->file);
	answers->file = NULL;
	answers->file_end = 0;
	answers->next_row = NULL;
	answers->next_place = NOWHERE;
	MemoryContextReset(answers->answers_context);
	make_set(answers);
}

static bool
is_full(const RegdocsKnown *answers)
{
	return MemoryContextMemAllocated(answers->answers_context, true) >
		work_mem * (Size) 1024;
}

void
regdocs_known_begin_batch(RegdocsKnown *answers)
{
	if (answers->file != NULL || is_full(answers))
		regdocs_known_clear(answers);
	answers->batch++;
	answers->keys = NIL;
	MemoryContextReset(answers->batch_context);
}

/* ---- Keys ---- */

/* The key's entry, made where there is none; BORROWED until the next one. */
static Entry *
make_entry(RegdocsKnown *answers, const char *key)
{
	Entry	   *entry = answerset_lookup(answers->set, key);
	bool		found;

	if (entry != NULL)
		return entry;
	key = MemoryContextStrdup(answers->answers_context, key);
	entry = answerset_insert(answers->set, key, &found);
	entry->batch = 0;
	entry->complete = false;
	entry->first = NULL;
	entry->last = NULL;
	entry->place = NOWHERE;
	return entry;
}

bool
regdocs_known_expect(RegdocsKnown *answers, const char *key,
					 bool can_send)
{
	Entry	   *entry = make_entry(answers, key);
	MemoryContext old_context;

	if (!can_send)
		answers->cannot_send = true;
	if (entry->batch == answers->batch)
		return false;
	entry->batch = answers->batch;

	/* The batch keeps it in case that the answers are forgotten. */
	old_context = MemoryContextSwitchTo(answers->batch_context);
	answers->keys = lappend(answers->keys, pstrdup(key));
	MemoryContextSwitchTo(old_context);
	return !entry->complete;
}

bool
regdocs_known_can_send(const RegdocsKnown *answers)
{
	return !answers->cannot_send;
}

bool
regdocs_known_has(const RegdocsKnown *answers, const char *key)
{
	const Entry *entry = answerset_lookup(answers->set, key);

	return entry != NULL && entry->complete;
}

RegdocsValues *
regdocs_known_missing(RegdocsKnown *answers)
{
	MemoryContext old_context = MemoryContextSwitchTo(answers->batch_context);
	RegdocsValues *missing = palloc(sizeof(RegdocsValues));
	ListCell   *cell;

	missing->nvalues = 0;
	missing->values = palloc(sizeof(char *) *
							 Max(list_length(answers->keys), 1));
	foreach(cell, answers->keys)
	{
		char	   *key = lfirst(cell);

		Entry	   *entry = make_entry(answers, key);

		entry->batch = answers->batch;
		if (!entry->complete)
			missing->values[missing->nvalues++] = key;
	}
	regdocs_asked_make_distinct(missing);
	MemoryContextSwitchTo(old_context);
	return missing;
}

/* ---- Rows ---- */

static void
seek(BufFile *file, int64 place)
{
	if (BufFileSeek(file, 0, place, SEEK_SET) != 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not seek in temporary file: %m")));
}

/* BufFileRead, which raises an error of its own in later versions too. */
static void
read_exactly(BufFile *file, void *buffer, size_t size)
{
	if (BufFileRead(file, buffer, size) != size)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read from temporary file: %m")));
}

static void
add_on_disk(RegdocsKnown *answers, Entry *entry, MinimalTuple tuple)
{
	Head		head = {entry->place, tuple->t_len};

	if (answers->file == NULL)
	{
		MemoryContext old_context = MemoryContextSwitchTo(answers->context);

		PrepareTempTablespaces();
		answers->file = BufFileCreateTemp(false);
		MemoryContextSwitchTo(old_context);
	}
	seek(answers->file, answers->file_end);
	BufFileWrite(answers->file, &head, sizeof(head));
	BufFileWrite(answers->file, tuple, tuple->t_len);
	entry->place = answers->file_end;
	answers->file_end += sizeof(head) + tuple->t_len;
}

void
regdocs_known_add(RegdocsKnown *answers, const char *key,
				  TupleTableSlot *slot)
{
	Entry	   *entry = answerset_lookup(answers->set, key);
	MemoryContext old_context;
	Row		   *row;

	if (entry == NULL || entry->complete || entry->batch != answers->batch)
		return;
	if (is_full(answers))
	{
		MinimalTuple tuple = ExecCopySlotMinimalTuple(slot);

		add_on_disk(answers, entry, tuple);
		pfree(tuple);
		return;
	}
	old_context = MemoryContextSwitchTo(answers->answers_context);
	row = palloc(sizeof(Row));
	row->next = NULL;
	row->tuple = ExecCopySlotMinimalTuple(slot);
	if (entry->last == NULL)
		entry->first = row;
	else
		entry->last->next = row;
	entry->last = row;
	MemoryContextSwitchTo(old_context);
}

void
regdocs_known_complete(RegdocsKnown *answers, const RegdocsValues *keys)
{
	int			i;

	for (i = 0; i < keys->nvalues; i++)
		answerset_lookup(answers->set, keys->values[i])->complete = true;
}

void
regdocs_known_seek(RegdocsKnown *answers, const char *key)
{
	const Entry *entry = key == NULL ? NULL :
	answerset_lookup(answers->set, key);

	answers->next_row = entry == NULL ? NULL : entry->first;
	answers->next_place = entry == NULL ? NOWHERE : entry->place;
}

static MinimalTuple
read_from_disk(RegdocsKnown *answers)
{
	MinimalTuple tuple;
	Head		head;

	seek(answers->file, answers->next_place);
	read_exactly(answers->file, &head, sizeof(head));
	tuple = palloc(head.length);
	read_exactly(answers->file, tuple, head.length);
	answers->next_place = head.previous;
	return tuple;
}

bool
regdocs_known_next(RegdocsKnown *answers, TupleTableSlot *slot)
{
	const Row  *row = answers->next_row;
	MemoryContext old_context;

	if (row != NULL)
	{
		answers->next_row = row->next;
		ExecStoreMinimalTuple(row->tuple, slot, false);
		return true;
	}
	if (answers->next_place == NOWHERE)
		return false;

	/* The slot frees it, maybe when the answers have ended. */
	old_context = MemoryContextSwitchTo(slot->tts_mcxt);
	ExecStoreMinimalTuple(read_from_disk(answers), slot, true);
	MemoryContextSwitchTo(old_context);
	return true;
}

void
regdocs_known_end(RegdocsKnown *answers)
{
	if (answers->file != NULL)
		BufFileClose(answers->file);
	MemoryContextDelete(answers->context);
}
