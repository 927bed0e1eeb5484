/*-------------------------------------------------------------------------
 *
 * secret.h
 *	  What must not be shown of a credential, however it is written.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_SECRET_H
#define RDAPI_SECRET_H

#include <stdbool.h>
#include <stddef.h>

typedef struct RdapiSecrets
{
	char	   *password;
	char	   *authorization;	/* of HTTP's Basic scheme: user name and
								 * password in base64, without padding */
	struct RdapiSecrets *former;	/* that were renewed; NULL: none was */
} RdapiSecrets;

/* NEW in *secrets.  false: no memory; it must be wiped all the same. */
extern bool rdapi_secrets_init(RdapiSecrets *secrets, const char *username,
							   const char *password);

/*
 * Another password has come; what was secret stays so, as answers to it may
 * still be under way.  false: no memory; nothing has changed.
 */
extern bool rdapi_secrets_renew(RdapiSecrets *secrets, const char *username,
								const char *password);

/*
 * How many bytes at the start of the text are one of the secrets: as it is,
 * or with characters escaped as URLs, JSON or HTML have it; the beginning of
 * one counts as well, unless it is a few characters.  0: none.
 */
extern size_t rdapi_secrets_match(const RdapiSecrets *secrets,
								  const char *text, size_t length);

/* Frees what it holds, leaving nothing of it in memory that is used again. */
extern void rdapi_secrets_wipe(RdapiSecrets *secrets);

/* The same for one secret; NULL-safe. */
extern void rdapi_secret_wipe(char *secret);

#endif							/* RDAPI_SECRET_H */
