/*-------------------------------------------------------------------------
 *
 * test_resource.c
 *	  The table of resources, and SIDs.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "src/resource/family.h"
#include "tap.h"

#define DIGITS	"0123456789abcdefABCDEF0123456789"

/* What the rest of the code takes for granted of every description. */
static void
check_description(const RdapiResource *resource)
{
	bool		child = resource->parent != NULL;
	int			i;

	tap_ok(resource->nfields <= RDAPI_MAX_FIELDS,
		   "it has no more fields than allowed");
	tap_number(strlen(resource->sid_prefix), 2, "its prefix has two letters");
	tap_ok(resource->sid_field != RDAPI_NO_FIELD, "it has a key");
	tap_number(resource->parent_field != RDAPI_NO_FIELD, child,
			   "a parent's key, if it is a child");
	tap_number(strchr(resource->path, '{') != NULL, child,
			   "which is in its path");
	if (child)
		tap_ok(resource->fields[resource->parent_field].flags &
			   RDAPI_FIELD_FROM_PATH, "and comes from there");
	for (i = 0; i < resource->nfields; i++)
	{
		const RdapiField *field = &resource->fields[i];
		bool		sent = (field->flags &
							(RDAPI_FIELD_CREATE | RDAPI_FIELD_UPDATE)) != 0;

		tap_number(field->form_name != NULL ||
				   (field->flags & RDAPI_FIELD_FROM_PATH), sent,
				   "%s has a parameter if it is sent", field->name);
		tap_number(field->labels != NULL, field->type == RDAPI_FIELD_ENUM,
				   "... and labels if it is an enum");
	}
}

static void
test_table(void)
{
	const RdapiResource *documents = &rdapi_supporting_documents;
	const RdapiResource *bundles = &rdapi_bundles;
	int			i;

	tap_ok(rdapi_resource_find("bundle") == NULL, "others are not found");
	for (i = 0; i < rdapi_nresources; i++)
	{
		tap_ok(rdapi_resource_find(rdapi_resources[i]->name) ==
			   rdapi_resources[i],
			   "%s is found by its name", rdapi_resources[i]->name);
		check_description(rdapi_resources[i]);
	}
	tap_ok(rdapi_resource_find(rdapi_replace_items.name) == NULL,
		   "the request to replace items is no table");
	check_description(&rdapi_replace_items);

	tap_number(rdapi_resource_field(documents, "sid"), 0, "sid comes first");
	tap_number(rdapi_resource_field(documents, "url"), 11, "url is the 12th");
	tap_number(rdapi_resource_field(documents, "file"), 12, "file comes last");
	tap_number(rdapi_resource_field(documents, "Sid"), -1,
			   "names of fields are case-sensitive");
	tap_number(rdapi_resource_filter(bundles,
									 rdapi_resource_field(bundles, "status"),
									 RDAPI_TEST_EQUAL), 1,
			   "bundles can be asked for by status");
	tap_number(rdapi_resource_filter(bundles,
									 rdapi_resource_field(bundles, "status"),
									 RDAPI_TEST_FROM), -1,
			   "but not for statuses from one on");
	tap_number(rdapi_resource_filter(documents, 4, RDAPI_TEST_EQUAL), -1,
			   "documents cannot");
	tap_ok(rdapi_resource_can(bundles, RDAPI_CAN_UPDATE | RDAPI_CAN_DELETE),
		   "bundles can be updated and deleted");
	tap_ok(!rdapi_resource_can(&rdapi_item_assignments,
							   RDAPI_CAN_UPDATE | RDAPI_CAN_DELETE),
		   "item assignments not both");
	tap_ok(rdapi_enum_has(&rdapi_bundle_status, "in-review and more", 9),
		   "a label is found");
	tap_ok(!rdapi_enum_has(&rdapi_bundle_status, "in-revie", 8) &&
		   !rdapi_enum_has(&rdapi_bundle_status, "In-review", 9),
		   "but nothing else");
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
	tap_ok(rdapi_sid_is_valid(NULL, "xY" DIGITS, RDAPI_SID_BYTES) &&
		   !rdapi_sid_is_valid(NULL, "x1" DIGITS, RDAPI_SID_BYTES),
		   "without a prefix, any two letters");
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
