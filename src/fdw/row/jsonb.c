/*-------------------------------------------------------------------------
 *
 * jsonb.c
 *	  Objects and arrays of a page as jsonb, without a parser.
 *
 * The page's syntax was checked, and a text in which nothing has to be judged
 * is cut into tokens in one pass.  These are handed to PostgreSQL's functions
 * that build a jsonb, strings as they lie in the page, and the keys of an
 * object in jsonb's own order, as that sorts them much faster when they are
 * in order already; it does not rely on it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "src/fdw/base/compat.h"
#include "src/fdw/row/bytes.h"
#include "src/fdw/row/json.h"
#include "src/fdw/row/jsonb.h"

/* Keys, values and containers of one text; real ones have some 20. */
#define MAX_TOKENS		512

/* Levels of nesting; real are 5. */
#define MAX_LEVELS		32

/* Members of an object that are sorted here. */
#define MAX_SORTED		32

/* Bytes of a number, which without an exponent is one of type numeric. */
#define NUMBER_BYTES	64

/* Digits that are an int64 for certain. */
#define INT64_DIGITS	18

typedef struct Token
{
	const char *start;			/* of a string's characters; not terminated */
	int32		length;			/* of a string or a number, in bytes */
	int16		next;			/* the token behind this one and all in it */
	char		kind;			/* the first byte of the value */
} Token;

typedef struct Maker
{
	Token		tokens[MAX_TOKENS];
	int			ntokens;
	int			highest;		/* character that an escape may stand for */
	RegdocsJsonbState state;
} Maker;

/* Cut a string, whose opening quote is at "at"; NULL: not for us. */
static const char *
cut_string(const Maker *maker, Token *token, const char *at, const char *end)
{
	const char *start = ++at;
	bool		escaped = false;
	char	   *resolved;

	while (*(at = regdocs_bytes_plain(at, end)) != '"')
	{
		escaped = true;
		at += 2;
	}
	token->start = start;
	token->length = at - start;
	if (!escaped)
		return at + 1;

	resolved = palloc(token->length);
	token->length = regdocs_json_resolve(start, token->length, maker->highest,
										 resolved, token->length);
	token->start = resolved;
	return token->length < 0 ? NULL : at + 1;
}

/* Cut a number, or a word; NULL: not for us. */
static const char *
cut_word(Token *token, const char *at, const char *end)
{
	const char *start = at;

	while (at < end && *at != ',' && *at != '}' && *at != ']' && *at > ' ')
	{
		if (*at == 'E' || (*at == 'e' && token->kind <= '9'))
			return NULL;
		at++;
	}
	token->start = start;
	token->length = at - start;
	return token->length < NUMBER_BYTES ? at : NULL;
}

/*
 * Cut a container into its tokens, of which those in an object are keys and
 * values by turns: what separates them says no more than that.
 */
static bool
cut(Maker *maker, const char *text, int length)
{
	const char *at = text;
	const char *end = text + length;
	int16		open[MAX_LEVELS];
	int			depth = 0;

	while (at < end)
	{
		Token	   *token = &maker->tokens[maker->ntokens];
		char		byte = *at;

		if (byte <= ' ' || byte == ',' || byte == ':')
		{
			at++;
			continue;
		}
		if (byte == '}' || byte == ']')
		{
			maker->tokens[open[--depth]].next = maker->ntokens;
			at++;
			continue;
		}
		if (maker->ntokens == MAX_TOKENS)
			return false;
		token->kind = byte;
		token->next = ++maker->ntokens;
		if (byte == '{' || byte == '[')
		{
			if (depth == MAX_LEVELS)
				return false;
			open[depth++] = maker->ntokens - 1;
			at++;
		}
		else if (byte == '"')
			at = cut_string(maker, token, at, end);
		else
			at = cut_word(token, at, end);
		if (at == NULL)
			return false;
	}
	return true;
}

