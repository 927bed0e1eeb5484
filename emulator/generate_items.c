/*
 * generate_items.c
 *		Which items do the bundles of the start have?
 *
 * They are chosen so that they tell the same story as the bundle's status: an
 * approved one has what its regulation asks for, in documents that are
 * approved; a rejected one has a document that is rejected; a draft may lack
 * some of it. Documents and end users are chosen again and again.
 */
#include <stdlib.h>
#include <string.h>

#include "bundles.h"
#include "date.h"
#include "documents.h"
#include "evaluate.h"
#include "regulations.h"

#define EMU_SCANNED 20000		/* documents that are looked at */
#define EMU_REGULATIONS_TRIED 30
#define EMU_TRIES 200			/* to find one that meets the requirements */

/* The statuses of documents that make a difference here. */
static const char *const emu_classes[] = {
	"draft", "pending-review", "rejected", "approved",
	"provisionally-approved"
};

#define EMU_CLASSES ((int) (sizeof(emu_classes) / sizeof(*emu_classes)))

/* Documents of one type and one class, or end users of a type. */
typedef struct EmuPool
{
	char		type[64];
	EmuBranch	of[sizeof(emu_classes) / sizeof(*emu_classes)];
} EmuPool;

/* While the items of one bundle are chosen. */
typedef struct EmuChoice
{
	EmuWorld   *world;
	EmuPool    *pool;			/* of documents */
	int			pools;
	EmuPool		end_users[2];	/* the first class of each is used */
	uint64_t	random;
	uint32_t	bundle;
	bool		complete;		/* nothing may be missing */
	const char *wanted;			/* classes, the best first */
	EmuItems	items;
	char		sid[EMU_MAX_ITEMS][EMU_SID_LENGTH + 3]; /* as JSON */
	int64_t		created;
} EmuChoice;

static EmuPool *
emu_pool_of(EmuChoice *choice, const char *type, size_t len)
{
	EmuPool    *pool;
	int			i;

	for (i = 0; i < choice->pools; i++)
		if (strlen(choice->pool[i].type) == len &&
			memcmp(choice->pool[i].type, type, len) == 0)
			return &choice->pool[i];
	choice->pool = emu_realloc(choice->pool, (size_t) (choice->pools + 1) *
							   sizeof(EmuPool));
	pool = &choice->pool[choice->pools++];
	memset(pool, 0, sizeof(*pool));
	memcpy(pool->type, type, len < sizeof(pool->type) ? len : 0);
	return pool;
}

/* Sorts the documents by type and class. */
static void
emu_pools_fill(EmuChoice *choice)
{
	const EmuStore *documents = emu_rows(choice->world, &emu_documents);
	uint32_t	index;
	EmuScratch	scratch;
	EmuRow		row;
	int			i;

	for (index = 0; index < emu_store_ever(documents) && index < EMU_SCANNED;
		 index++)
	{
		EmuText    *type = &row.field[EMU_DOC_TYPE];
		EmuText    *status = &row.field[EMU_DOC_STATUS];

		emu_store_get(documents, index, &scratch, &row);
		for (i = 0; i < EMU_CLASSES; i++)
			if (strlen(emu_classes[i]) + 2 == status->len &&
				memcmp(emu_classes[i], status->data + 1,
					   status->len - 2) == 0)
				emu_branch_add(&emu_pool_of(choice, type->data + 1,
											type->len - 2)->of[i], index);
	}
}

static void
emu_end_user_pools_fill(EmuChoice *choice)
{
	const EmuStore *end_users = emu_rows(choice->world, &emu_end_users);
	uint32_t	index;

	strcpy(choice->end_users[0].type, "individual");
	strcpy(choice->end_users[1].type, "business");
	for (index = 0; index < emu_store_ever(end_users); index++)
		emu_branch_add(&choice->end_users[emu_store_kept_is(end_users, index,
															EMU_USER_TYPE,
															"\"business\"")].of[0],
					   index);
}

/* Loads a row as the last of the items. */
static EmuItem *
emu_choice_take(EmuChoice *choice, const EmuStore *rows, uint32_t index)
{
	char	   *json = choice->sid[choice->items.count];
	EmuText		text = {json, EMU_SID_LENGTH + 2};

	json[0] = '"';
	emu_store_sid(rows, index, json + 1);
	strcpy(json + 1 + EMU_SID_LENGTH, "\"");
	emu_items_add(choice->world, &choice->items, text);
	return &choice->items.item[choice->items.count - 1];
}

static void
emu_choice_drop(EmuChoice *choice)
{
	free(choice->items.item[--choice->items.count].attributes);
}

