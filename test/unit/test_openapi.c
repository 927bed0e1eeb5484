/*-------------------------------------------------------------------------
 *
 * test_openapi.c
 *	  Do the descriptions of resources agree with the vendor's?
 *
 * The vendor's description of the API, in OpenAPI, is not part of this
 * project.  The environment variable REGDOCS_OPENAPI says where it is; where it
 * is not there, there is nothing to compare with.
 *
 *-------------------------------------------------------------------------
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "src/resource/family.h"
#include "tap.h"

#define SCHEMAS			"numbers.v2.regulatory_compliance."
#define REFERENCE		"#/components/schemas/"
#define TEXT_BYTES		256

/* Which schema describes which resource. */
static const struct
{
	const char *resource;
	const char *schema;
}			described[] =

{
	{"supporting_documents", SCHEMAS "supporting_document"},
	{"supporting_document_types", SCHEMAS "supporting_document_type"},
	{"end_users", SCHEMAS "end_user"},
	{"end_user_types", SCHEMAS "end_user_type"},
	{"regulations", SCHEMAS "regulation"},
	{"bundles", SCHEMAS "bundle"},
	{"item_assignments", SCHEMAS "bundle.item_assignment"},
	{"evaluations", SCHEMAS "bundle.evaluation"},
	{"bundle_copies", SCHEMAS "bundle.bundle_copy"},
	{"bundle_clones", "numbers.v2.bundle_clone"}
};

static json_t *description;

static json_t *
schema_named(const char *name)
{
	return json_object_get(json_object_get(json_object_get(description,
														   "components"),
										   "schemas"), name);
}

