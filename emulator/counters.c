/*
 * counters.c
 *		How many of what?
 */
#include "counters.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "resource.h"

struct EmuCounters
{
	pthread_mutex_t lock;
	uint64_t	value[EMU_COUNTER_COUNT];
	uint64_t	by_resource[EMU_MAX_RESOURCES][EMU_COUNTS_BY_RESOURCE];
};

const char *const emu_kind_names[EMU_KIND_COUNT + 1] = {
	"list", "fetch", "create", "update", "delete", "other", "control"
};

static const char *const emu_counter_names[EMU_COUNTER_COUNT] = {
	"list", "fetch", "create", "update", "delete", "other",
	"created", "updated", "deleted", "in_flight", "in_flight_max",
	"connections", "connections_open", "bytes_sent", "bytes_received",
	"unauthorized", "throttled", "faults", "idle_us"
};

EmuCounters *
emu_counters_open(void)
{
	EmuCounters *counters = emu_alloc(sizeof(*counters));

	pthread_mutex_init(&counters->lock, NULL);
	return counters;
}

void
emu_counters_close(EmuCounters *counters)
{
	pthread_mutex_destroy(&counters->lock);
	free(counters);
}

void
emu_count(EmuCounters *counters, EmuCounter counter, uint64_t number)
{
	pthread_mutex_lock(&counters->lock);
	counters->value[counter] += number;
	pthread_mutex_unlock(&counters->lock);
}

/* One more, of a resource by its number; -1: of none. */
void
emu_count_of(EmuCounters *counters, int resource, EmuCounter counter)
{
	pthread_mutex_lock(&counters->lock);
	counters->value[counter]++;
	if (resource >= 0)
		counters->by_resource[resource][counter]++;
	pthread_mutex_unlock(&counters->lock);
}

void
emu_count_down(EmuCounters *counters, EmuCounter counter)
{
	pthread_mutex_lock(&counters->lock);
	counters->value[counter]--;
	pthread_mutex_unlock(&counters->lock);
}

/* A request begins; returns how many are in flight with it. */
int
emu_count_begin(EmuCounters *counters)
{
	uint64_t   *value = counters->value;
	uint64_t	now;

	pthread_mutex_lock(&counters->lock);
	now = ++value[EMU_COUNT_IN_FLIGHT];
	if (now > value[EMU_COUNT_IN_FLIGHT_MAX])
		value[EMU_COUNT_IN_FLIGHT_MAX] = now;
	pthread_mutex_unlock(&counters->lock);
	return (int) now;
}

/* What is open or in flight stays so. */
void
emu_counters_reset(EmuCounters *counters)
{
	uint64_t   *value = counters->value;
	uint64_t	in_flight;
	uint64_t	open;

	pthread_mutex_lock(&counters->lock);
	in_flight = value[EMU_COUNT_IN_FLIGHT];
	open = value[EMU_COUNT_CONNECTIONS_OPEN];
	memset(counters->value, 0, sizeof(counters->value));
	memset(counters->by_resource, 0, sizeof(counters->by_resource));
	value[EMU_COUNT_IN_FLIGHT] = in_flight;
	value[EMU_COUNT_IN_FLIGHT_MAX] = in_flight;
	value[EMU_COUNT_CONNECTIONS_OPEN] = open;
	pthread_mutex_unlock(&counters->lock);
}

static uint64_t
emu_counters_total(const EmuCounters *counters)
{
	uint64_t	total = 0;
	int			i;

	for (i = 0; i < EMU_KIND_COUNT; i++)
		total += counters->value[i];
	return total;
}

/* "list", or "bundles.list"; NULL: there is none such. */
static const uint64_t *
emu_counters_find(const EmuCounters *counters, const char *name)
{
	const char *dot = strchr(name, '.');
	const uint64_t *value = counters->value;
	int			count = EMU_COUNTER_COUNT;
	int			i;

	if (dot != NULL)
	{
		char	   *resource = emu_copy(name, (size_t) (dot - name));
		int			number;

		number = emu_resource_number(emu_resource_named(resource));
		free(resource);
		if (number < 0)
			return NULL;
		value = counters->by_resource[number];
		count = EMU_COUNTS_BY_RESOURCE;
		name = dot + 1;
	}
	for (i = 0; i < count; i++)
		if (strcmp(name, emu_counter_names[i]) == 0)
			return &value[i];
	return NULL;
}

/* One counter by name, or "total"; false where there is none such. */
bool
emu_counters_read(EmuCounters *counters, const char *name, uint64_t *value)
{
	const uint64_t *found = emu_counters_find(counters, name);

	pthread_mutex_lock(&counters->lock);
	if (found != NULL)
		*value = *found;
	else
		*value = emu_counters_total(counters);
	pthread_mutex_unlock(&counters->lock);
	return found != NULL || strcmp(name, "total") == 0;
}

/* Those that are not zero. */
static void
emu_counters_render_resources(const EmuCounters *counters, EmuBuf *buf)
{
	const char *separator = "";
	int			i;
	int			j;

	for (i = 0; i < emu_resource_count; i++)
		for (j = 0; j < EMU_COUNTS_BY_RESOURCE; j++)
			if (counters->by_resource[i][j] > 0)
			{
				emu_buf_printf(buf, "%s\"%s.%s\":%llu", separator,
							   emu_resources[i]->name, emu_counter_names[j],
							   (unsigned long long)
							   counters->by_resource[i][j]);
				separator = ",";
			}
}

void
emu_counters_render(EmuCounters *counters, EmuBuf *buf)
{
	int			i;

	pthread_mutex_lock(&counters->lock);
	emu_buf_printf(buf, "{\"requests\":{\"total\":%llu",
				   (unsigned long long) emu_counters_total(counters));
	for (i = 0; i < EMU_COUNTER_COUNT; i++)
		emu_buf_printf(buf, "%s,\"%s\":%llu", i == EMU_KIND_COUNT ? "}" : "",
					   emu_counter_names[i],
					   (unsigned long long) counters->value[i]);
	emu_buf_put(buf, ",\"by_resource\":{");
	emu_counters_render_resources(counters, buf);
	pthread_mutex_unlock(&counters->lock);
	emu_buf_put(buf, "}}\n");
}
