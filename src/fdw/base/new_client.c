/*-------------------------------------------------------------------------
 *
 * new_client.c
 *	  An API client as server and user mapping have it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/guc.h"

#include "src/fdw/base/new_client.h"
#include "src/fdw/base/report.h"

/* Raise what is wrong with the file that shall hold the secret. */
static void
raise_secret_error(const RdapiError *error, const char *server_name,
				   const RegdocsUserOptions *user)
{
	ereport(ERROR,
			(errcode(regdocs_error_sqlstate(error->kind)),
			 errmsg("could not read the secret in the user mapping for server \"%s\"",
					server_name),
			 errdetail("The file of option \"%s\" %s.",
					   user->password_file_option,
					   regdocs_report_plain_text(error->message)),
			 errhint("It must be a file of the operating system's user that PostgreSQL runs as, open to nobody else, with the secret in its only line."),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

RdapiClient *
regdocs_new_client(RdapiClientConfig *config,
				   const RegdocsServerOptions *server,
				   const RegdocsUserOptions *user)
{
	RdapiClient *client;
	RdapiError	error;

	config->base_url = server->base_url;
	config->upload_url = server->upload_url;
	config->ca_file = server->ca_file;
	config->username = user->username;
	config->password = user->password;
	config->password_file = user->password_file;
	config->user_agent = psprintf("regdocs_fdw/%s (PostgreSQL %s; libcurl %s)",
								  REGDOCS_VERSION,
								  GetConfigOption("server_version", false,
												  false),
								  rdapi_client_curl_version());
	config->connect_timeout_ms = server->connect_timeout_ms;
	config->request_timeout_ms = server->request_timeout_ms;
	config->retry_budget_ms = server->retry_budget_ms;
	config->max_retries = server->max_retries;
	config->concurrency = server->concurrency;
	config->max_requests_per_second = server->max_requests_per_second;
	config->max_response_bytes = server->max_response_bytes;
	config->keep_connections = server->keep_connections;

	rdapi_error_clear(&error);
	client = rdapi_client_new(config, &error);
	if (client == NULL && error.kind == RDAPI_ERR_SECRET)
		raise_secret_error(&error, config->name, user);
	if (client == NULL)
		regdocs_report(ERROR, &error, NULL);
	return client;
}
