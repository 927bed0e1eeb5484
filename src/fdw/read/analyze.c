/*-------------------------------------------------------------------------
 *
 * analyze.c
 *	  Sampling a foreign table for ANALYZE: FDW callback.
 *
 * The API offers neither a count nor a way into the middle of the list, so
 * the whole list is walked.  Objects are sampled with the same chance each,
 * and only those in the sample are converted.  One that cannot be is left out.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "commands/vacuum.h"
#include "foreign/foreign.h"
#include "optimizer/plancat.h"
#include "storage/bufpage.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/sampling.h"

#include "src/fdw/read/analyze.h"
#include "src/fdw/base/compat.h"
#include "src/fdw/base/connection.h"
#include "src/fdw/base/options.h"
#include "src/fdw/read/lists.h"
#include "src/fdw/row/row.h"

/* A sample that is being drawn. */
typedef struct Sample
{
	RegdocsRowReader *reader;
	TupleDesc	desc;
	HeapTuple  *rows;			/* ANALYZE's */
	int			nrows;
	int			target;			/* rows that are wanted */
	double		seen;			/* objects */
	double		to_skip;		/* objects, until the next is drawn; -1: not
								 * decided yet */
	ReservoirStateData reservoir;
	MemoryContext row_context;	/* reset for each row */
	Datum	   *values;
	bool	   *nulls;
} Sample;

/* The row that an object becomes; NULL: it cannot be converted. */
static HeapTuple
form_row(Sample *sample, RegdocsPage *page, int object)
{
	MemoryContext old_context = MemoryContextSwitchTo(sample->row_context);
	bool		converted;

	MemoryContextReset(sample->row_context);
	converted = regdocs_row_read(sample->reader, page, object,
								 sample->values, sample->nulls);
	MemoryContextSwitchTo(old_context);
	if (!converted)
		return NULL;
	return heap_form_tuple(sample->desc, sample->values, sample->nulls);
}

/*
 * Consider an object: the first ones fill the sample, each later one takes
 * the place of a random one with the chance that keeps the sample fair.
 */
static void
consider(Sample *sample, RegdocsPage *page, int object)
{
	HeapTuple	row;

	sample->seen++;
	if (sample->nrows < sample->target)
	{
		row = form_row(sample, page, object);
		if (row != NULL)
			sample->rows[sample->nrows++] = row;
		return;
	}

	if (sample->to_skip < 0)
		sample->to_skip = reservoir_get_next_S(&sample->reservoir,
											   sample->seen - 1,
											   sample->target);
	if (sample->to_skip <= 0)
	{
		double		draw = sampler_random_fract(&sample->reservoir.randstate);
		int			victim = (int) (sample->target * draw);

		row = form_row(sample, page, object);
		if (row != NULL)
		{
			heap_freetuple(sample->rows[victim]);
			sample->rows[victim] = row;
		}
	}
	sample->to_skip--;
}

static Bitmapset *
all_columns(const RegdocsColumns *columns)
{
	Bitmapset  *all = NULL;
	int			i;

	for (i = 0; i < columns->natts; i++)
	{
		if (columns->fields[i] != REGDOCS_FIELD_NONE)
			all = bms_add_member(all, i + 1);
	}
	return all;
}

static const RdapiResource *
resource_of(Relation rel)
{
	ForeignTable *table = GetForeignTable(RelationGetRelid(rel));

	return regdocs_table_options(table,
								 GetForeignServer(table->serverid))->resource;
}

/* What the walk of the list holds besides memory. */
typedef struct Walk
{
	RegdocsConnection *connection;
	MemoryContextCallback cleanup;
} Walk;

static void
release_walk(void *arg)
{
	regdocs_connection_release(((Walk *) arg)->connection);
}

/* As the table's owner, whoever runs ANALYZE; postgres_fdw does the same. */
static Walk *
begin_walk(Relation rel, Oid serverid)
{
	Walk	   *walk = palloc0(sizeof(Walk));

	walk->cleanup.func = release_walk;
	walk->cleanup.arg = walk;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &walk->cleanup);
	walk->connection = regdocs_connection_acquire(rel->rd_rel->relowner,
												  serverid);
	return walk;
}

/*
 * Walk the whole list.  Everything but the rows of the sample lies in the
 * context "walk_context".
 */
