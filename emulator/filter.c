/*
 * filter.c
 *		Which rows does a list's query ask for?
 */
#include "filter.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "check.h"
#include "date.h"
#include "failure.h"
#include "json.h"

/* Splits "BU...,BU..." into rows; false: too many, or not sids. */
static bool
emu_among_read(const EmuStore *rows, EmuCondition *condition)
{
	const char *text = condition->text;

	for (;;)
	{
		char		sid[EMU_SID_LENGTH + 1];
		size_t		len = strcspn(text, ",");
		uint32_t   *row = &condition->among[condition->count];

		if (condition->count == EMU_MAX_AMONG || len != EMU_SID_LENGTH)
			return false;
		memcpy(sid, text, len);
		sid[len] = '\0';
		if (!emu_sid_is(sid, condition->filter->detail))
			return false;
		if (!emu_store_find(rows, sid, row))
			*row = EMU_NONE;
		condition->count++;
		if (text[len] == '\0')
			return true;
		text += len + 1;
	}
}

/* Takes the parameter in; false: it is not what it should be. */
static bool
emu_condition_read(const Emu *emu, const EmuStore *rows,
				   const EmuFilter *filter, const EmuParam *param,
				   EmuAsked *asked)
{
	const EmuOptions *options = &emu->options;
	EmuCondition *condition = &asked->condition[asked->count];
	const char *text = param->value.data;
	size_t		len = strlen(filter->name);

	if (filter->test != EMU_AMONG &&
		!emu_value_is(filter->type, filter->detail, text, param->value.len))
		return false;
	memset(condition, 0, sizeof(*condition));
	condition->filter = filter;
	condition->text = text;
	if (filter->test == EMU_AMONG && !emu_among_read(rows, condition))
		return false;
	if (filter->test == EMU_INSTEAD)
		return true;
	if (filter->test == EMU_SORT_BY || filter->test == EMU_DIRECTION)
	{
		if (options->sort == EMU_SORT_IGNORED)
			return true;
		asked->ordered = true;
		if (filter->test == EMU_DIRECTION)
			asked->descending = strcmp(text, "DESC") == 0;
		else
			asked->sort = emu_store_resource(rows)->sorts
				[emu_choice_index(filter->detail, text)];
		return true;
	}
	if (filter->type == EMU_DATE)
		emu_date_read(text, &condition->date);
	condition->loose = emu_list_has(options->loose_filters, "all", 3) ||
		emu_list_has(options->loose_filters, filter->name, len);
	if (!emu_list_has(options->ignored_filters, "all", 3) &&
		!emu_list_has(options->ignored_filters, filter->name, len))
		asked->count++;
	return true;
}

/* Whether a list of the resource has such a parameter. */
static bool
emu_filter_is_known(const EmuResource *resource, const char *name)
{
	const EmuFilter *filter = resource->filters;

	for (; filter != NULL && filter->name != NULL; filter++)
		if (strcmp(filter->name, name) == 0)
			return true;
	return emu_list_has("PageSize,Page,PageToken", name, strlen(name));
}

static bool
emu_asked_check_names(const Emu *emu, const EmuRequest *request,
					  EmuReply *reply)
{
	const EmuParams *query = &request->query;
	size_t		i;

	for (i = 0; i < query->count && emu->options.refuse_unknown; i++)
		if (!emu_filter_is_known(request->resource, query->param[i].name))
		{
			emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST, 20001,
					 "Invalid parameter: %.100s", query->param[i].name);
			return false;
		}
	return true;
}

/* Reads the query; false: the reply says what is wrong with it. */
bool
emu_asked_read(const Emu *emu, const EmuRequest *request,
			   const EmuStore *rows, EmuReply *reply, EmuAsked *asked)
{
	const EmuFilter *filter = request->resource->filters;

	asked->count = 0;
	asked->sort = EMU_NO_FIELD;
	asked->ordered = false;
	asked->descending = request->resource->newest_first;
	if (!emu_asked_check_names(emu, request, reply))
		return false;
	for (; filter != NULL && filter->name != NULL; filter++)
	{
		const EmuParam *param = emu_params_find(&request->query,
												filter->name);

		if (param == NULL ||
			emu_condition_read(emu, rows, filter, param, asked))
			continue;
		emu_fail(emu, reply, MHD_HTTP_BAD_REQUEST,
				 filter->code ? filter->code : 20001,
				 "Invalid value of parameter %s: %.100s", filter->name,
				 param->value.data);
		return false;
	}
	return true;
}

