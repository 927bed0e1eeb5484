/*-------------------------------------------------------------------------
 *
 * lookup.c
 *	  The rows of a mirror by their sids, and which of them were met.
 *
 * To descend an index for each object of a long list would take as long as to
 * receive it.  So the sids are read first, into a hash table of 16 bytes each
 * that says where the row is.  What does not fit into maintenance_work_mem is
 * found by the index.  Which rows were met takes a bit each.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/stratnum.h"
#include "access/tableam.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/bitmapset.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/mirror/lookup.h"

typedef struct PlaceEntry
{
	uint64		sid;			/* its hash */
	ItemPointerData place;
	char		status;			/* simplehash's */
} PlaceEntry;

#define SH_PREFIX placeset
#define SH_ELEMENT_TYPE PlaceEntry
#define SH_KEY_TYPE uint64
#define SH_KEY sid
#define SH_HASH_KEY(tb, key) ((uint32) (key))
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/*
 * A table that grows is there twice for a moment, and may be half full then:
 * so much is it for each entry at the most.
 */
#define ENTRY_BYTES (sizeof(PlaceEntry) * 4)

/* Entries to begin with. */
#define FIRST_SIZE 1024

struct RegdocsLookup
{
	Relation	target;
	AttrNumber	sid_attnum;
	Snapshot	snapshot;
	TupleTableSlot *slot;

	/* Where rows are */
	placeset_hash *places;
	bool		is_whole;		/* has it a row of each hash? */
	int64		total;

	/* The index.  What a scan keeps, it allocates when it comes to need it. */
	MemoryContext context;
	Relation	index;
	IndexScanDesc scan;
	ScanKeyData key;

	/* Offsets of the rows that were met, by block */
	Bitmapset **met;
	int64		nmet;
	BlockNumber nblocks;
	MemoryContext met_context;
};

/*
 * A mirror of many columns may have its sids out of line.  To be given back by
 * free_text().
 */
static struct varlena *
get_text(Datum sid)
{
	return (struct varlena *) PG_DETOAST_DATUM_PACKED(sid);
}

static void
free_text(struct varlena *text, Datum sid)
{
	if (PointerGetDatum(text) != sid)
		pfree(text);
}

static uint64
hash_sid(Datum sid)
{
	struct varlena *text = get_text(sid);
	uint64		hash = hash_bytes_extended((unsigned char *) VARDATA_ANY(text),
										   VARSIZE_ANY_EXHDR(text), 0);

	free_text(text, sid);
	return hash;
}

/* ---- Which were met ---- */

static void
begin_met(RegdocsLookup *lookup)
{
	lookup->met_context = AllocSetContextCreate(CurrentMemoryContext,
												"regdocs_fdw rows met",
												ALLOCSET_DEFAULT_SIZES);
	lookup->nblocks = RelationGetNumberOfBlocks(lookup->target);
	lookup->met = MemoryContextAllocExtended(lookup->met_context,
											 sizeof(Bitmapset *) *
											 ((Size) lookup->nblocks + 1),
											 MCXT_ALLOC_HUGE |
											 MCXT_ALLOC_ZERO);
}

static Bitmapset **
met_of_block(const RegdocsLookup *lookup, ItemPointer place)
{
	BlockNumber block = ItemPointerGetBlockNumber(place);

	if (block >= lookup->nblocks)
		elog(ERROR, "a row of \"%s\" lies beyond its end",
			 RelationGetRelationName(lookup->target));
	return &lookup->met[block];
}

bool
regdocs_lookup_is_met(const RegdocsLookup *lookup, ItemPointer place)
{
	return bms_is_member(ItemPointerGetOffsetNumber(place),
						 *met_of_block(lookup, place));
}

bool
regdocs_lookup_meet(RegdocsLookup *lookup, ItemPointer place)
{
	Bitmapset **met = met_of_block(lookup, place);
	MemoryContext old_context;

	if (bms_is_member(ItemPointerGetOffsetNumber(place), *met))
		return false;
	old_context = MemoryContextSwitchTo(lookup->met_context);
	*met = bms_add_member(*met, ItemPointerGetOffsetNumber(place));
	lookup->nmet++;
	MemoryContextSwitchTo(old_context);
	return true;
}

/* ---- Where they are ---- */

/* The slot's row; false: there is no room for another one. */
static bool
note_place(RegdocsLookup *lookup, Datum sid)
{
	Size		budget = (Size) maintenance_work_mem * 1024;
	PlaceEntry *entry;
	bool		found;

	if (lookup->places->members * ENTRY_BYTES >= budget)
		return false;
	entry = placeset_insert(lookup->places, hash_sid(sid), &found);
	if (!found)
		entry->place = lookup->slot->tts_tid;
	return true;
}

