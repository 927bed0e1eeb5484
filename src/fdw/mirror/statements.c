/*-------------------------------------------------------------------------
 *
 * statements.c
 *	  The statements of a refresh, and their execution.
 *
 * What the source has is read by ordinary queries, and the mirror is written by
 * ordinary statements.  So permissions, partitions and concurrent requests on
 * one side, and triggers, constraints, policies and generated columns on the
 * other, are PostgreSQL's business.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/base/refreshing.h"
#include "src/fdw/mirror/statements.h"

/* Sids of one statement; it keeps them and their plan in memory. */
#define MOST_SIDS 1000

/* ---- Reading the source ---- */

/* SELECT of all columns, in the shape's order. */
static void
append_select(StringInfo sql, const RegdocsShape *shape)
{
	appendStringInfoString(sql, "SELECT ");
	for (int i = 0; i < shape->ncolumns; i++)
		appendStringInfo(sql, "%ss.%s", i > 0 ? ", " : "",
						 shape->columns[i].quoted);
	appendStringInfo(sql, " FROM %s AS s", shape->source_name);
}

/* Have the rows of a query compared, and hear of those that are left out. */
static void
execute_select(const char *sql, ParamListInfo params, RegdocsFound *found,
			   bool fetches_only)
{
	const RegdocsRefreshing *outer = regdocs_refreshing;
	RegdocsRefreshing refreshing = {0};
	SPIExecuteOptions options = {0};
	int			result = 0;

	refreshing.fetches_only = fetches_only;
	refreshing.left_out = regdocs_found_left_out;
	refreshing.arg = found;
	options.params = params;
	options.dest = regdocs_found_receiver(found);
	regdocs_refreshing = &refreshing;
	PG_TRY();
	{
		result = SPI_execute_extended(sql, &options);
	}
	PG_FINALLY();
	{
		regdocs_refreshing = outer;
	}
	PG_END_TRY();
	if (result != SPI_OK_SELECT)
		elog(ERROR, "could not read the source: %s",
			 SPI_result_code_string(result));
}

void
regdocs_statement_walk(const RegdocsShape *shape, RegdocsFound *found)
{
	StringInfoData sql;

	initStringInfo(&sql);
	append_select(&sql, shape);
	execute_select(sql.data, NULL, found, false);
}

/* What one statement asks for: sids of one parent, or one account. */
typedef struct Batch
{
	const RegdocsShape *shape;
	RegdocsFound *found;
	MemoryContext context;		/* of the values; reset for each batch */
	Datum	   *sids;
	int			nsids;
	Datum		group[2];		/* parent, partition */
	bool		group_null[2];
} Batch;

static void
set_param(ParamListInfo params, int number, Oid type, Datum value)
{
	ParamExternData *param = &params->params[number];

	param->ptype = type;
	param->value = value;
	param->isnull = false;
	param->pflags = PARAM_FLAG_CONST;
}

/*
 * Where it is known, the parent or the account says where to ask; and of a
 * child, it is its key.
 */
static void
ask_batch(Batch *batch)
{
	const RegdocsShape *shape = batch->shape;
	int			columns[] = {shape->parent, shape->partition};
	MemoryContext old_context = MemoryContextSwitchTo(batch->context);
	ParamListInfo params = makeParamList(3);
	int			n = 1;
	StringInfoData sql;

	initStringInfo(&sql);
	append_select(&sql, shape);
	appendStringInfo(&sql, " WHERE s.%s OPERATOR(pg_catalog.=) ANY ($1)",
					 shape->columns[shape->sid].quoted);
	set_param(params, 0, TEXTARRAYOID,
			  PointerGetDatum(construct_array(batch->sids, batch->nsids,
											  TEXTOID, -1, false,
											  TYPALIGN_INT)));
	for (int i = 0; i < (int) lengthof(columns); i++)
	{
		const RegdocsMirrorColumn *column = &shape->columns[columns[i]];

		if (batch->group_null[i])
			continue;
		set_param(params, n++, column->type, batch->group[i]);
		appendStringInfo(&sql, " AND s.%s OPERATOR(pg_catalog.=) $%d",
						 column->quoted, n);
	}
	params->numParams = n;
	MemoryContextSwitchTo(old_context);
	execute_select(sql.data, params, batch->found, true);
	batch->nsids = 0;
}

