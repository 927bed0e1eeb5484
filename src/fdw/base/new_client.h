/*-------------------------------------------------------------------------
 *
 * new_client.h
 *	  An API client as server and user mapping have it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_NEW_CLIENT_H
#define REGDOCS_NEW_CLIENT_H

#include "src/api/client.h"
#include "src/fdw/base/options.h"

#define REGDOCS_VERSION "1.0"

/*
 * NEW.  Of config, the name has to be set, and what options do not say.  Raises
 * ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION where a file with the secret is
 * not in order.
 */
extern RdapiClient *regdocs_new_client(RdapiClientConfig *config,
									   const RegdocsServerOptions *server,
									   const RegdocsUserOptions *user);

#endif							/* REGDOCS_NEW_CLIENT_H */
