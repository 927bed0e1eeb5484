/*-------------------------------------------------------------------------
 *
 * hosts.h
 *	  Hosts that servers may name: GUC regdocs_fdw.allowed_hosts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_HOSTS_H
#define REGDOCS_HOSTS_H

#include "utils/guc.h"

extern char *regdocs_allowed_hosts;

/* The GUC's hooks. */
extern bool regdocs_hosts_check(char **newval, void **extra,
								GucSource source);
extern void regdocs_hosts_assign(const char *newval, void *extra);

/* May a server name the host of that URL, which is valid and normalized? */
extern bool regdocs_hosts_allow(const char *url);

/* Another number each time that the answers may have changed. */
extern uint64 regdocs_hosts_generation(void);

/* The hint of an error about it; BORROWED. */
extern const char *regdocs_hosts_hint(void);

#endif							/* REGDOCS_HOSTS_H */
