/*-------------------------------------------------------------------------
 *
 * login.h
 *	  The server and the user mapping of an account.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_LOGIN_H
#define REGDOCS_LOGIN_H

#include "foreign/foreign.h"

/*
 * The name of that account's server, palloc'd: that of the server that it is
 * like, cut where it is too long, and the sid.
 */
extern char *regdocs_login_server_name(const ForeignServer *like,
									   const char *account);

/* Is it such a name, of that account? */
extern bool regdocs_login_is_server_name(const char *name,
										 const char *account);

/*
 * Make the server, and a user mapping for the current role, where they are not
 * there yet.  token_file may be NULL.  SPI must be connected.  Raises an error
 * where they are there, and are not for that account, or not this role's or
 * that of the owner of "like".
 */
extern void regdocs_login_make(const ForeignServer *like, const char *account,
							   const char *token_file);

/*
 * Drop the current role's user mapping, if there is one, and the server, once
 * no foreign table is on it, no other role has a mapping for it, and this one
 * may.  SPI must be connected.
 */
extern void regdocs_login_drop(const ForeignServer *server);

#endif							/* REGDOCS_LOGIN_H */
