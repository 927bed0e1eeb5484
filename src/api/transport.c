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

#include "pool.h"
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
	const RdapiBudget *budget;
	int			max_kept;		/* connections */
	int			most;			/* connections */
	RdapiMux   *mux;
	RdapiSockets *sockets;
	RdapiPool  *pools;			/* all of them */
	RdapiPool  *current;		/* NULL: none is open */
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

RdapiTransport *
rdapi_transport_new(const RdapiBudget *budget, int max_kept,
					RdapiError *error)
{
	RdapiTransport *transport = calloc(1, sizeof(*transport));

	if (transport == NULL)
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		return NULL;
	}
	transport->budget = budget;
	transport->max_kept = max_kept;
	transport->most = max_kept;
	if (!rdapi_budget_acquire(budget, RDAPI_MUX_DESCRIPTORS))
	{
		rdapi_pool_no_descriptor(error);
		free(transport);
		return NULL;
	}
	transport->mux = rdapi_mux_new();
	if (transport->mux == NULL)
	{
		if (errno == EMFILE || errno == ENFILE)
			rdapi_pool_no_descriptor(error);
		rdapi_error_set(error, RDAPI_ERR_INTERNAL,
						"could not create a descriptor to wait on: %s",
						strerror(errno));
		rdapi_transport_free(transport);
		return NULL;
	}
	transport->sockets = rdapi_sockets_new(budget);
	if (transport->sockets == NULL)
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		rdapi_transport_free(transport);
		return NULL;
	}
	return transport;
}

/*
 * Close the pools that are used no longer, which closes their connections, and
 * has their sockets forgotten by the mux.
 */
static void
close_pools(RdapiTransport *transport)
{
	RdapiPool **link = &transport->pools;

	while (*link != NULL)
	{
		RdapiPool  *pool = *link;

		if (pool == transport->current || pool->ntransfers > 0)
			link = &pool->next;
		else
		{
			*link = pool->next;
			rdapi_pool_free(pool);
		}
	}
}

int
rdapi_transport_descriptor(const RdapiTransport *transport)
{
	return rdapi_mux_descriptor(transport->mux);
}

/* New transfers are not to go there. */
static void
retire(RdapiTransport *transport, const RdapiPool *pool)
{
	if (pool == transport->current)
		transport->current = NULL;
}

/* false: the error is set. */
static bool
open_pool(RdapiTransport *transport, RdapiError *error)
{
	RdapiPool  *pool = rdapi_pool_new(transport->mux, transport->budget,
									  transport->max_kept, error);

	if (pool == NULL)
		return false;
	pool->next = transport->pools;
	transport->pools = pool;
	transport->current = pool;
	return true;
}

void
rdapi_transport_limit(RdapiTransport *transport, int most)
{
	transport->most = most;
}

int
rdapi_transport_sockets(const RdapiTransport *transport)
{
	return rdapi_sockets_count(transport->sockets);
}

void
rdapi_transport_retire(RdapiTransport *transport)
{
	transport->current = NULL;
	close_pools(transport);
}

/* Transfers that are not in the current pool. */
static int
count_elsewhere(const RdapiTransport *transport)
{
	const RdapiPool *pool;
	int			ntransfers = 0;

	for (pool = transport->pools; pool != NULL; pool = pool->next)
	{
		if (pool != transport->current)
			ntransfers += pool->ntransfers;
	}
	return ntransfers;
}

int
rdapi_transport_capacity(const RdapiTransport *transport)
{
	int			capacity = count_elsewhere(transport);

	if (transport->current != NULL)
		capacity += rdapi_sockets_count_of(transport->sockets,
										   transport->current);
	return capacity;
}

/* Connections that the current pool may have, besides those of the others. */
static int
room(const RdapiTransport *transport)
{
	int			most = transport->most - count_elsewhere(transport);

	return most < 1 ? 1 : most;
}

/* Have libcurl work on a transfer, in the current pool. */
static bool
hand_over(RdapiTransfer *transfer)
{
	RdapiTransport *transport = transfer->transport;
	RdapiPool  *pool = transport->current;

	if (rdapi_pool_limit(pool, room(transport)) &&
		rdapi_pool_add(pool, transfer))
		return true;

	/* Whatever it is, the next one shall not suffer from it. */
	retire(transport, pool);
	return false;
}

