/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  What differs between PostgreSQL's major versions.
 *
 * The only file that looks at PG_VERSION_NUM.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_COMPAT_H
#define REGDOCS_COMPAT_H

#include "access/xact.h"
#include "commands/explain.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif
#include "common/jsonapi.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "nodes/pathnodes.h"
#include "utils/jsonb.h"

#if PG_VERSION_NUM < 150000
#error "regdocs_fdw needs PostgreSQL 15 or later"
#endif

/* PostgreSQL 18 has a prefix, pg_noreturn, in its place. */
#ifndef pg_attribute_noreturn
#define pg_attribute_noreturn() __attribute__((noreturn))
#endif

/* A lexer over text that outlives it; palloc'd. */
static inline JsonLexContext *
regdocs_json_lexer(char *json, int length, int encoding, bool need_escapes)
{
#if PG_VERSION_NUM >= 170000
	return makeJsonLexContextCstringLen(NULL, json, length, encoding,
										need_escapes);
#else
	return makeJsonLexContextCstringLen(json, length, encoding, need_escapes);
#endif
}

/* Does the escape stand for a character that text here cannot hold? */
#if PG_VERSION_NUM >= 160000
#define regdocs_json_untranslatable(failure) \
	((failure) == JSON_UNICODE_CODE_POINT_ZERO || \
	 (failure) == JSON_UNICODE_HIGH_ESCAPE || \
	 (failure) == JSON_UNICODE_UNTRANSLATABLE)
#else
#define regdocs_json_untranslatable(failure) \
	((failure) == JSON_UNICODE_CODE_POINT_ZERO || \
	 (failure) == JSON_UNICODE_HIGH_ESCAPE)
#endif

/* A jsonb being built in the current context; all zero before. */
#if PG_VERSION_NUM >= 190000
typedef JsonbInState RegdocsJsonbState;

#define regdocs_jsonb_push(state, what, value) \
	pushJsonbValue(state, what, value)
#else
typedef struct RegdocsJsonbState
{
	JsonbParseState *stack;
	JsonbValue *result;			/* once whole */
} RegdocsJsonbState;

#define regdocs_jsonb_push(state, what, value) \
	((state)->result = pushJsonbValue(&(state)->stack, what, value))
#endif

/* The role whose user mapping a scan uses. */
#if PG_VERSION_NUM >= 160000
#define regdocs_scan_user(node) \
	(OidIsValid(((ForeignScan *) (node)->ss.ps.plan)->checkAsUser) ? \
	 ((ForeignScan *) (node)->ss.ps.plan)->checkAsUser : GetUserId())
#else
static inline Oid
regdocs_rte_user(RangeTblEntry *rte)
{
	return OidIsValid(rte->checkAsUser) ? rte->checkAsUser : GetUserId();
}

#define regdocs_scan_user(node) \
	regdocs_rte_user(exec_rt_fetch(((Scan *) (node)->ss.ps.plan)->scanrelid, \
								   (node)->ss.ps.state))
#endif

/* The same, when it is planned. */
#if PG_VERSION_NUM >= 160000
#define regdocs_rel_user(root, rel) \
	(OidIsValid((rel)->userid) ? (rel)->userid : GetUserId())
#else
#define regdocs_rel_user(root, rel) \
	regdocs_rte_user(planner_rt_fetch((rel)->relid, root))
#endif

/* The role whose user mapping a write uses. */
#if PG_VERSION_NUM >= 160000
#define regdocs_modify_user(rinfo, estate) \
	ExecGetResultRelCheckAsUser(rinfo, estate)
#else
static inline Oid
regdocs_modify_user(ResultRelInfo *rinfo, EState *estate)
{
	Index		index = rinfo->ri_RangeTableIndex;

	/* A partition that rows are routed to may have no entry of its own. */
	if (index == 0)
		index = rinfo->ri_RootResultRelInfo->ri_RangeTableIndex;
	return regdocs_rte_user(exec_rt_fetch(index, estate));
}
#endif

