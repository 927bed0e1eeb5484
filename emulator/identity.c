/*
 * identity.c
 *		Which sid has document N, and which N has a sid? How is a date
 *		written?
 *
 * A sid is two 64-bit halves. The second is the number passed through a
 * bijection, so it can be turned back without an index; the first is a hash
 * of the second, by which invented sids are told from real ones.
 */
#include "generate.h"

#include <string.h>

/* The two odd multipliers of the bijection, and their inverses mod 2^64. */
#define EMU_MULTIPLY_1 UINT64_C(0xbf58476d1ce4e5b9)
#define EMU_MULTIPLY_2 UINT64_C(0x94d049bb133111eb)

/* A bijection on 64 bits that spreads every bit over all others. */
uint64_t
emu_mix(uint64_t value)
{
	value = (value ^ value >> 30) * EMU_MULTIPLY_1;
	value = (value ^ value >> 27) * EMU_MULTIPLY_2;
	return value ^ value >> 31;
}

/* Newton's iteration: each round doubles the bits that are right. */
static uint64_t
emu_inverse(uint64_t odd)
{
	uint64_t	inverse = odd;
	int			round;

	for (round = 0; round < 5; round++)
		inverse *= 2 - odd * inverse;
	return inverse;
}

static uint64_t
emu_unshift(uint64_t value, int shift)
{
	uint64_t	result = value;
	int			done;

	for (done = shift; done < 64; done += shift)
		result = value ^ result >> shift;
	return result;
}

static uint64_t
emu_unmix(uint64_t value)
{
	value = emu_unshift(value, 31) * emu_inverse(EMU_MULTIPLY_2);
	value = emu_unshift(value, 27) * emu_inverse(EMU_MULTIPLY_1);
	return emu_unshift(value, 30);
}

static void
emu_hex(uint64_t value, char *out)
{
	static const char digits[] = "0123456789abcdef";
	int			i;

	for (i = 0; i < 16; i++)
		out[i] = digits[value >> (60 - 4 * i) & 15];
}

static bool
emu_unhex(const char *text, uint64_t *value)
{
	static const char digits[] = "0123456789abcdef";
	int			i;

	*value = 0;
	for (i = 0; i < 16; i++)
	{
		const char *digit;

		digit = text[i] ? strchr(digits, text[i]) : NULL;
		if (digit == NULL)
			return false;
		*value = *value << 4 | (uint64_t) (digit - digits);
	}
	return true;
}

void
emu_generate_sid(const EmuGenerator *generator, uint32_t index,
				 char sid[EMU_SID_LENGTH + 1])
{
	uint64_t	low = emu_mix(generator->key + index);

	memcpy(sid, "RD", 2);
	emu_hex(emu_mix(low ^ generator->key), sid + 2);
	emu_hex(low, sid + 18);
	sid[EMU_SID_LENGTH] = '\0';
}

/* The number that would have this sid; the caller knows whether it exists. */
bool
emu_generate_find(const EmuGenerator *generator, const char *sid,
				  uint64_t *index)
{
	uint64_t	high;
	uint64_t	low;

	if (strlen(sid) != EMU_SID_LENGTH || strncmp(sid, "RD", 2) != 0 ||
		!emu_unhex(sid + 2, &high) || !emu_unhex(sid + 18, &low) ||
		high != emu_mix(low ^ generator->key))
		return false;
	*index = emu_unmix(low) - generator->key;
	return true;
}

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
