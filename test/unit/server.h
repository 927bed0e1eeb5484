/*-------------------------------------------------------------------------
 *
 * server.h
 *	  A tiny HTTP server for tests: each test says itself what to answer.
 *
 * It runs in threads of the test, one for each connection, and listens on a
 * free port of the loopback address.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Server Server;

/* A request as it was received; BORROWED by the handler. */
typedef struct Received
{
	Server	   *server;
	int			socket;
	int			number;			/* of the request, from 1, in the server */
	int			connection;		/* number of its connection, from 1 */
	char		method[16];
	char		target[1024];
	const char *head;			/* request line and headers, terminated */
	const char *body;			/* terminated */
	size_t		body_length;
	bool		answered;		/* it no longer counts as in flight */
} Received;

/*
 * Answers a request; may be called for several connections at once.  false:
 * close the connection.
 */
typedef bool (*ServerHandler) (Received *received, void *arg);

extern Server *server_start(ServerHandler handler, void *arg);

/* Closes all connections and waits for their threads. */
extern void server_stop(Server *server);

/* "http://127.0.0.1:PORT" */
extern const char *server_url(const Server *server);

extern int	server_requests(Server *server);
extern int	server_connections(Server *server);

/* The most requests that were being answered at the same time. */
extern int	server_most_in_flight(Server *server);

/* The last request's head and body; NEW. */
extern char *server_last_head(Server *server);
extern char *server_last_body(Server *server, size_t *length);

/* A whole answer; headers is "" or lines that end in CR LF.  Returns true. */
extern bool server_answer(Received *received, int status,
						  const char *headers, const char *body);

/* Bytes as they are.  false: the client takes no more. */
extern bool server_send(Received *received, const char *data,
						size_t length);

/* Wait, but no longer than the client keeps the connection. */
extern void server_sleep(Received *received, int ms);

#endif							/* SERVER_H */
