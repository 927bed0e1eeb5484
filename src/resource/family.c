/*-------------------------------------------------------------------------
 *
 * family.c
 *	  All resources that there are, and what they share.
 *
 *-------------------------------------------------------------------------
 */
#include "family.h"

#define ADDRESS(name) &name,

const RdapiResource *const rdapi_resources[] =
{
	RDAPI_RESOURCES(ADDRESS)
};

_Static_assert(RDAPI_LENGTH_OF(rdapi_resources) <= RDAPI_MAX_RESOURCES,
			   "there are more resources than callers have room for");

const int	rdapi_nresources = RDAPI_LENGTH_OF(rdapi_resources);

static const char *const bundle_statuses[] =
{
	"draft",
	"pending-review",
	"in-review",
	"twilio-rejected",
	"twilio-approved",
	"provisionally-approved"
};

const RdapiEnum rdapi_bundle_status =
{
	"regdocs_bundle_status", bundle_statuses, RDAPI_LENGTH_OF(bundle_statuses)
};

static const char *const end_user_types[] =
{
	"individual",
	"business"
};

const RdapiEnum rdapi_end_user_type =
{
	"regdocs_end_user_type", end_user_types, RDAPI_LENGTH_OF(end_user_types)
};

const int	rdapi_state_codes[] = {20409, 0};
