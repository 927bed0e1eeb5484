/*-------------------------------------------------------------------------
 *
 * found.c
 *	  What a walk of the source has found, against what the mirror has.
 *
 * Values are compared as they are stored, as REFRESH MATERIALIZED VIEW
 * CONCURRENTLY does: the mirror shall have what the API says, and an operator
 * may take for equal what is not the same (1.0 and 1.00, or letters of either
 * case), or may not exist (json).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/mirror/found.h"
#include "src/fdw/mirror/lookup.h"

/* What stands before the shape's columns in a row that is kept. */
#define ROW_PREFIX 3

/* The columns of what is missing. */
enum
{
	MISSING_SID,
	MISSING_PARENT,
	MISSING_PARTITION,
	MISSING_PLACE,
	MISSING_COLUMNS
};

typedef struct Receiver
{
	DestReceiver pub;
	RegdocsFound *found;
} Receiver;

struct RegdocsFound
{
	const RegdocsShape *shape;
	Receiver	receiver;
	RegdocsChanges changes;
	int64		ordinal;		/* of the row that came last */

	RegdocsLookup *lookup;		/* of the mirror's rows */
	MemoryContext row_context;	/* reset for each row */

	bool		asking;			/* for what is missing? */
	int64		still_there;
	int64		kept;
};

/* ---- Stores ---- */

static TupleDesc
rows_desc(const RegdocsShape *shape)
{
	TupleDesc	desc = CreateTemplateTupleDesc(ROW_PREFIX + shape->ncolumns);

	TupleDescInitEntry(desc, 1, "ordinal", INT8OID, -1, 0);
	TupleDescInitEntry(desc, 2, "known", BOOLOID, -1, 0);
	TupleDescInitEntry(desc, 3, "changed", BOOLOID, -1, 0);
	for (int i = 0; i < shape->ncolumns; i++)
	{
		const RegdocsMirrorColumn *column = &shape->columns[i];

		TupleDescInitEntry(desc, ROW_PREFIX + 1 + i, psprintf("c%d", i),
						   column->type, column->typmod, 0);
		TupleDescInitEntryCollation(desc, ROW_PREFIX + 1 + i,
									column->collation);
	}
	regdocs_finalize_desc(desc);
	return desc;
}

/* Of a column that the shape does not have, something has to stand there. */
static void
init_like(TupleDesc desc, AttrNumber attnum, const char *name,
		  const RegdocsShape *shape, int column)
{
	const RegdocsMirrorColumn *like = column == REGDOCS_NO_COLUMN ? NULL :
	&shape->columns[column];

	TupleDescInitEntry(desc, attnum, name,
					   like == NULL ? TEXTOID : like->type,
					   like == NULL ? -1 : like->typmod, 0);
	if (like != NULL)
		TupleDescInitEntryCollation(desc, attnum, like->collation);
}

static TupleDesc
missing_desc(const RegdocsShape *shape, int ncolumns)
{
	TupleDesc	desc = CreateTemplateTupleDesc(ncolumns);

	init_like(desc, MISSING_SID + 1, "sid", shape, shape->sid);
	if (ncolumns == MISSING_COLUMNS)
	{
		init_like(desc, MISSING_PARENT + 1, "parent", shape, shape->parent);
		init_like(desc, MISSING_PARTITION + 1, "partition", shape,
				  shape->partition);
		TupleDescInitEntry(desc, MISSING_PLACE + 1, "place", TIDOID, -1, 0);
	}
	regdocs_finalize_desc(desc);
	return desc;
}

static void
begin_stores(RegdocsFound *found)
{
	RegdocsChanges *changes = &found->changes;

	changes->rows = tuplestore_begin_heap(false, false, work_mem);
	changes->rows_desc = rows_desc(found->shape);
	changes->missing = tuplestore_begin_heap(false, false, work_mem);
	changes->missing_desc = missing_desc(found->shape, MISSING_COLUMNS);
	changes->gone = tuplestore_begin_heap(false, false, work_mem);
	changes->gone_desc = missing_desc(found->shape, 1);
}

/* ---- Rows of the source ---- */

