/*
 * evaluations.c
 *		What is an evaluation, and which ones are there at the start?
 */
#include <stdlib.h>

#include "api.h"
#include "bundles.h"
#include "date.h"
#include "evaluate.h"
#include "failure.h"

#define EMU_HOUR_S 3600

static const EmuField emu_evaluation_fields[] = {
	[EMU_EVAL_SID] = {"sid", EMU_TEXT_SID, EMU_IS_SID, "EL", NULL},
	[EMU_EVAL_ACCOUNT_SID] =
	{"account_sid", EMU_TEXT_SID, EMU_IS_ACCOUNT, "AC", NULL},
	[EMU_EVAL_REGULATION_SID] =
	{"regulation_sid", EMU_TEXT_SID, EMU_KEPT, "RN", NULL},
	[EMU_EVAL_BUNDLE_SID] =
	{"bundle_sid", EMU_TEXT_SID, EMU_IS_PARENT, "BU", NULL},
	[EMU_EVAL_STATUS] =
	{"status", EMU_CHOICE, EMU_KEPT, "compliant|noncompliant", NULL},
	[EMU_EVAL_RESULTS] = {"results", EMU_ARRAY, EMU_KEPT, NULL, "[]"},
	[EMU_EVAL_DATE_CREATED] =
	{"date_created", EMU_DATE, EMU_KEPT_CREATED, NULL, NULL},
	[EMU_EVAL_URL] = {"url", EMU_URI, EMU_IS_URL, NULL, NULL},
	{NULL, EMU_TEXT, EMU_KEPT, NULL, NULL}
};

/* Adds what comes of the items to the bundle's evaluations. */
static uint32_t
emu_evaluation_add(EmuWorld *world, uint32_t bundle,
				   const json_t *requirements, const EmuItems *items)
{
	EmuStore   *rows = emu_rows(world, &emu_evaluations);
	uint32_t	index = emu_store_create(rows, bundle);
	EmuBuf		results = {0};
	bool		complies = emu_evaluate(requirements, items, &results);

	emu_store_copy(rows, index, EMU_EVAL_REGULATION_SID,
				   emu_store_kept(emu_rows(world, &emu_bundles), bundle,
								  EMU_BUN_REGULATION_SID));
	emu_store_put(rows, index, EMU_EVAL_STATUS,
				  complies ? "\"compliant\"" : "\"noncompliant\"");
	emu_store_set(rows, index, EMU_EVAL_RESULTS, results.data);
	return index;
}

static bool
emu_evaluation_make(EmuCall *call)
{
	json_t	   *requirements = emu_requirements_of(call->emu->world,
												   call->parent);
	EmuItems   *items;

	if (requirements == NULL)
	{
		emu_fail(call->emu, call->reply, MHD_HTTP_BAD_REQUEST, 20001,
				 "The Regulatory Bundle has no regulation");
		return false;
	}
	items = emu_alloc(sizeof(*items));
	emu_items_of(call->emu->world, call->parent, items);
	call->index = emu_evaluation_add(call->emu->world, call->parent,
									 requirements, items);
	emu_items_free(items);
	free(items);
	json_decref(requirements);
	return true;
}

/*
 * An evaluation with all items, and for some one before it, when some items
 * were not there yet. Some drafts have never been evaluated.
 */
static void
emu_bundle_evaluations(EmuWorld *world, uint32_t bundle, EmuItems *items)
{
	EmuStore   *rows = emu_rows(world, &emu_evaluations);
	const EmuStore *bundles = emu_rows(world, &emu_bundles);
	uint64_t	draw = emu_store_random(rows, bundle);
	json_t	   *requirements = emu_requirements_of(world, bundle);
	int64_t		created = 0;
	int			count;

	emu_date_of(emu_store_kept(bundles, bundle, EMU_BUN_DATE_CREATED),
				&created);
	emu_items_of(world, bundle, items);
	count = items->count;
	if ((draw >> 8) % 3 == 0)
	{
		items->count /= 2;
		emu_store_set(rows, emu_evaluation_add(world, bundle, requirements,
											   items), EMU_EVAL_DATE_CREATED,
					  emu_date_json(created + EMU_HOUR_S));
		items->count = count;
	}
	if (draw % 3 != 0 || !emu_store_kept_is(bundles, bundle, EMU_BUN_STATUS,
											"\"draft\""))
		emu_store_set(rows, emu_evaluation_add(world, bundle, requirements,
											   items), EMU_EVAL_DATE_CREATED,
					  emu_date_json(created + 5 * EMU_HOUR_S));
	emu_items_free(items);
	json_decref(requirements);
}

static void
emu_evaluations_fill(EmuWorld *world)
{
	const EmuStore *bundles = emu_rows(world, &emu_bundles);
	EmuItems   *items = emu_alloc(sizeof(*items));
	uint32_t	i;

	for (i = 0; i < emu_store_ever(bundles); i++)
		emu_bundle_evaluations(world, i, items);
	free(items);
}

const EmuResource emu_evaluations = {
	.name = "evaluations",
	.path = "/Bundles/{}/Evaluations",
	.prefix = "EL",
	.list_key = "results",
	.schema = "numbers.v2.regulatory_compliance.bundle.evaluation",
	.verbs = EMU_VERB(EMU_LIST) | EMU_VERB(EMU_CREATE) | EMU_VERB(EMU_FETCH),
	.parent = &emu_bundles,
	.fields = emu_evaluation_fields,
	.fill = emu_evaluations_fill,
	.make = emu_evaluation_make
};
