/*-------------------------------------------------------------------------
 *
 * shape.c
 *	  What is mirrored and where to: the columns of a foreign table, of its
 *	  mirror and of the mirror's history.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/syscache.h"

#include "src/fdw/base/options.h"
#include "src/fdw/mirror/shape.h"
#include "src/fdw/read/plan.h"
#include "src/fdw/row/columns.h"

/* A column of a history, as the functions make and fill it. */
typedef struct HistoryColumn
{
	const char *name;
	Oid			type;
	bool		not_null;
} HistoryColumn;

static const HistoryColumn history_columns[] =
{
	{"changed_at", TIMESTAMPTZOID, true},
	{"change", TEXTOID, true},
	{"sid", TEXTOID, true},
	{"old_status", TEXTOID, false},
	{"new_status", TEXTOID, false},
	{"old", JSONBOID, false},
	{"new", JSONBOID, false}
};

char *
regdocs_shape_relation_name(Oid relid)
{
	char	   *schema = get_namespace_name(get_rel_namespace(relid));

	return quote_qualified_identifier(schema, get_rel_name(relid));
}

char *
regdocs_shape_history_definition(void)
{
	StringInfoData definition;

	initStringInfo(&definition);
	for (int i = 0; i < (int) lengthof(history_columns); i++)
		appendStringInfo(&definition, "%s%s %s%s", i > 0 ? ", " : "",
						 history_columns[i].name,
						 format_type_be_qualified(history_columns[i].type),
						 history_columns[i].not_null ? " NOT NULL" : "");
	return definition.data;
}

/* ---- The source ---- */

/* Is it a foreign table that this extension reads? */
static bool
is_ours(Relation rel)
{
	return rel->rd_rel->relkind == RELKIND_FOREIGN_TABLE &&
		GetFdwRoutineForRelation(rel, false)->GetForeignRelSize ==
		regdocsGetForeignRelSize;
}

static void
check_is_ours(Relation rel, Relation source)
{
	if (is_ours(rel))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("\"%s\" is not a foreign table of regdocs_fdw",
					RelationGetRelationName(rel)),
			 rel == source ? 0 :
			 errdetail("It is a partition of \"%s\".",
					   RelationGetRelationName(source)),
			 errhint("A mirror has for its source such a foreign table, or a partitioned table that has only such partitions. One of another server can be mirrored on the server that it is on.")));
}

static RegdocsColumns *
resolve(Relation rel)
{
	ForeignTable *table = GetForeignTable(RelationGetRelid(rel));
	ForeignServer *server = GetForeignServer(table->serverid);

	return regdocs_columns_resolve(rel,
								   regdocs_table_options(table,
														 server)->resource);
}

static void
report_different(Relation source, Relation partition, const char *difference)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("cannot mirror partitioned table \"%s\"",
					RelationGetRelationName(source)),
			 errdetail("Its partition \"%s\" shows %s than another one.",
					   RelationGetRelationName(partition), difference)));
}

/*
 * What the columns of a partitioned table show, by those of a partition, which
 * have the same names.  It has to be what the partitions before it show.
 */
static RegdocsColumns *
merge_partition(Relation source, Relation partition, RegdocsColumns *before)
{
	RegdocsColumns *own = resolve(partition);
	TupleDesc	desc = RelationGetDescr(source);
	RegdocsColumns *columns = palloc(sizeof(RegdocsColumns));

	columns->resource = own->resource;
	columns->natts = desc->natts;
	columns->fields = palloc(sizeof(int) * Max(desc->natts, 1));
	if (before != NULL && before->resource != own->resource)
		report_different(source, partition, "another resource");
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		columns->fields[i] = att->attisdropped ? REGDOCS_FIELD_NONE :
			own->fields[get_attnum(RelationGetRelid(partition),
								   NameStr(att->attname)) - 1];
		if (before != NULL && before->fields[i] != columns->fields[i])
			report_different(source, partition,
							 psprintf("another field in column \"%s\"",
									  NameStr(att->attname)));
	}
	return columns;
}

/* The partitions stay locked until the end of the transaction. */
static RegdocsColumns *
resolve_partitions(Relation source)
{
	List	   *relids = find_all_inheritors(RelationGetRelid(source),
											 AccessShareLock, NULL);
	RegdocsColumns *columns = NULL;
	ListCell   *cell;

	foreach(cell, relids)
	{
		Relation	rel = table_open(lfirst_oid(cell), NoLock);

		if (rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		{
			check_is_ours(rel, source);
			columns = merge_partition(source, rel, columns);
		}
		table_close(rel, NoLock);
	}
	if (columns == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("partitioned table \"%s\" has no partitions to mirror",
						RelationGetRelationName(source))));
	return columns;
}

static void
add_column(RegdocsShape *shape, Form_pg_attribute att)
{
	RegdocsMirrorColumn *column = &shape->columns[shape->ncolumns++];

	column->name = pstrdup(NameStr(att->attname));
	column->quoted = pstrdup(quote_identifier(column->name));
	column->attnum = att->attnum;
	column->type = att->atttypid;
	column->typmod = att->atttypmod;
	column->collation = att->attcollation;
	column->by_value = att->attbyval;
	column->length = att->attlen;
}

