/*
 * order.h
 *		The order of a list.
 *
 * A position is a place in that order; some are gaps, where a row was that
 * has been deleted or has moved on.
 */
#ifndef EMU_ORDER_H
#define EMU_ORDER_H

#include <stddef.h>

#include "identity.h"
#include "options.h"

typedef struct EmuOrder
{
	EmuListOrder kind;
	const EmuIdentity *identity;
	uint32_t   *at;				/* position -> row, or EMU_GAP */
	uint32_t   *place;			/* row -> last position; not by sid */
	size_t		length;			/* positions, gaps included */
	size_t		size;
	size_t		placed;			/* room in place */
	size_t		gaps;
} EmuOrder;

#define EMU_GAP UINT32_MAX

/* When a row was last updated, in seconds since 1970. */
typedef int64_t (*EmuUpdated) (const void *rows, uint32_t index);

extern void emu_order_init(EmuOrder *order, EmuListOrder kind,
						   const EmuIdentity *identity, uint32_t count);
extern void emu_order_settle(EmuOrder *order, EmuUpdated updated,
							 const void *rows);
extern void emu_order_free(EmuOrder *order);
extern void emu_order_add(EmuOrder *order, uint32_t index);
extern void emu_order_remove(EmuOrder *order, uint32_t index);
extern void emu_order_touch(EmuOrder *order, uint32_t index);
extern size_t emu_order_place(const EmuOrder *order, uint32_t index);
extern size_t emu_order_offset(const EmuOrder *order, uint64_t offset);
extern size_t emu_order_back(const EmuOrder *order, size_t position,
							 uint64_t rows);
extern uint32_t emu_order_next(const EmuOrder *order, size_t *position);

#endif							/* EMU_ORDER_H */
