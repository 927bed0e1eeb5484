/*-------------------------------------------------------------------------
 *
 * write_queue.c
 *	  Writes of one role, by one server, to one resource: those that are
 *	  queued.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "foreign/foreign.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "src/fdw/write/audit.h"

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
	queue->role_name = MemoryContextStrdup(group->context,
										   GetUserNameFromId(userid, false));
	queue->server_name =
		MemoryContextStrdup(group->context,
							GetForeignServer(serverid)->servername);
	queue->fields = fields;
	dlist_init(&queue->ready);
	dlist_init(&queue->blocked);
	dlist_init(&queue->under_way);
	queue->judge_context = AllocSetContextCreate(group->context,
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

bool
regdocs_queue_waits_for(RegdocsQueue *queue, Oid serverid)
{
	return queue->to.serverid == serverid && regdocs_queue_has_queued(queue);
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
		RegdocsWrite *write = dlist_container(RegdocsWrite, node, iter.cur);

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
	regdocs_answers_release(queue->answers);
	regdocs_connection_release(queue->to.connection);
}

void
regdocs_queue_keep_answers(RegdocsQueue *queue)
{
	MemoryContext old_context = MemoryContextSwitchTo(queue->group->context);

	queue->answers = regdocs_answers_new(REGDOCS_WINDOWS_AHEAD *
										 queue->window);
	MemoryContextSwitchTo(old_context);
}

RegdocsAnswers *
regdocs_queue_answers(const RegdocsQueue *queue)
{
	return queue->answers;
}

bool
regdocs_queue_left_out(const RegdocsQueue *queue)
{
	return queue->left_out;
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
spill(RegdocsQueueGroup *group, RegdocsWrite *write)
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
	RegdocsWrite *write = MemoryContextAllocExtended(group->writes,
													 sizeof(RegdocsWrite),
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
	write->answer = regdocs_answers_expect(queue->answers);
	if (regdocs_order_enter(group->order, &write->place, sid,
							rdapi_request_parent_sid(request),
							operation_on(sid, request)))
	{
		dlist_delete(&write->node);
		dlist_push_tail(&queue->ready, &write->node);
	}
	regdocs_audit_queued(write, origin == NULL ? NULL : origin->old);
	write->origin.old = NULL;
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
add_ready(RegdocsWrite *write)
{
	dlist_head *ready = &write->queue->ready;
	dlist_iter	iter;

	dlist_foreach(iter, ready)
	{
		RegdocsWrite *other = dlist_container(RegdocsWrite, node, iter.cur);

		if (other->turn < write->turn)
			continue;
		dlist_insert_before(&other->node, &write->node);
		return;
	}
	dlist_push_tail(ready, &write->node);
}

void
regdocs_write_forget(RegdocsWrite *write, bool done, int level)
{
	RegdocsPlace *place = regdocs_order_leave(&write->place, done);
	RegdocsWrite *next = place == NULL ? NULL :
	dlist_container(RegdocsWrite, place.node, &place->node);

	/* Of what has not ended before, nothing was sent. */
	regdocs_journal_end(write->entry, REGDOCS_OUTCOME_DROPPED, NULL, NULL);
	dlist_delete(&write->node);
	regdocs_answers_forget(write->queue->answers, write->answer);
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
		RegdocsWrite *write = dlist_tail_element(RegdocsWrite, node, list);

		if (write->level < level)
			break;
		queue->group->queued_bytes -= write->bytes;
		rdapi_request_free(write->request);
		regdocs_write_forget(write, false, level);
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
		RegdocsWrite *write = dlist_container(RegdocsWrite, node, iter.cur);

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
