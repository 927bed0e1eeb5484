/*-------------------------------------------------------------------------
 *
 * walk.h
 *	  The list, walked in the place of fetches and kept on disk.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_WALK_H
#define REGDOCS_WALK_H

#include "src/fdw/read/reading.h"

typedef struct RegdocsWalk RegdocsWalk;

/*
 * A walk that sends nothing yet, palloc'd in the current context with all it
 * keeps in memory: some work_mem.  What it is given is BORROWED; of the fields
 * in "reading" it wants none.
 */
extern RegdocsWalk *regdocs_walk_new(const RegdocsReading *reading,
									 const RdapiQuery *query);

/*
 * Walk on, until this pass over the list has taken so many pages, or is at the
 * end.  A list that has changed so that its next page cannot be asked for
 * ends the pass before that; the next one begins anew.
 */
extern void regdocs_walk_on(RegdocsWalk *walk, double pages);

/* How many pages the pass that has come to the end took; 0: none has. */
extern double regdocs_walk_length(const RegdocsWalk *walk);

/*
 * Is what was not found not in the list?  Not before a pass was made without
 * a pause: while one pauses, objects that are deleted shift others to pages
 * that it has passed.
 */
extern bool regdocs_walk_is_whole(const RegdocsWalk *walk);

/* Where the object of that sid is kept; -1: it was not met. */
extern int64 regdocs_walk_find(RegdocsWalk *walk, const char *sid);

/* The object that is kept there, as text, terminated, palloc'd. */
extern char *regdocs_walk_read(RegdocsWalk *walk, int64 place, int *length);

/* Add what is on its way and was not taken in; NULL-safe. */
extern void regdocs_walk_count_pending(const RegdocsWalk *walk,
									   RegdocsUsage *usage);

/* Frees its files, which memory contexts do not; NULL-safe. */
extern void regdocs_walk_end(RegdocsWalk *walk);

#endif							/* REGDOCS_WALK_H */
