/*-------------------------------------------------------------------------
 *
 * async.c
 *	  Scans that an Append runs side by side: FDW callbacks.
 *
 * The Append asks each scan for a row; one that would have to wait says so,
 * and its request is on its way meanwhile.  Then the Append waits for the
 * descriptors of all of them, and asks those again that have something.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/execAsync.h"
#include "executor/executor.h"
#include "storage/latch.h"

#include "src/fdw/read/async.h"
#include "src/fdw/base/compat.h"
#include "src/fdw/base/connection.h"
#include "src/fdw/read/scan.h"

static void
answer(AsyncRequest *request)
{
	bool		would_wait;
	TupleTableSlot *slot =
	regdocs_scan_try((ForeignScanState *) request->requestee, &would_wait);

	if (!TupIsNull(slot))
		ExecAsyncRequestDone(request, slot);
	else if (would_wait)
		ExecAsyncRequestPending(request);
	else
		ExecAsyncRequestDone(request, NULL);
}

void
regdocsForeignAsyncRequest(AsyncRequest *request)
{
	answer(request);
}

void
regdocsForeignAsyncConfigureWait(AsyncRequest *request)
{
	AppendState *append = (AppendState *) request->requestor;
	ForeignScanState *node = (ForeignScanState *) request->requestee;

	Assert(request->callback_pending);
	AddWaitEventToSet(append->as_eventset, WL_SOCKET_READABLE,
					  regdocs_scan_watch(node), NULL, request);
}

void
regdocsForeignAsyncNotify(AsyncRequest *request)
{
	/*
	 * The Append has waited for all of its scans, and tells those alone that
	 * have something; the others have waited as long.
	 */
	regdocs_connection_leave_watched();
	answer(request);
}
