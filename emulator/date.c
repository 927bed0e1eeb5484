/*
 * date.c
 *		How is a date written, and which one does a text mean?
 */
#include "date.h"

#include <stdio.h>
#include <string.h>

static void
emu_digits(char *out, int width, int64_t value)
{
	while (width-- > 0)
	{
		out[width] = (char) ('0' + value % 10);
		value /= 10;
	}
}

/*
 * Seconds since 1970 as ISO 8601; faster than gmtime and strftime, which
 * matters at two thousand dates a page. The year begins in March, so that the
 * leap day is its last.
 */
void
emu_date_write(int64_t unix_s, char out[EMU_DATE_LENGTH])
{
	int64_t		days = unix_s / 86400 + 719468; /* since 0000-03-01 */
	int64_t		second = unix_s % 86400;
	int64_t		century = (4 * days + 3) / 146097;
	int64_t		day = days - century * 146097 / 4;
	int64_t		year = (4 * day + 3) / 1461;
	int64_t		month;

	day -= year * 1461 / 4;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += 100 * century + (month >= 10);
	month += month < 10 ? 3 : -9;
	memcpy(out, "0000-00-00T00:00:00Z", EMU_DATE_LENGTH);
	emu_digits(out, 4, year);
	emu_digits(out + 5, 2, month);
	emu_digits(out + 8, 2, day + 1);
	emu_digits(out + 11, 2, second / 3600);
	emu_digits(out + 14, 2, second / 60 % 60);
	emu_digits(out + 17, 2, second % 60);
}

/* Days since 1970 of a date that exists; the year begins in March, as above. */
static int64_t
emu_days(int64_t year, int64_t month, int64_t day)
{
	if (month < 3)
		year--;
	month = (month + 9) % 12;
	return 365 * year + year / 4 - year / 100 + year / 400 +
		(153 * month + 2) / 5 + day - 1 - 719468;
}

/* "Z", "+01:00", or nothing, which is UTC; false: something else. */
static bool
emu_zone_read(const char *text, int64_t *offset_s)
{
	int			hours;
	int			minutes;
	int			len = 0;

	*offset_s = 0;
	if (*text == '\0' || strcmp(text, "Z") == 0)
		return true;
	if ((*text != '+' && *text != '-' && *text != ' ') ||
		sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &len) != 2 ||
		text[1 + len] != '\0')
		return false;
	*offset_s = (hours * 3600 + minutes * 60) * (*text == '-' ? -1 : 1);
	return true;
}

/*
 * ISO 8601, a date alone or with a time; false: it is none. A "+" that came
 * unescaped in a query is a space.
 */
bool
emu_date_read(const char *text, int64_t *unix_s)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int			part[6] = {0};
	int			len = 0;
	int64_t		offset_s;

	if (sscanf(text, "%4d-%2d-%2d%n", &part[0], &part[1], &part[2],
			   &len) != 3 || len != 10 || part[0] < 0 || part[1] < 1 ||
		part[1] > 12 || part[2] < 1 || part[2] > days[part[1] - 1])
		return false;
	text += len;
	if (*text == 'T' || *text == ' ')
	{
		len = 0;
		if (sscanf(text + 1, "%2d:%2d:%2d%n", &part[3], &part[4], &part[5],
				   &len) != 3 || part[3] > 23 || part[4] > 59 || part[5] > 60)
			return false;
		text += 1 + len;
		if (*text == '.')
			text += 1 + strspn(text + 1, "0123456789");
	}
	if (!emu_zone_read(text, &offset_s))
		return false;
	*unix_s = emu_days(part[0], part[1], part[2]) * EMU_DAY_S +
		part[3] * 3600 + part[4] * 60 + part[5] - offset_s;
	return true;
}

char *
emu_date_json(int64_t unix_s)
{
	char		text[EMU_DATE_LENGTH + 3] = "\"";

	emu_date_write(unix_s, text + 1);
	text[EMU_DATE_LENGTH + 1] = '"';
	return emu_copy(text, EMU_DATE_LENGTH + 2);
}

/* The date that a JSON string holds; false: null, or no date. */
bool
emu_date_of(EmuText json, int64_t *unix_s)
{
	char		text[64];

	if (json.len < 2 || json.data[0] != '"' || json.len - 2 >= sizeof(text))
		return false;
	memcpy(text, json.data + 1, json.len - 2);
	text[json.len - 2] = '\0';
	return emu_date_read(text, unix_s);
}
