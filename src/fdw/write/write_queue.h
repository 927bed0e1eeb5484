/*-------------------------------------------------------------------------
 *
 * write_queue.h
 *	  Writes of one role, by one server, to one resource: those that are
 *	  queued, and those that are under way.
 *
 * Both are the same queue: write_queue.c has what is queued, under_way.c what
 * is under way.  A queue sends as many writes at once as its server's option "concurrency"
 * allows.  It never waits; see writer.h for that.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_WRITE_QUEUE_H
#define REGDOCS_WRITE_QUEUE_H

#include "src/fdw/base/connection.h"
#include "src/fdw/row/page.h"
#include "src/fdw/write/answers.h"
#include "src/fdw/write/destination.h"
#include "src/fdw/write/order.h"
#include "src/fdw/write/write_result.h"
#include "src/fdw/write/spill.h"

typedef struct RegdocsQueue RegdocsQueue;

/*
 * How many windows of writes, each of as many as "concurrency" allows, may be
 * ahead of the answer that is to be taken next.  With one alone, all would idle
 * until a write that was throttled is repeated.
 */
#define REGDOCS_WINDOWS_AHEAD	2

/*
 * Called for each write that was done, or, unless "known", may have been
 * done.  sid is NULL where it is unknown what was created.  Must not raise
 * an error.
 */
typedef void (*RegdocsWriteNote) (int level, const RdapiResource *resource,
								  RdapiOperation operation, bool known,
								  const char *sid);

/* What queues have in common whose writes belong together. */
typedef struct RegdocsQueueGroup
{
	RegdocsWriteNote note;
	RegdocsTally tally;
	RegdocsOrder *order;

	/*
	 * With "in_turn", writes to one resource are all at their end before
	 * those that follow them to another one begin: these may depend on them.
	 */
	bool		in_turn;
	const RdapiResource *last_resource;
	int			last_turn;

	int			nunder_way;		/* in all queues */

	/* Requests in memory that wait to be sent; others are on disk. */
	Size		queued_bytes;
	RegdocsSpill *spill;		/* NULL: none are */

	/* The first failure */
	RdapiCall  *failed_call;	/* NULL: there is none; to be freed */
	RegdocsConnection *failed_connection;
	RegdocsResult failure;
	RegdocsLeftOut left_out;	/* failures that are none */
	bool		stopped;		/* nothing may be begun any more */

	MemoryContext context;		/* of everything here */
	MemoryContext writes;		/* of writes, which come and go in order */
} RegdocsQueueGroup;

/*
 * palloc'd, with all that it keeps, in the group's context, and without a
 * connection yet.  The group is BORROWED.  "fields" says which fields of
 * answers are wanted, 0: none.
 */
extern RegdocsQueue *regdocs_queue_new(RegdocsQueueGroup *group, Oid userid,
									   Oid serverid,
									   const RdapiResource *resource,
									   RegdocsFieldMask fields);

/* Is it the queue of that role, that server and that resource? */
extern bool regdocs_queue_is_for(const RegdocsQueue *queue, Oid userid,
								 Oid serverid, const RdapiResource *resource);

/* Does it hold writes by that server, which are to be sent? */
extern bool regdocs_queue_waits_for(RegdocsQueue *queue, Oid serverid);

/* As regdocs_destination_connect() does, which may raise an error. */
extern void regdocs_queue_connect(RegdocsQueue *queue);

/* The account of its connection, BORROWED; "" where not known. */
extern const char *regdocs_queue_account(const RegdocsQueue *queue);

/* The same by regdocs_destination_expect(). */
extern void regdocs_queue_expect_account(RegdocsQueue *queue,
										 const char *account);

/* Its client, BORROWED; it must have a connection. */
extern RdapiClient *regdocs_queue_client(const RegdocsQueue *queue);

/* Give back what is not palloc'd.  Raises no error. */
extern void regdocs_queue_release(RegdocsQueue *queue);

/*
 * Keep the answers to all writes that are added from now on, until they are
 * taken.  The queue must have a connection.
 */
extern void regdocs_queue_keep_answers(RegdocsQueue *queue);

/*
 * Its answers, BORROWED; NULL: they are not kept.  Who queues the writes takes
 * all of them.
 */
extern RegdocsAnswers *regdocs_queue_answers(const RegdocsQueue *queue);

/*
 * Put a write into it.  STEALS the request, also where an error is
 * raised.  sid is NULL for a create; one with a sid changes that object by
 * what it creates below it, and is noted as an update.  Writes to one object
 * are sent in their order, one at a time, also those of other queues of the
 * group.  origin, which is copied, is what a failure is told of; NULL: the
 * request names it.
 */
extern void regdocs_queue_add(RegdocsQueue *queue, RdapiRequest *request,
							  const char *sid, const RegdocsOrigin *origin);

/* Do the group's queues hold as much as should be in memory? */
extern bool regdocs_queue_is_full(const RegdocsQueue *queue);

/* Does a write of the group to that object wait, or is it under way? */
extern bool regdocs_queue_has(const RegdocsQueue *queue, const char *sid);

/* Has the group deleted that object, or will it? */
extern bool regdocs_queue_deletes(const RegdocsQueue *queue, const char *sid);

/* Are there writes in the queue?  How many are under way? */
extern bool regdocs_queue_has_queued(RegdocsQueue *queue);
extern int	regdocs_queue_under_way(const RegdocsQueue *queue);

/*
 * Forget what was queued at that nest level and deeper ones; returns how much
 * that was.
 */
extern uint64 regdocs_queue_drop(RegdocsQueue *queue, int level);

/* A subtransaction was committed: what it has queued is its parent's. */
extern void regdocs_queue_subcommit(RegdocsQueue *queue, int level);

/* Is the request of any of those under way being sent? */
extern bool regdocs_queue_is_sending(RegdocsQueue *queue);

/* Are all of those under way at their end? */
extern bool regdocs_queue_is_done(RegdocsQueue *queue);

/* The turn of what is to be sent next, or under way; INT_MAX: nothing is. */
extern int	regdocs_queue_turn(RegdocsQueue *queue);

/*
 * Begin what there is room for, of turns up to that one.  Where other queues
 * have all descriptors, nothing is begun before one of their writes has ended.
 */
extern void regdocs_queue_begin(RegdocsQueue *queue, int turn);

/* Take the outcomes of those that have ended; how many were there? */
extern int	regdocs_queue_collect(RegdocsQueue *queue);

/*
 * Forget what was certainly not done: what is queued, and what is under way
 * without that anything was sent, as it waits for its connection or for a
 * retry.  What is left can only end; nothing is begun any more.  Raises no
 * error.
 */
extern void regdocs_queue_stop(RegdocsQueue *queue);

/*
 * Stop, and forget what is under way; it is noted, as done if it is, and
 * otherwise as unknown.  Raises no error.
 */
extern void regdocs_queue_abandon(RegdocsQueue *queue);

/* Was the write that ended last refused, and left out? */
extern bool regdocs_queue_left_out(const RegdocsQueue *queue);

/* What the queue took so far; time spent waiting is the writer's to add. */
extern RegdocsUsage *regdocs_queue_usage(RegdocsQueue *queue);

#endif							/* REGDOCS_WRITE_QUEUE_H */
