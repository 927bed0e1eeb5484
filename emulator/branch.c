/*
 * branch.c
 *		Which rows are on a list?
 *
 * There is room for the next power of two, so that no size need be kept: there
 * are as many lists as bundles.
 */
#include "branch.h"

#include <string.h>

#include "buf.h"

static void
emu_branch_resize(EmuBranch *branch, uint32_t size)
{
	branch->at = emu_realloc(branch->at, size * sizeof(uint32_t));
}

void
emu_branch_add(EmuBranch *branch, uint32_t index)
{
	if ((branch->count & (branch->count - 1)) == 0)
		emu_branch_resize(branch, branch->count ? 2 * branch->count : 1);
	branch->at[branch->count++] = index;
}

/* Removes one that is there; the others keep their order. */
void
emu_branch_remove(EmuBranch *branch, uint32_t index)
{
	uint32_t	i = 0;

	while (branch->at[i] != index)
		i++;
	branch->count--;
	memmove(branch->at + i, branch->at + i + 1,
			(branch->count - i) * sizeof(uint32_t));
	/* the next one to be added must find a power of two full */
	if (branch->count > 0 && (branch->count & (branch->count - 1)) == 0)
		emu_branch_resize(branch, branch->count);
}
