/*-------------------------------------------------------------------------
 *
 * input.c
 *	  Text of an answer for a type's input function, and what that says of it.
 *
 * An input function quotes what it does not like, and error messages go to the
 * server's log.  So what it says is looked over: it must not show personal
 * data, nor do anything to a terminal.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/dependency.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/base/report.h"
#include "src/fdw/row/input.h"

void
regdocs_input_init(RegdocsInput *input, Oid type, int32 typmod,
				   bool is_private)
{
	Oid			function;

	getTypeInputInfo(type, &function, &input->ioparam);
	fmgr_info(function, &input->function);
	input->typmod = typmod;
	input->enum_type = get_typtype(getBaseType(type)) == TYPTYPE_ENUM ?
		getBaseType(type) : InvalidOid;
	input->private_type = is_private ?
		format_type_with_typemod(type, typmod) : NULL;
}

/* Syntax was checked with the page: only what an escape stands for is left. */
static void
report_escape(JsonParseErrorType failure, JsonLexContext *lex)
{
	bool		untranslatable = regdocs_json_untranslatable(failure);

	ereport(ERROR,
			(errcode(untranslatable ? ERRCODE_UNTRANSLATABLE_CHARACTER :
					 ERRCODE_INVALID_TEXT_REPRESENTATION),
			 untranslatable ?
			 errmsg("unsupported Unicode escape sequence") :
			 errmsg("invalid Unicode escape sequence"),
			 errdetail_internal("%s", json_errdetail(failure, lex))));
}

char *
regdocs_server_text(const char *text, int length)
{
	char	   *copy = palloc(length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return pg_any_to_server(copy, length, PG_UTF8);
}

/* Does an error of that kind quote the value that was to be converted? */
static bool
quotes_value(int sqlstate)
{
	switch (sqlstate)
	{
		case ERRCODE_CHARACTER_NOT_IN_REPERTOIRE:	/* a few bytes of it */
		case ERRCODE_UNTRANSLATABLE_CHARACTER:
		case ERRCODE_STRING_DATA_RIGHT_TRUNCATION:
			return false;
		default:
			return ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_DATA_EXCEPTION;
	}
}

/*
 * What to do about a label that the enum does not have, palloc'd.  A label
 * that is added to a type of an extension is no part of a dump.
 */
static char *
label_hint(Oid type)
{
	const char *undumped = "";

	if (OidIsValid(getExtensionOfObject(TypeRelationId, type)))
		undumped = " pg_dump does not dump a label that is added to a type of an extension.";
	return psprintf("Add the label by ALTER TYPE %s ADD VALUE, or make the column text, or set option \"on_error\" to \"set_null\".%s",
					format_type_be(type), undumped);
}

/* Leave out of an error what the log must not have. */
static void
censor_error(const RegdocsInput *input, ErrorData *error)
{
	if (input->private_type != NULL && quotes_value(error->sqlerrcode))
	{
		error->message = psprintf("cannot convert the value to type %s",
								  input->private_type);
		error->detail = pstrdup("What PostgreSQL says of it is left out, because it quotes the value.");
		error->detail_log = NULL;
		error->hint = NULL;
		return;
	}
	error->message = regdocs_report_censor(error->message);
	error->detail = regdocs_report_censor(error->detail);
	error->detail_log = regdocs_report_censor(error->detail_log);
	error->hint = regdocs_report_censor(error->hint);
	if (OidIsValid(input->enum_type) && error->hint == NULL &&
		error->sqlerrcode == ERRCODE_INVALID_TEXT_REPRESENTATION)
		error->hint = label_hint(input->enum_type);
}

Datum
regdocs_input_call(RegdocsInput *input, char *value)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		result = 0;

	PG_TRY();
	{
		result = InputFunctionCall(&input->function, value, input->ioparam,
								   input->typmod);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		censor_error(input, error);
		ReThrowError(error);
	}
	PG_END_TRY();
	return result;
}

char *
regdocs_unescaped_text(const char *text, int length)
{
	char	   *json = regdocs_server_text(text, length);
	JsonLexContext *lex = regdocs_json_lexer(json, strlen(json),
											 GetDatabaseEncoding(), true);
	JsonParseErrorType failure = json_lex(lex);

	if (failure != JSON_SUCCESS)
		report_escape(failure, lex);
	return lex->strval->data;
}

void
regdocs_check_escapes(char *json)
{
	JsonLexContext *lex;
	JsonParseErrorType failure;
	JsonSemAction action = {0};

	if (strstr(json, "\\u") == NULL)
		return;
	lex = regdocs_json_lexer(json, strlen(json), GetDatabaseEncoding(), true);
	failure = pg_parse_json(lex, &action);
	if (failure != JSON_SUCCESS)
		report_escape(failure, lex);
}
