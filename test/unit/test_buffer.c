/*-------------------------------------------------------------------------
 *
 * test_buffer.c
 *	  The byte buffer and its maximum.
 *
 *-------------------------------------------------------------------------
 */
#include <stdint.h>
#include <string.h>

#include "src/api/buffer.h"
#include "tap.h"

static void
test_growth(void)
{
	RdapiBuffer buffer;
	bool		all_ok = true;
	bool		same = true;
	size_t		i;

	rdapi_buffer_init(&buffer, 100000);
	tap_ok(buffer.data == NULL, "an empty buffer holds no memory");
	for (i = 0; i < 50000; i++)
	{
		char		byte = (char) (i % 251);

		if (rdapi_buffer_append(&buffer, &byte, 1) != RDAPI_BUFFER_OK)
			all_ok = false;
	}
	for (i = 0; i < 50000; i++)
	{
		if (buffer.data[i] != (char) (i % 251))
			same = false;
	}
	tap_ok(all_ok && same, "it keeps what is appended while it grows");
	tap_number((long long) buffer.length, 50000, "and its length");
	tap_number(buffer.data[50000], 0, "with a NUL behind it");
	tap_ok(buffer.capacity <= 100001, "it does not outgrow its maximum");
	rdapi_buffer_free(&buffer);
	tap_ok(buffer.data == NULL && buffer.length == 0 &&
		   buffer.maximum == 100000, "once freed, it is empty");
	rdapi_buffer_free(&buffer);
}

static void
test_maximum(void)
{
	RdapiBuffer buffer;

	rdapi_buffer_init(&buffer, 5);
	tap_number(rdapi_buffer_append(&buffer, "1234", 4), RDAPI_BUFFER_OK,
			   "four of five bytes fit");
	tap_number(rdapi_buffer_append(&buffer, "56", 2), RDAPI_BUFFER_FULL,
			   "two more do not");
	tap_equal(buffer.data, "1234", "and nothing of them is kept");
	tap_number(rdapi_buffer_append(&buffer, "5", 1), RDAPI_BUFFER_OK,
			   "one more does");
	tap_equal(buffer.data, "12345", "and is kept");
	tap_number(rdapi_buffer_append(&buffer, "", 0), RDAPI_BUFFER_OK,
			   "nothing always fits");
	tap_number(rdapi_buffer_append(&buffer, "6", SIZE_MAX),
			   RDAPI_BUFFER_FULL, "a length near the limit does not wrap");
	tap_number(rdapi_buffer_reserve(&buffer, 6), RDAPI_BUFFER_FULL,
			   "more than the maximum cannot be reserved");
	tap_ok(buffer.capacity <= 6, "five bytes and a NUL were allocated");
	rdapi_buffer_free(&buffer);

	rdapi_buffer_init(&buffer, 0);
	tap_number(rdapi_buffer_append(&buffer, "1", 1), RDAPI_BUFFER_FULL,
			   "a maximum of nothing holds nothing");
	rdapi_buffer_free(&buffer);
}

static void
test_reserve(void)
{
	RdapiBuffer buffer;
	char	   *data;

	rdapi_buffer_init(&buffer, 100000);
	tap_number(rdapi_buffer_reserve(&buffer, 60000), RDAPI_BUFFER_OK,
			   "room can be reserved");
	tap_equal(buffer.data, "", "which leaves it empty");
	data = buffer.data;
	while (buffer.length < 60000)
		rdapi_buffer_append(&buffer, "0123456789", 10);
	tap_ok(buffer.data == data, "what was reserved for is not moved");
	tap_number(rdapi_buffer_reserve(&buffer, 10), RDAPI_BUFFER_OK,
			   "reserving less changes nothing");
	tap_number((long long) buffer.length, 60000, "not even the length");
	rdapi_buffer_free(&buffer);
}

int
main(void)
{
	test_growth();
	test_maximum();
	test_reserve();
	return tap_done();
}