/* As datum_image_eq(), without its detours where nothing is packed. */
static bool
is_same_value(const RegdocsMirrorColumn *column, Datum one, Datum other)
{
	struct varlena *a = (struct varlena *) DatumGetPointer(one);
	struct varlena *b = (struct varlena *) DatumGetPointer(other);

	if (column->length != -1 ||
		VARATT_IS_EXTERNAL(a) || VARATT_IS_COMPRESSED(a) ||
		VARATT_IS_EXTERNAL(b) || VARATT_IS_COMPRESSED(b))
		return datum_image_eq(one, other, column->by_value, column->length);
	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

/* Has the mirror something else? */
static bool
differs(const RegdocsShape *shape, const TupleTableSlot *row,
		TupleTableSlot *mirrored)
{
	slot_getallattrs(mirrored);
	for (int i = 0; i < shape->ncolumns; i++)
	{
		const RegdocsMirrorColumn *column = &shape->columns[i];
		int			k = column->attnum - 1;

		if (row->tts_isnull[i] != mirrored->tts_isnull[k])
			return true;
		if (!row->tts_isnull[i] &&
			!is_same_value(column, row->tts_values[i],
						   mirrored->tts_values[k]))
			return true;
	}
	return false;
}

static void
keep_row(RegdocsFound *found, const TupleTableSlot *row, bool known,
		 bool changed)
{
	RegdocsChanges *changes = &found->changes;
	int			ncolumns = found->shape->ncolumns;
	Datum	   *values = palloc(sizeof(Datum) * (ROW_PREFIX + ncolumns));
	bool	   *nulls = palloc0(sizeof(bool) * (ROW_PREFIX + ncolumns));

	values[0] = Int64GetDatum(found->ordinal);
	values[1] = BoolGetDatum(known);
	values[2] = BoolGetDatum(changed);
	memcpy(values + ROW_PREFIX, row->tts_values, sizeof(Datum) * ncolumns);
	memcpy(nulls + ROW_PREFIX, row->tts_isnull, sizeof(bool) * ncolumns);
	tuplestore_putvalues(changes->rows, changes->rows_desc, values, nulls);
	changes->nrows++;
	if (known)
		changes->nknown++;
}

static void
take_row(RegdocsFound *found, TupleTableSlot *row)
{
	const RegdocsShape *shape = found->shape;
	TupleTableSlot *mirrored;
	bool		first;
	bool		changed;

	slot_getallattrs(row);
	found->ordinal++;
	if (row->tts_isnull[shape->sid])
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("%s of \"%s\" has no sid", shape->resource->noun,
						RelationGetRelationName(shape->source))));
	mirrored = regdocs_lookup_find(found->lookup,
								   row->tts_values[shape->sid]);
	if (mirrored == NULL)
	{
		keep_row(found, row, false, true);
		return;
	}
	first = regdocs_lookup_meet(found->lookup, &mirrored->tts_tid);
	changed = differs(shape, row, mirrored);
	if (changed || !first)
		keep_row(found, row, true, changed);
	if (found->asking && first)
		found->still_there++;
}

static bool
receive_row(TupleTableSlot *row, DestReceiver *self)
{
	RegdocsFound *found = ((Receiver *) self)->found;
	MemoryContext old_context = MemoryContextSwitchTo(found->row_context);

	take_row(found, row);
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(found->row_context);
	return true;
}

static void
receiver_startup(DestReceiver *self, int operation, TupleDesc desc)
{
}

static void
receiver_nothing(DestReceiver *self)
{
}

void
regdocs_found_left_out(void *arg, const char *sid)
{
	RegdocsFound *found = arg;
	MemoryContext old_context = MemoryContextSwitchTo(found->row_context);
	text	   *value = cstring_to_text_with_len(sid, RDAPI_SID_BYTES);
	TupleTableSlot *mirrored = regdocs_lookup_find(found->lookup,
												   PointerGetDatum(value));

	if (mirrored != NULL &&
		regdocs_lookup_meet(found->lookup, &mirrored->tts_tid))
		found->kept++;
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(found->row_context);
}

/* ---- All together ---- */

