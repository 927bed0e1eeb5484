/*-------------------------------------------------------------------------
 *
 * bundle_clones.c
 *	  Clones of a bundle in other accounts, which can only be made.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

enum
{
	SOURCE_BUNDLE_SID,
	BUNDLE_SID,
	ACCOUNT_SID,
	REGULATION_SID,
	FRIENDLY_NAME,
	STATUS,
	VALID_UNTIL,
	EMAIL,
	STATUS_CALLBACK,
	DATE_CREATED,
	DATE_UPDATED,
	URL,
	TARGET_ACCOUNT_SID,
	MOVE_TO_DRAFT
};

static const RdapiField fields[] =
{
	[SOURCE_BUNDLE_SID] = RDAPI_PARENT_FIELD("source_bundle_sid"),
	[BUNDLE_SID] = RDAPI_READ_FIELD("bundle_sid", RDAPI_FIELD_TEXT),
	RDAPI_BUNDLE_FIELDS,
	[FRIENDLY_NAME] = RDAPI_BUNDLE_NAME_FIELD,
	[URL] = RDAPI_READ_FIELD("url", RDAPI_FIELD_TEXT),
	[TARGET_ACCOUNT_SID] = {
		"target_account_sid", RDAPI_FIELD_TEXT, "TargetAccountSid",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_REQUIRED | RDAPI_FIELD_WRITE_ONLY,
		NULL
	},
	[MOVE_TO_DRAFT] = {
		"move_to_draft", RDAPI_FIELD_BOOLEAN, "MoveToDraft",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_WRITE_ONLY, NULL
	}
};

const RdapiResource rdapi_bundle_clones =
{
	.name = "bundle_clones",
	.noun = "bundle clone",
	.plural = "bundle clones",
	.path = "/v2/RegulatoryCompliance/Bundles/{source_bundle_sid}/Clones",
	.list_key = "results",
	.sid_prefix = "BU",
	.operations = RDAPI_CAN_CREATE,
	.parent = &rdapi_bundles,
	.typical_rows = 0,

	/* What the answer calls bundle_sid is the sid of the clone. */
	.sid_field = BUNDLE_SID,
	.parent_field = SOURCE_BUNDLE_SID,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields),
	.state_codes = rdapi_state_codes
};