/* Is that value of the present row that of the batch? */
static bool
is_same(const Batch *batch, int i, Datum value, bool isnull, TupleDesc desc)
{
	Form_pg_attribute att = TupleDescAttr(desc, 1 + i);

	if (isnull || batch->group_null[i])
		return isnull == batch->group_null[i];
	return datum_image_eq(value, batch->group[i], att->attbyval, att->attlen);
}

static void
add_to_batch(Batch *batch, HeapTuple tuple, TupleDesc desc)
{
	Datum		values[3];
	bool		nulls[3];
	MemoryContext old_context;

	for (int i = 0; i < 3; i++)
		values[i] = SPI_getbinval(tuple, desc, i + 1, &nulls[i]);
	if (batch->nsids == MOST_SIDS ||
		(batch->nsids > 0 &&
		 (!is_same(batch, 0, values[1], nulls[1], desc) ||
		  !is_same(batch, 1, values[2], nulls[2], desc))))
		ask_batch(batch);
	if (batch->nsids == 0)
		MemoryContextReset(batch->context);
	old_context = MemoryContextSwitchTo(batch->context);
	if (batch->nsids == 0)
	{
		batch->sids = palloc(sizeof(Datum) * MOST_SIDS);
		for (int i = 0; i < 2; i++)
		{
			Form_pg_attribute att = TupleDescAttr(desc, 1 + i);

			batch->group_null[i] = nulls[1 + i];
			if (!nulls[1 + i])
				batch->group[i] = datumCopy(values[1 + i], att->attbyval,
											att->attlen);
		}
	}
	batch->sids[batch->nsids++] = datumCopy(values[0], false, -1);
	MemoryContextSwitchTo(old_context);
}

/* Let the statements of this procedure see a store under that name. */
static void
register_store(const char *name, Tuplestorestate *store, TupleDesc desc,
			   int64 rows)
{
	EphemeralNamedRelation relation =
	palloc0(sizeof(EphemeralNamedRelationData));

	relation->md.name = pstrdup(name);
	relation->md.tupdesc = desc;
	relation->md.enrtype = ENR_NAMED_TUPLESTORE;
	relation->md.enrtuples = (double) rows;
	relation->reldata = store;
	if (SPI_register_relation(relation) != SPI_OK_REL_REGISTER)
		elog(ERROR, "could not register relation \"%s\"", name);
}

void
regdocs_statement_ask(const RegdocsShape *shape, RegdocsFound *found)
{
	RegdocsChanges *changes = regdocs_found_changes(found);
	SPIParseOpenOptions options = {0};
	Batch		batch = {0};
	Portal		portal;

	batch.shape = shape;
	batch.found = found;
	register_store("regdocs_missing", changes->missing, changes->missing_desc,
				   changes->nmissing);
	batch.context = AllocSetContextCreate(CurrentMemoryContext,
										  "regdocs_fdw batch of sids",
										  ALLOCSET_DEFAULT_SIZES);
	options.cursorOptions = CURSOR_OPT_NO_SCROLL;
	portal = SPI_cursor_parse_open(NULL,
								   "SELECT m.sid, m.parent, m.partition"
								   " FROM regdocs_missing AS m"
								   " ORDER BY m.parent, m.partition",
								   &options);
	for (;;)
	{
		SPITupleTable *rows;

		SPI_cursor_fetch(portal, true, MOST_SIDS);
		rows = SPI_tuptable;
		if (SPI_processed == 0)
			break;
		for (uint64 i = 0; i < rows->numvals; i++)
			add_to_batch(&batch, rows->vals[i], rows->tupdesc);
		SPI_freetuptable(rows);
	}
	if (batch.nsids > 0)
		ask_batch(&batch);
	SPI_cursor_close(portal);
	SPI_unregister_relation("regdocs_missing");
	MemoryContextDelete(batch.context);
}

/* ---- Writing the mirror ---- */

