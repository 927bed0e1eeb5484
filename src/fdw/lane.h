/*-------------------------------------------------------------------------
 *
 * lane.h
 *	  Writes to one foreign table, or over one connection: those that are
 *	  queued, and those that are under way.
 *
 * A lane sends as many writes at once as its server's option "concurrency"
 * allows.  It never waits; see writer.h for that.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_LANE_H
#define REGDOCS_LANE_H

#include "src/fdw/connection.h"
#include "src/fdw/outcome.h"
#include "src/fdw/page.h"

typedef struct RegdocsLane RegdocsLane;

/* What all queues of a group may hold, in bytes: files can be large. */
#define REGDOCS_QUEUED_BYTES_MAX	((Size) 256 * 1024 * 1024)

/*
 * Called for each write that was done, or, unless "known", may have been
 * done.  sid is NULL where it is unknown what was created.  Must not raise
 * an error.
 */
typedef void (*RegdocsWriteNote) (int level, RdapiOperation operation,
								  bool known, const char *sid);

/* What lanes have in common whose writes belong together. */
typedef struct RegdocsLaneGroup
{
	RegdocsWriteNote note;
	Size		queued_bytes;
	RegdocsTally tally;

	/* The first failure */
	RdapiCall  *failed_call;	/* NULL: there is none; to be freed */
	RegdocsConnection *failed_connection;
	RegdocsOutcome failure;
} RegdocsLaneGroup;

/*
 * palloc'd, with all that it keeps, in the current context, and without a
 * connection yet.  The group is BORROWED.
 */
extern RegdocsLane *regdocs_lane_new(RegdocsLaneGroup *group,
									 const RdapiResource *resource,
									 RegdocsFieldMask fields);

/* STEALS the reference to the connection. */
extern void regdocs_lane_set_connection(RegdocsLane *lane,
										RegdocsConnection *connection);

/* BORROWED; NULL: it has none yet. */
extern RegdocsConnection *regdocs_lane_connection(const RegdocsLane *lane);
extern const RdapiResource *regdocs_lane_resource(const RegdocsLane *lane);

/* Give back what is not palloc'd.  Raises no error. */
extern void regdocs_lane_release(RegdocsLane *lane);

/*
 * Put a write into the queue.  STEALS the request, also where an error is
 * raised: 54000 when the queues hold too much.  sid is NULL for a create.
 * Writes to one document are sent in their order, one at a time.
 */
extern void regdocs_lane_add(RegdocsLane *lane, RdapiRequest *request,
							 const char *sid);

/*
 * Remember that a write to that document was queued here, for as long as the
 * lane lives: also when it was sent, or dropped.
 */
extern void regdocs_lane_remember(RegdocsLane *lane, const char *sid);
extern bool regdocs_lane_remembers(const RegdocsLane *lane, const char *sid);

/* What the queues of the lane's group hold, in bytes. */
extern Size regdocs_lane_queued_bytes(const RegdocsLane *lane);

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

/* Is any of those under way not at its end? */
extern bool regdocs_lane_is_waiting(RegdocsLane *lane);

/* Begin what there is room for. */
extern void regdocs_lane_begin(RegdocsLane *lane);

/* Take the outcomes of those that have ended; how many were there? */
extern int	regdocs_lane_collect(RegdocsLane *lane);

/* Forget what is queued, and what only waits to be begun by the client. */
extern void regdocs_lane_stop(RegdocsLane *lane);

/*
 * Forget what is under way; what has begun is noted, as done if it is, and
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
