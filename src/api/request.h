/*-------------------------------------------------------------------------
 *
 * request.h
 *	  One request to the API: what is to be done, where, and with what body.
 *
 * A request is made by one of the constructors, given its fields, and handed
 * to a client, which sends it as often as needed.  All memory is malloc's;
 * what a constructor or a setter takes is copied unless it says otherwise.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_REQUEST_H
#define RDAPI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "src/resource/resource.h"

#include "error.h"

/* What a request does; decides its method and when it may be repeated. */
typedef enum RdapiOperation
{
	RDAPI_OP_LIST,				/* GET of a page */
	RDAPI_OP_FETCH,				/* GET of one */
	RDAPI_OP_CREATE,			/* POST to the list */
	RDAPI_OP_UPDATE,			/* POST to one */
	RDAPI_OP_DELETE				/* DELETE of one */
} RdapiOperation;

typedef struct RdapiRequest RdapiRequest;

/* One parameter of a form.  The value is terminated, but may hold any byte. */
typedef struct RdapiParameter
{
	char	   *name;
	char	   *value;
	size_t		length;
} RdapiParameter;

/* A file that goes with the form. */
typedef struct RdapiFile
{
	char	   *name;			/* of the parameter; NULL: there is no file */
	char	   *file_name;
	char	   *content_type;
	char	   *data;
	size_t		length;
} RdapiFile;

/*
 * Which objects a request is about: those of a resource, and of a child
 * resource those of one parent.
 */
typedef struct RdapiTarget
{
	const RdapiResource *resource;
	const char *parent_sid;		/* valid; NULL: the resource has no parent */
} RdapiTarget;

/* A parameter of a query; neither is encoded yet. */
typedef struct RdapiCondition
{
	const char *name;
	const char *value;
} RdapiCondition;

/* What is asked of a list, or of one. */
typedef struct RdapiQuery
{
	int			page_size;		/* entries; 0: it is no list */
	const RdapiCondition *conditions;
	int			nconditions;
} RdapiQuery;

/*
 * Constructors: NEW, or NULL with the error set (RDAPI_ERR_MEMORY).  What
 * they are given is copied, but for the resource, which is BORROWED.
 *
 * rdapi_request_list asks for the first page.  Those with a sid want one that
 * rdapi_sid_is_valid accepts.  query may be NULL for one: nothing is asked.
 */
extern RdapiRequest *rdapi_request_list(const RdapiTarget *target,
										const RdapiQuery *query,
										RdapiError *error);
extern RdapiRequest *rdapi_request_fetch(const RdapiTarget *target,
										 const char *sid,
										 const RdapiQuery *query,
										 RdapiError *error);
extern RdapiRequest *rdapi_request_create(const RdapiTarget *target,
										  RdapiError *error);
extern RdapiRequest *rdapi_request_update(const RdapiTarget *target,
										  const char *sid, RdapiError *error);
extern RdapiRequest *rdapi_request_delete(const RdapiTarget *target,
										  const char *sid, RdapiError *error);

/*
 * The request for the page that a next_page_url (already without JSON's
 * escapes, not necessarily terminated) names.  Of the URL only the query is
 * used, byte for byte; scheme, host, path and fragment are dropped, so a
 * credential goes nowhere else.  A URL without a query, with one that is
 * longer than any server takes, or with a byte in its query that no URL may
 * hold (blanks, controls, quotes, non-ASCII), is RDAPI_ERR_PROTOCOL.
 */
extern RdapiRequest *rdapi_request_next(const RdapiTarget *target,
										const char *url, size_t length,
										RdapiError *error);

/*
 * What tells one page of a list from another, to notice one that comes
 * again: the decoded value of PageToken, or, without one, the whole query.
 * BORROWED from the request, terminated, "" for the first page.
 */
extern const char *rdapi_request_page_identity(const RdapiRequest *request);

/*
 * Add a form parameter.  value need not be terminated and may hold any
 * byte.  false: no memory, and the error is set.
 */
extern bool rdapi_request_add_parameter(RdapiRequest *request,
										const char *name,
										const char *value, size_t length,
										RdapiError *error);

/*
 * Give the request a file, under the parameter of that name.  It then goes
 * as multipart/form-data, to the upload URL.  false: no memory.
 */
extern bool rdapi_request_set_file(RdapiRequest *request, const char *name,
								   const char *file_name,
								   const char *content_type,
								   const void *data, size_t length,
								   RdapiError *error);

/* BORROWED; NULL: the sid is not in its path, as in that of a list. */
extern const RdapiResource *rdapi_request_resource(const RdapiRequest *request);
extern const char *rdapi_request_parent_sid(const RdapiRequest *request);
extern const char *rdapi_request_sid(const RdapiRequest *request);

extern RdapiOperation rdapi_request_operation(const RdapiRequest *request);
extern const char *rdapi_request_method(const RdapiRequest *request);	/* "GET", ... */

/* Path without query, BORROWED; for messages and logs. */
extern const char *rdapi_request_path(const RdapiRequest *request);

/* Does it carry a file? */
extern bool rdapi_request_has_file(const RdapiRequest *request);

/*
 * What the client sends.  The URL and the form (application/x-www-form-
 * urlencoded, "" without parameters) are NEW, NULL: no memory.  Parameters,
 * whose number is returned, and file are BORROWED.
 */
extern char *rdapi_request_url(const RdapiRequest *request,
							   const char *base_url, const char *upload_url);
extern char *rdapi_request_form(const RdapiRequest *request, size_t *length);
extern int	rdapi_request_parameters(const RdapiRequest *request,
									 const RdapiParameter **parameters);
extern const RdapiFile *rdapi_request_file(const RdapiRequest *request);

/* Memory that it holds, in bytes, its file included. */
extern size_t rdapi_request_bytes(const RdapiRequest *request);

/* NULL-safe. */
extern void rdapi_request_free(RdapiRequest *request);

#endif							/* RDAPI_REQUEST_H */
