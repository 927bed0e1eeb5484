/*-------------------------------------------------------------------------
 *
 * pager.h
 *	  Walking the list, page by page, with the next one on its way.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_PAGER_H
#define REGDOCS_PAGER_H

#include "src/fdw/connection.h"
#include "src/fdw/page.h"

/* GUC regdocs_fdw.progress_interval, in milliseconds; 0: no reports. */
extern int	regdocs_progress_interval_ms;

typedef struct RegdocsPager RegdocsPager;

/* No bound on the documents that will be asked for. */
#define REGDOCS_PAGER_ALL	(-1.0)

/*
 * Begin a walk; sends nothing yet.  It lives in a memory context of its own
 * below the current one, and its memory and requests go with that.  "bound"
 * says how many documents will be asked for at the most, if that is known.
 * connection and usage have to outlive it.
 */
extern RegdocsPager *regdocs_pager_begin(RegdocsConnection *connection,
										 const RdapiResource *resource,
										 RegdocsFieldMask fields,
										 int page_size, double bound,
										 RegdocsUsage *usage);

/*
 * The next document: page and index in it, BORROWED until the next call.
 * false: the list has ended, which is said only where it has.  Raises an
 * error for everything else.
 */
extern bool regdocs_pager_next(RegdocsPager *pager, RegdocsPage **page,
							   int *document);

/* Send the request that is due, and take in what has come. */
extern void regdocs_pager_advance(RegdocsPager *pager);

/* Can regdocs_pager_next() answer without waiting?  Does nothing. */
extern bool regdocs_pager_ready(const RegdocsPager *pager);

/*
 * Have the walk end where the API says that a page can no longer be asked for,
 * because the list has changed, instead of raising an error.
 */
extern void regdocs_pager_may_expire(RegdocsPager *pager);

/* Has it ended so?  Then there may be more in the list. */
extern bool regdocs_pager_has_expired(const RegdocsPager *pager);

/* Documents handed out so far. */
extern double regdocs_pager_documents(const RegdocsPager *pager);

/* Add what is on its way and was not taken in; NULL-safe. */
extern void regdocs_pager_count_pending(const RegdocsPager *pager,
										RegdocsUsage *usage);

#endif							/* REGDOCS_PAGER_H */
