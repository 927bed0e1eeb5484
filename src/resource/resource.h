/*-------------------------------------------------------------------------
 *
 * resource.h
 *	  The resources of the API, as data: paths, keys, verbs, fields, and what
 *	  can be asked of their lists.
 *
 * Everything else reads this.  Another resource of the family is another file
 * like those beside this one, and a line in family.c.  Names, order, types and
 * patterns follow the vendor's published description of the Regulatory
 * Compliance API.
 *
 *-------------------------------------------------------------------------
 */
#ifndef RDAPI_RESOURCE_H
#define RDAPI_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

/* What a field's value is in JSON, or how it is sent. */
typedef enum RdapiFieldType
{
	RDAPI_FIELD_TEXT,			/* a string */
	RDAPI_FIELD_ENUM,			/* a string out of a small set */
	RDAPI_FIELD_BOOLEAN,		/* true or false */
	RDAPI_FIELD_TIMESTAMP,		/* a string, ISO 8601 with zone */
	RDAPI_FIELD_JSON,			/* any value */
	RDAPI_FIELD_FILE			/* sent as a file, never answered */
} RdapiFieldType;

/* The labels of an enum, in their order. */
typedef struct RdapiEnum
{
	const char *sql_type;		/* "regdocs_status": the type made of them */
	const char *const *labels;
	int			nlabels;
} RdapiEnum;

/* Where a field may be sent, and what is odd about it. */
#define RDAPI_FIELD_CREATE		0x01	/* in a create */
#define RDAPI_FIELD_UPDATE		0x02	/* in an update */
#define RDAPI_FIELD_REQUIRED	0x04	/* every create needs it */
#define RDAPI_FIELD_ALONE		0x08	/* an update of it is a request of its
										 * own */
#define RDAPI_FIELD_WRITE_ONLY	0x10	/* never answered: reads as NULL, and
										 * no condition may use it */
#define RDAPI_FIELD_FROM_PATH	0x20	/* the parent's key, which is in the
										 * path: a create has it there, an
										 * answer may lack it */
#define RDAPI_FIELD_PRIVATE		0x40	/* it may hold personal data: no
										 * message may show it */
#define RDAPI_FIELD_ACCOUNT		0x80	/* the account's own sid: a create may
										 * name it, and it is never sent */

typedef struct RdapiField
{
	const char *name;			/* its key in the JSON object */
	RdapiFieldType type;
	const char *form_name;		/* its parameter in a form; NULL: in none */
	unsigned	flags;			/* RDAPI_FIELD_CREATE | ... */
	const RdapiEnum *labels;	/* of RDAPI_FIELD_ENUM, else NULL */
} RdapiField;

/* What a parameter of a list asks of a field. */
typedef enum RdapiTest
{
	RDAPI_TEST_EQUAL,			/* it has that value */
	RDAPI_TEST_ONE_OF,			/* ... one of those, separated by commas */
	RDAPI_TEST_FROM,			/* it is a time after that day, or on it */
	RDAPI_TEST_TO,				/* ... before that day, or on it */
	RDAPI_TEST_PRESENT			/* it is there ("true") or null ("false") */
} RdapiTest;

typedef struct RdapiFilter
{
	int			field;			/* index */
	RdapiTest	test;
	const char *parameter;		/* its name, not encoded */
	int			most;			/* values in one request */

	/*
	 * Which values the API takes, where it does not take any; others it may
	 * refuse.  Those of an enum are its labels.
	 */
	const char *sid_prefix;		/* sids with that prefix, or NULL */
	const RdapiEnum *labels;	/* these, or NULL */
	size_t		length;			/* those of so many bytes; 0: of any number */
} RdapiFilter;

/* An order that a list can be asked for. */
typedef struct RdapiSort
{
	int			field;			/* index */
	const char *value;			/* of the parameter "SortBy" */
	bool		never_null;		/* else it is not known where nulls come */
} RdapiSort;

