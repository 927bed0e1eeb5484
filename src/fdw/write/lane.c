/*-------------------------------------------------------------------------
 *
 * lane.c
 *	  Writes of one role, by one server, to one resource: those that are
 *	  queued, and those that are under way.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "src/fdw/write/lane.h"

/* A write that is queued (with its request) or under way (with its call). */
typedef struct Write
{
	dlist_node	node;
	RegdocsLane *lane;
	RegdocsPlace place;
	RdapiRequest *request;		/* NULL: it is on disk */
	int64		spilled;		/* where it is there */
	RdapiCall  *call;
	RdapiCall  *refused;		/* the deletion whose answer is in doubt; call
								 * asks for the document.  NULL: not so */
	Size		bytes;			/* of the request in memory */
	int			level;			/* nest level of the transaction */
	int			turn;			/* see RegdocsLaneGroup */
} Write;

struct RegdocsLane
{
	RegdocsLaneGroup *group;
	Oid			userid;
	Oid			serverid;
	const RdapiResource *resource;
	RegdocsFieldMask fields;	/* of answers that are wanted; 0: none */
	RegdocsConnection *connection;	/* NULL: not there yet */
	int			window;			/* writes under way at once */

	dlist_head	ready;			/* to be sent */
	dlist_head	blocked;		/* behind others to the same document */
	dlist_head	under_way;
	int			nunder_way;

	/* The last answer */
	RegdocsPage *answer;
	RdapiCall  *answer_call;	/* owns its text */
	MemoryContext answer_context;	/* reset for each; NULL: none yet */

	RegdocsUsage usage;
};

RegdocsLane *
regdocs_lane_new(RegdocsLaneGroup *group, Oid userid, Oid serverid,
				 const RdapiResource *resource, RegdocsFieldMask fields)
{
	RegdocsLane *lane = MemoryContextAllocZero(group->context,
											   sizeof(RegdocsLane));

	lane->group = group;
	lane->userid = userid;
	lane->serverid = serverid;
	lane->resource = resource;
	lane->fields = fields;
	dlist_init(&lane->ready);
	dlist_init(&lane->blocked);
	dlist_init(&lane->under_way);
	lane->answer_context = AllocSetContextCreate(group->context,
												 "regdocs_fdw answer",
												 ALLOCSET_SMALL_SIZES);
	return lane;
}

bool
regdocs_lane_is_for(const RegdocsLane *lane, Oid userid, Oid serverid,
					const RdapiResource *resource)
{
	return lane->userid == userid && lane->serverid == serverid &&
		lane->resource == resource;
}

void
regdocs_lane_connect(RegdocsLane *lane)
{
	if (lane->connection != NULL)
		return;
	if (!SearchSysCacheExists1(FOREIGNSERVEROID,
							   ObjectIdGetDatum(lane->serverid)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("writes that wait to be sent have lost their server"),
				 errdetail("It was dropped in the same transaction.")));
	lane->connection = regdocs_connection_acquire(lane->userid,
												  lane->serverid);
	lane->window = regdocs_connection_concurrency(lane->connection);
}

RdapiClient *
regdocs_lane_client(const RegdocsLane *lane)
{
	return regdocs_connection_client(lane->connection);
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
		rdapi_call_free(write->refused);
	}
}

void
regdocs_lane_release(RegdocsLane *lane)
{
	free_writes(&lane->ready);
	free_writes(&lane->blocked);
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

bool
regdocs_lane_is_full(const RegdocsLane *lane)
{
	return lane->group->queued_bytes >= (Size) work_mem * 1024;
}

/* Move the request to the disk. */
static void
spill(RegdocsLaneGroup *group, Write *write)
{
	if (group->spill == NULL)
	{
		MemoryContext old_context = MemoryContextSwitchTo(group->context);

		group->spill = regdocs_spill_new();
		MemoryContextSwitchTo(old_context);
	}
	write->spilled = regdocs_spill_put(group->spill, write->request);
	rdapi_request_free(write->request);
	write->request = NULL;
}

/* What a write does to the object of that sid; NULL: it creates one. */
static RdapiOperation
operation_on(const char *sid, const RdapiRequest *request)
{
	RdapiOperation operation = rdapi_request_operation(request);

	return sid != NULL && operation == RDAPI_OP_CREATE ?
		RDAPI_OP_UPDATE : operation;
}

void
regdocs_lane_add(RegdocsLane *lane, RdapiRequest *request, const char *sid)
{
	RegdocsLaneGroup *group = lane->group;
	Write	   *write = MemoryContextAllocExtended(group->writes,
												   sizeof(Write),
												   MCXT_ALLOC_NO_OOM |
												   MCXT_ALLOC_ZERO);

	if (write == NULL)
	{
		rdapi_request_free(request);
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
				 errdetail("Too many writes wait to be sent.")));
	}
	write->lane = lane;
	write->request = request;
	write->level = GetCurrentTransactionNestLevel();
	if (group->in_turn && group->last_resource != lane->resource)
	{
		group->last_resource = lane->resource;
		group->last_turn++;
	}
	write->turn = group->last_turn;

	/* First into a list: whoever is in one is freed, whatever comes. */
	dlist_push_tail(&lane->blocked, &write->node);
	group->tally.added++;
	if (regdocs_order_enter(group->order, &write->place, sid,
							operation_on(sid, request)))
	{
		dlist_delete(&write->node);
		dlist_push_tail(&lane->ready, &write->node);
	}
	if (regdocs_lane_is_full(lane))
		spill(group, write);
	else
		write->bytes = rdapi_request_bytes(request);
	group->queued_bytes += write->bytes;
}

