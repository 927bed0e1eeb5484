/*-------------------------------------------------------------------------
 *
 * connection_call.c
 *	  Calls over a connection: submit, await, count, and raise what failed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "src/fdw/base/connection.h"
#include "src/fdw/base/report.h"
#include "src/fdw/base/wait.h"

void
regdocs_usage_add(RegdocsUsage *usage, RegdocsUsage more)
{
	usage->requests += more.requests;
	usage->retries += more.retries;
	usage->pages += more.pages;
	usage->objects += more.objects;
	usage->bytes_received += more.bytes_received;
	INSTR_TIME_ADD(usage->waited, more.waited);
}

void
regdocs_connection_raise_error(const RegdocsConnection *connection,
							   const RdapiError *error,
							   const RdapiRequest *request)
{
	RegdocsReportContext context = {0};

	context.server_name = regdocs_connection_server(connection);
	context.request = request;
	regdocs_report(ERROR, error, &context);
}

RdapiCall *
regdocs_connection_submit(RegdocsConnection *connection,
						  RdapiRequest *request, const RdapiError *error)
{
	RdapiClient *client = regdocs_connection_client(connection);
	RdapiError	failure;
	RdapiCall  *call;

	if (request == NULL)
		regdocs_connection_raise_error(connection, error, NULL);

	rdapi_error_clear(&failure);
	call = rdapi_client_submit(client, request, &failure);
	if (call == NULL)
		regdocs_connection_raise_error(connection, &failure, NULL);
	return call;
}

void
regdocs_connection_log(const RdapiCall *call, const void *connection)
{
	const RdapiRequest *request = rdapi_call_request(call);
	RdapiCallStats stats = rdapi_call_stats(call);
	RegdocsConnectionInfo info;
	const char *server;

	if (regdocs_log_requests != REGDOCS_LOG_ALL)
		return;
	regdocs_connection_info(connection, &info);
	server = quote_identifier(info.server_name);

	/*
	 * The client is at work, which an interrupt must not cut short.  The
	 * statement and its context may hold personal data: leave them out.
	 */
	HOLD_INTERRUPTS();
	ereport(LOG,
			(errmsg("regdocs_fdw: server=%s account=%s %s %s status=%d ms=" INT64_FORMAT " tries=%d request_id=%s",
					server, info.account,
					rdapi_request_method(request), rdapi_request_path(request),
					rdapi_call_http_status(call), stats.elapsed_ms,
					stats.tries, rdapi_call_request_id(call)),
			 errhidestmt(true), errhidecontext(true)));
	RESUME_INTERRUPTS();
	if (server != info.server_name)
		pfree((char *) server);
}

void
regdocs_connection_count(const RdapiCall *call, RegdocsUsage *usage)
{
	RdapiCallStats stats;

	if (call == NULL || usage == NULL)
		return;
	stats = rdapi_call_stats(call);
	usage->requests += stats.tries;
	usage->retries += Max(stats.tries - 1, 0);
	usage->bytes_received += stats.bytes_received;
}

void
regdocs_connection_account(RegdocsConnection *connection,
						   const RdapiCall *call, RegdocsUsage *usage)
{
	regdocs_connection_touch(connection);
	regdocs_connection_count(call, usage);
}

void
regdocs_connection_await(RegdocsConnection *connection, RdapiCall *call,
						 RegdocsUsage *usage)
{
	RdapiClient *client = regdocs_connection_client(connection);

	(void) regdocs_wait_call(client, call, REGDOCS_WAIT_FOREVER,
							 usage != NULL ? &usage->waited : NULL);
	regdocs_connection_account(connection, call, usage);
}

void
regdocs_connection_raise(RegdocsConnection *connection, const RdapiCall *call)
{
	const RdapiError *error = rdapi_call_error(call);

	if (error != NULL)
		regdocs_connection_raise_error(connection, error,
									   rdapi_call_request(call));
}

void
regdocs_connection_raise_protocol(RegdocsConnection *connection,
								  const RdapiCall *call, const char *failure)
{
	RegdocsReportContext context = {0};
	RdapiError	error;

	rdapi_error_clear(&error);
	rdapi_error_set(&error, RDAPI_ERR_PROTOCOL,
					"server \"%s\" sent an answer that is not what the API promises",
					regdocs_connection_server(connection));
	error.http_status = rdapi_call_http_status(call);
	strlcpy(error.request_id, rdapi_call_request_id(call),
			sizeof(error.request_id));
	context.server_name = regdocs_connection_server(connection);
	context.request = rdapi_call_request(call);
	context.extra_detail = failure;
	regdocs_report(ERROR, &error, &context);
	pg_unreachable();
}
