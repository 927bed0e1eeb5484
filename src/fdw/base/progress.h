/*-------------------------------------------------------------------------
 *
 * progress.h
 *	  What a client is told while a statement takes long.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_PROGRESS_H
#define REGDOCS_PROGRESS_H

#include "utils/guc.h"

#include "src/api/client.h"

/* GUC regdocs_fdw.progress_interval, in milliseconds; 0: nothing is told. */
extern int	regdocs_progress_interval_ms;

/* Its check hook: raises what is too short to the least there is. */
extern bool regdocs_progress_check_interval(int *newval, void **extra,
											GucSource source);

/*
 * So many objects were read from that server, in so many pages (0: one by
 * one): tell of it, if it is time to.
 */
extern void regdocs_progress_tell_read(const char *server_name, uint64 pages,
									   uint64 objects, const char *plural);

/*
 * To be called before each wait for the client: if it has been trying again for
 * a second, tell what is waited for, when it is time to; and have that wait
 * end when it will be.
 */
extern void regdocs_progress_tell_trouble(RdapiClient *client);

#endif							/* REGDOCS_PROGRESS_H */
