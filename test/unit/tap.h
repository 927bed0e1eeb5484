/*-------------------------------------------------------------------------
 *
 * tap.h
 *	  Test results in TAP, the format that prove reads.
 *
 *-------------------------------------------------------------------------
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>

/* One assertion.  Returns whether it held. */
extern bool tap_ok(bool held, const char *format,...)
			__attribute__((format(printf, 2, 3)));

/* Are the strings equal?  Both are shown where not. */
extern bool tap_equal(const char *got, const char *expected,
					  const char *format,...)
			__attribute__((format(printf, 3, 4)));

/* Are the numbers equal?  Both are shown where not. */
extern bool tap_number(long long got, long long expected,
					   const char *format,...)
			__attribute__((format(printf, 3, 4)));

/* Prints the plan; returns the exit status. */
extern int	tap_done(void);

#endif							/* TAP_H */
