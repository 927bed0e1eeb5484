/*-------------------------------------------------------------------------
 *
 * answers.h
 *	  Answers to writes that are under way together, to be read in the order
 *	  in which the writes were queued.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_ANSWERS_H
#define REGDOCS_ANSWERS_H

#include "src/api/client.h"
#include "src/fdw/row/page.h"

typedef struct RegdocsAnswers RegdocsAnswers;

/* The answer to one write: expected, or there. */
typedef struct RegdocsAnswer RegdocsAnswer;

/*
 * palloc'd, with all that it keeps, in the current context.  Writes begin only
 * while less than "most" are begun and their answers not taken, and while
 * those that are there hold less than work_mem.
 */
extern RegdocsAnswers *regdocs_answers_new(int most);

/* That number. */
extern int	regdocs_answers_most(const RegdocsAnswers *answers);

/* Give back what is not palloc'd.  NULL-safe; raises no error. */
extern void regdocs_answers_release(RegdocsAnswers *answers);

/*
 * Another write is queued.  The result is BORROWED until it is taken.  Where
 * answers are not kept, "answers" is NULL, and so is the result; that is then
 * good for the next functions, up to regdocs_answers_forget().
 */
extern RegdocsAnswer *regdocs_answers_expect(RegdocsAnswers *answers);

/*
 * May that write be begun?  The one whose answer is the next to be taken always
 * may, or nothing would go on.
 */
extern bool regdocs_answers_may_begin(const RegdocsAnswers *answers,
									  const RegdocsAnswer *answer);

/* The write is about to begin. */
extern void regdocs_answers_begin(RegdocsAnswers *answers,
								  RegdocsAnswer *answer);

/* There will be none: the write was not done. */
extern void regdocs_answers_forget(RegdocsAnswers *answers,
								   RegdocsAnswer *answer);

/* From now on all may begin: nobody takes answers, and others wait. */
extern void regdocs_answers_lift(RegdocsAnswers *answers);

/* For what the answer consists of; the write has begun. */
extern MemoryContext regdocs_answer_context(const RegdocsAnswer *answer);

/*
 * The write is done.  STEALS the call; page lies in the answer's context, its
 * text is the call's.  NULL: there is nothing to read, as after a deletion.
 */
extern void regdocs_answers_put(RegdocsAnswers *answers, RegdocsAnswer *answer,
								RdapiCall *call, RegdocsPage *page);

/* Is the next one there? */
extern bool regdocs_answers_is_next_there(RegdocsAnswers *answers);

/*
 * Take the next one, which has to be there; its page is BORROWED until the one
 * after it is taken.
 */
extern RegdocsPage *regdocs_answers_take(RegdocsAnswers *answers);

#endif							/* REGDOCS_ANSWERS_H */
