/*-------------------------------------------------------------------------
 *
 * form.c
 *	  Rows of a foreign table, as requests that create or change objects.
 *
 * A row is converted and checked completely before its request is made: the
 * request is malloc's, and would be lost if an error came in between.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/write/file_type.h"
#include "src/fdw/write/form.h"
#include "src/fdw/row/bound.h"
#include "src/fdw/base/report.h"

/* How values of a column become text. */
typedef struct Column
{
	Oid			base_type;
	FmgrInfo	output;
} Column;

/* A value to be sent. */
typedef struct Value
{
	AttrNumber	attnum;			/* that gives it; 0: none does */
	const RegdocsFileType *file_type;	/* NULL: it is no file */
	const char *data;			/* UTF-8, unless it is a file */
	Size		length;			/* bytes */
} Value;

struct RegdocsForm
{
	Relation	rel;
	const RegdocsColumns *columns;
	const RdapiResource *resource;
	char		account[RDAPI_SID_BYTES + 1];	/* "" where not known */
	RdapiTarget target;			/* of the row at hand */
	char		parent_sid[RDAPI_SID_BYTES + 1];	/* the target's */
	Column	   *column;			/* by attnum - 1 */
	Value		values[RDAPI_MAX_FIELDS];	/* of the row at hand, by field */
	RegdocsBound *bound;		/* of a partition; NULL: none */
	bool		names_account;	/* the row at hand does, or the bound */
};

RegdocsForm *
regdocs_form_new(Relation rel, const RegdocsColumns *columns,
				 const char *account)
{
	RegdocsForm *form = palloc0(sizeof(RegdocsForm));
	TupleDesc	desc = RelationGetDescr(rel);
	int			i;

	form->rel = rel;
	form->columns = columns;
	form->resource = columns->resource;
	strlcpy(form->account, account, sizeof(form->account));
	form->bound = regdocs_bound_new(rel, columns);
	form->target.resource = columns->resource;
	form->column = palloc0(sizeof(Column) * Max(desc->natts, 1));
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		Oid			function;
		bool		is_varlena;

		if (columns->fields[i] == REGDOCS_FIELD_NONE)
			continue;
		form->column[i].base_type = getBaseType(att->atttypid);
		getTypeOutputInfo(att->atttypid, &function, &is_varlena);
		fmgr_info(function, &form->column[i].output);
	}
	return form;
}

static const char *
column_name(Relation rel, AttrNumber attnum)
{
	return NameStr(TupleDescAttr(RelationGetDescr(rel), attnum - 1)->attname);
}

/* "friendly_name, attributes, file", palloc'd. */
static char *
writable_fields(const RdapiResource *resource, unsigned flag)
{
	StringInfoData list;
	int			i;

	initStringInfo(&list);
	for (i = 0; i < resource->nfields; i++)
	{
		if (resource->fields[i].flags & flag)
			appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "",
							 resource->fields[i].name);
	}
	return list.data;
}

/* Does the field that the column shows have any of these flags? */
static bool
is_writable(const RegdocsColumns *columns, AttrNumber attnum, unsigned flags)
{
	int			field = columns->fields[attnum - 1];

	return field >= 0 && (columns->resource->fields[field].flags & flags) != 0;
}

static void
refuse_create(const RegdocsForm *form, AttrNumber attnum)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot insert a value into column \"%s\" of foreign table \"%s\"",
					column_name(form->rel, attnum),
					RelationGetRelationName(form->rel)),
			 errhint("The API sets it. Values can be given for: %s.",
					 writable_fields(form->resource, RDAPI_FIELD_CREATE)),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

void
regdocs_form_refuse_update(Relation rel, const RegdocsColumns *columns,
						   AttrNumber attnum)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot update column \"%s\" of foreign table \"%s\"",
					column_name(rel, attnum), RelationGetRelationName(rel)),
			 errhint("The API can change: %s.",
					 writable_fields(columns->resource, RDAPI_FIELD_UPDATE)),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

void
regdocs_form_refuse_together(Relation rel, const RegdocsColumns *columns,
							 AttrNumber attnum)
{
	const RdapiResource *resource = columns->resource;
	int			field = columns->fields[attnum - 1];

	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot update column \"%s\" of foreign table \"%s\" together with others",
					column_name(rel, attnum), RelationGetRelationName(rel)),
			 errdetail("The API changes the %s of a %s by a request of its own.",
					   resource->fields[field].name, resource->noun),
			 errhint("Use an UPDATE for it alone."),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

