/*
 * resource.c
 *		Which resources are there, and what does a table of theirs say?
 */
#include "resource.h"

#include <string.h>

#define EMU_LIST_ITEM(name) &name,

const EmuResource *const emu_resources[] = {
	EMU_RESOURCES(EMU_LIST_ITEM)
};

const int	emu_resource_count =
(int) (sizeof(emu_resources) / sizeof(*emu_resources));

/* Its place in the list, or -1 for NULL. */
int
emu_resource_number(const EmuResource *resource)
{
	int			i;

	for (i = 0; i < emu_resource_count; i++)
		if (emu_resources[i] == resource)
			return i;
	return -1;
}

const EmuResource *
emu_resource_named(const char *name)
{
	int			i;

	for (i = 0; i < emu_resource_count; i++)
		if (strcmp(emu_resources[i]->name, name) == 0)
			return emu_resources[i];
	return NULL;
}

/* The resource that keeps its rows. */
const EmuResource *
emu_resource_rows(const EmuResource *resource)
{
	return resource->rows != NULL ? resource->rows : resource;
}

/* How many fields it shows; the hidden ones follow them. */
int
emu_resource_shown(const EmuResource *resource)
{
	int			i = 0;

	while (resource->fields[i].name != NULL &&
		   resource->fields[i].role != EMU_HIDDEN)
		i++;
	return i;
}

/* A field by its name, the hidden ones too, or EMU_NO_FIELD. */
int
emu_resource_field(const EmuResource *resource, const char *name)
{
	int			i;

	for (i = 0; resource->fields[i].name != NULL; i++)
		if (strcmp(resource->fields[i].name, name) == 0)
			return i;
	return EMU_NO_FIELD;
}

/* The field of that role, or EMU_NO_FIELD. */
int
emu_resource_role(const EmuResource *resource, EmuRole role)
{
	int			i;

	for (i = 0; resource->fields[i].name != NULL; i++)
		if (resource->fields[i].role == role)
			return i;
	return EMU_NO_FIELD;
}

/* Whether any resource has a field of that name. */
bool
emu_resource_has_field(const char *name, size_t len)
{
	int			i;
	int			j;

	for (i = 0; i < emu_resource_count; i++)
	{
		const EmuField *fields = emu_resources[i]->fields;

		for (j = 0; fields[j].name != NULL; j++)
			if (strlen(fields[j].name) == len &&
				memcmp(fields[j].name, name, len) == 0)
				return true;
	}
	return false;
}

/* The fields named, separated by commas, as bits; NULL: none. */
unsigned
emu_resource_mask(const EmuResource *resource, const char *names)
{
	unsigned	mask = 0;
	size_t		len;
	int			i;

	for (; names != NULL && *names; names += len + (names[len] == ','))
	{
		len = strcspn(names, ",");
		for (i = 0; resource->fields[i].name != NULL; i++)
			if (strlen(resource->fields[i].name) == len &&
				memcmp(resource->fields[i].name, names, len) == 0)
				mask |= 1u << i;
	}
	return mask;
}
