/*-------------------------------------------------------------------------
 *
 * options.h
 *	  The options of servers, user mappings, foreign tables and columns:
 *	  which there are, what they may hold, and what they are set to.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_OPTIONS_H
#define REGDOCS_OPTIONS_H

#include "foreign/foreign.h"

#include "src/resource/resource.h"

/* Durations in milliseconds, sizes in bytes.  Strings are palloc'd. */
typedef struct RegdocsServerOptions
{
	char	   *base_url;		/* no "/" at its end */
	char	   *upload_url;		/* no "/" at its end */
	char	   *ca_file;		/* NULL: the system's */
	int			connect_timeout_ms;
	int			request_timeout_ms;
	int			max_retries;
	int			retry_budget_ms;
	int			concurrency;
	double		max_requests_per_second;	/* 0: no limit */
	Size		max_response_bytes;
	bool		keep_connections;
} RegdocsServerOptions;

/* What a user mapping logs in with. */
typedef struct RegdocsUserOptions
{
	char	   *username;		/* account or key SID; NULL: none is given */
	char	   *password;		/* auth token or key secret; NULL likewise */
	char	   *password_file;	/* that holds it instead; NULL likewise */
	const char *password_file_option;	/* which says so; NULL likewise */
	char	   *account_sid;	/* NULL: not given */
} RegdocsUserOptions;

typedef enum RegdocsWriteMode
{
	REGDOCS_WRITE_UNSET = -1,	/* of the setting alone: the option decides */
	REGDOCS_WRITE_IMMEDIATE,
	REGDOCS_WRITE_AT_COMMIT
} RegdocsWriteMode;

/* What a write does that the API refuses. */
typedef enum RegdocsOnWriteError
{
	REGDOCS_ON_WRITE_ERROR_STOP,
	REGDOCS_ON_WRITE_ERROR_IGNORE
} RegdocsOnWriteError;

typedef enum RegdocsOnError
{
	REGDOCS_ON_ERROR_STOP,
	REGDOCS_ON_ERROR_IGNORE,
	REGDOCS_ON_ERROR_SET_NULL
} RegdocsOnError;

/* What a foreign table says, or its server for it, or the default. */
typedef struct RegdocsTableOptions
{
	const RdapiResource *resource;
	bool		include_constraints;
	int			page_size;
	int			batch_size;
	bool		updatable;
	RegdocsWriteMode write_mode;
	RegdocsOnError on_error;
	RegdocsOnWriteError on_write_error;
	int			max_writes_per_statement;	/* 0: no limit */
	bool		async_capable;
	double		request_cost;	/* planner cost units */
	double		row_cost;		/* planner cost units */
} RegdocsTableOptions;

/* GUC regdocs_fdw.dry_run: what writes checks everything and sends nothing. */
extern bool regdocs_dry_run;

/* GUC regdocs_fdw.write_mode, a RegdocsWriteMode: goes before the option. */
extern int	regdocs_write_mode;

/* The text of an option in a List of DefElem; NULL: it is not there. */
extern const char *regdocs_options_find(List *options, const char *name);

/*
 * The three readers return a palloc'd struct with every default filled in.
 * Stored options were validated when they were set, so they raise an error
 * only for what cannot have passed the validator; but a server's hosts have to
 * be allowed now.
 */
extern RegdocsServerOptions *regdocs_server_options(ForeignServer *server);
extern RegdocsUserOptions *regdocs_user_options(UserMapping *user);
extern RegdocsTableOptions *regdocs_table_options(ForeignTable *table,
												  ForeignServer *server);

/* Option column_name of that column, palloc'd; NULL: it has none. */
extern char *regdocs_column_name_option(Oid relid, AttrNumber attnum);

#endif							/* REGDOCS_OPTIONS_H */
