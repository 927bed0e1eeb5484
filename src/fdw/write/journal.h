/*-------------------------------------------------------------------------
 *
 * journal.h
 *	  What the transaction that wrote last has written, write by write: kept
 *	  for the session, whatever became of the transaction.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_JOURNAL_H
#define REGDOCS_JOURNAL_H

#include "utils/timestamp.h"

#include "src/api/request.h"

typedef enum RegdocsOutcome
{
	REGDOCS_OUTCOME_QUEUED,		/* it waits, or is under way */
	REGDOCS_OUTCOME_DONE,
	REGDOCS_OUTCOME_REFUSED,	/* it was certainly not done */
	REGDOCS_OUTCOME_UNKNOWN,
	REGDOCS_OUTCOME_DROPPED		/* it was never begun: nobody need know */
} RegdocsOutcome;

typedef struct RegdocsJournalEntry
{
	TimestampTz written_at;		/* when it ended or, until then, was queued */
	Oid			userid;			/* by whose privileges and credential */
	NameData	server;
	const RdapiResource *resource;
	RdapiOperation operation;
	RegdocsOutcome outcome;
	char		sid[RDAPI_SID_BYTES + 1];	/* "": not known */
	int64		error;			/* where the journal has it; 0: there is none */
	Size		old_bytes;		/* of texts that follow it; 0: there is none */
	Size		new_bytes;
} RegdocsJournalEntry;

/* In the place of an entry's: it has none. */
#define REGDOCS_NO_ENTRY	0

/*
 * Add an entry that has its first six members, and its sid.  The texts are JSON
 * in the server's encoding, or NULL.  Returns its place.  Raises an error where
 * it cannot be kept; those that are there stay.
 */
extern int64 regdocs_journal_add(const RegdocsJournalEntry *entry,
								 const char *old_text, const char *new_text);

/*
 * The write has ended.  sid may be NULL: it stays as it was.  error, which may
 * be NULL, is what the API or the client said.  Raises no error.
 */
extern void regdocs_journal_end(int64 place, RegdocsOutcome outcome,
								const char *sid, const RdapiError *error);

/* The transaction is over.  Raises no error. */
extern void regdocs_journal_end_transaction(void);

/* How many outcomes there was no room for. */
extern uint64 regdocs_journal_lost(void);

/* The texts are palloc'd, or NULL; that of the error is UTF-8. */
typedef void (*RegdocsJournalVisitor) (const RegdocsJournalEntry *entry,
									   const char *error,
									   const char *old_text,
									   const char *new_text, void *arg);

/* Call "visit" for each entry of that role, in the order of their writes. */
extern void regdocs_journal_visit(Oid userid, RegdocsJournalVisitor visit,
								  void *arg);

/* "done", ... */
extern const char *regdocs_outcome_name(RegdocsOutcome outcome);

/* "create", "update", "delete" */
extern const char *regdocs_operation_name(RdapiOperation operation);

#endif							/* REGDOCS_JOURNAL_H */
