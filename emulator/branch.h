/*
 * branch.h
 *		A list of rows that grows and shrinks.
 */
#ifndef EMU_BRANCH_H
#define EMU_BRANCH_H

#include <stdint.h>

/* Zeroed, it is empty; whoever has it frees at. */
typedef struct EmuBranch
{
	uint32_t   *at;
	uint32_t	count;
} EmuBranch;

extern void emu_branch_add(EmuBranch *branch, uint32_t index);
extern void emu_branch_remove(EmuBranch *branch, uint32_t index);

#endif							/* EMU_BRANCH_H */
