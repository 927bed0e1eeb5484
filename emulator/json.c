/*
 * json.c
 *		How is JSON text checked, quoted, unquoted and taken apart without
 *		changing a byte of it?
 */
#include "json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/*
 * Integers are read as reals, because jansson refuses those that do not fit
 * into 64 bits; only validity matters here, the text is kept.
 */
#define EMU_JSON_FLAGS (JSON_DECODE_ANY | JSON_ALLOW_NUL | \
						JSON_DECODE_INT_AS_REAL)

static json_t *
emu_json_parse(const char *text, size_t len)
{
	return json_loadb(text, len, EMU_JSON_FLAGS, NULL);
}

bool
emu_json_is_valid(const char *text, size_t len)
{
	json_t	   *json = emu_json_parse(text, len);
	bool		valid = json != NULL;

	json_decref(json);
	return valid;
}

bool
emu_json_is_object(const char *text, size_t len)
{
	json_t	   *json = emu_json_parse(text, len);
	bool		object = json_is_object(json);

	json_decref(json);
	return object;
}

/* Length of the UTF-8 sequence at the head of the text, 0 where it is none. */
static size_t
emu_utf8_length(const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *) text;
	size_t		need;
	size_t		i;

	if (at[0] < 0x80)
		return 1;
	if (at[0] >= 0xC2 && at[0] <= 0xDF)
		need = 2;
	else if ((at[0] & 0xF0) == 0xE0)
		need = 3;
	else if (at[0] >= 0xF0 && at[0] <= 0xF4)
		need = 4;
	else
		return 0;
	if (len < need)
		return 0;
	for (i = 1; i < need; i++)
		if ((at[i] & 0xC0) != 0x80)
			return 0;
	/* overlong forms, surrogates, and what lies above U+10FFFF */
	if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
		(at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
		return 0;
	return need;
}

bool
emu_utf8_is_valid(const char *text, size_t len)
{
	size_t		step;

	for (; len > 0; text += step, len -= step)
		if ((step = emu_utf8_length(text, len)) == 0)
			return false;
	return true;
}

static void
emu_json_add_char(EmuBuf *buf, const char *text, size_t len)
{
	static const char named[] = "\"\\\b\f\n\r\t";
	static const char letter[] = "\"\\bfnrt";
	const char *at = *text ? strchr(named, *text) : NULL;

	if (at != NULL)
		emu_buf_printf(buf, "\\%c", letter[at - named]);
	else if ((unsigned char) *text < 0x20)
		emu_buf_printf(buf, "\\u%04x", (unsigned char) *text);
	else
		emu_buf_add(buf, text, len);
}

/* Appends a quoted string; bytes that are not UTF-8 become U+FFFD. */
void
emu_json_add_string(EmuBuf *buf, const char *text, size_t len)
{
	size_t		step;

	emu_buf_put(buf, "\"");
	for (; len > 0; text += step, len -= step)
	{
		step = emu_utf8_length(text, len);
		if (step > 0)
			emu_json_add_char(buf, text, step);
		else
		{
			emu_buf_put(buf, "\xEF\xBF\xBD");
			step = 1;
		}
	}
	emu_buf_put(buf, "\"");
}

/* The same for a terminated text; NULL becomes null. */
void
emu_json_add_text(EmuBuf *buf, const char *text)
{
	if (text == NULL)
		emu_buf_put(buf, "null");
	else
		emu_json_add_string(buf, text, strlen(text));
}

char *
emu_json_string(const char *text, size_t len)
{
	EmuBuf		buf = {0};

	emu_json_add_string(&buf, text, len);
	return buf.data;
}

static void
emu_utf8_add(EmuBuf *buf, unsigned long code)
{
	char		out[4];
	size_t		len = 0;

	if (code < 0x80)
		out[len++] = (char) code;
	else if (code < 0x800)
	{
		out[len++] = (char) (0xC0 | code >> 6);
		out[len++] = (char) (0x80 | (code & 0x3F));
	}
	else if (code < 0x10000)
	{
		out[len++] = (char) (0xE0 | code >> 12);
		out[len++] = (char) (0x80 | (code >> 6 & 0x3F));
		out[len++] = (char) (0x80 | (code & 0x3F));
	}
	else
	{
		out[len++] = (char) (0xF0 | code >> 18);
		out[len++] = (char) (0x80 | (code >> 12 & 0x3F));
		out[len++] = (char) (0x80 | (code >> 6 & 0x3F));
		out[len++] = (char) (0x80 | (code & 0x3F));
	}
	emu_buf_add(buf, out, len);
}

static unsigned long
emu_json_hex(const char *at)
{
	char		digits[5] = {at[0], at[1], at[2], at[3], '\0'};

	return strtoul(digits, NULL, 16);
}

