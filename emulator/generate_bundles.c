/*
 * generate_bundles.c
 *		Which bundles are there at the start?
 *
 * Of each twenty, the same number has each status, so that a test knows how
 * many to expect.
 */
#include "generate_bundles.h"

#include <ctype.h>
#include <string.h>

#include "bundles.h"
#include "date.h"
#include "documents.h"
#include "regulations.h"

#define EMU_BLOCK 20
#define EMU_SCANNED 20000		/* documents that are looked at */
#define EMU_REVIEW_S (40 * EMU_DAY_S)

static const char *const emu_bundle_shares[EMU_BLOCK] = {
	"draft", "draft", "draft", "draft", "draft",
	"pending-review", "pending-review", "in-review",
	"twilio-rejected", "twilio-rejected",
	"twilio-approved", "twilio-approved", "twilio-approved",
	"twilio-approved", "twilio-approved", "twilio-approved",
	"twilio-approved", "twilio-approved",
	"provisionally-approved", "provisionally-approved"
};

/* Whether any document is rejected: without one, no bundle can be. */
static bool
emu_has_rejected(const EmuWorld *world)
{
	const EmuStore *documents = emu_rows(world, &emu_documents);
	uint32_t	index;
	EmuScratch	scratch;
	EmuRow		row;

	for (index = 0; index < emu_store_ever(documents) && index < EMU_SCANNED;
		 index++)
	{
		emu_store_get(documents, index, &scratch, &row);
		if (row.field[EMU_DOC_STATUS].len == strlen("\"rejected\"") &&
			memcmp(row.field[EMU_DOC_STATUS].data, "\"rejected\"", 10) == 0)
			return true;
	}
	return false;
}

/* The shares of twenty, each time in another order. */
static const char *
emu_bundle_status(const EmuStore *rows, uint32_t index)
{
	static const uint64_t steps[] = {1, 3, 7, 9, 11, 13, 17, 19};
	uint64_t	block = ~(uint64_t) (index / EMU_BLOCK);
	uint64_t	random = emu_mix(emu_store_random(rows, 0) ^ emu_mix(block));

	return emu_bundle_shares[(index % EMU_BLOCK * steps[random & 7] +
							  (random >> 8)) % EMU_BLOCK];
}

static void
emu_set_json(EmuStore *rows, uint32_t index, int field, EmuScratch *scratch)
{
	emu_store_set(rows, index, field, emu_copy(scratch->text, scratch->len));
}

/*
 * Some names occur more than once, and some with other letters. Words with
 * escapes stay as they are, as those have letters, too.
 */
static void
emu_bundle_name(EmuStore *rows, uint32_t index, uint64_t *random)
{
	static const char *const purposes[] = {"Support", "Sales", "Voice", "SMS"};
	uint64_t	draw = emu_next(random);
	EmuScratch	scratch;
	size_t		i;

	if (draw % 128 == 0)
		return;
	scratch.len = 0;
	emu_put_template(&scratch, "\"%b ", random, 0);
	emu_put(&scratch, purposes[(draw >> 16) % 4]);
	emu_put(&scratch, "\"");
	if ((draw >> 8) % 4 == 0 &&
		memchr(scratch.text, '\\', scratch.len) == NULL)
		for (i = 0; i < scratch.len; i++)
			if ((unsigned char) scratch.text[i] < 0x80)
				scratch.text[i] = (char) toupper(scratch.text[i]);
	emu_set_json(rows, index, EMU_BUN_FRIENDLY_NAME, &scratch);
}

/* Some at midnight, some at the day's end, some at any time. */
static void
emu_bundle_valid_until(EmuStore *rows, uint32_t index, uint64_t draw,
					   int64_t updated)
{
	int64_t		date = updated + 300 * EMU_DAY_S +
	(int64_t) (draw % (400 * EMU_DAY_S));

	if ((draw >> 40) % 3 < 2)
		date -= date % EMU_DAY_S;
	if ((draw >> 40) % 3 == 1)
		date += EMU_DAY_S - 1;
	emu_store_set(rows, index, EMU_BUN_VALID_UNTIL, emu_date_json(date));
}

