/*
 * bundles.c
 *		What is a bundle, and what may be done to it when?
 */
#include "bundles.h"

#include <string.h>

#include "api.h"
#include "check.h"
#include "failure.h"
#include "generate_bundles.h"
#include "regulations.h"

static const EmuField emu_bundle_fields[] = {
	[EMU_BUN_SID] = {"sid", EMU_TEXT_SID, EMU_IS_SID, "BU", NULL},
	[EMU_BUN_ACCOUNT_SID] =
	{"account_sid", EMU_TEXT_SID, EMU_IS_ACCOUNT, "AC", NULL},
	[EMU_BUN_REGULATION_SID] =
	{"regulation_sid", EMU_TEXT_SID, EMU_KEPT, "RN", NULL},
	[EMU_BUN_FRIENDLY_NAME] =
	{"friendly_name", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_BUN_STATUS] =
	{"status", EMU_CHOICE, EMU_KEPT, EMU_BUNDLE_STATUSES, "\"draft\""},
	[EMU_BUN_VALID_UNTIL] = {"valid_until", EMU_DATE, EMU_KEPT, NULL, NULL},
	[EMU_BUN_EMAIL] = {"email", EMU_TEXT, EMU_KEPT, NULL, NULL},
	[EMU_BUN_STATUS_CALLBACK] =
	{"status_callback", EMU_URI, EMU_KEPT, NULL, NULL},
	[EMU_BUN_DATE_CREATED] =
	{"date_created", EMU_DATE, EMU_KEPT_CREATED, NULL, NULL},
	[EMU_BUN_DATE_UPDATED] =
	{"date_updated", EMU_DATE, EMU_KEPT_UPDATED, NULL, NULL},
	[EMU_BUN_URL] = {"url", EMU_URI, EMU_IS_URL, NULL, NULL},
	[EMU_BUN_LINKS] = {"links", EMU_MAP, EMU_IS_LINKS,
		"evaluations=Evaluations|item_assignments=ItemAssignments|"
	"bundle_copies=Copies", NULL},
	[EMU_BUN_IS_TEST] = {"is_test", EMU_BOOLEAN, EMU_HIDDEN, NULL, "false"},
	[EMU_BUN_NUMBERS] = {"numbers", EMU_ANY, EMU_HIDDEN, NULL, "0"},
	[EMU_BUN_ADDRESS_DELETED] =
	{"address_deleted", EMU_BOOLEAN, EMU_HIDDEN, NULL, "false"},
	{NULL, EMU_TEXT, EMU_KEPT, NULL, NULL}
};

