/*-------------------------------------------------------------------------
 *
 * create_snapshot.c
 *	  SQL function regdocs_create_snapshot(): the tables of a mirror.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/varlena.h"

#include "src/fdw/mirror/shape.h"

PG_FUNCTION_INFO_V1(regdocs_create_snapshot);

/* The names of what is made, quoted, with their schema. */
typedef struct Names
{
	const char *target;
	const char *history;
} Names;

/*
 * The schema is looked up once, as CREATE TABLE would; what the function then
 * does names it.
 */
static Names
find_names(const char *target)
{
	List	   *parts = textToQualifiedNameList(cstring_to_text(target));
	RangeVar   *range = makeRangeVarFromNameList(parts);
	char	   *schema =
	get_namespace_name(RangeVarGetCreationNamespace(range));
	char	   *history = psprintf("%s" REGDOCS_HISTORY_SUFFIX, range->relname);
	Names		names;

	if (strlen(history) >= NAMEDATALEN)
		ereport(ERROR,
				(errcode(ERRCODE_NAME_TOO_LONG),
				 errmsg("name \"%s\" is too long for a mirror", range->relname),
				 errdetail("With \"%s\" behind it, it is that of the history, and that may have %d bytes.",
						   REGDOCS_HISTORY_SUFFIX, NAMEDATALEN - 1)));
	names.target = quote_qualified_identifier(schema, range->relname);
	names.history = quote_qualified_identifier(schema, history);
	return names;
}

static void
append_column(StringInfo sql, const RegdocsMirrorColumn *column)
{
	appendStringInfo(sql, "%s %s", column->quoted,
					 format_type_extended(column->type, column->typmod,
										  FORMAT_TYPE_TYPEMOD_GIVEN |
										  FORMAT_TYPE_FORCE_QUALIFY));
	if (OidIsValid(column->collation) &&
		column->collation != get_typcollation(column->type))
		appendStringInfo(sql, " COLLATE %s",
						 generate_collation_name(column->collation));
}

static void
execute(const char *sql)
{
	int			result = SPI_execute(sql, false, 0);

	if (result != SPI_OK_UTILITY)
		elog(ERROR, "could not create the mirror: %s",
			 SPI_result_code_string(result));
}

static void
create_tables(const RegdocsShape *shape, const Names *names)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE TABLE %s (", names->target);
	for (int i = 0; i < shape->ncolumns; i++)
	{
		append_column(&sql, &shape->columns[i]);
		appendStringInfoString(&sql, ", ");
	}
	appendStringInfo(&sql, "PRIMARY KEY (%s))",
					 shape->columns[shape->sid].quoted);
	execute(sql.data);
	execute(psprintf("CREATE TABLE %s (%s)", names->history,
					 regdocs_shape_history_definition()));
	execute(psprintf("CREATE INDEX ON %s (sid, changed_at)", names->history));
	execute(psprintf("CREATE INDEX ON %s (changed_at)", names->history));
}

/* The table that was just created, whatever stands before it in the path. */
static Oid
created(const char *name)
{
	return DatumGetObjectId(DirectFunctionCall1(regclassin,
												CStringGetDatum(name)));
}

Datum
regdocs_create_snapshot(PG_FUNCTION_ARGS)
{
	Relation	source;
	RegdocsShape *shape;
	Names		names;

	for (int i = 0; i < 2; i++)
	{
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s must not be null",
							i == 0 ? "source" : "target")));
	}
	PreventCommandIfReadOnly("regdocs_create_snapshot()");
	source = relation_open(PG_GETARG_OID(0), AccessShareLock);
	shape = regdocs_shape_of(source);
	names = find_names(text_to_cstring(PG_GETARG_TEXT_PP(1)));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	create_tables(shape, &names);
	SPI_finish();
	relation_close(source, NoLock);
	PG_RETURN_OID(created(names.target));
}
