/*
 * token.c
 *		Where does a page token point?
 *
 * keyset: PA and the sid of the row before the page, or PB and that of the one
 * after it; where rows can move in the list, "-" and a mark of the place that
 * the row had follow.
 * offset: PT and in base64 the number of rows before the page.
 */
#include "token.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ten digits, so that the base64 ends in "==". */
#define EMU_OFFSET_DIGITS 10

static bool
emu_token_read_offset(const EmuView *view, const char *token,
					  EmuPlace *place)
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
	place->position = emu_order_offset(view->order, place->offset);
	return *end == '\0';
}

static bool
emu_token_read_keyset(const Emu *emu, const EmuView *view, const char *token,
					  EmuPlace *place)
{
	char		sid[EMU_SID_LENGTH + 1] = "";
	const char *rest;
	char	   *end;
	uint32_t	index;
	uint64_t	mark = 0;

	snprintf(sid, sizeof(sid), "%s", token + 2);
	if (strlen(sid) != EMU_SID_LENGTH ||
		!emu_store_find(view->rows, sid, &index))
		return false;
	if (!emu_store_is_live(view->rows, index) &&
		!emu->options.skip_deleted_anchor)
		return false;
	rest = token + 2 + EMU_SID_LENGTH;
	if (*rest == '-')
	{
		mark = strtoull(rest + 1, &end, 16);
		rest = end;
	}
	return *rest == '\0' &&
		emu_view_find(view, index, mark, place->backwards, &place->position);
}

/* False: no such token. */
bool
emu_token_read(const Emu *emu, const EmuView *view, const char *token,
			   EmuPlace *place)
{
	memset(place, 0, sizeof(*place));
	if (emu->options.offset_tokens)
		return strncmp(token, "PT", 2) == 0 &&
			emu_token_read_offset(view, token, place);
	place->backwards = strncmp(token, "PB", 2) == 0;
	return (place->backwards || strncmp(token, "PA", 2) == 0) &&
		emu_token_read_keyset(emu, view, token, place);
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
emu_token_write_keyset(const EmuView *view, const char *prefix,
					   size_t position, EmuBuf *buf)
{
	char		sid[EMU_SID_LENGTH + 1];
	uint64_t	mark;

	emu_store_sid(view->rows, view->order->at[position], sid);
	emu_buf_printf(buf, "%s%s", prefix, sid);
	if (emu_view_mark(view, position, &mark))
		emu_buf_printf(buf, "-%llx", (unsigned long long) mark);
}

/* For the page after a row, of which the offset counts itself in. */
void
emu_token_after(const Emu *emu, const EmuView *view, size_t position,
				uint64_t offset, EmuBuf *buf)
{
	if (emu->options.offset_tokens)
		emu_token_write_offset(emu, offset, buf);
	else
		emu_token_write_keyset(view, "PA", position, buf);
}

/* For the page before a row; the offset is that page's own. */
void
emu_token_before(const Emu *emu, const EmuView *view, size_t position,
				 uint64_t offset, EmuBuf *buf)
{
	if (emu->options.offset_tokens)
		emu_token_write_offset(emu, offset, buf);
	else
		emu_token_write_keyset(view, "PB", position, buf);
}
