/*-------------------------------------------------------------------------
 *
 * transport.c
 *	  Transfers side by side, behind one descriptor: libcurl's multi-socket
 *	  interface on a mux.
 *
 *-------------------------------------------------------------------------
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "transport.h"

/* CURLOPT_QUICK_EXIT is the youngest of what is used. */
#define MIN_CURL_VERSION		0x075700
#define MIN_CURL_VERSION_NAME	"7.87.0"

#if LIBCURL_VERSION_NUM < MIN_CURL_VERSION
#error "libcurl 7.87.0 or later is needed"
#endif

/* Sockets handled at once; what is left keeps the descriptor readable. */
#define EVENTS_AT_ONCE	64

#define USEC_PER_MSEC	1000

struct RdapiTransport
{
	const RdapiTransferConfig *config;
	RdapiMux   *mux;
	RdapiSockets *sockets;
	CURLM	   *multi;
	bool		broken;			/* nothing more can be done with multi */
	RdapiTransfer *active;		/* begun and not ended */
	RdapiTransfer *idle;		/* kept, as an easy handle is dear to make */
};

bool
rdapi_transport_global_init(RdapiError *error)
{
	const curl_version_info_data *version;

	if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
	{
		rdapi_error_set(error, RDAPI_ERR_INTERNAL,
						"libcurl could not be initialized");
		return false;
	}
	version = curl_version_info(CURLVERSION_NOW);
	if (version->version_num < MIN_CURL_VERSION)
	{
		rdapi_error_set(error, RDAPI_ERR_INTERNAL,
						"libcurl is version %s, but %s is needed",
						version->version, MIN_CURL_VERSION_NAME);
		return false;
	}
	if ((version->features & CURL_VERSION_SSL) == 0 ||
		(version->features & CURL_VERSION_ASYNCHDNS) == 0)
	{
		rdapi_error_set(error, RDAPI_ERR_INTERNAL,
						"libcurl lacks TLS or asynchronous name resolution");
		return false;
	}
	return true;
}

/* libcurl wants a socket to be watched.  -1 makes it give up. */
static int
watch_socket(CURL *easy, curl_socket_t socket, int what, void *arg,
			 void *socket_arg)
{
	RdapiTransport *transport = arg;
	unsigned	events = 0;

	(void) easy;
	(void) socket_arg;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= RDAPI_MUX_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= RDAPI_MUX_WRITE;

	/* One that cannot be forgotten was closed, which is as good. */
	if (!rdapi_mux_watch(transport->mux, socket, events) && events != 0)
		return -1;
	return 0;
}

RdapiTransport *
rdapi_transport_new(const RdapiTransferConfig *config, int max_connections,
					RdapiError *error)
{
	RdapiTransport *transport = calloc(1, sizeof(*transport));

	if (transport == NULL)
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		return NULL;
	}
	transport->config = config;
	transport->mux = rdapi_mux_new();
	if (transport->mux == NULL)
	{
		rdapi_error_set(error, RDAPI_ERR_INTERNAL,
						"could not create a descriptor to wait on: %s",
						strerror(errno));
		rdapi_transport_free(transport);
		return NULL;
	}
	transport->sockets = rdapi_sockets_new();
	transport->multi = curl_multi_init();
	if (transport->sockets == NULL || transport->multi == NULL ||
		curl_multi_setopt(transport->multi, CURLMOPT_SOCKETFUNCTION,
						  watch_socket) != CURLM_OK ||
		curl_multi_setopt(transport->multi, CURLMOPT_SOCKETDATA,
						  transport) != CURLM_OK ||
		curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS,
						  (long) max_connections) != CURLM_OK)
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY,
						"could not initialize libcurl's multi interface");
		rdapi_transport_free(transport);
		return NULL;
	}
	return transport;
}

int
rdapi_transport_descriptor(const RdapiTransport *transport)
{
	return rdapi_mux_descriptor(transport->mux);
}

RdapiTransfer *
rdapi_transport_begin(RdapiTransport *transport, const RdapiTransferSpec *spec,
					  RdapiError *error)
{
	RdapiTransfer *transfer = transport->idle;

	if (transfer != NULL)
		transport->idle = transfer->next;
	else
		transfer = rdapi_transfer_new(transport->config, transport->sockets);
	if (transfer == NULL)
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY,
						"could not set up a request with libcurl");
		return NULL;
	}

	transfer->transport = transport;
	transfer->prev = NULL;
	transfer->next = transport->active;
	if (transfer->next != NULL)
		transfer->next->prev = transfer;
	transport->active = transfer;

	transfer->added = !transport->broken &&
		rdapi_transfer_prepare(transfer, spec) &&
		curl_multi_add_handle(transport->multi, transfer->easy) == CURLM_OK;
	if (!transfer->added)
	{
		rdapi_error_set(error, RDAPI_ERR_INTERNAL,
						"libcurl did not take the request");
		rdapi_transport_end(transfer);
		return NULL;
	}
	return transfer;
}

