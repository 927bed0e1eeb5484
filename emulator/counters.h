/*
 * counters.h
 *		What has been asked of the emulator.
 */
#ifndef EMU_COUNTERS_H
#define EMU_COUNTERS_H

#include <stdbool.h>

#include "buf.h"

/* What a request is for; the names are emu_kind_names. */
typedef enum EmuKind
{
	EMU_LIST,
	EMU_FETCH,
	EMU_CREATE,
	EMU_UPDATE,
	EMU_DELETE,
	EMU_OTHER,					/* no such path or method */
	EMU_KIND_COUNT,
	EMU_CONTROL = EMU_KIND_COUNT	/* outside the API, not counted */
} EmuKind;

typedef enum EmuCounter
{
	/* the first EMU_KIND_COUNT are requests by kind */
	EMU_COUNT_CREATED = EMU_KIND_COUNT, /* carried out */
	EMU_COUNT_UPDATED,
	EMU_COUNT_DELETED,
	EMU_COUNT_IN_FLIGHT,
	EMU_COUNT_IN_FLIGHT_MAX,
	EMU_COUNT_CONNECTIONS,
	EMU_COUNT_CONNECTIONS_OPEN,
	EMU_COUNT_BYTES_SENT,
	EMU_COUNT_BYTES_RECEIVED,
	EMU_COUNT_UNAUTHORIZED,
	EMU_COUNT_THROTTLED,
	EMU_COUNT_FAULTS,
	EMU_COUNT_IDLE_US,			/* from an answer's end to the next request on
								 * its connection, added up */
	EMU_COUNTER_COUNT
} EmuCounter;

/* Requests by kind, and what was carried out, are counted by resource, too. */
#define EMU_COUNTS_BY_RESOURCE EMU_COUNT_IN_FLIGHT
#define EMU_MAX_RESOURCES 32

typedef struct EmuCounters EmuCounters;

extern const char *const emu_kind_names[EMU_KIND_COUNT + 1];

extern EmuCounters *emu_counters_open(void);
extern void emu_counters_close(EmuCounters *counters);
extern void emu_count(EmuCounters *counters, EmuCounter counter,
					  uint64_t number);
extern void emu_count_of(EmuCounters *counters, int resource,
						 EmuCounter counter);
extern int	emu_count_begin(EmuCounters *counters);
extern void emu_count_down(EmuCounters *counters, EmuCounter counter);
extern void emu_counters_reset(EmuCounters *counters);
extern bool emu_counters_read(EmuCounters *counters, const char *name,
							  uint64_t *value);
extern void emu_counters_render(EmuCounters *counters, EmuBuf *buf);

#endif							/* EMU_COUNTERS_H */
