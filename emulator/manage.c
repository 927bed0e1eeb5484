/*
 * manage.c
 *		How does a test see, add, change and remove rows?
 *
 * As someone else would: no rule of the API is asked.
 */
#include "manage.h"

#include <string.h>

#include "check.h"
#include "control.h"
#include "json.h"

/* Parameters that are no fields. */
#define EMU_MANAGE_PARAMS "sid,index,parent,raw,from,n,resource"

/* The row that sid= or index= names; the lock is held. */
bool
emu_manage_row(const Emu *emu, const EmuRequest *request,
			   const EmuStore *rows, EmuReply *reply, uint32_t *index)
{
	const char *sid = emu_params_text(&request->form, "sid");
	int64_t		number = -1;

	(void) emu;
	if (sid != NULL && emu_store_find(rows, sid, index))
		number = *index;
	else if (sid == NULL &&
			 !emu_params_number(&request->form, "index", &number))
		number = -1;
	if (number < 0 || !emu_store_is_live(rows, (uint64_t) number))
	{
		emu_control_refuse(reply, 404, "no such row\n");
		return false;
	}
	*index = (uint32_t) number;
	return true;
}

static void
emu_manage_answer_sid(const EmuStore *rows, uint32_t index, EmuReply *reply)
{
	char		sid[EMU_SID_LENGTH + 1];

	emu_store_sid(rows, index, sid);
	emu_buf_printf(&reply->body, "%s\n", sid);
}

void
emu_manage_sid(Emu *emu, EmuRequest *request, const EmuResource *resource,
			   EmuReply *reply)
{
	const EmuStore *rows = emu_rows(emu->world, resource);
	uint32_t	index;

	emu_lock_shared(emu->world);
	if (emu_manage_row(emu, request, rows, reply, &index))
		emu_manage_answer_sid(rows, index, reply);
	emu_unlock(emu->world);
}

/* Rows as they are, in the order of the store, or a single one. */
static void
emu_manage_list(Emu *emu, EmuRequest *request, const EmuResource *resource,
				EmuReply *reply)
{
	const EmuStore *rows = emu_rows(emu->world, resource);
	const EmuOrder *order = emu_store_order(rows);
	EmuShow		show = {resource, 0, EMU_NO_FIELD, EMU_NO_FIELD};
	const char *separator = "[";
	int64_t		from = 0;
	int64_t		left = EMU_GAP;
	size_t		position;
	uint32_t	index;

	if (!emu_control_number(request, reply, "from", &from) ||
		!emu_control_number(request, reply, "n", &left))
		return;
	position = emu_order_offset(order, (uint64_t) from);
	while (left > 0 && (index = emu_order_next(order, &position)) != EMU_GAP)
	{
		if (!emu_has_row(emu->world, resource, index))
			continue;
		emu_buf_put(&reply->body, separator);
		emu_store_render(rows, index, &show, &reply->body);
		separator = ",\n";
		left--;
	}
	emu_buf_put(&reply->body, *separator == '[' ? "[]\n" : "]\n");
	reply->content_type = "application/json";
}

static void
emu_manage_show(Emu *emu, EmuRequest *request, const EmuResource *resource,
				EmuReply *reply)
{
	const EmuStore *rows = emu_rows(emu->world, resource);
	EmuShow		show = {resource, 0, EMU_NO_FIELD, EMU_NO_FIELD};
	uint32_t	index;

	if (emu_params_find(&request->form, "sid") == NULL &&
		emu_params_find(&request->form, "index") == NULL)
	{
		emu_manage_list(emu, request, resource, reply);
		return;
	}
	if (!emu_manage_row(emu, request, rows, reply, &index))
		return;
	emu_store_render(rows, index, &show, &reply->body);
	emu_buf_put(&reply->body, "\n");
	reply->content_type = "application/json";
}

/* The value as JSON, or NULL where it cannot be the field's. NEW. */
static char *
emu_manage_value(const EmuField *field, const EmuParam *param)
{
	const char *text = param->value.data;
	size_t		len = param->value.len;

	if (len == 0)
		return emu_copy("null", 4);
	if (field->type == EMU_ANY || field->type == EMU_ARRAY ||
		field->type == EMU_MAP || field->type == EMU_BOOLEAN)
		return emu_json_is_valid(text, len) ? emu_copy(text, len) : NULL;
	return emu_json_string(text, len);
}

static bool
emu_manage_can_set(const EmuField *field)
{
	return field->role == EMU_KEPT || field->role == EMU_KEPT_CREATED ||
		field->role == EMU_KEPT_UPDATED || field->role == EMU_HIDDEN;
}

