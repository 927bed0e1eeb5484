/*
 * order.h
 *		The order of the list.
 *
 * A position is a place in that order; some are gaps, where a document was
 * that has been deleted or has moved on.
 */
#ifndef EMU_ORDER_H
#define EMU_ORDER_H

#include "generate.h"

typedef struct EmuOrder
{
	EmuListOrder kind;
	const EmuGenerator *generator;
	uint32_t   *at;				/* position -> document, or EMU_GAP */
	uint32_t   *place;			/* document -> last position; not by sid */
	size_t		length;			/* positions, gaps included */
	size_t		size;
	size_t		placed;			/* room in place */
	size_t		gaps;
} EmuOrder;

#define EMU_GAP UINT32_MAX

extern void emu_order_init(EmuOrder *order, EmuListOrder kind,
						   const EmuGenerator *generator);
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
