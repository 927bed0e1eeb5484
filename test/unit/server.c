/*-------------------------------------------------------------------------
 *
 * server.c
 *	  A tiny HTTP server for tests.
 *
 *-------------------------------------------------------------------------
 */
#define _GNU_SOURCE				/* strcasestr, POLLRDHUP */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server.h"

#define MAX_CONNECTIONS		256
#define MAX_HEAD_BYTES		16384

typedef struct Connection
{
	Server	   *server;
	int			number;
	int			socket;
	pthread_t	thread;
} Connection;

struct Server
{
	ServerHandler handler;
	void	   *arg;
	int			listener;
	char		url[64];
	pthread_t	thread;

	/* Below: under the lock */
	pthread_mutex_t lock;
	bool		stopping;
	int			nconnections;
	Connection	connections[MAX_CONNECTIONS];
	int			nrequests;
	int			in_flight;
	int			most_in_flight;
	char	   *last_head;
	char	   *last_body;
	size_t		last_body_length;
};

static void
fail(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static char *
copy(const char *data, size_t length)
{
	char	   *result = malloc(length + 1);

	if (result == NULL)
		fail("malloc");
	memcpy(result, data, length);
	result[length] = '\0';
	return result;
}

/* Read up to and including the empty line; false: the connection ended. */
static bool
read_head(int socket, char *head)
{
	size_t		length = 0;

	while (length < MAX_HEAD_BYTES - 1)
	{
		if (recv(socket, head + length, 1, 0) != 1)
			return false;
		length++;
		head[length] = '\0';
		if (length >= 4 && strcmp(head + length - 4, "\r\n\r\n") == 0)
			return true;
	}
	return false;
}

static size_t
body_length(const char *head)
{
	const char *header = strcasestr(head, "\r\ncontent-length:");

	return header == NULL ? 0 : strtoul(strchr(header, ':') + 1, NULL, 10);
}

/* NEW; NULL: the connection ended. */
static char *
read_body(int socket, size_t length)
{
	char	   *body = calloc(1, length + 1);
	size_t		done = 0;

	if (body == NULL)
		fail("malloc");
	while (done < length)
	{
		ssize_t		n = recv(socket, body + done, length - done, 0);

		if (n <= 0)
		{
			free(body);
			return NULL;
		}
		done += (size_t) n;
	}
	return body;
}

static void
note_request(Server *server, Received *received)
{
	pthread_mutex_lock(&server->lock);
	received->number = ++server->nrequests;
	server->in_flight++;
	if (server->most_in_flight < server->in_flight)
		server->most_in_flight = server->in_flight;
	free(server->last_head);
	free(server->last_body);
	server->last_head = copy(received->head, strlen(received->head));
	server->last_body = copy(received->body, received->body_length);
	server->last_body_length = received->body_length;
	pthread_mutex_unlock(&server->lock);
}

/*
 * It counts as answered before the client can know, or it would seem that the
 * client's next request came too early.
 */
static void
note_answer(Received *received)
{
	Server	   *server = received->server;

	pthread_mutex_lock(&server->lock);
	if (!received->answered)
		server->in_flight--;
	received->answered = true;
	pthread_mutex_unlock(&server->lock);
}

/* Receive and answer one request; false: the connection shall be closed. */
static bool
serve_request(Connection *connection)
{
	Server	   *server = connection->server;
	char		head[MAX_HEAD_BYTES];
	char	   *body;
	Received	received;
	bool		keep;

	memset(&received, 0, sizeof(received));
	received.server = server;
	received.socket = connection->socket;
	received.connection = connection->number;
	if (!read_head(connection->socket, head) ||
		sscanf(head, "%15s %1023s", received.method, received.target) != 2)
		return false;
	received.head = head;
	received.body_length = body_length(head);
	body = read_body(connection->socket, received.body_length);
	if (body == NULL)
		return false;
	received.body = body;
	note_request(server, &received);
	keep = server->handler(&received, server->arg);
	note_answer(&received);
	free(body);
	return keep;
}

/*
 * The socket stays open, but shut down, until the server stops, which shuts
 * all of them down: its number must not become another's before.
 */
static void *
serve_connection(void *arg)
{
	Connection *connection = arg;

	bool		keep;

	do
	{
		keep = serve_request(connection);
	} while (keep);
	shutdown(connection->socket, SHUT_RDWR);
	return NULL;
}

static void
accept_connection(Server *server, int socket)
{
	int			on = 1;

	setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	pthread_mutex_lock(&server->lock);
	if (server->stopping || server->nconnections == MAX_CONNECTIONS)
		close(socket);
	else
	{
		Connection *connection = &server->connections[server->nconnections++];

		connection->server = server;
		connection->number = server->nconnections;
		connection->socket = socket;
		if (pthread_create(&connection->thread, NULL, serve_connection,
						   connection) != 0)
			fail("pthread_create");
	}
	pthread_mutex_unlock(&server->lock);
}

static void *
serve(void *arg)
{
	Server	   *server = arg;
	int			socket;

	while ((socket = accept(server->listener, NULL, NULL)) >= 0)
		accept_connection(server, socket);
	return NULL;
}

Server *
server_start(ServerHandler handler, void *arg)
{
	Server	   *server = calloc(1, sizeof(*server));
	struct sockaddr_in address;
	socklen_t	size = sizeof(address);

	if (server == NULL)
		fail("malloc");
	server->handler = handler;
	server->arg = arg;
	pthread_mutex_init(&server->lock, NULL);
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	memset(&address, 0, sizeof(address));
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (server->listener < 0 ||
		bind(server->listener, (struct sockaddr *) &address, size) != 0 ||
		listen(server->listener, 128) != 0 ||
		getsockname(server->listener, (struct sockaddr *) &address, &size) != 0)
		fail("listen");
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d",
			 ntohs(address.sin_port));
	if (pthread_create(&server->thread, NULL, serve, server) != 0)
		fail("pthread_create");
	return server;
}

