/*-------------------------------------------------------------------------
 *
 * spool.c
 *	  Texts on disk that can be looked up by their sid.
 *
 * Texts are appended to one file.  Each batch of them is indexed by a sorted
 * run of entries of one size in another file, in which a sid is found by
 * bisection.  Whoever fills the spool makes its batches grow, so there are
 * few runs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "commands/tablespace.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "storage/buffile.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"
#include "utils/uuid.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/read/spool.h"
#include "src/resource/resource.h"

/* Where a text lies, by the 16 bytes that a sid's digits stand for. */
typedef struct IndexEntry
{
	pg_uuid_t	key;
	int64		offset;			/* bytes, in the file of texts */
} IndexEntry;

/* A sorted run of entries, in the file of entries. */
typedef struct Run
{
	int64		first;			/* index of its first entry */
	int64		count;
} Run;

struct RegdocsSpool
{
	BufFile    *texts;			/* each text: its length, then itself */
	int64		texts_end;		/* bytes */
	BufFile    *entries;
	int64		nentries;
	List	   *runs;			/* of Run */
	Tuplesortstate *sort;		/* the batch not indexed yet; NULL: empty */
	TupleDesc	sort_desc;		/* key and offset */
	TupleTableSlot *sort_slot;
	MemoryContext context;
};

RegdocsSpool *
regdocs_spool_new(void)
{
	RegdocsSpool *spool = palloc0(sizeof(RegdocsSpool));

	PrepareTempTablespaces();
	spool->texts = BufFileCreateTemp(false);
	spool->entries = BufFileCreateTemp(false);
	spool->sort_desc = CreateTemplateTupleDesc(2);
	TupleDescInitEntry(spool->sort_desc, 1, "key", UUIDOID, -1, 0);
	TupleDescInitEntry(spool->sort_desc, 2, "offset", INT8OID, -1, 0);
	regdocs_finalize_desc(spool->sort_desc);
	spool->sort_slot = MakeSingleTupleTableSlot(spool->sort_desc,
												&TTSOpsMinimalTuple);
	spool->context = CurrentMemoryContext;
	return spool;
}

static int
hex_value(char digit)
{
	if (digit <= '9')
		return digit - '0';
	return (digit | 0x20) - 'a' + 10;
}

static void
make_key(const char *sid, pg_uuid_t *key)
{
	const char *digits = sid + 2;
	int			i;

	StaticAssertStmt(RDAPI_SID_BYTES == 2 + 2 * UUID_LEN,
					 "a sid is two letters and as many digits as a UUID");
	for (i = 0; i < UUID_LEN; i++)
		key->data[i] = hex_value(digits[2 * i]) << 4 |
			hex_value(digits[2 * i + 1]);
}

static void
seek(BufFile *file, int64 offset)
{
	if (BufFileSeek(file, 0, offset, SEEK_SET) != 0)
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
begin_batch(RegdocsSpool *spool)
{
	MemoryContext old_context = MemoryContextSwitchTo(spool->context);
	AttrNumber	attnum = 1;
	Oid			operator = lookup_type_cache(UUIDOID, TYPECACHE_LT_OPR)->lt_opr;
	Oid			collation = InvalidOid;
	bool		nulls_first = false;

	spool->sort = tuplesort_begin_heap(spool->sort_desc, 1, &attnum, &operator,
									   &collation, &nulls_first, work_mem,
									   NULL, TUPLESORT_NONE);
	MemoryContextSwitchTo(old_context);
}

void
regdocs_spool_add(RegdocsSpool *spool, const char *sid, const char *text,
				  int length)
{
	TupleTableSlot *slot = spool->sort_slot;
	pg_uuid_t	key;

	if (spool->sort == NULL)
		begin_batch(spool);

	ExecClearTuple(slot);
	make_key(sid, &key);
	slot->tts_values[0] = UUIDPGetDatum(&key);
	slot->tts_values[1] = Int64GetDatum(spool->texts_end);
	slot->tts_isnull[0] = slot->tts_isnull[1] = false;
	ExecStoreVirtualTuple(slot);
	tuplesort_puttupleslot(spool->sort, slot);
	ExecClearTuple(slot);

	seek(spool->texts, spool->texts_end);
	BufFileWrite(spool->texts, &length, sizeof(length));
	BufFileWrite(spool->texts, unconstify(char *, text), length);
	spool->texts_end += sizeof(length) + length;
}

void
regdocs_spool_index(RegdocsSpool *spool)
{
	MemoryContext old_context;
	TupleTableSlot *slot = spool->sort_slot;
	Run		   *run;

	if (spool->sort == NULL)
		return;
	old_context = MemoryContextSwitchTo(spool->context);
	run = palloc(sizeof(Run));
	run->first = spool->nentries;

	tuplesort_performsort(spool->sort);
	seek(spool->entries, spool->nentries * sizeof(IndexEntry));
	while (tuplesort_gettupleslot(spool->sort, true, false, slot, NULL))
	{
		IndexEntry	entry;

		slot_getallattrs(slot);
		entry.key = *DatumGetUUIDP(slot->tts_values[0]);
		entry.offset = DatumGetInt64(slot->tts_values[1]);
		BufFileWrite(spool->entries, &entry, sizeof(entry));
		spool->nentries++;
	}
	ExecClearTuple(slot);
	tuplesort_end(spool->sort);
	spool->sort = NULL;

	run->count = spool->nentries - run->first;
	spool->runs = lappend(spool->runs, run);
	MemoryContextSwitchTo(old_context);
}

/* Offset of a text with that key in the run; -1: it is not there. */
static int64
search_run(RegdocsSpool *spool, const Run *run, const pg_uuid_t *key)
{
	int64		low = 0;
	int64		high = run->count;

	while (low < high)
	{
		int64		middle = low + (high - low) / 2;
		IndexEntry	entry;
		int			order;

		seek(spool->entries, (run->first + middle) * sizeof(IndexEntry));
		read_exactly(spool->entries, &entry, sizeof(entry));
		order = memcmp(key->data, entry.key.data, UUID_LEN);
		if (order == 0)
			return entry.offset;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

int64
regdocs_spool_find(RegdocsSpool *spool, const char *sid)
{
	pg_uuid_t	key;
	ListCell   *cell;

	make_key(sid, &key);
	foreach(cell, spool->runs)
	{
		int64		offset = search_run(spool, lfirst(cell), &key);

		if (offset >= 0)
			return offset;
	}
	return -1;
}

char *
regdocs_spool_read(RegdocsSpool *spool, int64 place, int *length)
{
	char	   *text;

	seek(spool->texts, place);
	read_exactly(spool->texts, length, sizeof(*length));
	text = palloc(*length + 1);
	read_exactly(spool->texts, text, *length);
	text[*length] = '\0';
	return text;
}

void
regdocs_spool_end(RegdocsSpool *spool)
{
	if (spool == NULL)
		return;
	if (spool->sort != NULL)
		tuplesort_end(spool->sort);
	ExecDropSingleTupleTableSlot(spool->sort_slot);
	BufFileClose(spool->texts);
	BufFileClose(spool->entries);
}
