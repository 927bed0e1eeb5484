/*-------------------------------------------------------------------------
 *
 * resource.c
 *	  The resources of the API, as data.
 *
 * Names, order and what can be written follow the vendor's published
 * description of the Regulatory Compliance API.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "resource.h"

#define LENGTH_OF(array)	((int) (sizeof(array) / sizeof((array)[0])))

/* Hexadecimal digits after the prefix of a SID. */
#define SID_DIGITS	32

static const RdapiField supporting_document_fields[] =
{
	{"sid", RDAPI_FIELD_TEXT, NULL, 0},
	{"account_sid", RDAPI_FIELD_TEXT, NULL, 0},
	{"friendly_name", RDAPI_FIELD_TEXT, "FriendlyName",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_UPDATE | RDAPI_FIELD_REQUIRED |
	RDAPI_FIELD_PRIVATE},
	{"mime_type", RDAPI_FIELD_TEXT, NULL, 0},
	{"status", RDAPI_FIELD_STATUS, NULL, 0},
	{"failure_reason", RDAPI_FIELD_TEXT, NULL, RDAPI_FIELD_PRIVATE},
	{"errors", RDAPI_FIELD_JSON, NULL, RDAPI_FIELD_PRIVATE},
	{"type", RDAPI_FIELD_TEXT, "Type",
	RDAPI_FIELD_CREATE | RDAPI_FIELD_REQUIRED},
	{"attributes", RDAPI_FIELD_JSON, "Attributes",
	RDAPI_FIELD_CREATE | RDAPI_FIELD_UPDATE | RDAPI_FIELD_PRIVATE},
	{"date_created", RDAPI_FIELD_TIMESTAMP, NULL, 0},
	{"date_updated", RDAPI_FIELD_TIMESTAMP, NULL, 0},
	{"url", RDAPI_FIELD_TEXT, NULL, 0},
	{"file", RDAPI_FIELD_FILE, "File",
	RDAPI_FIELD_CREATE | RDAPI_FIELD_UPDATE}
};

static const RdapiResource supporting_documents =
{
	.name = "supporting_documents",
	.noun = "document",
	.path = "/v2/RegulatoryCompliance/SupportingDocuments",
	.list_key = "results",
	.sid_prefix = "RD",
	.sid_field = 0,
	.nfields = LENGTH_OF(supporting_document_fields),
	.fields = supporting_document_fields
};

const RdapiResource *const rdapi_resources[] =
{
	&supporting_documents
};
const int	rdapi_nresources = LENGTH_OF(rdapi_resources);

const RdapiResource *
rdapi_resource_find(const char *name)
{
	int			i;

	for (i = 0; i < rdapi_nresources; i++)
	{
		if (strcmp(rdapi_resources[i]->name, name) == 0)
			return rdapi_resources[i];
	}
	return NULL;
}

int
rdapi_resource_field(const RdapiResource *resource, const char *name)
{
	int			i;

	for (i = 0; i < resource->nfields; i++)
	{
		if (strcmp(resource->fields[i].name, name) == 0)
			return i;
	}
	return -1;
}

bool
rdapi_sid_is_valid(const char *prefix, const char *sid, size_t length)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	size_t		prefix_length = strlen(prefix);
	size_t		i;

	if (length != prefix_length + SID_DIGITS ||
		memcmp(sid, prefix, prefix_length) != 0)
		return false;
	for (i = prefix_length; i < length; i++)
	{
		if (memchr(digits, sid[i], sizeof(digits) - 1) == NULL)
			return false;
	}
	return true;
}
