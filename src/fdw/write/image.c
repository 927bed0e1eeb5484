/*-------------------------------------------------------------------------
 *
 * image.c
 *	  Objects as JSON: as they were read, and as a request is to make them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/lsyscache.h"

#include "src/fdw/write/image.h"

/* How values of a column become JSON. */
typedef struct Column
{
	const RdapiField *field;	/* NULL: it is left out */
	Oid			base_type;
	FmgrInfo	output;
} Column;

struct RegdocsImage
{
	int			natts;
	Column	   *column;			/* by attnum - 1 */
};

/* Who may update a row need not be allowed to see all of it. */
static bool
may_select(Oid relid, AttrNumber attnum, Oid userid)
{
	return pg_class_aclcheck(relid, userid, ACL_SELECT) == ACLCHECK_OK ||
		pg_attribute_aclcheck(relid, attnum, userid,
							  ACL_SELECT) == ACLCHECK_OK;
}

RegdocsImage *
regdocs_image_new(Relation rel, const RegdocsColumns *columns, Oid userid)
{
	RegdocsImage *image = palloc0(sizeof(RegdocsImage));
	TupleDesc	desc = RelationGetDescr(rel);
	int			i;

	image->natts = columns->natts;
	image->column = palloc0(sizeof(Column) * Max(columns->natts, 1));
	for (i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		Column	   *column = &image->column[i];
		const RdapiField *field;
		Oid			function;
		bool		is_varlena;

		if (columns->fields[i] < 0 ||
			!may_select(RelationGetRelid(rel), i + 1, userid))
			continue;
		field = &columns->resource->fields[columns->fields[i]];
		/* What is only sent was not read. */
		if (field->flags & RDAPI_FIELD_WRITE_ONLY)
			continue;
		column->field = field;
		column->base_type = getBaseType(att->atttypid);
		getTypeOutputInfo(att->atttypid, &function, &is_varlena);
		fmgr_info(function, &column->output);
	}
	return image;
}

static void
append_key(StringInfo text, const char *name)
{
	appendStringInfoString(text, text->len > 1 ? ", " : "");
	escape_json(text, name);
	appendStringInfoString(text, ": ");
}

/* What the column holds; times as JSON has them, whatever DateStyle says. */
static void
append_value(StringInfo text, Column *column, Datum value)
{
	char		time[MAXDATELEN + 1];

	if (column->base_type == TIMESTAMPTZOID)
		escape_json(text, JsonEncodeDateTime(time, value, TIMESTAMPTZOID,
											 NULL));
	else if (column->base_type == BOOLOID)
		appendStringInfoString(text, DatumGetBool(value) ? "true" : "false");
	else if (column->field->type == RDAPI_FIELD_JSON)
		appendStringInfoString(text, OutputFunctionCall(&column->output,
														value));
	else
		escape_json(text, OutputFunctionCall(&column->output, value));
}

char *
regdocs_image_of_row(RegdocsImage *image, const Datum *values,
					 const bool *nulls, const bool *known)
{
	StringInfoData text;
	int			i;

	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	for (i = 0; i < image->natts; i++)
	{
		Column	   *column = &image->column[i];

		if (column->field == NULL || (known != NULL && !known[i]))
			continue;
		append_key(&text, column->field->name);
		if (nulls[i])
			appendStringInfoString(&text, "null");
		else
			append_value(&text, column, values[i]);
	}
	appendStringInfoChar(&text, '}');
	return text.data;
}

/* The field that is sent under that name; there is one. */
static const RdapiField *
field_of(const RdapiResource *resource, const char *form_name)
{
	int			i;

	for (i = 0; i < resource->nfields; i++)
	{
		if (resource->fields[i].form_name != NULL &&
			strcmp(resource->fields[i].form_name, form_name) == 0)
			return &resource->fields[i];
	}
	elog(ERROR, "no field is sent as \"%s\"", form_name);
}

static bool
is_boolean(const char *text)
{
	return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
}

static void
append_parameter(StringInfo text, const RdapiField *field,
				 const RdapiParameter *parameter)
{
	char	   *value = pg_any_to_server(parameter->value, parameter->length,
										 PG_UTF8);

	append_key(text, field->name);
	if (field->type == RDAPI_FIELD_JSON ||
		(field->type == RDAPI_FIELD_BOOLEAN && is_boolean(value)))
		appendStringInfoString(text, value);
	else
		escape_json(text, value);
}

char *
regdocs_image_of_request(const RdapiRequest *request)
{
	const RdapiResource *resource = rdapi_request_resource(request);
	const RdapiParameter *parameters;
	int			nparameters = rdapi_request_parameters(request, &parameters);
	StringInfoData text;
	int			i;

	if (rdapi_request_operation(request) == RDAPI_OP_DELETE)
		return NULL;
	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	if (rdapi_request_operation(request) == RDAPI_OP_CREATE &&
		rdapi_request_parent_sid(request) != NULL)
	{
		append_key(&text, resource->fields[resource->parent_field].name);
		escape_json(&text, rdapi_request_parent_sid(request));
	}
	for (i = 0; i < nparameters; i++)
		append_parameter(&text, field_of(resource, parameters[i].name),
						 &parameters[i]);
	appendStringInfoChar(&text, '}');
	return text.data;
}
