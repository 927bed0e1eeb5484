/*-------------------------------------------------------------------------
 *
 * statement.c
 *	  What the functions about accounts have in common: their arguments, and
 *	  the statements that they execute.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/defrem.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "src/fdw/account/statement.h"
#include "src/resource/family.h"

void
regdocs_account_check_nulls(FunctionCallInfo fcinfo, const char *const *names,
							int nnames)
{
	for (int i = 0; i < nnames; i++)
	{
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s must not be null", names[i])));
	}
}

char *
regdocs_account_argument(const text *account)
{
	char	   *sid = text_to_cstring(account);

	if (!rdapi_sid_is_valid("AC", sid, strlen(sid)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("account_sid is not the sid of an account"),
				 errhint("It must be \"AC\" and 32 hexadecimal digits.")));
	return sid;
}

void
regdocs_account_execute(const char *sql)
{
	int			result = SPI_execute(sql, false, 0);

	if (result != SPI_OK_UTILITY)
		elog(ERROR, "could not execute a statement: %s",
			 SPI_result_code_string(result));
}

void
regdocs_account_append_options(StringInfo sql, const char *verb,
							   List *options)
{
	const char *separator = " OPTIONS (";
	ListCell   *cell;

	foreach(cell, options)
	{
		DefElem    *def = lfirst_node(DefElem, cell);

		appendStringInfo(sql, "%s%s%s %s", separator, verb,
						 quote_identifier(def->defname),
						 quote_literal_cstr(defGetString(def)));
		separator = ", ";
	}
	if (options != NIL)
		appendStringInfoChar(sql, ')');
}
