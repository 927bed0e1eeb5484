/*-------------------------------------------------------------------------
 *
 * under_way.c
 *	  Writes of a queue that are under way: from its head to their ends.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "src/fdw/write/audit.h"

static void
submit(RegdocsQueue *queue, RegdocsWrite *write)
{
	RdapiRequest *request = write->request;

	regdocs_answers_begin(queue->answers, write->answer);
	if (request == NULL)
		request = regdocs_spill_get(queue->group->spill, write->spilled);
	write->request = NULL;
	queue->group->queued_bytes -= write->bytes;
	write->bytes = 0;
	write->call = regdocs_connection_submit(queue->to.connection, request,
											NULL);
	dlist_delete(&write->node);
	dlist_push_tail(&queue->under_way, &write->node);
	queue->group->nunder_way++;
	queue->nunder_way++;
}

int
regdocs_queue_turn(RegdocsQueue *queue)
{
	if (!dlist_is_empty(&queue->under_way))
		return dlist_head_element(RegdocsWrite, node, &queue->under_way)->turn;
	if (!dlist_is_empty(&queue->ready))
		return dlist_head_element(RegdocsWrite, node, &queue->ready)->turn;
	return PG_INT32_MAX;
}

void
regdocs_queue_begin(RegdocsQueue *queue, int turn)
{
	bool		submitted = false;

	while (!dlist_is_empty(&queue->ready) &&
		   queue->nunder_way < queue->window)
	{
		RegdocsWrite *write = dlist_head_element(RegdocsWrite, node,
												 &queue->ready);

		if (write->turn > turn ||
			!regdocs_answers_may_begin(queue->answers, write->answer))
			break;
		submit(queue, write);
		submitted = true;
	}
	if (submitted)
		rdapi_client_drive(regdocs_queue_client(queue));
}

/* It is no longer under way; what becomes of its calls is the caller's. */
static void
leave(RegdocsQueue *queue, RegdocsWrite *write, bool done)
{
	queue->nunder_way--;
	queue->group->nunder_way--;
	regdocs_write_forget(write, done, PG_INT32_MAX);
}

/* Is it one to be left out? */
static void
take_refusal(RegdocsQueue *queue, const RegdocsWrite *write,
			 const RegdocsResult *outcome)
{
	const RegdocsWritten *object = write->place.object;

	queue->left_out = write->origin.ignores_refusal &&
		regdocs_result_is_refusal(outcome);
	if (queue->left_out)
		regdocs_result_leave_out(&queue->group->left_out, outcome,
								 write->place.operation,
								 object == NULL ? NULL : object->sid,
								 &write->origin);
}

/* Note how a write ended; a failure is kept, if it is the first. */
static void
take_outcome(RegdocsQueue *queue, RegdocsWrite *write,
			 const RegdocsResult *outcome)
{
	RegdocsQueueGroup *group = queue->group;
	RdapiCall  *call = write->call;

	if (write->refused != NULL)
	{
		rdapi_call_free(call);
		call = write->refused;
	}
	regdocs_tally_count(&group->tally, outcome->result);
	regdocs_audit_ended(write, call, outcome);
	take_refusal(queue, write, outcome);

	if (outcome->error.kind != RDAPI_ERR_NONE && !queue->left_out &&
		group->failed_call == NULL)
	{
		group->failure = *outcome;
		group->failure.origin = write->origin;
		group->failed_connection = queue->to.connection;
		group->failed_call = call;
	}
	else if (write->answer != NULL && outcome->result == REGDOCS_WRITE_DONE)
	{
		regdocs_answers_put(queue->answers, write->answer, call,
							outcome->page);
		write->answer = NULL;
	}
	else
		rdapi_call_free(call);
	leave(queue, write, outcome->result == REGDOCS_WRITE_DONE);
}

/*
 * A deletion was answered by somebody else than the API: ask for the
 * object, to know.  false: that cannot be done.
 */
static bool
ask_for_object(RegdocsQueue *queue, RegdocsWrite *write)
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
collect(RegdocsQueue *queue, RegdocsWrite *write)
{
	MemoryContext old_context;
	RegdocsResult outcome;

	regdocs_connection_account(queue->to.connection, write->call,
							   &queue->usage);
	MemoryContextReset(queue->judge_context);
	old_context = MemoryContextSwitchTo(write->answer == NULL ?
										queue->judge_context :
										regdocs_answer_context(write->answer));
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
		RegdocsWrite *write = dlist_container(RegdocsWrite, node, iter.cur);

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
		RegdocsWrite *write = dlist_container(RegdocsWrite, node, iter.cur);

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
		RegdocsWrite *write = dlist_container(RegdocsWrite, node, iter.cur);

		if (!rdapi_call_is_done(write->call))
			return false;
	}
	return true;
}

/* ---- Stopping ---- */

/* The object of a deletion was to be asked for, and is not any more. */
static void
settle_deletion(RegdocsQueue *queue, RegdocsWrite *write)
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
		RegdocsWrite *write = dlist_container(RegdocsWrite, node, iter.cur);

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
	RegdocsResult unknown = {.result = REGDOCS_WRITE_UNKNOWN};
	dlist_mutable_iter iter;

	rdapi_error_set(&unknown.error, RDAPI_ERR_UNKNOWN,
					"the statement ended before the answer came");
	regdocs_queue_stop(queue);

	/* Much may have come since it was looked at last. */
	if (queue->nunder_way > 0)
		rdapi_client_drive_begun(regdocs_queue_client(queue));
	regdocs_queue_stop(queue);
	(void) regdocs_queue_collect(queue);

	dlist_foreach_modify(iter, &queue->under_way)
	{
		RegdocsWrite *write = dlist_container(RegdocsWrite, node, iter.cur);

		regdocs_audit_ended(write, write->call, &unknown);
		rdapi_call_free(write->call);
		leave(queue, write, false);
	}
}
