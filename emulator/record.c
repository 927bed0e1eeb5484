/*
 * record.c
 *		What does the journal say about a request?
 */
#include "record.h"

#include <string.h>

#include "auth.h"
#include "json.h"

static void
emu_record_params(const EmuParams *params, const char **separator,
				  EmuBuf *buf)
{
	size_t		i;

	for (i = 0; i < params->count; i++)
	{
		const EmuBuf *value = &params->param[i].value;

		emu_buf_put(buf, *separator);
		emu_json_add_text(buf, params->param[i].name);
		emu_buf_put(buf, ":");
		emu_json_add_string(buf, value->data, value->len);
		*separator = ",";
	}
}

static void
emu_record_file(const EmuFile *file, EmuBuf *buf)
{
	if (!file->present)
	{
		emu_buf_put(buf, "null");
		return;
	}
	emu_buf_put(buf, "{\"name\":");
	emu_json_add_text(buf, file->name);
	emu_buf_put(buf, ",\"content_type\":");
	emu_json_add_text(buf, file->content_type);
	emu_buf_printf(buf, ",\"size\":%llu,\"sha256\":\"%s\"}",
				   (unsigned long long) file->size, file->sha256);
}

/* What was sent, as JSON; the credentials are never shown. */
void
emu_record(Emu *emu, EmuRequest *request)
{
	static const char *const headers[] = {
		"Host", "User-Agent", "Accept", "Accept-Encoding", "Content-Type",
		"Content-Length", "Connection", "Expect"
	};
	const char *query = strchr(request->uri, '?');
	const char *separator = "";
	EmuBuf		buf = {0};
	size_t		i;

	emu_buf_put(&buf, "\"resource\":");
	emu_json_add_text(&buf, request->resource ? request->resource->name : NULL);
	emu_buf_printf(&buf, ",\"kind\":\"%s\",\"method\":\"%s\",\"path\":",
				   emu_kind_names[request->kind], request->method);
	emu_json_add_text(&buf, request->path);
	emu_buf_put(&buf, ",\"query\":");
	emu_json_add_text(&buf, query ? query + 1 : "");
	emu_buf_printf(&buf, ",\"request_id\":\"%s\",\"authorization\":\"%s\","
				   "\"headers\":{", request->id, emu_auth_describe(request));
	for (i = 0; i < sizeof(headers) / sizeof(*headers); i++)
	{
		emu_buf_printf(&buf, "%s\"%s\":", i ? "," : "", headers[i]);
		emu_json_add_text(&buf,
						  MHD_lookup_connection_value(request->connection,
													  MHD_HEADER_KIND,
													  headers[i]));
	}
	emu_buf_put(&buf, "},\"parameters\":{");
	emu_record_params(&request->query, &separator, &buf);
	emu_record_params(&request->form, &separator, &buf);
	emu_buf_put(&buf, "},\"file\":");
	emu_record_file(&request->file, &buf);
	request->journal = emu_journal_add(emu->journal, buf.data);
}
