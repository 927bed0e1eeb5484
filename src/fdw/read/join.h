/*-------------------------------------------------------------------------
 *
 * join.h
 *	  Joins that fetch in batches.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_JOIN_H
#define REGDOCS_JOIN_H

/* GUC regdocs_fdw.enable_batched_join */
extern bool regdocs_enable_batched_join;

/* Install the planner's hook; once per process. */
extern void regdocs_join_init(void);

#endif							/* REGDOCS_JOIN_H */
