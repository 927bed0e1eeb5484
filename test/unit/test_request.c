/*-------------------------------------------------------------------------
 *
 * test_request.c
 *	  Requests: URLs, forms, and the link to the next page.
 *
 *-------------------------------------------------------------------------
 */
#include <stdlib.h>
#include <string.h>

#include "src/api/request.h"
#include "tap.h"

#define SID		"RD0123456789abcdef0123456789ABCDEF"
#define BUNDLE	"BU0123456789abcdef0123456789ABCDEF"
#define ITEM	"BV0123456789abcdef0123456789ABCDEF"
#define PATH	"/v2/RegulatoryCompliance/SupportingDocuments"

static RdapiTarget documents;
static RdapiTarget items;
static const RdapiQuery ten = {10, NULL, 0};
static const RdapiQuery thousand = {1000, NULL, 0};

/* The URL, and that of an upload if it has a file. */
static void
check_url(const RdapiRequest *request, const char *expected, const char *name)
{
	char	   *url = rdapi_request_url(request, "https://a.example/prefix",
										"https://b.example");

	tap_equal(url, expected, "%s", name);
	free(url);
}

static void
test_urls(void)
{
	RdapiError	error;
	RdapiRequest *request;

	rdapi_error_clear(&error);
	request = rdapi_request_list(&documents, &thousand, &error);
	check_url(request, "https://a.example/prefix" PATH "?PageSize=1000",
			  "the URL of a list");
	tap_equal(rdapi_request_path(request), PATH, "its path has no query");
	tap_equal(rdapi_request_method(request), "GET", "its method");
	tap_equal(rdapi_request_page_identity(request), "",
			  "the first page has no identity");
	tap_number(rdapi_request_operation(request), RDAPI_OP_LIST, "a list");
	rdapi_request_free(request);

	request = rdapi_request_fetch(&documents, SID, NULL, &error);
	check_url(request, "https://a.example/prefix" PATH "/" SID,
			  "the URL of one");
	tap_equal(rdapi_request_method(request), "GET", "is got");
	rdapi_request_free(request);

	request = rdapi_request_update(&documents, SID, &error);
	check_url(request, "https://a.example/prefix" PATH "/" SID,
			  "the URL of an update");
	tap_equal(rdapi_request_method(request), "POST", "is posted to");
	tap_ok(rdapi_request_file(request) == NULL, "it has no file");
	tap_ok(rdapi_request_set_file(request, "File", "a.pdf", "application/pdf",
								  "%PDF", 4, &error) &&
		   rdapi_request_has_file(request), "until it gets one");
	check_url(request, "https://b.example" PATH "/" SID,
			  "which is uploaded elsewhere");
	tap_ok(rdapi_request_set_file(request, "File", "b.png", "image/png",
								  "", 0, &error) &&
		   strcmp(rdapi_request_file(request)->file_name, "b.png") == 0,
		   "a second file takes the place of the first");
	rdapi_request_free(request);

	request = rdapi_request_delete(&documents, SID, &error);
	tap_equal(rdapi_request_method(request), "DELETE", "a delete");
	rdapi_request_free(request);
	tap_number(error.kind, RDAPI_ERR_NONE, "no error was met");
	rdapi_request_free(NULL);
}

static void
test_forms(void)
{
	RdapiError	error;
	RdapiRequest *request;
	size_t		bytes;
	size_t		length;
	char	   *form;
	const RdapiParameter *parameters;

	rdapi_error_clear(&error);
	request = rdapi_request_create(&documents, &error);
	form = rdapi_request_form(request, &length);
	tap_equal(form, "", "a form without parameters");
	free(form);

	bytes = rdapi_request_bytes(request);
	rdapi_request_add_parameter(request, "Name", "aZ09-._~", 8, &error);
	rdapi_request_add_parameter(request, "Odd&name", " +&=%/?#\"{}", 11,
								&error);
	rdapi_request_add_parameter(request, "Bytes", "\0\n\xC3\xBC\x7F", 5,
								&error);
	rdapi_request_add_parameter(request, "Empty", "not this", 0, &error);
	rdapi_request_add_parameter(request, "Fifth", "5", 1, &error);
	form = rdapi_request_form(request, &length);
	tap_equal(form, "Name=aZ09-._~&Odd%26name=%20%2B%26%3D%25%2F%3F%23%22%7B"
			  "%7D&Bytes=%00%0A%C3%BC%7F&Empty=&Fifth=5",
			  "all but the unreserved is escaped");
	tap_number((long long) length, (long long) strlen(form), "its length");
	tap_ok(rdapi_request_bytes(request) > bytes,
		   "parameters count as memory");
	tap_number(rdapi_request_parameters(request, &parameters), 5,
			   "all are there");
	tap_equal(parameters[3].value, "", "values are terminated where they end");
	free(form);
	rdapi_request_free(request);
}

