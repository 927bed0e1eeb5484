/*-------------------------------------------------------------------------
 *
 * percent.c
 *	  Percent-encoding, of URLs and forms.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "percent.h"

/* What RFC 3986 has stand for itself everywhere. */
#define UNRESERVED \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

char *
rdapi_percent_encode(char *out, const char *text, size_t length)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t		i;

	for (i = 0; i < length; i++)
	{
		unsigned char byte = (unsigned char) text[i];

		if ((text[i] != '\0' && strchr(UNRESERVED, text[i]) != NULL))
			*out++ = text[i];
		else
		{
			*out++ = '%';
			*out++ = digits[byte >> 4];
			*out++ = digits[byte & 0x0F];
		}
	}
	return out;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void
rdapi_percent_decode(char *text)
{
	char	   *out = text;

	while (*text != '\0')
	{
		int			high = text[0] == '%' ? hex_value(text[1]) : -1;
		int			low = high >= 0 ? hex_value(text[2]) : -1;

		if (low >= 0 && (high != 0 || low != 0))
		{
			*out++ = (char) (high * 16 + low);
			text += 3;
		}
		else
			*out++ = *text++;
	}
	*out = '\0';
}
