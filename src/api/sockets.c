/*-------------------------------------------------------------------------
 *
 * sockets.c
 *	  The sockets that libcurl has open, and whether the other side still has.
 *
 *-------------------------------------------------------------------------
 */
/* For POLLRDHUP */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockets.h"

/* Programs that the host starts have no business with them. */
#ifndef SOCK_CLOEXEC
#define SOCK_CLOEXEC	0
#endif

struct RdapiSockets
{
	int		   *open;			/* descriptors */
	int			nopen;
	int			capacity;
};

RdapiSockets *
rdapi_sockets_new(void)
{
	return calloc(1, sizeof(RdapiSockets));
}

void
rdapi_sockets_free(RdapiSockets *sockets)
{
	if (sockets == NULL)
		return;
	free(sockets->open);
	free(sockets);
}

/* Without memory it is not noted, and so never found dead. */
static void
note(RdapiSockets *sockets, int descriptor)
{
	if (sockets->nopen == sockets->capacity)
	{
		int			capacity = sockets->capacity * 2 + 8;
		int		   *larger = realloc(sockets->open, capacity * sizeof(int));

		if (larger == NULL)
			return;
		sockets->open = larger;
		sockets->capacity = capacity;
	}
	sockets->open[sockets->nopen++] = descriptor;
}

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	int			descriptor = socket(address->family,
									address->socktype | SOCK_CLOEXEC,
									address->protocol);

	(void) purpose;
	if (descriptor < 0)
		return CURL_SOCKET_BAD;
	note(arg, descriptor);
	return descriptor;
}

static int
close_socket(void *arg, curl_socket_t descriptor)
{
	RdapiSockets *sockets = arg;
	int			i;

	for (i = 0; i < sockets->nopen; i++)
	{
		if (sockets->open[i] == descriptor)
		{
			sockets->open[i] = sockets->open[--sockets->nopen];
			break;
		}
	}
	return close(descriptor);
}

bool
rdapi_sockets_attach(RdapiSockets *sockets, CURL *easy)
{
	return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION,
							open_socket) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, sockets) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION,
						 close_socket) == CURLE_OK &&
		curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, sockets) == CURLE_OK;
}

/* Port on this side; 0: it has none. */
static int
port_of(int descriptor)
{
	struct sockaddr_storage address;
	socklen_t	length = sizeof(address);

	if (getsockname(descriptor, (struct sockaddr *) &address, &length) != 0)
		return 0;
	switch (address.ss_family)
	{
		case AF_INET:
			return ntohs(((struct sockaddr_in *) &address)->sin_port);
		case AF_INET6:
			return ntohs(((struct sockaddr_in6 *) &address)->sin6_port);
		default:
			return 0;
	}
}

/* What the other side sent before it closed may still be there to be read. */
static bool
is_closed(int descriptor)
{
#ifdef POLLRDHUP
	struct pollfd state = {descriptor, POLLRDHUP, 0};

	return poll(&state, 1, 0) > 0 &&
		(state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
#else
	char		byte;

	return recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
#endif
}

bool
rdapi_sockets_is_dead(const RdapiSockets *sockets, int own_port)
{
	int			i;

	for (i = 0; i < sockets->nopen; i++)
	{
		if (port_of(sockets->open[i]) == own_port)
			return is_closed(sockets->open[i]);
	}
	return false;
}
