/*-------------------------------------------------------------------------
 *
 * destination.c
 *	  Where writes go: by which server, with whose credential.
 *
 * What waits for a commit takes its connection then, as the server and the
 * user mapping may be altered before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/syscache.h"

#include "src/fdw/write/destination.h"

static void
check_account(const RegdocsDestination *destination, const char *account)
{
	if (destination->account[0] != '\0' &&
		strcmp(destination->account, account) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("writes that wait to be sent are for another account than the user mapping"),
				 errdetail("The user mapping was changed in the same transaction.")));
}

void
regdocs_destination_expect(RegdocsDestination *destination,
						   const char *account)
{
	check_account(destination, account);
	strlcpy(destination->account, account, sizeof(destination->account));
}

void
regdocs_destination_connect(RegdocsDestination *destination)
{
	if (destination->connection != NULL)
		return;
	if (!SearchSysCacheExists1(FOREIGNSERVEROID,
							   ObjectIdGetDatum(destination->serverid)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("writes that wait to be sent have lost their server"),
				 errdetail("It was dropped in the same transaction.")));
	destination->connection = regdocs_connection_acquire(destination->userid,
														 destination->serverid);
	check_account(destination,
				  regdocs_connection_account_sid(destination->connection));
}
