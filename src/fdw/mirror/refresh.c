/*-------------------------------------------------------------------------
 *
 * refresh.c
 *	  SQL function regdocs_refresh(): have a mirror show what the API has now.
 *
 * The list is walked once.  Then the rows of the mirror that it did not have
 * are asked for by their sids, since the list is no snapshot; and then
 * everything that differs is written.  So nothing is locked against anybody
 * but another refresh while the API is waited for, and an error leaves all as
 * it was.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "commands/tablecmds.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/mirror/found.h"
#include "src/fdw/mirror/shape.h"
#include "src/fdw/mirror/statements.h"

PG_FUNCTION_INFO_V1(regdocs_refresh);

/*
 * When a mirror is analyzed: as many rows as these were written.  They are what
 * autovacuum goes by where nobody has set it otherwise.
 */
#define ANALYZE_THRESHOLD		50
#define ANALYZE_SCALE_FACTOR	0.1

/*
 * One refresh at a time: the lock of the table as an object, which nobody else
 * takes.  A lock of the relation would be refused while autovacuum has it.
 */
static void
lock_mirror(Oid relid)
{
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, RelationRelationId, relid, 0);
	if (LockAcquire(&tag, ExclusiveLock, false, true) == LOCKACQUIRE_NOT_AVAIL)
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("could not refresh \"%s\" because it is being refreshed already",
						get_rel_name(relid))));
}

/*
 * The mirror is read without the executor, and locked before it is written, so
 * what the role may do is looked at here.
 */
static void
check_privileges(Oid relid)
{
	const AclMode modes[] = {ACL_SELECT, ACL_INSERT, ACL_UPDATE, ACL_DELETE};

	for (int i = 0; i < (int) lengthof(modes); i++)
	{
		AclResult	result = pg_class_aclcheck(relid, GetUserId(), modes[i]);

		if (result != ACLCHECK_OK)
			aclcheck_error(result,
						   get_relkind_objtype(get_rel_relkind(relid)),
						   get_rel_name(relid));
	}
}

/* Rows that policies hide would look as if they were missing. */
static void
check_visible(Relation rel)
{
	if (check_enable_rls(RelationGetRelid(rel), InvalidOid, false) ==
		RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("cannot refresh by \"%s\" because row-level security may hide rows of it",
						RelationGetRelationName(rel)),
				 errhint("Refresh as a role that its policies do not apply to, as its owner is without FORCE ROW LEVEL SECURITY.")));
}

static void
note_found(const RegdocsShape *shape, const RegdocsFound *found)
{
	int64		still_there = regdocs_found_still_there(found);
	int64		kept = regdocs_found_kept(found);
	const char *name = RelationGetRelationName(shape->target);

	if (still_there > 0)
		ereport(NOTICE,
				(errmsg_plural("%lld %s of \"%s\" is still there, though the list did not have it",
							   "%lld %s of \"%s\" are still there, though the list did not have them",
							   (unsigned long) still_there,
							   (long long) still_there,
							   still_there == 1 ? shape->resource->noun :
							   shape->resource->plural, name)));
	if (kept > 0)
		ereport(NOTICE,
				(errmsg_plural("%lld %s of \"%s\" keeps its old state because it could not be converted",
							   "%lld %s of \"%s\" keep their old state because they could not be converted",
							   (unsigned long) kept, (long long) kept,
							   kept == 1 ? shape->resource->noun :
							   shape->resource->plural, name)));
}

/* Has so much changed that the planner should know? */
static bool
needs_analyze(const RegdocsWritten *written, int64 total)
{
	return written->inserted + written->updated + written->deleted >
		ANALYZE_THRESHOLD + ANALYZE_SCALE_FACTOR * total;
}

/* Rows of the mirror that it had before and that were left alone. */
static int64
refresh(const RegdocsShape *shape, RegdocsWritten *written)
{
	RegdocsFound *found = regdocs_found_begin(shape);
	RegdocsChanges *changes = regdocs_found_changes(found);
	int64		total;

	regdocs_statement_walk(shape, found);
	regdocs_found_look_for_missing(found);
	if (changes->nmissing > 0)
	{
		regdocs_statement_ask(shape, found);
		regdocs_found_look_for_gone(found);
	}
	*written = regdocs_statement_write(shape, changes);
	note_found(shape, found);
	total = regdocs_found_total(found);
	regdocs_found_end(found);
	if (needs_analyze(written, total) &&
		regdocs_owns_relation(RelationGetRelid(shape->target)))
		regdocs_statement_analyze(shape);
	return total - written->updated - written->deleted;
}

static Datum
make_result(FunctionCallInfo fcinfo, const RegdocsWritten *written,
			int64 unchanged)
{
	TupleDesc	desc;
	Datum		values[4];
	bool		nulls[4] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = Int64GetDatum(written->inserted);
	values[1] = Int64GetDatum(written->updated);
	values[2] = Int64GetDatum(written->deleted);
	values[3] = Int64GetDatum(unchanged);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values,
											 nulls));
}

static Oid
relation_argument(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", name)));
	return PG_GETARG_OID(argument);
}

Datum
regdocs_refresh(PG_FUNCTION_ARGS)
{
	Oid			source_relid = relation_argument(fcinfo, 0, "source");
	Oid			target_relid = relation_argument(fcinfo, 1, "target");
	Relation	source;
	Relation	target;
	RegdocsShape *shape;
	RegdocsWritten written;
	int64		unchanged;

	PreventCommandIfReadOnly("regdocs_refresh()");
	check_privileges(target_relid);
	lock_mirror(target_relid);
	source = relation_open(source_relid, AccessShareLock);
	target = relation_open(target_relid, RowExclusiveLock);
	shape = regdocs_shape_of(source);
	regdocs_shape_fit(shape, target);
	check_visible(source);
	check_visible(target);
	CheckTableNotInUse(target, "refresh");

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	unchanged = refresh(shape, &written);
	SPI_finish();
	relation_close(target, NoLock);
	relation_close(source, NoLock);
	return make_result(fcinfo, &written, unchanged);
}
