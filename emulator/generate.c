/*
 * generate.c
 *		What does document N say?
 */
#include "generate.h"

#include <stdio.h>
#include <string.h>

#include "date.h"
#include "documents.h"
#include "words.h"

#define EMU_LONGEST_REVIEW 10368000 /* 120 days in s */

/* Cumulated shares of the statuses, in 256ths. */
static const struct
{
	unsigned	below;
	const char *json;
}			emu_statuses[] = {
	{46, "\"draft\""},
	{66, "\"pending-review\""},
	{94, "\"rejected\""},
	{228, "\"approved\""},
	{248, "\"expired\""},
	{256, "\"provisionally-approved\""}
};

/* What is decided first, since dates are asked for without the rest. */
typedef struct EmuOutline
{
	uint64_t	random;			/* state of the document's own stream */
	const char *status;
	int64_t		created;		/* seconds since 1970 */
	int64_t		updated;
} EmuOutline;

void
emu_generator_init(EmuGenerator *generator, const EmuIdentity *identity,
				   const EmuOptions *options)
{
	int64_t		span = EMU_LAST_DATE - EMU_FIRST_DATE;

	generator->options = options;
	generator->key = identity->key;
	generator->documents = (uint32_t) options->documents;
	generator->step_s = options->documents ? span / options->documents : span;
	if (generator->step_s == 0)
		generator->step_s = 1;
}

static void
emu_outline(const EmuGenerator *generator, uint32_t index, EmuOutline *outline)
{
	uint64_t	draw;
	size_t		i = 0;

	outline->random = emu_mix(generator->key ^ emu_mix(index));
	draw = emu_next(&outline->random);
	while ((draw & 255) >= emu_statuses[i].below)
		i++;
	outline->status = emu_statuses[i].json;
	outline->created = EMU_FIRST_DATE + (int64_t) index * generator->step_s +
		(int64_t) ((draw >> 8 & 0xFFFF) % (uint64_t) generator->step_s);
	outline->updated = outline->created;
	if (i > 0 || (draw >> 24 & 3) == 0)
		outline->updated += (int64_t) ((draw >> 32) % EMU_LONGEST_REVIEW);
}

int64_t
emu_generate_updated(const EmuGenerator *generator, uint32_t index)
{
	EmuOutline	outline;

	emu_outline(generator, index, &outline);
	return outline.updated;
}

static void
emu_generate_rejection(EmuScratch *scratch, EmuOutline *outline,
					   EmuRow *row)
{
	uint64_t	draw = emu_next(&outline->random);
	uint64_t	first = draw % EMU_REJECTIONS;
	uint64_t	count = 1 + (draw >> 8) % 3;
	uint64_t	i;
	size_t		mark = scratch->len;

	emu_put(scratch, "\"");
	emu_put(scratch, emu_rejections[first].reason);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &row->field[EMU_DOC_FAILURE_REASON]);
	mark = scratch->len;
	emu_put(scratch, "[");
	for (i = 0; i < count; i++)
	{
		emu_put(scratch, i ? ",{\"code\":" : "{\"code\":");
		emu_put_number(scratch, (uint64_t)
					   emu_rejections[(first + i) % EMU_REJECTIONS].code);
		emu_put(scratch, "}");
	}
	emu_put(scratch, "]");
	emu_take(scratch, mark, &row->field[EMU_DOC_ERRORS]);
}

static void
emu_generate_name(EmuScratch *scratch, const EmuTypeWords *type,
				  EmuOutline *outline, EmuText *field)
{
	uint64_t	draw = emu_next(&outline->random);
	size_t		mark = scratch->len;

	if (draw % 512 == 0)
	{
		emu_literal(field, "null");
		return;
	}
	emu_put(scratch, "\"");
	emu_put(scratch, type->label);
	emu_put_template(scratch, strstr(type->attributes, "%f") ? " of %f %l" :
					 draw & 512 ? " \\u2013 %b" : " \xE2\x80\x93 %b",
					 &outline->random, outline->created);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, field);
}

/* All but what follows from its number: that is there already. */
void
emu_generate(const EmuGenerator *generator, uint32_t index,
			 EmuScratch *scratch, EmuRow *row)
{
	EmuOutline	outline;
	const EmuTypeWords *type;
	uint64_t	draw;
	size_t		mark;

	emu_outline(generator, index, &outline);
	draw = emu_next(&outline.random);
	type = &emu_type_words[draw % EMU_TYPES];
	emu_generate_name(scratch, type, &outline,
					  &row->field[EMU_DOC_FRIENDLY_NAME]);
	emu_literal(&row->field[EMU_DOC_STATUS], outline.status);
	if ((draw >> 8) % 8 == 0)
		emu_literal(&row->field[EMU_DOC_MIME_TYPE],
					generator->options->empty_mime_type ? "\"\"" : "null");
	else
		emu_literal(&row->field[EMU_DOC_MIME_TYPE],
					emu_mime_types[(draw >> 16) % EMU_MIME_TYPES]);
	emu_literal(&row->field[EMU_DOC_FAILURE_REASON], "null");
	emu_literal(&row->field[EMU_DOC_ERRORS], "null");
	if (strcmp(outline.status, "\"rejected\"") == 0)
		emu_generate_rejection(scratch, &outline, row);
	mark = scratch->len;
	emu_put(scratch, "\"");
	emu_put(scratch, type->name);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &row->field[EMU_DOC_TYPE]);
	mark = scratch->len;
	emu_put_template(scratch, type->attributes, &outline.random,
					 outline.created);
	emu_take(scratch, mark, &row->field[EMU_DOC_ATTRIBUTES]);
	mark = scratch->len;
	emu_put(scratch, "\"");
	emu_put_date(scratch, outline.created, EMU_DATE_LENGTH);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &row->field[EMU_DOC_DATE_CREATED]);
	mark = scratch->len;
	emu_put(scratch, "\"");
	emu_put_date(scratch, outline.updated, EMU_DATE_LENGTH);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &row->field[EMU_DOC_DATE_UPDATED]);
}
