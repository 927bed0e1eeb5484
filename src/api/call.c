/*-------------------------------------------------------------------------
 *
 * call.c
 *	  A call: its request ready to be sent, its place in a list, its result.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "mux.h"

#define USEC_PER_MSEC	1000

/*
 * Bodies up to that size, in bytes, are used again.  Pages have some 600 kB;
 * that of a larger one would be held as long as there are others.
 */
#define MAX_REUSED_BYTES	(8 * 1024 * 1024)

/* The request's form as parts, its file the last.  false: no memory. */
static bool
make_parts(RdapiCall *call, const RdapiFile *file)
{
	const RdapiParameter *parameters;
	int			nparameters;
	int			i;

	nparameters = rdapi_request_parameters(call->request, &parameters);
	call->nparts = nparameters + 1;
	call->parts = calloc((size_t) call->nparts, sizeof(*call->parts));
	if (call->parts == NULL)
		return false;
	for (i = 0; i < nparameters; i++)
	{
		call->parts[i].name = parameters[i].name;
		call->parts[i].data = parameters[i].value;
		call->parts[i].length = parameters[i].length;
	}
	call->parts[i].name = file->name;
	call->parts[i].data = file->data;
	call->parts[i].length = file->length;
	call->parts[i].file_name = file->file_name;
	call->parts[i].content_type = file->content_type;
	return true;
}

/* false: no memory. */
static bool
make_body(RdapiCall *call)
{
	const RdapiFile *file = rdapi_request_file(call->request);

	switch (rdapi_request_operation(call->request))
	{
		case RDAPI_OP_LIST:
		case RDAPI_OP_FETCH:
		case RDAPI_OP_DELETE:
			return true;
		case RDAPI_OP_CREATE:
		case RDAPI_OP_UPDATE:
			break;
	}
	if (file != NULL)
		return make_parts(call, file);
	call->form = rdapi_request_form(call->request, &call->form_length);
	return call->form != NULL;
}

RdapiCall *
rdapi_call_new(RdapiRequest *request, const char *base_url,
			   const char *upload_url, RdapiError *error)
{
	RdapiCall  *call = calloc(1, sizeof(*call));

	if (call == NULL)
	{
		rdapi_request_free(request);
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		return NULL;
	}
	call->request = request;
	call->url = rdapi_request_url(request, base_url, upload_url);
	if (call->url == NULL || !make_body(call))
	{
		rdapi_call_destroy(call);
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		return NULL;
	}
	return call;
}

void
rdapi_call_insert(RdapiCall *call, RdapiCallList *list, RdapiCall *after)
{
	call->list = list;
	call->prev = after;
	call->next = after != NULL ? after->next : list->head;
	if (call->prev != NULL)
		call->prev->next = call;
	else
		list->head = call;
	if (call->next != NULL)
		call->next->prev = call;
	else
		list->tail = call;
}

void
rdapi_call_remove(RdapiCall *call)
{
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		call->list->head = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	else
		call->list->tail = call->prev;
	call->list = NULL;
	call->prev = NULL;
	call->next = NULL;
}

void
rdapi_call_destroy(RdapiCall *call)
{
	rdapi_request_free(call->request);
	free(call->url);
	free(call->form);
	free(call->parts);
	rdapi_buffer_free(&call->body);
	free(call);
}

bool
rdapi_call_is_done(const RdapiCall *call)
{
	return call->client == NULL;
}

RdapiRetryClass
rdapi_call_retry_class(const RdapiCall *call)
{
	switch (rdapi_request_operation(call->request))
	{
		case RDAPI_OP_LIST:
		case RDAPI_OP_FETCH:
			break;
		case RDAPI_OP_UPDATE:
			return RDAPI_RETRY_UPDATE;
		case RDAPI_OP_DELETE:
			return RDAPI_RETRY_DELETE;
		case RDAPI_OP_CREATE:
			return RDAPI_RETRY_CREATE;
	}
	return RDAPI_RETRY_READ;
}

bool
rdapi_call_may_be_done(const RdapiCall *call)
{
	if (rdapi_call_retry_class(call) == RDAPI_RETRY_READ)
		return false;
	if (call->client == NULL)
		return call->error.kind == RDAPI_ERR_NONE ||
			call->error.kind == RDAPI_ERR_UNKNOWN;
	return call->doubt ||
		(call->transfer != NULL && rdapi_transfer_is_begun(call->transfer));
}

bool
rdapi_call_is_sending(const RdapiCall *call)
{
	return call->transfer != NULL && !rdapi_transfer_is_sent(call->transfer);
}

const RdapiError *
rdapi_call_error(const RdapiCall *call)
{
	return call->error.kind == RDAPI_ERR_NONE ? NULL : &call->error;
}

int
rdapi_call_status(const RdapiCall *call)
{
	return call->http_status;
}

char *
rdapi_call_body(RdapiCall *call, size_t *length)
{
	*length = call->body.length;
	return call->body.data == NULL ? call->no_body : call->body.data;
}

void
rdapi_call_reuse_body(RdapiCall *call, RdapiCall *done)
{
	RdapiBuffer *body = call->transfer != NULL ?
	&call->transfer->answer.body : &call->body;

	if (done->body.capacity == 0 || done->body.capacity > MAX_REUSED_BYTES ||
		body->data != NULL)
		return;
	rdapi_buffer_take(body, &done->body);
}

const char *
rdapi_call_request_id(const RdapiCall *call)
{
	return call->request_id;
}

int
rdapi_call_http_status(const RdapiCall *call)
{
	return call->http_status;
}

const RdapiRequest *
rdapi_call_request(const RdapiCall *call)
{
	return call->request;
}

RdapiCallStats
rdapi_call_stats(const RdapiCall *call)
{
	RdapiCallStats stats = call->stats;

	if (call->client != NULL && stats.tries > 0)
		stats.elapsed_ms =
			(rdapi_mux_clock_us() - call->started_us) / USEC_PER_MSEC;
	return stats;
}
