/*-------------------------------------------------------------------------
 *
 * analyze.h
 *	  Sampling a foreign table for ANALYZE: FDW callback.
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_ANALYZE_H
#define REGDOCS_ANALYZE_H

#include "foreign/fdwapi.h"

extern bool regdocsAnalyzeForeignTable(Relation rel,
									   AcquireSampleRowsFunc *function,
									   BlockNumber *pages);

#endif							/* REGDOCS_ANALYZE_H */
