/*-------------------------------------------------------------------------
 *
 * import.h
 *	  IMPORT FOREIGN SCHEMA.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_IMPORT_H
#define REGDOCS_IMPORT_H

#include "foreign/fdwapi.h"

extern List *regdocsImportForeignSchema(ImportForeignSchemaStmt *stmt,
										Oid serverOid);

#endif							/* REGDOCS_IMPORT_H */