typedef struct NextCase
{
	const char *url;
	const char *query;			/* NULL: refused */
	const char *identity;
} NextCase;

static const NextCase next_cases[] =
{
	{"https://numbers.twilio.com" PATH "?PageSize=50&Page=1&PageToken=PARD01",
	"PageSize=50&Page=1&PageToken=PARD01", "PARD01"},
	{"https://evil.example/steal?PageToken=x&Page=1",
	"PageToken=x&Page=1", "x"},
	{"http://user:secret@evil.example:99/?Page=1&PageToken=x&PageSize=2",
	"Page=1&PageToken=x&PageSize=2", "x"},
	{"https://h/p?PageToken=PTabc==", "PageToken=PTabc==", "PTabc=="},
	{"https://h/p?PageToken=PTabc%3D%3d", "PageToken=PTabc%3D%3d", "PTabc=="},
	{"https://h/p?PageToken=a+b%2Bc", "PageToken=a+b%2Bc", "a+b+c"},
	{"https://h/p?PageToken=a%00b%zz%4", "PageToken=a%00b%zz%4", "a%00b%zz%4"},
	{"https://h/p?Page=1&PageToken=&x=y", "Page=1&PageToken=&x=y",
	"Page=1&PageToken=&x=y"},
	{"https://h/p?Page=2&XPageToken=a", "Page=2&XPageToken=a",
	"Page=2&XPageToken=a"},
	{"https://h/p?Page=7", "Page=7", "Page=7"},
	{"https://h/p?PageToken=a?b#fragment?c", "PageToken=a?b", "a?b"},
	{"?PageToken=x", "PageToken=x", "x"},
	{"/p?PageToken=x", "PageToken=x", "x"},
	{"https://h/p?x=[1]&PageToken=%5B", "x=[1]&PageToken=%5B", "["},
	{"https://h/p", NULL, NULL},
	{"https://h/p?", NULL, NULL},
	{"https://h/p#?PageToken=x", NULL, NULL},
	{"https://h/p?#x", NULL, NULL},
	{"", NULL, NULL},
	{"https://h/p?PageToken=a b", NULL, NULL},
	{"https://h/p?PageToken=a\r\nHost: evil", NULL, NULL},
	{"https://h/p?PageToken=a\tb", NULL, NULL},
	{"https://h/p?PageToken=\"a\"", NULL, NULL},
	{"https://h/p?PageToken=\xC3\xBC", NULL, NULL},
	{"https://h/p?PageToken=\x7F", NULL, NULL},
	{"https://h/p?PageToken=a\\b", NULL, NULL}
};

static void
test_next(void)
{
	RdapiError	error;
	RdapiRequest *request;
	size_t		i;

	for (i = 0; i < sizeof(next_cases) / sizeof(next_cases[0]); i++)
	{
		const NextCase *next = &next_cases[i];
		char		expected[200] = "https://a.example/prefix" PATH "?";

		rdapi_error_clear(&error);
		request = rdapi_request_next(&documents, next->url, strlen(next->url),
									 &error);
		if (next->query == NULL || request == NULL)
		{
			tap_ok(next->query == NULL && request == NULL, "refused: case %d",
				   (int) i);
			tap_number(error.kind, RDAPI_ERR_PROTOCOL, "as no such link");
			rdapi_request_free(request);
			continue;
		}
		strcat(expected, next->query);
		check_url(request, expected, "only the query is used");
		tap_equal(rdapi_request_page_identity(request), next->identity,
				  "the page's identity");
		rdapi_request_free(request);
	}

	rdapi_error_clear(&error);
	request = rdapi_request_next(&documents, "https://h/p?Page=12", 18, &error);
	tap_equal(rdapi_request_page_identity(request), "Page=1",
			  "the link need not be terminated");
	rdapi_request_free(request);
	request = rdapi_request_next(&documents, "https://h/p?Page=1\0x", 20, &error);
	tap_ok(request == NULL, "a NUL in it is refused");
}

#define ITEMS	"/v2/RegulatoryCompliance/Bundles/" BUNDLE "/ItemAssignments"

