/*-------------------------------------------------------------------------
 *
 * lane.c
 *	  Writes to one foreign table, or over one connection: those that are
 *	  queued, and those that are under way.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "lib/ilist.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "src/fdw/lane.h"

/* A write that is queued (with its request) or under way (with its call). */
typedef struct Write
{
	dlist_node	node;
	RdapiRequest *request;
	RdapiCall  *call;
	Size		bytes;			/* of the request */
	int			level;			/* nest level of the transaction */
	char		sid[RDAPI_SID_BYTES + 1];	/* "" for a create */
} Write;

struct RegdocsLane
{
	RegdocsLaneGroup *group;
	RegdocsConnection *connection;	/* NULL: not there yet */
	const RdapiResource *resource;
	RegdocsFieldMask fields;	/* of answers that are wanted; 0: none */
	int			window;			/* writes under way at once */

	dlist_head	queue;
	dlist_head	under_way;
	int			nunder_way;
	HTAB	   *remembered;		/* sids; NULL: none is yet */

	/* The last answer */
	RegdocsPage *answer;
	RdapiCall  *answer_call;	/* owns its text */
	MemoryContext answer_context;	/* reset for each */

	RegdocsUsage usage;

	MemoryContext context;		/* of writes */
};

RegdocsLane *
regdocs_lane_new(RegdocsLaneGroup *group, const RdapiResource *resource,
				 RegdocsFieldMask fields)
{
	RegdocsLane *lane = palloc0(sizeof(RegdocsLane));

	lane->group = group;
	lane->resource = resource;
	lane->fields = fields;
	dlist_init(&lane->queue);
	dlist_init(&lane->under_way);
	lane->context = CurrentMemoryContext;
	lane->answer_context = AllocSetContextCreate(CurrentMemoryContext,
												 "regdocs_fdw answer",
												 ALLOCSET_SMALL_SIZES);
	return lane;
}

void
regdocs_lane_set_connection(RegdocsLane *lane, RegdocsConnection *connection)
{
	lane->connection = connection;
	lane->window = regdocs_connection_concurrency(connection);
}

RegdocsConnection *
regdocs_lane_connection(const RegdocsLane *lane)
{
	return lane->connection;
}

const RdapiResource *
regdocs_lane_resource(const RegdocsLane *lane)
{
	return lane->resource;
}

static void
free_writes(dlist_head *list)
{
	dlist_iter	iter;

	dlist_foreach(iter, list)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		rdapi_request_free(write->request);
		rdapi_call_free(write->call);
	}
}

void
regdocs_lane_release(RegdocsLane *lane)
{
	free_writes(&lane->queue);
	free_writes(&lane->under_way);
	rdapi_call_free(lane->answer_call);
	regdocs_connection_release(lane->connection);
}

RegdocsPage *
regdocs_lane_answer(const RegdocsLane *lane)
{
	return lane->answer;
}

RegdocsUsage *
regdocs_lane_usage(RegdocsLane *lane)
{
	return &lane->usage;
}

/* ---- The queue ---- */

void
regdocs_lane_add(RegdocsLane *lane, RdapiRequest *request, const char *sid)
{
	RegdocsLaneGroup *group = lane->group;
	Size		bytes = rdapi_request_bytes(request) + sizeof(Write);
	Write	   *write = NULL;

	if (bytes <= REGDOCS_QUEUED_BYTES_MAX - group->queued_bytes)
		write = MemoryContextAllocExtended(lane->context, sizeof(Write),
										   MCXT_ALLOC_NO_OOM |
										   MCXT_ALLOC_ZERO);
	if (write == NULL)
	{
		rdapi_request_free(request);
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("writes that wait to be sent exceed %d MB",
						(int) (REGDOCS_QUEUED_BYTES_MAX / (1024 * 1024))),
				 errhint("Write fewer documents in one statement or, with write_mode 'at_commit', in one transaction."),
				 errhidestmt(true), errhidecontext(true)));
	}

	write->request = request;
	write->bytes = bytes;
	write->level = GetCurrentTransactionNestLevel();
	if (sid != NULL)
		strlcpy(write->sid, sid, sizeof(write->sid));
	group->queued_bytes += bytes;
	group->tally.added++;
	dlist_push_tail(&lane->queue, &write->node);
}

void
regdocs_lane_remember(RegdocsLane *lane, const char *sid)
{
	if (lane->remembered == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = RDAPI_SID_BYTES;
		control.entrysize = RDAPI_SID_BYTES;
		control.hcxt = lane->context;
		lane->remembered = hash_create("regdocs_fdw sids queued", 64, &control,
									   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	(void) hash_search(lane->remembered, sid, HASH_ENTER, NULL);
}

bool
regdocs_lane_remembers(const RegdocsLane *lane, const char *sid)
{
	return lane->remembered != NULL &&
		hash_search(lane->remembered, sid, HASH_FIND, NULL) != NULL;
}

static void
unqueue(RegdocsLane *lane, Write *write)
{
	dlist_delete(&write->node);
	lane->group->queued_bytes -= write->bytes;
}

Size
regdocs_lane_queued_bytes(const RegdocsLane *lane)
{
	return lane->group->queued_bytes;
}

bool
regdocs_lane_has_queued(RegdocsLane *lane)
{
	return !dlist_is_empty(&lane->queue);
}

int
regdocs_lane_under_way(const RegdocsLane *lane)
{
	return lane->nunder_way;
}

uint64
regdocs_lane_drop(RegdocsLane *lane, int level)
{
	uint64		dropped = 0;
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &lane->queue)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (write->level < level)
			continue;
		unqueue(lane, write);
		rdapi_request_free(write->request);
		pfree(write);
		dropped++;
	}
	return dropped;
}

