/*-------------------------------------------------------------------------
 *
 * journal.c
 *	  What the transaction that wrote last has written, write by write: kept
 *	  for the session, whatever became of the transaction.
 *
 * An entry is made when a write is queued, while errors can still be raised,
 * and overwritten when it ends: then it has no room to ask for, but for what
 * the API said of a refusal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "src/fdw/write/journal.h"
#include "src/fdw/write/store.h"

/*
 * The store is a row of records, each with its kind and its length in front.
 * Behind an entry are its texts.
 */
typedef enum RecordKind
{
	RECORD_ENTRY,
	RECORD_ERROR
} RecordKind;

typedef struct Record
{
	RecordKind	kind;
	Size		bytes;			/* that follow */
} Record;

/* What is said of a failure, with room for the status in front. */
#define ERROR_BYTES		(RDAPI_MESSAGE_BYTES + 64)

/* What one transaction has written. */
typedef struct Journal
{
	RegdocsStore *store;		/* NULL: nothing */
	uint64		nkept;			/* entries, less those that were dropped */
	uint64		lost;			/* outcomes that could not be kept */
} Journal;

/* That of the present transaction, if it has entries, or of an earlier one. */
static Journal present;

/*
 * The one before, while the present transaction goes on: should that fail
 * before it has sent anything, it has not written, and who undoes a mistake has
 * nothing else to do it with.
 */
static Journal former;

/* The transaction that the present one is of is over. */
static bool is_over = true;

const char *
regdocs_outcome_name(RegdocsOutcome outcome)
{
	static const char *const names[] = {
		"queued", "done", "refused", "unknown", "dropped"
	};

	return names[outcome];
}

const char *
regdocs_operation_name(RdapiOperation operation)
{
	return operation == RDAPI_OP_CREATE ? "create" :
		operation == RDAPI_OP_UPDATE ? "update" : "delete";
}

static void
forget(Journal *journal)
{
	RegdocsStore *store = journal->store;

	memset(journal, 0, sizeof(Journal));
	regdocs_store_free(store);
}

static void
begin_transaction(void)
{
	MemoryContext old_context = MemoryContextSwitchTo(TopMemoryContext);
	RegdocsStore *store = regdocs_store_new(true);

	MemoryContextSwitchTo(old_context);
	former = present;
	memset(&present, 0, sizeof(present));
	present.store = store;
	is_over = false;
}

/* Append to what is at *end, and move that behind it. */
static void
copy(char **end, const void *data, Size length)
{
	if (length > 0)
		memcpy(*end, data, length);
	*end += length;
}

/* Room for a record, and its head in front.  Returns where it begins. */
static char *
append_record(RecordKind kind, Size bytes)
{
	Record		record;
	char	   *place;

	memset(&record, 0, sizeof(record));
	record.kind = kind;
	record.bytes = bytes;
	place = regdocs_store_append(present.store, sizeof(record) + bytes);
	copy(&place, &record, sizeof(record));
	return place;
}

int64
regdocs_journal_add(const RegdocsJournalEntry *entry, const char *old_text,
					const char *new_text)
{
	RegdocsJournalEntry copied = *entry;
	int64		place;
	char	   *end;

	if (is_over)
		begin_transaction();
	regdocs_store_relieve(present.store);
	copied.written_at = GetCurrentTimestamp();
	copied.outcome = REGDOCS_OUTCOME_QUEUED;
	copied.error = 0;
	copied.old_bytes = old_text == NULL ? 0 : strlen(old_text);
	copied.new_bytes = new_text == NULL ? 0 : strlen(new_text);
	place = regdocs_store_end(present.store) + (int64) sizeof(Record);
	end = append_record(RECORD_ENTRY, sizeof(copied) + copied.old_bytes +
						copied.new_bytes);
	copy(&end, &copied, sizeof(copied));
	copy(&end, old_text, copied.old_bytes);
	copy(&end, new_text, copied.new_bytes);
	present.nkept++;
	return place;
}

