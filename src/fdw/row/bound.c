/*-------------------------------------------------------------------------
 *
 * bound.c
 *	  Of which accounts may the rows of a partition be?
 *
 * The partition's constraint says so, whatever the parent is partitioned by and
 * however many values the bound has; that of a default partition excludes what
 * the others have.  Those parts of it that are about the account alone are
 * evaluated, once for the user mapping's, and for each other one that comes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "executor/executor.h"
#include "foreign/foreign.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/rel.h"

#include "src/fdw/base/report.h"
#include "src/fdw/row/bound.h"

struct RegdocsBound
{
	Relation	rel;
	const RdapiResource *resource;
	int			field;			/* of the account */
	Bitmapset  *columns;		/* that show it: attribute numbers */
	ExprState  *constraint;
	ExprContext *econtext;		/* its memory per tuple is reset for each */
	TupleTableSlot *slot;		/* virtual; NULL but for the columns */
	char		admitted[RDAPI_SID_BYTES + 1];	/* the last one; "": none */
};

/* The field of the resource that is the account's sid. */
static int
account_field(const RdapiResource *resource)
{
	for (int i = 0; i < resource->nfields; i++)
	{
		if (resource->fields[i].flags & RDAPI_FIELD_ACCOUNT)
			return i;
	}
	return RDAPI_NO_FIELD;
}

/* Attribute numbers of the columns that show the field. */
static Bitmapset *
columns_of(const RegdocsColumns *columns, int field)
{
	Bitmapset  *result = NULL;

	for (int i = 0; i < columns->natts; i++)
	{
		if (columns->fields[i] == field)
			result = bms_add_member(result, i + 1);
	}
	return result;
}

/* Attribute numbers that the expression refers to. */
static Bitmapset *
attributes_of(Node *clause)
{
	Bitmapset  *offset = NULL;
	Bitmapset  *result = NULL;
	int			member = -1;

	pull_varattnos(clause, 1, &offset);
	while ((member = bms_next_member(offset, member)) >= 0)
	{
		int			attnum = member + FirstLowInvalidHeapAttributeNumber;

		/* A whole row: it is about more than the account. */
		result = bms_add_member(result, Max(attnum, 0));
	}
	return result;
}

/* Those clauses of the partition's constraint that are about the columns. */
static List *
clauses_about(Relation rel, const Bitmapset *columns)
{
	List	   *result = NIL;
	ListCell   *cell;

	foreach(cell, RelationGetPartitionQual(rel))
	{
		Bitmapset  *attributes = attributes_of(lfirst(cell));

		if (!bms_is_empty(attributes) && bms_is_subset(attributes, columns))
			result = lappend(result, lfirst(cell));
	}
	return result;
}

RegdocsBound *
regdocs_bound_new(Relation rel, const RegdocsColumns *columns)
{
	int			field = account_field(columns->resource);
	Bitmapset  *shown;
	List	   *clauses;
	RegdocsBound *bound;

	if (!rel->rd_rel->relispartition || field == RDAPI_NO_FIELD)
		return NULL;
	shown = columns_of(columns, field);
	clauses = clauses_about(rel, shown);
	if (clauses == NIL)
		return NULL;
	bound = palloc0(sizeof(RegdocsBound));
	bound->rel = rel;
	bound->resource = columns->resource;
	bound->field = field;
	bound->columns = shown;
	bound->constraint =
		ExecInitExpr(expression_planner(make_ands_explicit(clauses)), NULL);
	bound->econtext = CreateStandaloneExprContext();
	/* A copy is not counted, and so needs not be given back. */
	bound->slot =
		MakeSingleTupleTableSlot(CreateTupleDescCopy(RelationGetDescr(rel)),
								 &TTSOpsVirtual);
	return bound;
}

/* The account's sid, as a value of the column's type. */
static Datum
as_value(const RegdocsBound *bound, AttrNumber attnum, const char *account)
{
	Form_pg_attribute att = TupleDescAttr(bound->slot->tts_tupleDescriptor,
										  attnum - 1);
	Oid			function;
	Oid			ioparam;

	getTypeInputInfo(att->atttypid, &function, &ioparam);
	return OidInputFunctionCall(function, unconstify(char *, account), ioparam,
								att->atttypmod);
}