/* It became an item some minutes after the one before it. */
static void
emu_choice_date(EmuChoice *choice, uint32_t item)
{
	choice->created += 60 + (int64_t) (emu_next(&choice->random) % 600);
	emu_store_set(emu_rows(choice->world, &emu_item_assignments), item,
				  EMU_ITEM_DATE_CREATED, emu_date_json(choice->created));
}

/* A copy has the items, and the regulation, of its source. */
static void
emu_choice_copy(EmuChoice *choice, uint32_t source)
{
	EmuStore   *bundles = emu_rows(choice->world, &emu_bundles);
	const EmuStore *rows = emu_rows(choice->world, &emu_item_assignments);
	uint32_t	i;

	emu_store_copy(bundles, choice->bundle, EMU_BUN_REGULATION_SID,
				   emu_store_kept(bundles, source, EMU_BUN_REGULATION_SID));
	emu_items_copy(choice->world, source, choice->bundle);
	for (i = 0; i < emu_store_branch(rows, choice->bundle)->count; i++)
		emu_choice_date(choice, emu_store_branch(rows, choice->bundle)->at[i]);
}

/* Takes one of them; where it must, one that meets the need. */
static bool
emu_choose_of(EmuChoice *choice, const EmuStore *rows, const EmuBranch *of,
			  const json_t *need)
{
	const EmuItem *end_user = NULL;
	uint32_t	first = (uint32_t) emu_next(&choice->random);
	uint32_t	tries;

	if (choice->items.count > 0 && !choice->items.item[0].document)
		end_user = &choice->items.item[0];
	for (tries = 0; tries < of->count && tries < EMU_TRIES; tries++)
	{
		const EmuItem *item = emu_choice_take(choice, rows,
											  of->at[(first + tries) %
													 of->count]);

		if (!choice->complete || emu_item_meets(need, item, end_user))
			return true;
		emu_choice_drop(choice);
	}
	return false;
}

static void
emu_choose_end_user(EmuChoice *choice, const json_t *need)
{
	const char *type = json_string_value(json_object_get(need, "type"));
	int			i;

	if (!choice->complete && emu_next(&choice->random) % 5 == 0)
		return;
	for (i = 0; i < 2; i++)
		if (strcmp(choice->end_users[i].type, type) == 0)
			emu_choose_of(choice, emu_rows(choice->world, &emu_end_users),
						  &choice->end_users[i].of[0], need);
}

/* A document of that class, of any kind that is accepted. */
static bool
emu_choose_class(EmuChoice *choice, const json_t *requirement, int class)
{
	json_t	   *accepted = json_object_get(requirement, "accepted_documents");
	size_t		count = json_array_size(accepted);
	size_t		first = emu_next(&choice->random) % count;
	size_t		i;

	for (i = 0; i < count; i++)
	{
		const json_t *need = json_array_get(accepted, (first + i) % count);
		const char *type = json_string_value(json_object_get(need, "type"));
		EmuPool    *pool = emu_pool_of(choice, type, strlen(type));

		if (emu_choose_of(choice, emu_rows(choice->world, &emu_documents),
						  &pool->of[class], need))
			return true;
	}
	return false;
}

static void
emu_choose_document(EmuChoice *choice, const json_t *requirement)
{
	const char *letter;

	if (!choice->complete && emu_next(&choice->random) % 4 == 0)
		return;
	for (letter = choice->wanted; *letter != '\0'; letter++)
		if (emu_choose_class(choice, requirement, *letter - '0'))
			return;
}

/* Any document that is rejected. */
static void
emu_choose_rejected(EmuChoice *choice)
{
	int			first = (int) (emu_next(&choice->random) %
							   (uint64_t) choice->pools);
	int			i;

	for (i = 0; i < choice->pools; i++)
	{
		EmuPool    *pool = &choice->pool[(first + i) % choice->pools];

		if (emu_choose_of(choice, emu_rows(choice->world, &emu_documents),
						  &pool->of[2], NULL))
			return;
	}
}

/*
 * What the regulation asks for; of a rejected bundle, one document is at
 * fault. False: it could not be had.
 */
