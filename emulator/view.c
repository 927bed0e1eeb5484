/*
 * view.c
 *		Which rows does a list have, in which order, and how is a place in it
 *		found again?
 *
 * Where everything is listed as it comes, the view is the store's own order.
 * Else it is made for each request: filtered, sorted, without gaps.
 */
#include "view.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"

#define EMU_NULL_KEY INT64_MIN

/* What a row is sorted by; the number of the row decides among equals. */
typedef struct EmuSorted
{
	int64_t		key;
	uint32_t	index;
} EmuSorted;

static int64_t
emu_view_key(const EmuView *view, uint32_t index)
{
	int64_t		date;

	if (view->asked.sort == EMU_NO_FIELD)
		return 0;
	return emu_date_of(emu_store_kept(view->rows, index, view->asked.sort),
					   &date) ? date : EMU_NULL_KEY;
}

static int
emu_sorted_compare(const void *one, const void *other, void *cls)
{
	const EmuSorted *a = one;
	const EmuSorted *b = other;
	const EmuView *view = cls;
	int			result;

	if (view->by_sid)
	{
		char		first[EMU_SID_LENGTH + 1];
		char		second[EMU_SID_LENGTH + 1];

		emu_store_sid(view->rows, a->index, first);
		emu_store_sid(view->rows, b->index, second);
		return strcmp(first, second);
	}
	if (a->key != b->key &&
		(a->key == EMU_NULL_KEY || b->key == EMU_NULL_KEY))
		return (a->key == EMU_NULL_KEY) == view->nulls_first ? -1 : 1;
	if (a->key != b->key)
		result = a->key < b->key ? -1 : 1;
	else
		result = a->index < b->index ? -1 : a->index > b->index;
	return view->asked.descending ? -result : result;
}

/* Each third row changes places with the next one. */
static void
emu_view_scramble(EmuView *view)
{
	size_t		i;

	for (i = 0; i + 1 < view->own.length; i += 3)
	{
		uint32_t	swapped = view->own.at[i];

		view->own.at[i] = view->own.at[i + 1];
		view->own.at[i + 1] = swapped;
	}
}

static void
emu_view_sort(EmuView *view)
{
	size_t		count = view->own.length;
	EmuSorted  *sorted = emu_alloc((count + 1) * sizeof(*sorted));
	size_t		i;

	for (i = 0; i < count; i++)
	{
		sorted[i].index = view->own.at[i];
		sorted[i].key = emu_view_key(view, sorted[i].index);
	}
	qsort_r(sorted, count, sizeof(*sorted), emu_sorted_compare, view);
	for (i = 0; i < count; i++)
		view->own.at[i] = sorted[i].index;
	free(sorted);
	if (view->scrambled)
		emu_view_scramble(view);
}

static void
emu_view_add(const Emu *emu, EmuView *view, uint32_t index)
{
	if (emu_asked_meets(emu, &view->asked, view->rows, index))
		view->own.at[view->own.length++] = index;
}

/* Gathers the rows: the parent's, or all there are. */
static void
emu_view_gather(const Emu *emu, EmuView *view, uint32_t parent)
{
	const EmuOrder *all = emu_store_order(view->rows);
	const EmuBranch *branch = emu_store_branch(view->rows, parent);
	size_t		position = 0;
	uint32_t	index;
	uint32_t	i;

	view->order = &view->own;
	view->own.at = emu_alloc((1 + (parent != EMU_NONE ? branch->count :
								   emu_store_count(view->rows))) *
							 sizeof(uint32_t));
	for (i = 0; parent != EMU_NONE && i < branch->count; i++)
		emu_view_add(emu, view, branch->at[i]);
	while (parent == EMU_NONE &&
		   (index = emu_order_next(all, &position)) != EMU_GAP)
		emu_view_add(emu, view, index);
}

static bool
emu_nulls_first(const EmuOptions *options, bool descending)
{
	if (options->nulls == EMU_NULLS_LOW)
		return !descending;
	if (options->nulls == EMU_NULLS_HIGH)
		return descending;
	return options->nulls == EMU_NULLS_FIRST;
}

/*
 * The rows of a list; the parent may be EMU_NONE. False: the reply says what
 * is wrong with the query. The lock is held until it is closed.
 */
bool
emu_view_open(const Emu *emu, const EmuRequest *request, const EmuStore *rows,
			  uint32_t parent, EmuReply *reply, EmuView *view)
{
	const EmuResource *resource = request->resource;
	EmuListOrder order = (EmuListOrder) emu->options.list_order;

	memset(view, 0, sizeof(*view));
	view->rows = rows;
	if (!emu_asked_read(emu, request, rows, reply, &view->asked))
		return false;
	view->nulls_first = emu_nulls_first(&emu->options,
										view->asked.descending);
	view->order = emu_store_order(rows);
	if (parent == EMU_NONE && view->asked.count == 0 &&
		!view->asked.ordered && !resource->newest_first)
		return true;
	view->scrambled = view->asked.ordered &&
		emu->options.sort == EMU_SORT_WRONG;
	if (!view->asked.ordered && !resource->newest_first)
	{
		view->by_sid = order == EMU_ORDER_SID;
		if (order == EMU_ORDER_UPDATED)
			view->asked.sort = emu_resource_role(resource, EMU_KEPT_UPDATED);
	}
	emu_view_gather(emu, view, parent);
	emu_view_sort(view);
	return true;
}

void
emu_view_close(EmuView *view)
{
	free(view->own.at);
}

/*
 * What a token must say besides the sid, so that the place is found again
 * although the row has moved on or is gone; false: nothing.
 */
bool
emu_view_mark(const EmuView *view, size_t position, uint64_t *mark)
{
	*mark = position;
	if (view->order != &view->own)
		return view->order->kind == EMU_ORDER_UPDATED;
	*mark = (uint64_t) emu_view_key(view, view->order->at[position]);
	return view->asked.sort != EMU_NO_FIELD;
}

/* The same in the store's own order. */
static bool
emu_view_find_stored(const EmuView *view, uint32_t index, uint64_t mark,
					 bool before, size_t *position)
{
	const EmuOrder *order = view->order;

	*position = order->kind == EMU_ORDER_UPDATED ? (size_t) mark :
		emu_order_place(order, index);
	if (*position >= order->length && order->kind == EMU_ORDER_UPDATED)
		return false;
	/* by sid, a row that is gone has left no gap to step over */
	if (!before && (order->kind != EMU_ORDER_SID ||
					emu_store_is_live(view->rows, index)))
		(*position)++;
	return true;
}

/*
 * The position behind a row, or (before) the one where it is or would be.
 * False: it cannot be found.
 */
bool
emu_view_find(const EmuView *view, uint32_t index, uint64_t mark, bool before,
			  size_t *position)
{
	EmuSorted	wanted = {(int64_t) mark, index};
	EmuSorted	row;
	int			result;

	if (view->order != &view->own)
		return emu_view_find_stored(view, index, mark, before, position);
	if (view->asked.sort == EMU_NO_FIELD)
		wanted.key = 0;
	for (*position = 0; *position < view->own.length; (*position)++)
	{
		row.index = view->own.at[*position];
		if (view->scrambled && row.index == index)
		{
			*position += before ? 0 : 1;
			return true;
		}
		row.key = emu_view_key(view, row.index);
		result = emu_sorted_compare(&row, &wanted, (void *) view);
		if (!view->scrambled && (result > 0 || (before && result == 0)))
			return true;
	}
	return !view->scrambled;
}