/* Returns the place of its text. */
static int64
put_error(const RdapiError *error)
{
	char		text[ERROR_BYTES];
	int64		place = regdocs_store_end(present.store);

	if (error->http_status != 0 && error->api_message[0] != '\0')
		snprintf(text, sizeof(text), "HTTP status %d, API error %d: %s",
				 error->http_status, error->api_code, error->api_message);
	else if (error->http_status != 0)
		snprintf(text, sizeof(text), "HTTP status %d: %s",
				 error->http_status, error->message);
	else
		strlcpy(text, error->message, sizeof(text));
	memcpy(append_record(RECORD_ERROR, strlen(text)), text, strlen(text));
	return place;
}

static void
end_entry(int64 place, RegdocsOutcome outcome, const char *sid,
		  const RdapiError *error)
{
	RegdocsJournalEntry entry;

	regdocs_store_get(present.store, place, &entry, sizeof(entry));
	entry.written_at = GetCurrentTimestamp();
	entry.outcome = outcome;
	if (sid != NULL)
		strlcpy(entry.sid, sid, sizeof(entry.sid));
	if (error != NULL && error->kind != RDAPI_ERR_NONE)
		entry.error = put_error(error);
	regdocs_store_put(present.store, place, &entry, sizeof(entry));
}

/*
 * Do it, and hold an error back: a write may end while one is dealt with, and
 * another one would leave others without an outcome.  false: there was one.
 */
static bool
end_quietly(int64 place, RegdocsOutcome outcome, const char *sid,
			const RdapiError *error)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	uint32		holdoff_count = InterruptHoldoffCount;
	volatile bool ended = false;

	HOLD_INTERRUPTS();
	PG_TRY();
	{
		end_entry(place, outcome, sid, error);
		ended = true;
		/* What was said of refusals is in memory until there is room. */
		regdocs_store_relieve(present.store);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		FlushErrorState();
	}
	PG_END_TRY();

	/* Raising an error has set it to zero. */
	InterruptHoldoffCount = holdoff_count;
	return ended;
}

void
regdocs_journal_end(int64 place, RegdocsOutcome outcome, const char *sid,
					const RdapiError *error)
{
	if (place == REGDOCS_NO_ENTRY)
		return;
	if (!end_quietly(place, outcome, sid, error))
		present.lost++;
	else if (outcome == REGDOCS_OUTCOME_DROPPED)
		present.nkept--;
}

void
regdocs_journal_end_transaction(void)
{
	if (!is_over && present.nkept == 0)
	{
		forget(&present);
		present = former;
		memset(&former, 0, sizeof(former));
	}
	else
		forget(&former);
	is_over = true;
}

/* That of which something can be told. */
static const Journal *
shown_journal(void)
{
	return present.nkept > 0 ? &present : &former;
}

uint64
regdocs_journal_lost(void)
{
	return shown_journal()->lost;
}

/* ---- Reading ---- */

/* palloc'd and terminated; NULL: there is none. */
static char *
get_text(RegdocsStore *store, int64 place, Size bytes)
{
	char	   *text;

	if (bytes == 0)
		return NULL;
	text = palloc(bytes + 1);
	regdocs_store_get(store, place, text, bytes);
	text[bytes] = '\0';
	return text;
}

static char *
get_error(RegdocsStore *store, int64 place)
{
	Record		record;

	if (place == 0)
		return NULL;
	regdocs_store_get(store, place, &record, sizeof(record));
	return get_text(store, place + (int64) sizeof(record), record.bytes);
}

void
regdocs_journal_visit(Oid userid, RegdocsJournalVisitor visit, void *arg)
{
	RegdocsStore *store = shown_journal()->store;
	int64		end = store == NULL ? 0 : regdocs_store_end(store);
	int64		place = 0;

	while (place < end)
	{
		RegdocsJournalEntry entry;
		Record		record;
		int64		texts;

		regdocs_store_get(store, place, &record, sizeof(record));
		place += (int64) sizeof(record);
		texts = place + (int64) sizeof(entry);
		place += (int64) record.bytes;
		if (record.kind != RECORD_ENTRY)
			continue;
		regdocs_store_get(store, texts - (int64) sizeof(entry), &entry,
						  sizeof(entry));
		if (entry.userid != userid || entry.outcome == REGDOCS_OUTCOME_DROPPED)
			continue;
		visit(&entry, get_error(store, entry.error),
			  get_text(store, texts, entry.old_bytes),
			  get_text(store, texts + (int64) entry.old_bytes,
					   entry.new_bytes), arg);
	}
}
