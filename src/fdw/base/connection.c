/*-------------------------------------------------------------------------
 *
 * connection.c
 *	  The session's API clients: one for each user mapping in use.
 *
 * The key is the user mapping, so that roles share a client only where they
 * share the credential.  A change of the server or of the mapping makes the
 * client obsolete: it leaves the cache at once, and is freed when the last
 * scan or write that holds it lets go.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/defrem.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "src/fdw/base/connection.h"
#include "src/fdw/base/hosts.h"
#include "src/fdw/base/mapping.h"
#include "src/fdw/base/new_client.h"
#include "src/fdw/base/options.h"
#include "src/fdw/base/report.h"
#include "src/fdw/base/wait.h"
#include "src/resource/family.h"

/*
 * With that many connections, those that are not in use make room for new
 * ones: a session may use the accounts of thousands of customers, one after
 * the other.  It is about memory: what they have open is limited below.
 */
#define MAX_KEPT_CONNECTIONS	256

struct RegdocsConnection
{
	dlist_node	node;			/* in the list of all */
	dlist_node	unused_node;	/* while nobody holds it */
	RdapiClient *client;
	Oid			umid;
	Oid			serverid;
	char		user_name[NAMEDATALEN]; /* whose mapping it is, or "public" */
	char		server_name[NAMEDATALEN];
	char		account[RDAPI_SID_BYTES + 1];	/* "" where not known */
	int			concurrency;
	uint32		server_hash;	/* as invalidation callbacks name it */
	uint32		mapping_hash;
	int			references;
	bool		cached;			/* false: freed with its last reference */
	uint64		hosts_generation;	/* of what was allowed when it was made */
	TimestampTz last_used;
	double	   *objects;		/* by resource; -1: not known */
};

typedef struct CacheEntry
{
	Oid			umid;			/* hash key */
	RegdocsConnection *connection;
} CacheEntry;

/* GUCs */
int			regdocs_log_requests = REGDOCS_LOG_NOTHING;
int			regdocs_retry_budget_ms = -1;
int			regdocs_max_sockets = 64;

static HTAB *cache = NULL;

/* What all clients share. */
static RdapiSession *session = NULL;

/* Those that nobody holds, the one first that was let go first. */
static dlist_head unused = DLIST_STATIC_INIT(unused);

/* All connections, in the cache or not. */
static dlist_head connections = DLIST_STATIC_INIT(connections);

/* Times that a server or a user mapping may have changed. */
static uint64 nchanges = 0;

static void
destroy(RegdocsConnection *connection)
{
	dlist_delete(&connection->node);
	if (connection->references == 0)
		dlist_delete(&connection->unused_node);
	rdapi_client_free(connection->client);
	pfree(connection->objects);
	pfree(connection);
}

/* Out of the cache, and freed as soon as nobody holds it. */
static void
forget(RegdocsConnection *connection)
{
	hash_search(cache, &connection->umid, HASH_REMOVE, NULL);
	connection->cached = false;
	if (connection->references == 0)
		destroy(connection);
}

/*
 * The same for one that is obsolete.  What was opened for it is closed, and
 * what was opened for others beside it, as far as it is idle: they are of no
 * client, and libcurl does not close some.
 */
static void
drop(RegdocsConnection *connection)
{
	forget(connection);
	rdapi_session_retire(session);
}

/* Nobody holds it. */
static void
note_unused(RegdocsConnection *connection)
{
	dlist_push_tail(&unused, &connection->unused_node);
}

/* Make room for one more: that goes which was not used for the longest time. */
static void
limit_connections(void)
{
	while (hash_get_num_entries(cache) >= MAX_KEPT_CONNECTIONS &&
		   !dlist_is_empty(&unused))
		forget(dlist_head_element(RegdocsConnection, unused_node, &unused));
}

/*
 * PostgreSQL lets extensions have a third of its descriptors.  Requests get
 * all there is of it, but one: a wait for any of them takes one as well.
 */
static bool
acquire_descriptor(void)
{
	if (!AcquireExternalFD())
		return false;
	if (!AcquireExternalFD())
	{
		ReleaseExternalFD();
		return false;
	}
	ReleaseExternalFD();
	return true;
}

/*
 * A server or user mapping has changed.  hashvalue 0 stands for all of them.
 * Only frees memory and closes sockets, so it is safe wherever invalidation
 * messages are taken in.
 */
