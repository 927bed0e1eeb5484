/*-------------------------------------------------------------------------
 *
 * statement.h
 *	  What the functions about accounts have in common: their arguments, and
 *	  the statements that they execute.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_STATEMENT_H
#define REGDOCS_STATEMENT_H

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"

/*
 * Raise ERRCODE_NULL_VALUE_NOT_ALLOWED where one of the first arguments is
 * null; they have these names.
 */
extern void regdocs_account_check_nulls(FunctionCallInfo fcinfo,
										const char *const *names, int nnames);

/* The sid of an account, palloc'd; else ERRCODE_INVALID_PARAMETER_VALUE. */
extern char *regdocs_account_argument(const text *account);

/*
 * Execute a command of the current role, by SPI, which must be connected.  Its
 * text shows in errors, so that it must hold no secret.
 */
extern void regdocs_account_execute(const char *sql);

/*
 * Append " OPTIONS (name 'value', ...)", each behind the verb ("", "ADD ");
 * nothing where there are no options, a List of DefElem.
 */
extern void regdocs_account_append_options(StringInfo sql, const char *verb,
										   List *options);

#endif							/* REGDOCS_STATEMENT_H */
