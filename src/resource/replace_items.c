/*-------------------------------------------------------------------------
 *
 * replace_items.c
 *	  Putting the items of a bundle's copy in the place of its own.
 *
 * There is no table of these: regdocs_replace_items() makes the one request
 * that there is.  It creates nothing, and is a create all the same: what came
 * of it is not known without its answer, so it must not be sent again.
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
	DATE_UPDATED,
	FROM_BUNDLE_SID
};

static const RdapiField fields[] =
{
	[BUNDLE_SID] = RDAPI_PARENT_FIELD("bundle_sid"),
	[SID] = RDAPI_READ_FIELD("sid", RDAPI_FIELD_TEXT),
	RDAPI_BUNDLE_FIELDS,
	[FRIENDLY_NAME] = RDAPI_PRIVATE_FIELD("friendly_name", RDAPI_FIELD_TEXT),
	[FROM_BUNDLE_SID] = {
		"from_bundle_sid", RDAPI_FIELD_TEXT, "FromBundleSid",
		RDAPI_FIELD_CREATE | RDAPI_FIELD_REQUIRED | RDAPI_FIELD_WRITE_ONLY,
		NULL
	}
};

const RdapiResource rdapi_replace_items =
{
	.name = "replace_items",
	.noun = "replacement of items",
	.plural = "replacements of items",
	.path = "/v2/RegulatoryCompliance/Bundles/{bundle_sid}/ReplaceItems",
	.list_key = "results",
	.sid_prefix = "BU",
	.operations = RDAPI_CAN_CREATE,
	.parent = &rdapi_bundles,
	.typical_rows = 0,
	.sid_field = SID,
	.parent_field = BUNDLE_SID,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields),
	.state_codes = rdapi_state_codes,
	.unknown_hint = "The items may have been replaced: select item_assignments of both bundles to see, before trying again."
};
