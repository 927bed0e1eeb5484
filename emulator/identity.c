/*
 * identity.c
 *		Which sid has row N, and which N has a sid?
 *
 * A sid is two 64-bit halves. The second is the number passed through a
 * bijection, so it can be turned back without an index; the first is a hash
 * of the second, by which invented sids are told from real ones.
 */
#include "identity.h"

#include <string.h>

/* The two odd multipliers of the bijection, and their inverses mod 2^64. */
#define EMU_MULTIPLY_1 UINT64_C(0xbf58476d1ce4e5b9)
#define EMU_MULTIPLY_2 UINT64_C(0x94d049bb133111eb)

#define EMU_STREAM UINT64_C(0x9e3779b97f4a7c15)

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

/* The next number of a stream. */
uint64_t
emu_next(uint64_t *random)
{
	*random += EMU_STREAM;
	return emu_mix(*random);
}

/* Each resource has another salt; the first one has none. */
void
emu_identity_init(EmuIdentity *identity, uint64_t seed, int salt,
				  const char *prefix)
{
	identity->key = emu_mix(seed + EMU_STREAM);
	if (salt != 0)
		identity->key ^= emu_mix((uint64_t) salt);
	identity->prefix = prefix;
}

void
emu_sid_write(const EmuIdentity *identity, uint32_t index,
			  char sid[EMU_SID_LENGTH + 1])
{
	uint64_t	low = emu_mix(identity->key + index);

	memcpy(sid, identity->prefix, 2);
	emu_hex(emu_mix(low ^ identity->key), sid + 2);
	emu_hex(low, sid + 18);
	sid[EMU_SID_LENGTH] = '\0';
}

/* The number that would have this sid; the caller knows whether it exists. */
bool
emu_sid_find(const EmuIdentity *identity, const char *sid, uint64_t *index)
{
	uint64_t	high;
	uint64_t	low;

	if (strlen(sid) != EMU_SID_LENGTH ||
		strncmp(sid, identity->prefix, 2) != 0 ||
		!emu_unhex(sid + 2, &high) || !emu_unhex(sid + 18, &low) ||
		high != emu_mix(low ^ identity->key))
		return false;
	*index = emu_unmix(low) - identity->key;
	return true;
}

/* The sid within a JSON string; false: it is none. */
bool
emu_sid_of(EmuText json, char sid[EMU_SID_LENGTH + 1])
{
	if (json.len != EMU_SID_LENGTH + 2)
		return false;
	memcpy(sid, json.data + 1, EMU_SID_LENGTH);
	sid[EMU_SID_LENGTH] = '\0';
	return true;
}

/* Whether a text has the pattern of a sid; "??" stands for any two letters. */
bool
emu_sid_is(const char *text, const char *prefix)
{
	static const char letters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (strlen(text) != EMU_SID_LENGTH ||
		strspn(text + 2, "0123456789abcdefABCDEF") != EMU_SID_LENGTH - 2)
		return false;
	return *prefix == '?' ? strspn(text, letters) >= 2 :
		strncmp(text, prefix, 2) == 0;
}
