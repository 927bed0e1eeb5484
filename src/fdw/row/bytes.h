/*-------------------------------------------------------------------------
 *
 * bytes.h
 *	  Many bytes of a JSON text looked at together.
 *
 * Knows nothing of PostgreSQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_BYTES_H
#define REGDOCS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(REGDOCS_BYTES_PORTABLE)
#include <emmintrin.h>
#endif

/* Does a string of JSON hold that byte as it is, and go on behind it? */
static inline bool
regdocs_byte_is_plain(char byte)
{
	return (unsigned char) byte >= ' ' && byte != '"' && byte != '\\';
}

/*
 * The first byte from "at" on that a string of JSON does not hold as it is: a
 * quote, a backslash or a control character; "end", where there is none.
 */
static inline const char *
regdocs_bytes_plain(const char *at, const char *end)
{
#if defined(__SSE2__) && !defined(REGDOCS_BYTES_PORTABLE)
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i backslash = _mm_set1_epi8('\\');
	const __m128i last_control = _mm_set1_epi8(' ' - 1);

	while (end - at >= (ptrdiff_t) sizeof(__m128i))
	{
		__m128i		bytes = _mm_loadu_si128((const __m128i *) at);
		__m128i		controls = _mm_min_epu8(bytes, last_control);
		__m128i		found = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
										 _mm_cmpeq_epi8(bytes, backslash));
		int			places;

		found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, controls));
		places = _mm_movemask_epi8(found);
		if (places != 0)
			return at + __builtin_ctz((unsigned) places);
		at += sizeof(__m128i);
	}
#else
	const uint64_t ones = UINT64_C(0x0101010101010101);

	while (end - at >= (ptrdiff_t) sizeof(uint64_t))
	{
		uint64_t	bytes;
		uint64_t	quotes;
		uint64_t	backslashes;
		uint64_t	found;

		/*
		 * The top bit of a byte gets set where that is zero, or below a
		 * blank; behind one, it may be set without reason.
		 */
		memcpy(&bytes, at, sizeof(bytes));
		quotes = bytes ^ (ones * '"');
		backslashes = bytes ^ (ones * '\\');
		found = (((quotes - ones) & ~quotes) |
				 ((backslashes - ones) & ~backslashes) |
				 ((bytes - ones * ' ') & ~bytes)) & (ones * 0x80);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		if (found != 0)
			return at + __builtin_ctzll(found) / 8;
#else
		if (found != 0)
			break;
#endif
		at += sizeof(bytes);
	}
#endif
	while (at < end && regdocs_byte_is_plain(*at))
		at++;
	return at;
}

#endif							/* REGDOCS_BYTES_H */
