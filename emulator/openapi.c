/*
 * openapi.c
 *		Do the tables agree with the vendor's own description?
 *
 * The description is not part of the source tree. Where it is at hand, names,
 * order, types, patterns, forms, list parameters and verbs are compared.
 */
#include "openapi.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "filter.h"
#include "resource.h"

#define EMU_SID_PATTERN "[0-9a-fA-F]{32}$"

/* What is being compared. */
typedef struct EmuReading
{
	const json_t *openapi;
	const EmuResource *resource;
	int			faults;
} EmuReading;

static void
			emu_differs(EmuReading *reading, const char *format,...)
			__attribute__((format(printf, 2, 3)));

static void
emu_differs(EmuReading *reading, const char *format,...)
{
	va_list		args;

	printf("%s: ", reading->resource ? reading->resource->name : "all");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	reading->faults++;
}

/* A member by the names on the way, "a|b|c", or NULL. */
static const json_t *
emu_member(const json_t *json, const char *names)
{
	char		name[64];
	size_t		len;

	for (; *names != '\0'; names += len + (names[len] == '|'))
	{
		len = strcspn(names, "|");
		snprintf(name, sizeof(name), "%.*s", (int) len, names);
		json = json_object_get(json, name);
	}
	return json;
}

static const char *
emu_string(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

/* The schema itself, or the one that it refers to. */
static const json_t *
emu_resolve(const EmuReading *reading, const json_t *schema)
{
	const char *name = strrchr(emu_string(schema, "$ref"), '/');

	return name ? json_object_get(emu_member(reading->openapi,
											 "components|schemas"), name + 1) :
		schema;
}

static bool
emu_pattern_is(const char *prefix, const char *pattern)
{
	char		wanted[64];

	snprintf(wanted, sizeof(wanted), "^%s" EMU_SID_PATTERN,
			 *prefix == '?' ? "[a-zA-Z]{2}" : prefix);
	return strcmp(pattern, wanted) == 0;
}

/* Whether "a|b" has the values of an enum, in any order. */
static bool
emu_choices_are(const char *choices, const json_t *values)
{
	size_t		count = 1;
	size_t		i;

	for (i = 0; choices[i] != '\0'; i++)
		count += choices[i] == '|';
	for (i = 0; i < json_array_size(values); i++)
		if (strstr(choices, json_string_value(json_array_get(values, i))) ==
			NULL)
			return false;
	return count == json_array_size(values);
}

/* Whether a table's type is that of a schema. */
static bool
emu_type_is(EmuType type, const char *detail, const json_t *schema)
{
	const char *name = emu_string(schema, "type");
	const char *format = emu_string(schema, "format");
	const char *pattern = emu_string(schema, "pattern");
	const json_t *values = json_object_get(schema, "enum");

	switch (type)
	{
		case EMU_TEXT:
			return strcmp(name, "string") == 0 && *format == '\0' &&
				*pattern == '\0' && values == NULL;
		case EMU_TEXT_SID:
			return strcmp(name, "string") == 0 &&
				emu_pattern_is(detail, pattern);
		case EMU_DATE:
			return strcmp(format, "date-time") == 0;
		case EMU_URI:
			return strcmp(format, "uri") == 0;
		case EMU_CHOICE:
			/* of some parameters, the values are told in words alone */
			return strcmp(name, "string") == 0 &&
				(values == NULL || emu_choices_are(detail, values));
		case EMU_BOOLEAN:
			return strcmp(name, "boolean") == 0;
		case EMU_ARRAY:
			return strcmp(name, "array") == 0;
		case EMU_MAP:
			return strcmp(name, "object") == 0 &&
				strcmp(format, "uri-map") == 0;
		default:
			return *name == '\0';
	}
}

static void
emu_compare_fields(EmuReading *reading)
{
	const EmuField *field = reading->resource->fields;
	int			shown = emu_resource_shown(reading->resource);
	const json_t *schemas = emu_member(reading->openapi, "components|schemas");
	json_t	   *properties = json_object_get(
											 json_object_get(schemas, reading->resource->schema), "properties");
	void	   *at;
	int			i = 0;

	for (at = json_object_iter(properties); at != NULL;
		 at = json_object_iter_next(properties, at), i++)
	{
		const char *name = json_object_iter_key(at);

		if (i >= shown || strcmp(field[i].name, name) != 0)
			emu_differs(reading, "field %d is %s, not %s", i + 1, name,
						i < shown ? field[i].name : "missing");
		else if (!emu_type_is(field[i].type, field[i].detail,
							  emu_resolve(reading,
										  json_object_iter_value(at))))
			emu_differs(reading, "field %s has another type", name);
	}
	if (i < shown || i == 0)
		emu_differs(reading, "it has %d fields, not %d", i, shown);
}

static void
emu_compare_form(EmuReading *reading, const json_t *operation,
				 const EmuRule *rule)
{
	const json_t *schema = emu_member(operation, "requestBody|content|"
									  "application/x-www-form-urlencoded|schema");
	json_t	   *properties = json_object_get(schema, "properties");
	const json_t *required = json_object_get(schema, "required");
	size_t		demanded = 0;
	void	   *at;

	for (at = json_object_iter(properties); at != NULL;
		 at = json_object_iter_next(properties, at))
	{
		const char *name = json_object_iter_key(at);

		if (rule == NULL || rule->name == NULL ||
			strcmp(rule->name, name) != 0)
		{
			emu_differs(reading, "there is a parameter %s", name);
			return;
		}
		if (!emu_type_is(rule->type, rule->detail,
						 emu_resolve(reading, json_object_iter_value(at))))
			emu_differs(reading, "parameter %s has another type", name);
		demanded += rule->required;
		rule++;
	}
	if (rule != NULL && rule->name != NULL)
		emu_differs(reading, "there is no parameter %s", rule->name);
	if (demanded != json_array_size(required))
		emu_differs(reading, "%zu parameters are required",
					json_array_size(required));
}

/* The filter of that name, or the one that ends the table. */
static const EmuFilter *
emu_filter_find(const EmuFilter *filter, const char *name)
{
	while (filter != NULL && filter->name != NULL &&
		   strcmp(filter->name, name) != 0)
		filter++;
	return filter;
}

static void
emu_compare_filters(EmuReading *reading, const json_t *operation)
{
	const json_t *parameters = json_object_get(operation, "parameters");
	const EmuFilter *filter = reading->resource->filters;
	size_t		known = 0;
	size_t		i;

	for (i = 0; i < json_array_size(parameters); i++)
	{
		const json_t *parameter = json_array_get(parameters, i);
		const char *name = emu_string(parameter, "name");

		if (strcmp(emu_string(parameter, "in"), "query") != 0 ||
			strncmp(name, "Page", 4) == 0)
			continue;
		filter = emu_filter_find(reading->resource->filters, name);
		if (filter == NULL || filter->name == NULL)
			emu_differs(reading, "there is a list parameter %s", name);
		else if (filter->test != EMU_AMONG &&
				 !emu_type_is(filter->type, filter->detail,
							  emu_resolve(reading,
										  json_object_get(parameter,
														  "schema"))))
			emu_differs(reading, "list parameter %s has another type", name);
		known++;
	}
	for (filter = reading->resource->filters;
		 filter != NULL && filter->name != NULL; filter++)
		if (known-- == 0)
			emu_differs(reading, "there is no list parameter %s",
						filter->name);
}

/* Whether both say the same, whatever is within the braces. */
static bool
emu_path_is(const char *path, const char *template)
{
	for (; *template != '\0'; template++, path++)
	{
		if (*path != *template)
			return false;
		if (*template != '{')
			continue;
		path = strchr(path, '}');
		template++;
	}
	return *path == '\0';
}

/* The description of a path, or NULL. */
static const json_t *
emu_path_find(const EmuReading *reading, const char *template)
{
	json_t	   *paths = json_object_get(reading->openapi, "paths");
	void	   *at;

	for (at = json_object_iter(paths); at != NULL;
		 at = json_object_iter_next(paths, at))
		if (emu_path_is(json_object_iter_key(at), template))
			return json_object_iter_value(at);
	return NULL;
}

static void
emu_compare_verb(EmuReading *reading, EmuKind kind, const json_t *operation,
				 const char *status)
{
	bool		here = (reading->resource->verbs & EMU_VERB(kind)) != 0;
	const json_t *answer;

	if (here != (operation != NULL))
		emu_differs(reading, "%s is %s", emu_kind_names[kind],
					here ? "not described" : "missing");
	if (operation == NULL)
		return;
	answer = json_object_get(json_object_get(operation, "responses"), status);
	if (answer == NULL)
		emu_differs(reading, "%s does not answer %s", emu_kind_names[kind],
					status);
	if (kind == EMU_CREATE || kind == EMU_UPDATE)
		emu_compare_form(reading, operation, kind == EMU_CREATE ?
						 reading->resource->create :
						 reading->resource->update);
	if (kind != EMU_LIST)
		return;
	emu_compare_filters(reading, operation);
	if (json_object_get(emu_member(answer, "content|application/json|schema|"
								   "properties"),
						reading->resource->list_key) == NULL)
		emu_differs(reading, "the key of the list is not %s",
					reading->resource->list_key);
}

/* The patterns of the sids in a path, as far as they are told. */
static void
emu_compare_sids(EmuReading *reading, const json_t *operation)
{
	const json_t *parameters = json_object_get(operation, "parameters");
	size_t		i;

	for (i = 0; i < json_array_size(parameters); i++)
	{
		const json_t *parameter = json_array_get(parameters, i);
		const char *pattern =
		emu_string(json_object_get(parameter, "schema"), "pattern");
		const EmuResource *resource = reading->resource;

		if (strcmp(emu_string(parameter, "in"), "path") != 0 ||
			*pattern == '\0')
			continue;
		if (strcmp(emu_string(parameter, "name"), "Sid") != 0)
			resource = resource->parent ? resource->parent : resource->rows;
		if (!emu_pattern_is(resource->prefix, pattern))
			emu_differs(reading, "a sid has the pattern %s", pattern);
	}
}

static void
emu_compare_resource(EmuReading *reading)
{
	char		path[128];
	const json_t *list;
	const json_t *member;

	snprintf(path, sizeof(path), "%s%s", EMU_FAMILY_PATH,
			 reading->resource->path);
	list = emu_path_find(reading, path);
	strcat(path, "/{}");
	member = emu_path_find(reading, path);
	emu_compare_fields(reading);
	emu_compare_verb(reading, EMU_LIST, json_object_get(list, "get"), "200");
	emu_compare_verb(reading, EMU_CREATE, json_object_get(list, "post"),
					 "201");
	emu_compare_verb(reading, EMU_FETCH, json_object_get(member, "get"),
					 "200");
	emu_compare_verb(reading, EMU_UPDATE, json_object_get(member, "post"),
					 "200");
	emu_compare_verb(reading, EMU_DELETE, json_object_get(member, "delete"),
					 "204");
	emu_compare_sids(reading, json_object_get(list, "post"));
	emu_compare_sids(reading, json_object_get(member, "get"));
}

/* A path with something to do at it that no resource has. */
static void
emu_compare_paths(EmuReading *reading)
{
	json_t	   *paths = json_object_get(reading->openapi, "paths");
	char		list[128];
	char		member[160];
	void	   *at;
	int			i;

	reading->resource = NULL;
	for (at = json_object_iter(paths); at != NULL;
		 at = json_object_iter_next(paths, at))
	{
		const char *path = json_object_iter_key(at);
		const json_t *verbs = json_object_iter_value(at);

		for (i = 0; i < emu_resource_count; i++)
		{
			snprintf(list, sizeof(list), "%s%s", EMU_FAMILY_PATH,
					 emu_resources[i]->path);
			snprintf(member, sizeof(member), "%s/{}", list);
			if (emu_path_is(path, list) || emu_path_is(path, member))
				break;
		}
		if (i == emu_resource_count && (json_object_get(verbs, "get") ||
										json_object_get(verbs, "post")))
			emu_differs(reading, "there is a path %s", path);
	}
}

/* Prints what differs; returns the process's exit code. */
int
emu_openapi_check(const char *file)
{
	json_error_t error;
	json_t	   *openapi = json_load_file(file, 0, &error);
	EmuReading	reading = {openapi, NULL, 0};
	int			i;

	if (openapi == NULL)
	{
		fprintf(stderr, "regdocs-emulator: \"%s\": %s\n", file, error.text);
		return 2;
	}
	for (i = 0; i < emu_resource_count; i++)
	{
		reading.resource = emu_resources[i];
		emu_compare_resource(&reading);
	}
	emu_compare_paths(&reading);
	json_decref(openapi);
	return reading.faults > 0 ? 1 : 0;
}
