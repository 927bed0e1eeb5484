/*-------------------------------------------------------------------------
 *
 * import.c
 *	  IMPORT FOREIGN SCHEMA: a foreign table for each resource of the API.
 *
 * What there is to import is known from the resources' descriptions, so
 * nothing is sent.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "src/resource/family.h"
#include "src/fdw/import.h"

/* The only schema that the API can be said to have. */
#define REMOTE_SCHEMA	"regulatory_compliance"

/* What the statement's own options ask for. */
typedef struct ImportOptions
{
	bool		import_enums;	/* false: their columns become text */
} ImportOptions;

static ImportOptions
read_options(List *options)
{
	ImportOptions result = {true};
	ListCell   *cell;

	foreach(cell, options)
	{
		DefElem    *def = lfirst_node(DefElem, cell);

		if (strcmp(def->defname, "import_enums") != 0)
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
					 errmsg("invalid option \"%s\"", def->defname),
					 errhint("Valid options in this context are: import_enums.")));
		result.import_enums = defGetBoolean(def);
	}
	return result;
}

/*
 * An enum type of the extension.  It is in the schema of the wrapper's
 * handler, wherever that is now: the install script makes both in one, and
 * ALTER EXTENSION moves them together.
 */
static Oid
enum_type(const RdapiEnum *labels, ForeignServer *server)
{
	ForeignDataWrapper *wrapper = GetForeignDataWrapper(server->fdwid);
	Oid			schema = get_func_namespace(wrapper->fdwhandler);
	Oid			type;

	type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
						   CStringGetDatum(labels->sql_type),
						   ObjectIdGetDatum(schema));
	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type \"%s\" does not exist in schema \"%s\"",
						labels->sql_type, get_namespace_name(schema)),
				 errhint("It must be in the schema of the handler of foreign-data wrapper \"%s\".",
						 wrapper->fdwname)));
	return type;
}

static Oid
field_type(const RdapiField *field, const ImportOptions *options,
		   ForeignServer *server)
{
	switch (field->type)
	{
		case RDAPI_FIELD_ENUM:
			return options->import_enums ?
				enum_type(field->labels, server) : TEXTOID;
		case RDAPI_FIELD_BOOLEAN:
			return BOOLOID;
		case RDAPI_FIELD_TIMESTAMP:
			return TIMESTAMPTZOID;
		case RDAPI_FIELD_JSON:
			return JSONBOID;
		case RDAPI_FIELD_FILE:
			return BYTEAOID;
		case RDAPI_FIELD_TEXT:
			break;
	}
	return TEXTOID;
}

/*
 * The statement that creates a table of all fields, palloc'd.  The column
 * "document" is not among them: it repeats the others, and doubles the work
 * of SELECT *.  Who wants it adds it.  No column is NOT NULL, as the API may
 * leave out any of them.
 *
 * Types are written with their schema, or else the search path could put
 * others in their place.  The schema of the table itself is core's to set.
 */
static char *
create_table_command(const RdapiResource *resource,
					 const ImportOptions *options, ForeignServer *server)
{
	StringInfoData command;

	initStringInfo(&command);
	appendStringInfo(&command, "CREATE FOREIGN TABLE %s (",
					 quote_identifier(resource->name));
	for (int i = 0; i < resource->nfields; i++)
	{
		const RdapiField *field = &resource->fields[i];

		appendStringInfo(&command, "%s\n\t%s %s", i > 0 ? "," : "",
						 quote_identifier(field->name),
						 format_type_be_qualified(field_type(field, options,
															 server)));
	}
	appendStringInfo(&command, "\n) SERVER %s\nOPTIONS (resource %s)",
					 quote_identifier(server->servername),
					 quote_literal_cstr(resource->name));
	return command.data;
}

List *
regdocsImportForeignSchema(ImportForeignSchemaStmt *stmt, Oid serverOid)
{
	ForeignServer *server = GetForeignServer(serverOid);
	ImportOptions options = read_options(stmt->options);
	List	   *commands = NIL;

	if (strcmp(stmt->remote_schema, REMOTE_SCHEMA) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_SCHEMA_NOT_FOUND),
				 errmsg("schema \"%s\" is not present on foreign server \"%s\"",
						stmt->remote_schema, server->servername),
				 errhint("The only schema there is \"%s\".", REMOTE_SCHEMA)));

	for (int i = 0; i < rdapi_nresources; i++)
	{
		const RdapiResource *resource = rdapi_resources[i];

		if (IsImportableForeignTable(resource->name, stmt))
			commands = lappend(commands,
							   create_table_command(resource, &options,
													server));
	}
	return commands;
}
