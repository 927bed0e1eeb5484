/*-------------------------------------------------------------------------
 *
 * turns.c
 *	  Whose turn it is among the scans of an Append that run side by side.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "src/fdw/base/connection.h"
#include "src/fdw/read/rescan.h"
#include "src/fdw/read/turns.h"

void
regdocs_turn_join(RegdocsTurn *turn, AsyncRequest *request,
				  RegdocsTurns *turns)
{
	AppendState *append = (AppendState *) request->requestor;

	if (turns == NULL)
	{
		turns = MemoryContextAllocZero(append->ps.state->es_query_cxt,
									   sizeof(RegdocsTurns));
		turns->append = append;
		dlist_init(&turns->waiting);
		dlist_init(&turns->taken);
		turns->last_index = -1;
		turns->may_rescan = -1;
	}
	turn->turns = turns;
	turn->request = request;
}

void
regdocs_turn_wait(RegdocsTurn *turn)
{
	dlist_push_tail(&turn->turns->waiting, &turn->node);
	turn->state = REGDOCS_TURN_WAITING;
}

RegdocsTurn *
regdocs_turn_next(RegdocsTurns *turns)
{
	while (!dlist_is_empty(&turns->waiting) &&
		   turns->ntaken < regdocs_max_sockets)
	{
		dlist_node *node = dlist_pop_head_node(&turns->waiting);
		RegdocsTurn *turn = dlist_container(RegdocsTurn, node, node);

		/* The Append may have been begun anew since. */
		turn->state = REGDOCS_TURN_NONE;
		if (!turn->request->callback_pending)
			continue;
		dlist_push_tail(&turns->taken, &turn->node);
		turns->ntaken++;
		turn->state = REGDOCS_TURN_UNDER_WAY;
		return turn;
	}
	return NULL;
}

void
regdocs_turn_hand_out(RegdocsTurn *turn)
{
	Assert(turn->turns->handing_out == NULL ||
		   turn->turns->handing_out == turn);
	turn->turns->handing_out = turn;
	turn->state = REGDOCS_TURN_HANDING_OUT;
}

void
regdocs_turn_await(RegdocsTurn *turn)
{
	RegdocsTurns *turns = turn->turns;

	if (turn->state != REGDOCS_TURN_HANDING_OUT)
		return;
	turns->handing_out = NULL;
	turn->state = REGDOCS_TURN_UNDER_WAY;

	/* The others come first now. */
	dlist_delete(&turn->node);
	dlist_push_tail(&turns->taken, &turn->node);
}

void
regdocs_turn_end(RegdocsTurn *turn)
{
	RegdocsTurns *turns = turn->turns;

	if (turn->state == REGDOCS_TURN_NONE)
		return;
	dlist_delete(&turn->node);
	if (turn->state != REGDOCS_TURN_WAITING)
		turns->ntaken--;
	if (turns->handing_out == turn)
		turns->handing_out = NULL;
	turn->state = REGDOCS_TURN_NONE;
}

bool
regdocs_turn_is_first(RegdocsTurn *turn)
{
	RegdocsTurns *turns = turn->turns;
	int			last_index = turns->last_index;

	turns->last_index = turn->request->request_index;
	return turns->last_index <= last_index || last_index < 0;
}

void
regdocs_turn_new_round(RegdocsTurn *turn)
{
	turn->turns->last_index = -1;
}

void
regdocs_turns_sweep(RegdocsTurns *turns)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &turns->taken)
	{
		RegdocsTurn *turn = dlist_container(RegdocsTurn, node, iter.cur);

		if (!turn->request->callback_pending &&
			!bms_is_member(turn->request->request_index,
						   turns->append->as_needrequest))
			regdocs_turn_end(turn);
	}
}

bool
regdocs_turns_may_rescan(RegdocsTurns *turns)
{
	const AppendState *append = turns->append;

	if (turns->may_rescan < 0)
		turns->may_rescan =
			regdocs_may_rescan(append->ps.state->es_plannedstmt,
							   append->ps.plan);
	return turns->may_rescan > 0;
}
