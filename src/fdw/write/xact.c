/*-------------------------------------------------------------------------
 *
 * xact.c
 *	  Writes and the local transaction: what is sent before a commit, dropped
 *	  at a rollback, or told of then.
 *
 * The API has no transactions.  What was sent stays done, so a rollback can
 * only tell of it.  An error can do away with a statement before a callback
 * here runs; therefore its writer, which knows what is under way, is kept by
 * this file and not by the executor.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "executor/executor.h"
#include "lib/ilist.h"
#include "storage/ipc.h"
#include "storage/predicate.h"
#include "storage/proc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "src/fdw/write/journal.h"
#include "src/fdw/write/ledger.h"
#include "src/fdw/base/early.h"
#include "src/fdw/base/options.h"
#include "src/fdw/base/wait.h"
#include "src/fdw/write/xact.h"

/* The writer of a statement that is being executed. */
typedef struct Statement
{
	dlist_node	node;
	EState	   *estate;			/* tells it from others, and is not followed:
								 * after an error it is gone.  NULL: there is
								 * no executor */
	int			level;			/* nest level of the transaction */
	int			references;
	int			waiting_number; /* among those whose writes wait for the
								 * commit; 0: they do not */
	bool		is_read;		/* nothing of it reads any more */
	RegdocsWriter *writer;
} Statement;

static dlist_head statements = DLIST_STATIC_INIT(statements);

/* What is to be sent just before the commit; NULL: nothing was yet. */
static RegdocsWriter *commit_writer = NULL;

/* How many statements of the transaction have given it something to send. */
static int	waiting_statements = 0;

/* What the transaction has done; NULL: nothing was noted yet. */
static RegdocsLedger *ledger = NULL;

/* Was the last error an interrupt: a cancel, a timeout, a shutdown? */
static bool interrupted = false;

static void watch_error(void *arg);

static ErrorContextCallback watcher = {NULL, watch_error, NULL};

static ExecutorFinish_hook_type previous_finish_hook = NULL;

/*
 * How long a rollback waits for writes under way, so that it can tell what
 * became of them.  It holds locks meanwhile.
 */
#define DRAIN_MS 1000

/* ---- Errors while there is writing ---- */

/*
 * Error context callback, where something is written: see what is reported,
 * and keep what may be personal data out of the server's log: the statement,
 * and the context that quotes it or a line of COPY.
 */
static void
keep_out_of_log(void *arg)
{
	int			sqlstate = geterrcode();

	switch (ERRCODE_TO_CATEGORY(sqlstate))
	{
		case ERRCODE_SUCCESSFUL_COMPLETION:
		case ERRCODE_WARNING:
		case ERRCODE_NO_DATA:
			break;
		default:
			interrupted = ERRCODE_TO_CATEGORY(sqlstate) ==
				ERRCODE_OPERATOR_INTERVENTION;
			break;
	}
	errhidestmt(true);
	errhidecontext(true);

	/*
	 * Core shows the failing row, of a view, a partition or a local table
	 * that is written in the same statement, and the part of JSON that is
	 * none.
	 */
	if (sqlstate == ERRCODE_WITH_CHECK_OPTION_VIOLATION ||
		sqlstate == ERRCODE_INVALID_TEXT_REPRESENTATION ||
		ERRCODE_TO_CATEGORY(sqlstate) ==
		ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION)
		errdetail_log("What was to be written is not shown here, as it may be personal data.");
}

static void
watch_error(void *arg)
{
	if (!dlist_is_empty(&statements))
		keep_out_of_log(arg);
}

/*
 * See to it that errors are watched until the statement is over, wherever they
 * come from: below all callbacks that are there.  Hooks would not do, as COPY
 * may load this library in the middle of its execution.  The callback stays
 * where it is until an error empties the stack.
 */
static void
watch_errors(void)
{
	ErrorContextCallback *last = error_context_stack;

	if (last == NULL)
	{
		error_context_stack = &watcher;
		return;
	}
	while (last != &watcher && last->previous != NULL)
		last = last->previous;
	if (last != &watcher)
		last->previous = &watcher;
}

