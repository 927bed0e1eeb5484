/*-------------------------------------------------------------------------
 *
 * budget.h
 *	  Descriptors that the process may still open, as somebody else counts them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_BUDGET_H
#define RDAPI_BUDGET_H

#include <stdbool.h>
#include <stddef.h>

/* As in RdapiClientConfig. */
typedef struct RdapiBudget
{
	bool		(*acquire) (void);	/* NULL: nobody counts */
	void		(*release) (void);
} RdapiBudget;

static inline void
rdapi_budget_release(const RdapiBudget *budget, int ndescriptors)
{
	while (budget->release != NULL && ndescriptors-- > 0)
		budget->release();
}

/* Before so many are opened.  false: there are not as many left. */
static inline bool
rdapi_budget_acquire(const RdapiBudget *budget, int ndescriptors)
{
	int			i;

	for (i = 0; budget->acquire != NULL && i < ndescriptors; i++)
	{
		if (!budget->acquire())
		{
			rdapi_budget_release(budget, i);
			return false;
		}
	}
	return true;
}

#endif							/* RDAPI_BUDGET_H */
