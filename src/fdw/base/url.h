/*-------------------------------------------------------------------------
 *
 * url.h
 *	  URLs to which a credential may be sent.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_URL_H
#define REGDOCS_URL_H

/*
 * Is it an origin, with a path or none, to which a credential may be sent?
 * That is https, or http to this machine.
 */
extern bool regdocs_url_is_valid(const char *url);

/*
 * A palloc'd copy of a valid URL without "/" at its end and without the port
 * that its scheme has anyway, scheme and host in lower case.
 */
extern char *regdocs_url_normalize(const char *url);

/*
 * The host in a normalized URL, palloc'd: without a dot at its end, IPv6 in
 * brackets.
 */
extern char *regdocs_url_host(const char *url);

#endif							/* REGDOCS_URL_H */
