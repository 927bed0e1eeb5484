/*-------------------------------------------------------------------------
 *
 * queue_internal.h
 *	  A queue of writes as write_queue.c and under_way.c see it; write_queue.h
 *	  has what others see of it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_QUEUE_INTERNAL_H
#define REGDOCS_QUEUE_INTERNAL_H

#include "lib/ilist.h"

#include "src/fdw/write/journal.h"
#include "src/fdw/write/write_queue.h"

/* A write that is queued (with its request) or under way (with its call). */
typedef struct RegdocsWrite
{
	dlist_node	node;
	RegdocsQueue *queue;
	RegdocsPlace place;
	RegdocsOrigin origin;
	RdapiRequest *request;		/* NULL: it is on disk */
	int64		spilled;		/* where it is there */
	RdapiCall  *call;
	RegdocsAnswer *answer;		/* to be kept; NULL: it is not */
	RdapiCall  *refused;		/* the deletion whose answer is in doubt; call
								 * asks for the object.  NULL: not so */
	Size		bytes;			/* of the request in memory */
	int64		entry;			/* in the journal; REGDOCS_NO_ENTRY: it has
								 * none, or has ended there */
	int			level;			/* nest level of the transaction */
	int			turn;			/* see RegdocsQueueGroup */
} RegdocsWrite;

struct RegdocsQueue
{
	RegdocsQueueGroup *group;
	RegdocsDestination to;
	char	   *role_name;
	char	   *server_name;
	const RdapiResource *resource;
	RegdocsFieldMask fields;	/* of answers that are wanted; 0: none */
	int			window;			/* writes under way at once */

	dlist_head	ready;			/* to be sent */
	dlist_head	blocked;		/* behind others to the same object */
	dlist_head	under_way;
	int			nunder_way;

	RegdocsAnswers *answers;	/* NULL: they are not kept */
	MemoryContext judge_context;	/* of an answer that is not; reset for
									 * each */

	bool		left_out;		/* the last write that ended was */

	RegdocsUsage usage;
};

/*
 * The write is at its end; "done" says how.  Another may be ready now, unless
 * it is of that nest level or a deeper one: these are about to be dropped.
 */
extern void regdocs_write_forget(RegdocsWrite *write, bool done, int level);

#endif							/* REGDOCS_QUEUE_INTERNAL_H */
