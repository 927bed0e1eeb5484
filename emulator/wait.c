/*
 * wait.c
 *		How long until a request goes on?
 *
 * Each connection has a thread of its own, so waiting holds up nobody else.
 */
#include "wait.h"

#include <errno.h>
#include <poll.h>

int
emu_connection_fd(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info;

	info = MHD_get_connection_info(connection,
								   MHD_CONNECTION_INFO_CONNECTION_FD);
	return info->connect_fd;
}

int64_t
emu_elapsed_us(const struct timespec *begun)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) (now.tv_sec - begun->tv_sec) * 1000000 +
		(now.tv_nsec - begun->tv_nsec) / 1000;
}

/* Polls until the time has passed (true) or one is ready (false). */
static bool
emu_wait(struct pollfd *fds, nfds_t count, const struct timespec *begun,
		 int64_t ms)
{
	for (;;)
	{
		int64_t		left_us = ms * 1000 - emu_elapsed_us(begun);
		struct timespec left;
		int			ready;

		if (left_us <= 0)
			return true;
		left.tv_sec = left_us / 1000000;
		left.tv_nsec = left_us % 1000000 * 1000;
		ready = ppoll(fds, count, ms == INT64_MAX / 1000 ? NULL : &left,
					  NULL);
		if (ready > 0 || (ready < 0 && errno != EINTR))
			return false;
	}
}

/*
 * Waits until so long after the beginning, whether the client stays or not:
 * a server does not notice that either. False: the emulator is to end.
 */
bool
emu_wait_until(const Emu *emu, const struct timespec *begun, int64_t ms)
{
	struct pollfd fds[1] = {{.fd = emu->stop_fd,.events = POLLIN}};

	return ms == 0 || emu_wait(fds, 1, begun, ms);
}

/* Waits so long (-1: for ever); false: the client is gone, or the above. */
bool
emu_wait_peer(const Emu *emu, int fd, int64_t ms)
{
	struct timespec now;
	struct pollfd fds[2] = {
		{.fd = emu->stop_fd,.events = POLLIN},
		{.fd = fd,.events = POLLRDHUP}
	};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return emu_wait(fds, 2, &now, ms < 0 ? INT64_MAX / 1000 : ms);
}
