/*
 * view.h
 *		The rows of one list, in its order.
 */
#ifndef EMU_VIEW_H
#define EMU_VIEW_H

#include "filter.h"

typedef struct EmuView
{
	const EmuStore *rows;
	const EmuOrder *order;		/* the store's, or the one below */
	EmuOrder	own;			/* for this request */
	EmuAsked	asked;
	bool		by_sid;
	bool		nulls_first;
	bool		scrambled;		/* the order is not what it should be */
} EmuView;

extern bool emu_view_open(const Emu *emu, const EmuRequest *request,
						  const EmuStore *rows, uint32_t parent,
						  EmuReply *reply, EmuView *view);
extern void emu_view_close(EmuView *view);
extern bool emu_view_mark(const EmuView *view, size_t position,
						  uint64_t *mark);
extern bool emu_view_find(const EmuView *view, uint32_t index, uint64_t mark,
						  bool before, size_t *position);

#endif							/* EMU_VIEW_H */
