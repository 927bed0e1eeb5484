/*-------------------------------------------------------------------------
 *
 * buffer.h
 *	  A growing byte buffer that cannot be made without a maximum.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_BUFFER_H
#define RDAPI_BUFFER_H

#include <stddef.h>

typedef struct RdapiBuffer
{
	char	   *data;			/* NULL until something is kept; then the byte
								 * after the last is NUL */
	size_t		length;			/* bytes in use, without the NUL */
	size_t		capacity;		/* bytes allocated, with room for the NUL */
	size_t		maximum;		/* length never exceeds it */
} RdapiBuffer;

typedef enum RdapiBufferResult
{
	RDAPI_BUFFER_OK,
	RDAPI_BUFFER_FULL,			/* it would exceed the maximum */
	RDAPI_BUFFER_NO_MEMORY
} RdapiBufferResult;

/* Empty, nothing allocated. */
extern void rdapi_buffer_init(RdapiBuffer *buffer, size_t maximum);

/* Make room for that many bytes in all, to spare growing step by step. */
extern RdapiBufferResult rdapi_buffer_reserve(RdapiBuffer *buffer,
											  size_t length);

/* All of the data or, where the result is not OK, nothing of it. */
extern RdapiBufferResult rdapi_buffer_append(RdapiBuffer *buffer,
											 const char *data, size_t length);

/*
 * Have an empty buffer use the memory of another one, whose data are gone
 * then; both keep their maximum.
 */
extern void rdapi_buffer_take(RdapiBuffer *buffer, RdapiBuffer *other);

/* Frees what it holds; it is empty then and can be used again. */
extern void rdapi_buffer_free(RdapiBuffer *buffer);

#endif							/* RDAPI_BUFFER_H */
