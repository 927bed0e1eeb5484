/*
 * digest.c
 *		Do two sides hold the same documents?
 *
 * The md5, in hex, of the sorted and concatenated md5s, in hex, of one line a
 * document. README.md has the SQL that must give the same.
 */
#include "digest.h"

#include <nettle/md5.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

#define EMU_HEX_BYTES (2 * MD5_DIGEST_SIZE)

typedef uint8_t EmuMd5[MD5_DIGEST_SIZE];

static int
emu_digest_compare(const void *one, const void *other)
{
	return memcmp(one, other, sizeof(EmuMd5));
}

static void
emu_digest_hex(const EmuMd5 digest, uint8_t hex[EMU_HEX_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	size_t		i;

	for (i = 0; i < MD5_DIGEST_SIZE; i++)
	{
		hex[2 * i] = (uint8_t) digits[digest[i] >> 4];
		hex[2 * i + 1] = (uint8_t) digits[digest[i] & 15];
	}
}

/* The field's value: a string's content, other JSON as it is, \N for null. */
static void
emu_digest_field(EmuText field, EmuBuf *line)
{
	if (field.len == 4 && memcmp(field.data, "null", 4) == 0)
		emu_buf_add(line, "\\N", 2);
	else if (field.data[0] == '"')
		emu_json_decode(line, field);
	else
		emu_buf_add(line, field.data, field.len);
}

static void
emu_digest_document(const EmuStore *store, uint32_t index, EmuBuf *line,
					EmuMd5 digest)
{
	struct md5_ctx context;
	EmuScratch	scratch;
	EmuDocument document;
	int			i;

	emu_store_get(store, index, &scratch, &document);
	line->len = 0;
	for (i = 0; i < EMU_FIELD_COUNT; i++)
	{
		if (i > 0)
			emu_buf_add(line, "\t", 1);
		emu_digest_field(document.field[i], line);
	}
	emu_buf_add(line, "\n", 1);
	md5_init(&context);
	md5_update(&context, line->len, (const uint8_t *) line->data);
	md5_digest(&context, sizeof(EmuMd5), digest);
}

/* Documents whose text was replaced are left out. */
static size_t
emu_digest_lines(EmuStore *store, EmuMd5 **digests)
{
	const EmuOrder *order;
	EmuBuf		line = {0};
	size_t		position = 0;
	size_t		count = 0;
	uint32_t	index;

	emu_store_lock_shared(store);
	order = emu_store_order(store);
	*digests = emu_alloc((emu_store_count(store) + 1) * sizeof(EmuMd5));
	while ((index = emu_order_next(order, &position)) != EMU_GAP)
		if (emu_store_raw(store, index) == NULL)
			emu_digest_document(store, index, &line, (*digests)[count++]);
	emu_store_unlock(store);
	emu_buf_free(&line);
	return count;
}

void
emu_digest(EmuStore *store, EmuBuf *buf)
{
	struct md5_ctx context;
	EmuMd5	   *digests;
	EmuMd5		total;
	uint8_t		hex[EMU_HEX_BYTES];
	size_t		count = emu_digest_lines(store, &digests);
	size_t		i;

	qsort(digests, count, sizeof(EmuMd5), emu_digest_compare);
	md5_init(&context);
	for (i = 0; i < count; i++)
	{
		emu_digest_hex(digests[i], hex);
		md5_update(&context, sizeof(hex), hex);
	}
	md5_digest(&context, sizeof(total), total);
	free(digests);
	emu_digest_hex(total, hex);
	emu_buf_add(buf, (const char *) hex, sizeof(hex));
	emu_buf_put(buf, "\n");
}
