/*-------------------------------------------------------------------------
 *
 * supporting_documents.c
 *	  Documents that prove who somebody is, or where.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

static const char *const statuses[] =
{
	"draft",
	"pending-review",
	"rejected",
	"approved",
	"expired",
	"provisionally-approved"
};

static const RdapiEnum status =
{
	"regdocs_status", statuses, RDAPI_LENGTH_OF(statuses)
};

enum
{
	SID,
	ACCOUNT_SID,
	FRIENDLY_NAME,
	MIME_TYPE,
	STATUS,
	FAILURE_REASON,
	ERRORS,
	TYPE,
	ATTRIBUTES,
	DATE_CREATED,
	DATE_UPDATED,
	URL,
	FILE_ITSELF
};

static const RdapiField fields[] =
{
	[SID] = RDAPI_READ_FIELD("sid", RDAPI_FIELD_TEXT),
	[ACCOUNT_SID] = RDAPI_ACCOUNT_FIELD,
	[FRIENDLY_NAME] = {
		"friendly_name", RDAPI_FIELD_TEXT, "FriendlyName",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_UPDATE | RDAPI_FIELD_REQUIRED |
		RDAPI_FIELD_PRIVATE,
		NULL
	},
	[MIME_TYPE] = RDAPI_READ_FIELD("mime_type", RDAPI_FIELD_TEXT),
	[STATUS] = {"status", RDAPI_FIELD_ENUM, NULL, 0, &status},
	[FAILURE_REASON] = RDAPI_PRIVATE_FIELD("failure_reason", RDAPI_FIELD_TEXT),
	[ERRORS] = RDAPI_PRIVATE_FIELD("errors", RDAPI_FIELD_JSON),
	[TYPE] = {
		"type", RDAPI_FIELD_TEXT, "Type",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_REQUIRED, NULL
	},
	[ATTRIBUTES] = {
		"attributes", RDAPI_FIELD_JSON, "Attributes",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_UPDATE | RDAPI_FIELD_PRIVATE,
		NULL
	},
	[DATE_CREATED] = RDAPI_READ_FIELD("date_created", RDAPI_FIELD_TIMESTAMP),
	[DATE_UPDATED] = RDAPI_READ_FIELD("date_updated", RDAPI_FIELD_TIMESTAMP),
	[URL] = RDAPI_READ_FIELD("url", RDAPI_FIELD_TEXT),
	[FILE_ITSELF] = {
		"file", RDAPI_FIELD_FILE, "File",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_UPDATE | RDAPI_FIELD_WRITE_ONLY, NULL
	}
};

/*
 * Assigned to a bundle; in a status that does not allow it; the general one.
 */
static const int state_codes[] = {21645, 21646, 20409, 0};

const RdapiResource rdapi_supporting_documents =
{
	.name = "supporting_documents",
	.noun = "document",
	.plural = "documents",
	.path = "/v2/RegulatoryCompliance/SupportingDocuments",
	.list_key = "results",
	.sid_prefix = "RD",
	.operations = RDAPI_CAN_ALL,
	.typical_rows = 100000,
	.sid_field = SID,
	.parent_field = RDAPI_NO_FIELD,
	.file_proof_field = MIME_TYPE,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields),
	.write_only_hint = "Whether a document has a file shows in its mime_type.",
	.state_codes = state_codes
};
