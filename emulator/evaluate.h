/*
 * evaluate.h
 *		Whether a bundle's items meet the requirements of its regulation.
 */
#ifndef EMU_EVALUATE_H
#define EMU_EVALUATE_H

#include <jansson.h>

#include "world.h"

#define EMU_MAX_ITEMS 64		/* that an evaluation looks at */

/* A document or an end user, as far as an evaluation is concerned. */
typedef struct EmuItem
{
	bool		document;
	char		type[64];
	char	   *attributes;		/* JSON; NEW */
} EmuItem;

typedef struct EmuItems
{
	EmuItem		item[EMU_MAX_ITEMS];
	int			count;
} EmuItems;

extern json_t *emu_requirements_of(const EmuWorld *world, uint32_t bundle);
extern void emu_items_add(const EmuWorld *world, EmuItems *items,
						  EmuText object_sid);
extern void emu_items_of(const EmuWorld *world, uint32_t bundle,
						 EmuItems *items);
extern void emu_items_free(EmuItems *items);
extern bool emu_item_meets(const json_t *need, const EmuItem *item,
						   const EmuItem *end_user);
extern bool emu_evaluate(const json_t *requirements, const EmuItems *items,
						 EmuBuf *results);

#endif							/* EMU_EVALUATE_H */
