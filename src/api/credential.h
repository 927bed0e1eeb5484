/*-------------------------------------------------------------------------
 *
 * credential.h
 *	  What a client logs in with, and where that comes from.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_CREDENTIAL_H
#define RDAPI_CREDENTIAL_H

#include <stdbool.h>

#include "error.h"
#include "secret.h"

typedef struct RdapiCredential
{
	char	   *username;
	char	   *file;			/* that holds the password; NULL: none does */
	RdapiSecrets secrets;		/* the present password, and former ones */
	unsigned	generation;		/* of the password: times that it changed */
} RdapiCredential;

/*
 * NEW in *credential, with that password or, where it is NULL, with that which
 * the file holds.  false: the error is set, RDAPI_ERR_SECRET for a file that
 * cannot be used; it must be wiped all the same.
 */
extern bool rdapi_credential_init(RdapiCredential *credential,
								  const char *username, const char *password,
								  const char *file, RdapiError *error);

/*
 * A server has refused the password of that generation: is there another one
 * by now?  Where there is a file, it is read again, and if that is of no use,
 * error->renewal says why.
 */
extern bool rdapi_credential_renew(RdapiCredential *credential,
								   unsigned generation, RdapiError *error);

/* Frees what it holds, leaving nothing of it in memory that is used again. */
extern void rdapi_credential_wipe(RdapiCredential *credential);

#endif							/* RDAPI_CREDENTIAL_H */
