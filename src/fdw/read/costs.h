/*-------------------------------------------------------------------------
 *
 * costs.h
 *	  How many requests a way to read takes, and what they cost.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_COSTS_H
#define REGDOCS_COSTS_H

#include "nodes/pathnodes.h"

#include "src/fdw/read/relation.h"

/* Requests, of which as many as there are rounds wait for one another. */
typedef struct RegdocsRequests
{
	double		rounds;
	double		requests;
} RegdocsRequests;

/* The sizes of the batches that a look-ahead makes, in keys. */
typedef struct RegdocsBatchSizes
{
	double		first;
	double		second;			/* from which on they double */
	double		most;
} RegdocsBatchSizes;

/*
 * How many requests go out at once for all purposes of planning: a server that
 * has a maximum per second lets out no more while one is answered.
 */
extern int	regdocs_costs_concurrency(const RegdocsServerOptions *server);

/* So many lists, side by side, with so many objects in all. */
extern RegdocsRequests regdocs_costs_lists(const RegdocsRelInfo *info,
										   double lists, double objects);

/* All of the table. */
extern RegdocsRequests regdocs_costs_all(const RelOptInfo *rel,
										 const RegdocsRelInfo *info);

/* Fetches of so many objects. */
extern RegdocsRequests regdocs_costs_fetches(const RegdocsRelInfo *info,
											 double sids);

/*
 * The batches of a join by that field, for so many keys in all, each of which
 * has so many objects.
 */
extern RegdocsRequests regdocs_costs_batches(const RegdocsRelInfo *info,
											 int field,
											 const RegdocsBatchSizes *sizes,
											 double keys, double objects);

/* The sizes of such batches in a query that wants its rows like that. */
extern RegdocsBatchSizes regdocs_costs_batch_sizes(const PlannerInfo *root,
												   const RegdocsRelInfo *info,
												   int field);

/* What requests cost. */
extern Cost regdocs_costs_of(const RegdocsRelInfo *info,
							 RegdocsRequests requests);

/* What handing out objects costs, and checking the conditions on them. */
extern Cost regdocs_costs_of_objects(const RelOptInfo *rel,
									 const RegdocsRelInfo *info,
									 double objects);

#endif							/* REGDOCS_COSTS_H */
