/*-------------------------------------------------------------------------
 *
 * form.h
 *	  Rows of a foreign table, as requests that create or change objects.
 *
 * Whatever is known to be wrong with a row is an error here, before anything
 * is sent.  No message shows attributes or a file, which are personal data,
 * and none of the errors lets the statement into the server's log.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_FORM_H
#define REGDOCS_FORM_H

#include "executor/tuptable.h"
#include "nodes/bitmapset.h"
#include "utils/rel.h"

#include "src/api/request.h"
#include "src/fdw/row/columns.h"
#include "src/fdw/base/compat.h"

typedef struct RegdocsForm RegdocsForm;

/*
 * palloc'd in the current context; rel and columns have to outlive it.
 * "account" is that of the credential, copied; "": it is not known.
 */
extern RegdocsForm *regdocs_form_new(Relation rel,
									 const RegdocsColumns *columns,
									 const char *account);

/* Which object is written to.  Both are valid, and BORROWED. */
typedef struct RegdocsIdentity
{
	const char *sid;
	const char *parent_sid;		/* NULL: the resource has no parent */
} RegdocsIdentity;

/*
 * The three return a NEW request, which is malloc's.  What they palloc lies
 * in the current context.
 *
 * A create sends every value that is not NULL.  Raises 23502 where one is
 * missing that every create needs, 0A000 for a value that cannot be given,
 * 22023 for one that the API would not take, or for another account.
 */
extern RdapiRequest *regdocs_form_create(RegdocsForm *form,
										 TupleTableSlot *slot);

/* The account of the user mapping, BORROWED; NULL: it is not known. */
extern const char *regdocs_form_account(const RegdocsForm *form);

/*
 * The account that the last row has named, BORROWED; NULL: it has named none.
 * The row must not go to another one.
 */
extern const char *regdocs_form_named_account(const RegdocsForm *form);

/*
 * An update sends what differs from the old row; NULL: nothing does.  targets
 * has the attribute numbers that the statement sets; with "all" these are sent
 * even if they do not differ.  Raises, besides the above, 22004 for a NULL
 * where the API knows none.
 */
extern RdapiRequest *regdocs_form_update(RegdocsForm *form,
										 const RegdocsIdentity *row,
										 const Datum *old_values,
										 const bool *old_nulls,
										 TupleTableSlot *slot,
										 const Bitmapset *targets, bool all);

extern RdapiRequest *regdocs_form_delete(RegdocsForm *form,
										 const RegdocsIdentity *row);

/* Raise 0A000: the column cannot be written to. */
extern void regdocs_form_refuse_update(Relation rel,
									   const RegdocsColumns *columns,
									   AttrNumber attnum)
			pg_attribute_noreturn();

/*
 * Raise 0A000: what is to be changed takes a request of its own, and cannot be
 * changed together with others.
 */
extern void regdocs_form_refuse_together(Relation rel,
										 const RegdocsColumns *columns,
										 AttrNumber attnum)
			pg_attribute_noreturn();

/* Raise 23502 unless each field that every create needs has a column. */
extern void regdocs_form_check_columns(Relation rel,
									   const RegdocsColumns *columns);

#endif							/* REGDOCS_FORM_H */
