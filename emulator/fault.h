/*
 * fault.h
 *		Faults waiting for the request that they are meant for.
 */
#ifndef EMU_FAULT_H
#define EMU_FAULT_H

#include "options.h"
#include "params.h"

typedef enum EmuAction
{
	EMU_NO_FAULT,
	EMU_FAULT_STATUS,
	EMU_FAULT_GARBAGE,
	EMU_FAULT_WRONG_SHAPE,
	EMU_FAULT_REDIRECT,
	EMU_FAULT_ENDLESS,
	EMU_FAULT_BOMB,
	EMU_FAULT_RESET_BEFORE,
	EMU_FAULT_RESET_AFTER,
	EMU_FAULT_STALL,
	EMU_FAULT_STALL_BODY,
	EMU_FAULT_CUT,
	EMU_FAULT_DRIBBLE,
	EMU_FAULT_FOREIGN_NEXT,
	EMU_FAULT_REPEAT_TOKEN,
	EMU_FAULT_NO_NEXT_QUERY,
	EMU_FAULT_DOUBLED,
	EMU_FAULT_DROP_FIELDS,
	EMU_FAULT_EMPTY_MIME,
	EMU_FAULT_SLOW,
	EMU_FAULT_CLOSE,
	EMU_FAULT_VANISH,
	EMU_ACTION_COUNT
} EmuAction;

/* One fault; its texts are BORROWED from its params. */
typedef struct EmuFault
{
	EmuAction	action;
	int64_t		number;			/* as told to whoever set it */

	/* which requests */
	const char *method;
	const char *path;			/* a kind, "bundles.list", or a part of path
								 * and query */
	int64_t		skip;			/* let so many pass */
	int64_t		count;			/* then take so many; 0: all */

	/* what happens to them */
	int64_t		status;
	EmuErrorShape shape;
	int64_t		code;			/* the API's; 0: none */
	bool		omit_more_info;
	bool		carry_out;		/* though the answer says otherwise */
	bool		chunked;		/* no Content-Length */
	bool		first;			/* repeat_token: the first page's */
	int64_t		delay_ms;		/* before the answer, or between pieces */
	int64_t		bytes;			/* a piece; until the cut, -1: half */
	int64_t		rows;			/* doubled */
	int64_t		times;			/* garbage: the piece comes so often */
	const char *fields;			/* dropped; separated by commas */
	const char *message;
	const char *detail;
	const char *details;		/* JSON */
	const char *retry_after;
	const char *location;
	const char *variant;		/* wrong_shape */
	const char *sid;			/* vanish */
	EmuParams	params;
} EmuFault;

typedef struct EmuFaults EmuFaults;

extern EmuFaults *emu_faults_open(void);
extern void emu_faults_close(EmuFaults *faults);
extern const char *emu_faults_add(EmuFaults *faults, EmuParams *params,
								  int64_t *number);
extern void emu_faults_clear(EmuFaults *faults);
extern void emu_faults_list(EmuFaults *faults, EmuBuf *buf);
extern void emu_faults_match(EmuFaults *faults, const char *method,
							 const char *resource, const char *kind,
							 const char *path, EmuFault *fault);
extern void emu_fault_release(EmuFault *fault);

#endif							/* EMU_FAULT_H */
