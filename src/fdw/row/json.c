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

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "src/fdw/row/bytes.h"
#include "src/fdw/row/json.h"

/* How far apart interrupts are looked for, in bytes: much below 1 ms. */
#define CHECK_BYTES 65536

/* Levels of nesting that a word has bits for; real are 5. */
#define WORD_LEVELS 64

void
regdocs_json_begin(RegdocsJson *json, const char *text, size_t length,
				   bool may_raise)
{
	memset(json, 0, sizeof(*json));
	json->text = text;
	json->end = text + length;
	json->at = text;
	json->may_raise = may_raise;
	json->next_check = text + CHECK_BYTES;
	Assert(*json->end == '\0');
}

/* There is nothing more to read: the next byte is the NUL behind the text. */
static bool
fail(RegdocsJson *json)
{
	if (json->fault == NULL)
		json->fault = json->at;
	json->at = json->end;
	return false;
}

static inline void
check_interrupts(RegdocsJson *json)
{
	if (likely(json->at < json->next_check))
		return;
	json->next_check = json->at + CHECK_BYTES;
	if (json->may_raise)
		CHECK_FOR_INTERRUPTS();
}

static inline char
peek(RegdocsJson *json)
{
	while (*json->at == ' ' || *json->at == '\n' || *json->at == '\t' ||
		   *json->at == '\r')
		json->at++;
	return *json->at;
}