void
rdapi_transport_end(RdapiTransfer *transfer)
{
	RdapiTransport *transport = transfer->transport;

	if (transfer->added)
		curl_multi_remove_handle(transport->multi, transfer->easy);
	transfer->added = false;

	if (transfer->prev != NULL)
		transfer->prev->next = transfer->next;
	else
		transport->active = transfer->next;
	if (transfer->next != NULL)
		transfer->next->prev = transfer->prev;

	rdapi_transfer_reset(transfer);
	transfer->next = transport->idle;
	transport->idle = transfer;
}

static void
free_list(RdapiTransfer *transfer)
{
	while (transfer != NULL)
	{
		RdapiTransfer *next = transfer->next;

		rdapi_transfer_free(transfer);
		transfer = next;
	}
}

void
rdapi_transport_free(RdapiTransport *transport)
{
	if (transport == NULL)
		return;
	while (transport->active != NULL)
		rdapi_transport_end(transport->active);
	free_list(transport->idle);

	/* This closes connections, and has their sockets forgotten by the mux. */
	curl_multi_cleanup(transport->multi);
	rdapi_sockets_free(transport->sockets);
	rdapi_mux_free(transport->mux);
	free(transport);
}

/* Tell libcurl of a socket that is ready, or of time that has passed. */
static void
act(RdapiTransport *transport, curl_socket_t socket, unsigned ready)
{
	int			running;
	int			what = 0;

	if (ready & RDAPI_MUX_READ)
		what |= CURL_CSELECT_IN;
	if (ready & RDAPI_MUX_WRITE)
		what |= CURL_CSELECT_OUT;
	if (ready & RDAPI_MUX_ERROR)
		what |= CURL_CSELECT_ERR;
	if (curl_multi_socket_action(transport->multi, socket, what,
								 &running) != CURLM_OK)
		transport->broken = true;
}

void
rdapi_transport_drive(RdapiTransport *transport)
{
	RdapiMuxEvent events[EVENTS_AT_ONCE];
	sigset_t	all_signals;
	sigset_t	old_signals;
	int			nevents;
	int			i;

	/*
	 * libcurl resolves names in threads, which inherit the signal mask.  The
	 * host's signal handlers are its own thread's, so they get none.
	 */
	sigfillset(&all_signals);
	pthread_sigmask(SIG_SETMASK, &all_signals, &old_signals);

	nevents = rdapi_mux_collect(transport->mux, events, EVENTS_AT_ONCE);
	for (i = 0; i < nevents && !transport->broken; i++)
		act(transport, events[i].socket, events[i].ready);
	if (!transport->broken)
		act(transport, CURL_SOCKET_TIMEOUT, 0);

	pthread_sigmask(SIG_SETMASK, &old_signals, NULL);
}

/* Any that libcurl can no longer finish; NULL: there is none. */
static RdapiTransfer *
next_lost(RdapiTransport *transport)
{
	RdapiTransfer *transfer;

	if (!transport->broken)
		return NULL;
	for (transfer = transport->active; transfer != NULL;
		 transfer = transfer->next)
	{
		if (transfer->added)
			break;
	}
	if (transfer != NULL)
		rdapi_transfer_finish(transfer, CURLE_FAILED_INIT);
	return transfer;
}

void
rdapi_transport_expire(RdapiTransfer *transfer)
{
	rdapi_transfer_finish(transfer, CURLE_OPERATION_TIMEDOUT);
	if (transfer->added)
		curl_multi_remove_handle(transfer->transport->multi, transfer->easy);
	transfer->added = false;
}

/* Begin a transfer anew that found its connection dead.  false: it failed. */
static bool
begin_again(RdapiTransport *transport, RdapiTransfer *transfer)
{
	if (transport->broken || !rdapi_transfer_renew(transfer))
		return false;
	curl_multi_remove_handle(transport->multi, transfer->easy);
	transfer->added = curl_multi_add_handle(transport->multi,
											transfer->easy) == CURLM_OK;
	return transfer->added;
}

RdapiTransfer *
rdapi_transport_next_done(RdapiTransport *transport)
{
	RdapiTransfer *transfer = NULL;
	CURLMsg    *message;
	int			nleft;

	while (transfer == NULL &&
		   (message = curl_multi_info_read(transport->multi, &nleft)) != NULL)
	{
		CURLcode	result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
		if (transfer->again && begin_again(transport, transfer))
			transfer = NULL;
		else
			rdapi_transfer_finish(transfer, result);
	}
	if (transfer == NULL)
		transfer = next_lost(transport);

	if (transfer != NULL)
	{
		/* The message is gone with it, so this comes last. */
		curl_multi_remove_handle(transport->multi, transfer->easy);
		transfer->added = false;
	}
	return transfer;
}

void
rdapi_transport_arm(RdapiTransport *transport, int64_t due_us)
{
	long		wait_ms = -1;

	/*
	 * Asked for each time, rather than recorded by a timer callback, which
	 * libcurl does not call again for a time that it has named before.
	 */
	if (!transport->broken)
		curl_multi_timeout(transport->multi, &wait_ms);
	else if (transport->active != NULL)
		wait_ms = 0;
	if (wait_ms >= 0)
	{
		int64_t		curl_due_us = rdapi_mux_clock_us();

		curl_due_us += (int64_t) wait_ms * USEC_PER_MSEC;
		if (due_us > curl_due_us)
			due_us = curl_due_us;
	}
	if (!rdapi_mux_set_timer(transport->mux, due_us))
		transport->broken = true;
}
