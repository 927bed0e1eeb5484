/*-------------------------------------------------------------------------
 *
 * end_users.c
 *	  Who uses a number in the end: a person or a company.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

enum
{
	SID,
	ACCOUNT_SID,
	FRIENDLY_NAME,
	TYPE,
	ATTRIBUTES,
	DATE_CREATED,
	DATE_UPDATED,
	URL
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
	[TYPE] = {
		"type", RDAPI_FIELD_ENUM, "Type",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_REQUIRED, &rdapi_end_user_type
	},
	[ATTRIBUTES] = {
		"attributes", RDAPI_FIELD_JSON, "Attributes",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_UPDATE | RDAPI_FIELD_PRIVATE,
		NULL
	},
	[DATE_CREATED] = RDAPI_READ_FIELD("date_created", RDAPI_FIELD_TIMESTAMP),
	[DATE_UPDATED] = RDAPI_READ_FIELD("date_updated", RDAPI_FIELD_TIMESTAMP),
	[URL] = RDAPI_READ_FIELD("url", RDAPI_FIELD_TEXT)
};

/* Assigned to a bundle; the general one. */
static const int state_codes[] = {21644, 20409, 0};

const RdapiResource rdapi_end_users =
{
	.name = "end_users",
	.noun = "end user",
	.plural = "end users",
	.path = "/v2/RegulatoryCompliance/EndUsers",
	.list_key = "results",
	.sid_prefix = "IT",
	.operations = RDAPI_CAN_ALL,
	.typical_rows = 10000,
	.sid_field = SID,
	.parent_field = RDAPI_NO_FIELD,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields),
	.state_codes = state_codes
};
