/*-------------------------------------------------------------------------
 *
 * hosts.c
 *	  Hosts that servers may name: GUC regdocs_fdw.allowed_hosts.
 *
 * Whoever may create a server has PostgreSQL connect to where it says, from
 * within the network that PostgreSQL is in.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "src/fdw/base/hosts.h"
#include "src/fdw/base/url.h"

/* What a pattern may be made of; brackets and colons are for IPv6. */
#define PATTERN_BYTES \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_*[]:"

#define BLANKS			" \t\n"

/* GUC */
char	   *regdocs_allowed_hosts = NULL;

static uint64 generation = 0;

/*
 * The next pattern of a list that is separated by commas, less blanks around
 * it; *rest goes on behind it.  false: the list has ended.
 */
static bool
next_pattern(const char **rest, const char **pattern, size_t *length)
{
	if (**rest == '\0')
		return false;
	*rest += strspn(*rest, BLANKS);
	*pattern = *rest;
	*rest += strcspn(*rest, ",");
	*length = *rest - *pattern;
	while (*length > 0 && strchr(BLANKS, (*pattern)[*length - 1]) != NULL)
		(*length)--;
	if (**rest == ',')
		(*rest)++;
	return true;
}

/* "*" stands for any characters, none included. */
static bool
matches(const char *pattern, size_t length, const char *host)
{
	for (; length > 0; pattern++, length--, host++)
	{
		if (*pattern == '*')
		{
			while (!matches(pattern + 1, length - 1, host))
			{
				if (*host++ == '\0')
					return false;
			}
			return true;
		}
		if (*host == '\0' ||
			pg_tolower((unsigned char) *pattern) != (unsigned char) *host)
			return false;
	}
	return *host == '\0';
}

bool
regdocs_hosts_check(char **newval, void **extra, GucSource source)
{
	const char *rest = *newval;
	const char *pattern;
	size_t		length;

	while (next_pattern(&rest, &pattern, &length))
	{
		if (length > 0 && strspn(pattern, PATTERN_BYTES) >= length)
			continue;
		GUC_check_errhint("It must be names of hosts, or patterns with \"*\" for any characters, separated by commas.");
		return false;
	}
	return true;
}

void
regdocs_hosts_assign(const char *newval, void *extra)
{
	generation++;
}

bool
regdocs_hosts_allow(const char *url)
{
	char	   *host = regdocs_url_host(url);
	const char *rest = regdocs_allowed_hosts;
	const char *pattern;
	size_t		length;
	bool		allowed = false;

	while (!allowed && next_pattern(&rest, &pattern, &length))
		allowed = matches(pattern, length, host);
	pfree(host);
	return allowed;
}

uint64
regdocs_hosts_generation(void)
{
	return generation;
}

const char *
regdocs_hosts_hint(void)
{
	return "A superuser may allow it by regdocs_fdw.allowed_hosts.";
}
