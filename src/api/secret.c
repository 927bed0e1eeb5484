/*-------------------------------------------------------------------------
 *
 * secret.c
 *	  What must not be shown of a credential, however it is written.
 *
 * A server, or a proxy in front of it, may answer with what was sent to it.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "secret.h"

#define LENGTH_OF(array)	(sizeof(array) / sizeof((array)[0]))

/*
 * What is shorter is no secret, in characters.  So much of one is hidden
 * where somebody has cut it, and so much where the text ends within it.
 */
#define MIN_SECRET		3
#define MIN_BEGINNING	8
#define MIN_REST		4

/* The longest escape of one character. */
#define ESCAPE_BYTES	6

/* NEW and terminated, without padding; NULL: no memory. */
static char *
encode_base64(const char *data, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	"abcdefghijklmnopqrstuvwxyz0123456789+/";
	char	   *text = malloc(length / 3 * 4 + 5);
	char	   *out = text;
	unsigned	bits = 0;
	int			nbits = 0;
	size_t		i;

	if (text == NULL)
		return NULL;
	for (i = 0; i < length; i++)
	{
		bits = bits << 8 | (unsigned char) data[i];
		for (nbits += 8; nbits >= 6; nbits -= 6)
			*out++ = digits[bits >> (nbits - 6) & 0x3F];
	}
	if (nbits > 0)
		*out++ = digits[bits << (6 - nbits) & 0x3F];
	*out = '\0';
	return text;
}

bool
rdapi_secrets_init(RdapiSecrets *secrets, const char *username,
				   const char *password)
{
	size_t		user_length = strlen(username);
	size_t		length = user_length + 1 + strlen(password);
	char	   *pair = malloc(length + 1);

	memset(secrets, 0, sizeof(*secrets));
	if (pair == NULL)
		return false;
	memcpy(pair, username, user_length);
	pair[user_length] = ':';
	strcpy(pair + user_length + 1, password);
	secrets->authorization = encode_base64(pair, length);
	secrets->password = strdup(password);
	rdapi_secret_wipe(pair);
	return secrets->authorization != NULL && secrets->password != NULL;
}

bool
rdapi_secrets_renew(RdapiSecrets *secrets, const char *username,
					const char *password)
{
	RdapiSecrets *former = malloc(sizeof(*former));
	RdapiSecrets renewed;

	if (!rdapi_secrets_init(&renewed, username, password) || former == NULL)
	{
		rdapi_secrets_wipe(&renewed);
		free(former);
		return false;
	}
	*former = *secrets;
	*secrets = renewed;
	secrets->former = former;
	return true;
}

void
rdapi_secret_wipe(char *secret)
{
	volatile char *byte = secret;

	while (byte != NULL && *byte != '\0')
		*byte++ = '\0';
	free(secret);
}

void
rdapi_secrets_wipe(RdapiSecrets *secrets)
{
	RdapiSecrets *former = secrets->former;

	rdapi_secret_wipe(secrets->password);
	rdapi_secret_wipe(secrets->authorization);
	memset(secrets, 0, sizeof(*secrets));
	while (former != NULL)
	{
		RdapiSecrets *next = former->former;

		rdapi_secret_wipe(former->password);
		rdapi_secret_wipe(former->authorization);
		free(former);
		former = next;
	}
}

/* The number in so many digits at the start of the text; -1: there is none. */
static int
number_of(const char *text, size_t length, size_t ndigits, int base)
{
	static const char digits[] = "0123456789abcdef";
	int			number = 0;
	size_t		i;

	if (length < ndigits)
		return -1;
	for (i = 0; i < ndigits; i++)
	{
		char		c = text[i];
		const char *digit;

		if (c >= 'A' && c <= 'F')
			c += 'a' - 'A';
		digit = c == '\0' ? NULL : strchr(digits, c);
		if (digit == NULL || digit - digits >= base)
			return -1;
		number = number * base + (int) (digit - digits);
	}
	return number;
}

/* An HTML entity, "&#43;", "&#x2B;" or "&amp;"; 0 bytes: there is none. */
static size_t
entity(const char *text, size_t length, char *character)
{
	static const struct
	{
		const char *name;
		char		character;
	}			names[] =
	{
		{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'},
		{"&apos;", '\''}
	};
	const char *end = memchr(text, ';', length < 8 ? length : 8);
	bool		hexadecimal = length > 2 && strchr("xX", text[2]) != NULL;
	size_t		start = hexadecimal ? 3 : 2;
	int			number;
	size_t		i;

	if (end == NULL)
		return 0;
	length = (size_t) (end - text) + 1;
	for (i = 0; i < LENGTH_OF(names); i++)
	{
		*character = names[i].character;
		if (length == strlen(names[i].name) &&
			strncasecmp(text, names[i].name, length) == 0)
			return length;
	}
	if (length < start + 2 || text[1] != '#')
		return 0;
	number = number_of(text + start, length - start - 1, length - start - 1,
					   hexadecimal ? 16 : 10);
	*character = (char) number;
	return number > 0 && number < 0x80 ? length : 0;
}

/*
 * How many bytes at the start of the text stand for that character, escaped
 * or not; 0: they stand for another one.
 */
static size_t
match_character(const char *text, size_t length, char character)
{
	size_t		backslashes = 0;
	char		decoded;
	size_t		taken;

	switch (text[0])
	{
		case '%':
			if (number_of(text + 1, length - 1, 2, 16) == character)
				return 3;
			break;
		case '&':
			taken = entity(text, length, &decoded);
			if (taken > 0 && decoded == character)
				return taken;
			break;
		case '\\':
			/* JSON within JSON has several. */
			while (backslashes < length && text[backslashes] == '\\')
				backslashes++;
			text += backslashes;
			length -= backslashes;
			if (length > 0 && text[0] == 'u' &&
				number_of(text + 1, length - 1, 4, 16) == character)
				return backslashes + 5;
			if (length > 0 && text[0] == character)
				return backslashes + 1;
			return character == '\\' ? 1 : 0;
		default:
			break;
	}
	return text[0] == character ? 1 : 0;
}

/* The same as rdapi_secrets_match, for one of them. */
static size_t
match_secret(const char *secret, const char *text, size_t length)
{
	size_t		secret_length = strlen(secret);
	size_t		done = 0;
	size_t		i;

	if (secret_length < MIN_SECRET)
		return 0;
	if (length >= secret_length && memcmp(text, secret, secret_length) == 0)
		return secret_length;
	for (i = 0; i < secret_length && done < length; i++)
	{
		size_t		taken = match_character(text + done, length - done,
											secret[i]);

		if (taken == 0)
			break;
		done += taken;
	}

	/* The text may end within an escape, too. */
	if (i < secret_length && done < length && length - done < ESCAPE_BYTES &&
		strchr("%&\\", text[done]) != NULL)
		done = length;
	return i == secret_length || i >= MIN_BEGINNING ||
		(done == length && i >= MIN_REST) ? done : 0;
}

size_t
rdapi_secrets_match(const RdapiSecrets *secrets, const char *text,
					size_t length)
{
	size_t		longest = 0;

	/* One may be the beginning of another: the rest of it is secret, too. */
	for (; secrets != NULL; secrets = secrets->former)
	{
		size_t		matched = match_secret(secrets->password, text, length);

		if (matched == 0)
			matched = match_secret(secrets->authorization, text, length);
		if (longest < matched)
			longest = matched;
	}
	return longest;
}