static void
emu_bundle_dates(EmuStore *rows, uint32_t index, uint64_t *random,
				 int64_t created, const char *status)
{
	uint64_t	draw = emu_next(random);
	int64_t		updated = created;

	if (strcmp(status, "draft") != 0 || draw % 2 == 0)
		updated += (int64_t) ((draw >> 8) % EMU_REVIEW_S);
	emu_store_set(rows, index, EMU_BUN_DATE_CREATED, emu_date_json(created));
	emu_store_set(rows, index, EMU_BUN_DATE_UPDATED, emu_date_json(updated));
	draw = emu_next(random);
	if ((strstr(status, "approved") != NULL && draw % 4 != 0) ||
		(strcmp(status, "twilio-rejected") == 0 && draw % 8 == 0))
		emu_bundle_valid_until(rows, index, emu_next(random), updated);
}

/* The regulation, the name, and how to reach whoever it is for. */
static void
emu_bundle_content(EmuWorld *world, uint32_t index, uint64_t *random)
{
	EmuStore   *rows = emu_rows(world, &emu_bundles);
	const EmuStore *regulations = emu_rows(world, &emu_regulations);
	uint64_t	draw = emu_next(random);
	uint32_t	regulation;
	EmuScratch	scratch;
	char		sid[EMU_SID_LENGTH + 1];

	regulation = (uint32_t) (draw % emu_store_ever(regulations));
	emu_store_sid(regulations, regulation, sid);
	scratch.len = 0;
	emu_put(&scratch, "\"");
	emu_put(&scratch, sid);
	emu_put(&scratch, "\"");
	emu_set_json(rows, index, EMU_BUN_REGULATION_SID, &scratch);
	emu_bundle_name(rows, index, random);
	scratch.len = 0;
	emu_put_template(&scratch, "\"compliance+%i@example.com\"", random, 0);
	if ((draw >> 32) % 64 != 0)
		emu_set_json(rows, index, EMU_BUN_EMAIL, &scratch);
	scratch.len = 0;
	emu_put_template(&scratch, "\"https://example.com/callbacks/%i\"", random,
					 0);
	if ((draw >> 40) % 3 == 0)
		emu_set_json(rows, index, EMU_BUN_STATUS_CALLBACK, &scratch);
	if ((draw >> 48) % 32 == 0)
		emu_store_put(rows, index, EMU_BUN_IS_TEST, "true");
}

/* Some drafts are copies of one that is approved. EMU_NONE: it is none. */
static uint32_t
emu_bundle_source(const EmuStore *rows, uint32_t index, const char *status,
				  uint64_t draw)
{
	uint32_t	i;

	if (strcmp(status, "draft") != 0 || draw % 4 != 0 || index == 0)
		return EMU_NONE;
	i = (uint32_t) (draw >> 8) % index;
	while (i > 0 && !emu_store_kept_is(rows, i, EMU_BUN_STATUS,
									   "\"twilio-approved\""))
		i--;
	return i > 0 ? i : EMU_NONE;
}

static void
emu_bundle_fill(EmuWorld *world, uint32_t number, int64_t created,
				bool may_reject)
{
	EmuStore   *rows = emu_rows(world, &emu_bundles);
	uint64_t	random = emu_store_random(rows, number);
	const char *status = emu_bundle_status(rows, number);
	uint32_t	source = emu_bundle_source(rows, number, status,
										   emu_next(&random));
	uint32_t	index;
	EmuBuf		buf = {0};

	if (strcmp(status, "twilio-rejected") == 0 && !may_reject)
		status = "draft";
	index = emu_store_create(rows, source);
	emu_buf_printf(&buf, "\"%s\"", status);
	emu_store_set(rows, index, EMU_BUN_STATUS, buf.data);
	if (source == EMU_NONE)
		emu_bundle_content(world, index, &random);
	else
		emu_bundle_copy(world, source, index);
	emu_bundle_dates(rows, index, &random, created, status);
}

void
emu_bundles_fill(EmuWorld *world)
{
	int64_t		count = emu_world_options(world)->bundles;
	bool		may_reject = emu_has_rejected(world);
	int64_t		i;

	for (i = 0; i < count; i++)
		emu_bundle_fill(world, (uint32_t) i, EMU_FIRST_DATE + 1013 +
						(EMU_LAST_DATE - EMU_FIRST_DATE) / count * i,
						may_reject);
}
