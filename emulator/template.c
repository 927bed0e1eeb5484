/*
 * template.c
 *		What becomes of a template, and of the words in it?
 */
#include "template.h"

#include <string.h>

#include "date.h"
#include "identity.h"
#include "words.h"

void
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

void
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

/* One directive of a template. */
static void
emu_put_word(EmuScratch *scratch, char directive, uint64_t *random,
			 int64_t created)
{
	uint64_t	draw = emu_next(random);

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
			emu_put_date(scratch, created -
						 (int64_t) (draw % 315360000), 10);
			break;
		case 'B':				/* a birthday, 20 to 60 years before */
			emu_put_date(scratch, created - 630720000 -
						 (int64_t) (draw % 1261440000), 10);
			break;
		case 'n':				/* document number, as text */
			scratch->text[scratch->len++] = (char) ('A' + draw % 26);
			emu_put_number(scratch, 10000000 + draw % 90000000);
			break;
		case 'A':				/* sid of an address */
			emu_put(scratch, "AD");
			emu_put_hex(scratch, random);
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

void
emu_put_template(EmuScratch *scratch, const char *template,
				 uint64_t *random, int64_t created)
{
	const char *percent;

	while ((percent = strchr(template, '%')) != NULL)
	{
		emu_put_bytes(scratch, template, (size_t) (percent - template));
		emu_put_word(scratch, percent[1], random, created);
		template = percent + 2;
	}
	emu_put(scratch, template);
}