bool
regdocs_lane_has(const RegdocsLane *lane, const char *sid)
{
	return regdocs_order_has(lane->group->order, sid);
}

bool
regdocs_lane_deletes(const RegdocsLane *lane, const char *sid)
{
	return regdocs_order_deletes(lane->group->order, sid);
}

bool
regdocs_lane_has_queued(RegdocsLane *lane)
{
	return !dlist_is_empty(&lane->ready) || !dlist_is_empty(&lane->blocked);
}

int
regdocs_lane_under_way(const RegdocsLane *lane)
{
	return lane->nunder_way;
}

/* Put it in front of those that are ready, but behind those of turns before. */
static void
add_ready(Write *write)
{
	dlist_head *ready = &write->lane->ready;
	dlist_iter	iter;

	dlist_foreach(iter, ready)
	{
		Write	   *other = dlist_container(Write, node, iter.cur);

		if (other->turn < write->turn)
			continue;
		dlist_insert_before(&other->node, &write->node);
		return;
	}
	dlist_push_tail(ready, &write->node);
}

/*
 * The write is at its end; "done" says how.  Another may be ready now, unless
 * it is of that nest level or a deeper one: these are about to be dropped.
 */
static void
forget(Write *write, bool done, int level)
{
	RegdocsPlace *place = regdocs_order_leave(&write->place, done);
	Write	   *next = place == NULL ? NULL :
	dlist_container(Write, place.node, &place->node);

	dlist_delete(&write->node);
	pfree(write);
	if (next != NULL && next->level < level)
	{
		dlist_delete(&next->node);
		add_ready(next);
	}
}

static uint64
drop(RegdocsLane *lane, dlist_head *list, int level)
{
	uint64		dropped = 0;

	/* Levels never fall from the head to the tail. */
	while (!dlist_is_empty(list))
	{
		Write	   *write = dlist_tail_element(Write, node, list);

		if (write->level < level)
			break;
		lane->group->queued_bytes -= write->bytes;
		rdapi_request_free(write->request);
		forget(write, false, level);
		dropped++;
	}
	return dropped;
}

uint64
regdocs_lane_drop(RegdocsLane *lane, int level)
{
	return drop(lane, &lane->blocked, level) +
		drop(lane, &lane->ready, level);
}

static void
subcommit(dlist_head *list, int level)
{
	dlist_iter	iter;

	dlist_reverse_foreach(iter, list)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (write->level < level)
			break;
		write->level = level - 1;
	}
}

void
regdocs_lane_subcommit(RegdocsLane *lane, int level)
{
	subcommit(&lane->ready, level);
	subcommit(&lane->blocked, level);
}

/* ---- Under way ---- */

static void
submit(RegdocsLane *lane, Write *write)
{
	RdapiRequest *request = write->request;

	if (request == NULL)
		request = regdocs_spill_get(lane->group->spill, write->spilled);
	write->request = NULL;
	lane->group->queued_bytes -= write->bytes;
	write->bytes = 0;
	write->call = regdocs_connection_submit(lane->connection, request, NULL);
	dlist_delete(&write->node);
	dlist_push_tail(&lane->under_way, &write->node);
	lane->nunder_way++;
}

int
regdocs_lane_turn(RegdocsLane *lane)
{
	if (!dlist_is_empty(&lane->under_way))
		return dlist_head_element(Write, node, &lane->under_way)->turn;
	if (!dlist_is_empty(&lane->ready))
		return dlist_head_element(Write, node, &lane->ready)->turn;
	return PG_INT32_MAX;
}

void
regdocs_lane_begin(RegdocsLane *lane, int turn)
{
	bool		submitted = false;

	while (!dlist_is_empty(&lane->ready) && lane->nunder_way < lane->window &&
		   dlist_head_element(Write, node, &lane->ready)->turn <= turn)
	{
		submit(lane, dlist_head_element(Write, node, &lane->ready));
		submitted = true;
	}
	if (submitted)
		rdapi_client_drive(regdocs_lane_client(lane));
}

/* It is no longer under way; what becomes of its calls is the caller's. */
static void
leave(RegdocsLane *lane, Write *write, bool done)
{
	lane->nunder_way--;
	forget(write, done, PG_INT32_MAX);
}

