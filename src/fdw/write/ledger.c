/*-------------------------------------------------------------------------
 *
 * ledger.c
 *	  What a transaction has done at the API, by subtransaction: what a
 *	  rollback has to tell of, since the API keeps it.
 *
 * Entries are numbers and sids.  Of what was changed or deleted the first sids
 * do, as the journal has all of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/ilist.h"
#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "src/fdw/write/ledger.h"
#include "src/resource/family.h"

/* Sids that the client is told; its log line has all of them. */
#define SHOWN_SIDS 10

/* A sid, and what was done to it. */
typedef struct Line
{
	slist_node	node;
	RdapiOperation operation;
	char		sid[RDAPI_SID_BYTES + 1];
} Line;

/* Lines in the order in which they were written. */
typedef struct Lines
{
	slist_head	head;
	slist_node *last;			/* NULL: there is none */
} Lines;

/* What was done to the objects of one resource. */
typedef struct Count
{
	const RdapiResource *resource;	/* NULL: this entry and all that follow
									 * are not used */
	uint64		created;
	uint64		updated;
	uint64		deleted;
} Count;

/* What one nest level did. */
typedef struct Account
{
	dlist_node	node;
	int			level;
	Count		counts[RDAPI_MAX_RESOURCES];
	uint64		created;		/* of all resources */
	uint64		updated;
	uint64		deleted;
	uint64		unknown;
	uint64		unknown_created;	/* among the unknown ones */
	Lines		created_sids;
	Lines		updated_sids;	/* the first ones */
	Lines		deleted_sids;
	Lines		unknown_sids;
} Account;

struct RegdocsLedger
{
	MemoryContext context;
	dlist_head	accounts;		/* each level at most once, the deepest first */

	/* Of a level for which there was no memory: it is never lost. */
	Account		spare;
};

RegdocsLedger *
regdocs_ledger_new(void)
{
	MemoryContext context = AllocSetContextCreate(TopMemoryContext,
												  "regdocs_fdw ledger",
												  ALLOCSET_SMALL_SIZES);
	RegdocsLedger *ledger = MemoryContextAllocZero(context,
												   sizeof(RegdocsLedger));

	ledger->context = context;
	dlist_init(&ledger->accounts);
	return ledger;
}

void
regdocs_ledger_free(RegdocsLedger *ledger)
{
	if (ledger != NULL)
		MemoryContextDelete(ledger->context);
}

bool
regdocs_ledger_is_empty(RegdocsLedger *ledger)
{
	return ledger == NULL || dlist_is_empty(&ledger->accounts);
}

/* palloc'd and zeroed; NULL: no memory. */
static void *
try_alloc(RegdocsLedger *ledger, Size size)
{
	return MemoryContextAllocExtended(ledger->context, size,
									  MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO);
}

/*
 * The account of that level.  One that there is no memory for is kept with
 * the deepest above it, or as the spare one: a number too many in a message
 * is better than one too few.
 */
static Account *
account_of(RegdocsLedger *ledger, int level)
{
	Account    *deepest = NULL;
	Account    *account;

	if (!dlist_is_empty(&ledger->accounts))
		deepest = dlist_head_element(Account, node, &ledger->accounts);
	if (deepest != NULL && deepest->level >= level)
	{
		dlist_iter	iter;

		dlist_foreach(iter, &ledger->accounts)
		{
			account = dlist_container(Account, node, iter.cur);
			if (account->level == level)
				return account;
		}
	}

	account = try_alloc(ledger, sizeof(Account));
	if (account == NULL && deepest != NULL)
		return deepest;
	if (account == NULL)
	{
		account = &ledger->spare;
		memset(account, 0, sizeof(Account));
	}
	account->level = level;
	dlist_push_head(&ledger->accounts, &account->node);
	return account;
}

static void
lines_add(RegdocsLedger *ledger, Lines *lines, RdapiOperation operation,
		  const char *sid)
{
	Line	   *line = try_alloc(ledger, sizeof(Line));

	if (line == NULL)
		return;
	line->operation = operation;
	strlcpy(line->sid, sid, sizeof(line->sid));
	if (lines->last == NULL)
		slist_push_head(&lines->head, &line->node);
	else
		slist_insert_after(lines->last, &line->node);
	lines->last = &line->node;
}