/* Whether a JSON string has the text, in the given reading. */
static bool
emu_text_meets(EmuText json, const char *text, int64_t reading)
{
	EmuBuf		buf = {0};
	bool		meets;

	if (json.data[0] != '"')
		return false;
	emu_json_decode(&buf, json);
	emu_buf_put(&buf, "");
	if (reading == EMU_NAME_PART)
		meets = strcasestr(buf.data, text) != NULL;
	else if (reading == EMU_NAME_NOCASE)
		meets = strcasecmp(buf.data, text) == 0;
	else
		meets = strcmp(buf.data, text) == 0;
	emu_buf_free(&buf);
	return meets;
}

/* The first second of the day. */
static int64_t
emu_day(int64_t unix_s)
{
	int64_t		second = unix_s % EMU_DAY_S;

	return unix_s - (second < 0 ? second + EMU_DAY_S : second);
}

/* Days or moments are compared, and the named one is in or out. */
static bool
emu_date_meets(const EmuOptions *options, EmuText json,
			   const EmuCondition *condition)
{
	int64_t		wanted = condition->date;
	int64_t		date;

	if (!emu_date_of(json, &date))
		return false;
	if (options->valid_until_days)
	{
		date = emu_day(date);
		wanted = emu_day(wanted);
	}
	if (date == wanted)
		return condition->filter->test == EMU_ON ||
			!options->valid_until_excludes;
	if (condition->filter->test == EMU_ON)
		return false;
	return (date < wanted) == (condition->filter->test == EMU_UNTIL);
}

/* The field that is compared, of the row or of one that it names. */
static EmuText
emu_condition_field(const EmuWorld *world, const EmuFilter *filter,
					const EmuStore *rows, uint32_t index)
{
	const EmuStore *others;
	char		sid[EMU_SID_LENGTH + 1];
	EmuText		text = {"null", 4};

	if (filter->through == NULL)
		return emu_store_kept(rows, index, filter->field);
	others = emu_rows(world, filter->through);
	if (emu_sid_of(emu_store_kept(rows, index, filter->via), sid) &&
		emu_store_find(others, sid, &index) &&
		emu_store_is_live(others, index))
		text = emu_store_kept(others, index, filter->field);
	return text;
}

static bool
emu_condition_meets(const Emu *emu, const EmuCondition *condition,
					const EmuStore *rows, uint32_t index)
{
	const EmuOptions *options = &emu->options;
	const EmuFilter *filter = condition->filter;
	EmuText		json;
	int			i;

	if (filter->test == EMU_AMONG)
	{
		for (i = 0; i < condition->count; i++)
			if (condition->among[i] == index)
				return true;
		return false;
	}
	json = emu_condition_field(emu->world, filter, rows, index);
	if (filter->test == EMU_EQUALS)
		return emu_text_meets(json, condition->text, EMU_NAME_EXACT);
	if (filter->test == EMU_NAMED)
		return emu_text_meets(json, condition->text, options->name_filter);
	if (filter->test == EMU_PRESENT)
		return (json.data[0] == '"') == (strcmp(condition->text, "true") == 0);
	return emu_date_meets(options, json, condition);
}

bool
emu_asked_meets(const Emu *emu, const EmuAsked *asked,
				const EmuStore *rows, uint32_t index)
{
	int			i;

	for (i = 0; i < asked->count; i++)
	{
		const EmuCondition *condition = &asked->condition[i];

		/* every fourth row comes along */
		if (!emu_condition_meets(emu, condition, rows, index) &&
			!(condition->loose && emu_mix(index) % 4 == 0))
			return false;
	}
	return true;
}
