/*-------------------------------------------------------------------------
 *
 * bundles.c
 *	  Bundles: what is submitted for review, with its documents and end users.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

enum
{
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
	URL,
	LINKS,
	ISO_COUNTRY,
	NUMBER_TYPE,
	END_USER_TYPE,
	IS_TEST
};

#define CREATE_AND_UPDATE	(RDAPI_FIELD_CREATE | RDAPI_FIELD_UPDATE)
#define CREATE_BLINDLY		(RDAPI_FIELD_CREATE | RDAPI_FIELD_WRITE_ONLY)

static const RdapiField fields[] =
{
	[SID] = RDAPI_READ_FIELD("sid", RDAPI_FIELD_TEXT),
	[ACCOUNT_SID] = RDAPI_ACCOUNT_FIELD,
	[REGULATION_SID] = {
		"regulation_sid", RDAPI_FIELD_TEXT, "RegulationSid",
		RDAPI_FIELD_CREATE, NULL
	},
	[FRIENDLY_NAME] = {
		"friendly_name", RDAPI_FIELD_TEXT, "FriendlyName",
		CREATE_AND_UPDATE | RDAPI_FIELD_REQUIRED | RDAPI_FIELD_PRIVATE,
		NULL
	},
	[STATUS] = {
		"status", RDAPI_FIELD_ENUM, "Status",
		RDAPI_FIELD_UPDATE | RDAPI_FIELD_ALONE, &rdapi_bundle_status
	},
	[VALID_UNTIL] = RDAPI_READ_FIELD("valid_until", RDAPI_FIELD_TIMESTAMP),
	[EMAIL] = {
		"email", RDAPI_FIELD_TEXT, "Email",
		CREATE_AND_UPDATE | RDAPI_FIELD_REQUIRED | RDAPI_FIELD_PRIVATE,
		NULL
	},
	[STATUS_CALLBACK] = {
		"status_callback", RDAPI_FIELD_TEXT, "StatusCallback",
		CREATE_AND_UPDATE | RDAPI_FIELD_PRIVATE,
		NULL
	},
	[DATE_CREATED] = RDAPI_READ_FIELD("date_created", RDAPI_FIELD_TIMESTAMP),
	[DATE_UPDATED] = RDAPI_READ_FIELD("date_updated", RDAPI_FIELD_TIMESTAMP),
	[URL] = RDAPI_READ_FIELD("url", RDAPI_FIELD_TEXT),
	[LINKS] = RDAPI_READ_FIELD("links", RDAPI_FIELD_JSON),

	/* These go to the choice of a regulation, and come back with that. */
	[ISO_COUNTRY] = {
		"iso_country", RDAPI_FIELD_TEXT, "IsoCountry", CREATE_BLINDLY, NULL
	},
	[NUMBER_TYPE] = {
		"number_type", RDAPI_FIELD_TEXT, "NumberType", CREATE_BLINDLY, NULL
	},
	[END_USER_TYPE] = {
		"end_user_type", RDAPI_FIELD_ENUM, "EndUserType", CREATE_BLINDLY,
		&rdapi_end_user_type
	},
	[IS_TEST] = {
		"is_test", RDAPI_FIELD_BOOLEAN, "IsTest", CREATE_BLINDLY, NULL
	}
};

static const RdapiFilter filters[] =
{
	{SID, RDAPI_TEST_ONE_OF, "BundleSids", 20, "BU", NULL, 0},
	{STATUS, RDAPI_TEST_EQUAL, "Status", 1, NULL, NULL, 0},
	{FRIENDLY_NAME, RDAPI_TEST_EQUAL, "FriendlyName", 1, NULL, NULL, 0},
	{REGULATION_SID, RDAPI_TEST_EQUAL, "RegulationSid", 1, "RN", NULL, 0},
	{VALID_UNTIL, RDAPI_TEST_FROM, "ValidUntilDate>", 1, NULL, NULL, 0},
	{VALID_UNTIL, RDAPI_TEST_TO, "ValidUntilDate<", 1, NULL, NULL, 0},
	{VALID_UNTIL, RDAPI_TEST_PRESENT, "HasValidUntilDate", 1, NULL, NULL, 0}
};

static const RdapiSort sorts[] =
{
	{DATE_UPDATED, "date-updated", true},
	{VALID_UNTIL, "valid-until", false}
};

/* Under review; numbers are assigned to it; the general one. */
static const int state_codes[] = {21647, 21648, 20409, 0};

const RdapiResource rdapi_bundles =
{
	.name = "bundles",
	.noun = "bundle",
	.plural = "bundles",
	.path = "/v2/RegulatoryCompliance/Bundles",
	.list_key = "results",
	.sid_prefix = "BU",
	.operations = RDAPI_CAN_ALL,
	.typical_rows = 10000,
	.sid_field = SID,
	.parent_field = RDAPI_NO_FIELD,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields),
	.filters = filters,
	.nfilters = RDAPI_LENGTH_OF(filters),
	.sorts = sorts,
	.nsorts = RDAPI_LENGTH_OF(sorts),
	.write_only_hint = "Join regulations on regulation_sid, which have country, number type and type of end user.",
	.state_codes = state_codes
};
