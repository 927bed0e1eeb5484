/*
 * end_users.c
 *		What is an end user, and which ones are there at the start?
 */
#include <string.h>

#include "api.h"
#include "bundles.h"
#include "date.h"
#include "failure.h"
#include "regulations.h"

#define EMU_VARIANTS 8

/* One in eight lacks something that regulations ask for, or two are. */
/* INDENT OFF */
static const char *const emu_individuals[EMU_VARIANTS] = {
	"{\"first_name\":\"%f\",\"last_name\":\"%l\",\"birth_date\":\"%B\","
		"\"email\":\"user%i@example.com\"}",
	"{\"first_name\":\"%f\",\"last_name\":\"%l\",\"birth_date\":\"%B\"}",
	"{\"first_name\":\"%f\",\"last_name\":\"%l\",\"birth_date\":\"%B\","
		"\"phone_number\":\"+4930%n\"}",
	"{\"first_name\":\"%f\",\"last_name\":\"%l\",\"birth_date\":\"%B\","
		"\"address\":{\"street\":\"%s\",\"country\":\"%c\"},"
		"\"score\":%a,\"verified\":%t,\"customer_number\":%L}",
	"{\"first_name\":\"%f\",\"last_name\":\"%l\",\"birth_date\":\"%B\","
		"\"notes\":[\"%o\",\"%o\"]}",
	"{\"first_name\":\"%f\",\"last_name\":\"%l\"}",
	"{\"first_name\":\"%f\",\"birth_date\":\"%B\",\"last_name\":null}",
	"{\"first_name\":\"%f\",\"last_name\":\"%l\",\"birth_date\":\"%B\","
		"\"tags\":[]}"
};

static const char *const emu_business_users[EMU_VARIANTS] = {
	"{\"business_name\":\"%b\",\"business_registration_number\":\"%n\","
		"\"first_name\":\"%f\",\"last_name\":\"%l\"}",
	"{\"business_name\":\"%b\",\"business_registration_number\":\"%n\","
		"\"first_name\":\"%f\",\"last_name\":\"%l\","
		"\"business_website\":\"https://example.com/%i\"}",
	"{\"business_name\":\"%b\",\"business_registration_number\":\"%n\","
		"\"first_name\":\"%f\",\"last_name\":\"%l\",\"is_subassigned\":%t}",
	"{\"business_name\":\"%b\",\"business_registration_number\":\"%n\","
		"\"first_name\":\"%f\",\"last_name\":\"%l\",\"employees\":%i,"
		"\"turnover\":%a,\"registry_number\":%L}",
	"{\"business_name\":\"%b\",\"business_registration_number\":\"%n\","
		"\"first_name\":\"%f\",\"last_name\":\"%l\",\"note\":\"%o\"}",
	"{\"business_name\":\"%b\"}",
	"{\"business_name\":\"%b\",\"business_registration_number\":\"%n\","
		"\"first_name\":\"%f\",\"last_name\":\"\"}",
	"{\"business_name\":\"%b\",\"business_registration_number\":\"%n\","
		"\"first_name\":\"%f\",\"last_name\":\"%l\"}"
};
/* INDENT ON */

static const EmuField emu_end_user_fields[] = {
	[EMU_USER_SID] = {"sid", EMU_TEXT_SID, EMU_IS_SID, "IT", NULL},
	[EMU_USER_ACCOUNT_SID] =
	{"account_sid", EMU_TEXT_SID, EMU_IS_ACCOUNT, "AC", NULL},
	[EMU_USER_FRIENDLY_NAME] =
	{"friendly_name", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_USER_TYPE] =
	{"type", EMU_CHOICE, EMU_KEPT, EMU_END_USER_TYPE_CHOICES, NULL},
	[EMU_USER_ATTRIBUTES] = {"attributes", EMU_ANY, EMU_KEPT, NULL, "{}"},
	[EMU_USER_DATE_CREATED] =
	{"date_created", EMU_DATE, EMU_KEPT_CREATED, NULL, NULL},
	[EMU_USER_DATE_UPDATED] =
	{"date_updated", EMU_DATE, EMU_KEPT_UPDATED, NULL, NULL},
	[EMU_USER_URL] = {"url", EMU_URI, EMU_IS_URL, NULL, NULL},
	{NULL, EMU_TEXT, EMU_KEPT, NULL, NULL}
};

