/*-------------------------------------------------------------------------
 *
 * bundle_copies.c
 *	  Copies of a bundle, to be changed while it stays in use.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

enum
{
	BUNDLE_SID,
	SID,
	ACCOUNT_SID,
	REGULATION_SID,
	FRIENDLY_NAME,
	STATUS,
	VALID_UNTIL,
	EMAIL,
	STATUS_CALLBACK,
	DATE_CREATED,
	DATE_UPDATED
};

static const RdapiField fields[] =
{
	[BUNDLE_SID] = {
		"bundle_sid", RDAPI_FIELD_TEXT, NULL,
		RDAPI_FIELD_CREATE | RDAPI_FIELD_REQUIRED | RDAPI_FIELD_FROM_PATH,
		NULL
	},
	[SID] = RDAPI_READ_FIELD("sid", RDAPI_FIELD_TEXT),
	[ACCOUNT_SID] = RDAPI_ACCOUNT_FIELD,
	[REGULATION_SID] = RDAPI_READ_FIELD("regulation_sid", RDAPI_FIELD_TEXT),
	[FRIENDLY_NAME] = {
		"friendly_name", RDAPI_FIELD_TEXT, "FriendlyName",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_PRIVATE,
		NULL
	},
	[STATUS] = {"status", RDAPI_FIELD_ENUM, NULL, 0, &rdapi_bundle_status},
	[VALID_UNTIL] = RDAPI_READ_FIELD("valid_until", RDAPI_FIELD_TIMESTAMP),
	[EMAIL] = RDAPI_PRIVATE_FIELD("email", RDAPI_FIELD_TEXT),
	[STATUS_CALLBACK] = RDAPI_PRIVATE_FIELD("status_callback", RDAPI_FIELD_TEXT),
	[DATE_CREATED] = RDAPI_READ_FIELD("date_created", RDAPI_FIELD_TIMESTAMP),
	[DATE_UPDATED] = RDAPI_READ_FIELD("date_updated", RDAPI_FIELD_TIMESTAMP)
};

const RdapiResource rdapi_bundle_copies =
{
	.name = "bundle_copies",
	.noun = "bundle copy",
	.plural = "bundle copies",
	.path = "/v2/RegulatoryCompliance/Bundles/{bundle_sid}/Copies",
	.list_key = "results",
	.sid_prefix = "BU",
	.operations = RDAPI_CAN_LIST | RDAPI_CAN_CREATE,
	.parent = &rdapi_bundles,
	.typical_rows = 1,
	.sid_field = SID,
	.parent_field = BUNDLE_SID,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields),
	.state_codes = rdapi_state_codes
};
