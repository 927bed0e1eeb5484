/*-------------------------------------------------------------------------
 *
 * write_result.h
 *	  What became of a write, and how its failure is told.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_WRITE_RESULT_H
#define REGDOCS_WRITE_RESULT_H

#include "src/fdw/base/connection.h"
#include "src/fdw/row/page.h"

typedef enum RegdocsWriteStatus
{
	REGDOCS_WRITE_DONE,
	REGDOCS_WRITE_FAILED,		/* it was not done */
	REGDOCS_WRITE_UNKNOWN		/* it may have been done */
} RegdocsWriteStatus;

/* The row that is to be written: of those to be created, which one it is. */
typedef struct RegdocsOrigin
{
	Oid			relid;			/* of the foreign table; 0: there is no row */
	int			statement;		/* its number among those of the transaction
								 * whose writes wait for the commit; 0: it is
								 * the one at hand */
	uint64		row;			/* its number in the statement, from 1 */
	bool		ignores_refusal;	/* if the API refuses it, it is left out */
	const char *old;			/* what the object was, as JSON, for whoever
								 * queues the write; NULL: not known */
} RegdocsOrigin;

typedef struct RegdocsResult
{
	RegdocsWriteStatus result;
	RdapiError	error;			/* RDAPI_ERR_NONE: all is well.  There can be
								 * one although the write was done */
	bool		lacks_file;		/* ... because the API did not take the file */
	bool		still_there;	/* ... and an object to be deleted is there */
	char		created_sid[RDAPI_SID_BYTES + 1];	/* of a create that was
													 * done */
	RegdocsPage *page;			/* the answer; NULL: none was wanted */
	RegdocsOrigin origin;		/* for whoever keeps the outcome to fill in */
} RegdocsResult;

/* The writes of one statement, or of one commit, in numbers. */
typedef struct RegdocsTally
{
	uint64		added;
	uint64		done;
	uint64		failed;
	uint64		unknown;
} RegdocsTally;

extern void regdocs_tally_count(RegdocsTally *tally,
								RegdocsWriteStatus result);

/* "Of 3 writes, 1 was done, ...", palloc'd. */
extern char *regdocs_tally_describe(const RegdocsTally *tally);

/* How many have ended, one way or another. */
extern uint64 regdocs_tally_ended(const RegdocsTally *tally);

/*
 * Judge a write that has ended.  "fields" are those of the answer that are
 * wanted, 0: none.  The page is palloc'd; its text is the call's.  Whatever
 * the answer is, no error is raised.
 */
extern void regdocs_result_judge(RegdocsResult *outcome, RdapiCall *call,
								 const RdapiResource *resource,
								 RegdocsFieldMask fields);

/*
 * Is it that of a deletion to which somebody else than the API has answered
 * that there is no such thing?  Whether the object is there is then open.
 */
extern bool regdocs_result_is_foreign(const RegdocsResult *outcome,
									  const RdapiCall *call);

/* Was it the API itself that refused this one write, and might take others? */
extern bool regdocs_result_is_refusal(const RegdocsResult *outcome);

/* Judge such a deletion by what has come of asking for the object. */
extern void regdocs_result_judge_deletion(RegdocsResult *outcome,
										  RdapiCall *deletion,
										  RdapiCall *fetch,
										  const RdapiResource *resource);

/* Writes that were refused, and left out. */
typedef struct RegdocsLeftOut
{
	uint64		count;
	RdapiError	first;
	RdapiOperation operation;	/* of the first one */
	char		sid[RDAPI_SID_BYTES + 1];	/* "": it was a create */
	uint64		row;			/* then: its number in the statement */
} RegdocsLeftOut;

/* Count one.  sid is NULL for a create. */
extern void regdocs_result_leave_out(RegdocsLeftOut *left_out,
									 const RegdocsResult *outcome,
									 RdapiOperation operation,
									 const char *sid,
									 const RegdocsOrigin *origin);

/* Tell of them in one WARNING, if there are any, and forget them. */
extern void regdocs_result_warn(RegdocsLeftOut *left_out);

/* Raise the error of an outcome that has one. */
extern void regdocs_result_raise(const RegdocsResult *outcome,
								 const RdapiCall *call,
								 const RegdocsConnection *connection,
								 const RegdocsTally *tally)
			pg_attribute_noreturn();

#endif							/* REGDOCS_WRITE_RESULT_H */