/* An integer, which most are, takes a shorter way to the same. */
static Numeric
make_numeric(const Token *token)
{
	char		digits[NUMBER_BYTES];
	int64		value = 0;
	int			i = 0;

	while (i < token->length && i < INT64_DIGITS && token->start[i] >= '0' &&
		   token->start[i] <= '9')
		value = value * 10 + (token->start[i++] - '0');
	if (i == token->length)
		return int64_to_numeric(value);

	memcpy(digits, token->start, token->length);
	digits[token->length] = '\0';
	return DatumGetNumeric(DirectFunctionCall3(numeric_in,
											   CStringGetDatum(digits),
											   ObjectIdGetDatum(InvalidOid),
											   Int32GetDatum(-1)));
}

static void push_container(Maker *maker, int index);

/* Push a key, an element or a member's value, with all that is in it. */
static void
push(Maker *maker, JsonbIteratorToken what, int index)
{
	const Token *token = &maker->tokens[index];
	JsonbValue	value;

	switch (token->kind)
	{
		case '{':
		case '[':
			push_container(maker, index);
			return;
		case '"':
			value.type = jbvString;
			value.val.string.val = unconstify(char *, token->start);
			value.val.string.len = token->length;
			break;
		case 't':
		case 'f':
			value.type = jbvBool;
			value.val.boolean = token->kind == 't';
			break;
		case 'n':
			value.type = jbvNull;
			break;
		default:
			value.type = jbvNumeric;
			value.val.numeric = make_numeric(token);
	}
	regdocs_jsonb_push(&maker->state, what, &value);
}

/* As jsonb has keys: by their length, then by their bytes. */
static bool
is_before(const Token *key, const Token *other)
{
	if (key->length != other->length)
		return key->length < other->length;
	return memcmp(key->start, other->start, key->length) < 0;
}

/*
 * The members of an object, of which equal keys stay in their order: the last
 * one counts.
 */
static void
push_members(Maker *maker, int object)
{
	const Token *tokens = maker->tokens;
	int			end = tokens[object].next;
	int16		keys[MAX_SORTED];
	int			nkeys = 0;
	int			key;
	int			i;

	for (key = object + 1; key < end && nkeys < MAX_SORTED;
		 key = tokens[key + 1].next)
	{
		for (i = nkeys++; i > 0; i--)
		{
			if (!is_before(&tokens[key], &tokens[keys[i - 1]]))
				break;
			keys[i] = keys[i - 1];
		}
		keys[i] = key;
	}
	for (i = 0; i < nkeys; i++)
	{
		push(maker, WJB_KEY, keys[i]);
		push(maker, WJB_VALUE, keys[i] + 1);
	}
	for (; key < end; key = tokens[key + 1].next)
	{
		push(maker, WJB_KEY, key);
		push(maker, WJB_VALUE, key + 1);
	}
}

static void
push_container(Maker *maker, int index)
{
	const Token *token = &maker->tokens[index];
	int			element;

	if (token->kind == '{')
	{
		regdocs_jsonb_push(&maker->state, WJB_BEGIN_OBJECT, NULL);
		push_members(maker, index);
		regdocs_jsonb_push(&maker->state, WJB_END_OBJECT, NULL);
		return;
	}
	regdocs_jsonb_push(&maker->state, WJB_BEGIN_ARRAY, NULL);
	for (element = index + 1; element < token->next;
		 element = maker->tokens[element].next)
		push(maker, WJB_ELEM, element);
	regdocs_jsonb_push(&maker->state, WJB_END_ARRAY, NULL);
}

bool
regdocs_jsonb_make(const char *text, int length, int highest, Datum *result)
{
	Maker		maker;

	/* A scalar is something else in jsonb. */
	if (*text != '{' && *text != '[')
		return false;
	maker.ntokens = 0;
	maker.highest = highest;
	if (!cut(&maker, text, length))
		return false;
	memset(&maker.state, 0, sizeof(maker.state));
	push_container(&maker, 0);
	*result = JsonbPGetDatum(JsonbValueToJsonb(maker.state.result));
	return true;
}
