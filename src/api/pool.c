/*-------------------------------------------------------------------------
 *
 * pool.c
 *	  Connections that are kept together: one of libcurl's multi handles.
 *
 *-------------------------------------------------------------------------
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "pool.h"

#define LENGTH_OF(array)	(sizeof(array) / sizeof((array)[0]))

/* What a multi handle has open by itself. */
#define WAKEUP_DESCRIPTORS	2

/*
 * CURLMOPT_QUICK_EXIT of version 8.20, which an older one's header does not
 * have: do not wait for the resolver's threads when a multi handle is closed.
 */
#define MULTI_QUICK_EXIT	((CURLMoption) (CURLOPTTYPE_LONG + 21))

/* libcurl wants a socket to be watched.  -1 makes it give up. */
static int
watch_socket(CURL *easy, curl_socket_t socket, int what, void *arg,
			 void *socket_arg)
{
	RdapiMux   *mux = arg;
	unsigned	events = 0;

	(void) easy;
	(void) socket_arg;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= RDAPI_MUX_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= RDAPI_MUX_WRITE;

	/* It may be one of the resolver's, which are not opened here. */
	if (events != 0)
		(void) fcntl(socket, F_SETFD, FD_CLOEXEC);

	/* One that cannot be forgotten was closed, which is as good. */
	if (!rdapi_mux_watch(mux, socket, events) && events != 0)
		return -1;
	return 0;
}

/*
 * A multi handle has a pair of descriptors by which other threads may wake it
 * up.  Nobody does that here, but it cannot be had without, and programs that
 * the host starts would inherit them.  So those that appear among the lowest
 * that are free, which the system takes, are marked; some of them may be
 * promised to other threads.
 */
static CURLM *
init_multi(void)
{
	int			candidates[4 * WAKEUP_DESCRIPTORS];
	size_t		ncandidates = 0;
	CURLM	   *multi;
	int			fd;

	for (fd = STDERR_FILENO + 1; ncandidates < LENGTH_OF(candidates); fd++)
	{
		if (fcntl(fd, F_GETFD) < 0)
			candidates[ncandidates++] = fd;
	}
	multi = curl_multi_init();
	if (multi == NULL)
		return NULL;
	while (ncandidates > 0)
		(void) fcntl(candidates[--ncandidates], F_SETFD, FD_CLOEXEC);

	/* An older libcurl does not know it, and does not wait. */
	curl_multi_setopt(multi, MULTI_QUICK_EXIT, 1L);
	return multi;
}

RdapiPool *
rdapi_pool_new(RdapiMux *mux, const RdapiBudget *budget, int max_kept,
			   RdapiError *error)
{
	RdapiPool  *pool;

	if (!rdapi_budget_acquire(budget, WAKEUP_DESCRIPTORS))
	{
		rdapi_pool_no_descriptor(error);
		return NULL;
	}
	pool = calloc(1, sizeof(*pool));
	if (pool == NULL)
	{
		rdapi_error_set(error, RDAPI_ERR_MEMORY, "out of memory");
		rdapi_budget_release(budget, WAKEUP_DESCRIPTORS);
		return NULL;
	}
	pool->budget = budget;
	errno = 0;
	pool->multi = init_multi();
	if (pool->multi == NULL ||
		curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION,
						  watch_socket) != CURLM_OK ||
		curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, mux) != CURLM_OK ||
		curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS,
						  (long) max_kept) != CURLM_OK)
	{
		if (errno == EMFILE || errno == ENFILE)
			rdapi_pool_no_descriptor(error);
		rdapi_error_set(error, RDAPI_ERR_MEMORY,
						"could not initialize libcurl's multi interface");
		rdapi_pool_free(pool);
		return NULL;
	}
	return pool;
}

void
rdapi_pool_free(RdapiPool *pool)
{
	/* This has the sockets forgotten by the mux, too. */
	curl_multi_cleanup(pool->multi);
	rdapi_budget_release(pool->budget, WAKEUP_DESCRIPTORS);
	free(pool);
}

void
rdapi_pool_no_descriptor(RdapiError *error)
{
	rdapi_error_set(error, RDAPI_ERR_DESCRIPTORS,
					"no file descriptor is left for connections to the API");
}

bool
rdapi_pool_limit(RdapiPool *pool, int most)
{
	if (pool->most == most)
		return true;
	if (curl_multi_setopt(pool->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
						  (long) most) != CURLM_OK)
		return false;
	pool->most = most;
	return true;
}

bool
rdapi_pool_add(RdapiPool *pool, RdapiTransfer *transfer)
{
	if (curl_multi_add_handle(pool->multi, transfer->easy) != CURLM_OK)
		return false;
	transfer->pool = pool;
	transfer->answers_before = transfer->config->nanswers;
	pool->ntransfers++;
	return true;
}

void
rdapi_pool_withdraw(RdapiTransfer *transfer)
{
	RdapiPool  *pool = transfer->pool;

	if (pool == NULL)
		return;
	curl_multi_remove_handle(pool->multi, transfer->easy);
	pool->ntransfers--;
	transfer->pool = NULL;
}

bool
rdapi_pool_act(RdapiPool *pool, curl_socket_t socket, int what)
{
	int			running;

	if (!pool->broken &&
		curl_multi_socket_action(pool->multi, socket, what,
								 &running) != CURLM_OK)
		pool->broken = true;
	return !pool->broken;
}

RdapiTransfer *
rdapi_pool_next_done(RdapiPool *pool, CURLcode *result)
{
	RdapiTransfer *transfer = NULL;
	CURLMsg    *message;
	int			nleft;

	do
	{
		message = curl_multi_info_read(pool->multi, &nleft);
	} while (message != NULL && message->msg != CURLMSG_DONE);
	if (message != NULL)
	{
		*result = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
	}
	return transfer;
}

long
rdapi_pool_patience_ms(const RdapiPool *pool)
{
	long		wait_ms = -1;

	/*
	 * Asked for each time, rather than recorded by a timer callback, which
	 * libcurl does not call again for a time that it has named before.
	 */
	if (!pool->broken)
		curl_multi_timeout(pool->multi, &wait_ms);
	else if (pool->ntransfers > 0)
		wait_ms = 0;
	return wait_ms;
}
