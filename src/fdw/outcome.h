/*-------------------------------------------------------------------------
 *
 * outcome.h
 *	  What became of a write, and how its failure is told.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_OUTCOME_H
#define REGDOCS_OUTCOME_H

#include "src/fdw/connection.h"
#include "src/fdw/page.h"

typedef enum RegdocsWriteResult
{
	REGDOCS_WRITE_DONE,
	REGDOCS_WRITE_FAILED,		/* it was not done */
	REGDOCS_WRITE_UNKNOWN		/* it may have been done */
} RegdocsWriteResult;

typedef struct RegdocsOutcome
{
	RegdocsWriteResult result;
	RdapiError	error;			/* RDAPI_ERR_NONE: all is well.  There can be
								 * one although the write was done */
	bool		lacks_file;		/* ... because the API did not take the file */
	char		created_sid[RDAPI_SID_BYTES + 1];	/* of a create that was
													 * done */
	RegdocsPage *page;			/* the answer; NULL: none was wanted */
} RegdocsOutcome;

/* The writes of one statement, or of one commit, in numbers. */
typedef struct RegdocsTally
{
	uint64		added;
	uint64		done;
	uint64		failed;
	uint64		unknown;
} RegdocsTally;

extern void regdocs_tally_count(RegdocsTally *tally,
								RegdocsWriteResult result);

/*
 * Judge a write that has ended.  "fields" are those of the answer that are
 * wanted, 0: none.  The page is palloc'd; its text is the call's.
 */
extern void regdocs_outcome_judge(RegdocsOutcome *outcome, RdapiCall *call,
								  const RdapiResource *resource,
								  RegdocsFieldMask fields);

/*
 * Error context callback: the statement that writes, and the context that
 * quotes it, may hold attributes, which are personal data.
 */
extern void regdocs_keep_out_of_log(void *arg);

/* Raise the error of an outcome that has one. */
extern void regdocs_outcome_raise(const RegdocsOutcome *outcome,
								  const RdapiCall *call,
								  const RegdocsConnection *connection,
								  const RegdocsTally *tally)
			pg_attribute_noreturn();

#endif							/* REGDOCS_OUTCOME_H */
