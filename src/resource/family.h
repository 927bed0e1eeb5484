/*-------------------------------------------------------------------------
 *
 * family.h
 *	  All resources that there are.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_FAMILY_H
#define RDAPI_FAMILY_H

#include "resource.h"

extern const RdapiResource *const rdapi_resources[];
extern const int rdapi_nresources;

/* How many there can be at the most. */
#define RDAPI_MAX_RESOURCES	16

/* One file each, in the order in which they are to be listed. */
#define RDAPI_RESOURCES(RESOURCE) \
	RESOURCE(rdapi_supporting_documents) \
	RESOURCE(rdapi_supporting_document_types) \
	RESOURCE(rdapi_end_users) \
	RESOURCE(rdapi_end_user_types) \
	RESOURCE(rdapi_regulations) \
	RESOURCE(rdapi_bundles) \
	RESOURCE(rdapi_item_assignments) \
	RESOURCE(rdapi_evaluations) \
	RESOURCE(rdapi_bundle_copies) \
	RESOURCE(rdapi_bundle_clones)

#define RDAPI_DECLARE(name) extern const RdapiResource name;
RDAPI_RESOURCES(RDAPI_DECLARE)

/* Not listed, as it is no table: a request that changes a bundle. */
extern const RdapiResource rdapi_replace_items;

/* Enums that several of them share. */
extern const RdapiEnum rdapi_bundle_status;
extern const RdapiEnum rdapi_end_user_type;

/* State codes of those that have none of their own: the general one. */
extern const int rdapi_state_codes[];

#define RDAPI_LENGTH_OF(array)	((int) (sizeof(array) / sizeof((array)[0])))

/* A field that is only answered. */
#define RDAPI_READ_FIELD(name, type)	{name, type, NULL, 0, NULL}
#define RDAPI_PRIVATE_FIELD(name, type) \
	{name, type, NULL, RDAPI_FIELD_PRIVATE, NULL}

/* Whose the object is. */
#define RDAPI_ACCOUNT_FIELD \
	{"account_sid", RDAPI_FIELD_TEXT, NULL, RDAPI_FIELD_ACCOUNT, NULL}

/* The key of the parent, which a create has in its path. */
#define RDAPI_PARENT_FIELD(name) \
	{name, RDAPI_FIELD_TEXT, NULL, \
	RDAPI_FIELD_CREATE | RDAPI_FIELD_REQUIRED | RDAPI_FIELD_FROM_PATH, NULL}

/* What a bundle shows wherever it is answered, and cannot be given there. */
#define RDAPI_BUNDLE_FIELDS \
	[ACCOUNT_SID] = RDAPI_ACCOUNT_FIELD, \
	[REGULATION_SID] = RDAPI_READ_FIELD("regulation_sid", RDAPI_FIELD_TEXT), \
	[STATUS] = {"status", RDAPI_FIELD_ENUM, NULL, 0, &rdapi_bundle_status}, \
	[VALID_UNTIL] = RDAPI_READ_FIELD("valid_until", RDAPI_FIELD_TIMESTAMP), \
	[EMAIL] = RDAPI_PRIVATE_FIELD("email", RDAPI_FIELD_TEXT), \
	[STATUS_CALLBACK] = \
		RDAPI_PRIVATE_FIELD("status_callback", RDAPI_FIELD_TEXT), \
	[DATE_CREATED] = RDAPI_READ_FIELD("date_created", RDAPI_FIELD_TIMESTAMP), \
	[DATE_UPDATED] = RDAPI_READ_FIELD("date_updated", RDAPI_FIELD_TIMESTAMP)

/* The name of a bundle that is made of another one. */
#define RDAPI_BUNDLE_NAME_FIELD \
	{"friendly_name", RDAPI_FIELD_TEXT, "FriendlyName", \
	RDAPI_FIELD_CREATE | RDAPI_FIELD_PRIVATE, NULL}

/* All fields of a type of documents or end users. */
#define RDAPI_TYPE_FIELDS \
	[SID] = RDAPI_READ_FIELD("sid", RDAPI_FIELD_TEXT), \
	[FRIENDLY_NAME] = RDAPI_READ_FIELD("friendly_name", RDAPI_FIELD_TEXT), \
	[MACHINE_NAME] = RDAPI_READ_FIELD("machine_name", RDAPI_FIELD_TEXT), \
	[FIELDS] = RDAPI_READ_FIELD("fields", RDAPI_FIELD_JSON), \
	[URL] = RDAPI_READ_FIELD("url", RDAPI_FIELD_TEXT)

#endif							/* RDAPI_FAMILY_H */
