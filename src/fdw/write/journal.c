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

static RegdocsStore *store = NULL;

/* The transaction that it is of is over. */
static bool is_over = true;

static uint64 lost = 0;

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
begin_transaction(void)
{
	RegdocsStore *old_store = store;
	MemoryContext old_context;

	store = NULL;
	regdocs_store_free(old_store);
	lost = 0;
	old_context = MemoryContextSwitchTo(TopMemoryContext);
	store = regdocs_store_new();
	MemoryContextSwitchTo(old_context);
	is_over = false;
}

/* Put a record's head in front of what is put next.  Returns its place. */
static int64
put_record(RecordKind kind, Size bytes)
{
	int64		place = regdocs_store_end(store);
	Record		record;

	memset(&record, 0, sizeof(record));
	record.kind = kind;
	record.bytes = bytes;
	regdocs_store_put(store, place, &record, sizeof(record));
	return place;
}

int64
regdocs_journal_add(const RegdocsJournalEntry *entry, const char *old_text,
					const char *new_text)
{
	RegdocsJournalEntry copy = *entry;
	int64		place;

	if (is_over)
		begin_transaction();
	copy.written_at = GetCurrentTimestamp();
	copy.outcome = REGDOCS_OUTCOME_QUEUED;
	copy.error = 0;
	copy.old_bytes = old_text == NULL ? 0 : strlen(old_text);
	copy.new_bytes = new_text == NULL ? 0 : strlen(new_text);
	place = put_record(RECORD_ENTRY, sizeof(copy) + copy.old_bytes +
					   copy.new_bytes) + (int64) sizeof(Record);
	regdocs_store_put(store, place, &copy, sizeof(copy));
	if (copy.old_bytes > 0)
		regdocs_store_put(store, regdocs_store_end(store), old_text,
						  copy.old_bytes);
	if (copy.new_bytes > 0)
		regdocs_store_put(store, regdocs_store_end(store), new_text,
						  copy.new_bytes);
	return place;
}

/* Returns the place of its text. */
static int64
put_error(const RdapiError *error)
{
	char		text[ERROR_BYTES];
	int64		place;

	if (error->http_status != 0 && error->api_message[0] != '\0')
		snprintf(text, sizeof(text), "HTTP status %d, API error %d: %s",
				 error->http_status, error->api_code, error->api_message);
	else if (error->http_status != 0)
		snprintf(text, sizeof(text), "HTTP status %d: %s",
				 error->http_status, error->message);
	else
		strlcpy(text, error->message, sizeof(text));
	place = put_record(RECORD_ERROR, strlen(text));
	regdocs_store_put(store, place + (int64) sizeof(Record), text,
					  strlen(text));
	return place;
}

static void
end_entry(int64 place, RegdocsOutcome outcome, const char *sid,
		  const RdapiError *error)
{
	RegdocsJournalEntry entry;

	regdocs_store_get(store, place, &entry, sizeof(entry));
	entry.written_at = GetCurrentTimestamp();
	entry.outcome = outcome;
	if (sid != NULL)
		strlcpy(entry.sid, sid, sizeof(entry.sid));
	if (error != NULL && error->kind != RDAPI_ERR_NONE)
		entry.error = put_error(error);
	regdocs_store_put(store, place, &entry, sizeof(entry));
}

/*
 * A write may end while an error is dealt with, and an error here would leave
 * others without an outcome.
 */
void
regdocs_journal_end(int64 place, RegdocsOutcome outcome, const char *sid,
					const RdapiError *error)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	uint32		holdoff_count = InterruptHoldoffCount;

	if (place == REGDOCS_NO_ENTRY)
		return;
	HOLD_INTERRUPTS();
	PG_TRY();
	{
		end_entry(place, outcome, sid, error);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		FlushErrorState();
		lost++;
	}
	PG_END_TRY();

	/* Raising an error has set it to zero. */
	InterruptHoldoffCount = holdoff_count;
}

void
regdocs_journal_end_transaction(void)
{
	is_over = true;
}

uint64
regdocs_journal_lost(void)
{
	return lost;
}

/* ---- Reading ---- */

/* palloc'd and terminated; NULL: there is none. */
static char *
get_text(int64 place, Size bytes)
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
get_error(int64 place)
{
	Record		record;

	if (place == 0)
		return NULL;
	regdocs_store_get(store, place, &record, sizeof(record));
	return get_text(place + (int64) sizeof(record), record.bytes);
}

void
regdocs_journal_visit(Oid userid, RegdocsJournalVisitor visit, void *arg)
{
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
		visit(&entry, get_error(entry.error),
			  get_text(texts, entry.old_bytes),
			  get_text(texts + (int64) entry.old_bytes, entry.new_bytes), arg);
	}
}