/* create_foreignscan_path gained two arguments that are not used here. */
#if PG_VERSION_NUM >= 180000
#define regdocs_create_path(root, rel, rows, startup, total, keys, outer, \
							private) \
	create_foreignscan_path(root, rel, NULL, rows, 0, startup, total, keys, \
							outer, NULL, NIL, private)
#elif PG_VERSION_NUM >= 170000
#define regdocs_create_path(root, rel, rows, startup, total, keys, outer, \
							private) \
	create_foreignscan_path(root, rel, NULL, rows, startup, total, keys, \
							outer, NULL, NIL, private)
#else
#define regdocs_create_path(root, rel, rows, startup, total, keys, outer, \
							private) \
	create_foreignscan_path(root, rel, NULL, rows, startup, total, keys, \
							outer, NULL, private)
#endif

/* The relations of a scan that is made after paths were.  STEALS the set. */
#if PG_VERSION_NUM >= 160000
#define regdocs_set_scan_relids(scan, relids) \
	((scan)->fs_relids = (relids), \
	 (scan)->fs_base_relids = bms_copy((scan)->fs_relids))
#else
#define regdocs_set_scan_relids(scan, relids)	((scan)->fs_relids = (relids))
#endif

/* PostgreSQL 18 counts the disabled nodes of a plan apart from its costs. */
#if PG_VERSION_NUM >= 180000
#define regdocs_copy_disabled_nodes(plan, from) \
	((plan)->disabled_nodes = (from)->disabled_nodes)
#else
#define regdocs_copy_disabled_nodes(plan, from)		((void) 0)
#endif

/* PostgreSQL 18 no longer tells whether a statement is run once. */
#if PG_VERSION_NUM >= 180000
#define REGDOCS_RUN_PARAMETERS \
	QueryDesc *query, ScanDirection direction, uint64 count
#define REGDOCS_RUN_ARGUMENTS \
	query, direction, count
#else
#define REGDOCS_RUN_PARAMETERS \
	QueryDesc *query, ScanDirection direction, uint64 count, bool once
#define REGDOCS_RUN_ARGUMENTS \
	query, direction, count, once
#endif

/* copyObject() of PostgreSQL 19 takes C23 where the compiler has it. */
#define regdocs_copy_object(node)	copyObjectImpl(node)

/* The expression, with the columns of a partition in the place of its root. */
#if PG_VERSION_NUM >= 160000
#define regdocs_adjust_to_child(root, node, child) \
	adjust_appendrel_attrs_multilevel(root, node, child, (child)->top_parent)
#else
#define regdocs_adjust_to_child(root, node, child) \
	adjust_appendrel_attrs_multilevel(root, node, (child)->relids, \
									  (child)->top_parent_relids)
#endif

/* PostgreSQL 18 counts what is disabled, where others add to its costs. */
#if PG_VERSION_NUM >= 180000
#define regdocs_inherit_disabled_nodes(path, from) \
	((path)->disabled_nodes = (from)->disabled_nodes)
#else
#define regdocs_inherit_disabled_nodes(path, from)	((void) 0)
#endif

/* PostgreSQL 19 wants to know which kinds of nested loop it would be. */
#if PG_VERSION_NUM >= 190000
#define regdocs_initial_cost_nestloop(root, workspace, type, outer, inner, \
									  extra) \
	initial_cost_nestloop(root, workspace, type, \
						  PGS_NESTLOOP_PLAIN | PGS_CONSIDER_NONPARTIAL, \
						  outer, inner, extra)
#else
#define regdocs_initial_cost_nestloop(root, workspace, type, outer, inner, \
									  extra) \
	initial_cost_nestloop(root, workspace, type, outer, inner, extra)
#endif

/*
 * A path with each row of an outer side once; NULL: there can be none.  From
 * PostgreSQL 19 on, a join that wants it is told of a relation that is so.
 */
#if PG_VERSION_NUM >= 190000
#define regdocs_make_unique(root, rel, path, sjinfo)	(path)
#else
#define regdocs_make_unique(root, rel, path, sjinfo) \
	((Path *) create_unique_path(root, rel, path, sjinfo))
#endif

