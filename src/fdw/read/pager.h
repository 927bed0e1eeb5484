/*-------------------------------------------------------------------------
 *
 * pager.h
 *	  Walking the list, page by page, with the next one on its way.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_PAGER_H
#define REGDOCS_PAGER_H

#include "src/fdw/read/reading.h"

typedef struct RegdocsPager RegdocsPager;

/* No bound on the objects that will be asked for. */
#define REGDOCS_PAGER_ALL	(-1.0)

/*
 * Begin a walk of the list of "target" that is asked for as "query" says;
 * sends nothing yet.  It lives in a memory context of its own below the current
 * one, and its memory and requests go with that.  "bound" says how many objects
 * will probably be asked for at the most, if that is known.  "reading" is
 * BORROWED; the rest is copied.
 */
extern RegdocsPager *regdocs_pager_begin(const RegdocsReading *reading,
										 const RdapiTarget *target,
										 const RdapiQuery *query,
										 double bound);

/* Submit the request for the first page, if that was not done yet. */
extern void regdocs_pager_send_first(RegdocsPager *pager);

/*
 * The next object: page and index in it, BORROWED until the next call.
 * false: the list has ended, which is said only where it has.  Raises an
 * error for everything else.
 */
extern bool regdocs_pager_next(RegdocsPager *pager, RegdocsPage **page,
							   int *object);

/*
 * Send the request that is due, and take in what has come: where that is the
 * next page, the present one is gone.
 */
extern void regdocs_pager_advance(RegdocsPager *pager);

/* Has the present page another object?  Does nothing. */
extern bool regdocs_pager_has_object(const RegdocsPager *pager);

/* Is it known that no object follows?  Does nothing. */
extern bool regdocs_pager_is_over(const RegdocsPager *pager);

/* Can regdocs_pager_next() answer without waiting?  Does nothing. */
extern bool regdocs_pager_ready(const RegdocsPager *pager);

/*
 * Have the walk end where the API says that a page can no longer be asked for,
 * because the list has changed, instead of raising an error.
 */
extern void regdocs_pager_may_expire(RegdocsPager *pager);

/* Has it ended so?  Then there may be more in the list. */
extern bool regdocs_pager_has_expired(const RegdocsPager *pager);

/*
 * Raise ERRCODE_PROTOCOL_VIOLATION for the page that is being handed out;
 * "failure" says in a full sentence why.
 */
extern void regdocs_pager_raise_protocol(const RegdocsPager *pager,
										 const char *failure)
			pg_attribute_noreturn();

/* Objects handed out so far. */
extern double regdocs_pager_objects(const RegdocsPager *pager);

/* Add what is on its way and was not taken in; NULL-safe. */
extern void regdocs_pager_count_pending(const RegdocsPager *pager,
										RegdocsUsage *usage);

#endif							/* REGDOCS_PAGER_H */
