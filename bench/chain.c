/*
 * chain.c
 *		How fast can libcurl alone fetch all pages of a list?
 *
 * The reference of script/bench: each page names the next one, so that pages
 * can only be fetched one after the other, and nobody who reads the list can
 * be faster than this.  Nothing is parsed; the link is found as text.
 *
 *		chain URL			walk from this page on, print pages, bytes and
 *							microseconds
 *		chain URL print		print each page instead, one a line
 *
 * The credential is in EMULATOR_ACCOUNT_SID and EMULATOR_AUTH_TOKEN.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* As libcurl's default of 16 kB would make it slower than the candidate. */
#define RECEIVE_BYTES 131072L

typedef struct ChainPage
{
	char	   *text;			/* NUL-terminated; malloc'd */
	size_t		length;
	size_t		size;			/* allocated */
} ChainPage;

static void chain_fail(const char *what, const char *why)
			__attribute__((noreturn));

static void
chain_fail(const char *what, const char *why)
{
	fprintf(stderr, "chain: %s: %s\n", what, why);
	exit(1);
}

static const char *
chain_environment(const char *name)
{
	const char *value = getenv(name);

	if (value == NULL)
		chain_fail(name, "is not set");
	return value;
}

static int64_t
chain_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* libcurl's write callback: append to the page; less than all is an error. */
static size_t
chain_receive(char *data, size_t one, size_t count, void *arg)
{
	ChainPage  *page = arg;
	size_t		length = one * count;
	size_t		size = page->size;
	char	   *text;

	while (size <= page->length + length)
		size *= 2;
	if (size != page->size)
	{
		text = realloc(page->text, size);
		if (text == NULL)
			return 0;
		page->text = text;
		page->size = size;
	}
	memcpy(page->text + page->length, data, length);
	page->length += length;
	page->text[page->length] = '\0';
	return length;
}

static CURL *
chain_handle(ChainPage *page)
{
	CURL	   *handle = NULL;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		handle = curl_easy_init();
	if (handle == NULL)
		chain_fail("libcurl", "cannot be initialized");
	curl_easy_setopt(handle, CURLOPT_USERNAME,
					 chain_environment("EMULATOR_ACCOUNT_SID"));
	curl_easy_setopt(handle, CURLOPT_PASSWORD,
					 chain_environment("EMULATOR_AUTH_TOKEN"));
	curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(handle, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, RECEIVE_BYTES);
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, chain_receive);
	curl_easy_setopt(handle, CURLOPT_WRITEDATA, page);
	return handle;
}

/* Fetches the page in the place of the one before. */
static void
chain_fetch(CURL *handle, const char *url, ChainPage *page)
{
	CURLcode	code;

	/* libcurl copies the URL, which is in the text that goes. */
	curl_easy_setopt(handle, CURLOPT_URL, url);
	page->length = 0;
	page->text[0] = '\0';
	code = curl_easy_perform(handle);
	if (code != CURLE_OK)
		chain_fail("libcurl", curl_easy_strerror(code));
}

/*
 * Cuts the page's text so that the next page's URL ends, and returns it.
 * NULL: this is the last page.
 */
static char *
chain_next(ChainPage *page)
{
	static const char key[] = "\"next_page_url\":";
	char	   *value = strstr(page->text, key);
	char	   *end;

	if (value == NULL)
		chain_fail("page", "has no next_page_url");
	value += sizeof(key) - 1;
	if (*value != '"')
		return NULL;
	value++;
	end = strchr(value, '"');
	if (end == NULL)
		chain_fail("page", "is cut short");
	*end = '\0';
	return value;
}

int
main(int argc, char **argv)
{
	bool		print = argc == 3 && strcmp(argv[2], "print") == 0;
	ChainPage	page = {.text = malloc(RECEIVE_BYTES),.size = RECEIVE_BYTES};
	unsigned	pages = 0;
	uint64_t	bytes = 0;
	const char *url;
	CURL	   *handle;
	int64_t		begun_us;

	if (argc != 2 && !print)
		chain_fail("usage", "chain URL [print]");
	if (page.text == NULL)
		chain_fail("page", "out of memory");
	handle = chain_handle(&page);
	begun_us = chain_now_us();
	for (url = argv[1]; url != NULL; url = chain_next(&page))
	{
		chain_fetch(handle, url, &page);
		if (print)
			puts(page.text);
		pages++;
		bytes += page.length;
	}
	if (!print)
		printf("%u %llu %lld\n", pages, (unsigned long long) bytes,
			   (long long) (chain_now_us() - begun_us));
	curl_easy_cleanup(handle);
	curl_global_cleanup();
	free(page.text);
	return fflush(stdout) == 0 ? 0 : 1;
}
