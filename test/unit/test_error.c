/*-------------------------------------------------------------------------
 *
 * test_error.c
 *	  Errors: the first wins, and foreign text is made safe to show.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "src/api/error.h"
#include "src/api/secret.h"
#include "tap.h"

typedef struct TextCase
{
	const char *name;
	const char *text;
	const char *expected;
} TextCase;

static const TextCase text_cases[] =
{
	{"plain text", "no such resource", "no such resource"},
	{"nothing", "", ""},
	{"UTF-8", "\xC3\xBC \xE2\x82\xAC \xF0\x9F\x98\x80",
	"\xC3\xBC \xE2\x82\xAC \xF0\x9F\x98\x80"},
	{"control characters", "a\r\nb\tc\x1B[2J\x7F",
	"a\\x0D\\x0Ab\\x09c\\x1B[2J\\x7F"},
	{"C1 control characters", "\xC2\x9B" "1m", "\\xC2\\x9B1m"},
	{"the first character after them", "\xC2\xA0", "\xC2\xA0"},
	{"Latin-1", "f\xFCr", "f\\xFCr"},
	{"a character that is cut", "a\xE2\x82", "a\\xE2\\x82"},
	{"a stray continuation", "a\x80z", "a\\x80z"},
	{"a character coded too long", "\xC0\xAF", "\\xC0\\xAF"},
	{"another one", "\xE0\x80\xAF", "\\xE0\\x80\\xAF"},
	{"a surrogate", "\xED\xA0\x80", "\\xED\\xA0\\x80"},
	{"beyond Unicode", "\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},
	{"the last of Unicode", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"}
};

static void
test_text(void)
{
	char		field[64];
	size_t		i;

	for (i = 0; i < sizeof(text_cases) / sizeof(text_cases[0]); i++)
	{
		rdapi_error_copy_text(field, sizeof(field), text_cases[i].text,
							  strlen(text_cases[i].text), NULL);
		tap_equal(field, text_cases[i].expected, "%s", text_cases[i].name);
	}
	rdapi_error_copy_text(field, sizeof(field), "a\0b", 3, NULL);
	tap_equal(field, "a\\x00b", "a NUL in the middle");
}

static void
test_cut(void)
{
	char		field[6];

	rdapi_error_copy_text(field, sizeof(field), "12345", 5, NULL);
	tap_equal(field, "12345", "what just fits is not cut");
	rdapi_error_copy_text(field, sizeof(field), "123456", 6, NULL);
	tap_equal(field, "12345", "what does not is");
	rdapi_error_copy_text(field, sizeof(field), "1234\xC3\xBC", 6, NULL);
	tap_equal(field, "1234", "not within a character of two bytes");
	rdapi_error_copy_text(field, sizeof(field), "123\xE2\x82\xAC", 6, NULL);
	tap_equal(field, "123", "nor of three");
	rdapi_error_copy_text(field, sizeof(field), "12\xE2\x82\xAC", 5, NULL);
	tap_equal(field, "12\xE2\x82\xAC", "one that just fits stays");
	rdapi_error_copy_text(field, sizeof(field), "12\n", 3, NULL);
	tap_equal(field, "12", "nor within an escape");
	rdapi_error_copy_text(field, 1, "x", 1, NULL);
	tap_equal(field, "", "there may be no room at all");
}

static void
test_set(void)
{
	RdapiError	error;
	char		text[600];

	rdapi_error_clear(&error);
	tap_number(error.kind, RDAPI_ERR_NONE, "a cleared error is none");
	rdapi_error_set(&error, RDAPI_ERR_BROKEN, "broke after %d\n", 7);
	rdapi_error_set(&error, RDAPI_ERR_MEMORY, "out of memory");
	tap_number(error.kind, RDAPI_ERR_BROKEN, "the first error wins");
	tap_number(error.cause, RDAPI_ERR_BROKEN, "and is its own cause");
	tap_equal(error.message, "broke after 7\\x0A", "its message is safe");

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	memcpy(text + RDAPI_MESSAGE_BYTES - 2, "\xE2\x82\xAC", 3);
	rdapi_error_clear(&error);
	rdapi_error_set(&error, RDAPI_ERR_BROKEN, "%s", text);
	tap_number((long long) strlen(error.message), RDAPI_MESSAGE_BYTES - 2,
			   "a long message is cut before the character at the end");
	memcpy(text + RDAPI_MESSAGE_BYTES - 3, "\xE2\x82\xAC", 3);
	rdapi_error_clear(&error);
	rdapi_error_set(&error, RDAPI_ERR_BROKEN, "%s", text);
	tap_number((long long) strlen(error.message), RDAPI_MESSAGE_BYTES,
			   "or after it, where it fits");
}

/* Secrets are hidden first, and what is left is cut. */
static void
test_secrets(void)
{
	RdapiSecrets secrets;
	char		field[16];

	tap_ok(rdapi_secrets_init(&secrets, "user", "tokenA"), "a secret");
	tap_ok(rdapi_error_copy_text(field, sizeof(field), "tokenA or tokenA.", 17,
								 &secrets), "fits where it is masked");
	tap_equal(field, "*** or ***.", "as it is");
	tap_ok(!rdapi_error_copy_text(field, sizeof(field), "0123456789tokenA....",
								  20, &secrets), "what is cut within it");
	tap_equal(field, "0123456789***..", "was masked before");
	rdapi_error_copy_text(field, sizeof(field), "0123456789abctokenA", 19,
						  &secrets);
	tap_equal(field, "0123456789abc", "the mask is not cut, either");
	rdapi_secrets_wipe(&secrets);
}

int
main(void)
{
	test_text();
	test_cut();
	test_set();
	test_secrets();
	return tap_done();
}
