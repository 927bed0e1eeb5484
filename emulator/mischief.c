/*
 * mischief.c
 *		What does a broken answer look like on the wire?
 */
#include "mischief.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "failure.h"
#include "wait.h"

#define EMU_BLOCK_BYTES 32768

/* An answer that goes out piece by piece. */
typedef struct EmuStream
{
	Emu		   *emu;
	int			fd;
	EmuAction	action;
	EmuBuf		body;
	uint64_t	bytes;			/* see EmuFault */
	int64_t		delay_ms;
} EmuStream;
/* INDENT OFF */
/* JSON that a client might expect, but of another shape. */
static const struct
{
	const char *variant;
	const char *body;
}			emu_wrong_shapes[] = {
	{"array", "[]"},
	{"scalar", "42"},
	{"null", "null"},
	{"empty-object", "{}"},
	{"no-results", "{\"meta\":{\"page\":0,\"page_size\":50,"
		"\"first_page_url\":null,\"previous_page_url\":null,\"url\":null,"
		"\"next_page_url\":null,\"key\":\"results\"}}"},
	{"results-object", "{\"results\":{},\"meta\":{\"next_page_url\":null,"
		"\"key\":\"results\"}}"},
	{"results-null", "{\"results\":null,\"meta\":{\"next_page_url\":null,"
		"\"key\":\"results\"}}"},
	{"row-scalar", "{\"results\":[1,\"two\"],\"meta\":{\"next_page_url\":null,"
		"\"key\":\"results\"}}"},
	{"no-meta", "{\"results\":[]}"},
	{"no-next", "{\"results\":[],\"meta\":{\"page\":0,\"key\":\"results\"}}"},
	{"next-number", "{\"results\":[],\"meta\":{\"next_page_url\":7,"
		"\"key\":\"results\"}}"},
	{"sid-number", "{\"sid\":7,\"status\":\"draft\"}"},
	{"no-sid", "{\"status\":\"draft\"}"}
};
/* INDENT ON */

/* Whether the fault's answer stands in for the API's. */
bool
emu_mischief_replaces(const EmuFault *fault)
{
	return fault->action == EMU_FAULT_STATUS ||
		fault->action == EMU_FAULT_GARBAGE ||
		fault->action == EMU_FAULT_WRONG_SHAPE ||
		fault->action == EMU_FAULT_REDIRECT ||
		fault->action == EMU_FAULT_ENDLESS ||
		fault->action == EMU_FAULT_BOMB;
}

/* Whether the API says nothing at all, and maybe does nothing. */
bool
emu_mischief_is_silent(const EmuFault *fault)
{
	return fault->action == EMU_FAULT_RESET_BEFORE ||
		fault->action == EMU_FAULT_STALL;
}

static const char *
emu_wrong_shape(const EmuFault *fault)
{
	size_t		i;

	for (i = 1; fault->variant != NULL &&
		 i < sizeof(emu_wrong_shapes) / sizeof(*emu_wrong_shapes); i++)
		if (strcmp(fault->variant, emu_wrong_shapes[i].variant) == 0)
			return emu_wrong_shapes[i].body;
	return emu_wrong_shapes[0].body;
}

/* Few bytes on the wire, where gzip is offered, and many behind it. */
static void
emu_mischief_bomb(const EmuFault *fault, EmuReply *reply)
{
	size_t		len = fault->bytes > 0 ? (size_t) fault->bytes : 0;
	EmuBuf	   *body = &reply->body;

	emu_buf_put(body, "{\"results\":[");
	emu_buf_reserve(body, len);
	memset(body->data + body->len, ' ', len);
	body->len += len;
	emu_buf_put(body, "],\"meta\":{\"next_page_url\":null}}");
	reply->compress = true;
}

static void
emu_mischief_add(const EmuFault *fault, const char *name, EmuBuf *body)
{
	const EmuParam *param = emu_params_find(&fault->params, name);

	if (param != NULL)
		emu_buf_add(body, param->value.data, param->value.len);
}

/* Any bytes at all; those that repeat one another go out packed. */
static void
emu_mischief_garbage(const EmuFault *fault, EmuReply *reply)
{
	EmuBuf	   *body = &reply->body;
	int64_t		i;

	reply->status = (unsigned) fault->status;
	reply->compress = fault->times > 0;
	if (fault->message == NULL)
		emu_buf_put(body, "{\"results\": [%%% this is \x01 no JSON \xFF");
	emu_mischief_add(fault, "message", body);
	for (i = 0; i < fault->times; i++)
		emu_mischief_add(fault, "piece", body);
	emu_mischief_add(fault, "rest", body);
}

