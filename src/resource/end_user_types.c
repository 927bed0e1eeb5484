/*-------------------------------------------------------------------------
 *
 * end_user_types.c
 *	  Types of end users, and the attributes that each asks for.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

enum
{
	SID,
	FRIENDLY_NAME,
	MACHINE_NAME,
	FIELDS,
	URL
};

static const RdapiField fields[] =
{
	RDAPI_TYPE_FIELDS
};

const RdapiResource rdapi_end_user_types =
{
	.name = "end_user_types",
	.noun = "end user type",
	.plural = "end user types",
	.path = "/v2/RegulatoryCompliance/EndUserTypes",
	.list_key = "end_user_types",
	.sid_prefix = "OY",
	.operations = RDAPI_CAN_LIST | RDAPI_CAN_FETCH,
	.typical_rows = 10,
	.sid_field = SID,
	.parent_field = RDAPI_NO_FIELD,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields)
};