static bool
emu_choose_items(EmuChoice *choice, const json_t *requirements, bool rejected)
{
	json_t	   *needs = json_array_get(json_object_get(requirements,
													   "supporting_document"),
									   0);
	size_t		count = json_array_size(needs);
	size_t		culprit = count;
	EmuBuf		results = {0};
	size_t		i;
	bool		complies;

	if (rejected && count > 0)
		culprit = emu_next(&choice->random) % count;
	emu_choose_end_user(choice,
						json_array_get(json_object_get(requirements,
													   "end_user"), 0));
	for (i = 0; i < count; i++)
		if (i != culprit)
			emu_choose_document(choice, json_array_get(needs, i));
		else if (!emu_choose_class(choice, json_array_get(needs, i), 2))
			return false;
	complies = emu_evaluate(requirements, &choice->items, &results);
	emu_buf_free(&results);
	return complies || !choice->complete;
}

/* The number of the bundle's regulation becomes the next one. */
static void
emu_choose_regulation(EmuChoice *choice)
{
	EmuStore   *bundles = emu_rows(choice->world, &emu_bundles);
	const EmuStore *regulations = emu_rows(choice->world, &emu_regulations);
	char		json[EMU_SID_LENGTH + 3] = "\"";
	char		sid[EMU_SID_LENGTH + 1];
	uint32_t	index;

	emu_sid_of(emu_store_kept(bundles, choice->bundle,
							  EMU_BUN_REGULATION_SID), sid);
	emu_store_find(regulations, sid, &index);
	emu_store_sid(regulations, (index + 1) % emu_store_ever(regulations),
				  json + 1);
	strcpy(json + 1 + EMU_SID_LENGTH, "\"");
	emu_store_put(bundles, choice->bundle, EMU_BUN_REGULATION_SID, json);
}

/* Goes from one regulation to the next until its items can be had. */
static void
emu_choose(EmuChoice *choice, bool rejected)
{
	bool		done = false;
	int			tries;

	for (tries = 0; tries < EMU_REGULATIONS_TRIED && !done; tries++)
	{
		json_t	   *requirements;

		if (tries > 0)
		{
			emu_items_free(&choice->items);
			emu_choose_regulation(choice);
		}
		requirements = emu_requirements_of(choice->world, choice->bundle);
		done = emu_choose_items(choice, requirements, rejected);
		json_decref(requirements);
	}
	if (!done && rejected)
	{
		choice->complete = false;
		emu_choose_rejected(choice);
	}
}

/* Which classes of documents go with the bundle's status. */
static void
emu_choice_for(EmuChoice *choice, const char *status)
{
	choice->complete = strcmp(status, "\"draft\"") != 0;
	if (!choice->complete)
		choice->wanted = emu_next(&choice->random) % 2 ? "03" : "30";
	else if (strcmp(status, "\"provisionally-approved\"") == 0)
		choice->wanted = "43";
	else if (strcmp(status, "\"pending-review\"") == 0 ||
			 strcmp(status, "\"in-review\"") == 0)
		choice->wanted = "13";
	else
		choice->wanted = "3";
}

static void
emu_bundle_items_fill(EmuChoice *choice, uint32_t bundle)
{
	const EmuStore *bundles = emu_rows(choice->world, &emu_bundles);
	const char *status = emu_store_kept(bundles, bundle, EMU_BUN_STATUS).data;
	uint32_t	source = emu_store_parent(bundles, bundle);
	int			i;

	choice->bundle = bundle;
	choice->random = emu_store_random(emu_rows(choice->world,
											   &emu_item_assignments),
									  bundle);
	emu_date_of(emu_store_kept(bundles, bundle, EMU_BUN_DATE_CREATED),
				&choice->created);
	if (source != EMU_NONE)
	{
		emu_choice_copy(choice, source);
		return;
	}
	emu_choice_for(choice, status);
	emu_choose(choice, strcmp(status, "\"twilio-rejected\"") == 0);
	for (i = 0; i < choice->items.count; i++)
	{
		EmuText		text = {choice->sid[i], EMU_SID_LENGTH + 2};

		emu_choice_date(choice, emu_item_add(choice->world, bundle, text));
	}
	emu_items_free(&choice->items);
}

void
emu_items_fill(EmuWorld *world)
{
	EmuChoice  *choice = emu_alloc(sizeof(*choice));
	uint32_t	count = emu_store_ever(emu_rows(world, &emu_bundles));
	uint32_t	i;
	int			j;

	choice->world = world;
	if (count > 0)
	{
		emu_pools_fill(choice);
		emu_end_user_pools_fill(choice);
	}
	for (i = 0; i < count; i++)
		emu_bundle_items_fill(choice, i);
	for (i = 0; i < (uint32_t) choice->pools; i++)
		for (j = 0; j < EMU_CLASSES; j++)
			free(choice->pool[i].of[j].at);
	for (i = 0; i < 2; i++)
		free(choice->end_users[i].of[0].at);
	free(choice->pool);
	free(choice);
}
