/*-------------------------------------------------------------------------
 *
 * session.h
 *	  What the clients of a session share: their connections, the descriptor
 *	  to wait on, the clock, and how many requests may be in flight.
 *
 * Clients take turns: where all requests are in flight that may be, the next
 * one is that of the client which has waited for the longest time since its
 * last.  Whoever drives one of them drives all.
 *
 * A session is used by one thread, and so are its clients.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_SESSION_H
#define RDAPI_SESSION_H

#include <stdbool.h>

#include "error.h"

typedef struct RdapiSession RdapiSession;

typedef struct RdapiSessionConfig
{
	/*
	 * Connections that there may be at once, to all servers together, and so
	 * requests in flight; BORROWED, and looked at whenever one is to begin.
	 */
	const int  *max_sockets;
	int			max_kept;		/* connections that are kept when a request
								 * over one of them has ended */

	/*
	 * Who counts the descriptors of the process; NULL: nobody.  Called for
	 * each one, before it is opened (false: there is none left), and after it
	 * was closed.  The session then does with those that it has, if it has
	 * any.
	 */
	bool		(*acquire_descriptor) (void);
	void		(*release_descriptor) (void);
} RdapiSessionConfig;

/* NEW, or NULL: no memory.  Keeps no descriptor open before it is needed. */
extern RdapiSession *rdapi_session_new(const RdapiSessionConfig *config);

/* All of its clients must have been freed; NULL-safe. */
extern void rdapi_session_free(RdapiSession *session);

/*
 * As the functions of clients that are called so (client.h): to open the
 * descriptor to wait on, the descriptor, to drive and to wait.
 */
extern bool rdapi_session_open(RdapiSession *session, RdapiError *error);
extern int	rdapi_session_descriptor(const RdapiSession *session);
extern void rdapi_session_drive(RdapiSession *session, bool begins);
extern void rdapi_session_attend(RdapiSession *session, bool begins);
extern void rdapi_session_leave(RdapiSession *session);
extern void rdapi_session_wake(RdapiSession *session);

/*
 * Close what is open, where no call of any client is pending; the next call
 * opens it again.  false: there was nothing to close.
 */
extern bool rdapi_session_close(RdapiSession *session);

/* Close each connection as soon as nothing is in flight over any of them. */
extern void rdapi_session_retire(RdapiSession *session);

/* Requests that may be in flight, as settings and descriptors permit. */
extern int	rdapi_session_limit(const RdapiSession *session);

#endif							/* RDAPI_SESSION_H */
