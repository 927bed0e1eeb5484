/*-------------------------------------------------------------------------
 *
 * error.c
 *	  Recording a failure, and making foreign text safe to show.
 *
 *-------------------------------------------------------------------------
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "secret.h"

/* What one byte becomes that cannot be shown: \xNN and the terminator. */
#define ESCAPE_BYTES	5

/* What is shown of a secret. */
#define MASK			"***"

void
rdapi_error_clear(RdapiError *error)
{
	memset(error, 0, sizeof(*error));
}

void
rdapi_error_set(RdapiError *error, RdapiErrorKind kind,
				const char *format,...)
{
	/*
	 * Escaping never shortens, so a text that does not fit here would not fit
	 * into the message either.  The spare bytes keep a character whole that
	 * ends where the message does.
	 */
	char		text[RDAPI_MESSAGE_BYTES + 8];
	va_list		arguments;

	if (error->kind != RDAPI_ERR_NONE)
		return;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);

	error->kind = kind;
	error->cause = kind;
	rdapi_error_copy_text(error->message, sizeof(error->message),
						  text, strlen(text), NULL);
}

/*
 * How many bytes the character at the start of the text has, 0 where there is
 * none that can be shown as it is: a control character (the C1 ones, too,
 * which terminals obey), or no UTF-8.
 */
static size_t
printable_character(const unsigned char *text, size_t length)
{
	/* The range of the second byte keeps out what is too long or too large. */
	static const struct
	{
		unsigned char first_low;
		unsigned char first_high;
		unsigned char second_low;
		unsigned char second_high;
		size_t		length;
	}			forms[] =
	{
		{0xC2, 0xC2, 0xA0, 0xBF, 2},	/* U+0080 to U+009F are controls */
		{0xC3, 0xDF, 0x80, 0xBF, 2},
		{0xE0, 0xE0, 0xA0, 0xBF, 3},
		{0xE1, 0xEC, 0x80, 0xBF, 3},
		{0xED, 0xED, 0x80, 0x9F, 3},	/* no surrogates */
		{0xEE, 0xEF, 0x80, 0xBF, 3},
		{0xF0, 0xF0, 0x90, 0xBF, 4},
		{0xF1, 0xF3, 0x80, 0xBF, 4},
		{0xF4, 0xF4, 0x80, 0x8F, 4}
	};
	size_t		form;
	size_t		i;

	if (text[0] < 0x80)
		return text[0] >= 0x20 && text[0] != 0x7F ? 1 : 0;

	for (form = 0; form < sizeof(forms) / sizeof(forms[0]); form++)
	{
		if (text[0] >= forms[form].first_low &&
			text[0] <= forms[form].first_high)
			break;
	}
	if (form == sizeof(forms) / sizeof(forms[0]) ||
		length < forms[form].length ||
		text[1] < forms[form].second_low ||
		text[1] > forms[form].second_high)
		return 0;
	for (i = 2; i < forms[form].length; i++)
	{
		if ((text[i] & 0xC0) != 0x80)
			return 0;
	}
	return forms[form].length;
}

bool
rdapi_error_copy_text(char *field, size_t size,
					  const char *text, size_t length,
					  const RdapiSecrets *secrets)
{
	size_t		used = 0;

	while (length > 0)
	{
		char		escape[ESCAPE_BYTES];
		const char *piece = text;
		size_t		piece_length;
		size_t		taken = 0;

		if (secrets != NULL)
			taken = rdapi_secrets_match(secrets, text, length);
		if (taken > 0)
		{
			piece = MASK;
			piece_length = sizeof(MASK) - 1;
		}
		else
		{
			taken = printable_character((const unsigned char *) text, length);
			piece_length = taken;
		}
		if (taken == 0)
		{
			snprintf(escape, sizeof(escape), "\\x%02X",
					 (unsigned) (unsigned char) text[0]);
			piece = escape;
			piece_length = ESCAPE_BYTES - 1;
			taken = 1;
		}
		if (used + piece_length >= size)
			break;
		memcpy(field + used, piece, piece_length);
		used += piece_length;
		text += taken;
		length -= taken;
	}
	field[used] = '\0';
	return length == 0;
}