static void
read_places(RegdocsLookup *lookup)
{
	TableScanDesc scan = regdocs_table_beginscan(lookup->target,
												 lookup->snapshot);

	lookup->is_whole = true;
	while (table_scan_getnextslot(scan, ForwardScanDirection, lookup->slot))
	{
		bool		isnull;
		Datum		sid = slot_getattr(lookup->slot, lookup->sid_attnum,
									   &isnull);

		CHECK_FOR_INTERRUPTS();
		lookup->total++;
		if (!isnull && lookup->is_whole)
			lookup->is_whole = note_place(lookup, sid);
	}
	table_endscan(scan);
	ExecClearTuple(lookup->slot);
}

static void
begin_index(RegdocsLookup *lookup, Oid index)
{
	Oid			type;
	Oid			equality;

	lookup->index = index_open(index, AccessShareLock);
	type = lookup->index->rd_opcintype[0];
	equality = get_opfamily_member(lookup->index->rd_opfamily[0], type, type,
								   BTEqualStrategyNumber);
	ScanKeyEntryInitialize(&lookup->key, 0, 1, BTEqualStrategyNumber, type,
						   lookup->index->rd_indcollation[0],
						   get_opcode(equality), (Datum) 0);
	lookup->scan = regdocs_index_beginscan(lookup->target, lookup->index,
										   lookup->snapshot, 1);
}

RegdocsLookup *
regdocs_lookup_begin(const RegdocsShape *shape)
{
	RegdocsLookup *lookup = palloc0(sizeof(RegdocsLookup));

	/* What the transaction has written so far is to be seen, too. */
	CommandCounterIncrement();
	lookup->snapshot = RegisterSnapshot(GetTransactionSnapshot());
	lookup->context = CurrentMemoryContext;
	lookup->target = shape->target;
	lookup->sid_attnum = shape->columns[shape->sid].attnum;
	lookup->slot = table_slot_create(shape->target, NULL);
	lookup->places = placeset_create(CurrentMemoryContext, FIRST_SIZE, NULL);
	begin_met(lookup);
	begin_index(lookup, shape->index);
	read_places(lookup);
	return lookup;
}

static bool
is_row_of(RegdocsLookup *lookup, Datum sid)
{
	bool		isnull;
	Datum		value = slot_getattr(lookup->slot, lookup->sid_attnum,
									 &isnull);
	struct varlena *one;
	struct varlena *other;
	bool		result;

	if (isnull)
		return false;
	one = get_text(sid);
	other = get_text(value);
	result = VARSIZE_ANY_EXHDR(one) == VARSIZE_ANY_EXHDR(other) &&
		memcmp(VARDATA_ANY(one), VARDATA_ANY(other),
			   VARSIZE_ANY_EXHDR(one)) == 0;
	free_text(one, sid);
	free_text(other, value);
	return result;
}

static bool
find_by_index(RegdocsLookup *lookup, Datum sid)
{
	MemoryContext old_context = MemoryContextSwitchTo(lookup->context);
	bool		found;

	lookup->key.sk_argument = sid;
	index_rescan(lookup->scan, &lookup->key, 1, NULL, 0);
	found = index_getnext_slot(lookup->scan, ForwardScanDirection,
							   lookup->slot);
	MemoryContextSwitchTo(old_context);
	return found;
}

/* Two sids of one hash, of which one is kept, are as good as impossible. */
TupleTableSlot *
regdocs_lookup_find(RegdocsLookup *lookup, Datum sid)
{
	PlaceEntry *entry = placeset_lookup(lookup->places, hash_sid(sid));

	if (entry != NULL &&
		table_tuple_fetch_row_version(lookup->target, &entry->place,
									  lookup->snapshot, lookup->slot) &&
		is_row_of(lookup, sid))
		return lookup->slot;
	if (entry == NULL && lookup->is_whole)
		return NULL;
	return find_by_index(lookup, sid) ? lookup->slot : NULL;
}

void
regdocs_lookup_visit_missing(RegdocsLookup *lookup,
							 void (*visit) (TupleTableSlot *row, void *arg),
							 void *arg)
{
	TableScanDesc scan;

	if (lookup->nmet == lookup->total)
		return;
	scan = regdocs_table_beginscan(lookup->target, lookup->snapshot);
	while (table_scan_getnextslot(scan, ForwardScanDirection, lookup->slot))
	{
		CHECK_FOR_INTERRUPTS();
		if (!regdocs_lookup_is_met(lookup, &lookup->slot->tts_tid))
			visit(lookup->slot, arg);
	}
	table_endscan(scan);
	ExecClearTuple(lookup->slot);
}

int64
regdocs_lookup_total(const RegdocsLookup *lookup)
{
	return lookup->total;
}

void
regdocs_lookup_end(RegdocsLookup *lookup)
{
	index_endscan(lookup->scan);
	index_close(lookup->index, NoLock);
	ExecDropSingleTupleTableSlot(lookup->slot);
	UnregisterSnapshot(lookup->snapshot);
}