RdapiTransfer *
rdapi_transport_begin(RdapiTransport *transport, const RdapiTransferSpec *spec,
					  RdapiError *error)
{
	RdapiTransfer *transfer = transport->idle;

	/* What they have open may be needed. */
	close_pools(transport);
	if (transfer != NULL)
		transport->idle = transfer->next;
	else
		transfer = rdapi_transfer_new(transport->sockets);
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

	if (transport->current == NULL && !open_pool(transport, error))
	{
		rdapi_transport_end(transfer);
		return NULL;
	}
	if (!rdapi_transfer_prepare(transfer, spec) || !hand_over(transfer))
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

	rdapi_pool_withdraw(transfer);
	if (transfer->opens_sockets)
		rdapi_sockets_forget_closed(transport->sockets);

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

void
rdapi_transport_distrust(RdapiTransfer *transfer)
{
	if (transfer->pool != NULL &&
		transfer->config->nanswers == transfer->answers_before)
		retire(transfer->transport, transfer->pool);
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

	transport->current = NULL;
	close_pools(transport);
	rdapi_sockets_free(transport->sockets);
	rdapi_mux_free(transport->mux);
	rdapi_budget_release(transport->budget, RDAPI_MUX_DESCRIPTORS);
	free(transport);
}

/*
 * Tell libcurl of a socket that is ready, or of time that has passed.  It does
 * not mind a socket that is another pool's.
 */
static void
act(RdapiTransport *transport, curl_socket_t socket, unsigned ready)
{
	RdapiPool  *pool;
	int			what = 0;

	if (ready & RDAPI_MUX_READ)
		what |= CURL_CSELECT_IN;
	if (ready & RDAPI_MUX_WRITE)
		what |= CURL_CSELECT_OUT;
	if (ready & RDAPI_MUX_ERROR)
		what |= CURL_CSELECT_ERR;
	for (pool = transport->pools; pool != NULL; pool = pool->next)
	{
		if (!rdapi_pool_act(pool, socket, what))
			retire(transport, pool);
	}
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
	for (i = 0; i < nevents; i++)
		act(transport, events[i].socket, events[i].ready);
	act(transport, CURL_SOCKET_TIMEOUT, 0);

	pthread_sigmask(SIG_SETMASK, &old_signals, NULL);
}

/* Begin a transfer anew that found its connection dead.  false: it failed. */
static bool
begin_again(RdapiTransfer *transfer)
{
	RdapiTransport *transport = transfer->transport;
	RdapiError	error;

	if (!rdapi_transfer_renew(transfer))
		return false;
	rdapi_pool_withdraw(transfer);

	/* What its own has open may do for the next one. */
	close_pools(transport);
	rdapi_error_clear(&error);
	if (transport->current == NULL && !open_pool(transport, &error))
	{
		transfer->lacks_socket = error.kind == RDAPI_ERR_DESCRIPTORS;
		return false;
	}
	return hand_over(transfer);
}

/*
 * Begin it anew?  That its time to connect is over is not libcurl's to say,
 * which counts the caller's absences, too: the client ends it when it is.  What
 * is lost is the way that the connection had come by then.
 */
static bool
is_to_begin_again(const RdapiTransfer *transfer, CURLcode result)
{
	return transfer->again ||
		(result == CURLE_OPERATION_TIMEDOUT &&
		 !rdapi_transfer_is_begun(transfer));
}

/* One that libcurl is done with, and how; NULL: there is none. */
static RdapiTransfer *
next_result(const RdapiTransport *transport, CURLcode *result)
{
	RdapiTransfer *transfer = NULL;
	RdapiPool  *pool;

	for (pool = transport->pools; pool != NULL && transfer == NULL;
		 pool = pool->next)
		transfer = rdapi_pool_next_done(pool, result);
	return transfer;
}

/* One that is at its end; NULL: there is none. */
static RdapiTransfer *
next_finished(RdapiTransport *transport)
{
	RdapiTransfer *transfer;
	CURLcode	result;

	while ((transfer = next_result(transport, &result)) != NULL)
	{
		if (is_to_begin_again(transfer, result) && begin_again(transfer))
			continue;
		rdapi_transfer_finish(transfer, result);
		if (transfer->outcome.http_status != 0 && transfer->pool != NULL &&
			transfer->pool == transport->current)
			transfer->config->nanswers++;
		break;
	}
	return transfer;
}

/* One that libcurl can no longer finish; NULL: there is none. */
static RdapiTransfer *
next_lost(RdapiTransport *transport)
{
	RdapiTransfer *transfer;

	for (transfer = transport->active; transfer != NULL;
		 transfer = transfer->next)
	{
		if (transfer->pool != NULL && transfer->pool->broken)
		{
			rdapi_transfer_finish(transfer, CURLE_FAILED_INIT);
			return transfer;
		}
	}
	return NULL;
}

void
rdapi_transport_expire(RdapiTransfer *transfer)
{
	rdapi_transfer_finish(transfer, CURLE_OPERATION_TIMEDOUT);
	retire(transfer->transport, transfer->pool);
	rdapi_pool_withdraw(transfer);
}

RdapiTransfer *
rdapi_transport_next_done(RdapiTransport *transport)
{
	RdapiTransfer *transfer = next_finished(transport);

	if (transfer == NULL)
		transfer = next_lost(transport);
	if (transfer != NULL)
		rdapi_pool_withdraw(transfer);
	return transfer;
}

/* How long libcurl can do without being called; -1: for ever. */
static long
patience_ms(const RdapiTransport *transport)
{
	const RdapiPool *pool;
	long		least_ms = -1;

	for (pool = transport->pools; pool != NULL; pool = pool->next)
	{
		long		wait_ms = rdapi_pool_patience_ms(pool);

		if (wait_ms >= 0 && (least_ms < 0 || least_ms > wait_ms))
			least_ms = wait_ms;
	}
	return least_ms;
}

/* Without a timer nothing could be waited for. */
static void
give_up(RdapiTransport *transport)
{
	RdapiPool  *pool;

	for (pool = transport->pools; pool != NULL; pool = pool->next)
		pool->broken = true;
	transport->current = NULL;
}

void
rdapi_transport_arm(RdapiTransport *transport, int64_t due_us)
{
	long		wait_ms;

	close_pools(transport);
	wait_ms = patience_ms(transport);
	if (wait_ms >= 0)
	{
		int64_t		curl_due_us = rdapi_mux_clock_us();

		curl_due_us += (int64_t) wait_ms * USEC_PER_MSEC;
		if (due_us > curl_due_us)
			due_us = curl_due_us;
	}
	if (!rdapi_mux_set_timer(transport->mux, due_us))
		give_up(transport);
}
