/*
 * buf.c
 *		How is text of unknown length put together?
 */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for most of what is formatted, at the first try. */
#define EMU_LIKELY_BYTES 128

static void *
emu_check(void *memory)
{
	if (memory == NULL)
	{
		fputs("regdocs-emulator: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

void *
emu_alloc(size_t size)
{
	return emu_check(calloc(1, size));
}

void *
emu_realloc(void *old, size_t size)
{
	return emu_check(realloc(old, size));
}

char *
emu_copy(const char *data, size_t len)
{
	char	   *copy = emu_check(malloc(len + 1));

	memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

/* Makes room for so many bytes and a terminator. */
void
emu_buf_reserve(EmuBuf *buf, size_t more)
{
	size_t		need = buf->len + more + 1;
	size_t		size = buf->size ? buf->size : 256;

	if (need <= buf->size)
		return;
	while (size < need)
		size *= 2;
	buf->data = emu_realloc(buf->data, size);
	buf->size = size;
}

void
emu_buf_add(EmuBuf *buf, const char *data, size_t len)
{
	emu_buf_reserve(buf, len);
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
emu_buf_put(EmuBuf *buf, const char *text)
{
	emu_buf_add(buf, text, strlen(text));
}

void
emu_buf_printf(EmuBuf *buf, const char *format,...)
{
	size_t		need = EMU_LIKELY_BYTES;
	size_t		room;

	do
	{
		va_list		args;

		emu_buf_reserve(buf, need);
		room = buf->size - buf->len;
		va_start(args, format);
		need = (size_t) vsnprintf(buf->data + buf->len, room, format, args);
		va_end(args);
	} while (need >= room);
	buf->len += need;
}

void
emu_buf_free(EmuBuf *buf)
{
	free(buf->data);
	memset(buf, 0, sizeof(*buf));
}
