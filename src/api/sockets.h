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

#include "budget.h"

typedef struct RdapiSockets RdapiSockets;

/* NEW, or NULL: no memory.  The budget is BORROWED. */
extern RdapiSockets *rdapi_sockets_new(const RdapiBudget *budget);

/* To be called when all of them are closed; NULL-safe. */
extern void rdapi_sockets_free(RdapiSockets *sockets);

/*
 * For CURLOPT_OPENSOCKETFUNCTION: open one, close-on-exec, for that pool.
 * CURL_SOCKET_BAD: it failed; *lacking is true where that was for want of a
 * descriptor.
 */
extern curl_socket_t rdapi_sockets_open(RdapiSockets *sockets,
										const void *pool,
										const struct curl_sockaddr *address,
										bool *lacking);

/* How many are open. */
extern int	rdapi_sockets_count(const RdapiSockets *sockets);

/* How many of them that pool has. */
extern int	rdapi_sockets_count_of(const RdapiSockets *sockets,
								   const void *pool);

/* CURLOPT_CLOSESOCKETFUNCTION, whose argument is the sockets. */
extern int	rdapi_sockets_close(void *sockets, curl_socket_t descriptor);

/*
 * To be called after connecting, well or not: some releases of libcurl say
 * nothing of sockets that they close before these are connected.
 */
extern void rdapi_sockets_forget_closed(RdapiSockets *sockets);

/* Has the other side closed the connection that has that port on this side? */
extern bool rdapi_sockets_is_dead(RdapiSockets *sockets, int own_port);

#endif							/* RDAPI_SOCKETS_H */