static const EmuRule emu_end_user_create[] = {
	{"FriendlyName", EMU_TEXT, true, NULL, EMU_USER_FRIENDLY_NAME, 0},
	{"Type", EMU_CHOICE, true, EMU_END_USER_TYPE_CHOICES, EMU_USER_TYPE, 0},
	{"Attributes", EMU_ANY, false, NULL, EMU_USER_ATTRIBUTES, 22207},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

static const EmuRule emu_end_user_update[] = {
	{"FriendlyName", EMU_TEXT, false, NULL, EMU_USER_FRIENDLY_NAME, 0},
	{"Attributes", EMU_ANY, false, NULL, EMU_USER_ATTRIBUTES, 22207},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

/* The name comes from the same words as the attributes begin with. */
static void
emu_end_user_fill(EmuStore *rows, uint32_t index, int64_t created)
{
	uint64_t	random = emu_store_random(rows, index);
	uint64_t	draw = emu_next(&random);
	bool		business = draw & 1;
	uint64_t	again = random;
	EmuScratch	scratch;

	scratch.len = 0;
	emu_put_template(&scratch, business ? "\"%b\"" : "\"%f %l\"", &again,
					 created);
	if ((draw >> 8) % 256 != 0)
		emu_store_set(rows, index, EMU_USER_FRIENDLY_NAME,
					  emu_copy(scratch.text, scratch.len));
	emu_store_put(rows, index, EMU_USER_TYPE,
				  business ? "\"business\"" : "\"individual\"");
	scratch.len = 0;
	emu_put_template(&scratch, (business ? emu_business_users :
								emu_individuals)[(draw >> 1) % EMU_VARIANTS],
					 &random, created);
	emu_store_set(rows, index, EMU_USER_ATTRIBUTES,
				  emu_copy(scratch.text, scratch.len));
	emu_store_set(rows, index, EMU_USER_DATE_CREATED, emu_date_json(created));
	if ((draw >> 16) % 3 == 0)
		created += (int64_t) ((draw >> 20) % (100 * EMU_DAY_S));
	emu_store_set(rows, index, EMU_USER_DATE_UPDATED, emu_date_json(created));
}

static void
emu_end_users_fill(EmuWorld *world)
{
	const EmuOptions *options = emu_world_options(world);
	EmuStore   *rows = emu_rows(world, &emu_end_users);
	int64_t		count = options->end_users;
	int64_t		i;

	if (count < 0)
		count = (options->bundles + 2) / 3;
	for (i = 0; i < count; i++)
		emu_end_user_fill(rows, emu_store_create(rows, EMU_NONE),
						  EMU_FIRST_DATE + 977 +
						  (EMU_LAST_DATE - EMU_FIRST_DATE) / count * i);
}

static bool
emu_end_user_may_delete(EmuCall *call)
{
	if (!emu_is_item(call->emu->world, call->rows, call->index))
		return true;
	emu_fail(call->emu, call->reply,
			 (unsigned) call->emu->options.state_error_status, 21644,
			 "End-User cannot be deleted: it is assigned to a Regulatory "
			 "Bundle");
	return false;
}

const EmuResource emu_end_users = {
	.name = "end_users",
	.path = "/EndUsers",
	.prefix = "IT",
	.list_key = "results",
	.schema = "numbers.v2.regulatory_compliance.end_user",
	.verbs = EMU_VERB(EMU_LIST) | EMU_VERB(EMU_CREATE) | EMU_VERB(EMU_FETCH) |
	EMU_VERB(EMU_UPDATE) | EMU_VERB(EMU_DELETE),
	.fields = emu_end_user_fields,
	.create = emu_end_user_create,
	.update = emu_end_user_update,
	.fill = emu_end_users_fill,
	.may_delete = emu_end_user_may_delete
};