/* Appends what the escape at the text means; returns what it took. */
static size_t
emu_json_add_escape(EmuBuf *buf, const char *at, const char *end)
{
	static const char letter[] = "bfnrt";
	static const char meaning[] = "\b\f\n\r\t";
	const char *known = strchr(letter, at[1]);
	unsigned long code;

	if (at[1] != 'u')
	{
		emu_buf_add(buf, known ? meaning + (known - letter) : at + 1, 1);
		return 2;
	}
	code = emu_json_hex(at + 2);
	if (code >= 0xD800 && code < 0xDC00 && end - at >= 12 &&
		at[6] == '\\' && at[7] == 'u')
	{
		code = 0x10000 + ((code - 0xD800) << 10) +
			(emu_json_hex(at + 8) - 0xDC00);
		emu_utf8_add(buf, code);
		return 12;
	}
	emu_utf8_add(buf, code);
	return 6;
}

/* Appends what a quoted string, already known to be valid JSON, says. */
void
emu_json_decode(EmuBuf *buf, EmuText string)
{
	const char *at = string.data + 1;
	const char *end = string.data + string.len - 1;

	emu_buf_reserve(buf, string.len);
	while (at < end)
	{
		const char *escape = memchr(at, '\\', (size_t) (end - at));

		if (escape == NULL)
			escape = end;
		emu_buf_add(buf, at, (size_t) (escape - at));
		at = escape;
		if (at < end)
			at += emu_json_add_escape(buf, at, end);
	}
}

static const char *
emu_json_skip_string(const char *at)
{
	for (at++; *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at + 1;
}

/* Passes over one value of valid JSON. */
static const char *
emu_json_skip_value(const char *at)
{
	int			depth = 0;

	for (;;)
	{
		if (*at == '"')
			at = emu_json_skip_string(at);
		else if (*at == '{' || *at == '[')
		{
			depth++;
			at++;
		}
		else if (*at == '}' || *at == ']')
		{
			depth--;
			at++;
		}
		else if (depth > 0)
			at++;
		else
			return at + strcspn(at, " \t\r\n,]}");
		if (depth == 0 && strchr("\"}]", at[-1]) != NULL)
			return at;
	}
}

/*
 * Steps through an object known to be valid: *cursor points at its brace at
 * first. The key keeps its quotes.
 */
bool
emu_json_member(const char **cursor, EmuText *key, EmuText *value)
{
	const char *at = *cursor + strspn(*cursor, " \t\r\n{,");

	if (*at != '"')
		return false;
	key->data = at;
	at = emu_json_skip_string(at);
	key->len = (size_t) (at - key->data);
	at += strspn(at, " \t\r\n:");
	value->data = at;
	at = emu_json_skip_value(at);
	value->len = (size_t) (at - value->data);
	*cursor = at;
	return true;
}

EmuText
emu_json_trim(const char *text, size_t len)
{
	EmuText		trimmed = {text, len};

	while (trimmed.len > 0 && strchr(" \t\r\n", *trimmed.data))
	{
		trimmed.data++;
		trimmed.len--;
	}
	while (trimmed.len > 0 &&
		   strchr(" \t\r\n", trimmed.data[trimmed.len - 1]))
		trimmed.len--;
	return trimmed;
}

/* Whether two quoted strings say the same. */
bool
emu_json_same_text(EmuText one, EmuText other)
{
	EmuBuf		a = {0};
	EmuBuf		b = {0};
	bool		same;

	emu_json_decode(&a, one);
	emu_json_decode(&b, other);
	same = a.len == b.len &&
		(a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
	emu_buf_free(&a);
	emu_buf_free(&b);
	return same;
}

/* Looks for the key among the members; the last one counts. */
static bool
emu_json_find(const char *object, EmuText key, EmuText *value)
{
	EmuText		name;
	EmuText		candidate;
	bool		found = false;

	while (emu_json_member(&object, &name, &candidate))
		if (emu_json_same_text(name, key))
		{
			*value = candidate;
			found = true;
		}
	return found;
}

/* The same by name; false also where the text is no object. */
bool
emu_json_get(const char *object, const char *name, EmuText *value)
{
	EmuBuf		key = {0};
	EmuText		text;
	bool		found;

	object += strspn(object, " \t\r\n");
	if (*object != '{')
		return false;
	emu_json_add_text(&key, name);
	text.data = key.data;
	text.len = key.len;
	found = emu_json_find(object, text, value);
	emu_buf_free(&key);
	return found;
}

static void
emu_json_add_member(EmuBuf *buf, EmuText key, EmuText value)
{
	emu_buf_put(buf, buf->len > 1 ? "," : "");
	emu_buf_add(buf, key.data, key.len);
	emu_buf_put(buf, ":");
	emu_buf_add(buf, value.data, value.len);
}

/* The old object with the new one's members put over it, values verbatim. */
char *
emu_json_merge(EmuText old, EmuText new)
{
	char	   *older = emu_copy(old.data, old.len);
	char	   *newer = emu_copy(new.data, new.len);
	const char *cursor = older;
	EmuBuf		buf = {0};
	EmuText		key;
	EmuText		value;
	EmuText		other;

	emu_buf_put(&buf, "{");
	while (emu_json_member(&cursor, &key, &value))
	{
		emu_json_find(newer, key, &value);
		emu_json_add_member(&buf, key, value);
	}
	cursor = newer;
	while (emu_json_member(&cursor, &key, &value))
		if (!emu_json_find(older, key, &other))
			emu_json_add_member(&buf, key, value);
	emu_buf_put(&buf, "}");
	free(older);
	free(newer);
	return buf.data;
}
