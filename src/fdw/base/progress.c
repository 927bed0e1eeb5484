/*-------------------------------------------------------------------------
 *
 * progress.c
 *	  What a client is told while a statement takes long.
 *
 * All servers of a session share one clock: a statement over fifty of them
 * tells as much as a statement over one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "tcop/tcopprot.h"
#include "utils/timestamp.h"

#include "src/fdw/base/progress.h"
#include "src/fdw/base/report.h"

/* A person takes notice of a wait of that length. */
#define NOTICEABLE_MS	1000

/* More often is told to nobody: it would only fill the terminal. */
#define INTERVAL_MS_MIN	100

/* GUC */
int			regdocs_progress_interval_ms = 10000;

/* When something was told last; 0: never. */
static TimestampTz last_told = 0;

bool
regdocs_progress_check_interval(int *newval, void **extra, GucSource source)
{
	if (*newval > 0)
		*newval = Max(*newval, INTERVAL_MS_MIN);
	return true;
}

/* Is there somebody to be told? */
static bool
has_listener(void)
{
	return regdocs_progress_interval_ms > 0 && whereToSendOutput == DestRemote;
}

/*
 * How many milliseconds something still has to wait that is first told so long
 * after the statement began, and then once an interval.
 */
static int64
due_in_ms(int64 first_ms)
{
	TimestampTz began = GetCurrentStatementStartTimestamp();
	bool		is_first = last_told < began;
	TimestampTz due;

	due = TimestampTzPlusMilliseconds(is_first ? began : last_told,
									  is_first ? first_ms :
									  regdocs_progress_interval_ms);
	return TimestampDifferenceMilliseconds(GetCurrentTimestamp(), due);
}

void
regdocs_progress_tell_read(const char *server_name, uint64 pages,
						   uint64 objects, const char *plural)
{
	if (!has_listener() || due_in_ms(regdocs_progress_interval_ms) > 0)
		return;
	last_told = GetCurrentTimestamp();
	if (pages > 0)
		ereport(NOTICE,
				(errmsg("pages read from server \"%s\" so far: %llu, with %llu %s",
						server_name, (unsigned long long) pages,
						(unsigned long long) objects, plural)));
	else
		ereport(NOTICE,
				(errmsg("%s read from server \"%s\" so far: %llu",
						plural, server_name, (unsigned long long) objects)));
}

void
regdocs_progress_tell_trouble(RdapiClient *client)
{
	RdapiTrouble trouble;
	int64		wait_ms;

	if (!has_listener() || !rdapi_client_trouble(client, &trouble))
		return;
	wait_ms = Max(NOTICEABLE_MS - trouble.lasts_ms, due_in_ms(0));
	if (wait_ms > 0)
	{
		rdapi_client_remind(client, wait_ms);
		return;
	}
	last_told = GetCurrentTimestamp();
	rdapi_client_remind(client, regdocs_progress_interval_ms);
	ereport(NOTICE,
			(errmsg("waiting for server \"%s\": %s",
					rdapi_client_name(client),
					regdocs_report_plain_text(trouble.message)),
			 trouble.http_status == 0 ?
			 errdetail("No request has succeeded for %d s; one was tried %d times, and will be again.",
					   (int) (trouble.lasts_ms / 1000), trouble.tries) :
			 errdetail("The last answer was HTTP status %d. No request has succeeded for %d s; one was tried %d times, and will be again.",
					   trouble.http_status, (int) (trouble.lasts_ms / 1000),
					   trouble.tries)));
}
