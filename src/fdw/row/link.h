/*-------------------------------------------------------------------------
 *
 * link.h
 *	  The link from a page of the list to the next one.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_LINK_H
#define REGDOCS_LINK_H

#include "src/fdw/row/page.h"

/*
 * What is probably the link, in the text of a page that was not parsed yet;
 * BORROWED, not terminated.  NULL: it is not where it is expected.
 */
extern const char *regdocs_link_guess(const char *text, size_t length,
									  size_t *link_length);

/*
 * The link, palloc'd; NULL: this is the last page, or the link is none that
 * can be followed, and then *failure says in a full sentence why.
 */
extern char *regdocs_link_read(const RegdocsPage *page, char **failure);

/*
 * How many objects a link asks for: the PageSize in its query, as far as
 * the API knows it; where there is none, no more is known than that.
 */
extern int	regdocs_link_objects(const char *link);

#endif							/* REGDOCS_LINK_H */
