/*
 * order.c
 *		In which order are rows listed, while some come and go?
 *
 * By creation and by last update the order is an array that only grows at its
 * end, so that a position, once given out in a token, keeps its meaning. By
 * sid it is a sorted array, and the sid itself is what a token refers to.
 */
#include "order.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

typedef struct EmuDated
{
	int64_t		updated;
	uint32_t	index;
} EmuDated;

static int
emu_compare_dated(const void *one, const void *other)
{
	const EmuDated *a = one;
	const EmuDated *b = other;

	if (a->updated != b->updated)
		return a->updated < b->updated ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static int
emu_compare_sids(const EmuIdentity *identity, uint32_t a, uint32_t b)
{
	char		one[EMU_SID_LENGTH + 1];
	char		other[EMU_SID_LENGTH + 1];

	emu_sid_write(identity, a, one);
	emu_sid_write(identity, b, other);
	return memcmp(one, other, EMU_SID_LENGTH);
}

static int
emu_compare_indexes(const void *one, const void *other, void *identity)
{
	return emu_compare_sids(identity, *(const uint32_t *) one,
							*(const uint32_t *) other);
}

static void
emu_order_by_date(EmuOrder *order, EmuUpdated updated, const void *rows)
{
	size_t		count = order->length;
	EmuDated   *dated = emu_alloc((count + 1) * sizeof(*dated));
	size_t		i;

	for (i = 0; i < count; i++)
	{
		dated[i].index = order->at[i];
		dated[i].updated = updated(rows, order->at[i]);
	}
	qsort(dated, count, sizeof(*dated), emu_compare_dated);
	for (i = 0; i < count; i++)
		order->at[i] = dated[i].index;
	free(dated);
}

/* Makes room for one more position, and for the place of the row. */
static void
emu_order_grow(EmuOrder *order, uint32_t index)
{
	if (order->length == order->size)
	{
		order->size = order->size * 2 + 1024;
		order->at = emu_realloc(order->at, order->size * sizeof(uint32_t));
	}
	if (order->placed <= index)
	{
		order->placed = (size_t) index * 2 + 1024;
		order->place = emu_realloc(order->place,
								   order->placed * sizeof(uint32_t));
	}
}

/* The rows with the numbers below count, in the order of their creation. */
void
emu_order_init(EmuOrder *order, EmuListOrder kind,
			   const EmuIdentity *identity, uint32_t count)
{
	uint32_t	i;

	memset(order, 0, sizeof(*order));
	order->kind = kind;
	order->identity = identity;
	for (i = 0; i < count; i++)
	{
		emu_order_grow(order, i);
		order->at[order->length++] = i;
		order->place[i] = i;
	}
}

/* Sorts what is there at the start; there must be no gaps yet. */
void
emu_order_settle(EmuOrder *order, EmuUpdated updated, const void *rows)
{
	size_t		i;

	if (order->length == 0)
		return;
	if (order->kind == EMU_ORDER_UPDATED)
		emu_order_by_date(order, updated, rows);
	else if (order->kind == EMU_ORDER_SID)
		qsort_r(order->at, order->length, sizeof(uint32_t),
				emu_compare_indexes, (void *) order->identity);
	for (i = 0; i < order->length; i++)
		order->place[order->at[i]] = (uint32_t) i;
}

void
emu_order_free(EmuOrder *order)
{
	free(order->at);
	free(order->place);
}

/*
 * Where the row is, or was when it was last there. By sid also: where
 * it would be.
 */
size_t
emu_order_place(const EmuOrder *order, uint32_t index)
{
	size_t		low = 0;
	size_t		high = order->length;

	if (order->kind != EMU_ORDER_SID)
		return order->place[index];
	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (emu_compare_sids(order->identity, order->at[middle], index) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
emu_order_add(EmuOrder *order, uint32_t index)
{
	size_t		place;

	emu_order_grow(order, index);
	place = order->kind == EMU_ORDER_SID ? emu_order_place(order, index) :
		order->length;
	memmove(order->at + place + 1, order->at + place,
			(order->length - place) * sizeof(uint32_t));
	order->at[place] = index;
	order->place[index] = (uint32_t) place;
	order->length++;
}

void
emu_order_remove(EmuOrder *order, uint32_t index)
{
	size_t		place = emu_order_place(order, index);

	if (order->kind != EMU_ORDER_SID)
	{
		order->at[place] = EMU_GAP;
		order->gaps++;
		return;
	}
	order->length--;
	memmove(order->at + place, order->at + place + 1,
			(order->length - place) * sizeof(uint32_t));
}

/* The row was updated. */
void
emu_order_touch(EmuOrder *order, uint32_t index)
{
	if (order->kind != EMU_ORDER_UPDATED)
		return;
	emu_order_remove(order, index);
	emu_order_add(order, index);
}

/* The position with so many rows before it. */
size_t
emu_order_offset(const EmuOrder *order, uint64_t offset)
{
	size_t		position = 0;

	if (order->gaps == 0)
		return offset < order->length ? (size_t) offset : order->length;
	while (position < order->length && offset > 0)
		offset -= order->at[position++] != EMU_GAP;
	return position;
}

/* So many rows before the position, or the head of the list. */
size_t
emu_order_back(const EmuOrder *order, size_t position, uint64_t rows)
{
	while (position > 0 && rows > 0)
		rows -= order->at[--position] != EMU_GAP;
	return position;
}

/* The row at the position or after it, and steps past it. */
uint32_t
emu_order_next(const EmuOrder *order, size_t *position)
{
	while (*position < order->length)
	{
		uint32_t	index = order->at[(*position)++];

		if (index != EMU_GAP)
			return index;
	}
	return EMU_GAP;
}
