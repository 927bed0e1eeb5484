/*
 * wait.h
 *		Waiting that never outlives the emulator.
 */
#ifndef EMU_WAIT_H
#define EMU_WAIT_H

#include "request.h"

extern int	emu_connection_fd(struct MHD_Connection *connection);
extern bool emu_wait_until(const Emu *emu, const struct timespec *begun,
						   int64_t ms);
extern bool emu_wait_peer(const Emu *emu, int fd, int64_t ms);
extern int64_t emu_elapsed_us(const struct timespec *begun);

#endif							/* EMU_WAIT_H */
