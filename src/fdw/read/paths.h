/*-------------------------------------------------------------------------
 *
 * paths.h
 *	  The ways to read a foreign table, and what each costs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_PATHS_H
#define REGDOCS_PATHS_H

#include "nodes/pathnodes.h"

#include "src/fdw/read/relation.h"

/* How many sids, or other values, the ask is thought to have. */
extern double regdocs_paths_count_values(PlannerInfo *root, const List *asks,
										 int field);

/*
 * Would what is asked, with values that come from other rows, be answered with
 * what the statement itself has written?
 */
extern bool regdocs_paths_meets_writes(const RegdocsRelInfo *info,
									   const List *asks);

/* Are sids to be fetched, however many they are?  See refreshing.h. */
extern bool regdocs_paths_fetches_only(void);

/* Add the paths of the relation, which has its sizes. */
extern void regdocs_paths_add(PlannerInfo *root, RelOptInfo *rel);

/* How many objects the way's asks leave over, one value for each join. */
extern double regdocs_paths_objects(PlannerInfo *root, const RelOptInfo *rel,
									const RegdocsWay *way);

/* Make the way one that a path can go: what the path remembers of it. */
extern List *regdocs_paths_note_way(RegdocsRelInfo *info,
									const RegdocsWay *way);

/* The way that a path goes, BORROWED. */
extern RegdocsWay *regdocs_paths_way(const RelOptInfo *rel, const List *noted);

#endif							/* REGDOCS_PATHS_H */
