/*
 * failure.c
 *		What does an error body look like?
 *
 * The family of APIs has three shapes; a proxy in front of them has a fourth.
 */
#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

/* What a body is made of; NULL and 0 are left out. */
typedef struct EmuFailure
{
	EmuErrorShape shape;
	unsigned	status;
	int64_t		code;
	const char *message;
	const char *detail;
	const char *details;		/* JSON */
	bool		more_info;
} EmuFailure;

static void
emu_failure_twilio(const EmuFailure *failure, EmuBuf *buf)
{
	emu_buf_put(buf, "{");
	if (failure->code != 0)
		emu_buf_printf(buf, "\"code\":%lld,", (long long) failure->code);
	emu_buf_put(buf, "\"message\":");
	emu_json_add_text(buf, failure->message);
	if (failure->detail != NULL)
	{
		emu_buf_put(buf, ",\"detail\":");
		emu_json_add_text(buf, failure->detail);
	}
	if (failure->details != NULL)
		emu_buf_printf(buf, ",\"details\":%s", failure->details);
	if (failure->more_info && failure->code != 0)
		emu_buf_printf(buf, ",\"more_info\":"
					   "\"https://www.twilio.com/docs/errors/%lld\"",
					   (long long) failure->code);
	emu_buf_printf(buf, ",\"status\":%u}", failure->status);
}

static void
emu_failure_rfc9457(const EmuFailure *failure, EmuBuf *buf)
{
	emu_buf_put(buf, "{\"type\":");
	if (failure->more_info && failure->code != 0)
		emu_buf_printf(buf, "\"https://www.twilio.com/docs/errors/%lld\"",
					   (long long) failure->code);
	else
		emu_buf_put(buf, "\"about:blank\"");
	emu_buf_put(buf, ",\"title\":");
	emu_json_add_text(buf, failure->message);
	emu_buf_printf(buf, ",\"status\":%u", failure->status);
	if (failure->code != 0)
		emu_buf_printf(buf, ",\"code\":%lld", (long long) failure->code);
	emu_buf_put(buf, ",\"detail\":");
	emu_json_add_text(buf, failure->detail ? failure->detail :
					  failure->message);
	emu_buf_put(buf, "}");
}

static void
emu_failure_legacy(const EmuFailure *failure, EmuBuf *buf)
{
	emu_buf_put(buf, "{\"message\":");
	emu_json_add_text(buf, failure->message);
	if (failure->code != 0)
		emu_buf_printf(buf, ",\"code\":%lld", (long long) failure->code);
	emu_buf_printf(buf, ",\"httpStatusCode\":%u,\"params\":%s,"
				   "\"userError\":%s}", failure->status,
				   failure->details ? failure->details : "[]",
				   failure->status < 500 ? "true" : "false");
}

static void
emu_failure_html(const EmuFailure *failure, EmuBuf *buf)
{
	emu_buf_printf(buf, "<html>\r\n<head><title>%u %s</title></head>\r\n"
				   "<body>\r\n<center><h1>%u %s</h1></center>\r\n"
				   "<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n",
				   failure->status, failure->message, failure->status,
				   failure->message);
}

static void
emu_failure_render(const EmuFailure *failure, EmuReply *reply)
{
	static void (*const render[]) (const EmuFailure *, EmuBuf *) = {
		[EMU_SHAPE_TWILIO] = emu_failure_twilio,
		[EMU_SHAPE_RFC9457] = emu_failure_rfc9457,
		[EMU_SHAPE_LEGACY] = emu_failure_legacy,
		[EMU_SHAPE_HTML] = emu_failure_html
	};

	emu_buf_free(&reply->body);
	reply->status = failure->status;
	if (failure->shape == EMU_SHAPE_RFC9457)
		reply->content_type = "application/problem+json";
	else if (failure->shape == EMU_SHAPE_HTML)
		reply->content_type = "text/html";
	if (failure->shape != EMU_SHAPE_EMPTY)
		render[failure->shape] (failure, &reply->body);
}

void
emu_fail(const Emu *emu, EmuReply *reply, unsigned status, int code,
		 const char *format,...)
{
	EmuFailure	failure = {0};
	char		text[1024];
	va_list		args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	failure.shape = (EmuErrorShape) emu->options.error_shape;
	failure.status = status;
	failure.code = code;
	failure.message = text;
	failure.more_info = !emu->options.omit_more_info;
	emu_failure_render(&failure, reply);
}

void
emu_fail_not_found(const Emu *emu, const EmuRequest *request, EmuReply *reply)
{
	emu_fail(emu, reply, 404, 20404,
			 "The requested resource %s was not found", request->path);
}

/* The answer that a fault asks for. */
void
emu_fail_as_told(const EmuFault *fault, EmuReply *reply)
{
	EmuFailure	failure = {0};

	failure.shape = fault->shape;
	failure.status = (unsigned) fault->status;
	failure.code = fault->code;
	failure.message = fault->message ? fault->message :
		MHD_get_reason_phrase_for(failure.status);
	failure.detail = fault->detail;
	failure.details = fault->details;
	failure.more_info = !fault->omit_more_info;
	reply->retry_after = fault->retry_after;
	emu_failure_render(&failure, reply);
}
