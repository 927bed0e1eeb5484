/*-------------------------------------------------------------------------
 *
 * jsonb.h
 *	  Objects and arrays of a page as jsonb, without a parser.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_JSONB_H
#define REGDOCS_JSONB_H

/*
 * Make a jsonb, palloc'd in the current context, of a text that is JSON for
 * certain and in the server's encoding.  "highest" is the last character that
 * an escape may stand for.  false: it is one of those that are left to the
 * type's input function, which raises what there is to be raised; nothing is
 * here.
 */
extern bool regdocs_jsonb_make(const char *text, int length, int highest,
							   Datum *result);

#endif							/* REGDOCS_JSONB_H */
