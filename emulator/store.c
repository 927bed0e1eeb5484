/*
 * store.c
 *		Which documents are there now, and what do they say?
 */
#include "store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What differs from the generated document. */
typedef struct EmuChange
{
	char	   *field[EMU_FIELD_COUNT]; /* JSON text; NULL: as generated */
	char	   *raw;			/* shown instead of the whole, verbatim */
	bool		created;		/* nothing but its identity was generated */
	bool		deleted;
	bool		assigned;		/* to a bundle */
} EmuChange;

struct EmuStore
{
	pthread_rwlock_t lock;
	EmuGenerator generator;
	EmuOrder	order;
	EmuChange **change;			/* by document; NULL: none */
	uint32_t	count;			/* documents that ever were */
	uint32_t	size;
	uint32_t	live;
};

EmuStore *
emu_store_open(const EmuOptions *options)
{
	EmuStore   *store = emu_alloc(sizeof(*store));
	pthread_rwlockattr_t attributes;

	/* a stream of readers must not keep writers out */
	pthread_rwlockattr_init(&attributes);
	pthread_rwlockattr_setkind_np(&attributes,
								  PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&store->lock, &attributes);
	pthread_rwlockattr_destroy(&attributes);
	emu_generator_init(&store->generator, options);
	emu_order_init(&store->order, (EmuListOrder) options->list_order,
				   &store->generator);
	store->count = store->live = store->generator.documents;
	store->size = store->count + 1024;
	store->change = emu_alloc(store->size * sizeof(*store->change));
	return store;
}

static void
emu_change_clear(EmuChange *change)
{
	int			i;

	for (i = 0; i < EMU_FIELD_COUNT; i++)
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
	free(store->change);
	emu_order_free(&store->order);
	pthread_rwlock_destroy(&store->lock);
	free(store);
}

void
emu_store_lock_shared(EmuStore *store)
{
	pthread_rwlock_rdlock(&store->lock);
}

void
emu_store_lock(EmuStore *store)
{
	pthread_rwlock_wrlock(&store->lock);
}

void
emu_store_unlock(EmuStore *store)
{
	pthread_rwlock_unlock(&store->lock);
}

/* Finds documents that are deleted, too. */
bool
emu_store_find(const EmuStore *store, const char *sid, uint32_t *index)
{
	uint64_t	found;

	if (!emu_generate_find(&store->generator, sid, &found) ||
		found >= store->count)
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

const EmuOrder *
emu_store_order(const EmuStore *store)
{
	return &store->order;
}

const EmuGenerator *
emu_store_generator(const EmuStore *store)
{
	return &store->generator;
}

/* The document's texts; BORROWED until the lock is given back. */
void
emu_store_get(const EmuStore *store, uint32_t index, EmuScratch *scratch,
			  EmuDocument *document)
{
	const EmuChange *change = store->change[index];
	int			i;

	if (change != NULL && change->created)
		emu_generate_identity(&store->generator, index, scratch, document);
	else
		emu_generate(&store->generator, index, scratch, document);
	if (change == NULL)
		return;
	for (i = 0; i < EMU_FIELD_COUNT; i++)
		if (change->field[i] != NULL)
		{
			document->field[i].data = change->field[i];
			document->field[i].len = strlen(change->field[i]);
		}
}

/* The text that was put in its place, or NULL. BORROWED. */
const char *
emu_store_raw(const EmuStore *store, uint32_t index)
{
	return store->change[index] ? store->change[index]->raw : NULL;
}

bool
emu_store_is_assigned(const EmuStore *store, uint32_t index)
{
	return store->change[index] != NULL && store->change[index]->assigned;
}

/* Appends the document as JSON, without the fields in the bit mask. */
void
emu_store_render(const EmuStore *store, uint32_t index, unsigned omitted,
				 EmuBuf *buf)
{
	const char *raw = emu_store_raw(store, index);
	const char *separator = "{\"";
	EmuScratch	scratch;
	EmuDocument document;
	int			i;

	if (raw != NULL)
	{
		emu_buf_put(buf, raw);
		return;
	}
	emu_store_get(store, index, &scratch, &document);
	for (i = 0; i < EMU_FIELD_COUNT; i++)
	{
		if (omitted & 1u << i)
			continue;
		emu_buf_put(buf, separator);
		emu_buf_put(buf, emu_field_names[i]);
		emu_buf_add(buf, "\":", 2);
		emu_buf_add(buf, document.field[i].data, document.field[i].len);
		separator = ",\"";
	}
	emu_buf_put(buf, *separator == '{' ? "{}" : "}");
}

static EmuChange *
emu_store_change(EmuStore *store, uint32_t index)
{
	if (store->change[index] == NULL)
		store->change[index] = emu_alloc(sizeof(EmuChange));
	return store->change[index];
}

static char *
emu_json_now(void)
{
	char		text[EMU_DATE_LENGTH + 3] = "\"";

	emu_date_write(time(NULL), text + 1);
	text[EMU_DATE_LENGTH + 1] = '"';
	return emu_copy(text, EMU_DATE_LENGTH + 2);
}

/* A new draft. The caller sets its other fields. */
uint32_t
emu_store_create(EmuStore *store)
{
	uint32_t	index = store->count++;
	EmuChange  *change;

	if (store->count > store->size)
	{
		store->size *= 2;
		store->change = emu_realloc(store->change,
									store->size * sizeof(*store->change));
	}
	store->change[index] = NULL;
	change = emu_store_change(store, index);
	change->created = true;
	change->field[EMU_STATUS] = emu_copy("\"draft\"", 7);
	change->field[EMU_FAILURE_REASON] = emu_copy("null", 4);
	change->field[EMU_ERRORS] = emu_copy("null", 4);
	change->field[EMU_DATE_CREATED] = emu_json_now();
	change->field[EMU_DATE_UPDATED] = emu_copy(change->field[EMU_DATE_CREATED],
											   EMU_DATE_LENGTH + 2);
	emu_order_add(&store->order, index);
	store->live++;
	return index;
}

void
emu_store_set(EmuStore *store, uint32_t index, EmuField field, char *json)
{
	EmuChange  *change = emu_store_change(store, index);

	free(change->field[field]);
	change->field[field] = json;
}

/* STEALS raw; NULL shows the document itself again. */
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

/* Says that the document was changed just now. */
void
emu_store_touch(EmuStore *store, uint32_t index)
{
	emu_store_set(store, index, EMU_DATE_UPDATED, emu_json_now());
	emu_store_set_raw(store, index, NULL);
	emu_order_touch(&store->order, index);
}

void
emu_store_delete(EmuStore *store, uint32_t index)
{
	EmuChange  *change = emu_store_change(store, index);

	emu_order_remove(&store->order, index);
	emu_change_clear(change);
	change->deleted = true;
	store->live--;
}