/* The parent's key is in the path, wherever that has its place. */
static void
test_children(void)
{
	RdapiError	error;
	RdapiRequest *request;
	RdapiTarget clones = {rdapi_resource_find("bundle_clones"), BUNDLE};

	rdapi_error_clear(&error);
	request = rdapi_request_list(&items, &ten, &error);
	check_url(request, "https://a.example/prefix" ITEMS "?PageSize=10",
			  "the URL of a list of children");
	tap_equal(rdapi_request_parent_sid(request), BUNDLE,
			  "it knows their parent");
	tap_ok(rdapi_request_sid(request) == NULL, "and that it is about all");
	rdapi_request_free(request);

	request = rdapi_request_next(&items, "https://h/p?PageToken=x", 23,
								 &error);
	check_url(request, "https://a.example/prefix" ITEMS "?PageToken=x",
			  "the next page is one of that parent");
	rdapi_request_free(request);

	request = rdapi_request_delete(&items, ITEM, &error);
	check_url(request, "https://a.example/prefix" ITEMS "/" ITEM,
			  "the URL of a child");
	tap_equal(rdapi_request_sid(request), ITEM, "it knows the child");
	tap_ok(rdapi_request_resource(request) == items.resource,
		   "and its resource");
	rdapi_request_free(request);

	request = rdapi_request_create(&clones, &error);
	tap_equal(rdapi_request_path(request),
			  "/v2/RegulatoryCompliance/Bundles/" BUNDLE "/Clones",
			  "whatever the key is called");
	rdapi_request_free(request);

	request = rdapi_request_fetch(&documents, SID, NULL, &error);
	tap_ok(rdapi_request_parent_sid(request) == NULL, "documents have none");
	rdapi_request_free(request);
}

/* Names and values of conditions are encoded. */
static void
test_queries(void)
{
	static const RdapiCondition conditions[] =
	{
		{"ValidUntilDate<", "2026-01-01"},
		{"FriendlyName", "a b&c=\xC3\xA9"}
	};
	RdapiTarget bundles = {rdapi_resource_find("bundles"), NULL};
	RdapiTarget regulations = {rdapi_resource_find("regulations"), NULL};
	RdapiCondition constraints = {"IncludeConstraints", "true"};
	RdapiQuery	query = {50, conditions, 2};
	RdapiQuery	more = {0, &constraints, 1};
	RdapiError	error;
	RdapiRequest *request;

	rdapi_error_clear(&error);
	request = rdapi_request_list(&bundles, &query, &error);
	check_url(request, "https://a.example/prefix"
			  "/v2/RegulatoryCompliance/Bundles?PageSize=50"
			  "&ValidUntilDate%3C=2026-01-01"
			  "&FriendlyName=a%20b%26c%3D%C3%A9",
			  "what is asked of a list");
	tap_ok(rdapi_request_bytes(request) > 100, "counts as memory");
	rdapi_request_free(request);

	request = rdapi_request_fetch(&regulations,
								  "RN0123456789abcdef0123456789abcdef",
								  &more, &error);
	check_url(request, "https://a.example/prefix/v2/RegulatoryCompliance"
			  "/Regulations/RN0123456789abcdef0123456789abcdef"
			  "?IncludeConstraints=true",
			  "what is asked of one");
	rdapi_request_free(request);
}

/* No server takes a request line of megabytes, and nor does libcurl. */
static void
test_long_links(void)
{
	static const char start[] = "https://h/p?";
	size_t		head = sizeof(start) - 1;
	size_t		size = head + 9000000;
	char	   *url = malloc(size);
	RdapiError	error;
	RdapiRequest *request;

	if (url == NULL)
		exit(EXIT_FAILURE);
	memset(url, 'x', size);
	memcpy(url, start, head);
	rdapi_error_clear(&error);
	request = rdapi_request_next(&documents, url, head + 8192, &error);
	tap_ok(request != NULL, "a link of 8 kB is followed");
	rdapi_request_free(request);
	request = rdapi_request_next(&documents, url, head + 8193, &error);
	tap_ok(request == NULL, "a longer one is not");
	tap_number(error.kind, RDAPI_ERR_PROTOCOL, "as it is no such link");
	tap_ok(rdapi_request_next(&documents, url, size, &error) == NULL,
		   "nor is one of megabytes");
	free(url);
}

int
main(void)
{
	documents.resource = rdapi_resource_find("supporting_documents");
	items.resource = rdapi_resource_find("item_assignments");
	items.parent_sid = BUNDLE;
	test_children();
	test_queries();
	test_urls();
	test_forms();
	test_next();
	test_long_links();
	return tap_done();
}
