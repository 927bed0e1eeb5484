/*-------------------------------------------------------------------------
 *
 * report.h
 *	  Failures of the API client as PostgreSQL errors.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_REPORT_H
#define REGDOCS_REPORT_H

#include "src/api/error.h"
#include "src/api/request.h"

/* The API's code for a page token that it does not know, or no longer. */
#define REGDOCS_INVALID_PAGE_TOKEN	21481

/*
 * In ereport(), where what is to be written may be at hand: the statement and
 * the context that quotes it may hold attributes, so keep them out of the
 * server's log.
 */
#define REGDOCS_KEEP_OUT_OF_LOG errhidestmt(true), errhidecontext(true)

/*
 * What was being done, for the message and the detail; every member may be
 * NULL or zero.  The strings are in the server's encoding.
 */
typedef struct RegdocsReportContext
{
	const char *server_name;
	const RdapiRequest *request;	/* method and path go into the detail */
	const char *extra_detail;	/* full sentences, put after the API's; as "3
								 * objects were created, ..." */
	int			sqlstate;		/* overrides the one of the kind, 0: does not */
	const char *hint;			/* the same */
} RegdocsReportContext;

/* The SQLSTATE of that kind of failure, as doc/reference.md lists them. */
extern int	regdocs_error_sqlstate(RdapiErrorKind kind);

/*
 * Report the failure at elevel (ERROR or above do not return), with
 * SQLSTATE, DETAIL (HTTP status, the API's code and message, request id, then
 * extra_detail) and HINT.  Copies what it needs: the caller's memory may hang
 * on a context that the error resets.
 */
extern void regdocs_report(int elevel, const RdapiError *error,
						   const RegdocsReportContext *context);

/*
 * Text of the client, which is UTF-8, for the database, palloc'd: where that
 * has another encoding, with all but ASCII escaped.  Reads no catalogs.
 */
extern char *regdocs_report_plain_text(const char *text);

/*
 * Text in the server's encoding, some of which came from outside, for a
 * message: cut at RDAPI_MESSAGE_BYTES, control characters escaped; palloc'd.
 * NULL stays NULL.
 */
extern char *regdocs_report_censor(const char *text);

#endif							/* REGDOCS_REPORT_H */
