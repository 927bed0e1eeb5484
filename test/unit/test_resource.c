/*-------------------------------------------------------------------------
 *
 * test_resource.c
 *	  The table of resources, and SIDs.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "src/api/resource.h"
#include "tap.h"

#define DIGITS	"0123456789abcdefABCDEF0123456789"

static void
test_table(void)
{
	const RdapiResource *documents = rdapi_resource_find("supporting_documents");
	int			i;

	tap_ok(rdapi_resource_find("bundles") == NULL, "others are not found");
	tap_ok(documents != NULL, "supporting documents are found");
	for (i = 0; i < rdapi_nresources; i++)
	{
		const RdapiResource *resource = rdapi_resources[i];

		tap_ok(rdapi_resource_find(resource->name) == resource,
			   "%s is found by its name", resource->name);
		tap_ok(resource->nfields <= RDAPI_MAX_FIELDS,
			   "it has no more fields than allowed");
		tap_equal(resource->fields[resource->sid_field].name, "sid",
				  "its SID is where it should be");
	}
	tap_number(rdapi_resource_field(documents, "sid"), 0, "sid comes first");
	tap_number(rdapi_resource_field(documents, "url"), 11, "url is the 12th");
	tap_number(rdapi_resource_field(documents, "file"), 12, "file comes last");
	tap_number(rdapi_resource_field(documents, "Sid"), -1,
			   "names of fields are case-sensitive");
}

static bool
valid(const char *sid)
{
	return rdapi_sid_is_valid("RD", sid, strlen(sid));
}

static void
test_sid(void)
{
	tap_ok(valid("RD" DIGITS), "digits of both cases are valid");
	tap_ok(!valid("AC" DIGITS), "another prefix is not");
	tap_ok(!valid("rd" DIGITS), "nor is the prefix in lower case");
	tap_ok(!valid("RD" DIGITS "0"), "nor one digit more");
	tap_ok(!rdapi_sid_is_valid("RD", "RD" DIGITS, RDAPI_SID_BYTES - 1),
		   "nor one less");
	tap_ok(!valid(""), "nor nothing");
	tap_ok(!valid("RDg123456789abcdefABCDEF0123456789"), "nor other letters");
	tap_ok(!valid("RD0123456789abcdefABCDEF01234567/9"), "nor a slash");
	tap_ok(!rdapi_sid_is_valid("RD",
							   "RD0123456789abcdef\0ABCDEF012345678", 34),
		   "nor a NUL");
	tap_ok(rdapi_sid_is_valid("RD", "RD" DIGITS "?", RDAPI_SID_BYTES),
		   "it need not be terminated");
}

int
main(void)
{
	test_table();
	test_sid();
	return tap_done();
}
