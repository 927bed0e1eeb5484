/*-------------------------------------------------------------------------
 *
 * connection.h
 *	  The session's API clients: one for each user mapping in use.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_CONNECTION_H
#define REGDOCS_CONNECTION_H

#include "portability/instr_time.h"
#include "utils/timestamp.h"

#include "src/api/client.h"
#include "src/api/session.h"
#include "src/fdw/base/compat.h"

typedef struct RegdocsConnection RegdocsConnection;

/* What the work of one plan node took, for EXPLAIN. */
typedef struct RegdocsUsage
{
	uint64		requests;		/* tries, retries included */
	uint64		retries;
	uint64		pages;			/* of a list */
	uint64		objects;		/* in them, or fetched one by one */
	uint64		bytes_received; /* on the wire */
	instr_time	waited;
} RegdocsUsage;

extern void regdocs_usage_add(RegdocsUsage *usage, RegdocsUsage more);

/* What the server's log is to have. */
typedef enum RegdocsLog
{
	REGDOCS_LOG_NOTHING,
	REGDOCS_LOG_ALL,			/* each request, as the client sends it */
	REGDOCS_LOG_WRITES			/* each write, and who has made it */
} RegdocsLog;

/* GUC regdocs_fdw.log_requests, a RegdocsLog */
extern int	regdocs_log_requests;

/* GUC regdocs_fdw.retry_budget, in milliseconds; -1: it is not set. */
extern int	regdocs_retry_budget_ms;

/*
 * GUC regdocs_fdw.max_sockets: connections to all servers together, and scans
 * of an Append that are under way.
 */
extern int	regdocs_max_sockets;

/* Have invalidations dropped clients; once per process. */
extern void regdocs_connection_init(void);

/*
 * The client with which that role uses that server, made where there is
 * none yet; nothing is sent.  Where the role has no user mapping with
 * credentials, raises ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION.  The
 * reference must be released, also after an error: do so from a memory
 * context's callback.
 */
extern RegdocsConnection *regdocs_connection_acquire(Oid userid,
													 Oid serverid);

/* NULL-safe; raises no error. */
extern void regdocs_connection_release(RegdocsConnection *connection);

/* It is being used. */
extern void regdocs_connection_touch(RegdocsConnection *connection);

/* What all clients share; open, or an error is raised. */
extern RdapiSession *regdocs_connection_session(void);

extern RdapiClient *regdocs_connection_client(RegdocsConnection *connection);
extern const char *regdocs_connection_server(const RegdocsConnection *conn);

/* The account of its credential; "" where not known. */
extern const char *regdocs_connection_account_sid(const RegdocsConnection *c);

/* Option concurrency of the server. */
extern int	regdocs_connection_concurrency(const RegdocsConnection *connection);

/*
 * How many objects a walk of the list to its end last found in this
 * session, with the credential of that role; -1: none was made.  Opens no
 * connection.
 */
extern double regdocs_connection_objects(Oid userid, Oid serverid,
										 const RdapiResource *resource);
extern void regdocs_connection_note_objects(RegdocsConnection *connection,
											const RdapiResource *resource,
											double objects);

/*
 * Submit a request, which is STOLEN also where an error is raised.  "request"
 * may be NULL: then *error says why there is none, and that is raised.  The
 * NEW call is malloc's: whoever gets it must see to it that it is freed.
 */
extern RdapiCall *regdocs_connection_submit(RegdocsConnection *connection,
											RdapiRequest *request,
											const RdapiError *error);

/*
 * Wait until the call is done, then count it.  To be called once for each call
 * whose answer is wanted.  usage may be NULL.
 */
extern void regdocs_connection_await(RegdocsConnection *connection,
									 RdapiCall *call, RegdocsUsage *usage);

/* Count what a call took so far; either may be NULL. */
extern void regdocs_connection_count(const RdapiCall *call,
									 RegdocsUsage *usage);

/* The last part of awaiting: count a call that is done. */
extern void regdocs_connection_account(RegdocsConnection *connection,
									   const RdapiCall *call,
									   RegdocsUsage *usage);

/*
 * A call over that connection, a RegdocsConnection, has ended: log it, if that
 * is wanted.  Raises no error.
 */
extern void regdocs_connection_log(const RdapiCall *call,
								   const void *connection);

/* Raise an error that the client has met; the request may be NULL. */
extern void regdocs_connection_raise_error(const RegdocsConnection *connection,
										   const RdapiError *error,
										   const RdapiRequest *request);

/* Raise a failed call's error; it may not return. */
extern void regdocs_connection_raise(RegdocsConnection *connection,
									 const RdapiCall *call);

/*
 * Raise ERRCODE_PROTOCOL_VIOLATION for an answer that came with success and
 * yet is not what the API promises; "failure" says in a full sentence why.
 */
extern void regdocs_connection_raise_protocol(RegdocsConnection *connection,
											  const RdapiCall *call,
											  const char *failure)
			pg_attribute_noreturn();

/* What there is to tell about a connection; all BORROWED from it. */
typedef struct RegdocsConnectionInfo
{
	Oid			serverid;
	const char *server_name;
	const char *user_name;		/* whose mapping it is, or "public" */
	const char *account;		/* "" where not known */
	const RdapiClientStats *stats;
	TimestampTz last_used;
	bool		valid;			/* false: server or mapping have changed, and
								 * it is gone when nobody uses it any more */
} RegdocsConnectionInfo;

extern void regdocs_connection_info(const RegdocsConnection *connection,
									RegdocsConnectionInfo *info);

typedef void (*RegdocsConnectionVisitor) (RegdocsConnection *connection,
										  void *arg);

/*
 * Call "visit" for each of the session's connections.  It may drop the one
 * that it is called for; it must not look into catalogs, since that could
 * invalidate others.
 */
extern void regdocs_connection_visit(RegdocsConnectionVisitor visit,
									 void *arg);

/* Close and forget a connection; false: it is in use. */
extern bool regdocs_connection_drop(RegdocsConnection *connection);

#endif							/* REGDOCS_CONNECTION_H */
