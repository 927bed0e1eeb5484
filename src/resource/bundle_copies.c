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
	[BUNDLE_SID] = RDAPI_PARENT_FIELD("bundle_sid"),
	[SID] = RDAPI_READ_FIELD("sid", RDAPI_FIELD_TEXT),
	RDAPI_BUNDLE_FIELDS,
	[FRIENDLY_NAME] = RDAPI_BUNDLE_NAME_FIELD
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
