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

#include "nodes/pg_list.h"

typedef enum RegdocsScanMode
{
	REGDOCS_SCAN_LIST,			/* walk the list */
	REGDOCS_SCAN_KEY,			/* fetch the one that the key names */
	REGDOCS_SCAN_KEYS			/* fetch those that an array names */
} RegdocsScanMode;

typedef struct RegdocsScanPlan
{
	RegdocsScanMode mode;
	int			page_size;		/* documents */
	double		list_requests;	/* that walking the list is thought to take */
	double		walk_after;		/* fetches, of a scan that is repeated */

	/*
	 * All rows are read before the first is handed out: the statement
	 * writes, and must not meet what it has written.
	 */
	bool		eager;

	/*
	 * Expressions in fdw_exprs, in this order: the key (unless mode is
	 * REGDOCS_SCAN_LIST), the count of a LIMIT right above the scan, its
	 * offset.
	 */
	bool		has_limit;
	bool		has_offset;

	List	   *wanted;			/* attribute numbers to convert, of integers */
} RegdocsScanPlan;

extern List *regdocs_private_pack_scan(const RegdocsScanPlan *plan);
extern RegdocsScanPlan *regdocs_private_unpack_scan(List *packed);

#endif							/* REGDOCS_PRIVATE_H */
