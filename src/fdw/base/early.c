/*-------------------------------------------------------------------------
 *
 * early.c
 *	  Scans that are read before the first write of their statement.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "src/fdw/base/early.h"

static dlist_head readers = DLIST_STATIC_INIT(readers);

void
regdocs_early_add(RegdocsReader *reader)
{
	dlist_push_tail(&readers, &reader->node);
}

void
regdocs_early_remove(RegdocsReader *reader)
{
	dlist_delete(&reader->node);
}

void
regdocs_early_read(const EState *estate)
{
	dlist_iter	iter;

	dlist_foreach(iter, &readers)
	{
		RegdocsReader *reader = dlist_container(RegdocsReader, node, iter.cur);

		if (reader->estate == estate && reader->read != NULL)
			reader->read(reader->arg);
	}
}

bool
regdocs_early_is_too_early(const EState *estate)
{
	dlist_iter	iter;

	dlist_foreach(iter, &readers)
	{
		RegdocsReader *reader = dlist_container(RegdocsReader, node, iter.cur);

		if (reader->estate == estate && reader->read == NULL)
			return true;
	}
	return false;
}
