/*-------------------------------------------------------------------------
 *
 * request.c
 *	  One request to the API: method, URL, query and form.
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "percent.h"
#include "request.h"

struct RdapiRequest
{
	RdapiOperation operation;
	const RdapiResource *resource;
	char		parent_sid[RDAPI_SID_BYTES + 1];	/* "": it has none */
	char		sid[RDAPI_SID_BYTES + 1];	/* "": none is in the path */
	char	   *path;
	char	   *query;			/* without "?"; NULL: none */
	char	   *identity;		/* NULL: the first page, or no page */

	RdapiParameter *parameters;
	int			nparameters;
	int			max_parameters; /* allocated */

	RdapiFile	file;
	size_t		bytes;			/* all of the above */
};

/*
 * The longest query of a link that is followed, in bytes.  Real ones have some
 * 150; servers commonly take no request line of more than 8 kB.
 */
#define MAX_QUERY_BYTES	8192

/* The parameter of a page's URL that tells it from other pages. */
static const char page_token[] = "PageToken=";

/* Is it one of the characters?  A NUL is none. */
static bool
is_one_of(char c, const char *characters)
{
	return c != '\0' && strchr(characters, c) != NULL;
}

/* NEW and terminated; NULL: no memory, and the error is set. */
static char *
copy_bytes(RdapiRequest *request, const void *data, size_t length,
		   RdapiError *error)
{
	char	   *copy = malloc(length + 1);

	if (copy == NULL)
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		return NULL;
	}
	if (length > 0)
		memcpy(copy, data, length);
	copy[length] = '\0';
	request->bytes += length + 1;
	return copy;
}

static char *
copy_string(RdapiRequest *request, const char *string, RdapiError *error)
{
	return copy_bytes(request, string, strlen(string), error);
}

/* NEW; the path of the resource, with the parent's key in its place. */
static char *
make_path(const RdapiTarget *target, const char *sid)
{
	const char *template = target->resource->path;
	const char *parent_sid = target->parent_sid;
	size_t		before = strcspn(template, "{");
	const char *after = template + before;
	size_t		size = strlen(template) + RDAPI_SID_BYTES + 1 +
	RDAPI_SID_BYTES + 1;
	char	   *path = malloc(size);

	if (path == NULL)
		return NULL;
	if (*after == '{')
		after = strchr(after, '}') + 1;
	snprintf(path, size, "%.*s%s%s%s%s", (int) before, template,
			 parent_sid == NULL ? "" : parent_sid, after,
			 sid == NULL ? "" : "/", sid == NULL ? "" : sid);
	return path;
}

/* NEW; sid is NULL where the request is for the list. */
static RdapiRequest *
request_new(const RdapiTarget *target, RdapiOperation operation,
			const char *sid, RdapiError *error)
{
	RdapiRequest *request = calloc(1, sizeof(*request));

	if (request != NULL)
		request->path = make_path(target, sid);
	if (request == NULL || request->path == NULL)
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		rdapi_request_free(request);
		return NULL;
	}
	request->operation = operation;
	request->resource = target->resource;
	if (target->parent_sid != NULL)
		strncpy(request->parent_sid, target->parent_sid, RDAPI_SID_BYTES);
	if (sid != NULL)
		strncpy(request->sid, sid, RDAPI_SID_BYTES);
	request->bytes = sizeof(*request) + strlen(request->path) + 1;
	return request;
}

/* Bytes that the query has at the most, with its terminator. */
static size_t
query_size(const RdapiQuery *query)
{
	size_t		size = sizeof("PageSize=") + 3 * sizeof(int);
	int			i;

	/* Three bytes for one at most, and "&" and "=" with each. */
	for (i = 0; i < query->nconditions; i++)
		size += 3 * (strlen(query->conditions[i].name) +
					 strlen(query->conditions[i].value)) + 2;
	return size;
}

/* false: no memory, and the error is set. */
static bool
set_query(RdapiRequest *request, const RdapiQuery *query, RdapiError *error)
{
	size_t		size = query_size(query);
	char	   *out;
	int			i;

	if (query->page_size == 0 && query->nconditions == 0)
		return true;
	request->query = malloc(size);
	if (request->query == NULL)
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		return false;
	}
	request->bytes += size;
	out = request->query;
	if (query->page_size != 0)
		out += snprintf(out, size, "PageSize=%d", query->page_size);
	for (i = 0; i < query->nconditions; i++)
	{
		const RdapiCondition *condition = &query->conditions[i];

		if (out != request->query)
			*out++ = '&';
		out = rdapi_percent_encode(out, condition->name,
								   strlen(condition->name));
		*out++ = '=';
		out = rdapi_percent_encode(out, condition->value,
								   strlen(condition->value));
	}
	*out = '\0';
	return true;
}

