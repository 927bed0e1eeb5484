/*-------------------------------------------------------------------------
 *
 * seen.c
 *	  What a walk of the list has come across: its pages, and the objects
 *	  of the last two of them.
 *
 * A page takes 16 bytes here.  Of its identity a hash of 64 bits is kept: at
 * a million pages, the chance that two of them are taken for one is below
 * one in ten million, and the walk would then end in an error.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"

#include "src/resource/resource.h"
#include "src/fdw/row/seen.h"

typedef struct PageEntry
{
	uint64		identity;		/* its hash */
	char		status;			/* simplehash's */
} PageEntry;

#define SH_PREFIX pageset
#define SH_ELEMENT_TYPE PageEntry
#define SH_KEY_TYPE uint64
#define SH_KEY identity
#define SH_HASH_KEY(tb, key) ((uint32) (key))
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct Sid
{
	char		bytes[RDAPI_SID_BYTES]; /* not terminated */
} Sid;

/*
 * Its 32 digits are random, or else those of a server that can do worse than
 * have a thousand of them fall together.
 */
static inline uint32
sid_hash(const char *bytes)
{
	uint64		hash = 0;
	uint64		word;
	int			i;

	for (i = 2; i < RDAPI_SID_BYTES; i += sizeof(word))
	{
		memcpy(&word, bytes + i, sizeof(word));
		hash = (hash ^ word) * UINT64CONST(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	return (uint32) hash;
}

typedef struct SidEntry
{
	Sid			sid;
	char		status;			/* simplehash's */
} SidEntry;

#define SH_PREFIX sidset
#define SH_ELEMENT_TYPE SidEntry
#define SH_KEY_TYPE Sid
#define SH_KEY sid
#define SH_HASH_KEY(tb, key) sid_hash((key).bytes)
#define SH_EQUAL(tb, a, b) \
	(memcmp((a).bytes, (b).bytes, RDAPI_SID_BYTES) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* Objects of a page, to begin with; the tables grow. */
#define FIRST_SIZE 64

struct RegdocsSeen
{
	pageset_hash *pages;
	sidset_hash *present;		/* objects of the present page */
	sidset_hash *previous;		/* objects of the one before */
};

RegdocsSeen *
regdocs_seen_new(void)
{
	RegdocsSeen *seen = palloc(sizeof(RegdocsSeen));

	seen->pages = pageset_create(CurrentMemoryContext, FIRST_SIZE, NULL);
	seen->present = sidset_create(CurrentMemoryContext, FIRST_SIZE, NULL);
	seen->previous = sidset_create(CurrentMemoryContext, FIRST_SIZE, NULL);
	return seen;
}

static uint64
page_hash(const char *identity)
{
	return hash_bytes_extended((const unsigned char *) identity,
							   strlen(identity), 0);
}

bool
regdocs_seen_page(RegdocsSeen *seen, const char *identity)
{
	bool		found;

	pageset_insert(seen->pages, page_hash(identity), &found);
	return !found;
}

bool
regdocs_seen_knows_page(const RegdocsSeen *seen, const char *identity)
{
	return pageset_lookup(seen->pages, page_hash(identity)) != NULL;
}

void
regdocs_seen_turn_page(RegdocsSeen *seen)
{
	sidset_hash *oldest = seen->previous;

	seen->previous = seen->present;
	seen->present = oldest;
	sidset_reset(oldest);
}

bool
regdocs_seen_object(RegdocsSeen *seen, const char *sid)
{
	Sid			key;
	uint32		hash = sid_hash(sid);
	bool		found;

	memcpy(key.bytes, sid, RDAPI_SID_BYTES);

	/* Noted even if it is dropped: the page after this one may have it, too. */
	sidset_insert_hash(seen->present, key, hash, &found);
	return !found && sidset_lookup_hash(seen->previous, key, hash) == NULL;
}