/* NULL: an object has none. */
static bool
admits(RegdocsBound *bound, const char *account)
{
	TupleTableSlot *slot = bound->slot;
	ExprContext *econtext = bound->econtext;
	MemoryContext old_context;
	int			attnum = -1;
	bool		result;

	ResetExprContext(econtext);
	old_context = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	ExecClearTuple(slot);
	memset(slot->tts_isnull, true,
		   sizeof(bool) * slot->tts_tupleDescriptor->natts);
	while (account != NULL &&
		   (attnum = bms_next_member(bound->columns, attnum)) >= 0)
	{
		slot->tts_values[attnum - 1] = as_value(bound, attnum, account);
		slot->tts_isnull[attnum - 1] = false;
	}
	econtext->ecxt_scantuple = ExecStoreVirtualTuple(slot);
	result = ExecCheck(bound->constraint, econtext);
	MemoryContextSwitchTo(old_context);
	if (result && account != NULL)
		strlcpy(bound->admitted, account, sizeof(bound->admitted));
	return result;
}

void
regdocs_bound_check_account(RegdocsBound *bound, const char *account)
{
	ForeignTable *table;

	if (bound == NULL || account[0] == '\0' ||
		strcmp(account, bound->admitted) == 0 || admits(bound, account))
		return;
	table = GetForeignTable(RelationGetRelid(bound->rel));
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("partition \"%s\" is for another account than the user mapping for server \"%s\"",
					RelationGetRelationName(bound->rel),
					GetForeignServer(table->serverid)->servername),
			 errdetail("The user mapping is for %s, which the bound of the partition excludes.",
					   account),
			 errhint("Correct the user mapping, or the bound; or detach the partition."),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

void
regdocs_bound_check_write(RegdocsBound *bound, const char *account)
{
	ForeignTable *table;

	regdocs_bound_check_account(bound, account);
	if (bound == NULL || account[0] != '\0')
		return;
	table = GetForeignTable(RelationGetRelid(bound->rel));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot check which account is written to by partition \"%s\"",
					RelationGetRelationName(bound->rel)),
			 errdetail("The user mapping for server \"%s\" has an API key, and does not say which account it is for.",
					   GetForeignServer(table->serverid)->servername),
			 errhint("Add option \"account_sid\" to the user mapping."),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

static void
refuse_object(const RegdocsBound *bound, const RegdocsPage *page, int object,
			  const char *account)
{
	ForeignTable *table = GetForeignTable(RelationGetRelid(bound->rel));
	const char *text = regdocs_page_sid(page, object);
	char		sid[RDAPI_SID_BYTES + 1] = "";

	if (text != NULL)
		memcpy(sid, text, RDAPI_SID_BYTES);
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("%s %s is of another account than partition \"%s\" is for",
					bound->resource->noun, sid,
					RelationGetRelationName(bound->rel)),
			 account == NULL ?
			 errdetail("Server \"%s\" does not say of which account it is.",
					   GetForeignServer(table->serverid)->servername) :
			 errdetail("Server \"%s\" says that it is of %s.",
					   GetForeignServer(table->serverid)->servername, account),
			 errhint("Correct the user mapping, or the bound; or detach the partition."),
			 REGDOCS_KEEP_OUT_OF_LOG));
}

/* Nearly all objects are of the account that the one before was of. */
void
regdocs_bound_check_object(RegdocsBound *bound, const RegdocsPage *page,
						   int object)
{
	const RegdocsSlice *slice = regdocs_page_field(page, object, bound->field);
	const char *plain;
	char	   *account;
	int			length;

	plain = regdocs_page_plain_string(page, slice, &length);
	if (plain != NULL && length == RDAPI_SID_BYTES &&
		memcmp(plain, bound->admitted, RDAPI_SID_BYTES) == 0)
		return;
	account = regdocs_page_string(page, slice);
	if (account != NULL &&
		!rdapi_sid_is_valid("AC", account, strlen(account)))
		account = NULL;
	if (!admits(bound, account))
		refuse_object(bound, page, object, account);
}

int
regdocs_bound_field(const RegdocsBound *bound)
{
	return bound->field;
}
