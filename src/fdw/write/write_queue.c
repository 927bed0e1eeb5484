/*-------------------------------------------------------------------------
 *
 * write_queue.c
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

#include "src/fdw/write/write_queue.h"

/* A write that is queued (with its request) or under way (with its call). */
typedef struct Write
{
	dlist_node	node;
	RegdocsQueue *queue;
	RegdocsPlace place;
	RegdocsOrigin origin;
	RdapiRequest *request;		/* NULL: it is on disk */
	int64		spilled;		/* where it is there */
	RdapiCall  *call;
	RdapiCall  *refused;		/* the deletion whose answer is in doubt; call
								 * asks for the object.  NULL: not so */
	Size		bytes;			/* of the request in memory */
	int			level;			/* nest level of the transaction */
	int			turn;			/* see RegdocsQueueGroup */
} Write;

struct RegdocsQueue
{
	RegdocsQueueGroup *group;
	RegdocsDestination to;
	const RdapiResource *resource;
	RegdocsFieldMask fields;	/* of answers that are wanted; 0: none */
	int			window;			/* writes under way at once */

	dlist_head	ready;			/* to be sent */
	dlist_head	blocked;		/* behind others to the same object */
	dlist_head	under_way;
	int			nunder_way;

	/* The last answer */
	RegdocsPage *answer;
	RdapiCall  *answer_call;	/* owns its text */
	MemoryContext answer_context;	/* reset for each; NULL: none yet */

	RegdocsUsage usage;
};

RegdocsQueue *
regdocs_queue_new(RegdocsQueueGroup *group, Oid userid, Oid serverid,
				  const RdapiResource *resource, RegdocsFieldMask fields)
{
	RegdocsQueue *queue = MemoryContextAllocZero(group->context,
												 sizeof(RegdocsQueue));

	queue->group = group;
	queue->to.userid = userid;
	queue->to.serverid = serverid;
	queue->resource = resource;
	queue->fields = fields;
	dlist_init(&queue->ready);
	dlist_init(&queue->blocked);
	dlist_init(&queue->under_way);
	queue->answer_context = AllocSetContextCreate(group->context,
												  "regdocs_fdw answer",
												  ALLOCSET_SMALL_SIZES);
	return queue;
}

bool
regdocs_queue_is_for(const RegdocsQueue *queue, Oid userid, Oid serverid,
					 const RdapiResource *resource)
{
	return queue->to.userid == userid && queue->to.serverid == serverid &&
		queue->resource == resource;
}

void
regdocs_queue_connect(RegdocsQueue *queue)
{
	regdocs_destination_connect(&queue->to);
	queue->window =
		regdocs_connection_concurrency(queue->to.connection);
}

void
regdocs_queue_expect_account(RegdocsQueue *queue, const char *account)
{
	regdocs_destination_expect(&queue->to, account);
}

const char *
regdocs_queue_account(const RegdocsQueue *queue)
{
	return regdocs_connection_account_sid(queue->to.connection);
}

