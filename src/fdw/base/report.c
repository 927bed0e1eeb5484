/*-------------------------------------------------------------------------
 *
 * report.c
 *	  Failures of the API client as PostgreSQL errors.
 *
 * A failure may have to be told where nothing else may fail, as while a
 * transaction aborts.  So nothing here raises an error of its own for what
 * the API said, however odd its text.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "common/string.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "src/fdw/base/report.h"

typedef struct RegdocsFailure
{
	int			sqlstate;
	const char *no_answer;		/* what is known without a status, or NULL */
	const char *hint;			/* NULL: there is nothing to do */
} RegdocsFailure;

/* By kind.  The SQLSTATEs are promised to users. */
static const RegdocsFailure failures[] = {
	[RDAPI_ERR_NONE] = {ERRCODE_INTERNAL_ERROR, NULL, NULL},
	[RDAPI_ERR_MEMORY] = {ERRCODE_OUT_OF_MEMORY, NULL, NULL},
	[RDAPI_ERR_SECRET] = {
		ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, NULL, NULL
	},
	[RDAPI_ERR_INTERNAL] = {ERRCODE_FDW_ERROR, NULL, NULL},
	[RDAPI_ERR_DESCRIPTORS] = {
		ERRCODE_INSUFFICIENT_RESOURCES,
		"Nothing was sent.",
		"Close what else the session has open, as connections of other foreign "
		"data wrappers, or raise max_files_per_process."
	},
	[RDAPI_ERR_CONNECT] = {
		ERRCODE_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION,
		"Nothing was sent.",
		"Check base_url, upload_url and ca_file of the server, and the "
		"network between this machine and the API."
	},
	[RDAPI_ERR_BROKEN] = {
		ERRCODE_CONNECTION_FAILURE,
		"No complete answer came.",
		"Try again later."
	},
	[RDAPI_ERR_TIMEOUT] = {
		ERRCODE_CONNECTION_FAILURE,
		"No complete answer came.",
		"Try again later, or raise request_timeout or retry_budget of the "
		"server."
	},
	[RDAPI_ERR_UNKNOWN] = {
		ERRCODE_TRANSACTION_RESOLUTION_UNKNOWN,
		"No complete answer came.",
		NULL					/* depends on the operation */
	},
	[RDAPI_ERR_PROTOCOL] = {
		ERRCODE_PROTOCOL_VIOLATION,
		NULL,
		"Check that base_url of the server leads to the API itself, and not "
		"to a proxy or to another service."
	},
	[RDAPI_ERR_TOO_LARGE] = {
		ERRCODE_PROTOCOL_VIOLATION,
		NULL,
		"Lower page_size of the foreign table, or raise max_response_size "
		"of the server."
	},
	[RDAPI_ERR_AUTH] = {
		ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION,
		NULL,
		"Check the credential in the user mapping: whether it is right, "
		"still valid, and allowed to do this."
	},
	[RDAPI_ERR_NOT_FOUND] = {
		ERRCODE_INVALID_PARAMETER_VALUE,
		NULL,
		"It may have been deleted, or belong to another account than that "
		"of the user mapping."
	},
	[RDAPI_ERR_STATE] = {
		ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
		NULL,
		"Check its status, and whether it is in use by a bundle or by an "
		"active phone number."
	},
	[RDAPI_ERR_REFUSED] = {
		ERRCODE_INVALID_PARAMETER_VALUE,
		NULL,
		"Correct the values, and try again."
	},
	[RDAPI_ERR_THROTTLED] = {
		ERRCODE_CONFIGURATION_LIMIT_EXCEEDED,
		NULL,
		"Lower concurrency or set max_requests_per_second of the server, "
		"or raise its max_retries and retry_budget."
	},
	[RDAPI_ERR_SERVER] = {
		ERRCODE_SYSTEM_ERROR,
		NULL,
		"The trouble is at the API's side. Try again later."
	}
};

int
regdocs_error_sqlstate(RdapiErrorKind kind)
{
	return failures[kind].sqlstate;
}

/*
 * Append UTF-8 as ASCII, every other byte as \xNN.
 */
static void
append_escaped(StringInfo buffer, const char *text, int length)
{
	for (int i = 0; i < length; i++)
	{
		unsigned char byte = (unsigned char) text[i];

		if (IS_HIGHBIT_SET(byte))
			appendStringInfo(buffer, "\\x%02X", byte);
		else
			appendStringInfoChar(buffer, (char) byte);
	}
}

/*
 * Append UTF-8 in the server's encoding by means of that conversion.  A
 * character that the server's encoding does not have is escaped.
 */
