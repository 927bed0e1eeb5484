/*-------------------------------------------------------------------------
 *
 * bound.h
 *	  Of which accounts may the rows of a partition be?
 *
 * PostgreSQL takes a foreign table's word for it that its rows are within the
 * partition's bound: with another one's credential they would be read as rows
 * of this account, or be missed by conditions that the bound makes superfluous.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_BOUND_H
#define REGDOCS_BOUND_H

#include "utils/rel.h"

#include "src/fdw/row/columns.h"
#include "src/fdw/row/page.h"

typedef struct RegdocsBound RegdocsBound;

/*
 * The bound of a foreign table, palloc'd in the current context with all it
 * keeps; NULL: it is no partition, or may have rows of any account.  rel is
 * BORROWED and has to stay open.
 */
extern RegdocsBound *regdocs_bound_new(Relation rel,
									   const RegdocsColumns *columns);

/*
 * Raise ERRCODE_CHECK_VIOLATION if the account, which is that of the user
 * mapping, is out of bounds.  NULL-safe; account "": it is not known, and only
 * the rows will tell.
 */
extern void regdocs_bound_check_account(RegdocsBound *bound,
										const char *account);

/*
 * The same before a write of what was not read by the partition: no row will
 * tell of it, so ERRCODE_INVALID_PARAMETER_VALUE if the account is not known.
 */
extern void regdocs_bound_check_write(RegdocsBound *bound,
									  const char *account);

/* As regdocs_bound_check_account() does, for an object of a page. */
extern void regdocs_bound_check_object(RegdocsBound *bound,
									   const RegdocsPage *page, int object);

/* The field that regdocs_bound_check_object() looks at. */
extern int	regdocs_bound_field(const RegdocsBound *bound);

#endif							/* REGDOCS_BOUND_H */