/* Put the lines behind those of another account. */
static void
lines_append(Lines *target, const Lines *source)
{
	if (source->last == NULL)
		return;
	if (target->last == NULL)
		*target = *source;
	else
	{
		target->last->next = source->head.head.next;
		target->last = source->last;
	}
}

/* There is room for all resources. */
static Count *
count_of(Account *account, const RdapiResource *resource)
{
	Count	   *count = account->counts;

	while (count->resource != NULL && count->resource != resource)
		count++;
	count->resource = resource;
	return count;
}

void
regdocs_ledger_note(RegdocsLedger *ledger, int level,
					const RdapiResource *resource, RdapiOperation operation,
					bool known, const char *sid)
{
	Account    *account = account_of(ledger, level);
	Count	   *count = count_of(account, resource);

	if (!known)
	{
		account->unknown++;
		if (operation == RDAPI_OP_CREATE)
			account->unknown_created++;
		else
			lines_add(ledger, &account->unknown_sids, operation, sid);
		return;
	}

	switch (operation)
	{
		case RDAPI_OP_CREATE:
			account->created++;
			count->created++;
			lines_add(ledger, &account->created_sids, operation, sid);
			break;
		case RDAPI_OP_UPDATE:
			count->updated++;
			if (account->updated++ < SHOWN_SIDS)
				lines_add(ledger, &account->updated_sids, operation, sid);
			break;
		case RDAPI_OP_DELETE:
			count->deleted++;
			if (account->deleted++ < SHOWN_SIDS)
				lines_add(ledger, &account->deleted_sids, operation, sid);
			break;
		default:
			break;
	}
}

static void
account_add(Account *target, const Account *source)
{
	const Count *count = source->counts;

	for (; count < source->counts + RDAPI_MAX_RESOURCES; count++)
	{
		Count	   *sum;

		if (count->resource == NULL)
			break;
		sum = count_of(target, count->resource);
		sum->created += count->created;
		sum->updated += count->updated;
		sum->deleted += count->deleted;
	}
	target->created += source->created;
	target->updated += source->updated;
	target->deleted += source->deleted;
	target->unknown += source->unknown;
	target->unknown_created += source->unknown_created;
	lines_append(&target->created_sids, &source->created_sids);
	lines_append(&target->updated_sids, &source->updated_sids);
	lines_append(&target->deleted_sids, &source->deleted_sids);
	lines_append(&target->unknown_sids, &source->unknown_sids);
}

void
regdocs_ledger_subcommit(RegdocsLedger *ledger, int level)
{
	Account    *account;
	Account    *parent = NULL;

	if (dlist_is_empty(&ledger->accounts))
		return;
	account = dlist_head_element(Account, node, &ledger->accounts);
	if (account->level < level)
		return;

	if (dlist_has_next(&ledger->accounts, &account->node))
		parent = dlist_container(Account, node,
								 dlist_next_node(&ledger->accounts,
												 &account->node));
	account->level = level - 1;
	if (parent != NULL && parent->level == level - 1)
	{
		account_add(parent, account);
		dlist_delete(&account->node);
	}
}

/* ---- Telling ---- */

static const char *
name_of(const RdapiResource *resource, uint64 count)
{
	return count == 1 ? resource->noun : resource->plural;
}

/*
 * "3 documents created, 0 updated and 1 deleted, 1 bundle created, ...",
 * palloc'd.
 */
static char *
describe_numbers(const Account *account)
{
	const Count *count = account->counts;
	const char *separator = "";
	StringInfoData text;

	initStringInfo(&text);
	for (; count < account->counts + RDAPI_MAX_RESOURCES; count++)
	{
		if (count->resource == NULL)
			break;
		/* What may have been done is told below. */
		if (count->created + count->updated + count->deleted == 0)
			continue;
		appendStringInfo(&text,
						 "%s%llu %s created, %llu updated and %llu deleted",
						 separator, (unsigned long long) count->created,
						 name_of(count->resource, count->created),
						 (unsigned long long) count->updated,
						 (unsigned long long) count->deleted);
		separator = ", ";
	}
	if (account->unknown > 0)
		appendStringInfo(&text, "%s%llu %s of unknown outcome",
						 text.len > 0 ? ", and " : "",
						 (unsigned long long) account->unknown,
						 account->unknown == 1 ? "write" : "writes");
	return text.data;
}

