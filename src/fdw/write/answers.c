/*-------------------------------------------------------------------------
 *
 * answers.c
 *	  Answers to writes that are under way together, to be read in the order
 *	  in which the writes were queued.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "src/fdw/write/answers.h"

struct RegdocsAnswer
{
	dlist_node	node;
	bool		there;
	RegdocsPage *page;
	RdapiCall  *call;			/* owns the page's text; NULL: not there */
	Size		bytes;
	MemoryContext context;		/* NULL: the write has not begun */
};

struct RegdocsAnswers
{
	dlist_head	queued;			/* in the order of their writes */
	RegdocsAnswer *taken;		/* the one that is being read; NULL: none */
	int			most;
	int			nbegun;			/* and not taken */
	Size		bytes;			/* of those that are there, and not taken */
	bool		lifted;			/* there is no limit any more */
	MemoryContext context;
};

RegdocsAnswers *
regdocs_answers_new(int most)
{
	RegdocsAnswers *answers = palloc0(sizeof(RegdocsAnswers));

	dlist_init(&answers->queued);
	answers->most = most;
	answers->context = CurrentMemoryContext;
	return answers;
}

static void
free_answer(RegdocsAnswer *answer)
{
	if (answer == NULL)
		return;
	rdapi_call_free(answer->call);
	if (answer->context != NULL)
		MemoryContextDelete(answer->context);
	pfree(answer);
}

void
regdocs_answers_release(RegdocsAnswers *answers)
{
	dlist_iter	iter;

	if (answers == NULL)
		return;
	if (answers->taken != NULL)
		rdapi_call_free(answers->taken->call);
	dlist_foreach(iter, &answers->queued)
	{
		rdapi_call_free(dlist_container(RegdocsAnswer, node, iter.cur)->call);
	}
}

RegdocsAnswer *
regdocs_answers_expect(RegdocsAnswers *answers)
{
	RegdocsAnswer *answer;

	if (answers == NULL)
		return NULL;
	answer = MemoryContextAllocZero(answers->context, sizeof(RegdocsAnswer));
	dlist_push_tail(&answers->queued, &answer->node);
	return answer;
}

int
regdocs_answers_most(const RegdocsAnswers *answers)
{
	return answers->most;
}

bool
regdocs_answers_may_begin(const RegdocsAnswers *answers,
						  const RegdocsAnswer *answer)
{
	return answer == NULL || answers->lifted ||
		(answers->nbegun < answers->most &&
		 answers->bytes < (Size) work_mem * 1024) ||
		answers->queued.head.next == &answer->node;
}

void
regdocs_answers_lift(RegdocsAnswers *answers)
{
	answers->lifted = true;
}

void
regdocs_answers_begin(RegdocsAnswers *answers, RegdocsAnswer *answer)
{
	if (answer == NULL)
		return;
	answer->context = AllocSetContextCreate(answers->context,
											"regdocs_fdw answer",
											ALLOCSET_SMALL_SIZES);
	answers->nbegun++;
}

MemoryContext
regdocs_answer_context(const RegdocsAnswer *answer)
{
	return answer->context;
}

void
regdocs_answers_put(RegdocsAnswers *answers, RegdocsAnswer *answer,
					RdapiCall *call, RegdocsPage *page)
{
	size_t		length;

	(void) rdapi_call_body(call, &length);
	answer->there = true;
	answer->call = call;
	answer->page = page;
	answer->bytes = length;
	answers->bytes += length;
}

/* It is no longer among those to be taken. */
static void
leave(RegdocsAnswers *answers, RegdocsAnswer *answer)
{
	dlist_delete(&answer->node);
	answers->bytes -= answer->bytes;
	if (answer->context != NULL)
		answers->nbegun--;
}

void
regdocs_answers_forget(RegdocsAnswers *answers, RegdocsAnswer *answer)
{
	if (answer == NULL)
		return;
	leave(answers, answer);
	free_answer(answer);
}

bool
regdocs_answers_is_next_there(RegdocsAnswers *answers)
{
	return !dlist_is_empty(&answers->queued) &&
		dlist_head_element(RegdocsAnswer, node, &answers->queued)->there;
}

RegdocsPage *
regdocs_answers_take(RegdocsAnswers *answers)
{
	RegdocsAnswer *answer;

	if (!regdocs_answers_is_next_there(answers))
		elog(ERROR, "the answer to a write is not there");
	answer = dlist_head_element(RegdocsAnswer, node, &answers->queued);
	leave(answers, answer);
	free_answer(answers->taken);
	answers->taken = answer;
	return answer->page;
}
