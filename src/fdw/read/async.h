/*-------------------------------------------------------------------------
 *
 * async.h
 *	  Scans that an Append runs side by side: FDW callbacks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_ASYNC_H
#define REGDOCS_ASYNC_H

#include "nodes/execnodes.h"

extern void regdocsForeignAsyncRequest(AsyncRequest *request);
extern void regdocsForeignAsyncConfigureWait(AsyncRequest *request);
extern void regdocsForeignAsyncNotify(AsyncRequest *request);

#endif							/* REGDOCS_ASYNC_H */
