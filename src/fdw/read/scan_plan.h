/*-------------------------------------------------------------------------
 *
 * scan_plan.h
 *	  What the plan of a scan remembers for its execution, as a list of
 *	  nodes.
 *
 * Plans are cached and copied, so fdw_private holds nodes that can be copied
 * and nothing else: no pointers, and never a credential.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_SCAN_PLAN_H
#define REGDOCS_SCAN_PLAN_H

#include "nodes/pg_list.h"
#include "nodes/plannodes.h"

#include "src/resource/resource.h"

/*
 * What a condition asks of a field, with values that are known before the
 * scan.  That of a key, the object's own or its parent's, is RDAPI_TEST_EQUAL,
 * as that of any other field.
 */
typedef struct RegdocsAsk
{
	int			field;
	RdapiTest	test;
	bool		present;		/* for RDAPI_TEST_PRESENT: is there, or null? */
	List	   *exprs;			/* of Expr: any of their values */
	List	   *arrays;			/* of integers, one for each: is it an array,
								 * whose elements are meant? */
} RegdocsAsk;

typedef struct RegdocsScanPlan
{
	/*
	 * Of RegdocsAsk.  Their expressions are in fdw_exprs, one after the
	 * other, and not here.
	 */
	List	   *asks;

	int			page_size;		/* objects */
	double		list_requests;	/* that walking the list is thought to take */
	double		walk_after;		/* fetches, of a scan that is repeated */

	/*
	 * The parameter in which the scan meets the look-ahead of its join, and
	 * how many requests go out at once, as far as the server's limits let
	 * them; the last of the asks is the key that the look-ahead tells.
	 */
	int			batch_param;	/* -1: there is none */
	int			concurrency;

	/* The order that the list is asked for */
	int			sort;			/* index among the resource's; -1: none */
	bool		descending;
	bool		nulls_first;
	int			sort_attnum;	/* the column that has to be in that order */

	/*
	 * All rows are read before the first is handed out: the statement writes,
	 * and must not meet what it has written.
	 */
	bool		eager;
	bool		meets_writes;	/* if what it asks depends on other rows */

	/*
	 * Next in fdw_exprs: the count of a LIMIT right above the scan, its
	 * offset.
	 */
	bool		has_limit;
	bool		has_offset;

	List	   *wanted;			/* attribute numbers to convert, of integers */
} RegdocsScanPlan;

/* What the plan of a look-ahead remembers. */
typedef struct RegdocsLookaheadPlan
{
	const RdapiResource *resource;
	RegdocsAsk *key;			/* its expressions are in custom_exprs */
	int			batch_param;	/* see above */
	int			first;			/* keys in the first batch */
	int			second;			/* ... in the one after it, from which on they
								 * double */
	int			most;			/* ... in any */
} RegdocsLookaheadPlan;

extern List *regdocs_scan_plan_pack(const RegdocsScanPlan *plan);
extern RegdocsScanPlan *regdocs_scan_plan_unpack(List *packed);

/* The columns to convert, by attribute numbers; NEW. */
extern Bitmapset *regdocs_scan_plan_wanted(const RegdocsScanPlan *plan);

/*
 * Is what the scan asks known before it begins, without the rows of others?
 * "plan" is where it was packed.
 */
extern bool regdocs_scan_plan_is_known(const RegdocsScanPlan *scan_plan,
									   const ForeignScan *plan,
									   PlannedStmt *statement);

extern List *regdocs_lookahead_plan_pack(const RegdocsLookaheadPlan *plan);
extern RegdocsLookaheadPlan *regdocs_lookahead_plan_unpack(const List *packed);

/* The ask of that field for one of some values, BORROWED; NULL: none. */
extern RegdocsAsk *regdocs_scan_plan_find(const List *asks, int field);

#endif							/* REGDOCS_SCAN_PLAN_H */