static void
append_converted(StringInfo buffer, const char *text, int length,
				 Oid conversion)
{
	/* Room that makes the conversion take the whole text at once. */
	int			room = (length + 1) * MAX_CONVERSION_GROWTH + 1;
	char	   *converted = palloc(room);

	while (length > 0)
	{
		int			done;
		int			skipped;

		done = pg_do_encoding_conversion_buf(conversion, PG_UTF8,
											 GetDatabaseEncoding(),
											 (unsigned char *) text, length,
											 (unsigned char *) converted,
											 room, true);
		appendStringInfoString(buffer, converted);
		text += done;
		length -= done;

		skipped = length > 0 ?
			Min(length, pg_encoding_mblen(PG_UTF8, text)) : 0;
		append_escaped(buffer, text, skipped);
		text += skipped;
		length -= skipped;
	}
	pfree(converted);
}

/*
 * Append text of the client, which is UTF-8, in the server's encoding.  Core
 * has functions for that, but they raise errors, and look for a conversion
 * in the catalogs whether or not these can be read just now.
 */
static void
append_text(StringInfo buffer, const char *text)
{
	int			length = (int) strlen(text);
	int			encoding = GetDatabaseEncoding();
	Oid			conversion = InvalidOid;

	if (pg_is_ascii(text) ||
		(encoding == PG_UTF8 && pg_verify_mbstr(PG_UTF8, text, length, true)))
	{
		appendBinaryStringInfo(buffer, text, length);
		return;
	}

	if (encoding != PG_UTF8 && encoding != PG_SQL_ASCII &&
		IsTransactionState())
		conversion = FindDefaultConversionProc(PG_UTF8, encoding);
	if (OidIsValid(conversion))
		append_converted(buffer, text, length, conversion);
	else
		append_escaped(buffer, text, length);
}

char *
regdocs_report_plain_text(const char *text)
{
	int			length = (int) strlen(text);
	StringInfoData buffer;

	initStringInfo(&buffer);
	if (GetDatabaseEncoding() == PG_UTF8 &&
		pg_verify_mbstr(PG_UTF8, text, length, true))
		appendBinaryStringInfo(&buffer, text, length);
	else
		append_escaped(&buffer, text, length);
	return buffer.data;
}

/* The control characters of ASCII, and those of Unicode behind it. */
static bool
is_control(const char *character, int bytes)
{
	const unsigned char *byte = (const unsigned char *) character;

	if (bytes == 1)
		return byte[0] < ' ' || byte[0] == 0x7f;
	return GetDatabaseEncoding() == PG_UTF8 && bytes == 2 &&
		byte[0] == 0xc2 && byte[1] < 0xa0;
}

char *
regdocs_report_censor(const char *text)
{
	StringInfoData buffer;
	int			length;

	if (text == NULL)
		return NULL;
	initStringInfo(&buffer);
	length = pg_mbcliplen(text, strlen(text), RDAPI_MESSAGE_BYTES);
	while (length > 0)
	{
		int			bytes = Min(pg_mblen(text), length);

		if (is_control(text, bytes))
		{
			for (int i = 0; i < bytes; i++)
				appendStringInfo(&buffer, "\\x%02X", (unsigned char) text[i]);
		}
		else
			appendBinaryStringInfo(&buffer, text, bytes);
		text += bytes;
		length -= bytes;
	}
	return buffer.data;
}

/* Begin a new sentence. */
static void
append_blank(StringInfo buffer)
{
	if (buffer->len > 0)
		appendStringInfoChar(buffer, ' ');
}

/* "The answer was HTTP status 404, API error 20404: ...." */
static void
append_answer(StringInfo detail, const RdapiError *error)
{
	append_blank(detail);
	appendStringInfo(detail, "The answer was HTTP status %d",
					 error->http_status);
	if (error->api_code != 0)
		appendStringInfo(detail, ", API error %d", error->api_code);
	if (error->api_message[0] != '\0')
	{
		appendStringInfoString(detail, ": ");
		append_text(detail, error->api_message);
	}
	if (detail->data[detail->len - 1] != '.')
		appendStringInfoChar(detail, '.');
}

