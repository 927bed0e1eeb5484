/*-------------------------------------------------------------------------
 *
 * file_type.h
 *	  What kind of file some bytes are, judged by the bytes alone.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_FILE_TYPE_H
#define REGDOCS_FILE_TYPE_H

/* The largest file that the API takes, in bytes (vendor's documentation). */
#define REGDOCS_FILE_BYTES_MAX	(5 * 1024 * 1024)

typedef struct RegdocsFileType
{
	const char *content_type;
	const char *file_name;		/* to send it by: the API wants one */
} RegdocsFileType;

/* The file's type, BORROWED; NULL: it is none that the API takes. */
extern const RegdocsFileType *regdocs_file_type_detect(const void *data,
													   Size length);

#endif							/* REGDOCS_FILE_TYPE_H */
