/*-------------------------------------------------------------------------
 *
 * mapping.h
 *	  Which user mapping is a role's, and whose is it?
 *
 *-------------------------------------------------------------------------
 */
#ifndef REGDOCS_MAPPING_H
#define REGDOCS_MAPPING_H

#include "foreign/foreign.h"

/* The role's user mapping or, without one, PUBLIC's; InvalidOid: neither. */
extern Oid	regdocs_mapping_id(Oid userid, Oid serverid);

/*
 * The same, palloc'd; where there is neither, raises
 * ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION.
 */
extern UserMapping *regdocs_mapping_find(Oid userid, ForeignServer *server);

/* Whose mapping it is, as pg_user_mappings names them; palloc'd. */
extern const char *regdocs_mapping_owner(Oid umid);

#endif							/* REGDOCS_MAPPING_H */
