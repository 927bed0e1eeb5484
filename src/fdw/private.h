/*-------------------------------------------------------------------------
 *
 * private.h
 *	  What a plan remembers for its execution, as a list of nodes.
 *
 * Plans are cached and copied, so fdw_private holds nodes that can be copied
 * and nothing else: no pointers, and never a credential.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_PRIVATE_H
#define REGDOCS_PRIVATE_H

#include "access/attnum.h"
#include "nodes/pg_list.h"

typedef struct RegdocsScanPlan
{
	List	   *keys;			/* of integers, one for each key: is it an
								 * array of sids, or else one?  NIL: the list
								 * is walked */
	int			page_size;		/* documents */
	double		list_requests;	/* that walking the list is thought to take */
	double		walk_after;		/* fetches, of a scan that is repeated */

	/*
	 * All rows are read before the first is handed out: the statement writes,
	 * and must not meet what it has written.
	 */
	bool		eager;

	/*
	 * Expressions in fdw_exprs, in this order: the keys, the count of a LIMIT
	 * right above the scan, its offset.
	 */
	bool		has_limit;
	bool		has_offset;

	List	   *wanted;			/* attribute numbers to convert, of integers */
} RegdocsScanPlan;

typedef struct RegdocsModifyPlan
{
	List	   *targets;		/* attribute numbers that an UPDATE sets, of
								 * integers */
} RegdocsModifyPlan;

/* The junk column with the whole old row, as core names it. */
#define REGDOCS_WHOLE_ROW_NAME	"wholerow"

extern List *regdocs_private_pack_scan(const RegdocsScanPlan *plan);
extern RegdocsScanPlan *regdocs_private_unpack_scan(List *packed);

extern List *regdocs_private_pack_modify(const RegdocsModifyPlan *plan);
extern RegdocsModifyPlan *regdocs_private_unpack_modify(List *packed);

/* Name of the junk column with the sid that is in that column; palloc'd. */
extern char *regdocs_private_sid_name(AttrNumber attnum);

#endif							/* REGDOCS_PRIVATE_H */