/* ---- Statements ---- */

/* Callback of writers.  The ledger is made before the first of them. */
static void
note_write(int level, const RdapiResource *resource, RdapiOperation operation,
		   bool known, const char *sid)
{
	regdocs_ledger_note(ledger, level, resource, operation, known, sid);
}

static RegdocsWriter *
make_writer(RegdocsBeforeSending before, void *arg)
{
	if (ledger == NULL)
		ledger = regdocs_ledger_new();
	return regdocs_writer_new(note_write, before, arg);
}

/* Before the statement sends its first write. */
static void
read_first(void *arg)
{
	const Statement *statement = arg;

	if (statement->estate != NULL && !statement->is_read)
		regdocs_early_read(statement->estate);
}

static Statement *
find_statement(const EState *estate)
{
	int			level = GetCurrentTransactionNestLevel();
	dlist_iter	iter;

	dlist_foreach(iter, &statements)
	{
		Statement  *statement = dlist_container(Statement, node, iter.cur);

		if (statement->estate == estate && statement->level == level)
			return statement;
	}
	return NULL;
}

RegdocsWriter *
regdocs_xact_open(EState *estate)
{
	Statement  *statement = find_statement(estate);

	if (statement == NULL)
	{
		statement = MemoryContextAllocZero(TopMemoryContext,
										   sizeof(Statement));
		statement->estate = estate;
		statement->level = GetCurrentTransactionNestLevel();
		dlist_push_head(&statements, &statement->node);
		statement->writer = make_writer(read_first, statement);
		if (regdocs_dry_run)
			regdocs_writer_make_dry(statement->writer);
		interrupted = false;
	}
	watch_errors();
	statement->references++;
	return statement->writer;
}

static void
forget_statement(Statement *statement)
{
	dlist_delete(&statement->node);
	regdocs_writer_free(statement->writer);
	pfree(statement);
}

void
regdocs_xact_close(RegdocsWriter *writer)
{
	dlist_mutable_iter iter;

	regdocs_writer_finish(writer, REGDOCS_WAIT_FOREVER);
	dlist_foreach_modify(iter, &statements)
	{
		Statement  *statement = dlist_container(Statement, node, iter.cur);

		if (statement->writer != writer || --statement->references > 0)
			continue;
		regdocs_writer_tell(writer);
		forget_statement(statement);
	}
}

/*
 * Before the commit sends its first write: a serializable transaction that is
 * in conflict with others fails now, and later not for that.
 */
static void
check_conflicts(void *arg)
{
	PreCommit_CheckForSerializationFailure();
}

RegdocsWriter *
regdocs_xact_commit_writer(void)
{
	if (commit_writer == NULL)
	{
		commit_writer = make_writer(check_conflicts, NULL);
		regdocs_writer_keep_turns(commit_writer);
	}
	return commit_writer;
}

int
regdocs_xact_waiting_number(const EState *estate)
{
	Statement  *statement = find_statement(estate);

	if (statement->waiting_number == 0)
		statement->waiting_number = ++waiting_statements;
	return statement->waiting_number;
}

bool
regdocs_xact_is_queued(const char *sid)
{
	return commit_writer != NULL && regdocs_writer_has(commit_writer, sid);
}

bool
regdocs_xact_waits_for(Oid serverid)
{
	return commit_writer != NULL &&
		regdocs_writer_waits_for(commit_writer, serverid);
}

static void
finish_statement(EState *estate)
{
	Statement  *statement = find_statement(estate);

	if (statement == NULL)
		return;
	statement->is_read = !estate->es_plannedstmt->hasModifyingCTE;
	regdocs_writer_finish(statement->writer, REGDOCS_WAIT_FOREVER);
}

/*
 * A statement is done when its writes are, so that it fails with them, and
 * that triggers which run after it see them.  Those of its main part are sent
 * before such triggers run; statements in WITH are completed in between.
 */
static void
finish_executor(QueryDesc *query)
{
	finish_statement(query->estate);
	if (previous_finish_hook != NULL)
		previous_finish_hook(query);
	else
		standard_ExecutorFinish(query);
	finish_statement(query->estate);
}