/*
 * The mirrored columns of that alias as jsonb.  Of a row, since a function has
 * no more than 100 arguments; "x" might be one of the columns, "x.*" is the row.
 */
static void
append_object(StringInfo sql, const RegdocsShape *shape, const char *alias)
{
	appendStringInfoString(sql, "(SELECT pg_catalog.to_jsonb(x.*) FROM (SELECT ");
	for (int i = 0; i < shape->ncolumns; i++)
		appendStringInfo(sql, "%s%s.%s", i > 0 ? ", " : "", alias,
						 shape->columns[i].quoted);
	appendStringInfoString(sql, ") AS x)");
}

static void
append_status(StringInfo sql, const RegdocsShape *shape, const char *alias)
{
	if (alias == NULL || shape->status == REGDOCS_NO_COLUMN)
		appendStringInfoString(sql, "NULL::pg_catalog.text");
	else
		appendStringInfo(sql, "%s.%s::pg_catalog.text", alias,
						 shape->columns[shape->status].quoted);
}

/*
 * RETURNING of what the history gets, from the rows before and after the
 * change; NULL: there is none.
 */
static void
append_returning(StringInfo sql, const RegdocsShape *shape,
				 const char *before, const char *after)
{
	appendStringInfo(sql, " RETURNING m.%s::pg_catalog.text AS sid, ",
					 shape->columns[shape->sid].quoted);
	append_status(sql, shape, before);
	appendStringInfoString(sql, " AS old_status, ");
	append_status(sql, shape, after);
	appendStringInfoString(sql, " AS new_status, ");
	if (before != NULL)
		append_object(sql, shape, before);
	else
		appendStringInfoString(sql, "NULL::pg_catalog.jsonb");
	appendStringInfoString(sql, " AS old, ");
	if (after != NULL)
		append_object(sql, shape, after);
	else
		appendStringInfoString(sql, "NULL::pg_catalog.jsonb");
	appendStringInfoString(sql, " AS new");
}

/* Execute a write of the mirror together with its history; rows written. */
static int64
execute_write(const RegdocsShape *shape, const char *change,
			  const char *statement)
{
	char	   *sql = psprintf("WITH done AS (%s) INSERT INTO %s"
							   " (changed_at, change, sid, old_status,"
							   " new_status, old, new)"
							   " SELECT pg_catalog.now(), %s, d.sid,"
							   " d.old_status, d.new_status, d.old, d.new"
							   " FROM done AS d",
							   statement, shape->history_name,
							   quote_literal_cstr(change));
	int			result = SPI_execute(sql, false, 0);

	if (result != SPI_OK_INSERT)
		elog(ERROR, "could not write the mirror: %s",
			 SPI_result_code_string(result));
	pfree(sql);
	return (int64) SPI_processed;
}

static int64
write_deletes(const RegdocsShape *shape)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql,
					 "DELETE FROM ONLY %s AS m USING regdocs_gone AS g"
					 " WHERE m.%s OPERATOR(pg_catalog.=) g.sid",
					 shape->target_name, shape->columns[shape->sid].quoted);
	append_returning(&sql, shape, "m", NULL);
	return execute_write(shape, "deleted", sql.data);
}

/*
 * FROM the rows that were found, of each sid the last one; "again" says that
 * some came more than once.
 */
static void
append_rows(StringInfo sql, const RegdocsShape *shape, bool again)
{
	appendStringInfoString(sql, " FROM regdocs_rows AS r");
	if (again)
		appendStringInfo(sql, " LEFT JOIN regdocs_again AS a"
						 " ON a.sid OPERATOR(pg_catalog.=) r.c%d", shape->sid);
}

static void
append_last(StringInfo sql, bool again)
{
	if (again)
		appendStringInfoString(sql, " AND (a.ordinal IS NULL OR"
							   " a.ordinal OPERATOR(pg_catalog.=) r.ordinal)");
}

