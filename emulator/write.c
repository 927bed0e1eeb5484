/*
 * write.c
 *		What do create, update and delete check, and what do they change?
 *
 * The tables say which parameters there are and what they must be; a resource
 * with rules of its own has functions for them.
 */
#include <string.h>

#include "api.h"
#include "check.h"
#include "failure.h"
#include "json.h"

#define EMU_MAX_TEXT_BYTES 65536	/* of a parameter */

/* Each check fills the reply and returns false when it fails. */

bool
emu_check_body(const EmuCall *call)
{
	const Emu  *emu = call->emu;
	const EmuParams *form = &call->request->form;
	size_t		i;

	if (call->request->file.size > (uint64_t) emu->options.max_file_bytes)
	{
		emu_fail(emu, call->reply, 413, 20413, "Request entity too large");
		return false;
	}
	for (i = 0; i < form->count; i++)
	{
		const EmuParam *param = &form->param[i];

		if (param->value.len > EMU_MAX_TEXT_BYTES ||
			!emu_utf8_is_valid(param->value.data, param->value.len))
		{
			emu_fail(emu, call->reply, MHD_HTTP_BAD_REQUEST, 20001,
					 "Invalid parameter: %.100s", param->name);
			return false;
		}
	}
	return true;
}

static bool
emu_refuse_parameter(const EmuCall *call, const EmuRule *rule,
					 const char *format)
{
	const EmuOptions *options = &call->emu->options;

	emu_fail(call->emu, call->reply, rule->code == 0 ? MHD_HTTP_BAD_REQUEST :
			 (unsigned) options->validation_error_status,
			 rule->code == 0 ? 20001 : rule->code, format, rule->name);
	return false;
}

static bool
emu_check_rule(const EmuCall *call, const EmuRule *rule, bool update)
{
	const EmuParam *param = emu_params_find(&call->request->form, rule->name);

	if (param == NULL && rule->required)
		return emu_refuse_parameter(call, rule,
									"Missing required parameter %s");
	if (param == NULL)
		return true;
	if (param->value.len == 0 &&
		(rule->required || (update && rule->type == EMU_TEXT)))
		return emu_refuse_parameter(call, rule, "%s must not be empty");
	if (emu_value_is(rule->type, rule->detail, param->value.data,
					 param->value.len))
		return true;
	return emu_refuse_parameter(call, rule, "Invalid parameter %s");
}

/* Whether the form has any of the parameters. */
bool
emu_form_has_any(const EmuCall *call, const EmuRule *rules)
{
	for (; rules != NULL && rules->name != NULL; rules++)
		if (emu_params_find(&call->request->form, rules->name) != NULL)
			return true;
	return false;
}

static const EmuRule *
emu_rule_find(const EmuRule *rules, const char *name)
{
	for (; rules != NULL && rules->name != NULL; rules++)
		if (strcmp(rules->name, name) == 0)
			return rules;
	return NULL;
}

static bool
emu_check_form(const EmuCall *call, const EmuRule *rules, bool update)
{
	const EmuParams *form = &call->request->form;
	const EmuRule *rule = rules;
	size_t		i;

	for (i = 0; i < form->count && call->emu->options.refuse_readonly; i++)
		if (emu_rule_find(rules, form->param[i].name) == NULL)
		{
			emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, 20001,
					 "Invalid parameter: %.100s", form->param[i].name);
			return false;
		}
	for (; rule != NULL && rule->name != NULL; rule++)
		if (!emu_check_rule(call, rule, update))
			return false;
	return true;
}

/* The client's text is kept as it is, but for space around it. */
void
emu_set_attributes(const EmuCall *call, int field, const EmuParam *param,
				   bool merge)
{
	EmuText		text = emu_json_trim(param->value.data, param->value.len);
	EmuScratch	scratch;
	EmuRow		row;

	if (!merge)
	{
		emu_store_copy(call->rows, call->index, field, text);
		return;
	}
	emu_store_get(call->rows, call->index, &scratch, &row);
	emu_store_set(call->rows, call->index, field,
				  emu_json_merge(row.field[field], text));
}

/* Sets the fields that the form has. */
void
emu_set_form(const EmuCall *call, const EmuRule *rule, bool update)
{
	for (; rule != NULL && rule->name != NULL; rule++)
	{
		const EmuParam *param = emu_params_find(&call->request->form,
												rule->name);

		if (param == NULL || rule->field == EMU_NO_FIELD)
			continue;
		if (rule->type == EMU_ANY)
			emu_set_attributes(call, rule->field, param, update &&
							   call->emu->options.merge_attributes);
		else if (rule->type == EMU_BOOLEAN)
			emu_store_put(call->rows, call->index, rule->field,
						  param->value.data);
		else if (param->value.len == 0)
			emu_store_put(call->rows, call->index, rule->field, "null");
		else
			emu_store_set(call->rows, call->index, rule->field,
						  emu_json_string(param->value.data,
										  param->value.len));
	}
}

static void
emu_create_locked(EmuCall *call)
{
	const EmuResource *resource = call->resource;

	if (!emu_call_parent(call) ||
		!emu_check_form(call, resource->create, false) ||
		(resource->may_create != NULL && !resource->may_create(call)))
		return;
	if (resource->make == NULL)
	{
		call->index = emu_store_create(call->rows, call->parent);
		emu_set_form(call, resource->create, false);
	}
	else if (!resource->make(call))
		return;
	if (resource->created != NULL)
		resource->created(call);
	call->reply->status = MHD_HTTP_CREATED;
	emu_call_render(call);
	emu_call_done(call, EMU_COUNT_CREATED);
}

void
emu_api_create(EmuCall *call)
{
	if (call->resource->answer_create != NULL)
	{
		call->resource->answer_create(call);
		return;
	}
	if (!emu_check_body(call))
		return;
	emu_lock(call->emu->world);
	emu_create_locked(call);
	emu_unlock(call->emu->world);
}

static void
emu_update_locked(EmuCall *call)
{
	const EmuResource *resource = call->resource;

	if (!emu_call_row(call) ||
		!emu_check_form(call, resource->update, true) ||
		(resource->may_update != NULL && !resource->may_update(call)))
		return;
	emu_set_form(call, resource->update, true);
	emu_store_touch(call->rows, call->index);
	if (resource->updated != NULL)
		resource->updated(call);
	emu_call_render(call);
	emu_call_done(call, EMU_COUNT_UPDATED);
	if (resource->settled != NULL)
		resource->settled(call);
}

void
emu_api_update(EmuCall *call)
{
	if (call->resource->answer_update != NULL)
	{
		call->resource->answer_update(call);
		return;
	}
	if (!emu_check_body(call))
		return;
	emu_lock(call->emu->world);
	emu_update_locked(call);
	emu_unlock(call->emu->world);
}

void
emu_api_delete(EmuCall *call)
{
	bool		(*may_delete) (EmuCall *) = call->resource->may_delete;

	emu_lock(call->emu->world);
	if (emu_call_row(call) && (may_delete == NULL || may_delete(call)))
	{
		emu_call_done(call, EMU_COUNT_DELETED);
		emu_remove(call->emu->world, call->resource, call->index);
		call->reply->status = MHD_HTTP_NO_CONTENT;
	}
	emu_unlock(call->emu->world);
}
