/*-------------------------------------------------------------------------
 *
 * seen.h
 *	  What a walk of the list has come across: its pages, and the objects
 *	  of the last two of them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_SEEN_H
#define REGDOCS_SEEN_H

typedef struct RegdocsSeen RegdocsSeen;

/* palloc'd in the current context, with everything that it will keep. */
extern RegdocsSeen *regdocs_seen_new(void);

/* Note a page, by what identifies it.  false: it has been seen before. */
extern bool regdocs_seen_page(RegdocsSeen *seen, const char *identity);

/* Was the page noted before?  Does not note it. */
extern bool regdocs_seen_knows_page(const RegdocsSeen *seen,
									const char *identity);

/* The objects from here on are those of the page after. */
extern void regdocs_seen_turn_page(RegdocsSeen *seen);

/*
 * Note an object, by its sid of RDAPI_SID_BYTES bytes.  false: it came on
 * this page, or on the one before.
 */
extern bool regdocs_seen_object(RegdocsSeen *seen, const char *sid);

#endif							/* REGDOCS_SEEN_H */
