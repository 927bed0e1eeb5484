/*-------------------------------------------------------------------------
 *
 * modify.h
 *	  Executing writes: FDW callbacks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_MODIFY_H
#define REGDOCS_MODIFY_H

#include "nodes/execnodes.h"

#include "src/fdw/base/connection.h"

extern void regdocsBeginForeignModify(ModifyTableState *mtstate,
									  ResultRelInfo *rinfo, List *fdw_private,
									  int subplan_index, int eflags);
extern void regdocsBeginForeignInsert(ModifyTableState *mtstate,
									  ResultRelInfo *rinfo);
extern TupleTableSlot *regdocsExecForeignInsert(EState *estate,
												ResultRelInfo *rinfo,
												TupleTableSlot *slot,
												TupleTableSlot *plan_slot);
extern TupleTableSlot **regdocsExecForeignBatchInsert(EState *estate,
													  ResultRelInfo *rinfo,
													  TupleTableSlot **slots,
													  TupleTableSlot **plans,
													  int *nslots);
extern int	regdocsGetForeignModifyBatchSize(ResultRelInfo *rinfo);
extern TupleTableSlot *regdocsExecForeignUpdate(EState *estate,
												ResultRelInfo *rinfo,
												TupleTableSlot *slot,
												TupleTableSlot *plan_slot);
extern TupleTableSlot *regdocsExecForeignDelete(EState *estate,
												ResultRelInfo *rinfo,
												TupleTableSlot *slot,
												TupleTableSlot *plan_slot);
extern void regdocsEndForeignModify(EState *estate, ResultRelInfo *rinfo);

/*
 * What writing took so far, BORROWED; nothing, where it is for the end of the
 * transaction.  NULL: it was not begun, as under EXPLAIN without ANALYZE.
 */
extern const RegdocsUsage *regdocs_modify_usage(const ResultRelInfo *rinfo);

#endif							/* REGDOCS_MODIFY_H */