/* A NULL where every object has a value. */
static void
refuse_null(const RegdocsForm *form, AttrNumber attnum)
{
	int			index = form->columns->fields[attnum - 1];
	const RdapiField *field = &form->resource->fields[index];
	bool		required = (field->flags & RDAPI_FIELD_REQUIRED) != 0;

	ereport(ERROR,
			(errcode(required ? ERRCODE_NOT_NULL_VIOLATION :
					 ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("null value in column \"%s\" of foreign table \"%s\"",
					column_name(form->rel, attnum),
					RelationGetRelationName(form->rel)),
			 required ? errdetail("The API has no %s without it.",
								  form->resource->noun) :
			 errdetail("The API can replace it, but not remove it."),
			 field->type == RDAPI_FIELD_JSON ?
			 errhint("Set it to '{}' to have none.") : 0,
			 REGDOCS_KEEP_OUT_OF_LOG));
}

/* The first column that shows the field; 0: none does. */
static AttrNumber
column_of_field(const RegdocsColumns *columns, int field)
{
	int			i;

	for (i = 0; i < columns->natts; i++)
	{
		if (columns->fields[i] == field)
			return i + 1;
	}
	return 0;
}

void
regdocs_form_check_columns(Relation rel, const RegdocsColumns *columns)
{
	const RdapiResource *resource = columns->resource;
	int			i;

	for (i = 0; i < resource->nfields; i++)
	{
		if ((resource->fields[i].flags & RDAPI_FIELD_REQUIRED) == 0 ||
			column_of_field(columns, i) != 0)
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("cannot insert into foreign table \"%s\": it has no column that shows \"%s\"",
						RelationGetRelationName(rel),
						resource->fields[i].name),
				 errdetail("The API has no %s without it.", resource->noun),
				 REGDOCS_KEEP_OUT_OF_LOG));
	}
}

static void
refuse_json(const RegdocsForm *form, AttrNumber attnum)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value of column \"%s\" of foreign table \"%s\" is not a JSON object",
					column_name(form->rel, attnum),
					RelationGetRelationName(form->rel)),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

/*
 * Is the text, in the server's encoding, a JSON object?  Of a column of type
 * jsonb or json it is known to be JSON.
 */
static bool
is_json_object(Oid type, char *text)
{
	JsonSemAction action = {0};

	if (text[strspn(text, " \t\n\r")] != '{')
		return false;
	return type == JSONBOID || type == JSONOID ||
		pg_parse_json(regdocs_json_lexer(text, strlen(text),
										 GetDatabaseEncoding(), false),
					  &action) == JSON_SUCCESS;
}

static void
convert_text(const RegdocsForm *form, AttrNumber attnum, Datum datum,
			 Value *value)
{
	Column	   *column = &form->column[attnum - 1];
	int			field = form->columns->fields[attnum - 1];
	char	   *text = OutputFunctionCall(&column->output, datum);

	if (column->base_type == BOOLOID)
		text = pstrdup(DatumGetBool(datum) ? "true" : "false");

	/* Blanks behind the text mean nothing in type char(n). */
	if (column->base_type == BPCHAROID)
		text[bpchartruelen(text, strlen(text))] = '\0';
	if (form->resource->fields[field].type == RDAPI_FIELD_JSON &&
		!is_json_object(column->base_type, text))
		refuse_json(form, attnum);
	value->data = pg_server_to_any(text, strlen(text), PG_UTF8);
	value->length = strlen(value->data);
}

static void
convert_file(const RegdocsForm *form, AttrNumber attnum, Datum datum,
			 Value *value)
{
	bytea	   *file = DatumGetByteaPP(datum);

	value->data = VARDATA_ANY(file);
	value->length = VARSIZE_ANY_EXHDR(file);
	if (value->length > REGDOCS_FILE_BYTES_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("file in column \"%s\" of foreign table \"%s\" is too large",
						column_name(form->rel, attnum),
						RelationGetRelationName(form->rel)),
				 errdetail("It has %zu bytes; the API takes at most %d.",
						   value->length, REGDOCS_FILE_BYTES_MAX),
				 REGDOCS_KEEP_OUT_OF_LOG));

	value->file_type = regdocs_file_type_detect(value->data, value->length);
	if (value->file_type == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("file in column \"%s\" of foreign table \"%s\" is not a JPEG, PNG or PDF file",
						column_name(form->rel, attnum),
						RelationGetRelationName(form->rel)),
				 errdetail("Its content decides."),
				 REGDOCS_KEEP_OUT_OF_LOG));
}

