/*-------------------------------------------------------------------------
 *
 * parent.h
 *	  A table that is partitioned by account, and its partitions.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_PARENT_H
#define REGDOCS_PARENT_H

#include "utils/rel.h"

/* What a new partition is to be like, as parts of statements, palloc'd. */
typedef struct RegdocsTemplate
{
	char	   *options;		/* " OPTIONS (...)", or "" */
	char	   *columns;		/* "ALTER COLUMN ..., ...", or "" */
} RegdocsTemplate;

/*
 * Lock and open it, for the current role, which has to own it: nobody else is
 * to wait for its lock.  Raises ERRCODE_WRONG_OBJECT_TYPE unless it is
 * partitioned by one list.
 */
extern Relation regdocs_parent_open(Oid relid, LOCKMODE lockmode);

/*
 * The partition that rows of that account are routed to, but for a default
 * one; InvalidOid: there is none.  *alone: it is for no other value.
 */
extern Oid	regdocs_parent_find(Relation parent, const char *account,
								bool *alone);

/*
 * By the parent's partitions: those on that server, or else all.  They have to
 * agree; where there are none, the parent's name has to be that of a resource.
 */
extern RegdocsTemplate regdocs_parent_template(Relation parent, Oid serverid);

/* Is it a foreign table, or a server, of this extension? */
extern bool regdocs_is_our_table(Oid relid);
extern bool regdocs_is_our_server(Oid serverid);

#endif							/* REGDOCS_PARENT_H */
