/*-------------------------------------------------------------------------
 *
 * mapping.c
 *	  Which user mapping is a role's, and whose is it?
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_user_mapping.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/syscache.h"

#include "src/fdw/base/mapping.h"
#include "src/fdw/base/report.h"

Oid
regdocs_mapping_id(Oid userid, Oid serverid)
{
	Oid			umid = GetSysCacheOid2(USERMAPPINGUSERSERVER,
									   Anum_pg_user_mapping_oid,
									   ObjectIdGetDatum(userid),
									   ObjectIdGetDatum(serverid));

	if (OidIsValid(umid))
		return umid;
	return GetSysCacheOid2(USERMAPPINGUSERSERVER, Anum_pg_user_mapping_oid,
						   ObjectIdGetDatum(InvalidOid),
						   ObjectIdGetDatum(serverid));
}

/* GetUserMapping() would raise ERRCODE_UNDEFINED_OBJECT for neither. */
UserMapping *
regdocs_mapping_find(Oid userid, ForeignServer *server)
{
	if (!OidIsValid(regdocs_mapping_id(userid, server->serverid)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
				 errmsg("no user mapping for role \"%s\" on server \"%s\"",
						GetUserNameFromId(userid, false), server->servername),
				 errhint("Use CREATE USER MAPPING with options \"account_sid\" and \"auth_token\", or \"api_key\" and \"api_secret\"."),
				 REGDOCS_KEEP_OUT_OF_LOG));

	return GetUserMapping(userid, server->serverid);
}

const char *
regdocs_mapping_owner(Oid umid)
{
	HeapTuple	tuple = SearchSysCache1(USERMAPPINGOID, ObjectIdGetDatum(umid));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for user mapping %u", umid);
	owner = ((Form_pg_user_mapping) GETSTRUCT(tuple))->umuser;
	ReleaseSysCache(tuple);
	return OidIsValid(owner) ? GetUserNameFromId(owner, false) : "public";
}
