/*-------------------------------------------------------------------------
 *
 * lists.h
 *	  Lists that are read side by side: of several parents, or asked for with
 *	  several values.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_LISTS_H
#define REGDOCS_LISTS_H

#include "src/fdw/read/pager.h"

/* One list for each of some values of a filter, or for each few of them. */
typedef struct RegdocsSplit
{
	const RdapiFilter *filter;	/* NULL: there is one list */
	char	  **values;			/* sorted, distinct, UTF-8 */
	int			nvalues;
} RegdocsSplit;

/*
 * Which lists to read: one for each combination of a parent and a part of the
 * split.  All BORROWED, for as long as they are read.
 */
typedef struct RegdocsListsSpec
{
	char	  **parents;		/* of a child resource; NULL: all there are */
	int			nparents;
	int			parent_page_size;	/* for the list of parents */
	const RdapiQuery *query;	/* what is asked of each of them */
	RegdocsSplit split;
	double		bound;			/* objects that will be asked for, or
								 * REGDOCS_PAGER_ALL */
} RegdocsListsSpec;

typedef struct RegdocsLists RegdocsLists;

/*
 * Begin; sends nothing yet.  It lives in a memory context of its own below the
 * current one, and goes with that.  "reading" and "spec" have to outlive it.
 */
extern RegdocsLists *regdocs_lists_begin(const RegdocsReading *reading,
										 const RegdocsListsSpec *spec);

/* As the functions of a pager, over all lists, one after the other. */
extern bool regdocs_lists_next(RegdocsLists *lists, RegdocsPage **page,
							   int *object);
extern void regdocs_lists_advance(RegdocsLists *lists);
extern bool regdocs_lists_ready(const RegdocsLists *lists);
extern void regdocs_lists_raise_protocol(const RegdocsLists *lists,
										 const char *failure)
			pg_attribute_noreturn();
extern double regdocs_lists_objects(const RegdocsLists *lists);
extern void regdocs_lists_count_pending(const RegdocsLists *lists,
										RegdocsUsage *usage);

#endif							/* REGDOCS_LISTS_H */