/* ---- Commit ---- */

static void
forget_queue(void)
{
	RegdocsWriter *writer = commit_writer;

	commit_writer = NULL;
	waiting_statements = 0;
	regdocs_writer_free(writer);
}

/*
 * Send what is queued.  The timer of statement_timeout does not run any more
 * at this point, so its limit is kept here.
 */
static void
send_queue(void)
{
	TimestampTz deadline = REGDOCS_WAIT_FOREVER;
	ErrorContextCallback callback = {0};

	if (commit_writer == NULL)
		return;
	if (StatementTimeout > 0)
		deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
											   StatementTimeout);
	callback.callback = keep_out_of_log;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	regdocs_writer_finish(commit_writer, deadline);
	regdocs_writer_tell(commit_writer);
	error_context_stack = callback.previous;
	forget_queue();
}

static void
check_prepare(void)
{
	if (commit_writer != NULL && regdocs_writer_has_queued(commit_writer))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot PREPARE a transaction that has queued writes"),
				 errdetail("Its writes to foreign tables with write_mode 'at_commit' cannot be stored.")));
	if (!regdocs_ledger_is_empty(ledger))
		ereport(WARNING,
				(errmsg("the prepared transaction has written to the API"),
				 errdetail("ROLLBACK PREPARED will neither undo nor tell of it.")));
}

/* ---- Rollback ---- */

/*
 * What is under way is waited for, as it is when one of the writes fails,
 * unless the session was told to come to an end.
 */
static void
abandon_writer(RegdocsWriter *writer, TimestampTz until)
{
	if (writer == NULL)
		return;
	if (!interrupted && !proc_exit_inprogress)
		regdocs_writer_drain(writer, until);
	regdocs_writer_abandon(writer);
}

/*
 * Forget the statements of that nest level and deeper ones, and with the last
 * level what waits for the commit.  Nothing may fail here.
 */
static void
abandon_statements(int level)
{
	TimestampTz until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
													DRAIN_MS);
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &statements)
	{
		Statement  *statement = dlist_container(Statement, node, iter.cur);

		if (statement->level < level)
			continue;
		abandon_writer(statement->writer, until);
		forget_statement(statement);
	}
	if (level == 1)
		abandon_writer(commit_writer, until);
}

static void
forget_transaction(void)
{
	RegdocsLedger *old_ledger = ledger;

	forget_queue();
	ledger = NULL;
	regdocs_ledger_free(old_ledger);
	regdocs_journal_end_transaction();
}

static void
at_end(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
			send_queue();
			break;
		case XACT_EVENT_PRE_PREPARE:
			check_prepare();
			break;
		case XACT_EVENT_ABORT:
			abandon_statements(1);
			if (ledger != NULL)
				regdocs_ledger_rollback(ledger, 1);
			forget_transaction();
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_PREPARE:
			/* There are none, unless one was leaked. */
			abandon_statements(1);
			forget_transaction();
			break;
		default:
			break;
	}
}

static void
at_sub_end(SubXactEvent event, SubTransactionId self,
		   SubTransactionId parent, void *arg)
{
	int			level = GetCurrentTransactionNestLevel();

	if (event == SUBXACT_EVENT_ABORT_SUB)
	{
		abandon_statements(level);
		if (commit_writer != NULL)
			regdocs_writer_drop(commit_writer, level);
		if (ledger != NULL)
			regdocs_ledger_rollback(ledger, level);
	}
	else if (event == SUBXACT_EVENT_COMMIT_SUB)
	{
		if (commit_writer != NULL)
			regdocs_writer_subcommit(commit_writer, level);
		if (ledger != NULL)
			regdocs_ledger_subcommit(ledger, level);
	}
}

void
regdocs_xact_init(void)
{
	RegisterXactCallback(at_end, NULL);
	RegisterSubXactCallback(at_sub_end, NULL);
	previous_finish_hook = ExecutorFinish_hook;
	ExecutorFinish_hook = finish_executor;
}
