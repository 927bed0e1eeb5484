/*
 * lifecycle.c
 *		What becomes of a bundle and its documents when it is copied,
 *		submitted, withdrawn or reviewed?
 */
#include <string.h>
#include <time.h>

#include "bundles.h"
#include "check.h"
#include "date.h"
#include "documents.h"
#include "json.h"

#define EMU_APPROVED_DAYS 365
#define EMU_ANY_STATUS \
	"draft,pending-review,rejected,approved,expired,provisionally-approved"

/* What a review says of documents; NULL: nothing. */
typedef struct EmuVerdict
{
	const char *status;
	const char *reason;
	const char *errors;			/* JSON */
} EmuVerdict;

/* All that a copy has of its source, but for the items. */
void
emu_bundle_copy(EmuWorld *world, uint32_t from, uint32_t to)
{
	static const int fields[] = {
		EMU_BUN_REGULATION_SID, EMU_BUN_FRIENDLY_NAME, EMU_BUN_VALID_UNTIL,
		EMU_BUN_EMAIL, EMU_BUN_STATUS_CALLBACK
	};
	EmuStore   *rows = emu_rows(world, &emu_bundles);
	size_t		i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		emu_store_copy(rows, to, fields[i],
					   emu_store_kept(rows, from, fields[i]));
}

static void
emu_document_set(EmuStore *documents, uint32_t index,
				 const EmuVerdict *verdict)
{
	EmuBuf		buf = {0};

	emu_store_set(documents, index, EMU_DOC_STATUS,
				  emu_json_string(verdict->status, strlen(verdict->status)));
	emu_json_add_text(&buf, verdict->reason);
	emu_store_set(documents, index, EMU_DOC_FAILURE_REASON, buf.data);
	emu_store_put(documents, index, EMU_DOC_ERRORS,
				  verdict->errors ? verdict->errors : "null");
	emu_store_touch(documents, index);
}

/*
 * Sets the bundle's documents that have one of the statuses, and of which the
 * sids are named (NULL: all).
 */
static void
emu_documents_set(EmuWorld *world, uint32_t bundle, const char *statuses,
				  const char *named, const EmuVerdict *verdict)
{
	EmuStore   *documents = emu_rows(world, &emu_documents);
	const EmuStore *rows = emu_rows(world, &emu_item_assignments);
	const EmuBranch *items = emu_store_branch(rows, bundle);
	uint32_t	i;

	for (i = 0; i < items->count; i++)
	{
		char		sid[EMU_SID_LENGTH + 1];
		EmuText		object = emu_store_kept(rows, items->at[i],
											EMU_ITEM_OBJECT_SID);
		EmuScratch	scratch;
		EmuRow		row;
		uint32_t	index;

		if (!emu_sid_of(object, sid) ||
			!emu_store_find(documents, sid, &index) ||
			!emu_store_is_live(documents, index) ||
			(named != NULL && !emu_list_has(named, sid, EMU_SID_LENGTH)))
			continue;
		emu_store_get(documents, index, &scratch, &row);
		if (emu_list_has_json(statuses, row.field[EMU_DOC_STATUS]))
			emu_document_set(documents, index, verdict);
	}
}

/* Documents that were rejected are reviewed again, too. */
void
emu_bundle_submitted(EmuWorld *world, uint32_t bundle)
{
	EmuVerdict	verdict = {"pending-review", NULL, NULL};

	emu_documents_set(world, bundle, "draft,rejected", NULL, &verdict);
}

void
emu_bundle_withdrawn(EmuWorld *world, uint32_t bundle)
{
	EmuVerdict	verdict = {"draft", NULL, NULL};

	emu_documents_set(world, bundle, "pending-review", NULL, &verdict);
}

/*
 * Sets the status, which may be any text, and what follows from it. Of a
 * rejected bundle the documents named are rejected (NULL: all that wait for
 * the review) and the others approved. The date is JSON without its quotes;
 * NULL: a year from now.
 */
void
emu_bundle_reviewed(EmuWorld *world, uint32_t bundle, const char *status,
					const char *valid_until, const char *documents,
					const char *reason, const char *errors)
{
	EmuStore   *rows = emu_rows(world, &emu_bundles);
	EmuVerdict	accepted = {"approved", NULL, NULL};
	EmuVerdict	rejected = {"rejected", reason, errors};
	bool		approved = strstr(status, "approved") != NULL;
	char	   *date = NULL;

	if (strcmp(status, "provisionally-approved") == 0)
		accepted.status = status;
	if (strcmp(status, "twilio-rejected") == 0)
		emu_documents_set(world, bundle, documents ? EMU_ANY_STATUS :
						  "pending-review", documents, &rejected);
	if (approved || strcmp(status, "twilio-rejected") == 0)
		emu_documents_set(world, bundle, "pending-review", NULL, &accepted);
	if (valid_until != NULL)
		date = emu_json_string(valid_until, strlen(valid_until));
	else if (approved)
		date = emu_date_json(time(NULL) + EMU_APPROVED_DAYS * EMU_DAY_S);
	if (date != NULL)
		emu_store_set(rows, bundle, EMU_BUN_VALID_UNTIL, date);
	emu_store_set(rows, bundle, EMU_BUN_STATUS,
				  emu_json_string(status, strlen(status)));
	emu_store_touch(rows, bundle);
}