char
regdocs_json_peek(RegdocsJson *json)
{
	return peek(json);
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

	json->escaped = true;
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

/* Pass the rest of a string, from a byte within it on. */
static bool
skip_string_rest(RegdocsJson *json)
{
	for (;;)
	{
		const char *stop = Min(json->end, json->at + CHECK_BYTES);

		json->at = regdocs_bytes_plain(json->at, stop);
		if (*json->at == '"')
		{
			json->at++;
			return true;
		}
		if (*json->at == '\\')
		{
			if (!skip_escape(json))
				return false;
		}
		else if (json->at < stop || stop == json->end)
			return fail(json);
		check_interrupts(json);
	}
}

/* Pass a string, whose opening quote comes next.  Most are short and plain. */
static inline bool
skip_string(RegdocsJson *json)
{
	json->at = regdocs_bytes_plain(json->at + 1,
								   Min(json->end, json->at + CHECK_BYTES));
	if (likely(*json->at == '"'))
	{
		json->at++;
		return true;
	}
	return skip_string_rest(json);
}

static inline bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* One digit or more. */
static bool
skip_digits(RegdocsJson *json)
{
	if (!is_digit(*json->at))
		return fail(json);
	while (is_digit(*json->at))
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

static inline bool
skip_word(RegdocsJson *json, const char *word, int length)
{
	if (json->end - json->at < length || memcmp(json->at, word, length) != 0)
		return fail(json);
	json->at += length;
	return true;
}

/* A value that holds no others. */
static inline bool
skip_scalar(RegdocsJson *json, char byte)
{
	switch (byte)
	{
		case '"':
			return skip_string(json);
		case 't':
			return skip_word(json, "true", 4);
		case 'f':
			return skip_word(json, "false", 5);
		case 'n':
			return skip_word(json, "null", 4);
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
 * them.  false: that, or something else.  What stands where a value should is
 * left for whoever reads the value.
 */
static inline bool
next_in(RegdocsJson *json, char closing)
{
	bool		entered = json->entered;
	char		byte = peek(json);

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
	return peek(json) != '\0' || fail(json);
}

static inline bool
next_member(RegdocsJson *json, const char **key, int *length)
{
	if (!next_in(json, '}'))
		return false;
	if (*json->at != '"')
		return fail(json);
	*key = json->at + 1;
	if (!skip_string(json))
		return false;
	*length = json->at - 1 - *key;
	if (peek(json) != ':')
		return fail(json);
	json->at++;
	(void) peek(json);
	return true;
}

bool
regdocs_json_next_element(RegdocsJson *json)
{
	return next_in(json, ']');
}

bool
regdocs_json_next_member(RegdocsJson *json, const char **key, int *length)
{
	json->escaped = false;
	return next_member(json, key, length);
}

/* Keep the bits of so many words of levels, of which the last one is given. */
static void
keep_levels(RegdocsJson *json, int nwords, uint64 bits)
{
	if (json->levels == NULL)
	{
		json->nlevels = 1;
		json->levels = palloc(sizeof(uint64));
	}
	else if (nwords > json->nlevels)
	{
		json->nlevels *= 2;
		json->levels = repalloc(json->levels, sizeof(uint64) * json->nlevels);
	}
	json->levels[nwords - 1] = bits;
}

/*
 * Of the levels around, the innermost 1 to 64 are in a word here, the innermost
 * of them in its lowest bit.
 */
bool
regdocs_json_skip(RegdocsJson *json)
{
	uint64		levels = 0;
	int			depth = 0;

	check_interrupts(json);
	do
	{
		char		byte = peek(json);

		if (byte == '{' || byte == '[')
		{
			if (depth > 0 && depth % WORD_LEVELS == 0)
				keep_levels(json, depth / WORD_LEVELS, levels);
			levels = levels << 1 | (byte == '{');
			depth++;
			json->at++;
			json->entered = true;
		}
		else if (!skip_scalar(json, byte))
			return false;

		/* On to the next value, which may come behind some that end here. */
		while (depth > 0)
		{
			const char *key;
			int			length;

			if (levels & 1 ? next_member(json, &key, &length) :
				next_in(json, ']'))
				break;
			if (json->fault != NULL)
				return false;
			depth--;
			levels >>= 1;
			if (depth > 0 && depth % WORD_LEVELS == 0)
				levels = json->levels[depth / WORD_LEVELS - 1];
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
	(void) peek(json);
	if (json->at != json->end)
		return fail(json);
	return json->fault == NULL;
}

/* The four digits behind \u, which were checked before; steps over them. */
static int
escaped_unit(const char **p)
{
	int			code = 0;
	int			i;

	for (i = 0; i < 4; i++)
		code = code * 16 + hex_value(*(*p)++);
	return code;
}

/*
 * The character of an escape that was checked before; steps over it.  0: it
 * stands for none, as half of a surrogate pair alone does.
 */
static pg_wchar
escaped_character(const char **p, const char *end)
{
	static const char letters[] = "bfnrt";
	static const char meanings[] = "\b\f\n\r\t";
	char		letter = (*p)[1];
	const char *found = strchr(letters, letter);
	int			code;
	int			second;

	*p += 2;
	if (found != NULL)
		return meanings[found - letters];
	if (letter != 'u')
		return letter;
	code = escaped_unit(p);
	if (!is_utf16_surrogate_first(code))
		return is_utf16_surrogate_second(code) ? 0 : code;
	if (end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
		return 0;
	*p += 2;
	second = escaped_unit(p);
	return is_utf16_surrogate_second(second) ?
		surrogate_pair_to_codepoint(code, second) : 0;
}

int
regdocs_json_resolve(const char *text, int length, int highest, char *buffer,
					 int size)
{
	const char *end = text + length;
	int			resolved = 0;

	while (text < end)
	{
		const char *plain = text;
		unsigned char character[4];
		int			bytes;
		pg_wchar	code;

		text = regdocs_bytes_plain(text, end);
		if (resolved + (text - plain) > size)
			return -1;
		memcpy(buffer + resolved, plain, text - plain);
		resolved += text - plain;
		if (text == end)
			break;

		code = escaped_character(&text, end);
		if (code == 0 || code > (pg_wchar) highest)
			return -1;
		unicode_to_utf8(code, character);
		bytes = pg_utf_mblen(character);
		if (resolved + bytes > size)
			return -1;
		memcpy(buffer + resolved, character, bytes);
		resolved += bytes;
	}
	return resolved;
}
