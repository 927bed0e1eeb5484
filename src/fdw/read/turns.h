/*-------------------------------------------------------------------------
 *
 * turns.h
 *	  Whose turn it is among the scans of an Append that run side by side.
 *
 * A scan needs a turn to begin, and has it to its end; so many have one as the
 * session may have connections.  Those without hold nothing.  Of those that
 * have one, a single scan at a time hands out rows; meanwhile the others'
 * requests are on their way.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_TURNS_H
#define REGDOCS_TURNS_H

#include "lib/ilist.h"
#include "nodes/execnodes.h"

#include "src/fdw/base/compat.h"

typedef enum RegdocsTurnState
{
	REGDOCS_TURN_NONE,			/* not begun, or at its end */
	REGDOCS_TURN_WAITING,		/* for a turn */
	REGDOCS_TURN_UNDER_WAY,		/* has one; core waits for its next row */
	REGDOCS_TURN_HANDING_OUT	/* has one; core takes its rows */
} RegdocsTurnState;

/* What the scans of one Append have in common. */
typedef struct RegdocsTurns
{
	AppendState *append;
	dlist_head	waiting;		/* for a turn, in their order */
	dlist_head	taken;			/* those that have one */
	int			ntaken;
	struct RegdocsTurn *handing_out;	/* or NULL */
	int			last_index;		/* of those asked for an event in this round;
								 * -1: none was */
	int			may_rescan;		/* -1: not known yet */
} RegdocsTurns;

/* Part of a scan.  All zero: it is below no such Append, as far as known. */
typedef struct RegdocsTurn
{
	dlist_node	node;			/* unless its state is NONE */
	RegdocsTurns *turns;
	AsyncRequest *request;
	RegdocsTurnState state;
} RegdocsTurn;

/*
 * Have a scan take part; "turns" are those that its siblings have already,
 * NULL: it is the first.
 */
extern void regdocs_turn_join(RegdocsTurn *turn, AsyncRequest *request,
							  RegdocsTurns *turns);

/* Wait for a turn, behind those that wait already. */
extern void regdocs_turn_wait(RegdocsTurn *turn);

/* The first that waits gets a turn; NULL: none waits, or no turn is free. */
extern RegdocsTurn *regdocs_turn_next(RegdocsTurns *turns);

/* It has a row, or not any more. */
extern void regdocs_turn_hand_out(RegdocsTurn *turn);
extern void regdocs_turn_await(RegdocsTurn *turn);

/* Give it back; nothing happens where there is none. */
extern void regdocs_turn_end(RegdocsTurn *turn);

/*
 * Core waits for events of all scans that it misses a row of, each of which it
 * asks for one, in their order: is this the first that is asked?
 */
extern bool regdocs_turn_is_first(RegdocsTurn *turn);

/* Core has asked for, or got a row, so that others may be missing now. */
extern void regdocs_turn_new_round(RegdocsTurn *turn);

/*
 * Give back the turns of scans that core asks for nothing any more, since the
 * Append was begun anew.  To be called only where core is about to wait.
 */
extern void regdocs_turns_sweep(RegdocsTurns *turns);

/* May a scan of them be read again? */
extern bool regdocs_turns_may_rescan(RegdocsTurns *turns);

#endif							/* REGDOCS_TURNS_H */