/* The key of the parent, which goes into the path. */
static void
set_parent(RegdocsForm *form, AttrNumber attnum, const Value *value)
{
	const RdapiResource *parent = form->resource->parent;

	if (!rdapi_sid_is_valid(parent->sid_prefix, value->data, value->length))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value of column \"%s\" of foreign table \"%s\" is not the sid of a %s",
						column_name(form->rel, attnum),
						RelationGetRelationName(form->rel), parent->noun),
				 errhint("It must be \"%s\" and 32 hexadecimal digits.",
						 parent->sid_prefix),
				 REGDOCS_KEEP_OUT_OF_LOG));
	strlcpy(form->parent_sid, value->data, sizeof(form->parent_sid));
	form->target.parent_sid = form->parent_sid;
}

/*
 * Rows can be routed by their account, so one that comes to another account's
 * server has gone astray.  Where the account is not known, nobody can tell.
 */
static void
check_account(RegdocsForm *form, AttrNumber attnum, const Value *value)
{
	const char *name = column_name(form->rel, attnum);
	const char *table = RelationGetRelationName(form->rel);

	if (form->account[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot check the value of column \"%s\" of foreign table \"%s\"",
						name, table),
				 errdetail("The user mapping has an API key, and does not say which account it is for."),
				 errhint("Add option \"account_sid\" to the user mapping, or leave the column out."),
				 REGDOCS_KEEP_OUT_OF_LOG));
	if (strcmp(value->data, form->account) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value of column \"%s\" of foreign table \"%s\" is not the account of the user mapping",
						name, table),
				 errdetail("What is inserted there belongs to that account."),
				 REGDOCS_KEEP_OUT_OF_LOG));
	form->names_account = true;
}

/* A row that names no account gets that of the mapping. */
static void
check_bound(RegdocsForm *form)
{
	regdocs_bound_check_write(form->bound, form->account);
	if (form->bound != NULL)
		form->names_account = true;
}

const char *
regdocs_form_account(const RegdocsForm *form)
{
	return form->account[0] == '\0' ? NULL : form->account;
}

const char *
regdocs_form_named_account(const RegdocsForm *form)
{
	return form->names_account ? form->account : NULL;
}

/* Convert a value that is not NULL, for a column that can be written. */
static void
set_value(RegdocsForm *form, AttrNumber attnum, Datum datum)
{
	int			field = form->columns->fields[attnum - 1];
	Value	   *value = &form->values[field];

	if (value->attnum != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot write to columns \"%s\" and \"%s\" of foreign table \"%s\" at once",
						column_name(form->rel, value->attnum),
						column_name(form->rel, attnum),
						RelationGetRelationName(form->rel)),
				 errdetail("Both show \"%s\".",
						   form->resource->fields[field].name),
				 REGDOCS_KEEP_OUT_OF_LOG));
	value->attnum = attnum;
	if (form->resource->fields[field].type == RDAPI_FIELD_FILE)
		convert_file(form, attnum, datum, value);
	else
		convert_text(form, attnum, datum, value);
	if (field == form->resource->parent_field)
		set_parent(form, attnum, value);
	if (form->resource->fields[field].flags & RDAPI_FIELD_ACCOUNT)
		check_account(form, attnum, value);
}

/* Raise an error instead of the request that there is no memory for. */
static RdapiRequest *
request_or_error(RdapiRequest *request, const RdapiError *error)
{
	if (request == NULL)
		regdocs_report(ERROR, error, NULL);
	return request;
}

static bool
add_value(RdapiRequest *request, const RdapiField *field, const Value *value,
		  RdapiError *error)
{
	if (value->file_type != NULL)
		return rdapi_request_set_file(request, field->form_name,
									  value->file_type->file_name,
									  value->file_type->content_type,
									  value->data, value->length, error);
	return rdapi_request_add_parameter(request, field->form_name, value->data,
									   value->length, error);
}

/* Put the row's values into the request, which may be NULL. */
static RdapiRequest *
fill_request(const RegdocsForm *form, RdapiRequest *request,
			 RdapiError *error)
{
	bool		filled = request != NULL;
	int			i;

	for (i = 0; filled && i < form->resource->nfields; i++)
	{
		if (form->values[i].attnum != 0 &&
			form->resource->fields[i].form_name != NULL)
			filled = add_value(request, &form->resource->fields[i],
							   &form->values[i], error);
	}
	if (!filled)
	{
		rdapi_request_free(request);
		request = NULL;
	}
	return request_or_error(request, error);
}

