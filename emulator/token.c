/*
 * token.c
 *		Where does a page token point?
 *
 * keyset: PA and the sid of the document before the page, or PB and that of
 * the one after it; where the list is in order of updates, "-" and the
 * document's place at that time follow, since it may have moved.
 * offset: PT and in base64 the number of documents before the page.
 */
#include "token.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ten digits, so that the base64 ends in "==". */
#define EMU_OFFSET_DIGITS 10

static bool
emu_token_read_offset(const Emu *emu, const char *token, EmuPlace *place)
{
	struct base64_decode_ctx context;
	uint8_t		text[32] = {0};
	size_t		room = sizeof(text) - 1;
	size_t		len = strlen(token);
	char	   *end;

	base64_decode_init(&context);
	if (len > 2 + BASE64_ENCODE_RAW_LENGTH(EMU_OFFSET_DIGITS) ||
		!base64_decode_update(&context, &room, text, len - 2, token + 2) ||
		!base64_decode_final(&context) || room != EMU_OFFSET_DIGITS)
		return false;
	place->offset = strtoull((char *) text, &end, 10);
	place->position = emu_order_offset(emu_store_order(emu->store),
									   place->offset);
	return *end == '\0';
}

static bool
emu_token_read_keyset(const Emu *emu, const char *token, EmuPlace *place)
{
	const EmuOrder *order = emu_store_order(emu->store);
	char		sid[EMU_SID_LENGTH + 1] = "";
	const char *rest;
	char	   *end;
	uint32_t	index;
	bool		live;

	snprintf(sid, sizeof(sid), "%s", token + 2);
	if (strlen(sid) != EMU_SID_LENGTH ||
		!emu_store_find(emu->store, sid, &index))
		return false;
	live = emu_store_is_live(emu->store, index);
	if (!live && !emu->options.skip_deleted_anchor)
		return false;
	rest = token + 2 + EMU_SID_LENGTH;
	place->position = emu_order_place(order, index);
	if (order->kind == EMU_ORDER_UPDATED)
	{
		if (*rest != '-')
			return false;
		place->position = strtoull(rest + 1, &end, 16);
		rest = end;
		if (place->position >= order->length)
			return false;
	}
	/* by sid, a document that is gone has left no gap to step over */
	if (!place->backwards && (live || order->kind != EMU_ORDER_SID))
		place->position++;
	return *rest == '\0';
}

/* False: no such token. */
bool
emu_token_read(const Emu *emu, const char *token, EmuPlace *place)
{
	memset(place, 0, sizeof(*place));
	if (emu->options.offset_tokens)
		return strncmp(token, "PT", 2) == 0 &&
			emu_token_read_offset(emu, token, place);
	place->backwards = strncmp(token, "PB", 2) == 0;
	return (place->backwards || strncmp(token, "PA", 2) == 0) &&
		emu_token_read_keyset(emu, token, place);
}

static void
emu_token_write_offset(const Emu *emu, uint64_t offset, EmuBuf *buf)
{
	char		digits[EMU_OFFSET_DIGITS + 1];
	char		encoded[BASE64_ENCODE_RAW_LENGTH(EMU_OFFSET_DIGITS)];
	size_t		i;

	snprintf(digits, sizeof(digits), "%0*u", EMU_OFFSET_DIGITS,
			 (unsigned) offset);
	base64_encode_raw(encoded, EMU_OFFSET_DIGITS, (const uint8_t *) digits);
	emu_buf_put(buf, "PT");
	for (i = 0; i < sizeof(encoded); i++)
		if (encoded[i] == '=' && emu->options.escape_tokens)
			emu_buf_put(buf, "%3D");
		else
			emu_buf_add(buf, &encoded[i], 1);
}

static void
emu_token_write_keyset(const Emu *emu, const char *prefix, size_t position,
					   uint32_t index, EmuBuf *buf)
{
	char		sid[EMU_SID_LENGTH + 1];

	emu_generate_sid(emu_store_generator(emu->store), index, sid);
	emu_buf_printf(buf, "%s%s", prefix, sid);
	if (emu->options.list_order == EMU_ORDER_UPDATED)
		emu_buf_printf(buf, "-%zx", position);
}

/* For the page after a document, of which the offset counts itself in. */
void
emu_token_after(const Emu *emu, size_t position, uint32_t index,
				uint64_t offset, EmuBuf *buf)
{
	if (emu->options.offset_tokens)
		emu_token_write_offset(emu, offset, buf);
	else
		emu_token_write_keyset(emu, "PA", position, index, buf);
}

/* For the page before a document; the offset is that page's own. */
void
emu_token_before(const Emu *emu, size_t position, uint32_t index,
				 uint64_t offset, EmuBuf *buf)
{
	if (emu->options.offset_tokens)
		emu_token_write_offset(emu, offset, buf);
	else
		emu_token_write_keyset(emu, "PB", position, index, buf);
}
