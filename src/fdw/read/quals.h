/*-------------------------------------------------------------------------
 *
 * quals.h
 *	  What conditions ask of the API.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_QUALS_H
#define REGDOCS_QUALS_H

#include "nodes/pathnodes.h"

#include "src/fdw/read/scan_plan.h"
#include "src/fdw/row/columns.h"

/*
 * What the API can be asked for so that the condition holds: palloc'd
 * RegdocsAsks, all of which take in at least the rows for which it does; NIL:
 * nothing.  Values come from what is known before the scan (constants,
 * parameters, other tables' columns).  The condition has to be checked again
 * on what comes back.
 *
 * For a key, the object's own or its parent's, and for the fields that the list
 * can be asked by: field = x, field = ANY (array), and an OR of such; for
 * times also comparisons; IS [NOT] NULL.
 */
extern List *regdocs_quals_match(PlannerInfo *root, const RelOptInfo *rel,
								 const RegdocsColumns *columns, Expr *clause);

/* Is it a column of rel of which a join could ask for values? */
extern bool regdocs_quals_is_askable(const RelOptInfo *rel,
									 const RegdocsColumns *columns,
									 Expr *expr);

/* Is that how PostgreSQL orders times, and not an order of somebody's own? */
extern bool regdocs_quals_is_order_of_times(Oid opfamily);

#endif							/* REGDOCS_QUALS_H */