/* palloc'd; "": there is nothing to say. */
static char *
make_detail(const RdapiError *error, const RegdocsReportContext *context)
{
	const char *no_answer = failures[error->kind].no_answer;
	StringInfoData detail;

	initStringInfo(&detail);
	if (context->request != NULL)
	{
		appendStringInfo(&detail, "The request was %s ",
						 rdapi_request_method(context->request));
		append_text(&detail, rdapi_request_path(context->request));
		if (context->server_name != NULL)
			appendStringInfo(&detail, " to server \"%s\"",
							 context->server_name);
		appendStringInfoChar(&detail, '.');
	}
	else if (context->server_name != NULL)
		appendStringInfo(&detail, "The request was to server \"%s\".",
						 context->server_name);

	/* An answer may have begun, and not have come to its end. */
	if (error->http_status != 0)
		append_answer(&detail, error);
	if (no_answer != NULL && (error->http_status == 0 ||
							  error->kind == RDAPI_ERR_BROKEN ||
							  error->kind == RDAPI_ERR_TIMEOUT))
	{
		append_blank(&detail);
		appendStringInfoString(&detail, no_answer);
	}
	if (error->renewal[0] != '\0')
	{
		append_blank(&detail);
		appendStringInfoString(&detail, "The file with the secret was looked at again, but ");
		append_text(&detail, error->renewal);
		appendStringInfoChar(&detail, '.');
	}
	if (error->tries > 1)
	{
		append_blank(&detail);
		appendStringInfo(&detail, "It was tried %d times.", error->tries);
	}
	if (error->request_id[0] != '\0')
	{
		append_blank(&detail);
		appendStringInfoString(&detail, "The request id is ");
		append_text(&detail, error->request_id);
		appendStringInfoChar(&detail, '.');
	}
	if (context->extra_detail != NULL)
	{
		append_blank(&detail);
		appendStringInfoString(&detail, context->extra_detail);
	}
	return detail.data;
}

/* How to find out what became of a write whose outcome is not known. */
static const char *
unknown_hint(const RdapiRequest *request)
{
	if (request == NULL)
		return "See what the API holds before trying again.";
	switch (rdapi_request_operation(request))
	{
		case RDAPI_OP_CREATE:
			if (rdapi_request_resource(request)->unknown_hint != NULL)
				return rdapi_request_resource(request)->unknown_hint;
			if (rdapi_resource_field(rdapi_request_resource(request),
									 "friendly_name") < 0)
				return "It may have been created: look for its date_created "
					"in the foreign table before trying again, or there may "
					"be two.";
			return "It may have been created: look for its friendly_name and "
				"date_created in the foreign table before trying again, or "
				"there may be two.";
		case RDAPI_OP_UPDATE:
			return "It may have been changed: select it by its sid to see, "
				"or run the same update again.";
		case RDAPI_OP_DELETE:
			return "It may have been deleted: select it by its sid to see, "
				"or run the same delete again.";
		default:
			return "Try again.";
	}
}

static bool
is_about_list(const RdapiRequest *request)
{
	return request != NULL &&
		rdapi_request_operation(request) == RDAPI_OP_LIST;
}

/*
 * A list has no values that could be corrected, and is always there: if it is
 * refused, then for where it was asked for, or for how its pages are linked.
 */
static const char *
list_hint(const RdapiError *error, const char *advice)
{
	if (error->api_code == REGDOCS_INVALID_PAGE_TOKEN)
		return "The list has changed while it was read. Try again.";
	if (error->kind == RDAPI_ERR_NOT_FOUND ||
		error->kind == RDAPI_ERR_REFUSED)
		return failures[RDAPI_ERR_PROTOCOL].hint;
	return advice;
}

/* palloc'd; "": there is nothing to do. */
static char *
make_hint(const RdapiError *error, const RegdocsReportContext *context)
{
	const char *advice = failures[error->kind].hint;
	StringInfoData hint;

	if (context->hint != NULL)
		advice = context->hint;
	else if (error->kind == RDAPI_ERR_UNKNOWN)
		advice = unknown_hint(context->request);
	else if (is_about_list(context->request))
		advice = list_hint(error, advice);

	initStringInfo(&hint);
	if (advice != NULL)
		appendStringInfoString(&hint, advice);
	if (error->more_info[0] != '\0')
	{
		append_blank(&hint);
		appendStringInfoString(&hint, "See ");
		append_text(&hint, error->more_info);
		appendStringInfoString(&hint, " for more.");
	}
	return hint.data;
}

void
regdocs_report(int elevel, const RdapiError *error,
			   const RegdocsReportContext *context)
{
	static const RegdocsReportContext nothing_known = {0};
	StringInfoData message;
	char	   *detail;
	char	   *hint;
	int			sqlstate;

	if (context == NULL)
		context = &nothing_known;
	sqlstate = context->sqlstate != 0 ? context->sqlstate
		: regdocs_error_sqlstate(error->kind);
	detail = make_detail(error, context);
	hint = make_hint(error, context);
	initStringInfo(&message);
	append_text(&message, error->message);

	ereport(elevel,
			(errcode(sqlstate),
			 errmsg_internal("%s", message.data),
			 detail[0] != '\0' ? errdetail_internal("%s", detail) : 0,
			 hint[0] != '\0' ? errhint("%s", hint) : 0));

	pfree(message.data);
	pfree(detail);
	pfree(hint);
}
