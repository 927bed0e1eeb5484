/*-------------------------------------------------------------------------
 *
 * functions.c
 *	  SQL functions over the session's connections; doc/reference.md has them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "foreign/foreign.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "src/fdw/base/connection.h"
#include "src/fdw/base/report.h"

PG_FUNCTION_INFO_V1(regdocs_fdw_connections);
PG_FUNCTION_INFO_V1(regdocs_fdw_disconnect);
PG_FUNCTION_INFO_V1(regdocs_fdw_disconnect_all);

static Datum
text_or_null(const char *text, bool *isnull)
{
	*isnull = text[0] == '\0';
	return *isnull ? (Datum) 0 : CStringGetTextDatum(text);
}

/* Visitor: arg is the ReturnSetInfo. */
static void
put_row(RegdocsConnection *connection, void *arg)
{
	ReturnSetInfo *result = arg;
	RegdocsConnectionInfo info;
	Datum		values[13];
	bool		nulls[13] = {false};
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
	values[i] = text_or_null(info.stats->last_request_id, &nulls[i]);
	i++;
	values[i] = text_or_null(regdocs_report_plain_text(info.stats->last_error),
							 &nulls[i]);
	i++;
	values[i++] = TimestampTzGetDatum(info.last_used);
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
