/*-------------------------------------------------------------------------
 *
 * json.c
 *	  Reading JSON text from left to right, without recursion.
 *
 * PostgreSQL's parser calls itself for each level of nesting, so that one
 * value of some ten thousand levels fails with the whole text around it; it
 * does not look for interrupts; and that of PostgreSQL 15 reads over a NUL
 * behind a backslash.  This one takes exactly the texts that it takes, apart
 * from these, and leaves to the conversion of a value what its escapes stand
 * for and whether its bytes are characters.
 *
 * The text ends with a NUL, which is part of no token.  So nothing here has to
 * ask whether there is another byte.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "miscadmin.h"

#include "src/fdw/row/json.h"

/* How far apart interrupts are looked for, in bytes: much below 1 ms. */
#define CHECK_BYTES 65536

/* Levels of nesting that there is room for at first, in bits; real are 5. */
#define FIRST_LEVELS 256

/* The same byte in all places of a word. */
#define EVERY_BYTE(byte) (UINT64CONST(0x0101010101010101) * (byte))

void
regdocs_json_begin(RegdocsJson *json, const char *text, size_t length,
				   bool may_raise)
{
	memset(json, 0, sizeof(*json));
	json->text = text;
	json->end = text + length;
	json->at = text;
	json->may_raise = may_raise;
	json->last_check = text;
	Assert(*json->end == '\0');
}

static bool
fail(RegdocsJson *json)
{
	json->failed = true;
	return false;
}

static void
check_interrupts(RegdocsJson *json)
{
	if (json->at - json->last_check < CHECK_BYTES)
		return;
	json->last_check = json->at;
	if (json->may_raise)
		CHECK_FOR_INTERRUPTS();
}

char
regdocs_json_peek(RegdocsJson *json)
{
	while (*json->at == ' ' || *json->at == '\n' || *json->at == '\t' ||
		   *json->at == '\r')
		json->at++;
	return json->failed ? '\0' : *json->at;
}

/* Are these bytes ones that a string holds as they are? */
static bool
is_plain_word(const char *bytes)
{
	uint64		word;
	uint64		quotes;
	uint64		backslashes;

	/* The top bit of a byte gets set where it is zero, or below a blank. */
	memcpy(&word, bytes, sizeof(word));
	quotes = word ^ EVERY_BYTE('"');
	quotes = (quotes - EVERY_BYTE(1)) & ~quotes;
	backslashes = word ^ EVERY_BYTE('\\');
	backslashes = (backslashes - EVERY_BYTE(1)) & ~backslashes;
	return ((quotes | backslashes | ((word - EVERY_BYTE(' ')) & ~word)) &
			EVERY_BYTE(0x80)) == 0;
}

static int
hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	digit |= 0x20;
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Pass an escape, which a backslash begins. */
static bool
skip_escape(RegdocsJson *json)
{
	int			i;

	json->at++;
	if (*json->at == '\0' || strchr("\"\\/bfnrtu", *json->at) == NULL)
		return fail(json);
	if (*json->at++ != 'u')
		return true;
	for (i = 0; i < 4; i++)
	{
		if (hex_value(*json->at) < 0)
			return fail(json);
		json->at++;
	}
	return true;
}

/* Pass a string, whose opening quote comes next. */
static bool
skip_string(RegdocsJson *json)
{
	json->at++;
	for (;;)
	{
		unsigned char byte;

		while (json->end - json->at >= (ptrdiff_t) sizeof(uint64) &&
			   json->at - json->last_check < CHECK_BYTES &&
			   is_plain_word(json->at))
			json->at += sizeof(uint64);
		check_interrupts(json);

		byte = (unsigned char) *json->at;
		if (byte == '"')
		{
			json->at++;
			return true;
		}
		if (byte == '\\')
		{
			if (!skip_escape(json))
				return false;
		}
		else if (byte < ' ')
			return fail(json);
		else
			json->at++;
	}
}

/* One digit or more. */
static bool
skip_digits(RegdocsJson *json)
{
	if (!isdigit((unsigned char) *json->at))
		return fail(json);
	while (isdigit((unsigned char) *json->at))
		json->at++;
	return true;
}

static bool
skip_number(RegdocsJson *json)
{
	if (*json->at == '-')
		json->at++;
	if (*json->at == '0')
		json->at++;
	else if (!skip_digits(json))
		return false;
	if (*json->at == '.')
	{
		json->at++;
		if (!skip_digits(json))
			return false;
	}
	if (*json->at == 'e' || *json->at == 'E')
	{
		json->at++;
		if (*json->at == '+' || *json->at == '-')
			json->at++;
		return skip_digits(json);
	}
	return true;
}

static bool
skip_word(RegdocsJson *json, const char *word)
{
	size_t		length = strlen(word);

	if (strncmp(json->at, word, length) != 0)
		return fail(json);
	json->at += length;
	return true;
}

