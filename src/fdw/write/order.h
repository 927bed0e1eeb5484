/*-------------------------------------------------------------------------
 *
 * order.h
 *	  Writes to one object are sent in their order, one at a time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_ORDER_H
#define REGDOCS_ORDER_H

#include "lib/ilist.h"

#include "src/api/request.h"

typedef struct RegdocsOrder RegdocsOrder;

/* An object that is written to, and the writes that are not at their end. */
typedef struct RegdocsWritten
{
	char		sid[RDAPI_SID_BYTES + 1];	/* hash key */
	bool		is_deleted;
	dlist_head	places;			/* of RegdocsPlace */
	int			children;		/* writes to objects below it, or that create
								 * them, and are not at their end */
} RegdocsWritten;

/* A write's place among those to the same object; a part of the write. */
typedef struct RegdocsPlace
{
	dlist_node	node;
	RegdocsWritten *object;		/* NULL: the write creates one */
	RegdocsWritten *parent;		/* below which it is; NULL: below none */
	RdapiOperation operation;
} RegdocsPlace;

/* palloc'd, with all that it keeps, in the current context. */
extern RegdocsOrder *regdocs_order_new(void);

/*
 * Put a write behind all others to that object; sid is NULL for a create, and
 * parent_sid where the object has no parent.  true: it can be sent; false:
 * others have to be at their end before.
 */
extern bool regdocs_order_enter(RegdocsOrder *order, RegdocsPlace *place,
								const char *sid, const char *parent_sid,
								RdapiOperation operation);

/*
 * The write is at its end, or will never be sent.  Returns the one that can
 * be sent now; NULL: there is none that had to wait for this.
 */
extern RegdocsPlace *regdocs_order_leave(RegdocsPlace *place, bool done);

/* Is any write to that object not at its end? */
extern bool regdocs_order_has(const RegdocsOrder *order, const char *sid);

/* ... or to what is below it? */
extern bool regdocs_order_has_below(const RegdocsOrder *order,
									const char *sid);

/* Was the object deleted, or will it be, once what is queued is sent? */
extern bool regdocs_order_deletes(const RegdocsOrder *order, const char *sid);

#endif							/* REGDOCS_ORDER_H */
