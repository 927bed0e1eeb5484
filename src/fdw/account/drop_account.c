/*-------------------------------------------------------------------------
 *
 * drop_account.c
 *	  SQL function regdocs_drop_account(): an account's partition, and its
 *	  server and user mapping once nothing else uses them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "src/fdw/account/login.h"
#include "src/fdw/account/parent.h"
#include "src/fdw/account/statement.h"
#include "src/fdw/mirror/shape.h"
#include "src/fdw/write/xact.h"

PG_FUNCTION_INFO_V1(regdocs_drop_account);

static Oid
find_partition(Relation parent, const char *account)
{
	bool		alone = false;
	Oid			relid = regdocs_parent_find(parent, account, &alone);

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("\"%s\" has no partition for account %s",
						RelationGetRelationName(parent), account)));
	if (!alone)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("partition \"%s\" is not for account %s alone",
						get_rel_name(relid), account)));
	if (!regdocs_is_our_table(relid))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a foreign table of regdocs_fdw",
						get_rel_name(relid))));
	return relid;
}

/* They would find no server when they are sent. */
static void
check_writes(const ForeignServer *server)
{
	if (regdocs_xact_waits_for(server->serverid))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("cannot drop an account while writes to server \"%s\" wait for the commit",
						server->servername),
				 errhint("Commit before.")));
}

Datum
regdocs_drop_account(PG_FUNCTION_ARGS)
{
	const char *const names[] = {"parent", "account_sid"};
	Relation	parent;
	char	   *account;
	Oid			relid;
	ForeignServer *server;

	regdocs_account_check_nulls(fcinfo, names, lengthof(names));
	PreventCommandIfReadOnly("regdocs_drop_account()");
	account = regdocs_account_argument(PG_GETARG_TEXT_PP(1));
	/* As DROP locks it: two that held less would wait for one another. */
	parent = regdocs_parent_open(PG_GETARG_OID(0), AccessExclusiveLock);
	relid = find_partition(parent, account);
	server = GetForeignServer(GetForeignServerIdByRelId(relid));
	check_writes(server);

	/* DROP refuses a table that is in use, but not while it is open here. */
	relation_close(parent, NoLock);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	regdocs_account_execute(psprintf("DROP FOREIGN TABLE %s",
									 regdocs_shape_relation_name(relid)));
	if (regdocs_login_is_server_name(server->servername, account))
		regdocs_login_drop(server);
	SPI_finish();
	PG_RETURN_VOID();
}
