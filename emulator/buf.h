/*
 * buf.h
 *		A growing byte buffer and a slice of text.
 *
 * The emulator is a test tool: when memory runs out it says so and exits,
 * so nothing here reports failure.
 */
#ifndef EMU_BUF_H
#define EMU_BUF_H

#include <stddef.h>
#include <stdint.h>

/* Text owned by someone else; not terminated. */
typedef struct EmuText
{
	const char *data;
	size_t		len;
} EmuText;

/* Zero-initialised is empty; data is terminated once something was added. */
typedef struct EmuBuf
{
	char	   *data;
	size_t		len;
	size_t		size;
} EmuBuf;

extern void *emu_alloc(size_t size);	/* zeroed */
extern void *emu_realloc(void *old, size_t size);
extern char *emu_copy(const char *data, size_t len);	/* NEW, terminated */

extern void emu_buf_reserve(EmuBuf *buf, size_t more);
extern void emu_buf_add(EmuBuf *buf, const char *data, size_t len);
extern void emu_buf_put(EmuBuf *buf, const char *text);
extern void emu_buf_printf(EmuBuf *buf, const char *format,...)
			__attribute__((format(printf, 2, 3)));
extern void emu_buf_free(EmuBuf *buf);

#endif							/* EMU_BUF_H */