RegdocsFound *
regdocs_found_begin(const RegdocsShape *shape)
{
	RegdocsFound *found = palloc0(sizeof(RegdocsFound));

	found->shape = shape;
	found->receiver.found = found;
	found->receiver.pub.receiveSlot = receive_row;
	found->receiver.pub.rStartup = receiver_startup;
	found->receiver.pub.rShutdown = receiver_nothing;
	found->receiver.pub.rDestroy = receiver_nothing;
	/* What it is to SPI: one that takes the rows. */
	found->receiver.pub.mydest = DestTuplestore;
	found->row_context = AllocSetContextCreate(CurrentMemoryContext,
											   "regdocs_fdw mirrored row",
											   ALLOCSET_DEFAULT_SIZES);
	begin_stores(found);
	found->lookup = regdocs_lookup_begin(shape);
	return found;
}

DestReceiver *
regdocs_found_receiver(RegdocsFound *found)
{
	return &found->receiver.pub;
}

RegdocsChanges *
regdocs_found_changes(RegdocsFound *found)
{
	return &found->changes;
}

/* Value of a column of the mirror's row, where the shape has that column. */
static Datum
value_of(const RegdocsShape *shape, int column, TupleTableSlot *mirrored,
		 bool *isnull)
{
	*isnull = true;
	if (column == REGDOCS_NO_COLUMN)
		return (Datum) 0;
	return slot_getattr(mirrored, shape->columns[column].attnum, isnull);
}

/* Visitor: a row that was not met; one without a sid is not ours. */
static void
keep_missing(TupleTableSlot *mirrored, void *arg)
{
	RegdocsFound *found = arg;
	const RegdocsShape *shape = found->shape;
	RegdocsChanges *changes = &found->changes;
	Datum		values[MISSING_COLUMNS];
	bool		nulls[MISSING_COLUMNS];

	values[MISSING_SID] = value_of(shape, shape->sid, mirrored,
								   &nulls[MISSING_SID]);
	if (nulls[MISSING_SID])
		return;
	values[MISSING_PARENT] = value_of(shape, shape->parent, mirrored,
									  &nulls[MISSING_PARENT]);
	values[MISSING_PARTITION] = value_of(shape, shape->partition, mirrored,
										 &nulls[MISSING_PARTITION]);
	values[MISSING_PLACE] = PointerGetDatum(&mirrored->tts_tid);
	nulls[MISSING_PLACE] = false;
	tuplestore_putvalues(changes->missing, changes->missing_desc, values,
						 nulls);
	changes->nmissing++;
}

void
regdocs_found_look_for_missing(RegdocsFound *found)
{
	regdocs_lookup_visit_missing(found->lookup, keep_missing, found);
	found->asking = true;
}

void
regdocs_found_look_for_gone(RegdocsFound *found)
{
	RegdocsChanges *changes = &found->changes;
	TupleTableSlot *slot = MakeSingleTupleTableSlot(changes->missing_desc,
													&TTSOpsMinimalTuple);
	ItemPointer place;

	tuplestore_rescan(changes->missing);
	while (tuplestore_gettupleslot(changes->missing, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getallattrs(slot);
		place = (ItemPointer)
			DatumGetPointer(slot->tts_values[MISSING_PLACE]);
		if (regdocs_lookup_is_met(found->lookup, place))
			continue;
		tuplestore_putvalues(changes->gone, changes->gone_desc,
							 slot->tts_values, slot->tts_isnull);
		changes->ngone++;
	}
	ExecDropSingleTupleTableSlot(slot);
}

int64
regdocs_found_total(const RegdocsFound *found)
{
	return regdocs_lookup_total(found->lookup);
}

int64
regdocs_found_still_there(const RegdocsFound *found)
{
	return found->still_there;
}

int64
regdocs_found_kept(const RegdocsFound *found)
{
	return found->kept;
}

void
regdocs_found_end(RegdocsFound *found)
{
	regdocs_lookup_end(found->lookup);
	tuplestore_end(found->changes.rows);
	tuplestore_end(found->changes.missing);
	tuplestore_end(found->changes.gone);
}