void
emu_mischief_replace(const EmuFault *fault, EmuReply *reply)
{
	emu_buf_free(&reply->body);
	memset(reply, 0, sizeof(*reply));
	reply->status = MHD_HTTP_OK;
	if (fault->action == EMU_FAULT_STATUS)
		emu_fail_as_told(fault, reply);
	else if (fault->action == EMU_FAULT_GARBAGE)
		emu_mischief_garbage(fault, reply);
	else if (fault->action == EMU_FAULT_WRONG_SHAPE)
		emu_buf_put(&reply->body, emu_wrong_shape(fault));
	else if (fault->action == EMU_FAULT_BOMB)
		emu_mischief_bomb(fault, reply);
	else if (fault->action == EMU_FAULT_REDIRECT)
	{
		reply->status = (unsigned) fault->status;
		reply->location = fault->location ? fault->location :
			"https://redirect.example.com/";
	}
}

/*
 * Sends a reset at once: dissolving the association of a connected socket
 * does that and leaves the descriptor to the library, which closes it.
 */
void
emu_mischief_reset(struct MHD_Connection *connection)
{
	struct sockaddr nobody = {.sa_family = AF_UNSPEC};

	if (connect(emu_connection_fd(connection), &nobody, sizeof(nobody)) != 0)
		perror("regdocs-emulator: could not reset a connection");
}

static size_t
emu_endless_read(uint64_t position, char *out, size_t max)
{
	static const char head[] = "{\"results\":[";
	static const char item[] = "{\"sid\":null,\"status\":\"draft\"},";
	size_t		i;

	for (i = 0; i < max; i++, position++)
		if (position < sizeof(head) - 1)
			out[i] = head[position];
		else
			out[i] = item[(position - (sizeof(head) - 1)) %
						  (sizeof(item) - 1)];
	return max;
}

/* How many bytes may go out now, or what ends the answer. */
static ssize_t
emu_stream_allows(const EmuStream *stream, uint64_t position)
{
	uint64_t	length = stream->body.len;

	if (stream->action == EMU_FAULT_DRIBBLE)
	{
		if (position >= length)
			return MHD_CONTENT_READER_END_OF_STREAM;
		if (position > 0 &&
			!emu_wait_peer(stream->emu, stream->fd, stream->delay_ms))
			return MHD_CONTENT_READER_END_WITH_ERROR;
		return (ssize_t) (stream->bytes < length - position ? stream->bytes :
						  length - position);
	}
	if (position < stream->bytes)
		return (ssize_t) (stream->bytes - position);
	if (stream->action == EMU_FAULT_STALL_BODY)
		emu_wait_peer(stream->emu, stream->fd, -1);
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t
emu_stream_read(void *cls, uint64_t position, char *out, size_t max)
{
	EmuStream  *stream = cls;
	ssize_t		len;

	if (stream->action == EMU_FAULT_ENDLESS)
		len = (ssize_t) emu_endless_read(position, out, max);
	else
	{
		len = emu_stream_allows(stream, position);
		if (len <= 0)
			return len;
		if ((size_t) len > max)
			len = (ssize_t) max;
		memcpy(out, stream->body.data + position, (size_t) len);
	}
	emu_count(stream->emu->counters, EMU_COUNT_BYTES_SENT, (uint64_t) len);
	return len;
}

static void
emu_stream_free(void *cls)
{
	EmuStream  *stream = cls;

	emu_buf_free(&stream->body);
	free(stream);
}

/*
 * The response that goes out wrongly, made from the body, which it STEALS;
 * or NULL where this fault leaves it alone.
 */
struct MHD_Response *
emu_mischief_response(Emu *emu, EmuRequest *request, EmuBuf *body)
{
	const EmuFault *fault = &request->fault;
	bool		endless = fault->action == EMU_FAULT_ENDLESS;
	EmuStream  *stream;

	if (!endless && (body->len == 0 || (fault->action != EMU_FAULT_CUT &&
										fault->action != EMU_FAULT_STALL_BODY &&
										fault->action != EMU_FAULT_DRIBBLE)))
		return NULL;
	stream = emu_alloc(sizeof(*stream));
	stream->emu = emu;
	stream->fd = emu_connection_fd(request->connection);
	stream->action = fault->action;
	stream->bytes = fault->bytes < 0 ? body->len / 2 : (uint64_t) fault->bytes;
	if (stream->bytes > body->len)
		stream->bytes = body->len;
	if (stream->action == EMU_FAULT_DRIBBLE && stream->bytes == 0)
		stream->bytes = 1;
	stream->delay_ms = fault->delay_ms;
	stream->body = *body;
	memset(body, 0, sizeof(*body));
	return MHD_create_response_from_callback(endless || fault->chunked ?
											 MHD_SIZE_UNKNOWN :
											 stream->body.len,
											 EMU_BLOCK_BYTES, emu_stream_read,
											 stream, emu_stream_free);
}