/* NEW, with its query. */
static RdapiRequest *
request_get(const RdapiTarget *target, RdapiOperation operation,
			const char *sid, const RdapiQuery *query, RdapiError *error)
{
	RdapiRequest *request = request_new(target, operation, sid, error);

	if (request != NULL && query != NULL && !set_query(request, query, error))
	{
		rdapi_request_free(request);
		return NULL;
	}
	return request;
}

RdapiRequest *
rdapi_request_list(const RdapiTarget *target, const RdapiQuery *query,
				   RdapiError *error)
{
	return request_get(target, RDAPI_OP_LIST, NULL, query, error);
}

RdapiRequest *
rdapi_request_fetch(const RdapiTarget *target, const char *sid,
					const RdapiQuery *query, RdapiError *error)
{
	return request_get(target, RDAPI_OP_FETCH, sid, query, error);
}

RdapiRequest *
rdapi_request_create(const RdapiTarget *target, RdapiError *error)
{
	return request_new(target, RDAPI_OP_CREATE, NULL, error);
}

RdapiRequest *
rdapi_request_update(const RdapiTarget *target, const char *sid,
					 RdapiError *error)
{
	return request_new(target, RDAPI_OP_UPDATE, sid, error);
}

RdapiRequest *
rdapi_request_delete(const RdapiTarget *target, const char *sid,
					 RdapiError *error)
{
	return request_new(target, RDAPI_OP_DELETE, sid, error);
}

/*
 * Find the query in a URL: after the first "?" and before any "#".  false:
 * there is none, or it has bytes that RFC 3986 allows in no URL.  ("[" and
 * "]" it does not allow in a query, but they are commonly left raw there.)
 */
static bool
find_query(const char *url, size_t length, const char **query,
		   size_t *query_length)
{
	const char *end = memchr(url, '#', length);
	const char *start;
	const char *c;

	if (end == NULL)
		end = url + length;
	start = memchr(url, '?', (size_t) (end - url));
	if (start == NULL || start + 1 == end)
		return false;
	start++;
	for (c = start; c < end; c++)
	{
		if (*c <= ' ' || *c > '~' || is_one_of(*c, "\"<>\\^`{|}"))
			return false;
	}
	*query = start;
	*query_length = (size_t) (end - start);
	return true;
}

/* The start of PageToken's value within the query; NULL: it has none. */
static const char *
find_page_token(const char *query)
{
	const char *parameter = query;

	for (;;)
	{
		const char *value = parameter + sizeof(page_token) - 1;

		if (strncmp(parameter, page_token, sizeof(page_token) - 1) == 0)
			return *value == '&' || *value == '\0' ? NULL : value;
		parameter = strchr(parameter, '&');
		if (parameter == NULL)
			return NULL;
		parameter++;
	}
}

RdapiRequest *
rdapi_request_next(const RdapiTarget *target, const char *url,
				   size_t length, RdapiError *error)
{
	RdapiRequest *request;
	const char *query;
	size_t		query_length;
	const char *token;

	if (!find_query(url, length, &query, &query_length))
	{
		rdapi_error_set(error, RDAPI_ERR_PROTOCOL,
						"the API's link to the next page has no valid query");
		return NULL;
	}
	if (query_length > MAX_QUERY_BYTES)
	{
		rdapi_error_set(error, RDAPI_ERR_PROTOCOL,
						"the API's link to the next page is too long");
		return NULL;
	}
	request = request_new(target, RDAPI_OP_LIST, NULL, error);
	if (request == NULL)
		return NULL;
	request->query = copy_bytes(request, query, query_length, error);
	if (request->query == NULL)
		goto failed;

	token = find_page_token(request->query);
	if (token == NULL)
		request->identity = copy_string(request, request->query, error);
	else
		request->identity = copy_bytes(request, token, strcspn(token, "&"),
									   error);
	if (request->identity == NULL)
		goto failed;
	if (token != NULL)
		rdapi_percent_decode(request->identity);
	return request;

failed:
	rdapi_request_free(request);
	return NULL;
}

const char *
rdapi_request_page_identity(const RdapiRequest *request)
{
	return request->identity == NULL ? "" : request->identity;
}

/* Room for one parameter more; false: no memory. */
static bool
reserve_parameter(RdapiRequest *request)
{
	RdapiParameter *parameters;
	int			max_parameters = request->max_parameters + 4;

	if (request->nparameters < request->max_parameters)
		return true;
	parameters = realloc(request->parameters,
						 (size_t) max_parameters * sizeof(*parameters));
	if (parameters == NULL)
		return false;
	request->bytes += 4 * sizeof(*parameters);
	request->parameters = parameters;
	request->max_parameters = max_parameters;
	return true;
}

