/*-------------------------------------------------------------------------
 *
 * tap.c
 *	  Test results in TAP, the format that prove reads.
 *
 *-------------------------------------------------------------------------
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static int	nassertions = 0;
static int	nfailures = 0;

static bool
report(bool held, const char *format, va_list arguments)
{
	nassertions++;
	if (!held)
		nfailures++;
	printf("%s %d - ", held ? "ok" : "not ok", nassertions);
	vprintf(format, arguments);
	printf("\n");
	fflush(stdout);
	return held;
}

bool
tap_ok(bool held, const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	report(held, format, arguments);
	va_end(arguments);
	return held;
}

bool
tap_equal(const char *got, const char *expected, const char *format,...)
{
	bool		held = strcmp(got, expected) == 0;
	va_list		arguments;

	va_start(arguments, format);
	report(held, format, arguments);
	va_end(arguments);
	if (!held)
		printf("# got:      %s\n# expected: %s\n", got, expected);
	return held;
}

bool
tap_number(long long got, long long expected, const char *format,...)
{
	bool		held = got == expected;
	va_list		arguments;

	va_start(arguments, format);
	report(held, format, arguments);
	va_end(arguments);
	if (!held)
		printf("# got:      %lld\n# expected: %lld\n", got, expected);
	return held;
}

int
tap_done(void)
{
	printf("1..%d\n", nassertions);
	return nfailures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
