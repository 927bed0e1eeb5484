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

#include "src/fdw/base/options.h"
#include "src/fdw/row/columns.h"

/* What the statement writes, one by one, before the next row is read. */
typedef enum RegdocsInterleaving
{
	REGDOCS_INTERLEAVES_NOTHING,
	REGDOCS_INTERLEAVES_CREATES,
	REGDOCS_INTERLEAVES_CHANGES /* or deletions, or anything */
} RegdocsInterleaving;

/* What planning knows of the table; in rel->fdw_private. */
typedef struct RegdocsRelInfo
{
	RegdocsTableOptions *table;
	RegdocsColumns *columns;
	int			concurrency;	/* requests in flight at once */
	double		parents;		/* that there are thought to be, of a child */
	double		list_requests;	/* that wait for one another when all is read */
	double		walk_after;		/* fetches that cost as much */
	bool		eager;
	RegdocsInterleaving interleaving;

	List	   *ways;			/* of RegdocsWay; a path has its index */
} RegdocsRelInfo;

/* A way to read. */
typedef struct RegdocsWay
{
	List	   *asks;			/* of RegdocsAsk */
	List	   *clauses;		/* of RestrictInfo, that the asks come from */
	int			sort;			/* index among the resource's; -1: none */
	bool		descending;
	bool		nulls_first;
	AttrNumber	sort_attnum;
} RegdocsWay;

/* How many sids, or other values, the ask is thought to have. */
extern double regdocs_paths_count_values(PlannerInfo *root, const List *asks,
										 int field);

/* How many requests wait for one another when all of the table is read. */
extern double regdocs_paths_list_requests(const RelOptInfo *rel,
										  const RegdocsRelInfo *info);

/*
 * Would what is asked, with values that come from other rows, be answered with
 * what the statement itself has written?
 */
extern bool regdocs_paths_meets_writes(const RegdocsRelInfo *info,
									   const List *asks);

/* Add the paths of the relation, which has its sizes. */
extern void regdocs_paths_add(PlannerInfo *root, RelOptInfo *rel);

/* The way that a path goes, BORROWED. */
extern const RegdocsWay *regdocs_paths_way(const ForeignPath *path);

#endif							/* REGDOCS_PATHS_H */