/* What a schema that only points to another one points to. */
static const json_t *
follow(const json_t *schema)
{
	const char *reference =
	json_string_value(json_object_get(schema, "$ref"));

	if (reference == NULL)
		return schema;
	return schema_named(reference + strlen(REFERENCE));
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

/* The labels are those of the schema, in its order. */
static void
check_labels(const RdapiEnum *labels, const json_t *schema, const char *name)
{
	const json_t *list = json_object_get(follow(schema), "enum");
	size_t		i;

	tap_number((int) json_array_size(list), labels->nlabels,
			   "%s has as many labels", name);
	for (i = 0; i < json_array_size(list) && (int) i < labels->nlabels; i++)
		tap_equal(labels->labels[i], json_string_value(json_array_get(list, i)),
				  "label %d of %s", (int) i + 1, name);
}

static void
check_type(const RdapiResource *resource, const RdapiField *field,
		   const json_t *schema)
{
	const char *type = text_of(schema, "type");
	const char *format = text_of(schema, "format");
	RdapiFieldType expected = RDAPI_FIELD_JSON;

	if (json_object_get(follow(schema), "enum") != NULL)
		expected = RDAPI_FIELD_ENUM;
	else if (strcmp(format, "date-time") == 0)
		expected = RDAPI_FIELD_TIMESTAMP;
	else if (strcmp(type, "string") == 0)
		expected = RDAPI_FIELD_TEXT;
	else if (strcmp(type, "boolean") == 0)
		expected = RDAPI_FIELD_BOOLEAN;
	tap_number(field->type, expected, "type of %s.%s", resource->name,
			   field->name);
	if (expected == RDAPI_FIELD_ENUM)
		check_labels(field->labels, schema, field->name);
}

/*
 * The answer's fields come in the schema's order; before them is what only the
 * path has, behind them what is only sent.
 */
static void
check_fields(const RdapiResource *resource, const json_t *schema)
{
	json_t	   *properties = json_object_get(schema, "properties");
	const char *name;
	json_t	   *property;
	int			field = 0;

	if (resource->parent_field == 0 &&
		json_object_get(properties, resource->fields[0].name) == NULL)
		field++;
	json_object_foreach(properties, name, property)
	{
		if (field == resource->nfields)
			break;
		tap_equal(resource->fields[field].name, name, "field %d of %s",
				  field + 1, resource->name);
		check_type(resource, &resource->fields[field], property);
		field++;
	}
	for (; field < resource->nfields; field++)
		tap_ok(resource->fields[field].flags & RDAPI_FIELD_WRITE_ONLY,
			   "%s.%s is only sent", resource->name,
			   resource->fields[field].name);
}

static void
check_prefix(const RdapiResource *resource, const json_t *schema)
{
	char		pattern[TEXT_BYTES];
	const json_t *properties = json_object_get(schema, "properties");
	const char *key = resource->fields[resource->sid_field].name;

	snprintf(pattern, sizeof(pattern), "^%s[0-9a-fA-F]{32}$",
			 resource->sid_prefix);
	tap_equal(text_of(json_object_get(properties, key), "pattern"), pattern,
			  "pattern of the key of %s", resource->name);
}

/* The path as the vendor writes it: with {BundleSid}, and {Sid} for one. */
static const json_t *
find_path(const RdapiResource *resource, const char *own_key)
{
	char		path[TEXT_BYTES];
	size_t		before = strcspn(resource->path, "{");
	const char *after = resource->path + before;

	if (*after == '{')
	{
		after = strchr(after, '}') + 1;
		snprintf(path, sizeof(path), "%.*s{BundleSid}%s%s", (int) before,
				 resource->path, after, own_key);
	}
	else
		snprintf(path, sizeof(path), "%s%s", resource->path, own_key);
	return json_object_get(json_object_get(description, "paths"), path);
}

static void
check_operations(const RdapiResource *resource)
{
	const json_t *all = find_path(resource, "");
	const json_t *one = find_path(resource, "/{Sid}");
	unsigned	operations = 0;

	if (json_object_get(all, "get") != NULL)
		operations |= RDAPI_CAN_LIST;
	if (json_object_get(one, "get") != NULL)
		operations |= RDAPI_CAN_FETCH;
	if (json_object_get(all, "post") != NULL)
		operations |= RDAPI_CAN_CREATE;
	if (json_object_get(one, "post") != NULL)
		operations |= RDAPI_CAN_UPDATE;
	if (json_object_get(one, "delete") != NULL)
		operations |= RDAPI_CAN_DELETE;
	tap_number((int) resource->operations, (int) operations, "verbs of %s",
			   resource->name);
}

static const RdapiField *
field_of_form(const RdapiResource *resource, const char *form_name,
			  unsigned flag)
{
	int			i;

	for (i = 0; i < resource->nfields; i++)
	{
		const RdapiField *field = &resource->fields[i];

		if (field->form_name != NULL && (field->flags & flag) &&
			strcmp(field->form_name, form_name) == 0)
			return field;
	}
	return NULL;
}

/* How many fields go into the form of that request; files go elsewhere. */
static int
count_form(const RdapiResource *resource, unsigned flag)
{
	int			count = 0;
	int			i;

	for (i = 0; i < resource->nfields; i++)
	{
		if (resource->fields[i].form_name != NULL &&
			(resource->fields[i].flags & flag) &&
			resource->fields[i].type != RDAPI_FIELD_FILE)
			count++;
	}
	return count;
}

static bool
is_required(const json_t *form, const char *name)
{
	const json_t *required = json_object_get(form, "required");
	size_t		i;

	for (i = 0; i < json_array_size(required); i++)
	{
		if (strcmp(json_string_value(json_array_get(required, i)), name) == 0)
			return true;
	}
	return false;
}

static void
check_form(const RdapiResource *resource, const json_t *path, unsigned flag)
{
	const json_t *content =
	json_object_get(json_object_get(json_object_get(path, "post"),
									"requestBody"), "content");
	const json_t *form =
	json_object_get(json_object_get(content,
									"application/x-www-form-urlencoded"),
					"schema");
	json_t	   *properties = json_object_get(form, "properties");
	const char *name;
	json_t	   *property;

	tap_number((int) json_object_size(properties), count_form(resource, flag),
			   "%s: as many parameters of a form", resource->name);
	json_object_foreach(properties, name, property)
	{
		const RdapiField *field = field_of_form(resource, name, flag);

		tap_ok(field != NULL, "%s: %s is known", resource->name, name);
		if (field == NULL || flag != RDAPI_FIELD_CREATE)
			continue;
		tap_number((field->flags & RDAPI_FIELD_REQUIRED) != 0,
				   is_required(form, name), "%s: is %s required?",
				   resource->name, name);
	}
}

/* Each parameter that is sent is one of the vendor's. */
static bool
list_has(const RdapiResource *resource, const char *parameter)
{
	const json_t *list =
	json_object_get(json_object_get(find_path(resource, ""), "get"),
					"parameters");
	size_t		i;

	for (i = 0; i < json_array_size(list); i++)
	{
		if (strcmp(text_of(json_array_get(list, i), "name"), parameter) == 0)
			return true;
	}
	return false;
}

static void
check_list(const RdapiResource *resource)
{
	int			i;

	for (i = 0; i < resource->nfilters; i++)
		tap_ok(list_has(resource, resource->filters[i].parameter),
			   "%s can be asked for %s", resource->name,
			   resource->filters[i].parameter);
	if (resource->constraints_parameter != NULL)
		tap_ok(list_has(resource, resource->constraints_parameter),
			   "%s can be asked for %s", resource->name,
			   resource->constraints_parameter);
	if (resource->nsorts > 0)
		tap_ok(list_has(resource, RDAPI_SORT_PARAMETER) &&
			   list_has(resource, RDAPI_DIRECTION_PARAMETER),
			   "%s can be asked for in an order", resource->name);
	for (i = 0; i < resource->nsorts; i++)
	{
		const json_t *values =
		json_object_get(schema_named("bundle_enum_sort_by"), "enum");
		size_t		j;
		bool		found = false;

		for (j = 0; j < json_array_size(values); j++)
		{
			const char *value = json_string_value(json_array_get(values, j));

			found = found || strcmp(value, resource->sorts[i].value) == 0;
		}
		tap_ok(found, "%s by %s", resource->name, resource->sorts[i].value);
	}
}

static void
check_resource(const RdapiResource *resource, const char *schema_name)
{
	const json_t *schema = schema_named(schema_name);

	check_fields(resource, schema);
	check_prefix(resource, schema);
	check_operations(resource);
	check_form(resource, find_path(resource, ""), RDAPI_FIELD_CREATE);
	check_form(resource, find_path(resource, "/{Sid}"), RDAPI_FIELD_UPDATE);
	check_list(resource);
}

int
main(void)
{
	const char *file = getenv("REGDOCS_OPENAPI");
	int			i;

	if (file == NULL || access(file, F_OK) != 0)
	{
		printf("ok 1 - # skip the vendor's description is not here\n1..1\n");
		return 0;
	}
	description = json_load_file(file, 0, NULL);
	tap_ok(description != NULL, "the vendor's description can be read");
	tap_number((int) (sizeof(described) / sizeof(described[0])),
			   rdapi_nresources, "every resource is described");
	for (i = 0; i < rdapi_nresources; i++)
	{
		const RdapiResource *resource =
		rdapi_resource_find(described[i].resource);

		tap_ok(resource != NULL && schema_named(described[i].schema) != NULL,
			   "%s is there", described[i].resource);
		check_resource(resource, described[i].schema);
	}
	check_resource(&rdapi_replace_items, SCHEMAS "bundle.replace_items");
	json_decref(description);
	return tap_done();
}
