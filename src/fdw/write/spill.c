/*-------------------------------------------------------------------------
 *
 * spill.c
 *	  Requests on disk, until they are sent.
 *
 * A request is written as what it is about, then its parameters, then its file.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "src/fdw/base/report.h"
#include "src/fdw/write/spill.h"
#include "src/fdw/write/store.h"

struct RegdocsSpill
{
	RegdocsStore *store;
	int64		place;			/* of what is read next */
};

/* What stands in front of a request. */
typedef struct Head
{
	RdapiOperation operation;
	int			nparameters;
	bool		has_file;
	const RdapiResource *resource;	/* of this process */
	char		sid[RDAPI_SID_BYTES + 1];	/* "": none is in the path */
	char		parent_sid[RDAPI_SID_BYTES + 1];	/* "" likewise */
} Head;

RegdocsSpill *
regdocs_spill_new(void)
{
	RegdocsSpill *spill = palloc0(sizeof(RegdocsSpill));

	spill->store = regdocs_store_new(false);
	return spill;
}

void
regdocs_spill_free(RegdocsSpill *spill)
{
	if (spill != NULL)
		regdocs_store_free(spill->store);
}

static void
put(RegdocsSpill *spill, const void *data, Size length)
{
	char	   *place = regdocs_store_append(spill->store, length);

	if (length > 0)
		memcpy(place, data, length);
}

/* With its length in front. */
static void
put_bytes(RegdocsSpill *spill, const char *data, Size length)
{
	put(spill, &length, sizeof(length));
	put(spill, data, length);
}

/* sid may be NULL. */
static void
copy_sid(char *target, const char *sid)
{
	strlcpy(target, sid == NULL ? "" : sid, RDAPI_SID_BYTES + 1);
}

int64
regdocs_spill_put(RegdocsSpill *spill, const RdapiRequest *request)
{
	const RdapiParameter *parameters;
	const RdapiFile *file = rdapi_request_file(request);
	int64		place = regdocs_store_end(spill->store);
	Head		head = {0};
	int			i;

	regdocs_store_relieve(spill->store);
	head.operation = rdapi_request_operation(request);
	head.resource = rdapi_request_resource(request);
	copy_sid(head.sid, rdapi_request_sid(request));
	copy_sid(head.parent_sid, rdapi_request_parent_sid(request));
	head.nparameters = rdapi_request_parameters(request, &parameters);
	head.has_file = file != NULL;
	put(spill, &head, sizeof(head));
	for (i = 0; i < head.nparameters; i++)
	{
		put_bytes(spill, parameters[i].name, strlen(parameters[i].name));
		put_bytes(spill, parameters[i].value, parameters[i].length);
	}
	if (file != NULL)
	{
		put_bytes(spill, file->name, strlen(file->name));
		put_bytes(spill, file->file_name, strlen(file->file_name));
		put_bytes(spill, file->content_type, strlen(file->content_type));
		put_bytes(spill, file->data, file->length);
	}
	return place;
}

static void
get(RegdocsSpill *spill, void *data, Size length)
{
	regdocs_store_get(spill->store, spill->place, data, length);
	spill->place += length;
}

/* palloc'd and terminated; length may be NULL. */
static char *
get_bytes(RegdocsSpill *spill, Size *length)
{
	Size		size;
	char	   *data;

	get(spill, &size, sizeof(size));
	data = palloc(size + 1);
	get(spill, data, size);
	data[size] = '\0';
	if (length != NULL)
		*length = size;
	return data;
}

static RdapiRequest *
make_request(const Head *head, RdapiError *error)
{
	RdapiTarget target = {head->resource, NULL};

	if (head->parent_sid[0] != '\0')
		target.parent_sid = head->parent_sid;
	switch (head->operation)
	{
		case RDAPI_OP_UPDATE:
			return rdapi_request_update(&target, head->sid, error);
		case RDAPI_OP_DELETE:
			return rdapi_request_delete(&target, head->sid, error);
		default:
			return rdapi_request_create(&target, error);
	}
}

/* false: no memory. */
static bool
get_parameter(RegdocsSpill *spill, RdapiRequest *request, RdapiError *error)
{
	char	   *name = get_bytes(spill, NULL);
	Size		length;
	char	   *value = get_bytes(spill, &length);
	bool		added = rdapi_request_add_parameter(request, name, value,
													length, error);

	pfree(name);
	pfree(value);
	return added;
}

static bool
get_file(RegdocsSpill *spill, RdapiRequest *request, RdapiError *error)
{
	char	   *name = get_bytes(spill, NULL);
	char	   *file_name = get_bytes(spill, NULL);
	char	   *content_type = get_bytes(spill, NULL);
	Size		length;
	char	   *data = get_bytes(spill, &length);
	bool		set = rdapi_request_set_file(request, name, file_name,
											 content_type, data, length,
											 error);

	pfree(name);
	pfree(file_name);
	pfree(content_type);
	pfree(data);
	return set;
}

/* Fill the request; false: no memory. */
static bool
get_values(RegdocsSpill *spill, const Head *head, RdapiRequest *request,
		   RdapiError *error)
{
	int			i;

	for (i = 0; i < head->nparameters; i++)
	{
		if (!get_parameter(spill, request, error))
			return false;
	}
	return !head->has_file || get_file(spill, request, error);
}

RdapiRequest *
regdocs_spill_get(RegdocsSpill *spill, int64 place)
{
	RdapiRequest *volatile request = NULL;
	RdapiError	error;
	Head		head;
	volatile bool made = false;

	rdapi_error_clear(&error);
	spill->place = place;
	get(spill, &head, sizeof(head));

	/* The request is malloc's. */
	PG_TRY();
	{
		request = make_request(&head, &error);
		made = request != NULL &&
			get_values(spill, &head, request, &error);
	}
	PG_FINALLY();
	{
		if (!made)
			rdapi_request_free(request);
	}
	PG_END_TRY();
	if (!made)
		regdocs_report(ERROR, &error, NULL);
	return request;
}
