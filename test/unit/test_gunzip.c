/*-------------------------------------------------------------------------
 *
 * test_gunzip.c
 *	  Unpacking gzip: members, pieces, and what is not whole.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "src/api/gunzip.h"
#include "tap.h"

#define MAX_PACKED	4096

static const char text[] = "{\"results\": [], \"meta\": {\"page\": 0}}";

/* Bytes as they are sent. */
typedef struct Packed
{
	char		data[MAX_PACKED];
	size_t		length;
} Packed;

/* Add a member that unpacks to those bytes. */
static void
add_member(Packed *packed, const char *data, size_t length, bool with_name)
{
	z_stream	stream = {0};
	gz_header	header = {0};

	header.name = (Bytef *) "page.json";
	header.comment = (Bytef *) "a page";
	header.extra = (Bytef *) "xtra";
	header.extra_len = 4;
	header.hcrc = 1;
	if (deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8,
					 Z_DEFAULT_STRATEGY) != Z_OK)
		exit(EXIT_FAILURE);
	if (with_name)
		deflateSetHeader(&stream, &header);
	stream.next_in = (Bytef *) data;
	stream.avail_in = (uInt) length;
	stream.next_out = (Bytef *) packed->data + packed->length;
	stream.avail_out = (uInt) (MAX_PACKED - packed->length);
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		exit(EXIT_FAILURE);
	packed->length = MAX_PACKED - stream.avail_out;
	deflateEnd(&stream);
}

/* Unpack it, in pieces of so many bytes. */
static RdapiGunzipResult
unpack(RdapiGunzip *gunzip, const char *data, size_t length, size_t piece,
	   RdapiBuffer *unpacked)
{
	RdapiGunzipResult result = RDAPI_GUNZIP_OK;
	size_t		done = 0;

	rdapi_gunzip_reset(gunzip);
	rdapi_buffer_free(unpacked);
	while (result == RDAPI_GUNZIP_OK && done < length)
	{
		if (piece > length - done)
			piece = length - done;
		result = rdapi_gunzip_append(gunzip, data + done, piece, unpacked);
		done += piece;
	}
	return result;
}

static void
test_members(RdapiGunzip *gunzip, RdapiBuffer *unpacked)
{
	Packed		packed = {{0}, 0};
	char		twice[2 * sizeof(text)];
	size_t		one;
	size_t		piece;

	tap_ok(!rdapi_gunzip_is_whole(gunzip), "nothing is not whole");
	add_member(&packed, text, sizeof(text) - 1, false);
	one = packed.length;
	for (piece = 1; piece <= one; piece += one - 1)
	{
		tap_number(unpack(gunzip, packed.data, one, piece, unpacked),
				   RDAPI_GUNZIP_OK, "a member in pieces of %d", (int) piece);
		tap_ok(rdapi_gunzip_is_whole(gunzip), "is whole");
		tap_equal(unpacked->data, text, "and what it was");
	}

	/* The second one has all that a header can have. */
	add_member(&packed, text, sizeof(text) - 1, true);
	strcpy(twice, text);
	strcat(twice, text);
	for (piece = 1; piece <= packed.length; piece += packed.length - 1)
	{
		tap_number(unpack(gunzip, packed.data, packed.length, piece, unpacked),
				   RDAPI_GUNZIP_OK, "two members in pieces of %d",
				   (int) piece);
		tap_ok(rdapi_gunzip_is_whole(gunzip), "are whole");
		tap_equal(unpacked->data, twice, "and one after the other");
	}

	packed.length = 0;
	add_member(&packed, "", 0, false);
	tap_ok(unpack(gunzip, packed.data, packed.length, 99, unpacked) ==
		   RDAPI_GUNZIP_OK && rdapi_gunzip_is_whole(gunzip) &&
		   unpacked->length == 0, "a member may hold nothing");
}

