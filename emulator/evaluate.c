/*
 * evaluate.c
 *		Does a bundle comply, and if not, what is missing?
 *
 * There is a result for each end user and each document that is asked for. Of
 * the items that might do, the one counts that does, or else the first.
 */
#include "evaluate.h"

#include <string.h>

#include "asks.h"
#include "json.h"

typedef enum EmuFieldFault
{
	EMU_FIELD_FINE,
	EMU_FIELD_MISSING,
	EMU_FIELD_DIFFERS			/* from the end user's */
} EmuFieldFault;

/* One requirement, with whichever way to meet it was chosen. */
typedef struct EmuNeed
{
	const json_t *requirement;
	const json_t *need;			/* the end user, or an accepted document */
	const EmuItem *item;		/* NULL: there is none */
	const EmuItem *end_user;	/* whose fields a document's must match */
	bool		document;
} EmuNeed;

static const char *
emu_text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* The value of a key; false: absent, or nothing that would count. */
static bool
emu_attribute(const EmuItem *item, const char *name, EmuText *value)
{
	static const char *const empty[] = {"null", "\"\"", "[]", "{}"};
	size_t		i;

	if (item == NULL || !emu_json_get(item->attributes, name, value))
		return false;
	for (i = 0; i < sizeof(empty) / sizeof(*empty); i++)
		if (value->len == strlen(empty[i]) &&
			memcmp(value->data, empty[i], value->len) == 0)
			return false;
	return true;
}

static EmuFieldFault
emu_field_fault(const json_t *field, const EmuItem *item,
				const EmuItem *end_user)
{
	const char *name = emu_text_of(field, "machine_name");
	EmuText		value;
	EmuText		wanted;

	if (!emu_attribute(item, name, &value))
		return EMU_FIELD_MISSING;
	if (strcmp(emu_text_of(field, "constraint"), EMU_MATCHES_END_USER) == 0 &&
		emu_attribute(end_user, name, &wanted) &&
		(value.data[0] != '"' || wanted.data[0] != '"' ||
		 !emu_json_same_text(value, wanted)))
		return EMU_FIELD_DIFFERS;
	return EMU_FIELD_FINE;
}

/* Whether the item has all the fields that it needs. */
bool
emu_item_meets(const json_t *need, const EmuItem *item,
			   const EmuItem *end_user)
{
	size_t		i;
	json_t	   *field;

	if (strcmp(emu_text_of(need, "type"), item->type) != 0)
		return false;
	json_array_foreach(json_object_get(need, "detailed_fields"), i, field)
		if (emu_field_fault(field, item, end_user) != EMU_FIELD_FINE)
		return false;
	return true;
}

/* Of the items of the type, one that does, or else the first; NULL: none. */
static const EmuItem *
emu_choose_item(const EmuItems *items, const json_t *need,
				const EmuItem *end_user, bool document)
{
	const EmuItem *first = NULL;
	int			i;

	for (i = 0; i < items->count; i++)
	{
		const EmuItem *item = &items->item[i];

		if (item->document != document ||
			strcmp(emu_text_of(need, "type"), item->type) != 0)
			continue;
		if (emu_item_meets(need, item, end_user))
			return item;
		if (first == NULL)
			first = item;
	}
	return first;
}

static const char *
emu_article(const char *name)
{
	return strchr("AEIOUaeiou", *name) != NULL ? "An" : "A";
}

static int
emu_field_code(const EmuNeed *need, const json_t *field, EmuFieldFault fault)
{
	if (!need->document)
		return 22215;
	if (fault == EMU_FIELD_DIFFERS)
		return 22218;
	return strcmp(emu_text_of(field, "machine_name"), "address_sids") == 0 ?
		22219 : 22217;
}

static void
emu_field_reason(EmuBuf *buf, const EmuNeed *need, const json_t *field,
				 EmuFieldFault fault)
{
	const char *name = emu_text_of(field, "friendly_name");
	const char *whose = emu_text_of(need->need, "name");

	if (fault == EMU_FIELD_DIFFERS)
		emu_buf_printf(buf, "The %s does not match the %s of the End-User.",
					   name, name);
	else if (!need->document)
		emu_buf_printf(buf, "The %s is missing. Please enter in a %s on the "
					   "%s information.", name, name, whose);
	else if (emu_field_code(need, field, fault) == 22219)
		emu_buf_printf(buf, "The Address is missing. Please enter in the "
					   "address shown on the %s.", whose);
	else
		emu_buf_printf(buf, "The %s is missing. Please enter in the %s shown "
					   "on the %s.", name, name, whose);
}

