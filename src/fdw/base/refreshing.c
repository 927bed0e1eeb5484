/*-------------------------------------------------------------------------
 *
 * refreshing.c
 *	  What a refresh of a mirror wants of the scans that it runs.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "src/fdw/base/refreshing.h"

const RegdocsRefreshing *regdocs_refreshing = NULL;
