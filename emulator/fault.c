/*
 * fault.c
 *		Which fault befalls a request?
 *
 * Each fault counts for itself the requests that match it. Of those that are
 * due the one set first takes the request; the others wait for the next.
 */
#include "fault.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "resource.h"

/* Of a bomb: twice what a client should take, and packed to nothing. */
#define EMU_BOMB_BYTES (128 * 1024 * 1024)

typedef struct EmuPending
{
	EmuFault	fault;
	int64_t		taken;
	struct EmuPending *next;
} EmuPending;

struct EmuFaults
{
	pthread_mutex_t lock;
	EmuPending *first;
	int64_t		numbers;
};

static const char *const emu_action_names[EMU_ACTION_COUNT] = {
	"", "status", "garbage", "wrong_shape", "redirect", "endless",
	"bomb", "reset_before", "reset_after", "stall", "stall_body", "cut",
	"dribble",
	"foreign_next", "repeat_token", "no_next_query", "doubled",
	"drop_fields", "empty_mime", "slow", "close", "vanish"
};

static const char *const emu_shape_names[] = {
	"twilio", "rfc9457", "legacy", "html", "empty"
};

static const char *const emu_fault_params[] = {
	"action", "method", "path", "skip", "count", "status", "shape", "code",
	"more_info", "carry_out", "chunked", "which", "ms", "bytes", "rows",
	"fields", "message", "detail", "details", "retry_after", "location",
	"variant", "piece", "times", "rest", "sid"
};

/* The API's code that usually comes with a status. */
static const struct
{
	int64_t		status;
	int64_t		code;
}			emu_usual_codes[] = {
	{400, 20001}, {401, 20003}, {403, 20003}, {404, 20404}, {405, 20004},
	{409, 20409}, {413, 20413}, {429, 20429}, {500, 20500}, {503, 20503}
};

