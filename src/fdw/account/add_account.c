/*-------------------------------------------------------------------------
 *
 * add_account.c
 *	  SQL function regdocs_add_account(): a partition for another account, with
 *	  a server and a user mapping for it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/rel.h"

#include "src/fdw/account/login.h"
#include "src/fdw/account/parent.h"
#include "src/fdw/account/statement.h"
#include "src/fdw/base/compat.h"
#include "src/fdw/base/options.h"
#include "src/fdw/mirror/shape.h"
#include "src/fdw/row/columns.h"

PG_FUNCTION_INFO_V1(regdocs_add_account);

/* Does the column that the table is partitioned by show the account? */
static void
check_partition(const char *parent, const char *key, Oid relid)
{
	AttrNumber	attnum = get_attnum(relid, key);
	Relation	rel = relation_open(relid, NoLock);
	ForeignTable *table = GetForeignTable(relid);
	ForeignServer *server = GetForeignServer(table->serverid);
	const RdapiResource *resource =
	regdocs_table_options(table, server)->resource;
	RegdocsColumns *columns = regdocs_columns_resolve(rel, resource);
	int			field = columns->fields[attnum - 1];

	if (field < 0 ||
		(resource->fields[field].flags & RDAPI_FIELD_ACCOUNT) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not partitioned by account",
						parent),
				 errdetail("Its column \"%s\" shows \"%s\".", key,
						   regdocs_columns_field_name(columns, attnum))));
	relation_close(rel, NoLock);
}

/* What the partition is made of, while the parent is not open. */
typedef struct Parent
{
	Oid			relid;
	const char *name;
	const char *key;			/* the column that it is partitioned by */
	bool		has_row_security;
	RegdocsTemplate like;
} Parent;

/* Names are qualified, so it does not matter what is in the search path. */
static Oid
create_partition(const Parent *parent, const char *account,
				 const char *server_name)
{
	Oid			schema = get_rel_namespace(parent->relid);
	char	   *name = ChooseRelationName(parent->name, NULL, account, schema,
										  false);
	char	   *quoted =
	quote_qualified_identifier(get_namespace_name(schema), name);
	Oid			relid;

	regdocs_account_execute(psprintf("CREATE FOREIGN TABLE %s PARTITION OF %s"
					 " FOR VALUES IN (%s) SERVER %s%s",
					 quoted, regdocs_shape_relation_name(parent->relid),
					 quote_literal_cstr(account),
					 quote_identifier(server_name), parent->like.options));
	if (parent->like.columns[0] != '\0')
		regdocs_account_execute(psprintf("ALTER FOREIGN TABLE %s %s", quoted,
						 parent->like.columns));
	relid = get_relname_relid(name, schema);
	check_partition(parent->name, parent->key, relid);
	return relid;
}

/* ---- Grants ---- */

/* Privileges of others on the parent and on columns of it, in any order. */
static const char *const grants_query =
"SELECT a.privilege_type, NULL::pg_catalog.name, a.grantee, a.is_grantable"
" FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a"
" WHERE c.oid OPERATOR(pg_catalog.=) $1"
" AND a.grantee OPERATOR(pg_catalog.<>) c.relowner"
" UNION ALL "
"SELECT a.privilege_type, t.attname, a.grantee, a.is_grantable"
" FROM pg_catalog.pg_class AS c"
" JOIN pg_catalog.pg_attribute AS t ON t.attrelid OPERATOR(pg_catalog.=) c.oid,"
" pg_catalog.aclexplode(t.attacl) AS a"
" WHERE c.oid OPERATOR(pg_catalog.=) $1 AND NOT t.attisdropped"
" AND a.grantee OPERATOR(pg_catalog.<>) c.relowner";

/* Who has privileges on the partition, by ALTER DEFAULT PRIVILEGES. */
static const char *const grantees_query =
"SELECT DISTINCT a.grantee"
" FROM pg_catalog.pg_class AS c, pg_catalog.aclexplode(c.relacl) AS a"
" WHERE c.oid OPERATOR(pg_catalog.=) $1"
" AND a.grantee OPERATOR(pg_catalog.<>) c.relowner";

/* SPI_execute_with_args() of one oid; rows, of which *nrows is the number. */
static SPITupleTable *
select_by_oid(const char *sql, Oid relid, uint64 *nrows)
{
	Oid			types[] = {OIDOID};
	Datum		values[] = {ObjectIdGetDatum(relid)};

	if (SPI_execute_with_args(sql, 1, types, values, NULL, false,
							  0) != SPI_OK_SELECT)
		elog(ERROR, "could not read privileges");
	*nrows = SPI_processed;
	return SPI_tuptable;
}