/* Appends the fields that are fine, or those that are not. */
static void
emu_result_fields(EmuBuf *buf, const EmuNeed *need, bool fine, int *code)
{
	const char *separator = "";
	EmuBuf		reason = {0};
	size_t		i;
	json_t	   *field;

	json_array_foreach(json_object_get(need->need, "detailed_fields"), i,
					   field)
	{
		EmuFieldFault fault = emu_field_fault(field, need->item,
											  need->end_user);

		if ((fault == EMU_FIELD_FINE) != fine)
			continue;
		emu_buf_printf(buf, "%s{\"friendly_name\":", separator);
		emu_json_add_text(buf, emu_text_of(field, "friendly_name"));
		emu_buf_put(buf, ",\"object_field\":");
		emu_json_add_text(buf, emu_text_of(field, "machine_name"));
		separator = ",";
		if (!fine)
		{
			reason.len = 0;
			emu_field_reason(&reason, need, field, fault);
			emu_buf_put(buf, ",\"failure_reason\":");
			emu_json_add_text(buf, reason.data);
			*code = emu_field_code(need, field, fault);
			emu_buf_printf(buf, ",\"error_code\":%d", *code);
		}
		emu_buf_put(buf, "}");
	}
	emu_buf_free(&reason);
}

/* Why it failed as a whole; the code is that of its last field, or 0. */
static void
emu_result_reason(EmuBuf *buf, const EmuNeed *need, int code)
{
	const char *name = emu_text_of(need->need, "name");
	const char *what = need->document ? "" : " End-User";
	EmuBuf		reason = {0};

	if (need->item == NULL)
	{
		code = need->document ? 22216 : 22214;
		emu_buf_printf(&reason, "%s %s%s is missing. Please add one to the "
					   "regulatory bundle.", emu_article(name), name, what);
	}
	else if (code != 0)
		emu_buf_printf(&reason, "The %s%s is not complete, or does not "
					   "match.", name, what);
	emu_buf_put(buf, ",\"failure_reason\":");
	emu_json_add_text(buf, reason.data);
	if (code != 0)
		emu_buf_printf(buf, ",\"error_code\":%d", code);
	else
		emu_buf_put(buf, ",\"error_code\":null");
	emu_buf_free(&reason);
}

/* Appends a result; returns whether the requirement is met. */
static bool
emu_result(EmuBuf *buf, const EmuNeed *need)
{
	EmuBuf		invalid = {0};
	int			code = 0;
	bool		passed;

	emu_buf_put(&invalid, "");
	emu_result_fields(&invalid, need, false, &code);
	passed = need->item != NULL && code == 0;
	emu_buf_put(buf, buf->len > 1 ? ",{\"friendly_name\":" :
				"{\"friendly_name\":");
	emu_json_add_text(buf, emu_text_of(need->need, "name"));
	emu_buf_put(buf, ",\"object_type\":");
	emu_json_add_text(buf, emu_text_of(need->need, "type"));
	emu_buf_printf(buf, ",\"passed\":%s", passed ? "true" : "false");
	emu_result_reason(buf, need, code);
	emu_buf_put(buf, ",\"valid\":[");
	if (need->item != NULL)
		emu_result_fields(buf, need, true, &code);
	emu_buf_put(buf, "],\"invalid\":[");
	emu_buf_put(buf, invalid.data);
	emu_buf_put(buf, "],\"requirement_friendly_name\":");
	emu_json_add_text(buf, emu_text_of(need->requirement, "name"));
	emu_buf_put(buf, ",\"requirement_name\":");
	emu_json_add_text(buf, emu_text_of(need->requirement,
									   "requirement_name"));
	emu_buf_put(buf, "}");
	emu_buf_free(&invalid);
	return passed;
}

/* A document of any kind that is accepted will do. */
static bool
emu_evaluate_document(EmuBuf *results, const json_t *requirement,
					  const EmuItems *items, const EmuItem *end_user)
{
	EmuNeed		need = {requirement, NULL, NULL, end_user, true};
	json_t	   *accepted = json_object_get(requirement, "accepted_documents");
	size_t		i;
	json_t	   *kind;

	json_array_foreach(accepted, i, kind)
	{
		const EmuItem *item = emu_choose_item(items, kind, end_user, true);

		if (item == NULL)
			continue;
		if (need.item != NULL && !emu_item_meets(kind, item, end_user))
			continue;
		need.item = item;
		need.need = kind;
		if (emu_item_meets(kind, item, end_user))
			break;
	}
	if (need.need == NULL)
		need.need = json_array_get(accepted, 0);
	return emu_result(results, &need);
}

/* Appends the results, an array; returns whether the bundle complies. */
bool
emu_evaluate(const json_t *requirements, const EmuItems *items,
			 EmuBuf *results)
{
	const json_t *needs = json_object_get(requirements, "end_user");
	const json_t *groups = json_object_get(requirements,
										   "supporting_document");
	EmuNeed		wanted = {NULL, NULL, NULL, NULL, false};
	const EmuItem *end_user = NULL;
	bool		complies = true;
	size_t		i;
	size_t		j;

	emu_buf_put(results, "[");
	for (i = 0; i < json_array_size(needs); i++)
	{
		wanted.requirement = wanted.need = json_array_get(needs, i);
		wanted.item = emu_choose_item(items, wanted.need, NULL, false);
		if (i == 0)
			end_user = wanted.item;
		complies &= emu_result(results, &wanted);
	}
	for (i = 0; i < json_array_size(groups); i++)
	{
		needs = json_array_get(groups, i);
		for (j = 0; j < json_array_size(needs); j++)
			complies &= emu_evaluate_document(results,
											  json_array_get(needs, j), items,
											  end_user);
	}
	emu_buf_put(results, "]");
	return complies;
}
