/*-------------------------------------------------------------------------
 *
 * mux.c
 *	  Many sockets and one timer behind one descriptor: epoll with a timerfd
 *	  on Linux, kqueue elsewhere.
 *
 *-------------------------------------------------------------------------
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/epoll.h>
#include <sys/timerfd.h>
#else
#include <sys/types.h>
#include <sys/event.h>
#include <sys/time.h>
#include <fcntl.h>
#endif

#include "mux.h"

#define USEC_PER_SEC	INT64_C(1000000)
#define NSEC_PER_USEC	1000

/* Events taken from the system at once; what is left stays ready. */
#define EVENTS_AT_ONCE	64

struct RdapiMux
{
	int			descriptor;
#ifdef __linux__
	int			timer;			/* a timerfd */
#endif
	int64_t		due_us;			/* what the timer is set to */
};

int64_t
rdapi_mux_clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * USEC_PER_SEC + now.tv_nsec / NSEC_PER_USEC;
}

int
rdapi_mux_descriptor(const RdapiMux *mux)
{
	return mux->descriptor;
}

#ifdef __linux__

RdapiMux *
rdapi_mux_new(void)
{
	RdapiMux   *mux = calloc(1, sizeof(*mux));
	struct epoll_event event = {.events = EPOLLIN};

	if (mux == NULL)
		return NULL;
	mux->due_us = RDAPI_MUX_NEVER;
	mux->descriptor = epoll_create1(EPOLL_CLOEXEC);
	mux->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	event.data.fd = mux->timer;
	if (mux->descriptor < 0 || mux->timer < 0 ||
		epoll_ctl(mux->descriptor, EPOLL_CTL_ADD, mux->timer, &event) != 0)
	{
		rdapi_mux_free(mux);
		return NULL;
	}
	return mux;
}

void
rdapi_mux_free(RdapiMux *mux)
{
	if (mux == NULL)
		return;
	if (mux->timer >= 0)
		close(mux->timer);
	if (mux->descriptor >= 0)
		close(mux->descriptor);
	free(mux);
}

bool
rdapi_mux_watch(RdapiMux *mux, int socket, unsigned events)
{
	struct epoll_event event = {.data.fd = socket};

	if (events == 0)
		return epoll_ctl(mux->descriptor, EPOLL_CTL_DEL, socket, NULL) == 0;
	if (events & RDAPI_MUX_READ)
		event.events |= EPOLLIN;
	if (events & RDAPI_MUX_WRITE)
		event.events |= EPOLLOUT;
	return epoll_ctl(mux->descriptor, EPOLL_CTL_MOD, socket, &event) == 0 ||
		(errno == ENOENT &&
		 epoll_ctl(mux->descriptor, EPOLL_CTL_ADD, socket, &event) == 0);
}

bool
rdapi_mux_set_timer(RdapiMux *mux, int64_t due_us)
{
	struct itimerspec spec = {{0, 0}, {0, 0}};

	if (due_us == mux->due_us)
		return true;
	if (due_us != RDAPI_MUX_NEVER)
	{
		/* All zero would switch it off; the first microsecond has passed. */
		if (due_us < 1)
			due_us = 1;
		spec.it_value.tv_sec = (time_t) (due_us / USEC_PER_SEC);
		spec.it_value.tv_nsec = (long) (due_us % USEC_PER_SEC) * NSEC_PER_USEC;
	}
	if (timerfd_settime(mux->timer, TFD_TIMER_ABSTIME, &spec, NULL) != 0)
		return false;
	mux->due_us = due_us;
	return true;
}

static unsigned
ready_events(uint32_t events)
{
	unsigned	ready = 0;

	if (events & EPOLLIN)
		ready |= RDAPI_MUX_READ;
	if (events & EPOLLOUT)
		ready |= RDAPI_MUX_WRITE;
	if (events & (EPOLLERR | EPOLLHUP))
		ready |= RDAPI_MUX_ERROR;
	return ready;
}

