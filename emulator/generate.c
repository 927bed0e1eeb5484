/*
 * generate.c
 *		What does document N say?
 */
#include "generate.h"

#include <stdio.h>
#include <string.h>

#include "words.h"

#define EMU_FIRST_DATE 1564531200	/* 2019-07-31, in the vendor's samples */
#define EMU_LAST_DATE 1756684800	/* 2025-09-01 */
#define EMU_LONGEST_REVIEW 10368000 /* 120 days in s */
#define EMU_STREAM UINT64_C(0x9e3779b97f4a7c15)

#define EMU_URL_HEAD \
	"\"https://numbers.twilio.com/v2/RegulatoryCompliance/SupportingDocuments/"

const char *const emu_field_names[EMU_FIELD_COUNT] = {
	"sid", "account_sid", "friendly_name", "mime_type", "status",
	"failure_reason", "errors", "type", "attributes", "date_created",
	"date_updated", "url"
};

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

static uint64_t
emu_next(uint64_t *random)
{
	*random += EMU_STREAM;
	return emu_mix(*random);
}

void
emu_generator_init(EmuGenerator *generator, const EmuOptions *options)
{
	int64_t		span = EMU_LAST_DATE - EMU_FIRST_DATE;

	generator->options = options;
	generator->key = emu_mix((uint64_t) options->seed + EMU_STREAM);
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
emu_put_bytes(EmuScratch *scratch, const char *data, size_t len)
{
	memcpy(scratch->text + scratch->len, data, len);
	scratch->len += len;
}

static void
emu_put(EmuScratch *scratch, const char *text)
{
	emu_put_bytes(scratch, text, strlen(text));
}

static void
emu_put_number(EmuScratch *scratch, uint64_t value)
{
	char		digits[20];
	size_t		at = sizeof(digits);

	do
	{
		digits[--at] = (char) ('0' + value % 10);
		value /= 10;
	} while (value > 0);
	emu_put_bytes(scratch, digits + at, sizeof(digits) - at);
}

static void
emu_put_date(EmuScratch *scratch, int64_t unix_s, size_t len)
{
	char		date[EMU_DATE_LENGTH];

	emu_date_write(unix_s, date);
	emu_put_bytes(scratch, date, len);
}

static void
emu_put_hex(EmuScratch *scratch, uint64_t *random)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t	draw = 0;
	int			i;

	for (i = 0; i < 32; i++)
	{
		if (i % 16 == 0)
			draw = emu_next(random);
		scratch->text[scratch->len++] = digits[draw & 15];
		draw >>= 4;
	}
}

/* One directive of an attributes template. */
static void
emu_put_word(EmuScratch *scratch, char directive, EmuOutline *outline)
{
	uint64_t	draw = emu_next(&outline->random);

	switch (directive)
	{
		case 'f':				/* first name */
			emu_put(scratch, emu_first_names[draw % EMU_NAMES]);
			break;
		case 'l':				/* last name */
			emu_put(scratch, emu_last_names[draw % EMU_NAMES]);
			break;
		case 'b':				/* business */
			emu_put(scratch, emu_businesses[draw % EMU_BUSINESSES]);
			break;
		case 's':				/* street */
			emu_put(scratch, emu_streets[draw % EMU_STREETS]);
			break;
		case 'o':				/* note, with escapes */
			emu_put(scratch, emu_notes[draw % EMU_NOTES]);
			break;
		case 'c':				/* country */
			emu_put(scratch, emu_countries[draw % EMU_COUNTRIES]);
			break;
		case 'd':				/* a day within the ten years before */
			emu_put_date(scratch, outline->created -
						 (int64_t) (draw % 315360000), 10);
			break;
		case 'B':				/* a birthday, 20 to 60 years before */
			emu_put_date(scratch, outline->created - 630720000 -
						 (int64_t) (draw % 1261440000), 10);
			break;
		case 'n':				/* document number, as text */
			scratch->text[scratch->len++] = (char) ('A' + draw % 26);
			emu_put_number(scratch, 10000000 + draw % 90000000);
			break;
		case 'A':				/* sid of an address */
			emu_put(scratch, "AD");
			emu_put_hex(scratch, &outline->random);
			break;
		case 't':
			emu_put(scratch, draw & 1 ? "true" : "false");
			break;
		case 'i':				/* a count */
			emu_put_number(scratch, draw % 500);
			break;
		case 'y':				/* a year */
			emu_put_number(scratch, 2012 + draw % 13);
			break;
		case 'a':				/* an amount of money: 1234.50 */
			emu_put_number(scratch, draw % 1000000);
			emu_put(scratch, draw & 1024 ? ".50" : ".05");
			break;
		case 'L':				/* more digits than a double has */
			emu_put_number(scratch, UINT64_C(1000000000000000000) +
						   draw % UINT64_C(8000000000000000000));
			break;
	}
}