static void
add_columns(RegdocsShape *shape, const RegdocsColumns *columns)
{
	const RdapiResource *resource = columns->resource;
	TupleDesc	desc = RelationGetDescr(shape->source);
	int			status_field = rdapi_resource_field(resource, "status");
	int		   *special;

	shape->columns = palloc0(sizeof(RegdocsMirrorColumn) * Max(desc->natts, 1));
	for (int i = 0; i < desc->natts; i++)
	{
		int			field = columns->fields[i];

		if (field == REGDOCS_FIELD_NONE ||
			(field >= 0 &&
			 (resource->fields[field].flags & RDAPI_FIELD_WRITE_ONLY) != 0))
			continue;
		special = field < 0 ? NULL :
			field == resource->sid_field ? &shape->sid :
			field == resource->parent_field ? &shape->parent :
			field == status_field ? &shape->status : NULL;
		if (special != NULL && *special == REGDOCS_NO_COLUMN)
			*special = shape->ncolumns;
		add_column(shape, TupleDescAttr(desc, i));
	}
}

/* The column by whose values alone the source is partitioned; 0: none. */
static AttrNumber
partition_column(Relation source)
{
	PartitionKey key;

	if (source->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		return 0;
	key = RelationGetPartitionKey(source);
	return key->partnatts == 1 ? key->partattrs[0] : 0;
}

/* The column of the shape for that attribute. */
static int
column_of(const RegdocsShape *shape, AttrNumber attnum)
{
	for (int i = 0; i < shape->ncolumns; i++)
	{
		if (shape->columns[i].attnum == attnum)
			return i;
	}
	return REGDOCS_NO_COLUMN;
}

static void
check_key(const RegdocsShape *shape, int column, int field)
{
	const char *table = RelationGetRelationName(shape->source);
	const char *name = shape->resource->fields[field].name;

	if (column == REGDOCS_NO_COLUMN)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("cannot mirror \"%s\" because it has no column for \"%s\"",
						table, name),
				 errdetail("It is needed to ask for what the list has missed.")));
	if (shape->columns[column].type != TEXTOID &&
		shape->columns[column].type != VARCHAROID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("cannot mirror \"%s\" because of the type of its column \"%s\"",
						table, shape->columns[column].name),
				 errhint("It must be text or varchar.")));
}

RegdocsShape *
regdocs_shape_of(Relation source)
{
	RegdocsShape *shape = palloc0(sizeof(RegdocsShape));
	RegdocsColumns *columns;

	if (source->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
		columns = resolve_partitions(source);
	else
	{
		check_is_ours(source, source);
		columns = resolve(source);
	}
	shape->resource = columns->resource;
	if (!rdapi_resource_can(shape->resource, RDAPI_CAN_LIST))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot mirror \"%s\"",
						RelationGetRelationName(source)),
				 errdetail("The API creates %s, but does not list them.",
						   shape->resource->plural)));
	shape->source = source;
	shape->source_name =
		regdocs_shape_relation_name(RelationGetRelid(source));
	shape->sid = shape->status = shape->parent = REGDOCS_NO_COLUMN;
	add_columns(shape, columns);
	check_key(shape, shape->sid, shape->resource->sid_field);
	if (shape->resource->parent != NULL)
		check_key(shape, shape->parent, shape->resource->parent_field);
	shape->partition = column_of(shape, partition_column(source));
	return shape;
}

/* ---- The target ---- */

static void
check_target(Relation target)
{
	if (target->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("cannot refresh \"%s\" because it is not a table",
						RelationGetRelationName(target)),
				 errhint("regdocs_create_snapshot() makes the table that can be.")));
}

/* Both have to be alike in that column, or rows could not be compared. */
static void
check_column(const RegdocsShape *shape, const RegdocsMirrorColumn *column,
			 Form_pg_attribute att)
{
	const char *table = NameStr(shape->target->rd_rel->relname);

	if (att->atttypid != column->type || att->atttypmod != column->typmod)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of \"%s\" is of type %s, and of type %s in \"%s\"",
						column->name, table,
						format_type_with_typemod(att->atttypid,
												 att->atttypmod),
						format_type_with_typemod(column->type,
												 column->typmod),
						RelationGetRelationName(shape->source)),
				 errhint("Change one of them by ALTER COLUMN ... TYPE.")));
	if (att->attgenerated != '\0' || att->attidentity != '\0')
		ereport(ERROR,
				(errcode(ERRCODE_GENERATED_ALWAYS),
				 errmsg("cannot refresh \"%s\" because its column \"%s\" is generated",
						table, column->name),
				 errdetail("\"%s\" has a column of that name, which would be written to it.",
						   RelationGetRelationName(shape->source))));
}

/*
 * Leave those columns alone that the target has, too.  Those that it lacks are
 * not mirrored; those that only it has are its owner's.
 */
