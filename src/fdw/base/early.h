/*-------------------------------------------------------------------------
 *
 * early.h
 *	  Scans that are read before the first write of their statement.
 *
 * A statement must not meet what it has written.  Whoever reads registers
 * here, and whoever writes has them read: so reading and writing need not know
 * of each other.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_EARLY_H
#define REGDOCS_EARLY_H

#include "lib/ilist.h"
#include "nodes/execnodes.h"

/*
 * A scan that is to be read whole before its statement sends the first write,
 * so that it does not meet it.  "read" is called then, once; it may raise an
 * error.  NULL: it cannot be read before, and creates have to be held until all
 * rows are there.
 */
typedef struct RegdocsReader
{
	dlist_node	node;
	const EState *estate;		/* of the statement */
	void		(*read) (void *arg);
	void	   *arg;
} RegdocsReader;

/* Make it known, and unknown again before it goes. */
extern void regdocs_early_add(RegdocsReader *reader);
extern void regdocs_early_remove(RegdocsReader *reader);

/* The statement is about to send its first write: have its scans read. */
extern void regdocs_early_read(const EState *estate);

/* Has the statement a scan that cannot be read before its first write? */
extern bool regdocs_early_is_too_early(const EState *estate);

#endif							/* REGDOCS_EARLY_H */
