/*-------------------------------------------------------------------------
 *
 * sockets.h
 *	  The sockets that libcurl has open, and whether the other side still has.
 *
 * libcurl of late takes a connection that it kept for less than a second
 * without a look at it.  A request that is sent on one that the server has
 * closed was certainly not done, but nobody can tell afterwards; so it is
 * looked at just before.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_SOCKETS_H
#define RDAPI_SOCKETS_H

#include <stdbool.h>

#include <curl/curl.h>

typedef struct RdapiSockets RdapiSockets;

/* NEW, or NULL: no memory. */
extern RdapiSockets *rdapi_sockets_new(void);

/* To be called when all of them are closed; NULL-safe. */
extern void rdapi_sockets_free(RdapiSockets *sockets);

/*
 * Have the handle's sockets opened and closed by way of here.  sockets is
 * BORROWED as long as any of them is open.
 */
extern bool rdapi_sockets_attach(RdapiSockets *sockets, CURL *easy);

/* Has the other side closed the connection that has that port on this side? */
extern bool rdapi_sockets_is_dead(const RdapiSockets *sockets, int own_port);

#endif							/* RDAPI_SOCKETS_H */
