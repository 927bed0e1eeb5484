/*
 * form.c
 *		Which parameters, and which file, are in the body?
 */
#include "form.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EMU_FORM_BUFFER 16384
#define EMU_FILE_PARAM "File"

struct EmuForm
{
	struct MHD_PostProcessor *processor;
	struct sha256_ctx digest;	/* of the file */
};

static void
emu_form_file(EmuRequest *request, const char *name, const char *content_type,
			  const char *data, uint64_t offset, size_t len)
{
	EmuFile    *file = &request->file;

	if (!file->present)
	{
		file->present = true;
		file->name = name ? emu_copy(name, strlen(name)) : NULL;
		file->content_type = content_type ?
			emu_copy(content_type, strlen(content_type)) : NULL;
		sha256_init(&request->body->digest);
	}
	sha256_update(&request->body->digest, len, (const uint8_t *) data);
	file->size = offset + len;
}

/* Called for each piece of a value; a piece at offset 0 begins one. */
static enum MHD_Result
emu_form_piece(void *cls, enum MHD_ValueKind kind, const char *key,
			   const char *filename, const char *content_type,
			   const char *encoding, const char *data, uint64_t offset,
			   size_t len)
{
	EmuRequest *request = cls;
	EmuParams  *form = &request->form;

	(void) kind;
	(void) encoding;
	if (strcmp(key, EMU_FILE_PARAM) == 0)
	{
		emu_form_file(request, filename, content_type, data, offset, len);
		return MHD_YES;
	}
	if (offset == 0)
		emu_params_add(form, key);
	if (len > 0)
		emu_buf_add(&form->param[form->count - 1].value, data, len);
	return MHD_YES;
}

/* A body of a type that is no form is passed over. */
void
emu_form_begin(EmuRequest *request)
{
	struct MHD_PostProcessor *processor;

	processor = MHD_create_post_processor(request->connection,
										  EMU_FORM_BUFFER, emu_form_piece,
										  request);
	if (processor == NULL)
		return;
	request->body = emu_alloc(sizeof(*request->body));
	request->body->processor = processor;
}

void
emu_form_feed(EmuRequest *request, const char *data, size_t len)
{
	if (request->body != NULL)
		MHD_post_process(request->body->processor, data, len);
}

static void
emu_form_digest(EmuRequest *request)
{
	uint8_t		digest[SHA256_DIGEST_SIZE];
	char	   *out = request->file.sha256;
	size_t		i;

	sha256_digest(&request->body->digest, sizeof(digest), digest);
	for (i = 0; i < sizeof(digest); i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* The body is complete, or given up. */
void
emu_form_end(EmuRequest *request)
{
	if (request->body == NULL)
		return;
	MHD_destroy_post_processor(request->body->processor);
	if (request->file.present)
		emu_form_digest(request);
	free(request->body);
	request->body = NULL;
}
