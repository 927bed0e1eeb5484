/*
 * filter.h
 *		What a list is asked for: which rows, in which order.
 */
#ifndef EMU_FILTER_H
#define EMU_FILTER_H

#include "request.h"

#define EMU_MAX_CONDITIONS 16
#define EMU_MAX_AMONG 20		/* sids in one parameter */

typedef struct EmuCondition
{
	const EmuFilter *filter;
	const char *text;			/* BORROWED from the request */
	int64_t		date;			/* of those that are dates */
	uint32_t	among[EMU_MAX_AMONG];	/* rows; EMU_NONE: there is no such */
	int			count;
	bool		loose;			/* takes in more rows than it says */
} EmuCondition;

typedef struct EmuAsked
{
	EmuCondition condition[EMU_MAX_CONDITIONS];
	int			count;
	int			sort;			/* the field to sort by, or EMU_NO_FIELD */
	bool		ordered;		/* a parameter said something of the order */
	bool		descending;
} EmuAsked;

extern bool emu_asked_read(const Emu *emu, const EmuRequest *request,
						   const EmuStore *rows, EmuReply *reply,
						   EmuAsked *asked);
extern bool emu_asked_meets(const Emu *emu, const EmuAsked *asked,
							const EmuStore *rows, uint32_t index);

#endif							/* EMU_FILTER_H */