static const EmuRule emu_bundle_create[] = {
	{"FriendlyName", EMU_TEXT, true, NULL, EMU_BUN_FRIENDLY_NAME, 0},
	{"Email", EMU_TEXT, true, NULL, EMU_BUN_EMAIL, 0},
	{"StatusCallback", EMU_URI, false, NULL, EMU_BUN_STATUS_CALLBACK, 0},
	{"RegulationSid", EMU_TEXT_SID, false, "RN", EMU_NO_FIELD, 22201},
	{"IsoCountry", EMU_TEXT, false, NULL, EMU_NO_FIELD, 0},
	{"EndUserType", EMU_CHOICE, false, EMU_END_USER_TYPE_CHOICES,
	EMU_NO_FIELD, 22200},
	{"NumberType", EMU_CHOICE, false, EMU_NUMBER_TYPES, EMU_NO_FIELD, 22200},
	{"IsTest", EMU_BOOLEAN, false, NULL, EMU_BUN_IS_TEST, 0},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

static const EmuRule emu_bundle_update[] = {
	{"Status", EMU_CHOICE, false, EMU_BUNDLE_STATUSES, EMU_BUN_STATUS, 22203},
	{"StatusCallback", EMU_URI, false, NULL, EMU_BUN_STATUS_CALLBACK, 0},
	{"FriendlyName", EMU_TEXT, false, NULL, EMU_BUN_FRIENDLY_NAME, 0},
	{"Email", EMU_TEXT, false, NULL, EMU_BUN_EMAIL, 0},
	{NULL, EMU_TEXT, false, NULL, EMU_NO_FIELD, 0}
};

/* The country and the types are those of the regulation. */
#define EMU_OF_REGULATION 0, &emu_regulations, EMU_BUN_REGULATION_SID

static const EmuFilter emu_bundle_filters[] = {
	{"Status", EMU_EQUALS, EMU_CHOICE, EMU_BUNDLE_STATUSES, EMU_BUN_STATUS,
	22203, 0, NULL, 0},
	{"BundleSids", EMU_AMONG, EMU_TEXT_SID, "BU", EMU_BUN_SID, 0, 0, NULL, 0},
	{"FriendlyName", EMU_NAMED, EMU_TEXT, NULL, EMU_BUN_FRIENDLY_NAME, 0, 0,
	NULL, 0},
	{"RegulationSid", EMU_EQUALS, EMU_TEXT_SID, "RN", EMU_BUN_REGULATION_SID,
	0, 0, NULL, 0},
	{"IsoCountry", EMU_EQUALS, EMU_TEXT, NULL, EMU_REG_ISO_COUNTRY, 0,
	EMU_OF_REGULATION},
	{"NumberType", EMU_EQUALS, EMU_CHOICE, EMU_NUMBER_TYPES,
	EMU_REG_NUMBER_TYPE, 22213, EMU_OF_REGULATION},
	{"EndUserType", EMU_EQUALS, EMU_CHOICE, EMU_END_USER_TYPE_CHOICES,
	EMU_REG_END_USER_TYPE, 22212, EMU_OF_REGULATION},
	{"HasValidUntilDate", EMU_PRESENT, EMU_BOOLEAN, NULL, EMU_BUN_VALID_UNTIL,
	0, 0, NULL, 0},
	{"SortBy", EMU_SORT_BY, EMU_CHOICE, "valid-until|date-updated",
	EMU_NO_FIELD, 0, 0, NULL, 0},
	{"SortDirection", EMU_DIRECTION, EMU_CHOICE, "ASC|DESC", EMU_NO_FIELD, 0,
	0, NULL, 0},
	{"ValidUntilDate", EMU_ON, EMU_DATE, NULL, EMU_BUN_VALID_UNTIL, 0, 0,
	NULL, 0},
	{"ValidUntilDate<", EMU_UNTIL, EMU_DATE, NULL, EMU_BUN_VALID_UNTIL, 0, 0,
	NULL, 0},
	{"ValidUntilDate>", EMU_FROM, EMU_DATE, NULL, EMU_BUN_VALID_UNTIL, 0, 0,
	NULL, 0},
	{NULL, EMU_EQUALS, EMU_TEXT, NULL, EMU_NO_FIELD, 0, 0, NULL, 0}
};

/* In the order of the values of SortBy. */
static const int emu_bundle_sorts[] = {
	EMU_BUN_VALID_UNTIL, EMU_BUN_DATE_UPDATED
};

/* The regulation that the form asks for; EMU_NONE: the reply says why. */
static uint32_t
emu_bundle_regulation(const EmuCall *call)
{
	const EmuStore *regulations = emu_rows(call->emu->world,
										   &emu_regulations);
	const EmuParams *form = &call->request->form;
	const char *sid = emu_params_text(form, "RegulationSid");
	const char *country = emu_params_text(form, "IsoCountry");
	const char *number_type = emu_params_text(form, "NumberType");
	uint32_t	index = EMU_NONE;

	if (sid == NULL && (country == NULL || number_type == NULL))
	{
		emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, 22202,
				 "No regulation sid or phone number country and type was "
				 "provided");
		return EMU_NONE;
	}
	if (sid == NULL)
		index = emu_regulation_for(regulations, country, number_type,
								   emu_params_text(form, "EndUserType"));
	else if (emu_store_find(regulations, sid, &index) &&
			 !emu_store_is_live(regulations, index))
		index = EMU_NONE;
	if (index == EMU_NONE)
		emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, 22201,
				 "No regulation sid found for the given number group");
	return index;
}

static bool
emu_bundle_make(EmuCall *call)
{
	uint32_t	regulation = emu_bundle_regulation(call);
	char		sid[EMU_SID_LENGTH + 3];

	if (regulation == EMU_NONE)
		return false;
	call->index = emu_store_create(call->rows, EMU_NONE);
	emu_store_sid(emu_rows(call->emu->world, &emu_regulations), regulation,
				  sid + 1);
	sid[0] = '"';
	strcpy(sid + 1 + EMU_SID_LENGTH, "\"");
	emu_store_put(call->rows, call->index, EMU_BUN_REGULATION_SID, sid);
	emu_set_form(call, emu_bundle_create, false);
	return true;
}