static void
invalidate(Datum arg, int cacheid, uint32 hashvalue)
{
	HASH_SEQ_STATUS scan;
	CacheEntry *entry;

	nchanges++;
	if (cache == NULL)
		return;
	hash_seq_init(&scan, cache);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		RegdocsConnection *connection = entry->connection;
		uint32		own = cacheid == FOREIGNSERVEROID ?
		connection->server_hash : connection->mapping_hash;

		if (hashvalue == 0 || hashvalue == own)
			drop(connection);
	}
}

void
regdocs_connection_init(void)
{
	CacheRegisterSyscacheCallback(FOREIGNSERVEROID, invalidate, (Datum) 0);
	CacheRegisterSyscacheCallback(USERMAPPINGOID, invalidate, (Datum) 0);
}

/* Nothing is open before it is needed. */
static void
make_session(void)
{
	RdapiSessionConfig config = {0};

	config.max_sockets = &regdocs_max_sockets;
	config.acquire_descriptor = acquire_descriptor;
	config.release_descriptor = ReleaseExternalFD;

	/* What is idle leaves half of a third to others. */
	config.max_kept = Max(max_safe_fds / 6, 1);
	session = rdapi_session_new(&config);
	if (session == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
}

static void
prepare_cache(void)
{
	HASHCTL		control = {0};
	RdapiError	error;

	if (cache != NULL)
		return;

	rdapi_error_clear(&error);
	if (!rdapi_client_global_init(&error))
		regdocs_report(ERROR, &error, NULL);
	if (session == NULL)
		make_session();

	control.keysize = sizeof(Oid);
	control.entrysize = sizeof(CacheEntry);
	cache = hash_create("regdocs_fdw connections", 8, &control,
						HASH_ELEM | HASH_BLOBS);
}

static RdapiClient *
make_client(RegdocsConnection *connection, const RegdocsServerOptions *server,
			const RegdocsUserOptions *user)
{
	RdapiClientConfig config = {0};

	config.name = connection->server_name;
	config.session_budget_ms = &regdocs_retry_budget_ms;
	config.session = session;
	config.call_ended = regdocs_connection_log;
	config.call_ended_arg = connection;
	return regdocs_new_client(&config, server, user);
}

static double *
no_objects(void)
{
	double	   *objects = MemoryContextAlloc(CacheMemoryContext,
											 sizeof(double) *
											 rdapi_nresources);
	int			i;

	for (i = 0; i < rdapi_nresources; i++)
		objects[i] = -1;
	return objects;
}

static RegdocsConnection *
make_connection(ForeignServer *server, UserMapping *mapping)
{
	RegdocsServerOptions *server_options = regdocs_server_options(server);
	RegdocsUserOptions *user_options = regdocs_user_options(mapping);
	RegdocsConnection *connection;
	const char *user_name = regdocs_mapping_owner(mapping->umid);

	if (user_options->username == NULL ||
		(user_options->password == NULL &&
		 user_options->password_file == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
				 errmsg("user mapping for server \"%s\" has no credentials",
						server->servername),
				 errhint("Use ALTER USER MAPPING to add options \"account_sid\" and \"auth_token\", or \"api_key\" and \"api_secret\"."),
				 REGDOCS_KEEP_OUT_OF_LOG));

	limit_connections();
	connection = MemoryContextAllocZero(CacheMemoryContext,
										sizeof(RegdocsConnection));
	connection->objects = no_objects();
	connection->hosts_generation = regdocs_hosts_generation();
	connection->umid = mapping->umid;
	connection->serverid = server->serverid;
	strlcpy(connection->user_name, user_name, NAMEDATALEN);
	strlcpy(connection->server_name, server->servername, NAMEDATALEN);
	if (user_options->account_sid != NULL)
		strlcpy(connection->account, user_options->account_sid,
				sizeof(connection->account));
	connection->concurrency = server_options->concurrency;
	connection->server_hash =
		GetSysCacheHashValue1(FOREIGNSERVEROID,
							  ObjectIdGetDatum(server->serverid));
	connection->mapping_hash =
		GetSysCacheHashValue1(USERMAPPINGOID, ObjectIdGetDatum(mapping->umid));

	/* A file with a secret may be out of order as often as it is asked for. */
	PG_TRY();
	{
		connection->client = make_client(connection, server_options,
										 user_options);
	}
	PG_CATCH();
	{
		pfree(connection->objects);
		pfree(connection);
		PG_RE_THROW();
	}
	PG_END_TRY();
	dlist_push_tail(&connections, &connection->node);
	note_unused(connection);
	return connection;
}

/* Whoever uses the same mapping next gets the same connection. */
static void
enter_cache(RegdocsConnection *connection)
{
	CacheEntry *entry;

	/* Its client is malloc's, and would be lost with an error. */
	PG_TRY();
	{
		entry = hash_search(cache, &connection->umid, HASH_ENTER, NULL);
		entry->connection = connection;
	}
	PG_CATCH();
	{
		destroy(connection);
		PG_RE_THROW();
	}
	PG_END_TRY();
	connection->cached = true;
}

RegdocsConnection *
regdocs_connection_acquire(Oid userid, Oid serverid)
{
	uint64		before = nchanges;
	ForeignServer *server = GetForeignServer(serverid);
	UserMapping *mapping = regdocs_mapping_find(userid, server);
	RegdocsConnection *connection;
	CacheEntry *entry;

	prepare_cache();
	entry = hash_search(cache, &mapping->umid, HASH_FIND, NULL);
	if (entry != NULL &&
		entry->connection->hosts_generation != regdocs_hosts_generation())
	{
		/* Its hosts may not be allowed any more. */
		drop(entry->connection);
		entry = NULL;
	}
	if (entry != NULL)
		connection = entry->connection;
	else
	{
		/*
		 * What was read before a change that was heard of meanwhile may be
		 * old: it will do for who asks now, and for nobody else.
		 */
		connection = make_connection(server, mapping);
		if (nchanges == before)
			enter_cache(connection);
	}
	if (connection->references++ == 0)
		dlist_delete(&connection->unused_node);
	regdocs_connection_touch(connection);
	return connection;
}

void
regdocs_connection_release(RegdocsConnection *connection)
{
	if (connection == NULL)
		return;
	Assert(connection->references > 0);
	if (--connection->references > 0)
		return;
	note_unused(connection);
	if (connection->cached)
		return;
	destroy(connection);
	rdapi_session_retire(session);
}

static int
resource_index(const RdapiResource *resource)
{
	int			i = 0;

	while (rdapi_resources[i] != resource)
		i++;
	return i;
}

double
regdocs_connection_objects(Oid userid, Oid serverid,
						   const RdapiResource *resource)
{
	Oid			umid = regdocs_mapping_id(userid, serverid);
	CacheEntry *entry = NULL;

	if (cache != NULL && OidIsValid(umid))
		entry = hash_search(cache, &umid, HASH_FIND, NULL);
	return entry == NULL ? -1 :
		entry->connection->objects[resource_index(resource)];
}

void
regdocs_connection_note_objects(RegdocsConnection *connection,
								const RdapiResource *resource,
								double objects)
{
	connection->objects[resource_index(resource)] = objects;
}

RdapiSession *
regdocs_connection_session(void)
{
	RdapiError	error;

	rdapi_error_clear(&error);
	if (!rdapi_session_open(session, &error))
		regdocs_report(ERROR, &error, NULL);
	return session;
}

RdapiClient *
regdocs_connection_client(RegdocsConnection *connection)
{
	return connection->client;
}

void
regdocs_connection_touch(RegdocsConnection *connection)
{
	connection->last_used = GetCurrentTimestamp();
}

const char *
regdocs_connection_server(const RegdocsConnection *connection)
{
	return connection->server_name;
}

const char *
regdocs_connection_account_sid(const RegdocsConnection *connection)
{
	return connection->account;
}

int
regdocs_connection_concurrency(const RegdocsConnection *connection)
{
	return connection->concurrency;
}

void
regdocs_connection_visit(RegdocsConnectionVisitor visit, void *arg)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &connections)
		visit(dlist_container(RegdocsConnection, node, iter.cur), arg);
}

void
regdocs_connection_info(const RegdocsConnection *connection,
						RegdocsConnectionInfo *info)
{
	info->serverid = connection->serverid;
	info->server_name = connection->server_name;
	info->user_name = connection->user_name;
	info->account = connection->account;
	info->stats = rdapi_client_stats(connection->client);
	info->last_used = connection->last_used;
	info->valid = connection->cached;
}

bool
regdocs_connection_drop(RegdocsConnection *connection)
{
	if (connection->references > 0)
		return false;
	drop(connection);
	return true;
}
