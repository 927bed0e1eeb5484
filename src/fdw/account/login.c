/*-------------------------------------------------------------------------
 *
 * login.c
 *	  The server and the user mapping of an account.
 *
 * All is done by statements of the current role, with its privileges.  That
 * which makes the user mapping may hold a secret: it is executed without its
 * text, which no error, context or module would then have to show.
 *
 * A credential sees its own account alone, so one of another account is never
 * copied.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/reloptions.h"
#include "access/xact.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_type.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "storage/lmgr.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#include "src/fdw/account/login.h"
#include "src/fdw/account/parent.h"
#include "src/fdw/account/statement.h"
#include "src/fdw/base/options.h"
#include "src/fdw/base/report.h"

char *
regdocs_login_server_name(const ForeignServer *like, const char *account)
{
	return makeObjectName(like->servername, NULL, account);
}

bool
regdocs_login_is_server_name(const char *name, const char *account)
{
	size_t		length = strlen(name);
	size_t		behind = strlen(account) + 1;

	return length > behind && name[length - behind] == '_' &&
		strcmp(name + length - behind + 1, account) == 0;
}

/* ---- The server ---- */

static void
create_server(const ForeignServer *like, const char *name)
{
	ForeignDataWrapper *wrapper = GetForeignDataWrapper(like->fdwid);
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE SERVER %s FOREIGN DATA WRAPPER %s",
					 quote_identifier(name),
					 quote_identifier(wrapper->fdwname));
	regdocs_account_append_options(&sql, "", like->options);
	regdocs_account_execute(sql.data);
}

/*
 * The owner of a server decides where credentials go.  So one that anybody
 * might have made, to have the credential sent elsewhere, is not used.
 */
static void
check_server(const ForeignServer *like, ForeignServer *server)
{
	const char *fault = NULL;
	RegdocsServerOptions *own;
	RegdocsServerOptions *expected;

	if (server->owner != GetUserId() && server->owner != like->owner)
		fault = "It belongs to another role.";
	else if (!regdocs_is_our_server(server->serverid))
		fault = "It is not a server of regdocs_fdw.";
	else
	{
		own = regdocs_server_options(server);
		expected = regdocs_server_options(unconstify(ForeignServer *, like));
		if (strcmp(own->base_url, expected->base_url) != 0 ||
			strcmp(own->upload_url, expected->upload_url) != 0)
			fault = "It leads elsewhere.";
	}
	if (fault != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("server \"%s\" exists already, and is not like \"%s\"",
						server->servername, like->servername),
				 errdetail("%s", fault),
				 errhint("Name as like_server another one, as one of your own: the name begins with its name.")));
}

/* ---- The user mapping ---- */

static bool
has_mapping(Oid serverid)
{
	return SearchSysCacheExists2(USERMAPPINGUSERSERVER,
								 ObjectIdGetDatum(GetUserId()),
								 ObjectIdGetDatum(serverid));
}

/* It is there, and stays as it is. */
static void
check_mapping(const ForeignServer *server, const char *account,
			  const char *token_file)
{
	List	   *options = GetUserMapping(GetUserId(),
										 server->serverid)->options;
	const char *own_account = regdocs_options_find(options, "account_sid");
	const char *own_file = regdocs_options_find(options, "auth_token_file");

	if (own_account != NULL && strcmp(own_account, account) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("user mapping for server \"%s\" is for another account",
						server->servername)));
	if (token_file != NULL &&
		(own_file == NULL || strcmp(own_file, token_file) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("user mapping for server \"%s\" exists already, with another credential",
						server->servername),
				 errhint("Leave out auth_token_file, or change it by ALTER USER MAPPING.")));
}

/*
 * The options of the current role's own mapping, if it may see them.  Who uses
 * a secret without seeing it shall not get to see it in a copy.
 */