/* PostgreSQL 18 names the comparison, not the strategy of a btree. */
#if PG_VERSION_NUM >= 180000
#define regdocs_pathkey_is_descending(pathkey) \
	((pathkey)->pk_cmptype == COMPARE_GT)
#else
#define regdocs_pathkey_is_descending(pathkey) \
	((pathkey)->pk_strategy == BTGreaterStrategyNumber)
#endif

/* PostgreSQL 17 looks at statistics for it, and so wants the planner's root. */
#if PG_VERSION_NUM >= 170000
#define regdocs_estimate_array_length(root, node) \
	estimate_array_length(root, node)
#else
#define regdocs_estimate_array_length(root, node) \
	((double) estimate_array_length(node))
#endif

/* Before PostgreSQL 17 there are no subtransactions beside parallel workers. */
#if PG_VERSION_NUM >= 170000
#define regdocs_may_begin_subtransaction()	true
#else
#define regdocs_may_begin_subtransaction()	(!IsInParallelMode())
#endif

/* From PostgreSQL 19 on, a tuple descriptor has to be told that it is whole. */
#if PG_VERSION_NUM >= 190000
#define regdocs_finalize_desc(desc)		TupleDescFinalize(desc)
#else
#define regdocs_finalize_desc(desc)		((void) 0)
#endif

#if PG_VERSION_NUM >= 180000
#define regdocs_vacuum_delay_point() vacuum_delay_point(true)
#else
#define regdocs_vacuum_delay_point() vacuum_delay_point()
#endif

/* PostgreSQL 18 has an entry of its own for what is grouped by. */
#if PG_VERSION_NUM >= 180000
#define regdocs_group_expressions(rte) \
	((rte)->rtekind == RTE_GROUP ? (rte)->groupexprs : NIL)
#else
#define regdocs_group_expressions(rte)	NIL
#endif

/* Before PostgreSQL 17, the condition of MERGE is that of a join. */
#if PG_VERSION_NUM >= 170000
#define regdocs_merge_condition(query)	((query)->mergeJoinCondition)
#else
#define regdocs_merge_condition(query)	NULL
#endif

/* From PostgreSQL 19 on, a planner is told for which EXPLAIN it plans. */
#if PG_VERSION_NUM >= 190000
#define REGDOCS_PLANNER_PARAMETERS \
	Query *parse, const char *query_string, int cursor_options, \
	ParamListInfo params, ExplainState *es
#define REGDOCS_PLANNER_ARGUMENTS \
	parse, query_string, cursor_options, params, es
#else
#define REGDOCS_PLANNER_PARAMETERS \
	Query *parse, const char *query_string, int cursor_options, \
	ParamListInfo params
#define REGDOCS_PLANNER_ARGUMENTS \
	parse, query_string, cursor_options, params
#endif

/* Scans of a table, outside of the executor. */
#if PG_VERSION_NUM >= 190000
#define regdocs_table_beginscan(rel, snapshot) \
	table_beginscan(rel, snapshot, 0, NULL, SO_NONE)
#define regdocs_index_beginscan(rel, index, snapshot, nkeys) \
	index_beginscan(rel, index, snapshot, NULL, nkeys, 0, SO_NONE)
#else
#define regdocs_table_beginscan(rel, snapshot) \
	table_beginscan(rel, snapshot, 0, NULL)
#if PG_VERSION_NUM >= 180000
#define regdocs_index_beginscan(rel, index, snapshot, nkeys) \
	index_beginscan(rel, index, snapshot, NULL, nkeys, 0)
#else
#define regdocs_index_beginscan(rel, index, snapshot, nkeys) \
	index_beginscan(rel, index, snapshot, nkeys, 0)
#endif
#endif

/* Does the present role own that table? */
#if PG_VERSION_NUM >= 160000
#define regdocs_owns_relation(relid) \
	object_ownercheck(RelationRelationId, relid, GetUserId())
#else
#define regdocs_owns_relation(relid) pg_class_ownercheck(relid, GetUserId())
#endif

#endif							/* REGDOCS_COMPAT_H */
