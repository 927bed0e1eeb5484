/*-------------------------------------------------------------------------
 *
 * quals.h
 *	  Conditions that name the documents they want by their sid.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_QUALS_H
#define REGDOCS_QUALS_H

#include "nodes/pathnodes.h"

#include "src/fdw/columns.h"

/*
 * What a condition wants the sid to be: the values of these, BORROWED from the
 * clause, of type text or text[].
 */
typedef struct RegdocsKey
{
	List	   *exprs;			/* of Expr */
	List	   *arrays;			/* of integers: is it an array, whose elements
								 * are meant? */
} RegdocsKey;

/*
 * Does the clause say by sid which rows of "rel" it wants, with something
 * that is known before the scan (a constant, a parameter, another table's
 * column)?  That is sid = x, sid = ANY (array), and an OR of such.  The
 * clause has to be checked again on what comes back.
 */
extern bool regdocs_quals_match(PlannerInfo *root, const RelOptInfo *rel,
								const RegdocsColumns *columns,
								Expr *clause, RegdocsKey *key);

/* Is that column of rel the sid? */
extern bool regdocs_quals_is_sid(const RelOptInfo *rel,
								 const RegdocsColumns *columns, Expr *expr);

#endif							/* REGDOCS_QUALS_H */