static void
note(const Write *write, bool known, const char *created_sid)
{
	RegdocsWriteNote function = write->lane->group->note;

	function(write->level, write->lane->resource, write->place.operation,
			 known, write->place.document == NULL ? created_sid :
			 write->place.document->sid);
}

/* Note how a write ended; a failure is kept, if it is the first. */
static void
take_outcome(RegdocsLane *lane, Write *write, const RegdocsOutcome *outcome)
{
	RegdocsLaneGroup *group = lane->group;
	RdapiCall  *call = write->call;

	if (write->refused != NULL)
	{
		rdapi_call_free(call);
		call = write->refused;
	}
	regdocs_tally_count(&group->tally, outcome->result);
	if (outcome->result == REGDOCS_WRITE_DONE)
		note(write, true, outcome->created_sid);
	else if (outcome->result == REGDOCS_WRITE_UNKNOWN)
		note(write, false, NULL);

	if (outcome->error.kind != RDAPI_ERR_NONE && group->failed_call == NULL)
	{
		group->failure = *outcome;
		group->failed_connection = lane->connection;
		group->failed_call = call;
	}
	else
	{
		rdapi_call_free(lane->answer_call);
		lane->answer_call = call;
		lane->answer = outcome->page;
	}
	leave(lane, write, outcome->result == REGDOCS_WRITE_DONE);
}

/*
 * A deletion was answered by somebody else than the API: ask for the
 * document, to know.  false: that cannot be done.
 */
static bool
ask_for_document(RegdocsLane *lane, Write *write)
{
	const RdapiRequest *deletion = rdapi_call_request(write->call);
	RdapiTarget target = {lane->resource, rdapi_request_parent_sid(deletion)};
	RdapiError	error;
	RdapiRequest *request;
	RdapiCall  *call = NULL;

	if (lane->group->stopped)
		return false;
	rdapi_error_clear(&error);
	request = rdapi_request_fetch(&target, rdapi_request_sid(deletion), NULL,
								  &error);
	if (request != NULL)
		call = rdapi_client_submit(regdocs_lane_client(lane), request, &error);
	if (call == NULL)
		return false;
	write->refused = write->call;
	write->call = call;
	rdapi_client_drive(regdocs_lane_client(lane));
	return true;
}

/* A call that is done.  No error is raised, whatever the answer. */
static void
collect(RegdocsLane *lane, Write *write)
{
	MemoryContext old_context;
	RegdocsOutcome outcome;

	regdocs_connection_account(lane->connection, write->call, &lane->usage);
	MemoryContextReset(lane->answer_context);
	lane->answer = NULL;
	old_context = MemoryContextSwitchTo(lane->answer_context);
	if (write->refused == NULL)
		regdocs_outcome_judge(&outcome, write->call, lane->resource,
							  lane->fields);
	else
		regdocs_outcome_judge_deletion(&outcome, write->refused, write->call,
									   lane->resource);
	MemoryContextSwitchTo(old_context);
	if (write->refused == NULL &&
		regdocs_outcome_is_foreign(&outcome, write->call) &&
		ask_for_document(lane, write))
		return;
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
regdocs_lane_is_sending(RegdocsLane *lane)
{
	dlist_iter	iter;

	dlist_foreach(iter, &lane->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (rdapi_call_is_sending(write->call))
			return true;
	}
	return false;
}

bool
regdocs_lane_is_done(RegdocsLane *lane)
{
	dlist_iter	iter;

	dlist_foreach(iter, &lane->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (!rdapi_call_is_done(write->call))
			return false;
	}
	return true;
}

/* ---- Stopping ---- */

/* The document of a deletion was to be asked for, and is not any more. */
static void
settle_deletion(RegdocsLane *lane, Write *write)
{
	RegdocsOutcome outcome;

	regdocs_outcome_judge(&outcome, write->refused, lane->resource, 0);
	take_outcome(lane, write, &outcome);
}

void
regdocs_lane_stop(RegdocsLane *lane)
{
	dlist_mutable_iter iter;

	lane->group->stopped = true;
	regdocs_lane_drop(lane, 0);
	dlist_foreach_modify(iter, &lane->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (rdapi_call_is_done(write->call))
			continue;
		if (write->refused != NULL)
			settle_deletion(lane, write);
		else if (rdapi_call_may_be_done(write->call))
			rdapi_call_give_up(write->call);
		else
		{
			rdapi_call_free(write->call);
			leave(lane, write, false);
		}
	}
}

void
regdocs_lane_abandon(RegdocsLane *lane)
{
	dlist_mutable_iter iter;

	regdocs_lane_stop(lane);

	/* Much may have come since it was looked at last. */
	if (lane->nunder_way > 0)
		rdapi_client_drive_begun(regdocs_lane_client(lane));
	regdocs_lane_stop(lane);
	(void) regdocs_lane_collect(lane);

	dlist_foreach_modify(iter, &lane->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		note(write, false, NULL);
		rdapi_call_free(write->call);
		leave(lane, write, false);
	}
}
