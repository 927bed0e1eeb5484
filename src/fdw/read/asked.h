/*-------------------------------------------------------------------------
 *
 * asked.h
 *	  What a scan asks of the API, once its conditions have values.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_ASKED_H
#define REGDOCS_ASKED_H

#include "nodes/execnodes.h"

#include "src/api/request.h"
#include "src/fdw/base/options.h"
#include "src/fdw/read/scan_plan.h"

/* What a field may be. */
typedef struct RegdocsValues
{
	char	  **values;			/* sorted, distinct, terminated, UTF-8 */
	int			nvalues;
} RegdocsValues;

typedef struct RegdocsAsked
{
	bool		nothing;		/* no object can meet the conditions */
	const RegdocsValues *sids;	/* valid; NULL: any */
	const RegdocsValues *parents;	/* valid; NULL: any, or there are none */

	/* For the list */
	RdapiCondition *conditions;
	int			nconditions;
	const RdapiFilter *split_filter;	/* a list for each value; NULL: one */
	const RegdocsValues *split_values;
} RegdocsAsked;

/*
 * Evaluate what is asked, palloc'd in the current context.  "exprs" are the
 * ExprStates of the asks' expressions, one after the other.  A NULL, and in the
 * place of a key what can be none, names no object and is left out.  What the
 * API may not know, and so refuse, is not asked of it.
 */
extern RegdocsAsked *regdocs_asked_evaluate(const List *asks,
											const List *exprs,
											ExprContext *econtext,
											const RdapiResource *resource);

/*
 * The values of one ask alone, palloc'd, also those that the list cannot be
 * asked for; *can_send says whether it can be for all.  What can be no key is
 * left out where a key is asked for.
 */
extern RegdocsValues *regdocs_asked_values(const RegdocsAsk *ask,
										   const List *exprs,
										   ExprContext *econtext,
										   const RdapiResource *resource,
										   bool *can_send);

/*
 * Ask for those values, too; they are BORROWED, and all can be sent.  To be
 * done once, for another field than those of the asks.
 */
extern void regdocs_asked_add(RegdocsAsked *asked, const RegdocsAsk *ask,
							  const RegdocsValues *values,
							  const RdapiResource *resource);

/*
 * A column's or a condition's datum as it is in RegdocsValues, palloc'd: two
 * are the same if they are equal to SQL.  NULL: it cannot be there.
 */
extern char *regdocs_asked_text(Datum datum, Oid type);

/* Sort the values, and leave one of each. */
extern void regdocs_asked_make_distinct(RegdocsValues *values);

/*
 * Make the query of a list out of what is asked (NULL: nothing), the plan's
 * order, and what the table asks for in all requests.  Its conditions are
 * palloc'd, their values BORROWED.
 */
extern void regdocs_asked_make_query(RdapiQuery *query,
									 const RegdocsAsked *asked,
									 const RegdocsScanPlan *plan,
									 const RegdocsTableOptions *table,
									 int page_size);

extern bool regdocs_asked_equal(const RegdocsAsked *a, const RegdocsAsked *b);

/*
 * How many objects of a list will be read at the most, by a LIMIT right above
 * its scan, either of whose bounds may be NULL; -1: all.
 */
extern double regdocs_asked_bound(ExprState *limit_count,
								  ExprState *limit_offset,
								  ExprContext *econtext);

#endif							/* REGDOCS_ASKED_H */
