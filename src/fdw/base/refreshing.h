/*-------------------------------------------------------------------------
 *
 * refreshing.h
 *	  What a refresh of a mirror wants of the scans that it runs.
 *
 * They are scans of ordinary statements, of any number of foreign tables.  So
 * whoever refreshes says here what it wants, while such a statement runs.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_REFRESHING_H
#define REGDOCS_REFRESHING_H

typedef struct RegdocsRefreshing
{
	/*
	 * Objects that are asked for by their sids are to be fetched, however
	 * many they are: the list may miss them.  Heeded when a scan is planned.
	 */
	bool		fetches_only;

	/*
	 * An object was left out because it could not be converted: its sid, of
	 * RDAPI_SID_BYTES bytes, not terminated.  It may be called more than once
	 * for an object.
	 */
	void		(*left_out) (void *arg, const char *sid);
	void	   *arg;
} RegdocsRefreshing;

/* NULL: nobody refreshes.  Who sets it resets it, also after an error. */
extern const RegdocsRefreshing *regdocs_refreshing;

#endif							/* REGDOCS_REFRESHING_H */