/* Append up to "limit" of them to a sentence; 0: all. */
static void
append_lines(StringInfo text, Lines *lines, uint64 total, uint64 limit,
			 bool with_operation)
{
	const char *separator = "";
	uint64		left = total;
	slist_iter	iter;

	slist_foreach(iter, &lines->head)
	{
		const Line *line = slist_container(Line, node, iter.cur);

		if (limit > 0 && total - left == limit)
			break;
		appendStringInfo(text, "%s%s%s", separator,
						 !with_operation ? "" :
						 line->operation == RDAPI_OP_UPDATE ? "update of " :
						 "delete of ", line->sid);
		separator = ", ";
		left--;
	}
	if (left > 0)
		appendStringInfo(text, "%s%llu more",
						 left < total ? ", and " : "",
						 (unsigned long long) left);
	appendStringInfoChar(text, '.');
}

/* "Updated: RD..., RD..., and 3 more.", where there are any. */
static void
append_sids(StringInfo text, const char *what, Lines *lines, uint64 total,
			uint64 limit)
{
	if (total == 0)
		return;
	appendStringInfo(text, "%s%s: ", text->len > 0 ? " " : "", what);
	append_lines(text, lines, total, limit, false);
}

/* palloc'd; "": numbers say it all. */
static char *
describe_sids(Account *account, uint64 limit)
{
	uint64		unknown_changes = account->unknown - account->unknown_created;
	StringInfoData text;

	initStringInfo(&text);
	append_sids(&text, "Created", &account->created_sids, account->created,
				limit);
	append_sids(&text, "Updated", &account->updated_sids, account->updated,
				limit);
	append_sids(&text, "Deleted", &account->deleted_sids, account->deleted,
				limit);
	if (account->unknown_created > 0)
		appendStringInfo(&text, "%s%llu %s may have been done.",
						 text.len > 0 ? " " : "",
						 (unsigned long long) account->unknown_created,
						 account->unknown_created == 1 ? "create" : "creates");
	if (unknown_changes > 0)
	{
		appendStringInfo(&text, "%sPerhaps done: ", text.len > 0 ? " " : "");
		append_lines(&text, &account->unknown_sids, unknown_changes, limit,
					 true);
	}
	return text.data;
}

/* Was anything created that the API would delete? */
static bool
can_be_undone(const Account *account)
{
	const Count *count = account->counts;

	for (; count < account->counts + RDAPI_MAX_RESOURCES; count++)
	{
		if (count->resource == NULL)
			break;
		if (count->created > 0 &&
			rdapi_resource_can(count->resource, RDAPI_CAN_DELETE))
			return true;
	}
	return false;
}

static void
warn(Account *account)
{
	char	   *shown = describe_sids(account, SHOWN_SIDS);
	char	   *logged = describe_sids(account, 0);

	/* The statement and its context may hold attributes. */
	ereport(WARNING,
			(errmsg("rollback does not undo what was done at the API: %s",
					describe_numbers(account)),
			 shown[0] != '\0' ? errdetail_internal("%s", shown) : 0,
			 logged[0] != '\0' ? errdetail_log("%s", logged) : 0,
			 account->unknown_created > 0 ?
			 errhint("Look by friendly_name and date_created for what was created, and delete what is not wanted.") :
			 account->unknown > 0 ?
			 errhint("Select by sid what may have been changed or deleted, to see.") :
			 can_be_undone(account) ?
			 errhint("Delete by sid what was created and is not wanted; regdocs_fdw_writes() has all that was written.") :
			 errhint("regdocs_fdw_writes() has all that was written, with its old values."),
			 errhidestmt(true), errhidecontext(true)));
}

void
regdocs_ledger_rollback(RegdocsLedger *ledger, int level)
{
	Account		lost = {0};
	dlist_mutable_iter iter;
	bool		any = false;

	/* Out of the ledger first: what follows is said once, if at all. */
	dlist_foreach_modify(iter, &ledger->accounts)
	{
		Account    *account = dlist_container(Account, node, iter.cur);

		if (account->level < level)
			continue;
		dlist_delete(&account->node);
		account_add(&lost, account);
		any = true;
	}
	if (any)
		warn(&lost);
}