static int64
write_updates(const RegdocsShape *shape, bool again)
{
	const char *sid = shape->columns[shape->sid].quoted;
	const char *separator = " SET ";
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE ONLY %s AS m", shape->target_name);
	for (int i = 0; i < shape->ncolumns; i++)
	{
		if (i == shape->sid)
			continue;
		appendStringInfo(&sql, "%s%s = r.c%d", separator,
						 shape->columns[i].quoted, i);
		separator = ", ";
	}
	append_rows(&sql, shape, again);
	appendStringInfo(&sql,
					 " JOIN ONLY %s AS o ON o.%s OPERATOR(pg_catalog.=) r.c%d"
					 " WHERE m.%s OPERATOR(pg_catalog.=) r.c%d"
					 " AND r.known AND r.changed",
					 shape->target_name, sid, shape->sid, sid, shape->sid);
	append_last(&sql, again);
	append_returning(&sql, shape, "o", "m");
	return execute_write(shape, "updated", sql.data);
}

static int64
write_inserts(const RegdocsShape *shape, bool again)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "INSERT INTO %s AS m (", shape->target_name);
	for (int i = 0; i < shape->ncolumns; i++)
		appendStringInfo(&sql, "%s%s", i > 0 ? ", " : "",
						 shape->columns[i].quoted);
	appendStringInfoString(&sql, ") SELECT ");
	for (int i = 0; i < shape->ncolumns; i++)
		appendStringInfo(&sql, "%sr.c%d", i > 0 ? ", " : "", i);
	append_rows(&sql, shape, again);
	appendStringInfoString(&sql, " WHERE NOT r.known");
	append_last(&sql, again);
	append_returning(&sql, shape, NULL, "m");
	return execute_write(shape, "inserted", sql.data);
}

/*
 * Find the sids that came more than once, and which of their rows was the
 * last.  There are few, if any.
 */
static int64
find_again(const RegdocsShape *shape, RegdocsChanges *changes,
		   Tuplestorestate *again, TupleDesc *desc)
{
	SPIExecuteOptions options = {0};
	char	   *sql = psprintf("SELECT r.c%d AS sid,"
							   " pg_catalog.max(r.ordinal) AS ordinal"
							   " FROM regdocs_rows AS r GROUP BY r.c%d"
							   " HAVING pg_catalog.count(*)"
							   " OPERATOR(pg_catalog.>) 1",
							   shape->sid, shape->sid);

	options.dest = CreateDestReceiver(DestTuplestore);
	SetTuplestoreDestReceiverParams(options.dest, again, CurrentMemoryContext,
									false, NULL, NULL);
	if (SPI_execute_extended(sql, &options) != SPI_OK_SELECT)
		elog(ERROR, "could not look for repetitions");
	*desc = CreateTemplateTupleDesc(2);
	TupleDescCopyEntry(*desc, 1, changes->gone_desc, 1);
	TupleDescInitEntry(*desc, 2, "ordinal", INT8OID, -1, 0);
	regdocs_finalize_desc(*desc);
	return (int64) SPI_processed;
}

/* A statement that would write nothing would fire triggers nevertheless. */
RegdocsWritten
regdocs_statement_write(const RegdocsShape *shape, RegdocsChanges *changes)
{
	RegdocsWritten written = {0};
	Tuplestorestate *again;
	TupleDesc	again_desc;
	int64		nagain;

	if (changes->ngone > 0)
	{
		register_store("regdocs_gone", changes->gone, changes->gone_desc,
					   changes->ngone);
		written.deleted = write_deletes(shape);
	}
	if (changes->nrows == 0)
		return written;
	register_store("regdocs_rows", changes->rows, changes->rows_desc,
				   changes->nrows);
	again = tuplestore_begin_heap(false, false, work_mem);
	nagain = find_again(shape, changes, again, &again_desc);
	register_store("regdocs_again", again, again_desc, nagain);
	if (changes->nknown > 0 && shape->ncolumns > 1)
		written.updated = write_updates(shape, nagain > 0);
	if (changes->nrows > changes->nknown)
		written.inserted = write_inserts(shape, nagain > 0);
	SPI_unregister_relation("regdocs_again");
	tuplestore_end(again);
	return written;
}

void
regdocs_statement_analyze(const RegdocsShape *shape)
{
	SPI_execute(psprintf("ANALYZE (SKIP_LOCKED) %s", shape->target_name),
				false, 0);
}