RdapiRequest *
regdocs_form_create(RegdocsForm *form, TupleTableSlot *slot)
{
	const RdapiResource *resource = form->resource;
	RdapiError	error;
	AttrNumber	attnum;
	int			i;

	slot_getallattrs(slot);
	memset(form->values, 0, sizeof(form->values));
	form->names_account = false;
	for (attnum = 1; attnum <= form->columns->natts; attnum++)
	{
		if (form->columns->fields[attnum - 1] == REGDOCS_FIELD_NONE ||
			slot->tts_isnull[attnum - 1])
			continue;
		if (!is_writable(form->columns, attnum,
						 RDAPI_FIELD_CREATE | RDAPI_FIELD_ACCOUNT))
			refuse_create(form, attnum);
		set_value(form, attnum, slot->tts_values[attnum - 1]);
	}
	check_bound(form);
	for (i = 0; i < resource->nfields; i++)
	{
		if ((resource->fields[i].flags & RDAPI_FIELD_REQUIRED) == 0 ||
			form->values[i].attnum != 0)
			continue;
		attnum = column_of_field(form->columns, i);
		if (attnum == 0)
			regdocs_form_check_columns(form->rel, form->columns);
		else
			refuse_null(form, attnum);
	}

	rdapi_error_clear(&error);
	return fill_request(form, rdapi_request_create(&form->target, &error),
						&error);
}

/* Does the column have another value than before? */
static bool
is_changed(const RegdocsForm *form, int i, const Datum *old_values,
		   const bool *old_nulls, const TupleTableSlot *slot)
{
	Form_pg_attribute att = TupleDescAttr(RelationGetDescr(form->rel), i);

	if (old_nulls[i] || slot->tts_isnull[i])
		return old_nulls[i] != slot->tts_isnull[i];
	return !datum_image_eq(old_values[i], slot->tts_values[i],
						   att->attbyval, att->attlen);
}

/* Was a file, which is never read, set to NULL all the same? */
static bool
removes_file(const RegdocsForm *form, AttrNumber attnum,
			 const TupleTableSlot *slot, const Bitmapset *targets)
{
	int			field = form->columns->fields[attnum - 1];

	return field >= 0 && slot->tts_isnull[attnum - 1] &&
		form->resource->fields[field].type == RDAPI_FIELD_FILE &&
		bms_is_member(attnum, targets);
}

/* A trigger may have changed more than the statement says. */
static void
check_alone(const RegdocsForm *form)
{
	AttrNumber	alone = 0;
	int			changed = 0;
	int			i;

	for (i = 0; i < form->resource->nfields; i++)
	{
		if (form->values[i].attnum == 0)
			continue;
		changed++;
		if (form->resource->fields[i].flags & RDAPI_FIELD_ALONE)
			alone = form->values[i].attnum;
	}
	if (alone != 0 && changed > 1)
		regdocs_form_refuse_together(form->rel, form->columns, alone);
}

RdapiRequest *
regdocs_form_update(RegdocsForm *form, const RegdocsIdentity *row,
					const Datum *old_values, const bool *old_nulls,
					TupleTableSlot *slot, const Bitmapset *targets, bool all)
{
	RdapiTarget target = {form->resource, row->parent_sid};
	RdapiError	error;
	AttrNumber	attnum;
	bool		any = false;

	slot_getallattrs(slot);
	memset(form->values, 0, sizeof(form->values));
	for (attnum = 1; attnum <= form->columns->natts; attnum++)
	{
		int			i = attnum - 1;

		if (form->columns->fields[i] == REGDOCS_FIELD_NONE)
			continue;
		if (removes_file(form, attnum, slot, targets))
			refuse_null(form, attnum);
		if (!is_changed(form, i, old_values, old_nulls, slot) &&
			!(all && bms_is_member(attnum, targets)))
			continue;
		if (!is_writable(form->columns, attnum, RDAPI_FIELD_UPDATE))
			regdocs_form_refuse_update(form->rel, form->columns, attnum);
		if (slot->tts_isnull[i])
			refuse_null(form, attnum);
		set_value(form, attnum, slot->tts_values[i]);
		any = true;
	}
	if (!any)
		return NULL;
	check_alone(form);

	rdapi_error_clear(&error);
	return fill_request(form,
						rdapi_request_update(&target, row->sid, &error),
						&error);
}

RdapiRequest *
regdocs_form_delete(RegdocsForm *form, const RegdocsIdentity *row)
{
	RdapiTarget target = {form->resource, row->parent_sid};
	RdapiError	error;

	rdapi_error_clear(&error);
	return request_or_error(rdapi_request_delete(&target, row->sid, &error),
							&error);
}
