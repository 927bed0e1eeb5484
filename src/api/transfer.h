/*-------------------------------------------------------------------------
 *
 * transfer.h
 *	  One HTTP request, sent at most once, and its answer.
 *
 * It knows nothing of what the API means by either.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_TRANSFER_H
#define RDAPI_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

#include "answer.h"
#include "credential.h"
#include "error.h"
#include "sockets.h"

/* What a client's transfers have in common. */
typedef struct RdapiTransferConfig
{
	const char *ca_file;		/* NULL: the system's */
	const RdapiCredential *credential;
	const char *user_agent;
	size_t		max_response_bytes;
	size_t		max_error_bytes;	/* of an answer that is no success */
	bool		keep_connections;
	unsigned	nanswers;		/* that came over connections that are in use
								 * for new requests; the transport counts */
} RdapiTransferConfig;

/* One part of a multipart form. */
typedef struct RdapiPart
{
	const char *name;
	const char *data;
	size_t		length;
	const char *file_name;		/* NULL: a value; at most one is a file */
	const char *content_type;	/* of the file */
} RdapiPart;

/* What to send; BORROWED until the transfer is reset. */
typedef struct RdapiTransferSpec
{
	RdapiTransferConfig *config;
	const char *method;
	const char *url;
	const char *form;			/* urlencoded body; NULL: none */
	size_t		form_length;
	const RdapiPart *parts;		/* instead of form; NULL: none */
	int			nparts;
	int			timeout_ms;		/* whoever asks sees to these two: see */
	int			connect_timeout_ms; /* transport.h */
	void	   *owner;			/* of whoever asks for the transfer */
} RdapiTransferSpec;

/* How a transfer ended. */
typedef struct RdapiOutcome
{
	RdapiError	error;			/* kind RDAPI_ERR_NONE: an answer came */
	bool		permanent;		/* it would only fail the same way again */
	bool		sent;			/* the server may have looked at it */
	bool		stale;			/* a kept connection was found dead */
	int			http_status;	/* 0: no answer */
	int64_t		retry_after_ms; /* -1: not given */
	uint64_t	bytes_sent;		/* on the wire */
	uint64_t	bytes_received; /* on the wire */
	int			connections;	/* opened for it */
} RdapiOutcome;

typedef struct RdapiTransfer
{
	/* For the transport */
	struct RdapiTransfer *prev;
	struct RdapiTransfer *next;
	struct RdapiTransport *transport;
	struct RdapiPool *pool;		/* where libcurl is at work on it; NULL: it is
								 * not */

	unsigned	answers_before; /* that had come there */
	bool		again;			/* not sent, as its connection was dead */

	/* For everybody */
	void	   *owner;
	RdapiOutcome outcome;		/* once done */
	RdapiAnswer answer;			/* once done; its body is whole or empty, and
								 * may be taken away */

	/* Its own */
	RdapiTransferConfig *config;	/* whose it is; NULL: nobody's */
	RdapiSockets *sockets;
	CURL	   *easy;
	char		words[CURL_ERROR_SIZE]; /* libcurl's, of a failure */
	struct curl_slist *headers; /* sent with each request */
	curl_mime  *mime;
	const RdapiPart *file;
	size_t		file_position;
	const char *url;
	int			timeout_ms;
	int			connect_timeout_ms;
	int			sendings;		/* times that libcurl was about to send it */
	bool		fresh;			/* on a connection of its own */
	unsigned	stream;			/* of HTTP/2, that it is sent on; 0: none */
	bool		refused;		/* the server will not look at it */
	bool		opens_sockets;	/* it has tried to connect */
	bool		lacks_socket;	/* there was no descriptor for it */
} RdapiTransfer;

/*
 * NEW, or NULL: no memory, or libcurl lacks an option.  The sockets are
 * BORROWED.
 */
extern RdapiTransfer *rdapi_transfer_new(RdapiSockets *sockets);

/*
 * Make one that was not sent ready for another connection, a new one.  false:
 * libcurl refused.
 */
extern bool rdapi_transfer_renew(RdapiTransfer *transfer);

/* Make it ready to be performed.  false: no memory; it must be reset. */
extern bool rdapi_transfer_prepare(RdapiTransfer *transfer,
								   const RdapiTransferSpec *spec);

/*
 * Has libcurl begun to send it?  Until then it is connecting.  Has it sent the
 * whole of it?
 */
extern bool rdapi_transfer_is_begun(const RdapiTransfer *transfer);
extern bool rdapi_transfer_is_sent(const RdapiTransfer *transfer);

/* libcurl is done with it, with that result: fill the outcome. */
extern void rdapi_transfer_finish(RdapiTransfer *transfer, CURLcode result);

/* What it has moved so far, into the outcome's counts. */
extern void rdapi_transfer_count(RdapiTransfer *transfer);

/* Forget whose it was, request and outcome; it can be prepared again. */
extern void rdapi_transfer_reset(RdapiTransfer *transfer);

/* NULL-safe. */
extern void rdapi_transfer_free(RdapiTransfer *transfer);

#endif							/* RDAPI_TRANSFER_H */
