/*-------------------------------------------------------------------------
 *
 * functions.c
 *	  SQL functions over the session's connections; doc/reference.md has them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_proc.h"
#include "datatype/timestamp.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "src/fdw/base/connection.h"
#include "src/fdw/base/new_client.h"
#include "src/fdw/base/report.h"

PG_FUNCTION_INFO_V1(regdocs_fdw_connections);
PG_FUNCTION_INFO_V1(regdocs_fdw_disconnect);
PG_FUNCTION_INFO_V1(regdocs_fdw_disconnect_all);
PG_FUNCTION_INFO_V1(regdocs_fdw_version);

static Datum
text_or_null(const char *text, bool *isnull)
{
	*isnull = text[0] == '\0';
	return *isnull ? (Datum) 0 : CStringGetTextDatum(text);
}

#define USEC_PER_MSEC	1000.0

/* The last error's columns, from that one on; all are NULL without one. */
static void
put_last_error(const RdapiClientStats *stats, Datum *values, bool *nulls)
{
	const char *sqlstate;
	TimestampTz time;

	if (stats->last_error[0] == '\0')
	{
		memset(nulls, true, 3 * sizeof(bool));
		return;
	}
	sqlstate =
		unpack_sql_state(regdocs_error_sqlstate(stats->last_error_kind));
	time = stats->last_error_us -
		(int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
	values[0] =
		CStringGetTextDatum(regdocs_report_plain_text(stats->last_error));
	values[1] = CStringGetTextDatum(sqlstate);
	values[2] = TimestampTzGetDatum(time);
}

/* Visitor: arg is the ReturnSetInfo. */
static void
put_row(RegdocsConnection *connection, void *arg)
{
	ReturnSetInfo *result = arg;
	RegdocsConnectionInfo info;
	Datum		values[18];
	bool		nulls[18] = {false};
	int			i = 0;

	regdocs_connection_info(connection, &info);
	values[i++] = CStringGetDatum(info.server_name);
	values[i++] = CStringGetDatum(info.user_name);
	values[i] = text_or_null(info.account, &nulls[i]);
	i++;
	values[i++] = Int64GetDatum((int64) info.stats->requests);
	values[i++] = Int64GetDatum((int64) info.stats->retries);
	values[i++] = Int64GetDatum((int64) info.stats->throttled);
	values[i++] = Int64GetDatum((int64) info.stats->failures);
	values[i++] = Int64GetDatum((int64) info.stats->bytes_sent);
	values[i++] = Int64GetDatum((int64) info.stats->bytes_received);
	values[i++] = Int64GetDatum((int64) info.stats->connections);
	values[i++] = Float8GetDatum(info.stats->waited_us / USEC_PER_MSEC);
	values[i++] = Float8GetDatum(info.stats->throttled_us / USEC_PER_MSEC);
	values[i] = text_or_null(info.stats->last_request_id, &nulls[i]);
	i++;
	put_last_error(info.stats, &values[i], &nulls[i]);
	i += 3;
	values[i++] = TimestampTzGetDatum(info.last_used);
	values[i++] = BoolGetDatum(info.valid);
	Assert(i == lengthof(values));

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* SQL: one row for each open server of this session. */
Datum
regdocs_fdw_connections(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	regdocs_connection_visit(put_row, fcinfo->resultinfo);
	return (Datum) 0;
}

typedef struct Disconnect
{
	Oid			serverid;		/* InvalidOid: of all servers */
	bool		dropped;		/* any */
} Disconnect;

/* Visitor: arg is the Disconnect. */
static void
disconnect_one(RegdocsConnection *connection, void *arg)
{
	Disconnect *disconnect = arg;
	RegdocsConnectionInfo info;

	regdocs_connection_info(connection, &info);
	if (OidIsValid(disconnect->serverid) &&
		info.serverid != disconnect->serverid)
		return;
	if (regdocs_connection_drop(connection))
		disconnect->dropped = true;
	else
		ereport(WARNING,
				(errmsg("cannot disconnect from server \"%s\" because it is still in use",
						info.server_name)));
}

static bool
disconnect_from(Oid serverid)
{
	Disconnect	state = {serverid, false};

	regdocs_connection_visit(disconnect_one, &state);
	return state.dropped;
}

/* SQL: true if there was a connection to that server, and it is gone. */
Datum
regdocs_fdw_disconnect(PG_FUNCTION_ARGS)
{
	ForeignServer *server =
	GetForeignServerByName(NameStr(*PG_GETARG_NAME(0)), false);

	PG_RETURN_BOOL(disconnect_from(server->serverid));
}

/* SQL: true if there was any connection, and all that were idle are gone. */
Datum
regdocs_fdw_disconnect_all(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(disconnect_from(InvalidOid));
}

/*
 * The version of the extension that the function belongs to, as its SQL is;
 * palloc'd.  NULL: it belongs to none.
 */
static char *
extension_version(Oid function)
{
	Oid			extension = getExtensionOfObject(ProcedureRelationId, function);
	Relation	rel;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	char	   *version = NULL;

	if (!OidIsValid(extension))
		return NULL;
	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(extension));
	scan = systable_beginscan(rel, ExtensionOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		isnull;
		Datum		value = heap_getattr(tuple, Anum_pg_extension_extversion,
										 RelationGetDescr(rel), &isnull);

		version = isnull ? NULL : TextDatumGetCString(value);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return version;
}

/* SQL: the versions of the extension, of this library, and of libcurl. */
Datum
regdocs_fdw_version(PG_FUNCTION_ARGS)
{
	TupleDesc	desc;
	Datum		values[3];
	bool		nulls[3] = {false};
	char	   *extension = extension_version(fcinfo->flinfo->fn_oid);

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	nulls[0] = extension == NULL;
	if (extension != NULL)
		values[0] = CStringGetTextDatum(extension);
	values[1] = CStringGetTextDatum(REGDOCS_VERSION);
	values[2] = CStringGetTextDatum(rdapi_client_curl_version());
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}
