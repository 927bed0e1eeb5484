/*-------------------------------------------------------------------------
 *
 * store.c
 *	  Bytes that outlive a transaction: in memory up to work_mem, and then all
 *	  of them on disk.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/buffile.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "src/fdw/write/store.h"

/* The least that is allocated, in bytes. */
#define MEMORY_BYTES_MIN	1024

struct RegdocsStore
{
	MemoryContext context;
	char	   *memory;			/* NULL: all is on disk, or there is nothing */
	Size		allocated;		/* bytes */
	BufFile    *file;			/* NULL: nothing is on disk */
	int64		end;			/* bytes */
};

RegdocsStore *
regdocs_store_new(void)
{
	RegdocsStore *store = palloc0(sizeof(RegdocsStore));

	store->context = CurrentMemoryContext;
	return store;
}

void
regdocs_store_free(RegdocsStore *store)
{
	if (store == NULL)
		return;
	if (store->file != NULL)
		BufFileClose(store->file);
	if (store->memory != NULL)
		pfree(store->memory);
	pfree(store);
}

int64
regdocs_store_end(const RegdocsStore *store)
{
	return store->end;
}

static void
seek(RegdocsStore *store, int64 place)
{
	if (BufFileSeek(store->file, 0, place, SEEK_SET) != 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not seek in temporary file: %m")));
}

/*
 * The file belongs to no transaction, so no resource owner has it: the one of
 * the present transaction would be gone when the file grows.
 */
static void
move_to_disk(RegdocsStore *store)
{
	ResourceOwner owner = CurrentResourceOwner;
	MemoryContext old_context = MemoryContextSwitchTo(store->context);

	CurrentResourceOwner = NULL;
	store->file = BufFileCreateTemp(true);
	CurrentResourceOwner = owner;
	MemoryContextSwitchTo(old_context);
	if (store->end > 0)
		BufFileWrite(store->file, store->memory, store->end);
	if (store->memory != NULL)
		pfree(store->memory);
	store->memory = NULL;
	store->allocated = 0;
}

/* Have room in memory for so many bytes. */
static void
grow(RegdocsStore *store, Size length)
{
	Size		size = Max(store->allocated, MEMORY_BYTES_MIN);

	if (length <= store->allocated)
		return;
	while (size < length)
		size *= 2;
	if (store->memory == NULL)
		store->memory = MemoryContextAllocHuge(store->context, size);
	else
		store->memory = repalloc_huge(store->memory, size);
	store->allocated = size;
}

void
regdocs_store_put(RegdocsStore *store, int64 place, const void *data,
				  Size length)
{
	int64		end = place + (int64) length;

	Assert(place <= store->end);
	if (store->file == NULL && end > store->end &&
		end > (int64) work_mem * 1024)
		move_to_disk(store);
	if (store->file != NULL)
	{
		seek(store, place);
		BufFileWrite(store->file, unconstify(void *, data), length);
	}
	else
	{
		grow(store, end);
		memcpy(store->memory + place, data, length);
	}
	store->end = Max(store->end, end);
}

void
regdocs_store_get(RegdocsStore *store, int64 place, void *data, Size length)
{
	Assert(place + (int64) length <= store->end);
	if (store->file == NULL)
	{
		memcpy(data, store->memory + place, length);
		return;
	}
	seek(store, place);
	/* In later versions it raises an error of its own. */
	if (BufFileRead(store->file, data, length) != length)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read from temporary file: %m")));
}
