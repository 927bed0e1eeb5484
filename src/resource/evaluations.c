/*-------------------------------------------------------------------------
 *
 * evaluations.c
 *	  Whether a bundle has what its regulation asks for.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

static const char *const statuses[] =
{
	"compliant",
	"noncompliant"
};

static const RdapiEnum status =
{
	"regdocs_evaluation_status", statuses, RDAPI_LENGTH_OF(statuses)
};

enum
{
	SID,
	ACCOUNT_SID,
	REGULATION_SID,
	BUNDLE_SID,
	STATUS,
	RESULTS,
	DATE_CREATED,
	URL
};

static const RdapiField fields[] =
{
	[SID] = RDAPI_READ_FIELD("sid", RDAPI_FIELD_TEXT),
	[ACCOUNT_SID] = RDAPI_ACCOUNT_FIELD,
	[REGULATION_SID] = RDAPI_READ_FIELD("regulation_sid", RDAPI_FIELD_TEXT),
	[BUNDLE_SID] = RDAPI_PARENT_FIELD("bundle_sid"),
	[STATUS] = {"status", RDAPI_FIELD_ENUM, NULL, 0, &status},
	[RESULTS] = RDAPI_PRIVATE_FIELD("results", RDAPI_FIELD_JSON),
	[DATE_CREATED] = RDAPI_READ_FIELD("date_created", RDAPI_FIELD_TIMESTAMP),
	[URL] = RDAPI_READ_FIELD("url", RDAPI_FIELD_TEXT)
};

const RdapiResource rdapi_evaluations =
{
	.name = "evaluations",
	.noun = "evaluation",
	.plural = "evaluations",
	.path = "/v2/RegulatoryCompliance/Bundles/{bundle_sid}/Evaluations",
	.list_key = "results",
	.sid_prefix = "EL",
	.operations = RDAPI_CAN_LIST | RDAPI_CAN_FETCH | RDAPI_CAN_CREATE,
	.parent = &rdapi_bundles,
	.typical_rows = 3,
	.sid_field = SID,
	.parent_field = BUNDLE_SID,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields),
	.state_codes = rdapi_state_codes
};
