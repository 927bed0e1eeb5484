/*-------------------------------------------------------------------------
 *
 * relation.h
 *	  What planning knows of a foreign table, and of the ways to read it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_RELATION_H
#define REGDOCS_RELATION_H

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
	int			concurrency;	/* requests in flight at once, as far as all
								 * limits of the server let them */
	double		parents;		/* that there are thought to be, of a child */
	double		list_requests;	/* that wait for one another when all is read */
	double		walk_after;		/* fetches that cost as much */
	bool		eager;
	RegdocsInterleaving interleaving;

	List	   *ways;			/* of RegdocsWay; a path has its index */
	List	   *join_ways;		/* of RegdocsJoinWay */
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
	bool		batched;		/* it is asked for many keys at once */
	int			batch_param;	/* see scan_plan.h; known when planned */
} RegdocsWay;

/* A way to read by values of other tables, which are those of its last ask. */
typedef struct RegdocsJoinWay
{
	RegdocsWay	way;
	Relids		required_outer;
} RegdocsJoinWay;

#endif							/* REGDOCS_RELATION_H */
