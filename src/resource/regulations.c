/*-------------------------------------------------------------------------
 *
 * regulations.c
 *	  What a country asks for before it lets a number be used.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

/* What the API takes; there is no type of them, as more may come. */
static const char *const number_types[] =
{
	"local",
	"mobile",
	"national",
	"toll-free"
};

static const RdapiEnum number_type =
{
	NULL, number_types, RDAPI_LENGTH_OF(number_types)
};

enum
{
	SID,
	FRIENDLY_NAME,
	ISO_COUNTRY,
	NUMBER_TYPE,
	END_USER_TYPE,
	REQUIREMENTS,
	URL
};

static const RdapiField fields[] =
{
	[SID] = RDAPI_READ_FIELD("sid", RDAPI_FIELD_TEXT),
	[FRIENDLY_NAME] = RDAPI_READ_FIELD("friendly_name", RDAPI_FIELD_TEXT),
	[ISO_COUNTRY] = RDAPI_READ_FIELD("iso_country", RDAPI_FIELD_TEXT),
	[NUMBER_TYPE] = RDAPI_READ_FIELD("number_type", RDAPI_FIELD_TEXT),
	[END_USER_TYPE] = {
		"end_user_type", RDAPI_FIELD_ENUM, NULL, 0, &rdapi_end_user_type
	},
	[REQUIREMENTS] = RDAPI_READ_FIELD("requirements", RDAPI_FIELD_JSON),
	[URL] = RDAPI_READ_FIELD("url", RDAPI_FIELD_TEXT)
};

static const RdapiFilter filters[] =
{
	{ISO_COUNTRY, RDAPI_TEST_EQUAL, "IsoCountry", 1, NULL, NULL, 2},
	{NUMBER_TYPE, RDAPI_TEST_EQUAL, "NumberType", 1, NULL, &number_type, 0},
	{END_USER_TYPE, RDAPI_TEST_EQUAL, "EndUserType", 1, NULL, NULL, 0}
};

const RdapiResource rdapi_regulations =
{
	.name = "regulations",
	.noun = "regulation",
	.plural = "regulations",
	.path = "/v2/RegulatoryCompliance/Regulations",
	.list_key = "results",
	.sid_prefix = "RN",
	.operations = RDAPI_CAN_LIST | RDAPI_CAN_FETCH,
	.typical_rows = 1000,
	.sid_field = SID,
	.parent_field = RDAPI_NO_FIELD,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields),
	.filters = filters,
	.nfilters = RDAPI_LENGTH_OF(filters),
	.constraints_parameter = "IncludeConstraints"
};
