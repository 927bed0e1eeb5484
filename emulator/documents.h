/*
 * documents.h
 *		The fields of a supporting document, in the order in which it shows
 *		them.
 */
#ifndef EMU_DOCUMENTS_H
#define EMU_DOCUMENTS_H

#include <stdbool.h>

typedef enum EmuDocumentField
{
	EMU_DOC_SID,
	EMU_DOC_ACCOUNT_SID,
	EMU_DOC_FRIENDLY_NAME,
	EMU_DOC_MIME_TYPE,
	EMU_DOC_STATUS,
	EMU_DOC_FAILURE_REASON,
	EMU_DOC_ERRORS,
	EMU_DOC_TYPE,
	EMU_DOC_ATTRIBUTES,
	EMU_DOC_DATE_CREATED,
	EMU_DOC_DATE_UPDATED,
	EMU_DOC_URL
} EmuDocumentField;

/* document_types.c */
extern bool emu_type_is_known(const char *type);

#endif							/* EMU_DOCUMENTS_H */
