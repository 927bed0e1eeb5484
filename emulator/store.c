/*
 * store.c
 *		Which rows of a resource are there now, and what do they say?
 */
#include "store.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "date.h"
#include "derive.h"

/* What differs from the generated row. */
typedef struct EmuChange
{
	char	   *field[EMU_MAX_FIELDS];	/* JSON text; NULL: as generated */
	char	   *raw;			/* shown instead of the whole, verbatim */
	uint32_t	parent;
	bool		created;		/* nothing but its identity was generated */
	bool		deleted;
	bool		assigned;		/* to a bundle that is not here */
} EmuChange;

struct EmuStore
{
	const EmuResource *resource;
	const EmuOptions *options;
	const EmuStore *parents;	/* maybe itself: a copy has its source */
	EmuIdentity identity;
	EmuGenerator generator;
	EmuOrder	order;
	EmuChange **change;			/* by row; NULL: none */
	uint32_t	count;			/* rows that ever were */
	uint32_t	size;
	uint32_t	live;
	EmuBranch  *branch;			/* by the parent's number */
	uint32_t	branches;
};

EmuStore *
emu_store_open(const EmuResource *resource, int number,
			   const EmuOptions *options, const EmuStore *parents)
{
	EmuStore   *store = emu_alloc(sizeof(*store));

	store->resource = resource;
	store->options = options;
	store->parents = parents ? parents : store;
	emu_identity_init(&store->identity, (uint64_t) options->seed, number,
					  resource->prefix ? resource->prefix : "BU");
	emu_generator_init(&store->generator, &store->identity, options);
	if (resource->generate != NULL)
		store->count = store->live = store->generator.documents;
	emu_order_init(&store->order, (EmuListOrder) options->list_order,
				   &store->identity, store->count);
	store->size = store->count + 1024;
	store->change = emu_alloc(store->size * sizeof(*store->change));
	return store;
}

static int64_t
emu_store_updated(const void *rows, uint32_t index)
{
	const EmuStore *store = rows;
	int			field = emu_resource_role(store->resource, EMU_KEPT_UPDATED);
	int64_t		date = 0;

	if (field == EMU_NO_FIELD)
		field = emu_resource_role(store->resource, EMU_KEPT_CREATED);
	if (store->change[index] == NULL)
		return emu_generate_updated(&store->generator, index);
	if (field != EMU_NO_FIELD)
		emu_date_of(emu_store_kept(store, index, field), &date);
	return date;
}

/* All rows of the start are there. */
void
emu_store_settle(EmuStore *store)
{
	emu_order_settle(&store->order, emu_store_updated, store);
}

static void
emu_change_clear(EmuChange *change)
{
	int			i;

	for (i = 0; i < EMU_MAX_FIELDS; i++)
	{
		free(change->field[i]);
		change->field[i] = NULL;
	}
	free(change->raw);
	change->raw = NULL;
}

void
emu_store_close(EmuStore *store)
{
	uint32_t	i;

	for (i = 0; i < store->count; i++)
		if (store->change[i] != NULL)
		{
			emu_change_clear(store->change[i]);
			free(store->change[i]);
		}
	for (i = 0; i < store->branches; i++)
		free(store->branch[i].at);
	free(store->branch);
	free(store->change);
	emu_order_free(&store->order);
	free(store);
}

/* Finds rows that are deleted, too. */
bool
emu_store_find(const EmuStore *store, const char *sid, uint32_t *index)
{
	uint64_t	found;

	if (!emu_sid_find(&store->identity, sid, &found) || found >= store->count)
		return false;
	*index = (uint32_t) found;
	return true;
}

bool
emu_store_is_live(const EmuStore *store, uint64_t index)
{
	return index < store->count &&
		(store->change[index] == NULL || !store->change[index]->deleted);
}

size_t
emu_store_count(const EmuStore *store)
{
	return store->live;
}

/* How many rows there have been: their numbers are below. */
uint32_t
emu_store_ever(const EmuStore *store)
{
	return store->count;
}

const EmuResource *
emu_store_resource(const EmuStore *store)
{
	return store->resource;
}

const EmuStore *
emu_store_parents(const EmuStore *store)
{
	return store->parents;
}

const EmuOrder *
emu_store_order(const EmuStore *store)
{
	return &store->order;
}

/* The rows of a parent. BORROWED until the lock is given back. */
const EmuBranch *
emu_store_branch(const EmuStore *store, uint32_t parent)
{
	static const EmuBranch empty = {NULL, 0};

	return parent < store->branches ? &store->branch[parent] : &empty;
}

/* EMU_NONE: it has none. */
uint32_t
emu_store_parent(const EmuStore *store, uint32_t index)
{
	return store->change[index] ? store->change[index]->parent : EMU_NONE;
}

void
emu_store_sid(const EmuStore *store, uint32_t index,
			  char sid[EMU_SID_LENGTH + 1])
{
	emu_sid_write(&store->identity, index, sid);
}

/* Where the row's own stream of random numbers begins. */
uint64_t
emu_store_random(const EmuStore *store, uint32_t index)
{
	return emu_mix(store->identity.key ^ emu_mix(index));
}

/* The row's texts; BORROWED until the lock is given back. */
void
emu_store_get(const EmuStore *store, uint32_t index, EmuScratch *scratch,
			  EmuRow *row)
{
	const EmuChange *change = store->change[index];
	int			i;

	emu_derive(store, index, store->options->account_sid, scratch, row);
	if (change == NULL || !change->created)
		store->resource->generate(&store->generator, index, scratch, row);
	if (change == NULL)
		return;
	for (i = 0; store->resource->fields[i].name != NULL; i++)
		if (change->field[i] != NULL)
		{
			row->field[i].data = change->field[i];
			row->field[i].len = strlen(change->field[i]);
		}
}

