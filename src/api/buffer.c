/*-------------------------------------------------------------------------
 *
 * buffer.c
 *	  A growing byte buffer that cannot be made without a maximum.
 *
 *-------------------------------------------------------------------------
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

/* The first allocation, in bytes: one object and most error bodies fit. */
#define FIRST_CAPACITY	4096

void
rdapi_buffer_init(RdapiBuffer *buffer, size_t maximum)
{
	memset(buffer, 0, sizeof(*buffer));
	buffer->maximum = maximum;
}

RdapiBufferResult
rdapi_buffer_reserve(RdapiBuffer *buffer, size_t length)
{
	char	   *data;

	if (length > buffer->maximum || length == SIZE_MAX)
		return RDAPI_BUFFER_FULL;
	if (length < buffer->capacity)
		return RDAPI_BUFFER_OK;
	data = realloc(buffer->data, length + 1);
	if (data == NULL)
		return RDAPI_BUFFER_NO_MEMORY;
	data[buffer->length] = '\0';
	buffer->data = data;
	buffer->capacity = length + 1;
	return RDAPI_BUFFER_OK;
}

/* The length to reserve for "needed" bytes: doubling, within the maximum. */
static size_t
grown_length(const RdapiBuffer *buffer, size_t needed)
{
	size_t		length = FIRST_CAPACITY - 1;

	if (buffer->capacity > buffer->maximum / 2)
		return buffer->maximum;
	if (length < buffer->capacity * 2)
		length = buffer->capacity * 2;
	if (length < needed)
		length = needed;
	return length < buffer->maximum ? length : buffer->maximum;
}

RdapiBufferResult
rdapi_buffer_append(RdapiBuffer *buffer, const char *data, size_t length)
{
	size_t		needed = buffer->length + length;

	if (length > buffer->maximum - buffer->length)
		return RDAPI_BUFFER_FULL;
	if (needed >= buffer->capacity)
	{
		RdapiBufferResult result;

		result = rdapi_buffer_reserve(buffer, grown_length(buffer, needed));
		if (result != RDAPI_BUFFER_OK)
			return result;
	}
	memcpy(buffer->data + buffer->length, data, length);
	buffer->length = needed;
	buffer->data[needed] = '\0';
	return RDAPI_BUFFER_OK;
}

void
rdapi_buffer_take(RdapiBuffer *buffer, RdapiBuffer *other)
{
	buffer->data = other->data;
	buffer->length = 0;
	buffer->capacity = other->capacity;
	if (buffer->data != NULL)
		buffer->data[0] = '\0';
	rdapi_buffer_init(other, other->maximum);
}

void
rdapi_buffer_free(RdapiBuffer *buffer)
{
	free(buffer->data);
	rdapi_buffer_init(buffer, buffer->maximum);
}