static void
emu_put_template(EmuScratch *scratch, const char *template,
				 EmuOutline *outline)
{
	const char *percent;

	while ((percent = strchr(template, '%')) != NULL)
	{
		emu_put_bytes(scratch, template, (size_t) (percent - template));
		emu_put_word(scratch, percent[1], outline);
		template = percent + 2;
	}
	emu_put(scratch, template);
}

/* Ends the text that began at the mark and makes it the field's. */
static void
emu_take(EmuScratch *scratch, size_t mark, EmuText *field)
{
	field->data = scratch->text + mark;
	field->len = scratch->len - mark;
}

static void
emu_literal(EmuText *field, const char *text)
{
	field->data = text;
	field->len = strlen(text);
}

/* What does not depend on the content: sid, account_sid, url. */
void
emu_generate_identity(const EmuGenerator *generator, uint32_t index,
					  EmuScratch *scratch, EmuDocument *document)
{
	char		sid[EMU_SID_LENGTH + 1];
	size_t		mark;

	emu_generate_sid(generator, index, sid);
	scratch->len = 0;
	emu_put(scratch, EMU_URL_HEAD);
	emu_put_bytes(scratch, sid, EMU_SID_LENGTH);
	emu_put(scratch, "\"");
	emu_take(scratch, 0, &document->field[EMU_URL]);
	mark = scratch->len;
	emu_put(scratch, "\"");
	emu_put_bytes(scratch, sid, EMU_SID_LENGTH);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &document->field[EMU_SID]);
	mark = scratch->len;
	emu_put(scratch, "\"");
	emu_put(scratch, generator->options->account_sid);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &document->field[EMU_ACCOUNT_SID]);
}

static void
emu_generate_rejection(EmuScratch *scratch, EmuOutline *outline,
					   EmuDocument *document)
{
	uint64_t	draw = emu_next(&outline->random);
	uint64_t	first = draw % EMU_REJECTIONS;
	uint64_t	count = 1 + (draw >> 8) % 3;
	uint64_t	i;
	size_t		mark = scratch->len;

	emu_put(scratch, "\"");
	emu_put(scratch, emu_rejections[first].reason);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &document->field[EMU_FAILURE_REASON]);
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
	emu_take(scratch, mark, &document->field[EMU_ERRORS]);
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
					 draw & 512 ? " \\u2013 %b" : " \xE2\x80\x93 %b", outline);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, field);
}

void
emu_generate(const EmuGenerator *generator, uint32_t index,
			 EmuScratch *scratch, EmuDocument *document)
{
	EmuOutline	outline;
	const EmuTypeWords *type;
	uint64_t	draw;
	size_t		mark;

	emu_outline(generator, index, &outline);
	emu_generate_identity(generator, index, scratch, document);
	draw = emu_next(&outline.random);
	type = &emu_type_words[draw % EMU_TYPES];
	emu_generate_name(scratch, type, &outline,
					  &document->field[EMU_FRIENDLY_NAME]);
	emu_literal(&document->field[EMU_STATUS], outline.status);
	if ((draw >> 8) % 8 == 0)
		emu_literal(&document->field[EMU_MIME_TYPE],
					generator->options->empty_mime_type ? "\"\"" : "null");
	else
		emu_literal(&document->field[EMU_MIME_TYPE],
					emu_mime_types[(draw >> 16) % EMU_MIME_TYPES]);
	emu_literal(&document->field[EMU_FAILURE_REASON], "null");
	emu_literal(&document->field[EMU_ERRORS], "null");
	if (strcmp(outline.status, "\"rejected\"") == 0)
		emu_generate_rejection(scratch, &outline, document);
	mark = scratch->len;
	emu_put(scratch, "\"");
	emu_put(scratch, type->name);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &document->field[EMU_TYPE]);
	mark = scratch->len;
	emu_put_template(scratch, type->attributes, &outline);
	emu_take(scratch, mark, &document->field[EMU_ATTRIBUTES]);
	mark = scratch->len;
	emu_put(scratch, "\"");
	emu_put_date(scratch, outline.created, EMU_DATE_LENGTH);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &document->field[EMU_DATE_CREATED]);
	mark = scratch->len;
	emu_put(scratch, "\"");
	emu_put_date(scratch, outline.updated, EMU_DATE_LENGTH);
	emu_put(scratch, "\"");
	emu_take(scratch, mark, &document->field[EMU_DATE_UPDATED]);
}
