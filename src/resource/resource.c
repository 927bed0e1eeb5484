/*-------------------------------------------------------------------------
 *
 * resource.c
 *	  Looking things up in the descriptions of resources.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "family.h"
#include "resource.h"

/* Letters before the hexadecimal digits of a SID, and these. */
#define SID_LETTERS	2
#define SID_DIGITS	(RDAPI_SID_BYTES - SID_LETTERS)

const RdapiResource *
rdapi_resource_find(const char *name)
{
	int			i;

	for (i = 0; i < rdapi_nresources; i++)
	{
		if (strcmp(rdapi_resources[i]->name, name) == 0)
			return rdapi_resources[i];
	}
	return NULL;
}

int
rdapi_resource_field(const RdapiResource *resource, const char *name)
{
	int			i;

	for (i = 0; i < resource->nfields; i++)
	{
		if (strcmp(resource->fields[i].name, name) == 0)
			return i;
	}
	return RDAPI_NO_FIELD;
}

int
rdapi_resource_filter(const RdapiResource *resource, int field, RdapiTest test)
{
	int			i;

	for (i = 0; i < resource->nfilters; i++)
	{
		if (resource->filters[i].field == field &&
			resource->filters[i].test == test)
			return i;
	}
	return -1;
}

bool
rdapi_enum_has(const RdapiEnum *labels, const char *label, size_t length)
{
	int			i;

	for (i = 0; i < labels->nlabels; i++)
	{
		if (strlen(labels->labels[i]) == length &&
			memcmp(labels->labels[i], label, length) == 0)
			return true;
	}
	return false;
}

/* isalpha() and its kin follow the locale. */
static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_hexadecimal(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') ||
		(c >= 'a' && c <= 'f');
}

bool
rdapi_sid_is_valid(const char *prefix, const char *sid, size_t length)
{
	size_t		i;

	if (length != RDAPI_SID_BYTES)
		return false;
	if (prefix == NULL ? !is_letter(sid[0]) || !is_letter(sid[1]) :
		memcmp(sid, prefix, SID_LETTERS) != 0)
		return false;
	for (i = SID_LETTERS; i < length; i++)
	{
		if (!is_hexadecimal(sid[i]))
			return false;
	}
	return true;
}
