/*-------------------------------------------------------------------------
 *
 * gunzip.c
 *	  Unpacking a body that comes gzipped, piece by piece.
 *
 * libcurl would do it, but takes a body whose trailer is missing for whole,
 * and fails for no reason that it tells where a second member follows.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>

#include <zlib.h>

#include "gunzip.h"

/* zlib's way to ask for the largest window, and for gzip alone. */
#define WINDOW_BITS		(MAX_WBITS + 16)

/* What is unpacked at once, in bytes. */
#define PIECE_BYTES		16384

struct RdapiGunzip
{
	z_stream	stream;
	bool		whole;
};

RdapiGunzip *
rdapi_gunzip_new(void)
{
	RdapiGunzip *gunzip = calloc(1, sizeof(*gunzip));

	if (gunzip != NULL && inflateInit2(&gunzip->stream, WINDOW_BITS) != Z_OK)
	{
		free(gunzip);
		return NULL;
	}
	return gunzip;
}

/* Unpack until nothing more comes of what there is, or a member ends. */
static RdapiGunzipResult
unpack(RdapiGunzip *gunzip, RdapiBuffer *unpacked)
{
	z_stream   *stream = &gunzip->stream;
	Bytef		piece[PIECE_BYTES];
	int			status;

	do
	{
		stream->next_out = piece;
		stream->avail_out = sizeof(piece);
		status = inflate(stream, Z_NO_FLUSH);
		if (status == Z_MEM_ERROR)
			return RDAPI_GUNZIP_NO_MEMORY;
		/* Z_BUF_ERROR only says that there is nothing to do. */
		if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
			return RDAPI_GUNZIP_CORRUPT;
		switch (rdapi_buffer_append(unpacked, (const char *) piece,
									sizeof(piece) - stream->avail_out))
		{
			case RDAPI_BUFFER_OK:
				break;
			case RDAPI_BUFFER_FULL:
				return RDAPI_GUNZIP_FULL;
			case RDAPI_BUFFER_NO_MEMORY:
				return RDAPI_GUNZIP_NO_MEMORY;
		}
	} while (status == Z_OK && stream->avail_out == 0);

	if (status == Z_STREAM_END)
	{
		inflateReset(stream);
		gunzip->whole = true;
	}
	return RDAPI_GUNZIP_OK;
}

RdapiGunzipResult
rdapi_gunzip_append(RdapiGunzip *gunzip, const char *data, size_t length,
					RdapiBuffer *unpacked)
{
	RdapiGunzipResult result = RDAPI_GUNZIP_OK;

	/* zlib writes nothing there. */
	gunzip->stream.next_in = (Bytef *) data;
	gunzip->stream.avail_in = (uInt) length;
	while (result == RDAPI_GUNZIP_OK && gunzip->stream.avail_in > 0)
	{
		gunzip->whole = false;
		result = unpack(gunzip, unpacked);
	}
	return result;
}

bool
rdapi_gunzip_is_whole(const RdapiGunzip *gunzip)
{
	return gunzip->whole;
}

void
rdapi_gunzip_reset(RdapiGunzip *gunzip)
{
	if (gunzip == NULL)
		return;
	inflateReset(&gunzip->stream);
	gunzip->whole = false;
}

void
rdapi_gunzip_free(RdapiGunzip *gunzip)
{
	if (gunzip == NULL)
		return;
	inflateEnd(&gunzip->stream);
	free(gunzip);
}
