/*-------------------------------------------------------------------------
 *
 * answer.c
 *	  An answer as it comes in: its headers, and its body, unpacked.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>
#include <strings.h>

#include "answer.h"

/* All headers of an answer together, in bytes; real ones have some 1,000. */
#define MAX_HEADER_BYTES	262144

/* The part of an answer's length that there is room for beyond it. */
#define SPARE_PART			16

static const char request_id_header[] = "Twilio-Request-Id:";
static const char encoding_header[] = "Content-Encoding:";

void
rdapi_answer_init(RdapiAnswer *answer, const RdapiSecrets *secrets)
{
	memset(answer, 0, sizeof(*answer));
	answer->secrets = secrets;
}

/* The rest is of no use.  Returns false. */
static bool
give_up(RdapiAnswer *answer, RdapiErrorKind verdict, const char *words)
{
	answer->verdict = verdict;
	answer->verdict_words = words;
	return false;
}

/*
 * The value of a header line, without blanks around it; NULL: it is another
 * header's.
 */
static const char *
header_value(const char *line, size_t length, const char *name,
			 size_t *value_length)
{
	size_t		name_length = strlen(name);
	const char *end = line + length;

	if (length < name_length || strncasecmp(line, name, name_length) != 0)
		return NULL;
	line += name_length;
	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	while (line < end && strchr(" \t\r\n", end[-1]) != NULL)
		end--;
	*value_length = (size_t) (end - line);
	return line;
}

static bool
value_is(const char *value, size_t length, const char *expected)
{
	return length == strlen(expected) &&
		strncasecmp(value, expected, length) == 0;
}

/* A second one packs what the first one has packed. */
static void
note_encoding(RdapiAnswer *answer, const char *value, size_t length)
{
	if (length == 0 || value_is(value, length, "identity"))
		return;
	if (answer->encoding == RDAPI_ENCODING_NONE &&
		(value_is(value, length, "gzip") || value_is(value, length, "x-gzip")))
		answer->encoding = RDAPI_ENCODING_GZIP;
	else
		answer->encoding = RDAPI_ENCODING_OTHER;
}

/* In ASCII, which can be shown in every encoding; a header has none. */
static void
note_request_id(RdapiAnswer *answer, const char *value, size_t length)
{
	char	   *c;

	rdapi_error_copy_text(answer->request_id, sizeof(answer->request_id),
						  value, length, answer->secrets);
	for (c = answer->request_id; *c != '\0'; c++)
		if ((unsigned char) *c >= 0x80)
			*c = '?';
}

bool
rdapi_answer_add_header(RdapiAnswer *answer, const char *line, size_t length)
{
	const char *value;
	size_t		value_length;

	answer->header_bytes += length;
	if (answer->header_bytes > MAX_HEADER_BYTES)
		return give_up(answer, RDAPI_ERR_TOO_LARGE, NULL);
	if (length > 5 && memcmp(line, "HTTP/", 5) == 0)
	{
		answer->header_ended = false;
		answer->encoding = RDAPI_ENCODING_NONE;
	}
	else if (line[0] == '\r' || line[0] == '\n')
		answer->header_ended = true;

	value = header_value(line, length, request_id_header, &value_length);
	if (value != NULL)
		note_request_id(answer, value, value_length);
	value = header_value(line, length, encoding_header, &value_length);
	if (value != NULL && !answer->body_begun)
		note_encoding(answer, value, value_length);
	return true;
}

void
rdapi_answer_begin_body(RdapiAnswer *answer, size_t maximum, int64_t announced)
{
	size_t		room;

	answer->body_begun = true;
	answer->body.maximum = maximum;

	/*
	 * Only a hint: what cannot be reserved now is found out by appending.
	 * Pages differ a little in size, and the next one may come to the same
	 * place.
	 */
	if (announced <= 0 || (uint64_t) announced > maximum ||
		(size_t) announced < answer->body.capacity)
		return;
	room = (size_t) announced + (size_t) announced / SPARE_PART;
	(void) rdapi_buffer_reserve(&answer->body, room < maximum ? room : maximum);
}

/* Append a piece of the body as it is. */
static bool
keep(RdapiAnswer *answer, const char *data, size_t length)
{
	switch (rdapi_buffer_append(&answer->body, data, length))
	{
		case RDAPI_BUFFER_OK:
			break;
		case RDAPI_BUFFER_FULL:
			return give_up(answer, RDAPI_ERR_TOO_LARGE, NULL);
		case RDAPI_BUFFER_NO_MEMORY:
			return give_up(answer, RDAPI_ERR_MEMORY, NULL);
	}
	return true;
}

/* Append what it unpacks to. */
static bool
unpack(RdapiAnswer *answer, const char *data, size_t length)
{
	if (answer->gunzip == NULL)
		answer->gunzip = rdapi_gunzip_new();
	if (answer->gunzip == NULL)
		return give_up(answer, RDAPI_ERR_MEMORY, NULL);
	switch (rdapi_gunzip_append(answer->gunzip, data, length,
								&answer->body))
	{
		case RDAPI_GUNZIP_OK:
			break;
		case RDAPI_GUNZIP_CORRUPT:
			return give_up(answer, RDAPI_ERR_PROTOCOL,
						   "it is not the gzip that it is said to be");
		case RDAPI_GUNZIP_FULL:
			return give_up(answer, RDAPI_ERR_TOO_LARGE, NULL);
		case RDAPI_GUNZIP_NO_MEMORY:
			return give_up(answer, RDAPI_ERR_MEMORY, NULL);
	}
	return true;
}

bool
rdapi_answer_add_body(RdapiAnswer *answer, const char *data, size_t length)
{
	switch (answer->encoding)
	{
		case RDAPI_ENCODING_NONE:
			return keep(answer, data, length);
		case RDAPI_ENCODING_GZIP:
			return unpack(answer, data, length);
		case RDAPI_ENCODING_OTHER:
			break;
	}
	return give_up(answer, RDAPI_ERR_PROTOCOL,
				   "it has an encoding that was not asked for");
}


bool
rdapi_answer_is_whole(RdapiAnswer *answer)
{
	if (!answer->body_begun || answer->encoding != RDAPI_ENCODING_GZIP ||
		rdapi_gunzip_is_whole(answer->gunzip))
		return true;
	answer->verdict_words = "the answer's gzip data break off";
	return false;
}

void
rdapi_answer_reset(RdapiAnswer *answer)
{
	RdapiGunzip *gunzip = answer->gunzip;

	rdapi_buffer_free(&answer->body);
	rdapi_gunzip_reset(gunzip);
	rdapi_answer_init(answer, answer->secrets);
	answer->gunzip = gunzip;
}

void
rdapi_answer_free(RdapiAnswer *answer)
{
	rdapi_buffer_free(&answer->body);
	rdapi_gunzip_free(answer->gunzip);
}