int
rdapi_mux_collect(RdapiMux *mux, RdapiMuxEvent *events, int maximum)
{
	struct epoll_event found[EVENTS_AT_ONCE];
	int			nfound;
	int			nevents = 0;
	int			i;

	if (maximum > EVENTS_AT_ONCE)
		maximum = EVENTS_AT_ONCE;
	nfound = epoll_wait(mux->descriptor, found, maximum, 0);
	for (i = 0; i < nfound; i++)
	{
		uint64_t	expirations;

		if (found[i].data.fd != mux->timer)
		{
			events[nevents].socket = found[i].data.fd;
			events[nevents].ready = ready_events(found[i].events);
			nevents++;
		}
		else if (read(mux->timer, &expirations, sizeof(expirations)) > 0)
			mux->due_us = RDAPI_MUX_NEVER;
	}
	return nevents;
}

#else							/* kqueue */

RdapiMux *
rdapi_mux_new(void)
{
	RdapiMux   *mux = calloc(1, sizeof(*mux));

	if (mux == NULL)
		return NULL;
	mux->due_us = RDAPI_MUX_NEVER;
	mux->descriptor = kqueue();
	if (mux->descriptor < 0)
	{
		free(mux);
		return NULL;
	}
	fcntl(mux->descriptor, F_SETFD, FD_CLOEXEC);
	return mux;
}

void
rdapi_mux_free(RdapiMux *mux)
{
	if (mux == NULL)
		return;
	close(mux->descriptor);
	free(mux);
}

/* Have or not have an event; not having what is not there is no failure. */
static bool
change_event(RdapiMux *mux, int ident, int filter, bool wanted,
			 unsigned fflags, int64_t data)
{
	struct kevent change;

	EV_SET(&change, ident, filter, wanted ? EV_ADD : EV_DELETE, fflags, data,
		   NULL);
	if (wanted && filter == EVFILT_TIMER)
		change.flags |= EV_ONESHOT;
	return kevent(mux->descriptor, &change, 1, NULL, 0, NULL) == 0 ||
		(!wanted && errno == ENOENT);
}

bool
rdapi_mux_watch(RdapiMux *mux, int socket, unsigned events)
{
	bool		reads;
	bool		writes;

	reads = change_event(mux, socket, EVFILT_READ,
						 (events & RDAPI_MUX_READ) != 0, 0, 0);
	writes = change_event(mux, socket, EVFILT_WRITE,
						  (events & RDAPI_MUX_WRITE) != 0, 0, 0);
	return reads && writes;
}

bool
rdapi_mux_set_timer(RdapiMux *mux, int64_t due_us)
{
	int64_t		wait_us = due_us - rdapi_mux_clock_us();

	if (due_us == mux->due_us)
		return true;
	if (!change_event(mux, 0, EVFILT_TIMER, due_us != RDAPI_MUX_NEVER,
					  NOTE_USECONDS, wait_us < 1 ? 1 : wait_us))
		return false;
	mux->due_us = due_us;
	return true;
}

static unsigned
ready_event(const struct kevent *event)
{
	unsigned	ready;

	ready = event->filter == EVFILT_READ ? RDAPI_MUX_READ : RDAPI_MUX_WRITE;
	if (event->flags & EV_ERROR)
		ready |= RDAPI_MUX_ERROR;
	return ready;
}

int
rdapi_mux_collect(RdapiMux *mux, RdapiMuxEvent *events, int maximum)
{
	static const struct timespec no_wait = {0, 0};
	struct kevent found[EVENTS_AT_ONCE];
	int			nfound;
	int			nevents = 0;
	int			i;

	if (maximum > EVENTS_AT_ONCE)
		maximum = EVENTS_AT_ONCE;
	nfound = kevent(mux->descriptor, NULL, 0, found, maximum, &no_wait);
	for (i = 0; i < nfound; i++)
	{
		if (found[i].filter == EVFILT_TIMER)
			mux->due_us = RDAPI_MUX_NEVER;
		else
		{
			events[nevents].socket = (int) found[i].ident;
			events[nevents].ready = ready_event(&found[i]);
			nevents++;
		}
	}
	return nevents;
}

#endif							/* kqueue */
