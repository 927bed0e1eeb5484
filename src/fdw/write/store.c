/*-------------------------------------------------------------------------
 *
 * store.c
 *	  Bytes that outlive a statement: some of them in memory, and all that are
 *	  too many on disk.
 *
 * Where the disk is full, or temp_file_limit reached, what is there has to stay
 * as it is: readable, and such that it can be overwritten.  A BufFile would
 * not do, as it holds back what it cannot write, and fails with that ever
 * after, even when it is closed, in a rollback.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/tablespace.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/wait_event.h"

#include "src/fdw/write/store.h"

/* What one that ends with its transaction has in memory, in kilobytes. */
#define MEMORY_KB			64

/* The least that is allocated, in bytes. */
#define MEMORY_BYTES_MIN	1024

/* The most that is read or written at a time, in bytes: it has to be an int. */
#define TRANSFER_BYTES_MAX	((Size) 1024 * 1024)

struct RegdocsStore
{
	MemoryContext context;
	bool		lasting;
	File		file;			/* 0: there is none */
	int64		on_disk;		/* bytes: the first ones */
	char	   *memory;			/* those behind them; NULL: there is no room */
	Size		allocated;		/* bytes */
	int64		end;			/* bytes */
};

RegdocsStore *
regdocs_store_new(bool lasting)
{
	RegdocsStore *store = palloc0(sizeof(RegdocsStore));

	store->context = CurrentMemoryContext;
	store->lasting = lasting;
	return store;
}

void
regdocs_store_free(RegdocsStore *store)
{
	if (store == NULL)
		return;
	if (store->file != 0)
		FileClose(store->file);
	if (store->memory != NULL)
		pfree(store->memory);
	pfree(store);
}

int64
regdocs_store_end(const RegdocsStore *store)
{
	return store->end;
}

/* ---- Memory ---- */

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

char *
regdocs_store_append(RegdocsStore *store, Size length)
{
	Size		in_memory = store->end - store->on_disk;

	grow(store, in_memory + length);
	store->end += length;
	return store->memory + in_memory;
}

/* ---- The file ---- */

static void
write_file(RegdocsStore *store, int64 place, const char *data, Size length)
{
	while (length > 0)
	{
		int			written;

		errno = 0;
		written = FileWrite(store->file, unconstify(char *, data),
							Min(length, TRANSFER_BYTES_MAX), place,
							WAIT_EVENT_BUFFILE_WRITE);
		/* Who writes less than was asked for, and says nothing, has no room. */
		if (written <= 0 && errno == 0)
			errno = ENOSPC;
		if (written <= 0)
			ereport(ERROR,
					(errcode_for_file_access(),
					 errmsg("could not write to temporary file: %m")));
		place += written;
		data += written;
		length -= written;
	}
}

static void
read_file(RegdocsStore *store, int64 place, char *data, Size length)
{
	while (length > 0)
	{
		int			count = FileRead(store->file, data,
									 Min(length, TRANSFER_BYTES_MAX), place,
									 WAIT_EVENT_BUFFILE_READ);

		if (count < 0)
			ereport(ERROR,
					(errcode_for_file_access(),
					 errmsg("could not read from temporary file: %m")));
		if (count == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("temporary file is shorter than what was written to it")));
		place += count;
		data += count;
		length -= count;
	}
}

/* It outlives the statement, and perhaps a subtransaction. */
static void
open_file(RegdocsStore *store)
{
	ResourceOwner owner = CurrentResourceOwner;

	if (store->lasting)
	{
		store->file = OpenTemporaryFile(true);
		return;
	}
	PrepareTempTablespaces();
	CurrentResourceOwner = TopTransactionResourceOwner;
	store->file = OpenTemporaryFile(false);
	CurrentResourceOwner = owner;
}

void
regdocs_store_relieve(RegdocsStore *store)
{
	Size		in_memory = store->end - store->on_disk;
	Size		limit = (Size) (store->lasting ? work_mem : MEMORY_KB) * 1024;

	if (in_memory <= limit)
		return;
	if (store->file == 0)
		open_file(store);
	write_file(store, store->on_disk, store->memory, in_memory);
	store->on_disk = store->end;
	pfree(store->memory);
	store->memory = NULL;
	store->allocated = 0;
}

/* ---- Both ---- */

void
regdocs_store_put(RegdocsStore *store, int64 place, const void *data,
				  Size length)
{
	Assert(place + (int64) length <= store->end);
	if (place < store->on_disk)
		write_file(store, place, data, length);
	else
		memcpy(store->memory + (place - store->on_disk), data, length);
}

void
regdocs_store_get(RegdocsStore *store, int64 place, void *data, Size length)
{
	Assert(place + (int64) length <= store->end);
	if (place < store->on_disk)
		read_file(store, place, data, length);
	else
		memcpy(data, store->memory + (place - store->on_disk), length);
}
