/*-------------------------------------------------------------------------
 *
 * async.c
 *	  Scans that an Append runs side by side: FDW callbacks.
 *
 * The Append asks each scan for a row; one that would have to wait says so,
 * and its request is on its way meanwhile.  Then the Append waits for what has
 * been configured, and tells whoever has done that.  All scans of this wrapper
 * wait for the same descriptor, so that one of them configures it for all, and
 * once it is told, answers for all: each answer that has come is taken in, and
 * core is told of a scan's row although it asked for another one's.
 *
 * More of them than there may be connections take turns (turns.h).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/execAsync.h"
#include "executor/executor.h"
#include "executor/instrument.h"
#include "foreign/fdwapi.h"
#include "storage/latch.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/base/connection.h"
#include "src/fdw/read/async.h"
#include "src/fdw/read/scan.h"

static ForeignScanState *
scan_of(const RegdocsTurn *turn)
{
	return (ForeignScanState *) turn->request->requestee;
}

/* The turns that other scans of the Append have already; NULL: none has. */
static RegdocsTurns *
find_turns(const AppendState *append)
{
	int			i = -1;

	while ((i = bms_next_member(append->as_asyncplans, i)) >= 0)
	{
		AsyncRequest *request = append->as_asyncrequests[i];
		ForeignScanState *node = castNode(ForeignScanState, request->requestee);
		ForeignAsyncRequest_function function =
		node->fdwroutine->ForeignAsyncRequest;

		if (function == regdocsForeignAsyncRequest &&
			regdocs_scan_turn(node)->turns != NULL)
			return regdocs_scan_turn(node)->turns;
	}
	return NULL;
}

/*
 * Answer for a scan that has a turn while no other hands out rows, as far as
 * that takes no waiting.  For the one that core asks at present, NULL: for
 * none, core does the rest by itself.
 */
static void
answer(RegdocsTurn *turn, const AsyncRequest *asked)
{
	AsyncRequest *request = turn->request;
	bool		would_wait;
	TupleTableSlot *slot = regdocs_scan_try(scan_of(turn), &would_wait);

	if (TupIsNull(slot) && would_wait)
	{
		regdocs_turn_await(turn);
		return;
	}
	if (TupIsNull(slot))
		regdocs_turn_end(turn);
	else
		regdocs_turn_hand_out(turn);
	request->callback_pending = false;
	ExecAsyncRequestDone(request, TupIsNull(slot) ? NULL : slot);
	if (request == asked)
		return;
	ExecAsyncResponse(request);
	if (request->requestee->instrument != NULL)
		InstrUpdateTupleCount(request->requestee->instrument,
							  TupIsNull(slot) ? 0.0 : 1.0);
}

/* Send requests of those whose turn it is. */
static void
begin(RegdocsTurns *turns)
{
	RegdocsTurn *turn;

	while ((turn = regdocs_turn_next(turns)) != NULL)
		regdocs_scan_begin(scan_of(turn));
}

/* One that has something, while none hands out rows; NULL: none. */
static RegdocsTurn *
find_ready(RegdocsTurns *turns)
{
	dlist_iter	iter;

	if (turns->handing_out != NULL)
		return NULL;
	dlist_foreach(iter, &turns->taken)
	{
		RegdocsTurn *turn = dlist_container(RegdocsTurn, node, iter.cur);

		if (turn->request->callback_pending &&
			regdocs_scan_ready(scan_of(turn)))
			return turn;
	}
	return NULL;
}

/* Begin what may be begun, and answer what can be answered. */
static void
go_on(RegdocsTurns *turns, const AsyncRequest *asked)
{
	RegdocsTurn *turn;

	begin(turns);
	while ((turn = find_ready(turns)) != NULL)
	{
		answer(turn, asked);
		begin(turns);
	}
}

void
regdocsForeignAsyncRequest(AsyncRequest *request)
{
	ForeignScanState *node = (ForeignScanState *) request->requestee;
	RegdocsTurn *turn = regdocs_scan_turn(node);

	if (turn->turns == NULL)
		regdocs_turn_join(turn, request,
						  find_turns((AppendState *) request->requestor));
	ExecAsyncRequestPending(request);
	regdocs_turn_new_round(turn);
	if (turn->state == REGDOCS_TURN_HANDING_OUT)
		answer(turn, request);
	else if (turn->state == REGDOCS_TURN_NONE)
		regdocs_turn_wait(turn);
	if (turn->state != REGDOCS_TURN_HANDING_OUT)
		go_on(turn->turns, request);
}

void
regdocsForeignAsyncConfigureWait(AsyncRequest *request)
{
	AppendState *append = (AppendState *) request->requestor;
	RegdocsTurn *turn =
	regdocs_scan_turn((ForeignScanState *) request->requestee);
	RegdocsTurns *turns = turn->turns;
	RdapiSession *session;
	dlist_iter	iter;

	Assert(request->callback_pending);
	if (!regdocs_turn_is_first(turn))
		return;
	regdocs_turns_sweep(turns);
	begin(turns);
	dlist_foreach(iter, &turns->taken)
		regdocs_scan_tell_trouble(scan_of(dlist_container(RegdocsTurn, node,
														  iter.cur)));

	/*
	 * Somebody else may have taken in what a scan is waiting for.  Nobody
	 * drives the session between here and the Append's wait.
	 */
	session = regdocs_connection_session();
	if (find_ready(turns) != NULL)
		rdapi_session_wake(session);
	rdapi_session_attend(session, true);
	AddWaitEventToSet(append->as_eventset, WL_SOCKET_READABLE,
					  rdapi_session_descriptor(session), NULL, request);
}

void
regdocsForeignAsyncNotify(AsyncRequest *request)
{
	RegdocsTurn *turn =
	regdocs_scan_turn((ForeignScanState *) request->requestee);

	rdapi_session_drive(regdocs_connection_session(), true);
	ExecAsyncRequestPending(request);
	regdocs_turn_new_round(turn);
	go_on(turn->turns, request);
}
