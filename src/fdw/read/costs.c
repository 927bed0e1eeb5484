/*-------------------------------------------------------------------------
 *
 * costs.c
 *	  How many requests a way to read takes, and what they cost.
 *
 * What takes time is requests that wait for one another: a round of requests
 * that go side by side takes about as long as one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "optimizer/optimizer.h"

#include "src/fdw/read/costs.h"

/*
 * What a request costs that goes beside others, as a part of one that is
 * waited for.  It is next to nothing in time, but it is not free to the server:
 * without a price, lists of some pages would be replaced by hundreds of fetches
 * for nothing.  doc/internals.md says how it was found.
 */
#define BESIDE_COST 0.03

/*
 * How long a request takes, in seconds, where it matters how many go out
 * within a second.
 */
#define REQUEST_SECONDS 0.05

/* Keys of the largest batch: more would bind memory, and save nothing. */
#define MOST_KEYS 1024.0

int
regdocs_costs_concurrency(const RegdocsServerOptions *server)
{
	double		at_once = server->max_requests_per_second * REQUEST_SECONDS;

	if (server->max_requests_per_second <= 0)
		return server->concurrency;
	return (int) Max(Min(at_once, server->concurrency), 1);
}

/* Pages of so many objects, of which there is always one. */
static double
pages_of(const RegdocsRelInfo *info, double objects)
{
	return Max(ceil(objects / info->table->page_size), 1);
}

RegdocsRequests
regdocs_costs_lists(const RegdocsRelInfo *info, double lists, double objects)
{
	double		pages = pages_of(info, objects / lists);
	RegdocsRequests result;

	result.rounds = ceil(lists / info->concurrency) * pages;
	result.requests = lists * pages;
	return result;
}

RegdocsRequests
regdocs_costs_all(const RelOptInfo *rel, const RegdocsRelInfo *info)
{
	double		parent_pages = pages_of(info, info->parents);
	RegdocsRequests result;

	if (info->table->resource->parent == NULL)
		return regdocs_costs_lists(info, 1, rel->tuples);
	result = regdocs_costs_lists(info, Max(info->parents, 1), rel->tuples);
	result.rounds += parent_pages;
	result.requests += parent_pages;
	return result;
}

/* How many sids one request can name, where there are several; 1: one. */
static double
sids_a_request(const RdapiResource *resource)
{
	int			filter = rdapi_resource_filter(resource, resource->sid_field,
											   RDAPI_TEST_ONE_OF);

	return filter < 0 ? 1 : resource->filters[filter].most;
}

RegdocsRequests
regdocs_costs_fetches(const RegdocsRelInfo *info, double sids)
{
	RegdocsRequests result;

	result.requests = sids <= 1 ? sids :
		ceil(sids / sids_a_request(info->table->resource));
	result.rounds = ceil(result.requests / info->concurrency);
	return result;
}

/* ---- Batches ---- */

RegdocsRequests
regdocs_costs_batches(const RegdocsRelInfo *info, int field,
					  const RegdocsBatchSizes *sizes, double keys,
					  double objects)
{
	bool		by_sid = field == info->table->resource->sid_field;
	double		size = sizes->first;
	RegdocsRequests result = {0};

	while (keys > 0)
	{
		double		batch = Min(keys, size);
		RegdocsRequests more = by_sid ? regdocs_costs_fetches(info, batch) :
		regdocs_costs_lists(info, batch, batch * objects);
		double		times = 1;

		/* From the largest on, all are the same. */
		if (size >= sizes->most)
			times = Max(floor(keys / batch), 1);
		result.rounds += times * more.rounds;
		result.requests += times * more.requests;
		keys -= times * batch;
		size = Min(Max(size * 2, sizes->second), sizes->most);
	}
	return result;
}

/*
 * The first batch is as large as one round takes, but where the query may not
 * want all rows: then it has no more keys than rows are wanted, and than there
 * are requests at once.
 */
RegdocsBatchSizes
regdocs_costs_batch_sizes(const PlannerInfo *root, const RegdocsRelInfo *info,
						  int field)
{
	const RdapiResource *resource = info->table->resource;
	bool		by_sid = field == resource->sid_field;
	double		round = info->concurrency *
	(by_sid ? sids_a_request(resource) : 1);
	RegdocsBatchSizes sizes;

	sizes.first = round;
	if (root->tuple_fraction > 0)
		sizes.first = Min(sizes.first, info->concurrency);
	if (root->tuple_fraction >= 1)
		sizes.first = Min(sizes.first, ceil(root->tuple_fraction));
	sizes.second = round;
	sizes.most = Max(MOST_KEYS, round);
	return sizes;
}

/* ---- Costs ---- */

Cost
regdocs_costs_of(const RegdocsRelInfo *info, RegdocsRequests requests)
{
	return info->table->request_cost *
		(requests.rounds +
		 BESIDE_COST * Max(requests.requests - requests.rounds, 0));
}

Cost
regdocs_costs_of_objects(const RelOptInfo *rel, const RegdocsRelInfo *info,
						 double objects)
{
	return objects * (info->table->row_cost + cpu_tuple_cost +
					  rel->baserestrictcost.per_tuple);
}