/* Wherever it is cut, it is found out: also within the trailer. */
static void
test_cuts(RdapiGunzip *gunzip, RdapiBuffer *unpacked)
{
	Packed		packed = {{0}, 0};
	size_t		one;
	size_t		length;
	int			wrong = 0;

	add_member(&packed, text, sizeof(text) - 1, true);
	one = packed.length;
	add_member(&packed, text, sizeof(text) - 1, false);
	for (length = 0; length <= packed.length; length++)
	{
		if (unpack(gunzip, packed.data, length, 7, unpacked) !=
			RDAPI_GUNZIP_OK ||
			rdapi_gunzip_is_whole(gunzip) !=
			(length == one || length == packed.length))
			wrong++;
	}
	tap_number(wrong, 0, "it is whole at the end of a member alone");
}

static void
test_corruption(RdapiGunzip *gunzip, RdapiBuffer *unpacked)
{
	Packed		packed = {{0}, 0};
	size_t		i;

	tap_number(unpack(gunzip, "{}", 2, 2, unpacked), RDAPI_GUNZIP_CORRUPT,
			   "what is no gzip is refused");
	add_member(&packed, text, sizeof(text) - 1, false);
	packed.data[packed.length] = '{';
	packed.data[packed.length + 1] = '}';
	tap_number(unpack(gunzip, packed.data, packed.length + 2, 99, unpacked),
			   RDAPI_GUNZIP_CORRUPT, "so is what follows a member");
	tap_number(unpack(gunzip, packed.data, packed.length + 2, 1, unpacked),
			   RDAPI_GUNZIP_CORRUPT, "also byte by byte");
	for (i = 1; i <= 8; i += 4)
	{
		packed.data[packed.length - i] ^= 1;
		tap_number(unpack(gunzip, packed.data, packed.length, 99, unpacked),
				   RDAPI_GUNZIP_CORRUPT, "a wrong %s is found out",
				   i == 1 ? "length" : "checksum");
		packed.data[packed.length - i] ^= 1;
	}
	tap_ok(unpack(gunzip, packed.data, packed.length, 99, unpacked) ==
		   RDAPI_GUNZIP_OK && rdapi_gunzip_is_whole(gunzip),
		   "and afterwards it can be used again");
}

static void
test_limit(RdapiGunzip *gunzip)
{
	size_t		size = 1000000;
	char	   *zeros = calloc(1, size);
	Packed		packed = {{0}, 0};
	RdapiBuffer unpacked;

	if (zeros == NULL)
		exit(EXIT_FAILURE);
	add_member(&packed, zeros, size, false);
	rdapi_buffer_init(&unpacked, size);
	tap_ok(unpack(gunzip, packed.data, packed.length, 100, &unpacked) ==
		   RDAPI_GUNZIP_OK && unpacked.length == size &&
		   memcmp(unpacked.data, zeros, size) == 0,
		   "a thousand times as long, as long as the maximum");
	rdapi_buffer_free(&unpacked);
	rdapi_buffer_init(&unpacked, size - 1);
	tap_number(unpack(gunzip, packed.data, packed.length, 100, &unpacked),
			   RDAPI_GUNZIP_FULL, "a byte more than the maximum is refused");
	rdapi_buffer_free(&unpacked);
	free(zeros);
}

int
main(void)
{
	RdapiGunzip *gunzip = rdapi_gunzip_new();
	RdapiBuffer unpacked;

	if (gunzip == NULL)
		exit(EXIT_FAILURE);
	rdapi_buffer_init(&unpacked, 1000);
	test_members(gunzip, &unpacked);
	test_cuts(gunzip, &unpacked);
	test_corruption(gunzip, &unpacked);
	test_limit(gunzip);
	rdapi_buffer_free(&unpacked);
	rdapi_gunzip_reset(NULL);
	rdapi_gunzip_free(gunzip);
	rdapi_gunzip_free(NULL);
	return tap_done();
}