/* Of the role whose oid is in that column, as GRANT has it. */
static const char *
role_name(HeapTuple tuple, TupleDesc desc, int column)
{
	bool		isnull;
	Oid			role = DatumGetObjectId(SPI_getbinval(tuple, desc, column,
													  &isnull));

	return OidIsValid(role) ?
		quote_identifier(GetUserNameFromId(role, false)) : "PUBLIC";
}

static void
grant(const char *partition, HeapTuple tuple, TupleDesc desc)
{
	char	   *privilege = SPI_getvalue(tuple, desc, 1);
	char	   *column = SPI_getvalue(tuple, desc, 2);
	bool		isnull;
	bool		grantable = DatumGetBool(SPI_getbinval(tuple, desc, 4,
													   &isnull));

	regdocs_account_execute(psprintf("GRANT %s%s ON %s TO %s%s", privilege,
					 column == NULL ? "" :
					 psprintf(" (%s)", quote_identifier(column)),
					 partition, role_name(tuple, desc, 3),
					 grantable ? " WITH GRANT OPTION" : ""));
}

static void
revoke_defaults(Oid relid)
{
	uint64		nrows;
	SPITupleTable *rows = select_by_oid(grantees_query, relid, &nrows);

	for (uint64 i = 0; i < nrows; i++)
		regdocs_account_execute(psprintf("REVOKE ALL ON %s FROM %s",
						 regdocs_shape_relation_name(relid),
						 role_name(rows->vals[i], rows->tupdesc, 1)));
}

/*
 * Carry them over to the partition, which gets no others.  Policies of the
 * parent do not hold for whoever reads its partition by its own name: then
 * nobody may.
 */
static void
carry_grants(const Parent *parent, Oid relid)
{
	char	   *partition = regdocs_shape_relation_name(relid);
	uint64		nrows;
	SPITupleTable *rows = select_by_oid(grants_query, parent->relid, &nrows);

	revoke_defaults(relid);
	if (nrows > 0 && parent->has_row_security)
	{
		ereport(NOTICE,
				(errmsg("privileges on \"%s\" are not carried over to its partition, as it has row-level security",
						parent->name),
				 errdetail("They suffice for whoever reads the partition by its parent.")));
		return;
	}
	for (uint64 i = 0; i < nrows; i++)
		grant(partition, rows->vals[i], rows->tupdesc);
}

/* ---- The function ---- */

static ForeignServer *
like_server(const char *name)
{
	ForeignServer *server = GetForeignServerByName(name, false);

	if (!regdocs_is_our_server(server->serverid))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("server \"%s\" is not one of regdocs_fdw", name)));
	return server;
}

/*
 * Look at the parent, and close it: what is in use gets no partition.  It stays
 * locked, as it is now.
 */
static Parent
open_parent(Oid relid, const char *account, Oid like_server)
{
	Relation	rel = regdocs_parent_open(relid, ShareUpdateExclusiveLock);
	Parent		parent = {0};
	bool		alone;
	Oid			there;

	there = regdocs_parent_find(rel, account, &alone);
	if (OidIsValid(there))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("\"%s\" has a partition for account %s already",
						RelationGetRelationName(rel), account),
				 errdetail("It is \"%s\".", get_rel_name(there))));
	parent.relid = relid;
	parent.name = pstrdup(RelationGetRelationName(rel));
	parent.key = get_attname(relid,
							 RelationGetPartitionKey(rel)->partattrs[0],
							 false);
	parent.has_row_security = rel->rd_rel->relrowsecurity;
	parent.like = regdocs_parent_template(rel, like_server);
	relation_close(rel, NoLock);
	return parent;
}

Datum
regdocs_add_account(PG_FUNCTION_ARGS)
{
	const char *const names[] = {"parent", "account_sid", "like_server"};
	char	   *account;
	char	   *file;
	ForeignServer *like;
	Parent		parent;
	Oid			relid;

	regdocs_account_check_nulls(fcinfo, names, lengthof(names));
	PreventCommandIfReadOnly("regdocs_add_account()");
	account = regdocs_account_argument(PG_GETARG_TEXT_PP(1));
	like = like_server(NameStr(*PG_GETARG_NAME(2)));
	file = PG_ARGISNULL(3) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(3));
	parent = open_parent(PG_GETARG_OID(0), account, like->serverid);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	regdocs_login_make(like, account, file);
	relid = create_partition(&parent, account,
							 regdocs_login_server_name(like, account));
	carry_grants(&parent, relid);
	SPI_finish();
	PG_RETURN_OID(relid);
}
