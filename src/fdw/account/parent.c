/*-------------------------------------------------------------------------
 *
 * parent.c
 *	  A table that is partitioned by account, and its partitions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/objectaddress.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "partitioning/partbounds.h"
#include "partitioning/partdesc.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"

#include "src/fdw/account/parent.h"
#include "src/fdw/account/statement.h"
#include "src/fdw/base/compat.h"
#include "src/fdw/read/plan.h"
#include "src/resource/family.h"

bool
regdocs_is_our_server(Oid serverid)
{
	return GetFdwRoutineByServerId(serverid)->GetForeignRelSize ==
		regdocsGetForeignRelSize;
}

bool
regdocs_is_our_table(Oid relid)
{
	return get_rel_relkind(relid) == RELKIND_FOREIGN_TABLE &&
		regdocs_is_our_server(GetForeignServerIdByRelId(relid));
}

static void
check_key(Relation parent)
{
	PartitionKey key = NULL;

	if (parent->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
		key = RelationGetPartitionKey(parent);
	if (key == NULL || key->strategy != PARTITION_STRATEGY_LIST ||
		key->partattrs[0] == 0)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not partitioned by account",
						RelationGetRelationName(parent)),
				 errhint("It must be a table with PARTITION BY LIST (account_sid), or by another column that shows that field.")));
}

Relation
regdocs_parent_open(Oid relid, LOCKMODE lockmode)
{
	Relation	parent;

	if (!regdocs_owns_relation(relid))
		aclcheck_error(ACLCHECK_NOT_OWNER,
					   get_relkind_objtype(get_rel_relkind(relid)),
					   get_rel_name(relid));
	/* It may have been dropped, and a superuser owns that as well. */
	parent = try_relation_open(relid, lockmode);
	if (parent == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relid)));
	check_key(parent);
	return parent;
}

/* The account as a value of the column that the table is partitioned by. */
static Datum
key_value(PartitionKey key, const char *account)
{
	Oid			function;
	Oid			ioparam;

	getTypeInputInfo(key->parttypid[0], &function, &ioparam);
	return OidInputFunctionCall(function, unconstify(char *, account), ioparam,
								key->parttypmod[0]);
}

Oid
regdocs_parent_find(Relation parent, const char *account, bool *alone)
{
	PartitionKey key = RelationGetPartitionKey(parent);
	PartitionDesc desc = RelationGetPartitionDesc(parent, false);
	PartitionBoundInfo bounds = desc->boundinfo;
	bool		is_equal = false;
	int			place;
	int			index;

	if (desc->nparts == 0)
		return InvalidOid;
	place = partition_list_bsearch(key->partsupfunc, key->partcollation,
								   bounds, key_value(key, account), &is_equal);
	if (place < 0 || !is_equal)
		return InvalidOid;
	index = bounds->indexes[place];
	*alone = bounds->null_index != index;
	for (int i = 0; i < bounds->ndatums; i++)
	{
		if (i != place && bounds->indexes[i] == index)
			*alone = false;
	}
	return desc->oids[index];
}

/* ---- What partitions are like ---- */

/* Of a partition; its columns have the names that the parent's have. */
static RegdocsTemplate
describe(Relation parent, Oid relid)
{
	TupleDesc	desc = RelationGetDescr(parent);
	StringInfoData options;
	StringInfoData columns;
	RegdocsTemplate result;

	initStringInfo(&options);
	initStringInfo(&columns);
	regdocs_account_append_options(&options, "",
								   GetForeignTable(relid)->options);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		AttrNumber	attnum;
		List	   *of_column;

		if (att->attisdropped)
			continue;
		attnum = get_attnum(relid, NameStr(att->attname));
		of_column = GetForeignColumnOptions(relid, attnum);
		if (of_column == NIL)
			continue;
		appendStringInfo(&columns, "%sALTER COLUMN %s",
						 columns.len > 0 ? ", " : "",
						 quote_identifier(NameStr(att->attname)));
		regdocs_account_append_options(&columns, "ADD ", of_column);
	}
	result.options = options.data;
	result.columns = columns.data;
	return result;
}

static RegdocsTemplate
describe_by_name(Relation parent)
{
	const char *name = RelationGetRelationName(parent);
	const RdapiResource *resource = rdapi_resource_find(name);
	RegdocsTemplate result;

	if (resource == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("cannot tell which resource partitions of \"%s\" are of",
						name),
				 errdetail("It has no partition of regdocs_fdw yet, and its name is that of no resource."),
				 errhint("Create the first one by CREATE FOREIGN TABLE ... PARTITION OF, with the option \"resource\".")));
	result.options = psprintf(" OPTIONS (resource %s)",
							  quote_literal_cstr(resource->name));
	result.columns = "";
	return result;
}

RegdocsTemplate
regdocs_parent_template(Relation parent, Oid serverid)
{
	List	   *ours = NIL;
	List	   *there = NIL;
	RegdocsTemplate first = {0};
	ListCell   *cell;

	foreach(cell, find_inheritance_children(RelationGetRelid(parent),
											AccessShareLock))
	{
		if (!regdocs_is_our_table(lfirst_oid(cell)))
			continue;
		ours = lappend_oid(ours, lfirst_oid(cell));
		if (GetForeignServerIdByRelId(lfirst_oid(cell)) == serverid)
			there = lappend_oid(there, lfirst_oid(cell));
	}
	if (ours == NIL)
		return describe_by_name(parent);
	foreach(cell, there != NIL ? there : ours)
	{
		RegdocsTemplate next = describe(parent, lfirst_oid(cell));

		if (first.options == NULL)
			first = next;
		else if (strcmp(first.options, next.options) != 0 ||
				 strcmp(first.columns, next.columns) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("cannot tell what another partition of \"%s\" is to be like",
							RelationGetRelationName(parent)),
					 errdetail("Its partitions differ in their options, or in those of their columns."),
					 errhint("Name as like_server the server of the partition that it is to be like.")));
	}
	return first;
}
