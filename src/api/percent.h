/*-------------------------------------------------------------------------
 *
 * percent.h
 *	  Percent-encoding, of URLs and forms.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_PERCENT_H
#define RDAPI_PERCENT_H

#include <stddef.h>

/*
 * Write the text, encoded, to where "out" has room for three bytes of each.
 * Returns where it ends, which is not terminated.
 */
extern char *rdapi_percent_encode(char *out, const char *text, size_t length);

/*
 * Decode %XX in place.  "+" stays: in the base64 of a token it stands for
 * itself, and a raw one and a %2B must come out alike.  %00 stays, too, or it
 * would end the string.
 */
extern void rdapi_percent_decode(char *text);

#endif							/* RDAPI_PERCENT_H */