static void
draw_sample(Sample *sample, Relation rel, MemoryContext walk_context)
{
	MemoryContext rows_context = MemoryContextSwitchTo(walk_context);
	ForeignTable *table = GetForeignTable(RelationGetRelid(rel));
	RegdocsTableOptions *options =
	regdocs_table_options(table, GetForeignServer(table->serverid));
	RegdocsColumns *columns = regdocs_columns_resolve(rel, options->resource);
	Walk	   *walk = begin_walk(rel, table->serverid);
	RdapiCondition constraints = {options->resource->constraints_parameter,
	"true"};
	RdapiQuery	query = {options->page_size, &constraints,
	options->include_constraints};
	RegdocsListsSpec spec = {0};
	RegdocsUsage usage = {0};
	RegdocsConnection *connection = walk->connection;
	RegdocsBound *bound;
	RegdocsReading reading = {connection, options->resource, 0, &usage};
	RegdocsLists *lists;
	RegdocsPage *page;
	int			object;

	/*
	 * One object that cannot be converted must not leave the planner without
	 * any statistics.
	 */
	sample->reader = regdocs_row_reader_new(rel, columns, all_columns(columns),
											options->on_error ==
											REGDOCS_ON_ERROR_SET_NULL ?
											REGDOCS_ON_ERROR_SET_NULL :
											REGDOCS_ON_ERROR_IGNORE);
	sample->row_context = AllocSetContextCreate(walk_context,
												"regdocs_fdw sampled row",
												ALLOCSET_DEFAULT_SIZES);
	bound = regdocs_bound_new(rel, columns);
	regdocs_bound_check_account(bound,
								regdocs_connection_account_sid(connection));
	regdocs_row_expect_bound(sample->reader, bound);
	reading.fields = regdocs_row_fields(sample->reader);
	spec.parent_page_size = options->page_size;
	spec.query = &query;
	spec.bound = REGDOCS_PAGER_ALL;
	lists = regdocs_lists_begin(&reading, &spec);

	MemoryContextSwitchTo(rows_context);
	while (regdocs_lists_next(lists, &page, &object))
	{
		regdocs_vacuum_delay_point();
		consider(sample, page, object);
	}
	regdocs_connection_note_objects(connection, options->resource,
									sample->seen);
	regdocs_row_note_failures(sample->reader,
							  options->on_error == REGDOCS_ON_ERROR_STOP ?
							  WARNING : NOTICE, true);
}

/* AcquireSampleRowsFunc; the rows are palloc'd in the current context. */
static int
acquire_sample(Relation rel, int elevel, HeapTuple *rows, int target,
			   double *total, double *dead)
{
	Sample		sample = {0};
	MemoryContext walk_context;

	walk_context = AllocSetContextCreate(CurrentMemoryContext,
										 "regdocs_fdw analyze",
										 ALLOCSET_DEFAULT_SIZES);
	sample.desc = RelationGetDescr(rel);
	sample.rows = rows;
	sample.target = target;
	sample.to_skip = -1;
	sample.values = palloc(sizeof(Datum) * Max(sample.desc->natts, 1));
	sample.nulls = palloc(sizeof(bool) * Max(sample.desc->natts, 1));
	reservoir_init_selection_state(&sample.reservoir, target);

	draw_sample(&sample, rel, walk_context);
	MemoryContextDelete(walk_context);

	*total = sample.seen;
	*dead = 0;
	ereport(elevel,
			(errmsg("\"%s\": list contains %.0f %s; %d rows in sample",
					RelationGetRelationName(rel), sample.seen,
					resource_of(rel)->plural, sample.nrows)));
	return sample.nrows;
}

/* How many objects the table is thought to have; -1: nothing is known. */
static double
known_objects(Relation rel, const RdapiResource *resource)
{
	ForeignTable *table;

	if (rel->rd_rel->reltuples >= 0)
		return rel->rd_rel->reltuples;
	table = GetForeignTable(RelationGetRelid(rel));
	return regdocs_connection_objects(rel->rd_rel->relowner,
									  table->serverid, resource);
}

bool
regdocsAnalyzeForeignTable(Relation rel, AcquireSampleRowsFunc *function,
						   BlockNumber *pages)
{
	const RdapiResource *resource = resource_of(rel);
	double		objects = known_objects(rel, resource);
	double		bytes = get_rel_data_width(rel, NULL) +
	MAXALIGN(SizeofHeapTupleHeader) + sizeof(ItemIdData);

	if (!rdapi_resource_can(resource, RDAPI_CAN_LIST))
		return false;

	/*
	 * How long the list is turns out only when it is walked.  But where the
	 * table has a parent, its share of the parent's sample is that of its
	 * pages: so they are counted as if it were a local table.
	 */
	*pages = (BlockNumber)
		Max(ceil(objects * bytes / (BLCKSZ - SizeOfPageHeaderData)), 1);
	*function = acquire_sample;
	return true;
}
