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
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sockets.h"

/* One that was opened, and not closed as far as is known. */
typedef struct Socket
{
	int			descriptor;
	const void *pool;			/* whose it is */
	ino_t		inode;			/* tells it from a later one of that number */
	int			port;			/* on this side; 0: it was not looked at since
								 * it has one */
} Socket;

struct RdapiSockets
{
	const RdapiBudget *budget;
	Socket	   *open;
	int			nopen;
	int			capacity;
};

RdapiSockets *
rdapi_sockets_new(const RdapiBudget *budget)
{
	RdapiSockets *sockets = calloc(1, sizeof(*sockets));

	if (sockets != NULL)
		sockets->budget = budget;
	return sockets;
}

void
rdapi_sockets_free(RdapiSockets *sockets)
{
	if (sockets == NULL)
		return;
	rdapi_budget_release(sockets->budget, sockets->nopen);
	free(sockets->open);
	free(sockets);
}

int
rdapi_sockets_count(const RdapiSockets *sockets)
{
	return sockets->nopen;
}

int
rdapi_sockets_count_of(const RdapiSockets *sockets, const void *pool)
{
	int			count = 0;
	int			i;

	for (i = 0; i < sockets->nopen; i++)
		count += sockets->open[i].pool == pool;
	return count;
}

/* 0: it is open no longer. */
static ino_t
inode_of(int descriptor)
{
	struct stat status;

	return fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

static void
forget(RdapiSockets *sockets, int i)
{
	sockets->open[i] = sockets->open[--sockets->nopen];
	rdapi_budget_release(sockets->budget, 1);
}

void
rdapi_sockets_forget_closed(RdapiSockets *sockets)
{
	int			i = 0;

	while (i < sockets->nopen)
	{
		if (inode_of(sockets->open[i].descriptor) != sockets->open[i].inode)
			forget(sockets, i);
		else
			i++;
	}
}

/* false: no memory. */
static bool
note(RdapiSockets *sockets, const void *pool, int descriptor)
{
	if (sockets->nopen == sockets->capacity)
	{
		int			capacity = sockets->capacity * 2 + 8;
		Socket	   *larger = realloc(sockets->open,
									 (size_t) capacity * sizeof(*larger));

		if (larger == NULL)
			return false;
		sockets->open = larger;
		sockets->capacity = capacity;
	}
	sockets->open[sockets->nopen].descriptor = descriptor;
	sockets->open[sockets->nopen].pool = pool;
	sockets->open[sockets->nopen].inode = inode_of(descriptor);
	sockets->open[sockets->nopen].port = 0;
	sockets->nopen++;
	return true;
}

curl_socket_t
rdapi_sockets_open(RdapiSockets *sockets, const void *pool,
				   const struct curl_sockaddr *address, bool *lacking)
{
	int			descriptor;

	if (!rdapi_budget_acquire(sockets->budget, 1))
	{
		*lacking = true;
		return CURL_SOCKET_BAD;
	}
	descriptor = socket(address->family, address->socktype, address->protocol);
	if (descriptor < 0 || !note(sockets, pool, descriptor))
	{
		*lacking = descriptor < 0 && (errno == EMFILE || errno == ENFILE);
		if (descriptor >= 0)
			close(descriptor);
		rdapi_budget_release(sockets->budget, 1);
		return CURL_SOCKET_BAD;
	}

	/* Programs that the host starts have no business with it. */
	(void) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
	return descriptor;
}

int
rdapi_sockets_close(void *arg, curl_socket_t descriptor)
{
	RdapiSockets *sockets = arg;
	ino_t		inode = inode_of(descriptor);
	int			result = close(descriptor);
	int			i;

	for (i = 0; i < sockets->nopen; i++)
	{
		if (sockets->open[i].descriptor == descriptor &&
			sockets->open[i].inode == inode)
		{
			forget(sockets, i);
			break;
		}
	}
	return result;
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
rdapi_sockets_is_dead(RdapiSockets *sockets, int own_port)
{
	int			i;

	for (i = 0; i < sockets->nopen; i++)
	{
		Socket	   *socket = &sockets->open[i];

		if (socket->port == 0)
			socket->port = port_of(socket->descriptor);
		if (socket->port == own_port)
			return is_closed(socket->descriptor);
	}
	return false;
}