static bool
emu_bundle_refuse_state(const EmuCall *call, const char *what)
{
	emu_fail(call->emu, call->reply, MHD_HTTP_CONFLICT, 20409,
			 "Regulatory Bundle cannot be %s: its status is %s", what,
			 emu_store_kept(call->rows, call->index, EMU_BUN_STATUS).data);
	return false;
}

static bool
emu_bundle_may_update(EmuCall *call)
{
	const EmuOptions *options = &call->emu->options;
	const char *status = emu_params_text(&call->request->form, "Status");
	EmuText		now = emu_store_kept(call->rows, call->index, EMU_BUN_STATUS);

	if (status == NULL)
		return emu_list_has_json(options->bundle_editable, now) ||
			emu_bundle_refuse_state(call, "changed");
	if (emu_form_has_any(call, emu_bundle_update + 1))
		emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, 22204,
				 "Bundle status and properties cannot be updated in the same "
				 "request");
	else if (strcmp(status, "pending-review") == 0)
		return emu_list_has_json(options->submittable, now) ||
			emu_bundle_refuse_state(call, "submitted");
	else if (strcmp(status, "draft") == 0)
		return emu_list_has_json(options->withdrawable, now) ||
			emu_bundle_refuse_state(call, "made a draft");
	else
		emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, 20001,
				 "Status cannot be set to %s", status);
	return false;
}

/* The documents follow the bundle. */
static void
emu_bundle_updated(EmuCall *call)
{
	const char *status = emu_params_text(&call->request->form, "Status");

	if (status != NULL && strcmp(status, "pending-review") == 0)
		emu_bundle_submitted(call->emu->world, call->index);
	else if (status != NULL)
		emu_bundle_withdrawn(call->emu->world, call->index);
}

/* The answer is made: bundles that are tests are now rejected. */
static void
emu_bundle_settled(EmuCall *call)
{
	if (emu_params_text(&call->request->form, "Status") != NULL &&
		emu_store_kept_is(call->rows, call->index, EMU_BUN_STATUS,
						  "\"pending-review\"") &&
		emu_store_kept_is(call->rows, call->index, EMU_BUN_IS_TEST, "true"))
		emu_bundle_reviewed(call->emu->world, call->index, "twilio-rejected",
							NULL, NULL, "Rejected test bundle",
							"[{\"code\":18099}]");
}

static bool
emu_bundle_may_delete(EmuCall *call)
{
	unsigned	code = (unsigned) call->emu->options.state_error_status;
	EmuText		status = emu_store_kept(call->rows, call->index,
										EMU_BUN_STATUS);

	if (!emu_list_has_json(call->emu->options.bundle_deletable, status))
		emu_fail(call->emu, call->reply, code, 21647,
				 "Regulatory Bundle is not eligible for deletion: its status "
				 "is %s", status.data);
	else if (!emu_store_kept_is(call->rows, call->index, EMU_BUN_NUMBERS, "0"))
		emu_fail(call->emu, call->reply, code, 21648,
				 "Regulatory Bundle cannot be deleted due to active number "
				 "assignment");
	else
		return true;
	return false;
}

const EmuResource emu_bundles = {
	.name = "bundles",
	.path = "/Bundles",
	.prefix = "BU",
	.list_key = "results",
	.schema = "numbers.v2.regulatory_compliance.bundle",
	.verbs = EMU_VERB(EMU_LIST) | EMU_VERB(EMU_CREATE) | EMU_VERB(EMU_FETCH) |
	EMU_VERB(EMU_UPDATE) | EMU_VERB(EMU_DELETE),
	.newest_first = true,
	.fields = emu_bundle_fields,
	.create = emu_bundle_create,
	.update = emu_bundle_update,
	.filters = emu_bundle_filters,
	.sorts = emu_bundle_sorts,
	.fill = emu_bundles_fill,
	.make = emu_bundle_make,
	.may_update = emu_bundle_may_update,
	.updated = emu_bundle_updated,
	.settled = emu_bundle_settled,
	.may_delete = emu_bundle_may_delete
};