/* A value that holds no others. */
static bool
skip_scalar(RegdocsJson *json)
{
	switch (*json->at)
	{
		case '"':
			return skip_string(json);
		case 't':
			return skip_word(json, "true");
		case 'f':
			return skip_word(json, "false");
		case 'n':
			return skip_word(json, "null");
		default:
			return skip_number(json);
	}
}

void
regdocs_json_enter(RegdocsJson *json)
{
	Assert(*json->at == '{' || *json->at == '[');
	json->at++;
	json->entered = true;
}

/*
 * Pass what comes between two members or elements, or the bracket that closes
 * them.  false: that, or something else.
 */
static bool
next_in(RegdocsJson *json, char closing)
{
	bool		entered = json->entered;
	char		byte = regdocs_json_peek(json);

	json->entered = false;
	check_interrupts(json);
	if (byte == closing)
	{
		json->at++;
		return false;
	}
	if (entered)
		return byte != '\0' || fail(json);
	if (byte != ',')
		return fail(json);
	json->at++;
	return regdocs_json_peek(json) != '\0' || fail(json);
}

bool
regdocs_json_next_element(RegdocsJson *json)
{
	return !json->failed && next_in(json, ']');
}

bool
regdocs_json_next_member(RegdocsJson *json, const char **key, int *length)
{
	if (json->failed || !next_in(json, '}'))
		return false;
	if (*json->at != '"')
		return fail(json);
	*key = json->at + 1;
	if (!skip_string(json))
		return false;
	*length = json->at - 1 - *key;
	if (regdocs_json_peek(json) != ':')
		return fail(json);
	json->at++;
	(void) regdocs_json_peek(json);
	return true;
}

/* Note whether what is entered at that level is an object. */
static void
set_level(RegdocsJson *json, int level, bool is_object)
{
	uint8		bit = 1 << (level % 8);

	if (json->levels == NULL)
	{
		json->levels_bytes = FIRST_LEVELS / 8;
		json->levels = palloc(json->levels_bytes);
	}
	else if (level / 8 == json->levels_bytes)
	{
		json->levels_bytes *= 2;
		json->levels = repalloc(json->levels, json->levels_bytes);
	}
	if (is_object)
		json->levels[level / 8] |= bit;
	else
		json->levels[level / 8] &= ~bit;
}

static bool
level_is_object(const RegdocsJson *json, int level)
{
	return (json->levels[level / 8] >> (level % 8)) & 1;
}

bool
regdocs_json_skip(RegdocsJson *json)
{
	int			depth = 0;

	do
	{
		char		byte = regdocs_json_peek(json);

		if (byte == '{' || byte == '[')
		{
			set_level(json, depth++, byte == '{');
			regdocs_json_enter(json);
		}
		else if (json->failed || !skip_scalar(json))
			return false;

		/* On to the next value, which may come behind some that end here. */
		while (depth > 0)
		{
			const char *key;
			int			length;

			if (level_is_object(json, depth - 1) ?
				regdocs_json_next_member(json, &key, &length) :
				regdocs_json_next_element(json))
				break;
			if (json->failed)
				return false;
			depth--;
		}
	} while (depth > 0);
	return true;
}

RegdocsJsonSize
regdocs_json_measure(const char *text, int length)
{
	RegdocsJsonSize size = {0, 1};
	const char *end = text + length;
	bool		in_string = false;
	int			depth = 0;

	for (; text < end; text++)
	{
		if (*text == '"')
			in_string = !in_string;
		else if (in_string)
			text += *text == '\\' ? 1 : 0;
		else if (*text == '{' || *text == '[')
		{
			size.depth = Max(size.depth, ++depth);
			size.values++;
		}
		else if (*text == '}' || *text == ']')
			depth--;
		else if (*text == ',')
			size.values++;
	}
	return size;
}

bool
regdocs_json_finish(RegdocsJson *json)
{
	(void) regdocs_json_peek(json);
	if (!json->failed && json->at != json->end)
		return fail(json);
	return !json->failed;
}

/* The code of an escape that was checked before; steps over it. */
static int
escaped_character(const char **p)
{
	static const char letters[] = "bfnrt";
	static const char meanings[] = "\b\f\n\r\t";
	char		letter = (*p)[1];
	const char *found = strchr(letters, letter);
	int			code = 0;
	int			i;

	*p += 2;
	if (found != NULL)
		return meanings[found - letters];
	if (letter != 'u')
		return letter;
	for (i = 0; i < 4; i++)
		code = code * 16 + hex_value(*(*p)++);
	return code;
}

int
regdocs_json_resolve_ascii(const char *text, int length, char *buffer,
						   int size)
{
	const char *end = text + length;
	int			resolved = 0;

	while (text < end)
	{
		int			code = *text == '\\' ? escaped_character(&text) :
		(unsigned char) *text++;

		if (code == 0 || code > 0x7f || resolved == size)
			return -1;
		buffer[resolved++] = (char) code;
	}
	return resolved;
}
