/*-------------------------------------------------------------------------
 *
 * fetcher.h
 *	  Fetching objects by their sids, several at a time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_FETCHER_H
#define REGDOCS_FETCHER_H

#include "src/fdw/read/reading.h"

typedef struct RegdocsFetcher RegdocsFetcher;

/*
 * Begin to fetch those of "target"; sends nothing yet.  The sids are distinct
 * and valid, and BORROWED, as is all else, until the end.  query may be NULL.
 * Lives in a memory context of its own below the current one, as a pager does.
 */
extern RegdocsFetcher *regdocs_fetcher_begin(const RegdocsReading *reading,
											 const RdapiTarget *target,
											 const RdapiQuery *query,
											 char **sids, int nsids);

/*
 * The next object that exists, in the order of the sids; BORROWED until
 * the next call.  false: there is none left.
 */
extern bool regdocs_fetcher_next(RegdocsFetcher *fetcher, RegdocsPage **page,
								 int *object);

/* Send the requests that are due, and take in what has come. */
extern void regdocs_fetcher_advance(RegdocsFetcher *fetcher);

/*
 * Can regdocs_fetcher_next() answer without waiting, unless the next object
 * turns out not to exist?  Does nothing.
 */
extern bool regdocs_fetcher_ready(const RegdocsFetcher *fetcher);

/* Add what is on its way and was not taken in; NULL-safe. */
extern void regdocs_fetcher_count_pending(const RegdocsFetcher *fetcher,
										  RegdocsUsage *usage);

#endif							/* REGDOCS_FETCHER_H */