RdapiClient *
regdocs_queue_client(const RegdocsQueue *queue)
{
	return regdocs_connection_client(queue->to.connection);
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
regdocs_queue_release(RegdocsQueue *queue)
{
	free_writes(&queue->ready);
	free_writes(&queue->blocked);
	free_writes(&queue->under_way);
	rdapi_call_free(queue->answer_call);
	regdocs_connection_release(queue->to.connection);
}

RegdocsPage *
regdocs_queue_answer(const RegdocsQueue *queue)
{
	return queue->answer;
}

RegdocsUsage *
regdocs_queue_usage(RegdocsQueue *queue)
{
	return &queue->usage;
}

/* ---- The queue ---- */

bool
regdocs_queue_is_full(const RegdocsQueue *queue)
{
	return queue->group->queued_bytes >= (Size) work_mem * 1024;
}

/* Move the request to the disk. */
static void
spill(RegdocsQueueGroup *group, Write *write)
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
regdocs_queue_add(RegdocsQueue *queue, RdapiRequest *request, const char *sid,
				  const RegdocsOrigin *origin)
{
	RegdocsQueueGroup *group = queue->group;
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
	write->queue = queue;
	write->request = request;
	if (origin != NULL)
		write->origin = *origin;
	write->level = GetCurrentTransactionNestLevel();
	if (group->in_turn && group->last_resource != queue->resource)
	{
		group->last_resource = queue->resource;
		group->last_turn++;
	}
	write->turn = group->last_turn;

	/* First into a list: whoever is in one is freed, whatever comes. */
	dlist_push_tail(&queue->blocked, &write->node);
	group->tally.added++;
	if (regdocs_order_enter(group->order, &write->place, sid,
							rdapi_request_parent_sid(request),
							operation_on(sid, request)))
	{
		dlist_delete(&write->node);
		dlist_push_tail(&queue->ready, &write->node);
	}
	if (regdocs_queue_is_full(queue))
		spill(group, write);
	else
		write->bytes = rdapi_request_bytes(request);
	group->queued_bytes += write->bytes;
}

bool
regdocs_queue_has(const RegdocsQueue *queue, const char *sid)
{
	return regdocs_order_has(queue->group->order, sid);
}

bool
regdocs_queue_deletes(const RegdocsQueue *queue, const char *sid)
{
	return regdocs_order_deletes(queue->group->order, sid);
}

bool
regdocs_queue_has_queued(RegdocsQueue *queue)
{
	return !dlist_is_empty(&queue->ready) || !dlist_is_empty(&queue->blocked);
}

int
regdocs_queue_under_way(const RegdocsQueue *queue)
{
	return queue->nunder_way;
}

/* Put it in front of those that are ready, but behind those of turns before. */
static void
add_ready(Write *write)
{
	dlist_head *ready = &write->queue->ready;
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
drop(RegdocsQueue *queue, dlist_head *list, int level)
{
	uint64		dropped = 0;

	/* Levels never fall from the head to the tail. */
	while (!dlist_is_empty(list))
	{
		Write	   *write = dlist_tail_element(Write, node, list);

		if (write->level < level)
			break;
		queue->group->queued_bytes -= write->bytes;
		rdapi_request_free(write->request);
		forget(write, false, level);
		dropped++;
	}
	return dropped;
}

uint64
regdocs_queue_drop(RegdocsQueue *queue, int level)
{
	return drop(queue, &queue->blocked, level) +
		drop(queue, &queue->ready, level);
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
regdocs_queue_subcommit(RegdocsQueue *queue, int level)
{
	subcommit(&queue->ready, level);
	subcommit(&queue->blocked, level);
}

/* ---- Under way ---- */

static void
submit(RegdocsQueue *queue, Write *write)
{
	RdapiRequest *request = write->request;

	if (request == NULL)
		request = regdocs_spill_get(queue->group->spill, write->spilled);
	write->request = NULL;
	queue->group->queued_bytes -= write->bytes;
	write->bytes = 0;
	write->call = regdocs_connection_submit(queue->to.connection, request,
											NULL);
	dlist_delete(&write->node);
	dlist_push_tail(&queue->under_way, &write->node);
	queue->nunder_way++;
}

int
regdocs_queue_turn(RegdocsQueue *queue)
{
	if (!dlist_is_empty(&queue->under_way))
		return dlist_head_element(Write, node, &queue->under_way)->turn;
	if (!dlist_is_empty(&queue->ready))
		return dlist_head_element(Write, node, &queue->ready)->turn;
	return PG_INT32_MAX;
}

void
regdocs_queue_begin(RegdocsQueue *queue, int turn)
{
	bool		submitted = false;

	while (!dlist_is_empty(&queue->ready) &&
		   queue->nunder_way < queue->window &&
		   dlist_head_element(Write, node, &queue->ready)->turn <= turn)
	{
		submit(queue, dlist_head_element(Write, node, &queue->ready));
		submitted = true;
	}
	if (submitted)
		rdapi_client_drive(regdocs_queue_client(queue));
}

/* It is no longer under way; what becomes of its calls is the caller's. */
static void
leave(RegdocsQueue *queue, Write *write, bool done)
{
	queue->nunder_way--;
	forget(write, done, PG_INT32_MAX);
}

static void
note(const Write *write, bool known, const char *created_sid)
{
	RegdocsWriteNote function = write->queue->group->note;

	function(write->level, write->queue->resource, write->place.operation,
			 known, write->place.object == NULL ? created_sid :
			 write->place.object->sid);
}

/* Note how a write ended; a failure is kept, if it is the first. */
static void
take_outcome(RegdocsQueue *queue, Write *write, const RegdocsResult *outcome)
{
	RegdocsQueueGroup *group = queue->group;
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
		group->failure.origin = write->origin;
		group->failed_connection = queue->to.connection;
		group->failed_call = call;
	}
	else
	{
		rdapi_call_free(queue->answer_call);
		queue->answer_call = call;
		queue->answer = outcome->page;
	}
	leave(queue, write, outcome->result == REGDOCS_WRITE_DONE);
}

/*
 * A deletion was answered by somebody else than the API: ask for the
 * object, to know.  false: that cannot be done.
 */
static bool
ask_for_object(RegdocsQueue *queue, Write *write)
{
	const RdapiRequest *deletion = rdapi_call_request(write->call);
	RdapiTarget target = {queue->resource, rdapi_request_parent_sid(deletion)};
	RdapiError	error;
	RdapiRequest *request;
	RdapiCall  *call = NULL;

	if (queue->group->stopped)
		return false;
	rdapi_error_clear(&error);
	request = rdapi_request_fetch(&target, rdapi_request_sid(deletion), NULL,
								  &error);
	if (request != NULL)
		call = rdapi_client_submit(regdocs_queue_client(queue), request,
								   &error);
	if (call == NULL)
		return false;
	write->refused = write->call;
	write->call = call;
	rdapi_client_drive(regdocs_queue_client(queue));
	return true;
}

/* A call that is done.  No error is raised, whatever the answer. */
static void
collect(RegdocsQueue *queue, Write *write)
{
	MemoryContext old_context;
	RegdocsResult outcome;

	regdocs_connection_account(queue->to.connection, write->call,
							   &queue->usage);
	MemoryContextReset(queue->answer_context);
	queue->answer = NULL;
	old_context = MemoryContextSwitchTo(queue->answer_context);
	if (write->refused == NULL)
		regdocs_result_judge(&outcome, write->call, queue->resource,
							 queue->fields);
	else
		regdocs_result_judge_deletion(&outcome, write->refused, write->call,
									  queue->resource);
	MemoryContextSwitchTo(old_context);
	if (write->refused == NULL &&
		regdocs_result_is_foreign(&outcome, write->call) &&
		ask_for_object(queue, write))
		return;
	take_outcome(queue, write, &outcome);
}

int
regdocs_queue_collect(RegdocsQueue *queue)
{
	int			collected = 0;
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &queue->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (!rdapi_call_is_done(write->call))
			continue;
		collect(queue, write);
		collected++;
	}
	return collected;
}

bool
regdocs_queue_is_sending(RegdocsQueue *queue)
{
	dlist_iter	iter;

	dlist_foreach(iter, &queue->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (rdapi_call_is_sending(write->call))
			return true;
	}
	return false;
}

bool
regdocs_queue_is_done(RegdocsQueue *queue)
{
	dlist_iter	iter;

	dlist_foreach(iter, &queue->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (!rdapi_call_is_done(write->call))
			return false;
	}
	return true;
}

/* ---- Stopping ---- */

/* The object of a deletion was to be asked for, and is not any more. */
static void
settle_deletion(RegdocsQueue *queue, Write *write)
{
	RegdocsResult outcome;

	regdocs_result_judge(&outcome, write->refused, queue->resource, 0);
	take_outcome(queue, write, &outcome);
}

void
regdocs_queue_stop(RegdocsQueue *queue)
{
	dlist_mutable_iter iter;

	queue->group->stopped = true;
	regdocs_queue_drop(queue, 0);
	dlist_foreach_modify(iter, &queue->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		if (rdapi_call_is_done(write->call))
			continue;
		if (write->refused != NULL)
			settle_deletion(queue, write);
		else if (rdapi_call_may_be_done(write->call))
			rdapi_call_give_up(write->call);
		else
		{
			rdapi_call_free(write->call);
			leave(queue, write, false);
		}
	}
}

void
regdocs_queue_abandon(RegdocsQueue *queue)
{
	dlist_mutable_iter iter;

	regdocs_queue_stop(queue);

	/* Much may have come since it was looked at last. */
	if (queue->nunder_way > 0)
		rdapi_client_drive_begun(regdocs_queue_client(queue));
	regdocs_queue_stop(queue);
	(void) regdocs_queue_collect(queue);

	dlist_foreach_modify(iter, &queue->under_way)
	{
		Write	   *write = dlist_container(Write, node, iter.cur);

		note(write, false, NULL);
		rdapi_call_free(write->call);
		leave(queue, write, false);
	}
}