static void
match_columns(RegdocsShape *shape)
{
	Oid			relid = RelationGetRelid(shape->target);
	int		   *special[] = {&shape->sid, &shape->status, &shape->parent,
	&shape->partition};
	int			moved[lengthof(special)];
	int			n = 0;

	for (int k = 0; k < (int) lengthof(special); k++)
		moved[k] = REGDOCS_NO_COLUMN;
	for (int i = 0; i < shape->ncolumns; i++)
	{
		RegdocsMirrorColumn column = shape->columns[i];
		AttrNumber	attnum = get_attnum(relid, column.name);

		if (attnum <= 0)
			continue;
		check_column(shape, &column,
					 TupleDescAttr(RelationGetDescr(shape->target),
								   attnum - 1));
		column.attnum = attnum;
		/* Where SQL compares rows, both sides need the same. */
		column.collation =
			TupleDescAttr(RelationGetDescr(shape->target),
						  attnum - 1)->attcollation;
		for (int k = 0; k < (int) lengthof(special); k++)
		{
			if (*special[k] == i)
				moved[k] = n;
		}
		shape->columns[n++] = column;
	}
	shape->ncolumns = n;
	for (int k = 0; k < (int) lengthof(special); k++)
		*special[k] = moved[k];
}

static void
check_target_key(const RegdocsShape *shape, int column, const char *name)
{
	if (column == REGDOCS_NO_COLUMN)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("cannot refresh \"%s\" because it has no column \"%s\"",
						NameStr(shape->target->rd_rel->relname), name)));
}

/* Is it one by which a row can be found that has a sid? */
static bool
is_usable(Relation index, AttrNumber attnum)
{
	Form_pg_index form = index->rd_index;

	return index->rd_rel->relam == BTREE_AM_OID &&
		form->indisunique && form->indisvalid && form->indisready &&
		form->indnkeyatts == 1 && form->indkey.values[0] == attnum &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL);
}

static Oid
find_index(const RegdocsShape *shape)
{
	const RegdocsMirrorColumn *sid = &shape->columns[shape->sid];
	Oid			found = InvalidOid;
	ListCell   *cell;

	foreach(cell, RelationGetIndexList(shape->target))
	{
		Relation	index = relation_open(lfirst_oid(cell), AccessShareLock);

		if (is_usable(index, sid->attnum))
			found = lfirst_oid(cell);
		relation_close(index, NoLock);
		if (OidIsValid(found))
			return found;
	}
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("cannot refresh \"%s\" because its column \"%s\" is not unique",
					RelationGetRelationName(shape->target), sid->name),
			 errhint("Make it the primary key, or create a unique index on it alone.")));
}

/* What is missing of a history, or in another type; NULL: nothing. */
static const char *
history_fault(Oid relid)
{
	for (int i = 0; i < (int) lengthof(history_columns); i++)
	{
		AttrNumber	attnum = get_attnum(relid, history_columns[i].name);

		if (attnum <= 0 ||
			get_atttype(relid, attnum) != history_columns[i].type)
			return psprintf("Its column \"%s\" is missing, or not of type %s.",
							history_columns[i].name,
							format_type_be(history_columns[i].type));
	}
	return NULL;
}

static Oid
owner_of(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/* It stays locked until the end of the transaction. */
static void
find_history(RegdocsShape *shape)
{
	const char *target = RelationGetRelationName(shape->target);
	char	   *name = psprintf("%s" REGDOCS_HISTORY_SUFFIX, target);
	Oid			relid = get_relname_relid(name,
										  RelationGetNamespace(shape->target));
	const char *fault;

	if (!OidIsValid(relid) || get_rel_relkind(relid) != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("cannot refresh \"%s\" because there is no table \"%s\"",
						target, name),
				 errdetail("A mirror has its history beside it, in the same schema."),
				 errhint("regdocs_create_snapshot() makes both; where one is renamed or moved, the other has to be, too.")));
	LockRelationOid(relid, RowExclusiveLock);
	fault = history_fault(relid);
	if (fault != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
				 errmsg("table \"%s\" is no history of \"%s\"", name, target),
				 errdetail("%s", fault)));

	/* Or whoever can create tables there could have it do something else. */
	if (owner_of(relid) != shape->target->rd_rel->relowner)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("\"%s\" and \"%s\" must have the same owner", target,
						name)));
	shape->history_name = regdocs_shape_relation_name(relid);
}

void
regdocs_shape_fit(RegdocsShape *shape, Relation target)
{
	const char *sid = shape->columns[shape->sid].name;
	const char *parent = shape->parent == REGDOCS_NO_COLUMN ? NULL :
	shape->columns[shape->parent].name;

	check_target(target);
	shape->target = target;
	shape->target_name =
		regdocs_shape_relation_name(RelationGetRelid(target));
	match_columns(shape);
	check_target_key(shape, shape->sid, sid);
	if (shape->resource->parent != NULL)
		check_target_key(shape, shape->parent, parent);
	shape->index = find_index(shape);
	find_history(shape);
}
