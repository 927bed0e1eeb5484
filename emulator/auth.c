/*
 * auth.c
 *		Are the credentials right?
 */
#include "auth.h"

#include "accounts.h"

#include <string.h>

static bool
emu_auth_is(const char *user, const char *password, const char *wanted_user,
			const char *wanted_password)
{
	return wanted_user != NULL && user != NULL && password != NULL &&
		strcmp(user, wanted_user) == 0 &&
		strcmp(password, wanted_password) == 0;
}

void
emu_auth_check(const Emu *emu, EmuRequest *request)
{
	const EmuOptions *options = &emu->options;
	char	   *password = NULL;
	char	   *user;

	user = MHD_basic_auth_get_username_password(request->connection,
												&password);
	if (emu_auth_is(user, password, options->api_key, options->api_secret))
		request->account = 0;
	else if (user != NULL && password != NULL)
		request->account = emu_account_find(emu, user, password);
	else
		request->account = -1;
	request->authorized = request->account >= 0;
	MHD_free(user);
	MHD_free(password);
}

const char *
emu_auth_describe(const EmuRequest *request)
{
	if (request->authorized)
		return "valid";
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND,
									   MHD_HTTP_HEADER_AUTHORIZATION) ?
		"invalid" : "absent";
}