void
regdocs_lane_subcommit(RegdocsLane *lane, int level)
{
	dlist_iter	iter;

	dlist_foreach(iter, &lane->queue)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		write->level = Min(write->level, level - 1);
	}
}

/* ---- Under way ---- */

/* Is a write to the same document under way? */
static bool
is_blocked(RegdocsLane *lane, const Write *queued)
{
	dlist_iter	iter;

	if (queued->sid[0] == '\0')
		return false;
	dlist_foreach(iter, &lane->under_way)
	{
		const Write *write = dlist_container(Write, node, iter.cur);

		if (strcmp(write->sid, queued->sid) == 0)
			return true;
	}
	return false;
}

static void
submit(RegdocsLane *lane, Write *write)
{
	RdapiRequest *request = write->request;

	write->request = NULL;
	write->call = regdocs_connection_submit(lane->connection, request, NULL);
	unqueue(lane, write);
	dlist_push_tail(&lane->under_way, &write->node);
	lane->nunder_way++;
}

void
regdocs_lane_begin(RegdocsLane *lane)
{
	bool		submitted = false;
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &lane->queue)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (lane->nunder_way >= lane->window)
			break;
		if (is_blocked(lane, write))
			continue;
		submit(lane, write);
		submitted = true;
	}
	if (submitted)
		rdapi_client_drive(regdocs_connection_client(lane->connection));
}

/* It is no longer under way; what becomes of its call is the caller's. */
static void
forget(RegdocsLane *lane, Write *write)
{
	dlist_delete(&write->node);
	lane->nunder_way--;
	pfree(write);
}

/* Note how a write ended; a failure is kept, if it is the first. */
static void
take_outcome(RegdocsLane *lane, Write *write, const RegdocsOutcome *outcome)
{
	RegdocsLaneGroup *group = lane->group;
	RdapiOperation operation =
	rdapi_request_operation(rdapi_call_request(write->call));
	const char *sid = operation == RDAPI_OP_CREATE ?
	outcome->created_sid : write->sid;

	regdocs_tally_count(&group->tally, outcome->result);
	if (outcome->result == REGDOCS_WRITE_DONE)
		group->note(write->level, operation, true, sid);
	else if (outcome->result == REGDOCS_WRITE_UNKNOWN)
		group->note(write->level, operation, false,
					operation == RDAPI_OP_CREATE ? NULL : sid);

	if (outcome->error.kind != RDAPI_ERR_NONE && group->failed_call == NULL)
	{
		group->failure = *outcome;
		group->failed_connection = lane->connection;
		group->failed_call = write->call;
	}
	else
	{
		rdapi_call_free(lane->answer_call);
		lane->answer_call = write->call;
		lane->answer = outcome->page;
	}
	forget(lane, write);
}

/* A call that is done. */
static void
collect(RegdocsLane *lane, Write *write)
{
	MemoryContext old_context;
	RegdocsOutcome outcome;

	regdocs_connection_account(lane->connection, write->call, &lane->usage);
	MemoryContextReset(lane->answer_context);
	lane->answer = NULL;
	old_context = MemoryContextSwitchTo(lane->answer_context);
	regdocs_outcome_judge(&outcome, write->call, lane->resource, lane->fields);
	MemoryContextSwitchTo(old_context);
	take_outcome(lane, write, &outcome);
}

int
regdocs_lane_collect(RegdocsLane *lane)
{
	int			collected = 0;
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &lane->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (!rdapi_call_is_done(write->call))
			continue;
		collect(lane, write);
		collected++;
	}
	return collected;
}

bool
regdocs_lane_is_waiting(RegdocsLane *lane)
{
	dlist_iter	iter;

	dlist_foreach(iter, &lane->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (!rdapi_call_is_done(write->call))
			return true;
	}
	return false;
}

/* Take a write back that is under way, and forget it. */
static void
end(RegdocsLane *lane, Write *write)
{
	rdapi_call_free(write->call);
	forget(lane, write);
}

void
regdocs_lane_stop(RegdocsLane *lane)
{
	dlist_mutable_iter iter;

	regdocs_lane_drop(lane, 0);
	dlist_foreach_modify(iter, &lane->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (!rdapi_call_is_begun(write->call))
			end(lane, write);
	}
}

/* Collect a call that is done.  false: its answer could not be read. */
static bool
try_collect(RegdocsLane *lane, Write *write)
{
	MemoryContext old_context = CurrentMemoryContext;
	volatile bool collected = false;

	PG_TRY();
	{
		collect(lane, write);
		collected = true;
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(old_context);
		FlushErrorState();
	}
	PG_END_TRY();
	return collected;
}

void
regdocs_lane_abandon(RegdocsLane *lane)
{
	dlist_mutable_iter iter;

	/* Much may have come since it was looked at last. */
	if (lane->nunder_way > 0)
		rdapi_client_drive(regdocs_connection_client(lane->connection));

	dlist_foreach_modify(iter, &lane->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);
		RdapiOperation operation =
		rdapi_request_operation(rdapi_call_request(write->call));

		if (rdapi_call_is_done(write->call) && try_collect(lane, write))
			continue;
		if (rdapi_call_is_begun(write->call))
			lane->group->note(write->level, operation, false,
							  operation == RDAPI_OP_CREATE ? NULL :
							  write->sid);
		end(lane, write);
	}
}
