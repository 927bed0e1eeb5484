/*
 * world.c
 *		Where are the rows of a resource, and what goes with a row that goes?
 */
#include "world.h"

#include <pthread.h>
#include <stdlib.h>

struct EmuWorld
{
	pthread_rwlock_t lock;
	const EmuOptions *options;
	EmuStore  **store;			/* by the resource's number; NULL: another's */
};

static void
emu_world_open_store(EmuWorld *world, int number)
{
	const EmuResource *resource = emu_resources[number];
	const EmuStore *parents = NULL;

	if (resource->rows != NULL)
		return;
	if (resource->parent != NULL)
		parents = emu_rows(world, resource->parent);
	world->store[number] = emu_store_open(resource, number, world->options,
										  parents);
}

EmuWorld *
emu_world_open(const EmuOptions *options)
{
	EmuWorld   *world = emu_alloc(sizeof(*world));
	pthread_rwlockattr_t attributes;
	int			i;

	/* a stream of readers must not keep writers out */
	pthread_rwlockattr_init(&attributes);
	pthread_rwlockattr_setkind_np(&attributes,
								  PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&world->lock, &attributes);
	pthread_rwlockattr_destroy(&attributes);
	world->options = options;
	world->store = emu_alloc((size_t) emu_resource_count *
							 sizeof(*world->store));
	for (i = 0; i < emu_resource_count; i++)
		emu_world_open_store(world, i);
	for (i = 0; i < emu_resource_count; i++)
		if (emu_resources[i]->fill != NULL)
			emu_resources[i]->fill(world);
	for (i = 0; i < emu_resource_count; i++)
		if (world->store[i] != NULL)
			emu_store_settle(world->store[i]);
	return world;
}

void
emu_world_close(EmuWorld *world)
{
	int			i;

	for (i = 0; i < emu_resource_count; i++)
		if (world->store[i] != NULL)
			emu_store_close(world->store[i]);
	free(world->store);
	pthread_rwlock_destroy(&world->lock);
	free(world);
}

void
emu_lock_shared(EmuWorld *world)
{
	pthread_rwlock_rdlock(&world->lock);
}

void
emu_lock(EmuWorld *world)
{
	pthread_rwlock_wrlock(&world->lock);
}

void
emu_unlock(EmuWorld *world)
{
	pthread_rwlock_unlock(&world->lock);
}

const EmuOptions *
emu_world_options(const EmuWorld *world)
{
	return world->options;
}

/* The rows that a resource shows. */
EmuStore *
emu_rows(const EmuWorld *world, const EmuResource *resource)
{
	return world->store[emu_resource_number(emu_resource_rows(resource))];
}

/* The store that has the sid, if only of a row that is gone, or NULL. */
EmuStore *
emu_rows_of_sid(const EmuWorld *world, const char *sid, uint32_t *index)
{
	int			i;

	for (i = 0; i < emu_resource_count; i++)
		if (world->store[i] != NULL &&
			emu_store_find(world->store[i], sid, index))
			return world->store[i];
	return NULL;
}

/* Whether a row is one that the resource shows, in a list of some parent's. */
bool
emu_has_row(const EmuWorld *world, const EmuResource *resource,
			uint32_t index)
{
	const EmuStore *rows = emu_rows(world, resource);
	uint32_t	parent = emu_store_parent(rows, index);

	return resource->rows == NULL ||
		(parent != EMU_NONE &&
		 emu_store_is_live(emu_store_parents(rows), parent));
}

/* Removes a row and what belongs to it, whatever its state. */
void
emu_remove(EmuWorld *world, const EmuResource *resource, uint32_t index)
{
	const EmuBranch *branch;
	int			i;

	resource = emu_resource_rows(resource);
	for (i = 0; i < emu_resource_count; i++)
	{
		const EmuResource *child = emu_resources[i];

		if (child->parent != resource || child->rows != NULL)
			continue;
		branch = emu_store_branch(emu_rows(world, child), index);
		while (branch->count > 0)
			emu_remove(world, child, branch->at[branch->count - 1]);
	}
	emu_store_delete(emu_rows(world, resource), index);
}