static List *
visible_options(Oid serverid)
{
	Oid			types[] = {OIDOID, OIDOID};
	Datum		values[] = {ObjectIdGetDatum(serverid),
	ObjectIdGetDatum(GetUserId())};
	Datum		options;
	bool		isnull;

	if (SPI_execute_with_args("SELECT m.umoptions"
							  " FROM pg_catalog.pg_user_mappings AS m"
							  " WHERE m.srvid OPERATOR(pg_catalog.=) $1"
							  " AND m.umuser OPERATOR(pg_catalog.=) $2",
							  2, types, values, NULL, false, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read user mappings");
	if (SPI_processed == 0)
		return NIL;
	options = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1,
							&isnull);
	return isnull ? NIL : untransformRelOptions(options);
}

static List *
token_options(const char *account, const char *token_file)
{
	return list_make2(makeDefElem("account_sid",
								  (Node *) makeString(pstrdup(account)), -1),
					  makeDefElem("auth_token_file",
								  (Node *) makeString(pstrdup(token_file)), -1));
}

/*
 * May the current role make a user mapping with these options?  One that a
 * superuser made for it may name a file, which it must not name itself.
 */
static bool
may_set(List *options)
{
	return superuser() ||
		(regdocs_options_find(options, "auth_token_file") == NULL &&
		 regdocs_options_find(options, "api_secret_file") == NULL);
}

/* The path with another sid, palloc'd; all sids have one length. */
static char *
replace_sid(const char *path, const char *sid, const char *by)
{
	char	   *result = pstrdup(path);
	char	   *place = result;

	while ((place = strstr(place, sid)) != NULL)
	{
		memcpy(place, by, strlen(by));
		place += strlen(by);
	}
	return result;
}

/*
 * Without a file: what the mapping of the server that it is like has for the
 * same account; or the file beside that one's, where the account's sid is in
 * its path.  NIL: nothing is known.
 */
static List *
derive_options(const ForeignServer *like, const char *account)
{
	List	   *options = visible_options(like->serverid);
	const char *like_account = regdocs_options_find(options, "account_sid");
	const char *file = regdocs_options_find(options, "auth_token_file");

	if (like_account == NULL || !may_set(options))
		return NIL;
	if (strcmp(like_account, account) == 0)
		return options;
	if (file == NULL || strstr(file, like_account) == NULL)
		return NIL;
	return token_options(account, replace_sid(file, like_account, account));
}

static void
create_mapping(const char *server_name, List *options)
{
	CreateUserMappingStmt *statement = makeNode(CreateUserMappingStmt);
	PlannedStmt *planned = makeNode(PlannedStmt);

	statement->user = makeNode(RoleSpec);
	statement->user->roletype = ROLESPEC_CURRENT_USER;
	statement->user->location = -1;
	statement->servername = pstrdup(server_name);
	statement->options = options;
	planned->commandType = CMD_UTILITY;
	planned->utilityStmt = (Node *) statement;
	planned->stmt_location = -1;
	ProcessUtility(planned,
				   psprintf("CREATE USER MAPPING FOR CURRENT_USER SERVER %s",
							quote_identifier(server_name)),
				   false, PROCESS_UTILITY_QUERY, NULL, NULL, None_Receiver,
				   NULL);
	CommandCounterIncrement();
}

static void
make_mapping(const ForeignServer *like, const char *name, const char *account,
			 const char *token_file)
{
	List	   *options = token_file != NULL ?
	token_options(account, token_file) : derive_options(like, account);

	create_mapping(name, options);
	if (options == NIL)
		ereport(NOTICE,
				(errmsg("user mapping for server \"%s\" has no credential yet",
						name),
				 errhint("Use ALTER USER MAPPING FOR CURRENT_USER SERVER %s to add options \"account_sid\" and \"auth_token\", or \"api_key\" and \"api_secret\".",
						 quote_identifier(name))));
}

/* ---- Both ---- */

/*
 * The server of that name, locked against being dropped: not all releases do
 * that for a table that is made on it.  NULL: there is none.
 */
static ForeignServer *
find_server(const char *name)
{
	ForeignServer *server = GetForeignServerByName(name, true);

	while (server != NULL)
	{
		Oid			locked = server->serverid;

		LockDatabaseObject(ForeignServerRelationId, locked, 0,
						   AccessShareLock);

		/* It may have been dropped before it was locked, and made again. */
		server = GetForeignServerByName(name, true);
		if (server != NULL && server->serverid == locked)
			break;
	}
	return server;
}

void
regdocs_login_make(const ForeignServer *like, const char *account,
				   const char *token_file)
{
	char	   *name = regdocs_login_server_name(like, account);
	ForeignServer *server = find_server(name);

	if (server == NULL)
		create_server(like, name);
	else
		check_server(like, server);
	server = GetForeignServerByName(name, false);
	if (has_mapping(server->serverid))
		check_mapping(server, account, token_file);
	else
		make_mapping(like, name, account, token_file);
}

/* Of a query with the server and the current role for parameters. */
static bool
exists(const char *query, Oid serverid)
{
	Oid			types[] = {OIDOID, OIDOID};
	Datum		values[] = {ObjectIdGetDatum(serverid),
	ObjectIdGetDatum(GetUserId())};

	if (SPI_execute_with_args(query, 2, types, values, NULL, false,
							  1) != SPI_OK_SELECT)
		elog(ERROR, "could not look for what uses a server");
	return SPI_processed > 0;
}

void
regdocs_login_drop(const ForeignServer *server)
{
	const char *name = quote_identifier(server->servername);
	bool		may_drop = has_privs_of_role(GetUserId(), server->owner);

	/* Who is adding or dropping another table there is waited for. */
	if (may_drop)
		LockDatabaseObject(ForeignServerRelationId, server->serverid, 0,
						   AccessExclusiveLock);
	if (exists("SELECT FROM pg_catalog.pg_foreign_table AS t"
			   " WHERE t.ftserver OPERATOR(pg_catalog.=) $1"
			   " AND $2 IS NOT NULL", server->serverid))
		return;
	if (has_mapping(server->serverid))
		regdocs_account_execute(psprintf("DROP USER MAPPING FOR CURRENT_USER SERVER %s",
						 name));
	if (!may_drop ||
		exists("SELECT FROM pg_catalog.pg_user_mappings AS m"
			   " WHERE m.srvid OPERATOR(pg_catalog.=) $1"
			   " AND m.umuser OPERATOR(pg_catalog.<>) $2", server->serverid))
	{
		ereport(NOTICE,
				(errmsg("server \"%s\" is left, as others use it",
						server->servername)));
		return;
	}
	regdocs_account_execute(psprintf("DROP SERVER %s", name));
}
