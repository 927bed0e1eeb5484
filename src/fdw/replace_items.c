/*-------------------------------------------------------------------------
 *
 * replace_items.c
 *	  SQL function regdocs_replace_items(): put the items of a bundle's copy in
 *	  the place of its own.
 *
 * It is one write, made as those of statements are: so a cancel, a doubt, an
 * error and a rollback are told of in the same way.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/objectaddress.h"
#include "fmgr.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "src/fdw/base/options.h"
#include "src/fdw/base/report.h"
#include "src/fdw/row/bound.h"
#include "src/fdw/write/modify_plan.h"
#include "src/fdw/write/xact.h"
#include "src/resource/family.h"

PG_FUNCTION_INFO_V1(regdocs_replace_items);

static void
check_privilege(Oid relid)
{
	AclResult	result = pg_class_aclcheck(relid, GetUserId(), ACL_UPDATE);

	if (result != ACLCHECK_OK)
		aclcheck_error(result, get_relkind_objtype(get_rel_relkind(relid)),
					   get_rel_name(relid));
}

/* The server of a foreign table of bundles, which can be written to now. */
static Oid
check_table(Relation rel)
{
	const char *name = RelationGetRelationName(rel);
	ForeignTable *table = NULL;
	RegdocsTableOptions *options = NULL;

	if (rel->rd_rel->relkind == RELKIND_FOREIGN_TABLE &&
		GetFdwRoutineForRelation(rel, false)->PlanForeignModify ==
		regdocsPlanForeignModify)
	{
		table = GetForeignTable(RelationGetRelid(rel));
		options = regdocs_table_options(table,
										GetForeignServer(table->serverid));
	}
	if (options == NULL || options->resource != &rdapi_bundles)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a foreign table of bundles", name),
				 errhint("It must be one of regdocs_fdw, with the option resource 'bundles'.")));
	if (!options->updatable)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("foreign table \"%s\" does not allow updates", name),
				 errdetail("Option \"updatable\" of the foreign table or of its server is false.")));
	if (options->write_mode == REGDOCS_WRITE_AT_COMMIT)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot replace items by foreign table \"%s\", as its writes wait for the commit",
						name),
				 errhint("Use a foreign table with write_mode 'immediate'.")));
	return table->serverid;
}

/* The argument as the sid of a bundle, palloc'd. */
static char *
check_sid(FunctionCallInfo fcinfo, int argument, const char *name)
{
	char	   *sid;

	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
	sid = text_to_cstring(PG_GETARG_TEXT_PP(argument));
	if (!rdapi_sid_is_valid(rdapi_bundles.sid_prefix, sid, strlen(sid)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is not the sid of a bundle", name),
				 errhint("It must be \"%s\" and 32 hexadecimal digits.",
						 rdapi_bundles.sid_prefix)));
	return sid;
}

/* What waits for the commit would be overtaken. */
static void
check_queue(const char *sid)
{
	if (regdocs_xact_is_queued(sid))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot replace the items of bundle %s at once", sid),
				 errdetail("An earlier write to it, in the same transaction, waits for the commit."),
				 errhint("Commit before.")));
}

/* malloc's, like all requests. */
static RdapiRequest *
make_request(const char *bundle_sid, const char *from_sid)
{
	RdapiTarget target = {&rdapi_replace_items, bundle_sid};
	int			field = rdapi_resource_field(&rdapi_replace_items,
											 "from_bundle_sid");
	const char *parameter = rdapi_replace_items.fields[field].form_name;
	RdapiError	error;
	RdapiRequest *request;

	rdapi_error_clear(&error);
	request = rdapi_request_create(&target, &error);
	if (request != NULL &&
		!rdapi_request_add_parameter(request, parameter, from_sid,
									 strlen(from_sid), &error))
	{
		rdapi_request_free(request);
		request = NULL;
	}
	if (request == NULL)
		regdocs_report(ERROR, &error, NULL);
	return request;
}

/* To the bundle, it is a change: so it is counted, and told at a rollback. */
static void
send(Relation rel, Oid serverid, const char *bundle_sid, const char *from_sid)
{
	RegdocsColumns *columns = regdocs_columns_resolve(rel, &rdapi_bundles);
	RegdocsWriter *writer = regdocs_xact_open(NULL);
	RegdocsQueue *queue = regdocs_writer_queue(writer, GetUserId(), serverid,
											   &rdapi_bundles, 0);

	regdocs_bound_check_write(regdocs_bound_new(rel, columns),
							  regdocs_queue_account(queue));
	if (regdocs_writer_dry_run(writer) != NULL)
		regdocs_dry_run_count(regdocs_writer_dry_run(writer), serverid,
							  make_request(bundle_sid, from_sid));
	else
		regdocs_queue_add(queue, make_request(bundle_sid, from_sid),
						  bundle_sid, NULL);
	regdocs_xact_close(writer);
}

Datum
regdocs_replace_items(PG_FUNCTION_ARGS)
{
	Relation	rel;
	Oid			serverid;
	char	   *bundle_sid;
	char	   *from_sid;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", "bundles")));
	check_privilege(PG_GETARG_OID(0));
	rel = relation_open(PG_GETARG_OID(0), RowExclusiveLock);
	serverid = check_table(rel);
	bundle_sid = check_sid(fcinfo, 1, "bundle_sid");
	from_sid = check_sid(fcinfo, 2, "from_bundle_sid");
	PreventCommandIfReadOnly("regdocs_replace_items()");
	check_queue(bundle_sid);
	check_queue(from_sid);
	send(rel, serverid, bundle_sid, from_sid);
	relation_close(rel, NoLock);
	PG_RETURN_VOID();
}
