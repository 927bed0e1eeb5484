/*-------------------------------------------------------------------------
 *
 * item_assignments.c
 *	  Which documents and end users are in a bundle.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

enum
{
	SID,
	BUNDLE_SID,
	ACCOUNT_SID,
	OBJECT_SID,
	DATE_CREATED,
	URL
};

static const RdapiField fields[] =
{
	[SID] = RDAPI_READ_FIELD("sid", RDAPI_FIELD_TEXT),
	[BUNDLE_SID] = RDAPI_PARENT_FIELD("bundle_sid"),
	[ACCOUNT_SID] = RDAPI_ACCOUNT_FIELD,
	[OBJECT_SID] = {
		"object_sid", RDAPI_FIELD_TEXT, "ObjectSid",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_REQUIRED, NULL
	},
	[DATE_CREATED] = RDAPI_READ_FIELD("date_created", RDAPI_FIELD_TIMESTAMP),
	[URL] = RDAPI_READ_FIELD("url", RDAPI_FIELD_TEXT)
};

const RdapiResource rdapi_item_assignments =
{
	.name = "item_assignments",
	.noun = "item assignment",
	.plural = "item assignments",
	.path = "/v2/RegulatoryCompliance/Bundles/{bundle_sid}/ItemAssignments",
	.list_key = "results",
	.sid_prefix = "BV",
	.operations = RDAPI_CAN_LIST | RDAPI_CAN_FETCH | RDAPI_CAN_CREATE |
	RDAPI_CAN_DELETE,
	.parent = &rdapi_bundles,
	.typical_rows = 5,
	.sid_field = SID,
	.parent_field = BUNDLE_SID,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields),
	.state_codes = rdapi_state_codes
};
