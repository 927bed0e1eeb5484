/*-------------------------------------------------------------------------
 *
 * test_secret.c
 *	  Secrets are known in whatever way they are written.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "src/api/secret.h"
#include "tap.h"

/* Of user:p/a+s"s&w%o\r<d~1?2 it is dXNlcjpwL2ErcyJzJnclb1xyPGR+MT8y. */
#define PASSWORD	"p/a+s\"s&w%o\\r<d~1?2"

/* A text, and how much of it is secret. */
typedef struct SecretCase
{
	const char *name;
	const char *text;
	size_t		length;
} SecretCase;

static const SecretCase secret_cases[] =
{
	{"as it is", PASSWORD, 19},
	{"with more behind", PASSWORD "p/a", 19},
	{"in a URL", "p%2Fa%2Bs%22s%26w%25o%5Cr%3Cd~1%3f2 ", 35},
	{"in JSON", "p\\/a+s\\\"s&w%o\\\\r<d~1?2\"", 22},
	{"in JSON, all in numbers", "\\u0070\\u002F\\u0061\\u002b\\u0073\\u0022"
		"\\u0073\\u0026\\u0077\\u0025\\u006F\\u005c\\u0072\\u003C\\u0064"
	"\\u007E\\u0031\\u003f\\u0032...", 114},
	{"in JSON in JSON", "p\\\\\\/a\\\\u002bs\\\\\\\"s&w%o\\\\\\\\r<d~1?2", 34},
	{"in HTML", "p/a&#43;s&quot;s&amp;w%o\\r&lt;d~1&#x3F;2</p>", 40},
	{"in base64", "dXNlcjpwL2ErcyJzJnclb1xyPGR+MT8y==", 32},
	{"in base64 in a URL", "dXNlcjpwL2ErcyJzJnclb1xyPGR%2BMT8y", 34},
	{"in base64 in JSON", "dXNlcjpwL2ErcyJzJnclb1xyPGR\\u002bMT8y", 37},
	{"the beginning, where the text ends", "p/a+", 4},
	{"the beginning, within an escape", "p/a+s%2", 7},
	{"a longer beginning", "p/a+s\"s&...", 8},
	{"a beginning in base64", "dXNlcjpwL2E...", 11},
	{"less than that", "p/a+s\"s...", 0},
	{"little of it at the end", "p/a", 0},
	{"another letter", "P/a+s\"s", 0},
	{"nothing", "", 0},
	{"escapes that are none", "%", 0},
	{"another one", "p%2", 0},
	{"and another", "\\u00", 0},
	{"backslashes alone", "\\\\\\", 0},
	{"half an entity", "&#", 0},
	{"an entity without a number", "&#;", 0},
	{"an entity that does not end", "&ampampampampamp;", 0}
};

static void
test_forms(void)
{
	RdapiSecrets secrets;
	size_t		i;

	tap_ok(rdapi_secrets_init(&secrets, "user", PASSWORD), "a credential");
	tap_equal(secrets.authorization, "dXNlcjpwL2ErcyJzJnclb1xyPGR+MT8y",
			  "as it is in the header");
	for (i = 0; i < sizeof(secret_cases) / sizeof(secret_cases[0]); i++)
	{
		size_t		length = strlen(secret_cases[i].text);
		char	   *text = malloc(length);

		/* Not terminated, so that valgrind sees what goes beyond. */
		if (text == NULL)
			exit(EXIT_FAILURE);
		memcpy(text, secret_cases[i].text, length);
		tap_number((long long) rdapi_secrets_match(&secrets, text, length),
				   (long long) secret_cases[i].length, "%s",
				   secret_cases[i].name);
		free(text);
	}
	rdapi_secrets_wipe(&secrets);
	tap_ok(secrets.password == NULL, "it is forgotten");
}

/* Of each length that base64 pads in its own way. */
static void
test_padding(void)
{
	static const char *const passwords[] = {"abc", "abcd", "abcde"};
	static const char *const encoded[] = {"dTphYmM", "dTphYmNk", "dTphYmNkZQ"};
	RdapiSecrets secrets;
	size_t		i;

	for (i = 0; i < 3; i++)
	{
		rdapi_secrets_init(&secrets, "u", passwords[i]);
		tap_equal(secrets.authorization, encoded[i], "%s in base64",
				  passwords[i]);
		rdapi_secrets_wipe(&secrets);
	}
	rdapi_secrets_init(&secrets, "u", "ab");
	tap_number((long long) rdapi_secrets_match(&secrets, "abab", 4), 0,
			   "two letters are no secret");
	rdapi_secrets_wipe(&secrets);
	rdapi_secrets_init(&secrets, "u", "");
	tap_number((long long) rdapi_secrets_match(&secrets, "abab", 4), 0,
			   "nor is nothing");
	rdapi_secrets_wipe(&secrets);
}

/* A password that was replaced stays secret, as often as that happens. */
static void
test_renewal(void)
{
	static const char *const secret[] = {
		"first-password", "second-password", "third-password",
		"dTpmaXJzdC1wYXNzd29yZA", "dTpzZWNvbmQtcGFzc3dvcmQ",
		"dTp0aGlyZC1wYXNzd29yZA", "third-password-and-more"
	};
	RdapiSecrets secrets;
	size_t		i;

	rdapi_secrets_init(&secrets, "u", "first-password");
	tap_ok(rdapi_secrets_renew(&secrets, "u", "second-password") &&
		   rdapi_secrets_renew(&secrets, "u", "third-password-and-more") &&
		   rdapi_secrets_renew(&secrets, "u", "third-password"),
		   "it is renewed");
	tap_equal(secrets.password, "third-password", "the last one is in use");
	for (i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
		tap_number((long long) rdapi_secrets_match(&secrets, secret[i],
												   strlen(secret[i])),
				   (long long) strlen(secret[i]), "secret: %s", secret[i]);
	tap_number((long long) rdapi_secrets_match(&secrets, "fourth-password", 15),
			   0, "not secret: what never was");
	rdapi_secrets_wipe(&secrets);
	tap_ok(secrets.password == NULL && secrets.former == NULL,
		   "all are forgotten");
}

int
main(void)
{
	test_forms();
	test_padding();
	test_renewal();
	return tap_done();
}
