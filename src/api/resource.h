/*-------------------------------------------------------------------------
 *
 * resource.h
 *	  The resources of the API, as data: paths, list keys, fields, and by
 *	  what form names the fields can be written.
 *
 * Another resource of the family is another entry in resource.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_RESOURCE_H
#define RDAPI_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum RdapiFieldType
{
	RDAPI_FIELD_TEXT,			/* a JSON string */
	RDAPI_FIELD_STATUS,			/* a JSON string out of a small set */
	RDAPI_FIELD_TIMESTAMP,		/* a JSON string, ISO 8601 with zone */
	RDAPI_FIELD_JSON,			/* any JSON value */
	RDAPI_FIELD_FILE			/* sent as a file, never answered */
} RdapiFieldType;

/* Where a field may be sent. */
#define RDAPI_FIELD_CREATE		0x01	/* in a create */
#define RDAPI_FIELD_UPDATE		0x02	/* in an update */
#define RDAPI_FIELD_REQUIRED	0x04	/* every create needs it */

/* What it holds may be personal data: no message may show it. */
#define RDAPI_FIELD_PRIVATE		0x08

typedef struct RdapiField
{
	const char *name;			/* its key in the JSON object */
	RdapiFieldType type;
	const char *form_name;		/* its parameter in a form; NULL: never sent */
	unsigned	flags;			/* RDAPI_FIELD_CREATE | ... */
} RdapiField;

typedef struct RdapiResource
{
	const char *name;			/* "supporting_documents" */
	const char *noun;			/* "document": what messages call one of them */
	const char *path;			/* "/v2/RegulatoryCompliance/..." */
	const char *list_key;		/* the key of the list in a page */
	const char *sid_prefix;		/* "RD" */
	int			sid_field;		/* its index in fields */
	int			nfields;
	const RdapiField *fields;
} RdapiResource;

/* How many fields a resource may have; lets callers keep bit masks. */
#define RDAPI_MAX_FIELDS	32

/* A SID is its two-letter prefix and 32 hexadecimal digits. */
#define RDAPI_SID_BYTES		34

/* All resources, in the order in which they are to be listed. */
extern const RdapiResource *const rdapi_resources[];
extern const int rdapi_nresources;

/* The resource of that name, BORROWED; NULL: there is none. */
extern const RdapiResource *rdapi_resource_find(const char *name);

/* The index of the field of that name; -1: there is none. */
extern int	rdapi_resource_field(const RdapiResource *resource,
								 const char *name);

/* Is it the prefix and 32 hexadecimal digits, of either case? */
extern bool rdapi_sid_is_valid(const char *prefix, const char *sid,
							   size_t length);

#endif							/* RDAPI_RESOURCE_H */
