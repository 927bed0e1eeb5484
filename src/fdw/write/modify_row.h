/*-------------------------------------------------------------------------
 *
 * modify_row.h
 *	  One row to be written: from the plan into the queue, and from the answer
 *	  back into a row.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_MODIFY_ROW_H
#define REGDOCS_MODIFY_ROW_H

#include "access/htup.h"
#include "executor/tuptable.h"

#include "src/fdw/write/modify_begin.h"

typedef enum RegdocsRowFate
{
	REGDOCS_ROW_QUEUED,
	REGDOCS_ROW_UNCHANGED,		/* there is nothing to be sent for it */
	REGDOCS_ROW_GONE			/* the statement, or a queued write, has dealt
								 * with it before: there is no such row */
} RegdocsRowFate;

/*
 * Queue the write of a row.  All are called in the row context, and raise what
 * form.h says.  plan_slot has the junk columns, slot the row as it is to be.
 */
extern void regdocs_modify_add_create(RegdocsModify *modify,
									  TupleTableSlot *slot);
extern RegdocsRowFate regdocs_modify_add_update(RegdocsModify *modify,
												TupleTableSlot *slot,
												TupleTableSlot *plan_slot);
extern RegdocsRowFate regdocs_modify_add_delete(RegdocsModify *modify,
												TupleTableSlot *plan_slot);

/*
 * The row as it was read, BORROWED from the slot.  false: the plan does not
 * have it.
 */
extern bool regdocs_modify_old_row(RegdocsModify *modify,
								   TupleTableSlot *plan_slot,
								   HeapTupleData *tuple);

/* Fill the slot with the next answer, which has to be there. */
extern void regdocs_modify_store_answer(RegdocsModify *modify,
										TupleTableSlot *slot);

/*
 * In PG_CATCH(), with the context from before PG_TRY(): a row is refused while
 * writes of rows before may be under way.  Wait for these, or what became of
 * them would not be known, and raise the error again.
 */
extern void regdocs_modify_settle_and_rethrow(RegdocsModify *modify,
											  MemoryContext context)
			pg_attribute_noreturn();

#endif							/* REGDOCS_MODIFY_ROW_H */
