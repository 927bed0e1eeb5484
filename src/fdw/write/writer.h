/*-------------------------------------------------------------------------
 *
 * writer.h
 *	  Sending the writes of one statement, or those queued for a commit.
 *
 * A writer has queues, and does the waiting for them.  When a write fails, no
 * new one is begun, those under way are waited for, and then one error tells
 * how many were done and how many not begun.  An error that comes from
 * elsewhere, as a cancel does, leaves writes under way; these are then for
 * regdocs_writer_abandon().
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_WRITER_H
#define REGDOCS_WRITER_H

#include "src/fdw/write/dry_run.h"
#include "src/fdw/write/write_queue.h"

typedef struct RegdocsWriter RegdocsWriter;

/* Called before anything is sent; may raise an error. */
typedef void (*RegdocsBeforeSending) (void *arg);

/*
 * A writer in a memory context of its own below TopMemoryContext, so that it
 * is still there when an error has done away with the statement.
 */
extern RegdocsWriter *regdocs_writer_new(RegdocsWriteNote note,
										 RegdocsBeforeSending before,
										 void *arg);

/* NULL-safe; raises no error. */
extern void regdocs_writer_free(RegdocsWriter *writer);

/*
 * A queue for writes of that role, with a connection, which lives as long as
 * the writer.  "fields" says which fields of answers are wanted, 0: none.
 */
extern RegdocsQueue *regdocs_writer_queue(RegdocsWriter *writer, Oid userid,
										  Oid serverid,
										  const RdapiResource *resource,
										  RegdocsFieldMask fields);

/*
 * The queue for writes of that role, by that server, to that resource, for as
 * long as the writer lives.  Its connection is taken when it is sent, as the
 * server or the credential may change before.  No answers are wanted.
 */
extern RegdocsQueue *regdocs_writer_shared_queue(RegdocsWriter *writer,
												 Oid userid, Oid serverid,
												 const RdapiResource *resource);

/*
 * Writes to different resources are sent in the order in which they were
 * queued, as later ones may depend on those before.
 */
extern void regdocs_writer_keep_turns(RegdocsWriter *writer);

/* Count a row that its statement writes; returns how many there are now. */
extern uint64 regdocs_writer_count_row(RegdocsWriter *writer);

/* What has become of its writes, BORROWED. */
extern const RegdocsTally *regdocs_writer_tally(const RegdocsWriter *writer);

/* Tell of writes that were refused and left out, and of what was not sent. */
extern void regdocs_writer_tell(RegdocsWriter *writer);

/* Its statement sends nothing. */
extern void regdocs_writer_make_dry(RegdocsWriter *writer);

/* What counts instead of sending, BORROWED; NULL: all is sent. */
extern RegdocsDryRun *regdocs_writer_dry_run(const RegdocsWriter *writer);

/* Is anything in the queues? */
extern bool regdocs_writer_has_queued(const RegdocsWriter *writer);

/* Is a write to that object queued, or under way? */
extern bool regdocs_writer_has(const RegdocsWriter *writer, const char *sid);

/* Is a write by that server queued? */
extern bool regdocs_writer_waits_for(const RegdocsWriter *writer,
									 Oid serverid);

/* A subtransaction was rolled back: forget what it has queued. */
extern void regdocs_writer_drop(RegdocsWriter *writer, int level);

/* A subtransaction was committed: what it has queued is its parent's. */
extern void regdocs_writer_subcommit(RegdocsWriter *writer, int level);

/*
 * Send what is in the queue; returns when all that was begun is on the wire, so
 * that it does not matter when the writer is called again.
 */
extern void regdocs_writer_push(RegdocsWriter *writer, RegdocsQueue *queue);

/*
 * Send what is in the queue; returns when the answer that is to be taken next
 * is there, and all that was begun is on the wire.
 */
extern void regdocs_writer_await_answer(RegdocsWriter *writer,
										RegdocsQueue *queue);

/* Send what is in the queue, and wait until all of it is done. */
extern void regdocs_writer_await(RegdocsWriter *writer, RegdocsQueue *queue);

/*
 * Send what is in all queues, and wait until all of it is done, but for queues
 * that keep answers: whoever takes these waits for them.  After the deadline
 * 57014 is raised.
 */
extern void regdocs_writer_finish(RegdocsWriter *writer,
								  TimestampTz deadline);

/*
 * Begin nothing more, and wait for what is under way: an error is about to be
 * raised that the API has no part in.
 */
extern void regdocs_writer_settle(RegdocsWriter *writer);

/*
 * Begin nothing more, and wait for what is under way: until that time, and
 * until there is an interrupt.  Raises no error.
 */
extern void regdocs_writer_drain(RegdocsWriter *writer, TimestampTz until);

/*
 * Note what is under way, without waiting for it.  Raises no error; the
 * writer is then only to be freed.
 */
extern void regdocs_writer_abandon(RegdocsWriter *writer);

#endif							/* REGDOCS_WRITER_H */
