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

/*
 * Are these the digits of a SID?  Each of them is looked at, since a branch for
 * each would be taken at random, and each row of a list has its sid checked.
 */
static bool
are_digits(const char *digits)
{
	unsigned	wrong = 0;
	size_t		i;

	for (i = 0; i < SID_DIGITS; i++)
	{
		unsigned char c = (unsigned char) digits[i];
		unsigned char number = (unsigned char) (c - '0');
		unsigned char letter = (unsigned char) ((c | 0x20) - 'a');

		wrong |= (unsigned) (number > 9) & (unsigned) (letter > 5);
	}
	return wrong == 0;
}

bool
rdapi_sid_is_valid(const char *prefix, const char *sid, size_t length)
{
	if (length != RDAPI_SID_BYTES)
		return false;
	if (prefix == NULL ? !is_letter(sid[0]) || !is_letter(sid[1]) :
		memcmp(sid, prefix, SID_LETTERS) != 0)
		return false;
	return are_digits(sid + SID_LETTERS);
}