#define RDAPI_SORT_PARAMETER		"SortBy"
#define RDAPI_DIRECTION_PARAMETER	"SortDirection"
#define RDAPI_ASCENDING				"ASC"
#define RDAPI_DESCENDING			"DESC"

/* What the API can do with a resource. */
#define RDAPI_CAN_LIST		0x01
#define RDAPI_CAN_FETCH		0x02
#define RDAPI_CAN_CREATE	0x04
#define RDAPI_CAN_UPDATE	0x08
#define RDAPI_CAN_DELETE	0x10
#define RDAPI_CAN_ALL		0x1F

/* What the column is called that shows an object whole, as it was sent. */
#define RDAPI_WHOLE_OBJECT	"document"

/* In the place of a field's index: there is none. */
#define RDAPI_NO_FIELD		(-1)

typedef struct RdapiResource RdapiResource;

struct RdapiResource
{
	/* What it is called */
	const char *name;			/* "bundle_copies": also of its table */
	const char *noun;			/* "bundle copy" */
	const char *plural;			/* "bundle copies" */

	/* Where it is */
	const char *path;			/* "/v2/.../Bundles/{bundle_sid}/Copies": the
								 * braces stand for the parent's key */
	const char *list_key;		/* the key of the list in a page */
	const char *sid_prefix;		/* "BU"; NULL: it has no sid of its own */
	unsigned	operations;		/* RDAPI_CAN_LIST | ... */
	const RdapiResource *parent;	/* in whose path it is; NULL: none */
	double		typical_rows;	/* of one list, where nothing is known */

	/* What it has; all indexes of fields, or RDAPI_NO_FIELD */
	int			sid_field;
	int			parent_field;	/* with the parent's key */
	int			file_proof_field;	/* empty in the answer to an upload: the
									 * file was not taken */
	const RdapiField *fields;
	int			nfields;

	/* What its list can be asked for */
	const RdapiFilter *filters;
	int			nfilters;
	const RdapiSort *sorts;
	int			nsorts;
	const char *constraints_parameter;	/* "true" asks for more of each; NULL:
										 * there is none */

	/* What to do instead of a condition on what is write-only; NULL: nothing */
	const char *write_only_hint;

	/* What to do when nobody knows whether a create was done; NULL: look */
	const char *unknown_hint;

	/* The API's codes for a state that forbids the change, up to 0 */
	const int  *state_codes;
};

/* How many fields a resource may have; lets callers keep bit masks. */
#define RDAPI_MAX_FIELDS	32

/* A SID is its two-letter prefix and 32 hexadecimal digits. */
#define RDAPI_SID_BYTES		34

/* The resource of that name, BORROWED; NULL: there is none. */
extern const RdapiResource *rdapi_resource_find(const char *name);

/* The index of the field of that name; RDAPI_NO_FIELD: there is none. */
extern int	rdapi_resource_field(const RdapiResource *resource,
								 const char *name);

/*
 * The index of the filter that asks that of the field; -1: there is none.
 */
extern int	rdapi_resource_filter(const RdapiResource *resource, int field,
								  RdapiTest test);

/* Is the resource to be found in the path of another one's object? */
static inline bool
rdapi_resource_is_child(const RdapiResource *resource)
{
	return resource->parent != NULL;
}

static inline bool
rdapi_resource_can(const RdapiResource *resource, unsigned operations)
{
	return (resource->operations & operations) == operations;
}

/* Is it one of the enum's labels?  label need not be terminated. */
extern bool rdapi_enum_has(const RdapiEnum *labels, const char *label,
						   size_t length);

/*
 * Is it the prefix and 32 hexadecimal digits, of either case?  prefix NULL:
 * any two letters.
 */
extern bool rdapi_sid_is_valid(const char *prefix, const char *sid,
							   size_t length);

#endif							/* RDAPI_RESOURCE_H */
