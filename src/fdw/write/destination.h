/*-------------------------------------------------------------------------
 *
 * destination.h
 *	  Where writes go: by which server, with whose credential.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_DESTINATION_H
#define REGDOCS_DESTINATION_H

#include "src/fdw/base/connection.h"

typedef struct RegdocsDestination
{
	Oid			userid;			/* whose user mapping it is */
	Oid			serverid;
	RegdocsConnection *connection;	/* NULL: not there yet */
	char		account[RDAPI_SID_BYTES + 1];	/* that writes name; "": none
												 * does */
} RegdocsDestination;

/*
 * Take a connection, unless there is one: as regdocs_connection_acquire()
 * does, which may raise an error.  Raises 22023 where it is not that of the
 * account that writes name.
 */
extern void regdocs_destination_connect(RegdocsDestination *destination);

/*
 * A write names that account: raises 22023, now or when the connection is
 * taken, rather than have it sent with another account's credential.
 */
extern void regdocs_destination_expect(RegdocsDestination *destination,
									   const char *account);

#endif							/* REGDOCS_DESTINATION_H */
