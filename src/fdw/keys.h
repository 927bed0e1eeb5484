/*-------------------------------------------------------------------------
 *
 * keys.h
 *	  The sids that a scan's key names, once it has a value.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_KEYS_H
#define REGDOCS_KEYS_H

#include "nodes/execnodes.h"

#include "src/api/resource.h"

typedef struct RegdocsKeys
{
	char	  **sids;			/* sorted, distinct, valid; terminated */
	int			nsids;
} RegdocsKeys;

/*
 * Evaluate a scan's keys, palloc'd in the current context.  A NULL, and
 * whatever cannot be a sid, names no document and is left out.  Each of
 * "exprs", which are ExprStates, yields text (or a type with the same
 * representation) or, where the integer in "arrays" says so, an array of it.
 */
extern RegdocsKeys *regdocs_keys_evaluate(const List *exprs,
										  const List *arrays,
										  ExprContext *econtext,
										  const RdapiResource *resource);

extern bool regdocs_keys_equal(const RegdocsKeys *a, const RegdocsKeys *b);

#endif							/* REGDOCS_KEYS_H */
