/*-------------------------------------------------------------------------
 *
 * option_value.c
 *	  The values of options by their type: how to read one, and what to
 *	  say of one that is not valid.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/guc.h"

#include "src/fdw/base/option_value.h"
#include "src/fdw/base/url.h"
#include "src/resource/family.h"

/* Durations come out in milliseconds and sizes in kilobytes, as in GUCs. */
static bool
number_parse(const RegdocsOption *option, const char *text, double *number)
{
	int			integer;
	int			unit = 0;

	if (option->type == OPTION_REAL)
		return parse_real(text, number, 0, NULL);

	if (option->type == OPTION_DURATION)
		unit = GUC_UNIT_MS;
	else if (option->type == OPTION_SIZE)
		unit = GUC_UNIT_KB;
	if (!parse_int(text, &integer, unit, NULL))
		return false;
	*number = integer;
	return true;
}

static bool
number_parse_in_range(const RegdocsOption *option, const char *text,
					  double *number)
{
	double		min = 0;
	double		max = 0;

	if (!number_parse(option, text, number))
		return false;
	if (option->zero != NULL && *number == 0)
		return true;

	(void) number_parse(option, option->min, &min);
	(void) number_parse(option, option->max, &max);
	return *number >= min && *number <= max;
}

/* Tokens are ASCII without blanks; anything else came in by a bad paste. */
static bool
secret_is_valid(const char *text)
{
	for (const char *byte = text; *byte != '\0'; byte++)
	{
		if (*byte <= ' ' || *byte > '~')
			return false;
	}
	return *text != '\0';
}

/* Is it a column of any resource, whichever the table may be of? */
static bool
field_exists(const char *name)
{
	if (strcmp(name, RDAPI_WHOLE_OBJECT) == 0)
		return true;
	for (int i = 0; i < rdapi_nresources; i++)
	{
		if (rdapi_resource_field(rdapi_resources[i], name) != RDAPI_NO_FIELD)
			return true;
	}
	return false;
}

static bool
text_is_valid(const RegdocsOption *option, const char *text)
{
	switch (option->type)
	{
		case OPTION_URL:
			return regdocs_url_is_valid(text);
		case OPTION_PATH:
			return is_absolute_path(text);
		case OPTION_SID:
			return rdapi_sid_is_valid(option->prefix, text, strlen(text));
		case OPTION_SECRET:
			return secret_is_valid(text);
		default:
			return field_exists(text);
	}
}

/* The position of the word, in either case; -1: it is none of them. */
static int
word_find(const char *const *words, const char *text)
{
	for (int i = 0; words[i] != NULL; i++)
	{
		if (pg_strcasecmp(words[i], text) == 0)
			return i;
	}
	return -1;
}

bool
regdocs_option_parse(const RegdocsOption *option, const char *text,
					 void *target)
{
	double		number;

	switch (option->type)
	{
		case OPTION_DURATION:
		case OPTION_INTEGER:
			if (!number_parse_in_range(option, text, &number))
				return false;
			*(int *) target = (int) number;
			return true;
		case OPTION_SIZE:
			if (!number_parse_in_range(option, text, &number))
				return false;
			*(Size *) target = (Size) number * 1024;
			return true;
		case OPTION_REAL:
			return number_parse_in_range(option, text, (double *) target);
		case OPTION_BOOLEAN:
			return parse_bool(text, (bool *) target);
		case OPTION_ENUM:
			*(int *) target = word_find(option->words, text);
			return *(int *) target >= 0;
		case OPTION_RESOURCE:
			*(const RdapiResource **) target = rdapi_resource_find(text);
			return *(const RdapiResource **) target != NULL;
		default:
			if (!text_is_valid(option, text))
				return false;
			*(char **) target = (option->type == OPTION_URL)
				? regdocs_url_normalize(text) : pstrdup(text);
			return true;
	}
}

char *
regdocs_option_hint(const RegdocsOption *option)
{
	StringInfoData hint;

	switch (option->type)
	{
		case OPTION_DURATION:
			return psprintf("Valid values are durations from %s to %s; units "
							"are \"us\", \"ms\" (the default), \"s\", "
							"\"min\", \"h\" and \"d\".",
							option->min, option->max);
		case OPTION_SIZE:
			return psprintf("Valid values are sizes from %s to %s; units are "
							"\"B\", \"kB\" (the default), \"MB\", \"GB\" and "
							"\"TB\".", option->min, option->max);
		case OPTION_INTEGER:
			return psprintf("Valid values are integers from %s to %s.",
							option->min, option->max);
		case OPTION_REAL:
			return psprintf("Valid values are numbers from %s to %s%s%s.",
							option->min, option->max,
							option->zero ? ", and 0 for " : "",
							option->zero ? option->zero : "");
		case OPTION_BOOLEAN:
			return pstrdup("Valid values are true and false.");
		case OPTION_URL:
			return pstrdup("It must be https://host[:port][/path], without "
						   "user name, query or fragment. Only for "
						   "localhost, 127.0.0.0/8 and [::1] may it be "
						   "http.");
		case OPTION_PATH:
			return pstrdup("It must be an absolute path.");
		case OPTION_SID:
			return psprintf("It must be \"%s\" and 32 hexadecimal digits.",
							option->prefix);
		case OPTION_SECRET:
			return pstrdup("It must be printable ASCII characters without "
						   "blanks, at least one.");
		case OPTION_FIELD:
			return pstrdup("It must be the name of a field of the API, or "
						   "\"" RDAPI_WHOLE_OBJECT "\".");
		case OPTION_ENUM:
		case OPTION_RESOURCE:
			break;
	}

	initStringInfo(&hint);
	appendStringInfoString(&hint, "Valid values are: ");
	if (option->type == OPTION_ENUM)
	{
		for (int i = 0; option->words[i] != NULL; i++)
			appendStringInfo(&hint, "%s%s", i > 0 ? ", " : "",
							 option->words[i]);
	}
	else
	{
		for (int i = 0; i < rdapi_nresources; i++)
			appendStringInfo(&hint, "%s%s", i > 0 ? ", " : "",
							 rdapi_resources[i]->name);
	}
	appendStringInfoChar(&hint, '.');
	return hint.data;
}
