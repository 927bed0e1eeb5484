/*-------------------------------------------------------------------------
 *
 * test_bytes.c
 *	  Where a run of a string's plain bytes ends, by both ways to find it.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "src/fdw/row/bytes.h"
#include "tap.h"

/* The same again, as it is on machines without SSE2. */
#undef REGDOCS_BYTES_H
#define REGDOCS_BYTES_PORTABLE
#define regdocs_byte_is_plain portable_is_plain
#define regdocs_bytes_plain portable_plain
#include "src/fdw/row/bytes.h"
#undef regdocs_bytes_plain

#define LONGEST 40

static bool
is_plain(int byte)
{
	return byte >= 0x20 && byte != 0x22 && byte != 0x5c;
}

/* Both ways, on memory of just that size, so that reading on is noticed. */
static bool
both_find(const char *bytes, size_t length, size_t expected)
{
	char	   *copy = malloc(length + 1);
	const char *end = copy + length;
	bool		found;

	memcpy(copy, bytes, length);
	copy[length] = '"';
	found = regdocs_bytes_plain(copy, end) == copy + expected &&
		portable_plain(copy, end) == copy + expected;
	free(copy);
	return found;
}

/* One byte of each value, at each place of runs of each length. */
static void
test_each_byte(void)
{
	char		bytes[LONGEST];
	int			byte;

	for (byte = 0; byte < 256; byte++)
	{
		bool		right = true;
		size_t		length;
		size_t		place;

		for (length = 1; length <= LONGEST; length++)
		{
			for (place = 0; place < length; place++)
			{
				memset(bytes, 'a', sizeof(bytes));
				bytes[place] = (char) byte;
				right = right && both_find(bytes, length,
										   is_plain(byte) ? length : place);
			}
		}
		tap_ok(right, "byte %d is %s", byte,
			   is_plain(byte) ? "passed" : "found");
	}
}

/* The first one counts, whatever comes behind it. */
static void
test_first(void)
{
	static const char special[] = {0, 0x1f, '"', '\\'};
	char		bytes[LONGEST];
	bool		right = true;
	size_t		first;
	size_t		place;
	unsigned	i;

	for (i = 0; i < sizeof(special) * sizeof(special); i++)
	{
		for (first = 0; first < LONGEST; first++)
		{
			for (place = first + 1; place < LONGEST; place++)
			{
				memset(bytes, 0xe9, sizeof(bytes));
				bytes[first] = special[i % sizeof(special)];
				bytes[place] = special[i / sizeof(special)];
				right = right && both_find(bytes, LONGEST, first);
			}
		}
	}
	tap_ok(right, "of two, the first is found");
	tap_ok(both_find("", 0, 0), "in nothing there is none");
}

int
main(void)
{
	test_each_byte();
	test_first();
	return tap_done();
}
