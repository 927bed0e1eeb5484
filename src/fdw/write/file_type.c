/*-------------------------------------------------------------------------
 *
 * file_type.c
 *	  What kind of file some bytes are, judged by the bytes alone.
 *
 * A file that only begins like one of a kind would be refused after it was
 * sent, or worse, taken and rejected by a reviewer days later.  So more is
 * looked at than the first two bytes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "src/fdw/write/file_type.h"

typedef struct Kind
{
	RegdocsFileType type;
	bool		(*matches) (const unsigned char *data, Size length);
} Kind;

/*
 * May the marker follow the one that starts an image?  Those for tables,
 * frames, applications and comments may; the rest belong further down, or
 * are reserved (ITU T.81, table B.1).
 */
static bool
is_first_jpeg_marker(unsigned char marker)
{
	return (marker >= 0xC0 && marker <= 0xCF && marker != 0xC8) ||
		marker == 0xDB || marker == 0xDD ||
		(marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
}

/* Start of image, then a segment of the length it says, then a marker. */
static bool
is_jpeg(const unsigned char *data, Size length)
{
	Size		next;

	if (length < 8 || memcmp(data, "\xFF\xD8\xFF", 3) != 0 ||
		!is_first_jpeg_marker(data[3]))
		return false;
	next = 4 + (((Size) data[4] << 8) | data[5]);
	return next >= 6 && next + 1 < length && data[next] == 0xFF;
}

/* The signature, then the chunk that has to come first, of 13 bytes. */
static bool
is_png(const unsigned char *data, Size length)
{
	static const char start[] = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR";
	const Size	start_length = sizeof(start) - 1;
	const Size	data_and_crc = 13 + 4;

	return length >= start_length + data_and_crc &&
		memcmp(data, start, start_length) == 0;
}

/* "%PDF-1.7" */
static bool
is_pdf(const unsigned char *data, Size length)
{
	static const char form[] = "%PDF-0.0";
	Size		i;

	if (length < sizeof(form) - 1)
		return false;
	for (i = 0; i < sizeof(form) - 1; i++)
	{
		if (form[i] == '0' ? (data[i] < '0' || data[i] > '9') :
			data[i] != (unsigned char) form[i])
			return false;
	}
	return true;
}

static const Kind kinds[] = {
	{{"image/jpeg", "document.jpg"}, is_jpeg},
	{{"image/png", "document.png"}, is_png},
	{{"application/pdf", "document.pdf"}, is_pdf}
};

const RegdocsFileType *
regdocs_file_type_detect(const void *data, Size length)
{
	int			i;

	for (i = 0; i < (int) lengthof(kinds); i++)
	{
		if (kinds[i].matches(data, length))
			return &kinds[i].type;
	}
	return NULL;
}
