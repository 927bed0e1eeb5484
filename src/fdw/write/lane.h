/*-------------------------------------------------------------------------
 *
 * lane.h
 *	  Writes of one role, by one server, to one resource: those that are
 *	  queued, and those that are under way.
 *
 * A lane sends as many writes at once as its server's option "concurrency"
 * allows.  It never waits; see writer.h for that.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_LANE_H
#define REGDOCS_LANE_H

#include "src/fdw/base/connection.h"
#include "src/fdw/row/page.h"
#include "src/fdw/write/order.h"
#include "src/fdw/write/outcome.h"
#include "src/fdw/write/spill.h"

typedef struct RegdocsLane RegdocsLane;

/*
 * Called for each write that was done, or, unless "known", may have been
 * done.  sid is NULL where it is unknown what was created.  Must not raise
 * an error.
 */
typedef void (*RegdocsWriteNote) (int level, const RdapiResource *resource,
								  RdapiOperation operation, bool known,
								  const char *sid);

/* What lanes have in common whose writes belong together. */
typedef struct RegdocsLaneGroup
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

	/* Requests in memory that wait to be sent; others are on disk. */
	Size		queued_bytes;
	RegdocsSpill *spill;		/* NULL: none are */

	/* The first failure */
	RdapiCall  *failed_call;	/* NULL: there is none; to be freed */
	RegdocsConnection *failed_connection;
	RegdocsOutcome failure;
	bool		stopped;		/* nothing may be begun any more */

	MemoryContext context;		/* of everything here */
	MemoryContext writes;		/* of writes, which come and go in order */
} RegdocsLaneGroup;

/*
 * palloc'd, with all that it keeps, in the group's context, and without a
 * connection yet.  The group is BORROWED.  "fields" says which fields of
 * answers are wanted, 0: none.
 */
extern RegdocsLane *regdocs_lane_new(RegdocsLaneGroup *group, Oid userid,
									 Oid serverid,
									 const RdapiResource *resource,
									 RegdocsFieldMask fields);

/* Is it the lane of that role, that server and that resource? */
extern bool regdocs_lane_is_for(const RegdocsLane *lane, Oid userid,
								Oid serverid, const RdapiResource *resource);

/*
 * Take a connection, unless the lane has one: as regdocs_connection_acquire()
 * does, which may raise an error.
 */
extern void regdocs_lane_connect(RegdocsLane *lane);

/* Its client, BORROWED; it must have a connection. */
extern RdapiClient *regdocs_lane_client(const RegdocsLane *lane);

/* Give back what is not palloc'd.  Raises no error. */
extern void regdocs_lane_release(RegdocsLane *lane);

/*
 * Put a write into the queue.  STEALS the request, also where an error is
 * raised.  sid is NULL for a create; one with a sid changes that object by
 * what it creates below it, and is noted as an update.  Writes to one document
 * are sent in their order, one at a time, also those of other lanes of the
 * group.
 */
extern void regdocs_lane_add(RegdocsLane *lane, RdapiRequest *request,
							 const char *sid);

/* Do the group's queues hold as much as should be in memory? */
extern bool regdocs_lane_is_full(const RegdocsLane *lane);

/* Does a write of the group to that document wait, or is it under way? */
extern bool regdocs_lane_has(const RegdocsLane *lane, const char *sid);

/* Has the group deleted that document, or will it? */
extern bool regdocs_lane_deletes(const RegdocsLane *lane, const char *sid);

/* Are there writes in the queue?  How many are under way? */
extern bool regdocs_lane_has_queued(RegdocsLane *lane);
extern int	regdocs_lane_under_way(const RegdocsLane *lane);

/*
 * Forget what was queued at that nest level and deeper ones; returns how much
 * that was.
 */
extern uint64 regdocs_lane_drop(RegdocsLane *lane, int level);

/* A subtransaction was committed: what it has queued is its parent's. */
extern void regdocs_lane_subcommit(RegdocsLane *lane, int level);

/* Is the request of any of those under way being sent? */
extern bool regdocs_lane_is_sending(RegdocsLane *lane);

/* Are all of those under way at their end? */
extern bool regdocs_lane_is_done(RegdocsLane *lane);

/* The turn of what is to be sent next, or under way; INT_MAX: nothing is. */
extern int	regdocs_lane_turn(RegdocsLane *lane);

/* Begin what there is room for, of turns up to that one. */
extern void regdocs_lane_begin(RegdocsLane *lane, int turn);

/* Take the outcomes of those that have ended; how many were there? */
extern int	regdocs_lane_collect(RegdocsLane *lane);

/*
 * Forget what was certainly not done: what is queued, and what is under way
 * without that anything was sent, as it waits for its connection or for a
 * retry.  What is left can only end; nothing is begun any more.  Raises no
 * error.
 */
extern void regdocs_lane_stop(RegdocsLane *lane);

/*
 * Stop, and forget what is under way; it is noted, as done if it is, and
 * otherwise as unknown.  Raises no error.
 */
extern void regdocs_lane_abandon(RegdocsLane *lane);

/*
 * The answer to the write that ended last, BORROWED until the next one does;
 * NULL: none was wanted, or it was a deletion.
 */
extern RegdocsPage *regdocs_lane_answer(const RegdocsLane *lane);

/* What the lane took so far; time spent waiting is the writer's to add. */
extern RegdocsUsage *regdocs_lane_usage(RegdocsLane *lane);

#endif							/* REGDOCS_LANE_H */