static int
emu_name_index(const char *const *names, int count, const char *name)
{
	int			i;

	for (i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

#define EMU_NAME_INDEX(names, name) \
	emu_name_index(names, (int) (sizeof(names) / sizeof(*(names))), name)

EmuFaults *
emu_faults_open(void)
{
	EmuFaults  *faults = emu_alloc(sizeof(*faults));

	pthread_mutex_init(&faults->lock, NULL);
	return faults;
}

void
emu_fault_release(EmuFault *fault)
{
	emu_params_free(&fault->params);
	memset(fault, 0, sizeof(*fault));
}

static void
emu_pending_free(EmuPending *pending)
{
	emu_fault_release(&pending->fault);
	free(pending);
}

void
emu_faults_clear(EmuFaults *faults)
{
	EmuPending *pending;

	pthread_mutex_lock(&faults->lock);
	while ((pending = faults->first) != NULL)
	{
		faults->first = pending->next;
		emu_pending_free(pending);
	}
	pthread_mutex_unlock(&faults->lock);
}

void
emu_faults_close(EmuFaults *faults)
{
	emu_faults_clear(faults);
	pthread_mutex_destroy(&faults->lock);
	free(faults);
}

/* "on" or "off"; false where it is something else. */
static bool
emu_params_switch(const EmuParams *params, const char *name, bool *value)
{
	const char *text = emu_params_text(params, name);

	if (text == NULL)
		return true;
	*value = strcmp(text, "on") == 0;
	return *value || strcmp(text, "off") == 0;
}

static bool
emu_fault_read_fields(EmuFault *fault)
{
	const char *text = emu_params_text(&fault->params, "fields");
	size_t		len;

	fault->fields = text;
	for (; text != NULL && *text; text += len + (text[len] == ','))
	{
		len = strcspn(text, ",");
		if (!emu_resource_has_field(text, len))
			return false;
	}
	return true;
}

static bool
emu_fault_read_numbers(EmuFault *fault)
{
	const EmuParams *params = &fault->params;
	size_t		i;

	fault->count = 1;
	fault->status = fault->action == EMU_FAULT_REDIRECT ? 302 :
		fault->action == EMU_FAULT_GARBAGE ? 200 : 503;
	fault->delay_ms = fault->action == EMU_FAULT_DRIBBLE ? 100 : 0;
	if (fault->action == EMU_FAULT_DRIBBLE)
		fault->bytes = 1;
	else
		fault->bytes = fault->action == EMU_FAULT_BOMB ? EMU_BOMB_BYTES : -1;
	fault->rows = 1;
	if (!emu_params_number(params, "status", &fault->status))
		return false;
	for (i = 0; i < sizeof(emu_usual_codes) / sizeof(*emu_usual_codes); i++)
		if (emu_usual_codes[i].status == fault->status)
			fault->code = emu_usual_codes[i].code;
	return emu_params_number(params, "skip", &fault->skip) &&
		emu_params_number(params, "count", &fault->count) &&
		emu_params_number(params, "code", &fault->code) &&
		emu_params_number(params, "ms", &fault->delay_ms) &&
		emu_params_number(params, "bytes", &fault->bytes) &&
		emu_params_number(params, "rows", &fault->rows) &&
		emu_params_number(params, "times", &fault->times) &&
		fault->status >= 100 && fault->status <= 999 && fault->skip >= 0 &&
		fault->count >= 0 && fault->delay_ms >= 0 && fault->rows >= 0 &&
		fault->times >= 0;
}

/* Reads the fault's params; returns what is wrong with them, or NULL. */
static const char *
emu_fault_read(EmuFault *fault)
{
	const EmuParams *params = &fault->params;
	const char *action = emu_params_text(params, "action");
	const char *shape = emu_params_text(params, "shape");
	const char *which = emu_params_text(params, "which");
	bool		more_info = true;
	int			index = -1;
	size_t		i;

	for (i = 0; i < params->count; i++)
		if (EMU_NAME_INDEX(emu_fault_params, params->param[i].name) < 0)
			return "there is a parameter that faults do not have\n";
	if (action != NULL)
		index = EMU_NAME_INDEX(emu_action_names, action);
	if (index <= 0)
		return "action: missing or unknown\n";
	fault->action = (EmuAction) index;
	if (!emu_fault_read_numbers(fault))
		return "a number is not a number, or out of range\n";
	index = shape ? EMU_NAME_INDEX(emu_shape_names, shape) : 0;
	if (index < 0)
		return "shape: twilio, rfc9457, legacy, html or empty\n";
	fault->shape = (EmuErrorShape) index;
	if (!emu_params_switch(params, "more_info", &more_info) ||
		!emu_params_switch(params, "carry_out", &fault->carry_out) ||
		!emu_params_switch(params, "chunked", &fault->chunked))
		return "more_info, carry_out, chunked: on or off\n";
	if (!emu_fault_read_fields(fault))
		return "fields: names of fields, separated by commas\n";
	fault->omit_more_info = !more_info;
	fault->first = which != NULL && strcmp(which, "first") == 0;
	fault->method = emu_params_text(params, "method");
	fault->path = emu_params_text(params, "path");
	fault->message = emu_params_text(params, "message");
	fault->detail = emu_params_text(params, "detail");
	fault->details = emu_params_text(params, "details");
	fault->retry_after = emu_params_text(params, "retry_after");
	fault->location = emu_params_text(params, "location");
	fault->variant = emu_params_text(params, "variant");
	fault->sid = emu_params_text(params, "sid");
	return NULL;
}

/*
 * Sets a fault from its params, which it STEALS. Returns what is wrong, or
 * NULL and the fault's number.
 */
const char *
emu_faults_add(EmuFaults *faults, EmuParams *params, int64_t *number)
{
	EmuPending *pending = emu_alloc(sizeof(*pending));
	EmuPending **end = &faults->first;
	const char *wrong;

	pending->fault.params = *params;
	memset(params, 0, sizeof(*params));
	wrong = emu_fault_read(&pending->fault);
	if (wrong != NULL)
	{
		emu_pending_free(pending);
		return wrong;
	}
	pthread_mutex_lock(&faults->lock);
	*number = pending->fault.number = ++faults->numbers;
	while (*end != NULL)
		end = &(*end)->next;
	*end = pending;
	pthread_mutex_unlock(&faults->lock);
	return NULL;
}

void
emu_faults_list(EmuFaults *faults, EmuBuf *buf)
{
	const EmuPending *pending;
	const char *separator = "[";

	pthread_mutex_lock(&faults->lock);
	for (pending = faults->first; pending != NULL; pending = pending->next)
	{
		emu_buf_printf(buf, "%s{\"number\":%lld,\"action\":\"%s\","
					   "\"skip\":%lld,\"count\":%lld,\"taken\":%lld}",
					   separator, (long long) pending->fault.number,
					   emu_action_names[pending->fault.action],
					   (long long) pending->fault.skip,
					   (long long) pending->fault.count,
					   (long long) pending->taken);
		separator = ",\n";
	}
	pthread_mutex_unlock(&faults->lock);
	emu_buf_put(buf, *separator == '[' ? "[]\n" : "]\n");
}

/* "bundles.list", if both are the request's. */
static bool
emu_fault_names(const char *name, const char *resource, const char *kind)
{
	size_t		len = strlen(resource);

	return strncmp(name, resource, len) == 0 && name[len] == '.' &&
		strcmp(name + len + 1, kind) == 0;
}

static bool
emu_fault_concerns(const EmuFault *fault, const char *method,
				   const char *resource, const char *kind, const char *path)
{
	if (fault->method != NULL && strcmp(fault->method, method) != 0)
		return false;
	return fault->path == NULL || strcmp(fault->path, kind) == 0 ||
		emu_fault_names(fault->path, resource, kind) ||
		(EMU_NAME_INDEX(emu_kind_names, fault->path) < 0 &&
		 strstr(path, fault->path) != NULL);
}

/* The request has a copy of its own, because the fault may be cleared. */
static void
emu_fault_copy(const EmuFault *fault, EmuFault *copy)
{
	size_t		i;

	memset(copy, 0, sizeof(*copy));
	for (i = 0; i < fault->params.count; i++)
	{
		const EmuParam *param = &fault->params.param[i];

		emu_buf_add(&emu_params_add(&copy->params, param->name)->value,
					param->value.data, param->value.len);
	}
	emu_fault_read(copy);
	copy->number = fault->number;
}

/*
 * Finds the fault for a request, or leaves EMU_NO_FAULT. The resource is ""
 * where there is none.
 */
void
emu_faults_match(EmuFaults *faults, const char *method, const char *resource,
				 const char *kind, const char *path, EmuFault *fault)
{
	EmuPending **link = &faults->first;
	EmuPending *pending;

	pthread_mutex_lock(&faults->lock);
	while ((pending = *link) != NULL)
	{
		bool		concerns = emu_fault_concerns(&pending->fault, method,
												  resource, kind, path);

		if (concerns && pending->fault.skip > 0)
			pending->fault.skip--;
		else if (concerns && fault->action == EMU_NO_FAULT)
		{
			emu_fault_copy(&pending->fault, fault);
			if (++pending->taken == pending->fault.count)
			{
				*link = pending->next;
				emu_pending_free(pending);
				continue;
			}
		}
		link = &pending->next;
	}
	pthread_mutex_unlock(&faults->lock);
}
