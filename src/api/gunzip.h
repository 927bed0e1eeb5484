/*-------------------------------------------------------------------------
 *
 * gunzip.h
 *	  Unpacking a body that comes gzipped, piece by piece.
 *
 * As RFC 1952 has it: one member or several, one after the other, each with
 * a trailer that tells whether it is all there.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_GUNZIP_H
#define RDAPI_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"

typedef struct RdapiGunzip RdapiGunzip;

typedef enum RdapiGunzipResult
{
	RDAPI_GUNZIP_OK,
	RDAPI_GUNZIP_CORRUPT,		/* it is no gzip, or a checksum is wrong */
	RDAPI_GUNZIP_FULL,			/* it would exceed the buffer's maximum */
	RDAPI_GUNZIP_NO_MEMORY
} RdapiGunzipResult;

/* NEW; NULL: no memory. */
extern RdapiGunzip *rdapi_gunzip_new(void);

/*
 * Append what the next bytes unpack to.  After a result other than OK it has
 * to be reset.
 */
extern RdapiGunzipResult rdapi_gunzip_append(RdapiGunzip *gunzip,
											 const char *data, size_t length,
											 RdapiBuffer *unpacked);

/* Did it end where a member ended, with at least one? */
extern bool rdapi_gunzip_is_whole(const RdapiGunzip *gunzip);

/* Begin anew.  NULL-safe. */
extern void rdapi_gunzip_reset(RdapiGunzip *gunzip);

/* NULL-safe. */
extern void rdapi_gunzip_free(RdapiGunzip *gunzip);

#endif							/* RDAPI_GUNZIP_H */
