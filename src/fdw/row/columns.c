/*-------------------------------------------------------------------------
 *
 * columns.c
 *	  Which field of the API each column of a foreign table shows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "src/fdw/base/options.h"
#include "src/fdw/base/report.h"
#include "src/fdw/row/columns.h"

static void
report_unknown_field(Relation rel, const char *column, const char *field,
					 const RdapiResource *resource)
{
	StringInfoData fields;
	int			i;

	initStringInfo(&fields);
	for (i = 0; i < resource->nfields; i++)
		appendStringInfo(&fields, "%s, ", resource->fields[i].name);
	appendStringInfoString(&fields, RDAPI_WHOLE_OBJECT);

	ereport(ERROR,
			(errcode(ERRCODE_FDW_COLUMN_NAME_NOT_FOUND),
			 errmsg("column \"%s\" of foreign table \"%s\" names no field of resource \"%s\"",
					column, RelationGetRelationName(rel), resource->name),
			 strcmp(column, field) == 0 ? 0 :
			 errdetail("Its option \"column_name\" is \"%s\".", field),
			 errhint("The fields are: %s.  Option \"column_name\" of the column gives the field that it shows.",
					 fields.data),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

static bool
is_character_type(Oid type)
{
	return type == TEXTOID || type == VARCHAROID || type == BPCHAROID;
}

/*
 * JSON goes into jsonb, json or text alone: any other input function would
 * put the value, which may be personal data, into its error message.
 */
static void
check_type(Relation rel, Form_pg_attribute att, RdapiFieldType type)
{
	Oid			base = getBaseType(att->atttypid);
	const char *wanted;

	if (type == RDAPI_FIELD_JSON)
	{
		if (base == JSONBOID || base == JSONOID || is_character_type(base))
			return;
		wanted = "jsonb, json or text";
	}
	else if (type == RDAPI_FIELD_FILE)
	{
		if (base == BYTEAOID)
			return;
		wanted = "bytea";
	}
	else
		return;

	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" of foreign table \"%s\" cannot be of type %s",
					NameStr(att->attname), RelationGetRelationName(rel),
					format_type_be(att->atttypid)),
			 errhint("It can be %s.", wanted),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

static int
resolve_column(Relation rel, Form_pg_attribute att,
			   const RdapiResource *resource)
{
	char	   *name = regdocs_column_name_option(RelationGetRelid(rel),
												  att->attnum);
	int			field;

	if (name == NULL)
		name = NameStr(att->attname);

	if (strcmp(name, RDAPI_WHOLE_OBJECT) == 0)
	{
		check_type(rel, att, RDAPI_FIELD_JSON);
		return REGDOCS_FIELD_DOCUMENT;
	}

	field = rdapi_resource_field(resource, name);
	if (field < 0)
		report_unknown_field(rel, NameStr(att->attname), name, resource);
	check_type(rel, att, resource->fields[field].type);
	return field;
}

RegdocsColumns *
regdocs_columns_resolve(Relation rel, const RdapiResource *resource)
{
	TupleDesc	desc = RelationGetDescr(rel);
	RegdocsColumns *columns = palloc(sizeof(RegdocsColumns));
	int			i;

	columns->resource = resource;
	columns->natts = desc->natts;
	columns->fields = palloc(sizeof(int) * Max(desc->natts, 1));
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		columns->fields[i] = att->attisdropped ? REGDOCS_FIELD_NONE :
			resolve_column(rel, att, resource);
	}
	return columns;
}

const char *
regdocs_columns_field_name(const RegdocsColumns *columns, AttrNumber attnum)
{
	int			field = columns->fields[attnum - 1];

	Assert(field != REGDOCS_FIELD_NONE);
	return field == REGDOCS_FIELD_DOCUMENT ? RDAPI_WHOLE_OBJECT :
		columns->resource->fields[field].name;
}