/* Sets the fields that are named; false: the reply says why not. */
static bool
emu_manage_set(EmuRequest *request, EmuStore *rows, uint32_t index,
			   EmuReply *reply)
{
	const EmuResource *resource = emu_store_resource(rows);
	size_t		i;

	for (i = 0; i < request->form.count; i++)
	{
		const EmuParam *param = &request->form.param[i];
		int			field = emu_resource_field(resource, param->name);
		char	   *json = NULL;

		if (emu_list_has(EMU_MANAGE_PARAMS, param->name, strlen(param->name)))
			continue;
		if (field != EMU_NO_FIELD &&
			emu_manage_can_set(&resource->fields[field]))
			json = emu_manage_value(&resource->fields[field], param);
		if (json == NULL)
		{
			emu_control_refuse(reply, 400, "no such field, one that cannot "
							   "be set, or not JSON\n");
			return false;
		}
		emu_store_set(rows, index, field, json);
	}
	return true;
}

/* A new row; false: its parent is not there. */
static bool
emu_manage_add(EmuRequest *request, const EmuResource *resource,
			   EmuStore *rows, EmuReply *reply, uint32_t *index)
{
	const char *sid = emu_params_text(&request->form, "parent");
	uint32_t	parent = EMU_NONE;

	if (sid != NULL && (!emu_store_find(emu_store_parents(rows), sid,
										&parent) ||
						!emu_store_is_live(emu_store_parents(rows), parent)))
		parent = EMU_NONE;
	if (parent == EMU_NONE &&
		(sid != NULL || strchr(resource->path, '{') != NULL))
	{
		emu_control_refuse(reply, 404, "no such parent\n");
		return false;
	}
	*index = emu_store_create(rows, parent);
	return true;
}

/* Adds a row, or changes one, or shows a text in its place. */
static void
emu_manage_post(Emu *emu, EmuRequest *request, const EmuResource *resource,
				EmuReply *reply)
{
	const EmuParams *form = &request->form;
	const EmuParam *raw = emu_params_find(form, "raw");
	EmuStore   *rows = emu_rows(emu->world, resource);
	uint32_t	index;
	size_t		fields = 0;
	size_t		i;

	for (i = 0; i < form->count; i++)
		if (!emu_list_has(EMU_MANAGE_PARAMS, form->param[i].name,
						  strlen(form->param[i].name)))
			fields++;
	if (emu_params_find(form, "sid") == NULL &&
		emu_params_find(form, "index") == NULL)
	{
		if (!emu_manage_add(request, resource, rows, reply, &index))
			return;
	}
	else if (!emu_manage_row(emu, request, rows, reply, &index))
		return;
	else if (fields > 0)
		emu_store_touch(rows, index);
	if (fields > 0 && !emu_manage_set(request, rows, index, reply))
		return;
	if (raw != NULL)
		emu_store_set_raw(rows, index, emu_copy(raw->value.data,
												raw->value.len));
	else
		emu_store_set_raw(rows, index, NULL);
	emu_manage_answer_sid(rows, index, reply);
}

/* GET, POST or DELETE of a resource's rows. */
void
emu_manage(Emu *emu, EmuRequest *request, const EmuResource *resource,
		   EmuReply *reply)
{
	EmuStore   *rows = emu_rows(emu->world, resource);
	uint32_t	index;

	emu_lock(emu->world);
	if (strcmp(request->method, "GET") == 0)
		emu_manage_show(emu, request, resource, reply);
	else if (strcmp(request->method, "POST") == 0)
		emu_manage_post(emu, request, resource, reply);
	else if (strcmp(request->method, "DELETE") != 0)
		emu_control_refuse(reply, 405, "GET, POST or DELETE\n");
	else if (emu_manage_row(emu, request, rows, reply, &index))
		emu_remove(emu->world, resource, index);
	emu_unlock(emu->world);
}

uint64_t
emu_manage_count(Emu *emu, const EmuResource *resource)
{
	const EmuStore *rows = emu_rows(emu->world, resource);
	uint64_t	count = 0;
	size_t		position = 0;
	uint32_t	index;

	emu_lock_shared(emu->world);
	if (resource->rows == NULL)
		count = emu_store_count(rows);
	else
		while ((index = emu_order_next(emu_store_order(rows), &position)) !=
			   EMU_GAP)
			count += emu_has_row(emu->world, resource, index);
	emu_unlock(emu->world);
	return count;
}
