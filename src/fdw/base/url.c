/*-------------------------------------------------------------------------
 *
 * url.c
 *	  URLs to which a credential may be sent.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "src/fdw/base/url.h"

/* The longest name that DNS has, in bytes. */
#define URL_HOST_BYTES		253

/* Bytes that no URL holds, or none that has no more than a path. */
#define URL_REFUSED_BYTES	"?#@\\\"<>^`{|}"

#define HOST_NAME_BYTES \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"

/*
 * Does the name lead back to this machine, whatever a name server says?
 * Names below "localhost" do not: some resolvers ask the network for them.
 */
static bool
host_is_loopback(const char *host)
{
	struct in_addr address;

	if (pg_strcasecmp(host, "localhost") == 0)
		return true;
	return inet_pton(AF_INET, host, &address) == 1 &&
		(ntohl(address.s_addr) >> 24) == IN_LOOPBACKNET;
}

/*
 * Take the host from the front of what follows the "://".  Returns what is
 * behind it; NULL: that is no host.
 */
static const char *
url_skip_host(const char *text, bool *loopback)
{
	bool		bracketed = (*text == '[');
	const char *start = bracketed ? text + 1 : text;
	struct in6_addr address;
	char		host[URL_HOST_BYTES + 1];
	size_t		length;

	length = bracketed ? strcspn(start, "]") : strspn(start, HOST_NAME_BYTES);
	if (length == 0 || length > URL_HOST_BYTES)
		return NULL;
	memcpy(host, start, length);
	host[length] = '\0';

	if (bracketed)
	{
		if (start[length] != ']' || inet_pton(AF_INET6, host, &address) != 1)
			return NULL;
		*loopback = IN6_IS_ADDR_LOOPBACK(&address);
		return start + length + 1;
	}

	if (host[0] == '.' || host[0] == '-' || strstr(host, "..") != NULL)
		return NULL;
	*loopback = host_is_loopback(host);
	return start + length;
}

/* Likewise a port with its colon, where there is one. */
static const char *
url_skip_port(const char *text)
{
	size_t		length;
	int			port;

	if (*text != ':')
		return text;
	text++;
	length = strspn(text, "0123456789");
	if (length == 0 || length > 5)
		return NULL;
	port = atoi(text);
	return (port >= 1 && port <= 65535) ? text + length : NULL;
}

/*
 * Whoever reads the URL later must find the same host in it, so whatever
 * parsers are known to disagree about is refused: user names, backslashes,
 * blanks, escapes in the host, shortened addresses with http.
 */
bool
regdocs_url_is_valid(const char *url)
{
	bool		secure = pg_strncasecmp(url, "https://", 8) == 0;
	bool		loopback;
	const char *rest;

	if (!secure && pg_strncasecmp(url, "http://", 7) != 0)
		return false;
	for (rest = url; *rest != '\0'; rest++)
	{
		if (*rest <= ' ' || *rest > '~' || strchr(URL_REFUSED_BYTES, *rest))
			return false;
	}

	rest = url_skip_host(strstr(url, "://") + 3, &loopback);
	if (rest != NULL)
		rest = url_skip_port(rest);
	return rest != NULL && (*rest == '\0' || *rest == '/') &&
		(secure || loopback);
}

/* Drop the port at the end of the origin where it is the scheme's own. */
static void
url_drop_port(char *url, size_t origin)
{
	const char *port = url[4] == 's' ? ":443" : ":80";
	size_t		length = strlen(port);
	char	   *end = url + origin;

	if (strncmp(end - length, port, length) == 0)
		memmove(end - length, end, strlen(end) + 1);
}

char *
regdocs_url_normalize(const char *url)
{
	char	   *copy = pstrdup(url);
	size_t		length = strlen(url);
	size_t		origin = strstr(url, "://") + 3 - url;

	origin += strcspn(url + origin, "/");
	for (size_t i = 0; i < origin; i++)
		copy[i] = (char) pg_tolower((unsigned char) copy[i]);
	while (copy[length - 1] == '/')
		copy[--length] = '\0';
	url_drop_port(copy, Min(origin, length));
	return copy;
}

char *
regdocs_url_host(const char *url)
{
	const char *host = strstr(url, "://") + 3;
	size_t		length = *host == '[' ? strcspn(host, "]") + 1 :
	strcspn(host, ":/");

	/* To DNS it is the same one. */
	if (length > 1 && host[length - 1] == '.')
		length--;
	return pnstrdup(host, length);
}