/* A field of a row that was not generated. BORROWED, as above. */
EmuText
emu_store_kept(const EmuStore *store, uint32_t index, int field)
{
	const char *json = NULL;
	EmuText		text;

	if (store->change[index] != NULL)
		json = store->change[index]->field[field];
	text.data = json ? json : "null";
	text.len = strlen(text.data);
	return text;
}

bool
emu_store_kept_is(const EmuStore *store, uint32_t index, int field,
				  const char *json)
{
	return strcmp(emu_store_kept(store, index, field).data, json) == 0;
}

/* The text that was put in its place, or NULL. BORROWED. */
const char *
emu_store_raw(const EmuStore *store, uint32_t index)
{
	return store->change[index] ? store->change[index]->raw : NULL;
}

/* Whether a test said so; items of bundles that are here are not asked. */
bool
emu_store_is_assigned(const EmuStore *store, uint32_t index)
{
	return store->change[index] != NULL && store->change[index]->assigned;
}

/* Appends the row as JSON. */
void
emu_store_render(const EmuStore *store, uint32_t index, const EmuShow *show,
				 EmuBuf *buf)
{
	const char *raw = emu_store_raw(store, index);
	const EmuField *fields = show->resource->fields;
	const char *separator = "{\"";
	EmuScratch	scratch;
	EmuRow		row;
	int			i;

	if (raw != NULL)
	{
		emu_buf_put(buf, raw);
		return;
	}
	emu_store_get(store, index, &scratch, &row);
	for (i = 0; fields[i].name != NULL && fields[i].role != EMU_HIDDEN; i++)
	{
		const EmuText *text =
		&row.field[i == show->field ? show->instead : i];

		if (show->omitted & 1u << i)
			continue;
		emu_buf_put(buf, separator);
		emu_buf_put(buf, fields[i].name);
		emu_buf_add(buf, "\":", 2);
		emu_buf_add(buf, text->data, text->len);
		separator = ",\"";
	}
	emu_buf_put(buf, *separator == '{' ? "{}" : "}");
}

static EmuChange *
emu_store_change(EmuStore *store, uint32_t index)
{
	if (store->change[index] == NULL)
	{
		store->change[index] = emu_alloc(sizeof(EmuChange));
		store->change[index]->parent = EMU_NONE;
	}
	return store->change[index];
}

/* Notes that the row belongs to the parent. */
static void
emu_store_adopt(EmuStore *store, uint32_t parent, uint32_t index)
{
	uint32_t	branches = store->branches;

	if (parent >= branches)
	{
		store->branches = parent * 2 + 64;
		store->branch = emu_realloc(store->branch,
									store->branches * sizeof(EmuBranch));
		memset(store->branch + branches, 0,
			   (store->branches - branches) * sizeof(EmuBranch));
	}
	emu_branch_add(&store->branch[parent], index);
}

/* A new row with its initial values; the parent may be EMU_NONE. */
uint32_t
emu_store_create(EmuStore *store, uint32_t parent)
{
	const EmuField *fields = store->resource->fields;
	uint32_t	index = store->count++;
	EmuChange  *change;
	int			i;

	if (store->count > store->size)
	{
		store->size *= 2;
		store->change = emu_realloc(store->change,
									store->size * sizeof(*store->change));
	}
	store->change[index] = NULL;
	change = emu_store_change(store, index);
	change->created = true;
	change->parent = parent;
	for (i = 0; fields[i].name != NULL; i++)
		if (fields[i].role == EMU_KEPT || fields[i].role == EMU_HIDDEN)
			emu_store_put(store, index, i,
						  fields[i].initial ? fields[i].initial : "null");
		else if (fields[i].role == EMU_KEPT_CREATED ||
				 fields[i].role == EMU_KEPT_UPDATED)
			change->field[i] = emu_date_json(time(NULL));
	if (parent != EMU_NONE)
		emu_store_adopt(store, parent, index);
	emu_order_add(&store->order, index);
	store->live++;
	return index;
}

void
emu_store_set(EmuStore *store, uint32_t index, int field, char *json)
{
	EmuChange  *change = emu_store_change(store, index);

	free(change->field[field]);
	change->field[field] = json;
}

/* The same with a copy of a terminated text, and with one of a slice. */
void
emu_store_put(EmuStore *store, uint32_t index, int field, const char *json)
{
	emu_store_set(store, index, field, emu_copy(json, strlen(json)));
}

void
emu_store_copy(EmuStore *store, uint32_t index, int field, EmuText json)
{
	emu_store_set(store, index, field, emu_copy(json.data, json.len));
}

/* STEALS raw; NULL shows the row itself again. */
void
emu_store_set_raw(EmuStore *store, uint32_t index, char *raw)
{
	EmuChange  *change = emu_store_change(store, index);

	free(change->raw);
	change->raw = raw;
}

void
emu_store_assign(EmuStore *store, uint32_t index, bool assigned)
{
	emu_store_change(store, index)->assigned = assigned;
}

/* Says that the row was changed just now. */
void
emu_store_touch(EmuStore *store, uint32_t index)
{
	int			field = emu_resource_role(store->resource, EMU_KEPT_UPDATED);

	if (field != EMU_NO_FIELD)
		emu_store_set(store, index, field, emu_date_json(time(NULL)));
	emu_store_set_raw(store, index, NULL);
	emu_order_touch(&store->order, index);
}

void
emu_store_delete(EmuStore *store, uint32_t index)
{
	EmuChange  *change = emu_store_change(store, index);

	emu_order_remove(&store->order, index);
	if (change->parent != EMU_NONE)
		emu_branch_remove(&store->branch[change->parent], index);
	emu_change_clear(change);
	change->deleted = true;
	store->live--;
}
