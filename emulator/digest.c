/*
 * digest.c
 *		Do two sides hold the same rows?
 *
 * The md5, in hex, of the sorted and concatenated md5s, in hex, of one line a
 * row. README.md has the SQL that must give the same.
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

/* Adds a field to the line, behind a tab where it is not the first. */
static void
emu_digest_add(EmuText field, EmuBuf *line)
{
	if (line->len > 0)
		emu_buf_add(line, "\t", 1);
	emu_digest_field(field, line);
}

/* The parent's sid comes first where the row does not show it. */
static void
emu_digest_parent(const EmuStore *rows, const EmuResource *resource,
				  uint32_t index, EmuBuf *line)
{
	uint32_t	parent = emu_store_parent(rows, index);
	char		sid[EMU_SID_LENGTH + 1];

	if (strchr(resource->path, '{') == NULL ||
		emu_resource_role(resource, EMU_IS_PARENT) != EMU_NO_FIELD)
		return;
	emu_store_sid(emu_store_parents(rows), parent, sid);
	emu_buf_put(line, sid);
}

static void
emu_digest_row(const EmuStore *rows, const EmuResource *resource,
			   uint32_t index, EmuBuf *line, EmuMd5 digest)
{
	struct md5_ctx context;
	EmuScratch	scratch;
	EmuRow		row;
	int			shown = emu_resource_shown(resource);
	int			i;

	emu_store_get(rows, index, &scratch, &row);
	line->len = 0;
	emu_digest_parent(rows, resource, index, line);
	for (i = 0; i < shown; i++)
		emu_digest_add(row.field[i], line);
	emu_buf_add(line, "\n", 1);
	md5_init(&context);
	md5_update(&context, line->len, (const uint8_t *) line->data);
	md5_digest(&context, sizeof(EmuMd5), digest);
}

/* Rows whose text was replaced are left out. */
static size_t
emu_digest_lines(const EmuWorld *world, const EmuResource *resource,
				 EmuMd5 **digests)
{
	const EmuStore *rows = emu_rows(world, resource);
	EmuBuf		line = {0};
	size_t		position = 0;
	size_t		count = 0;
	uint32_t	index;

	*digests = emu_alloc((emu_store_count(rows) + 1) * sizeof(EmuMd5));
	while ((index = emu_order_next(emu_store_order(rows), &position)) !=
		   EMU_GAP)
		if (emu_store_raw(rows, index) == NULL &&
			emu_has_row(world, resource, index))
			emu_digest_row(rows, resource, index, &line, (*digests)[count++]);
	emu_buf_free(&line);
	return count;
}

void
emu_digest(EmuWorld *world, const EmuResource *resource, EmuBuf *buf)
{
	struct md5_ctx context;
	EmuMd5	   *digests;
	EmuMd5		total;
	uint8_t		hex[EMU_HEX_BYTES];
	size_t		count;
	size_t		i;

	emu_lock_shared(world);
	count = emu_digest_lines(world, resource, &digests);
	emu_unlock(world);
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
