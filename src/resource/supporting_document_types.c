/*-------------------------------------------------------------------------
 *
 * supporting_document_types.c
 *	  Types of documents, and the attributes that each asks for.
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

const RdapiResource rdapi_supporting_document_types =
{
	.name = "supporting_document_types",
	.noun = "document type",
	.plural = "document types",
	.path = "/v2/RegulatoryCompliance/SupportingDocumentTypes",
	.list_key = "supporting_document_types",
	.sid_prefix = "OY",
	.operations = RDAPI_CAN_LIST | RDAPI_CAN_FETCH,
	.typical_rows = 50,
	.sid_field = SID,
	.parent_field = RDAPI_NO_FIELD,
	.file_proof_field = RDAPI_NO_FIELD,
	.fields = fields,
	.nfields = RDAPI_LENGTH_OF(fields)
};