void
server_stop(Server *server)
{
	int			i;

	pthread_mutex_lock(&server->lock);
	server->stopping = true;
	pthread_mutex_unlock(&server->lock);
	shutdown(server->listener, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->listener);
	for (i = 0; i < server->nconnections; i++)
	{
		shutdown(server->connections[i].socket, SHUT_RDWR);
		pthread_join(server->connections[i].thread, NULL);
		close(server->connections[i].socket);
	}
	pthread_mutex_destroy(&server->lock);
	free(server->last_head);
	free(server->last_body);
	free(server);
}

const char *
server_url(const Server *server)
{
	return server->url;
}

static int
locked(Server *server, const int *number)
{
	int			result;

	pthread_mutex_lock(&server->lock);
	result = *number;
	pthread_mutex_unlock(&server->lock);
	return result;
}

int
server_requests(Server *server)
{
	return locked(server, &server->nrequests);
}

int
server_connections(Server *server)
{
	return locked(server, &server->nconnections);
}

int
server_most_in_flight(Server *server)
{
	return locked(server, &server->most_in_flight);
}

char *
server_last_head(Server *server)
{
	char	   *head;

	pthread_mutex_lock(&server->lock);
	head = copy(server->last_head, strlen(server->last_head));
	pthread_mutex_unlock(&server->lock);
	return head;
}

char *
server_last_body(Server *server, size_t *length)
{
	char	   *body;

	pthread_mutex_lock(&server->lock);
	body = copy(server->last_body, server->last_body_length);
	*length = server->last_body_length;
	pthread_mutex_unlock(&server->lock);
	return body;
}

bool
server_send(Received *received, const char *data, size_t length)
{
	while (length > 0)
	{
		ssize_t		n = send(received->socket, data, length, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		data += n;
		length -= (size_t) n;
	}
	return true;
}

bool
server_answer(Received *received, int status, const char *headers,
			  const char *body)
{
	char		head[2048];
	int			length;

	length = snprintf(head, sizeof(head),
					  "HTTP/1.1 %d Status\r\n%s%s%zu\r\n\r\n", status, headers,
					  "Content-Length: ", strlen(body));
	note_answer(received);
	server_send(received, head, (size_t) length);
	server_send(received, body, strlen(body));
	return true;
}

void
server_sleep(Received *received, int ms)
{
	struct pollfd hangup = {.fd = received->socket,.events = POLLRDHUP};

	poll(&hangup, 1, ms);
}