bool
rdapi_request_add_parameter(RdapiRequest *request, const char *name,
							const char *value, size_t length,
							RdapiError *error)
{
	RdapiParameter *parameter;

	if (!reserve_parameter(request))
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		return false;
	}
	parameter = &request->parameters[request->nparameters];
	parameter->name = copy_string(request, name, error);
	if (parameter->name == NULL)
		return false;
	parameter->value = copy_bytes(request, value, length, error);
	if (parameter->value == NULL)
	{
		free(parameter->name);
		return false;
	}
	parameter->length = length;
	request->nparameters++;
	return true;
}

static void
free_file(RdapiFile *file)
{
	free(file->name);
	free(file->file_name);
	free(file->content_type);
	free(file->data);
	memset(file, 0, sizeof(*file));
}

bool
rdapi_request_set_file(RdapiRequest *request, const char *name,
					   const char *file_name, const char *content_type,
					   const void *data, size_t length, RdapiError *error)
{
	RdapiFile  *file = &request->file;

	free_file(file);
	file->name = copy_string(request, name, error);
	file->file_name = copy_string(request, file_name, error);
	file->content_type = copy_string(request, content_type, error);
	file->data = copy_bytes(request, data, length, error);
	file->length = length;
	if (file->name == NULL || file->file_name == NULL ||
		file->content_type == NULL || file->data == NULL)
	{
		free_file(file);
		return false;
	}
	return true;
}

const RdapiResource *
rdapi_request_resource(const RdapiRequest *request)
{
	return request->resource;
}

const char *
rdapi_request_parent_sid(const RdapiRequest *request)
{
	return request->parent_sid[0] == '\0' ? NULL : request->parent_sid;
}

const char *
rdapi_request_sid(const RdapiRequest *request)
{
	return request->sid[0] == '\0' ? NULL : request->sid;
}

RdapiOperation
rdapi_request_operation(const RdapiRequest *request)
{
	return request->operation;
}

const char *
rdapi_request_method(const RdapiRequest *request)
{
	static const char *const methods[] =
	{
		[RDAPI_OP_LIST] = "GET",
		[RDAPI_OP_FETCH] = "GET",
		[RDAPI_OP_CREATE] = "POST",
		[RDAPI_OP_UPDATE] = "POST",
		[RDAPI_OP_DELETE] = "DELETE"
	};

	return methods[request->operation];
}

const char *
rdapi_request_path(const RdapiRequest *request)
{
	return request->path;
}

bool
rdapi_request_has_file(const RdapiRequest *request)
{
	return request->file.name != NULL;
}

size_t
rdapi_request_bytes(const RdapiRequest *request)
{
	return request->bytes;
}

char *
rdapi_request_url(const RdapiRequest *request, const char *base_url,
				  const char *upload_url)
{
	const char *origin;
	const char *query = request->query == NULL ? "" : request->query;
	size_t		size;
	char	   *url;

	origin = rdapi_request_has_file(request) ? upload_url : base_url;
	size = strlen(origin) + strlen(request->path) + 1 + strlen(query) + 1;
	url = malloc(size);
	if (url != NULL)
		snprintf(url, size, "%s%s%s%s", origin, request->path,
				 query[0] == '\0' ? "" : "?", query);
	return url;
}

char *
rdapi_request_form(const RdapiRequest *request, size_t *length)
{
	size_t		size = 1;
	char	   *form;
	char	   *out;
	int			i;

	/* Three bytes for one at most, and "=" and "&" with each. */
	for (i = 0; i < request->nparameters; i++)
	{
		const RdapiParameter *parameter = &request->parameters[i];

		size += 3 * (strlen(parameter->name) + parameter->length) + 2;
	}
	form = malloc(size);
	if (form == NULL)
		return NULL;

	out = form;
	for (i = 0; i < request->nparameters; i++)
	{
		const RdapiParameter *parameter = &request->parameters[i];

		if (i > 0)
			*out++ = '&';
		out = rdapi_percent_encode(out, parameter->name,
								   strlen(parameter->name));
		*out++ = '=';
		out = rdapi_percent_encode(out, parameter->value, parameter->length);
	}
	*out = '\0';
	*length = (size_t) (out - form);
	return form;
}

int
rdapi_request_parameters(const RdapiRequest *request,
						 const RdapiParameter **parameters)
{
	*parameters = request->parameters;
	return request->nparameters;
}

const RdapiFile *
rdapi_request_file(const RdapiRequest *request)
{
	return rdapi_request_has_file(request) ? &request->file : NULL;
}

void
rdapi_request_free(RdapiRequest *request)
{
	int			i;

	if (request == NULL)
		return;
	for (i = 0; i < request->nparameters; i++)
	{
		free(request->parameters[i].name);
		free(request->parameters[i].value);
	}
	free(request->parameters);
	free_file(&request->file);
	free(request->path);
	free(request->query);
	free(request->identity);
	free(request);
}
