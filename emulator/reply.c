/*
 * reply.c
 *		How does an answer go out: headers, compression, and when does it
 *		cease to be in flight?
 */
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "mischief.h"
#include "wait.h"

#define EMU_GZIP_WINDOW (15 + 16)	/* zlib: with gzip's header */
#define EMU_GZIP_MEMORY 8
#define EMU_GZIP_LEAST 256		/* bytes; below, it does not pay */

/* The request is no longer in flight; may be called again. */
void
emu_request_leave(Emu *emu, EmuRequest *request)
{
	if (request->counted)
		emu_count_down(emu->counters, EMU_COUNT_IN_FLIGHT);
	request->counted = false;
}

static bool
emu_reply_may_compress(const Emu *emu, const EmuRequest *request,
					   const EmuReply *reply)
{
	const char *offered;

	if (!reply->compress &&
		(!emu->options.gzip || reply->body.len < EMU_GZIP_LEAST))
		return false;
	offered = MHD_lookup_connection_value(request->connection,
										  MHD_HEADER_KIND,
										  MHD_HTTP_HEADER_ACCEPT_ENCODING);
	return offered != NULL && strstr(offered, "gzip") != NULL;
}

static void
emu_reply_compress(EmuBuf *body)
{
	EmuBuf		packed = {0};
	z_stream	stream = {0};

	if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, EMU_GZIP_WINDOW,
					 EMU_GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
	{
		fputs("regdocs-emulator: zlib does not start\n", stderr);
		exit(1);
	}
	emu_buf_reserve(&packed, deflateBound(&stream, body->len));
	stream.next_in = (Bytef *) body->data;
	stream.avail_in = (uInt) body->len;
	stream.next_out = (Bytef *) packed.data;
	stream.avail_out = (uInt) (packed.size - 1);
	deflate(&stream, Z_FINISH);
	packed.len = stream.total_out;
	deflateEnd(&stream);
	emu_buf_free(body);
	*body = packed;
}

static void
emu_reply_header(struct MHD_Response *response, const char *name,
				 const char *value)
{
	if (value != NULL)
		MHD_add_response_header(response, name, value);
}

static void
emu_reply_headers(const EmuRequest *request, const EmuReply *reply,
				  struct MHD_Response *response)
{
	char		number[32];

	emu_reply_header(response, MHD_HTTP_HEADER_RETRY_AFTER,
					 reply->retry_after);
	emu_reply_header(response, MHD_HTTP_HEADER_LOCATION, reply->location);
	emu_reply_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
					 reply->challenge);
	if (reply->close)
		emu_reply_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	if (reply->status != MHD_HTTP_NO_CONTENT)
		emu_reply_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
						 reply->content_type ? reply->content_type :
						 "application/json");
	if (request->kind == EMU_CONTROL)
		return;
	emu_reply_header(response, "Twilio-Request-Id", request->id);
	snprintf(number, sizeof(number), "%d", request->in_flight);
	emu_reply_header(response, "Twilio-Concurrent-Requests", number);
	snprintf(number, sizeof(number), "%.3f",
			 (double) emu_elapsed_us(&request->begun) / 1e6);
	emu_reply_header(response, "Twilio-Request-Duration", number);
}

/* Queues the answer; the reply's body is used up. */
enum MHD_Result
emu_reply_send(Emu *emu, EmuRequest *request, EmuReply *reply)
{
	bool		packed = emu_reply_may_compress(emu, request, reply);
	struct MHD_Response *response;
	enum MHD_Result result;

	if (packed)
		emu_reply_compress(&reply->body);
	response = emu_mischief_response(emu, request, &reply->body);
	if (response == NULL)
	{
		if (request->kind != EMU_CONTROL)
			emu_count(emu->counters, EMU_COUNT_BYTES_SENT, reply->body.len);
		response = MHD_create_response_from_buffer(reply->body.len,
												   reply->body.data,
												   MHD_RESPMEM_MUST_FREE);

		/*
		 * A client may have the last byte, and send its next request on
		 * another connection, before this thread runs again. Leaving early
		 * never shows more in flight than the client has.
		 */
		emu_request_leave(emu, request);
	}
	if (packed)
		emu_reply_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	emu_reply_headers(request, reply, response);
	result = MHD_queue_response(request->connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}
