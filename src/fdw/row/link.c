/*-------------------------------------------------------------------------
 *
 * link.c
 *	  The link from a page of the list to the next one.
 *
 * Only its query is used, which is the client's business; here is what has to
 * be known before it is asked to.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "src/fdw/row/link.h"

/*
 * The link to the next page is expected so near to the end of a page, where
 * the object "meta" is: its five URLs with tokens of some hundred bytes.
 */
#define TAIL_BYTES 4096

/* The longest link that is followed, as JSON: no server takes such a URL. */
#define MAX_LINK_BYTES 65536

/* Objects that the API puts on a page at the most, whatever is asked for. */
#define API_PAGE_SIZE 1000

const char *
regdocs_link_guess(const char *text, size_t length, size_t *link_length)
{
	static const char key[] = "\"next_page_url\":\"";
	size_t		tail = Min(length, TAIL_BYTES);
	const char *end = text + length;
	const char *link = memmem(end - tail, tail, key, sizeof(key) - 1);
	const char *quote;

	if (link == NULL)
		return NULL;
	link += sizeof(key) - 1;
	quote = memchr(link, '"', end - link);
	if (quote == NULL || memchr(link, '\\', quote - link) != NULL)
		return NULL;
	*link_length = quote - link;
	return link;
}

char *
regdocs_link_read(const RegdocsPage *page, char **failure)
{
	char	   *link;

	*failure = NULL;
	if (page->next_url.length == 0)
		return NULL;
	if (page->next_url.length > MAX_LINK_BYTES)
	{
		*failure = psprintf("Its \"next_page_url\" is longer than %d bytes.",
							MAX_LINK_BYTES);
		return NULL;
	}
	link = regdocs_page_string(page, &page->next_url);
	if (link == NULL)
		*failure = pstrdup("Its \"next_page_url\" has an invalid escape.");
	return link;
}

int
regdocs_link_objects(const char *link)
{
	static const char name[] = "PageSize=";
	const char *found = strchr(link, '?');
	long		asked;

	while (found != NULL && strncmp(found + 1, name, sizeof(name) - 1) != 0)
		found = strchr(found + 1, '&');
	if (found == NULL)
		return API_PAGE_SIZE;
	asked = strtol(found + sizeof(name), NULL, 10);
	return asked < 1 || asked > API_PAGE_SIZE ? API_PAGE_SIZE : (int) asked;
}
