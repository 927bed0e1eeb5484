/*-------------------------------------------------------------------------
 *
 * options.c
 *	  The options of servers, user mappings, foreign tables and columns:
 *	  which there are, what they may hold, and what they are set to.
 *
 * One table says it all.  The validator checks by it, the readers fill their
 * structs by it, and the hints of errors are made from it.
 *
 * Options hold credentials, and people put credentials into the wrong
 * options.  So no message repeats a value that has any business with them,
 * and the validator's errors keep their statement out of the server's log.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/reloptions.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "src/fdw/base/hosts.h"
#include "src/fdw/base/option_value.h"
#include "src/fdw/base/options.h"

#define DEFAULT_BASE_URL	"https://numbers.twilio.com"
#define DEFAULT_UPLOAD_URL	"https://numbers-upload.twilio.com"

/* Where an option may be set. */
#define ON_SERVER			0x01
#define ON_USER				0x02
#define ON_TABLE			0x04
#define ON_COLUMN			0x08

/* The options of a user mapping, before it is known which pair they are. */
typedef struct RegdocsCredential
{
	char	   *account_sid;
	char	   *auth_token;
	char	   *auth_token_file;
	char	   *api_key;
	char	   *api_secret;
	char	   *api_secret_file;
} RegdocsCredential;

/* Each in the order of its enum. */
static const char *const write_modes[] = {"immediate", "at_commit", NULL};
static const char *const on_error_actions[] = {
	"stop", "ignore", "set_null", NULL
};
static const char *const on_write_error_actions[] = {"stop", "ignore", NULL};

#define NO_FIELD(where_, type_) \
	.where = (where_), .type = (type_)
#define FIELD(where_, type_, struct_, field_) \
	.where = (where_), .type = (type_), .offset = offsetof(struct_, field_)
#define SERVER_FIELD(type_, field_) \
	FIELD(ON_SERVER, type_, RegdocsServerOptions, field_)
#define TABLE_FIELD(type_, field_) \
	FIELD(ON_SERVER | ON_TABLE, type_, RegdocsTableOptions, field_)
#define USER_FIELD(type_, field_) \
	FIELD(ON_USER, type_, RegdocsCredential, field_)
#define DEFAULT(text_)			.fallback = (text_)
#define RANGE(min_, max_)		.min = (min_), .max = (max_)
#define ZERO(meaning_)			.zero = (meaning_)
#define WORDS(words_)			.words = (words_)
#define PREFIX(prefix_)			.prefix = (prefix_)
#define SUPERUSER_ONLY			.superuser = true

/*
 * The statement that an error was met in may hold a credential, rightly
 * placed or not, and so may the context that quotes it.
 */
#define KEEP_OUT_OF_LOG			errhidestmt(true), errhidecontext(true)

/*
 * Most ranges only keep out what must be a slip of the pen.  Those with
 * another reason: the API has at most 1,000 entries in a page; an answer and
 * its terminator must fit into one palloc, which ends a byte below 1GB; and
 * the interval that the lowest rate makes must fit into any integer.
 */
static const RegdocsOption options_known[] = {
	/* Where */
	{"base_url", SERVER_FIELD(OPTION_URL, base_url),
	DEFAULT(DEFAULT_BASE_URL)},
	{"upload_url", SERVER_FIELD(OPTION_URL, upload_url)},
	{"ca_file", SERVER_FIELD(OPTION_PATH, ca_file), SUPERUSER_ONLY},

	/* Limits */
	{"connect_timeout", SERVER_FIELD(OPTION_DURATION, connect_timeout_ms),
	DEFAULT("10s"), RANGE("1ms", "1h")},
	{"request_timeout", SERVER_FIELD(OPTION_DURATION, request_timeout_ms),
	DEFAULT("60s"), RANGE("1ms", "1h")},
	{"max_retries", SERVER_FIELD(OPTION_INTEGER, max_retries),
	DEFAULT("100"), RANGE("0", "100")},
	{"retry_budget", SERVER_FIELD(OPTION_DURATION, retry_budget_ms),
	DEFAULT("60s"), RANGE("1ms", "1d")},
	{"concurrency", SERVER_FIELD(OPTION_INTEGER, concurrency),
	DEFAULT("8"), RANGE("1", "64")},
	{"max_requests_per_second",
		SERVER_FIELD(OPTION_REAL, max_requests_per_second),
	DEFAULT("0"), RANGE("0.001", "1000"), ZERO("no limit")},
	{"max_response_size", SERVER_FIELD(OPTION_SIZE, max_response_bytes),
	DEFAULT("64MB"), RANGE("64kB", "1048575kB")},
	{"keep_connections", SERVER_FIELD(OPTION_BOOLEAN, keep_connections),
	DEFAULT("on")},

	/* Reading and writing */
	{"page_size", TABLE_FIELD(OPTION_INTEGER, page_size),
	DEFAULT("1000"), RANGE("1", "1000")},
	{"batch_size", TABLE_FIELD(OPTION_INTEGER, batch_size),
	DEFAULT("64"), RANGE("1", "1000")},
	{"updatable", TABLE_FIELD(OPTION_BOOLEAN, updatable),
	DEFAULT("true")},
	{"write_mode", TABLE_FIELD(OPTION_ENUM, write_mode),
	DEFAULT("immediate"), WORDS(write_modes)},
	{"on_error", TABLE_FIELD(OPTION_ENUM, on_error),
	DEFAULT("stop"), WORDS(on_error_actions)},
	{"on_write_error", TABLE_FIELD(OPTION_ENUM, on_write_error),
	DEFAULT("stop"), WORDS(on_write_error_actions)},
	{"max_writes_per_statement",
		TABLE_FIELD(OPTION_INTEGER, max_writes_per_statement),
	DEFAULT("0"), RANGE("1", "2147483647"), ZERO("no limit")},

	/* Planning */
	{"async_capable", TABLE_FIELD(OPTION_BOOLEAN, async_capable),
	DEFAULT("true")},
	{"request_cost", TABLE_FIELD(OPTION_REAL, request_cost),
	DEFAULT("100"), RANGE("0", "1e10")},
	{"row_cost", TABLE_FIELD(OPTION_REAL, row_cost),
	DEFAULT("0.01"), RANGE("0", "1e10")},

	/* Who */
	{"account_sid", USER_FIELD(OPTION_SID, account_sid), PREFIX("AC")},
	{"auth_token", USER_FIELD(OPTION_SECRET, auth_token)},
	{"auth_token_file", USER_FIELD(OPTION_PATH, auth_token_file),
	SUPERUSER_ONLY},
	{"api_key", USER_FIELD(OPTION_SID, api_key), PREFIX("SK")},
	{"api_secret", USER_FIELD(OPTION_SECRET, api_secret)},
	{"api_secret_file", USER_FIELD(OPTION_PATH, api_secret_file),
	SUPERUSER_ONLY},

	/* What */
	{"resource",
		FIELD(ON_TABLE, OPTION_RESOURCE, RegdocsTableOptions, resource),
	DEFAULT("supporting_documents")},
	{"include_constraints",
		FIELD(ON_TABLE, OPTION_BOOLEAN, RegdocsTableOptions,
			  include_constraints),
	DEFAULT("false")},
	{"column_name", NO_FIELD(ON_COLUMN, OPTION_FIELD)}
};

#define NOPTIONS	((int) lengthof(options_known))

PG_FUNCTION_INFO_V1(regdocs_fdw_validator);

bool		regdocs_dry_run = false;
int			regdocs_write_mode = REGDOCS_WRITE_UNSET;

static const RegdocsOption *
option_find(const char *name)
{
	for (int i = 0; i < NOPTIONS; i++)
	{
		if (strcmp(options_known[i].name, name) == 0)
			return &options_known[i];
	}
	return NULL;
}

/* ---- Refusals ---- */

/*
 * Store the value, or raise 22023.  A URL can hold a password, and what is set
 * in a user mapping is easily mixed up with its secret: such values are not
 * shown.
 */
static void
option_set(const RegdocsOption *option, const char *text, void *target)
{
	bool		shown;

	if (regdocs_option_parse(option, text, target))
		return;
	shown = option->type != OPTION_URL && (option->where & ON_USER) == 0;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 shown ? errmsg("invalid value for option \"%s\": \"%s\"",
							option->name, text)
			 : errmsg("invalid value for option \"%s\"", option->name),
			 errhint("%s", regdocs_option_hint(option)),
			 KEEP_OUT_OF_LOG));
}

/* "servers and foreign tables"; BORROWED. */
static const char *
place_names(unsigned where)
{
	switch (where)
	{
		case ON_SERVER:
			return "servers";
		case ON_USER:
			return "user mappings";
		case ON_TABLE:
			return "foreign tables";
		case ON_SERVER | ON_TABLE:
			return "servers and foreign tables";
		default:
			return "columns of foreign tables";
	}
}

/*
 * The option of that place whose name is next to what was written, within
 * four letters and half of them; NULL: none is.
 */
static const RegdocsOption *
option_closest(const char *name, unsigned place)
{
	const RegdocsOption *closest = NULL;
	int			length = (int) strlen(name);
	int			limit = Min(4, length / 2);

	for (int i = 0; i < NOPTIONS; i++)
	{
		const RegdocsOption *option = &options_known[i];
		int			distance;

		if ((option->where & place) == 0)
			continue;
		distance = varstr_levenshtein_less_equal(name, length, option->name,
												 (int) strlen(option->name),
												 1, 1, 1, limit, true);
		if (distance > limit)
			continue;
		closest = option;
		limit = distance - 1;	/* never negative: the name is not its name */
	}
	return closest;
}

/* What to set in that place instead of an option of that name; palloc'd. */
static char *
place_hint(const char *name, unsigned place)
{
	const RegdocsOption *elsewhere = option_find(name);
	const RegdocsOption *closest = option_closest(name, place);
	const char *separator = "Valid options in this context are: ";
	StringInfoData hint;

	initStringInfo(&hint);
	if (elsewhere != NULL)
		appendStringInfo(&hint, "It is an option of %s. ",
						 place_names(elsewhere->where));
	else if (closest != NULL)
		appendStringInfo(&hint, "Perhaps you meant the option \"%s\". ",
						 closest->name);

	for (int i = 0; i < NOPTIONS; i++)
	{
		if ((options_known[i].where & place) == 0)
			continue;
		appendStringInfo(&hint, "%s%s", separator, options_known[i].name);
		separator = ", ";
	}
	appendStringInfoString(&hint, place != 0 ? "."
						   : "There are no valid options in this context.");
	return hint.data;
}

/* ---- Readers ---- */

const char *
regdocs_options_find(List *options, const char *name)
{
	ListCell   *cell;

	foreach(cell, options)
	{
		DefElem    *def = lfirst_node(DefElem, cell);

		if (strcmp(def->defname, name) == 0)
			return defGetString(def);
	}
	return NULL;
}

/*
 * Fill the struct of a place: from its own options, else from the inherited
 * ones, else from the defaults.  What a table may override is in the struct
 * of the table alone.
 */
static void
options_read(void *result, unsigned place, List *own, List *inherited)
{
	for (int i = 0; i < NOPTIONS; i++)
	{
		const RegdocsOption *option = &options_known[i];
		const char *text;
		unsigned	home;

		home = (option->where & ON_TABLE) ? ON_TABLE : option->where;
		if (home != place)
			continue;
		text = regdocs_options_find(own, option->name);
		if (text == NULL)
			text = regdocs_options_find(inherited, option->name);
		if (text == NULL)
			text = option->fallback;
		if (text != NULL)
			option_set(option, text, (char *) result + option->offset);
	}
}

/* What a server with these options has, palloc'd. */
static RegdocsServerOptions *
server_read(List *options)
{
	RegdocsServerOptions *result = palloc0(sizeof(RegdocsServerOptions));

	options_read(result, ON_SERVER, options, NIL);
	if (result->upload_url == NULL)
		result->upload_url =
			pstrdup(strcmp(result->base_url, DEFAULT_BASE_URL) == 0
					? DEFAULT_UPLOAD_URL : result->base_url);
	return result;
}

/*
 * Its URLs must name hosts that are allowed; the server's name may be NULL.
 * The host is not shown: it may be a secret, misplaced.
 */
static void
hosts_check(const RegdocsServerOptions *server, const char *server_name)
{
	const char *option = NULL;

	if (!regdocs_hosts_allow(server->base_url))
		option = "base_url";
	else if (!regdocs_hosts_allow(server->upload_url))
		option = "upload_url";
	if (option == NULL)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 server_name == NULL ?
			 errmsg("host in option \"%s\" is not allowed", option) :
			 errmsg("host in option \"%s\" of server \"%s\" is not allowed",
					option, server_name),
			 errhint("%s", regdocs_hosts_hint()),
			 KEEP_OUT_OF_LOG));
}

RegdocsServerOptions *
regdocs_server_options(ForeignServer *server)
{
	RegdocsServerOptions *result = server_read(server->options);

	hosts_check(result, server->servername);
	return result;
}

RegdocsUserOptions *
regdocs_user_options(UserMapping *user)
{
	RegdocsUserOptions *result = palloc0(sizeof(RegdocsUserOptions));
	RegdocsCredential credential = {0};

	options_read(&credential, ON_USER, user->options, NIL);
	result->account_sid = credential.account_sid;
	if (credential.api_key != NULL)
	{
		result->username = credential.api_key;
		result->password = credential.api_secret;
		result->password_file = credential.api_secret_file;
		result->password_file_option = "api_secret_file";
	}
	else if (credential.auth_token != NULL ||
			 credential.auth_token_file != NULL)
	{
		result->username = credential.account_sid;
		result->password = credential.auth_token;
		result->password_file = credential.auth_token_file;
		result->password_file_option = "auth_token_file";
	}
	return result;
}

RegdocsTableOptions *
regdocs_table_options(ForeignTable *table, ForeignServer *server)
{
	RegdocsTableOptions *result = palloc0(sizeof(RegdocsTableOptions));

	options_read(result, ON_TABLE, table->options, server->options);
	if (regdocs_write_mode != REGDOCS_WRITE_UNSET)
		result->write_mode = (RegdocsWriteMode) regdocs_write_mode;
	return result;
}

char *
regdocs_column_name_option(Oid relid, AttrNumber attnum)
{
	List	   *options = GetForeignColumnOptions(relid, attnum);
	const char *name = regdocs_options_find(options, "column_name");

	return name != NULL ? pstrdup(name) : NULL;
}

/* ---- The validator ---- */

/* 0: a place that has no options, as the wrapper itself. */
static unsigned
place_of_catalog(Oid catalog)
{
	switch (catalog)
	{
		case ForeignServerRelationId:
			return ON_SERVER;
		case UserMappingRelationId:
			return ON_USER;
		case ForeignTableRelationId:
			return ON_TABLE;
		case AttributeRelationId:
			return ON_COLUMN;
		default:
			return 0;
	}
}

#define CREDENTIAL_HINT \
	"Set either \"account_sid\" and \"auth_token\", or \"api_key\" and " \
	"\"api_secret\"; or, in the place of a secret, \"auth_token_file\" or " \
	"\"api_secret_file\"."

/* A secret is given itself, or the file that holds it. */
static void
secret_check(const char *secret, const char *name,
			 const char *file, const char *file_name)
{
	if (secret != NULL && file != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"%s\" conflicts with \"%s\"", name, file_name),
				 errhint(CREDENTIAL_HINT),
				 KEEP_OUT_OF_LOG));
}

/*
 * A mapping holds one whole credential or none.  Both at once contradict
 * each other (HV024); to half of one something must still be given (HV002,
 * which file_fdw raises for the same reason).
 */
static void
credential_check(List *options)
{
	RegdocsCredential given = {0};
	bool		token_pair;
	bool		key_pair;
	const char *missing = NULL;

	options_read(&given, ON_USER, options, NIL);
	token_pair = given.auth_token != NULL || given.auth_token_file != NULL;
	key_pair = given.api_key != NULL || given.api_secret != NULL ||
		given.api_secret_file != NULL;
	secret_check(given.auth_token, "auth_token",
				 given.auth_token_file, "auth_token_file");
	secret_check(given.api_secret, "api_secret",
				 given.api_secret_file, "api_secret_file");

	if (token_pair && key_pair)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("an auth token conflicts with an API key and its secret"),
				 errhint(CREDENTIAL_HINT),
				 KEEP_OUT_OF_LOG));

	if (key_pair && given.api_key == NULL)
		missing = "api_key";
	else if (key_pair && given.api_secret == NULL &&
			 given.api_secret_file == NULL)
		missing = "api_secret";
	else if (token_pair && given.account_sid == NULL)
		missing = "account_sid";
	else if (given.account_sid != NULL && !token_pair && !key_pair)
		missing = "auth_token";
	if (missing != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED),
				 errmsg("option \"%s\" is missing", missing),
				 errhint(CREDENTIAL_HINT),
				 KEEP_OUT_OF_LOG));
}

/* What only some resources can be asked for. */
static void
table_check(List *options)
{
	RegdocsTableOptions table = {0};

	options_read(&table, ON_TABLE, options, NIL);
	if (table.include_constraints &&
		table.resource->constraints_parameter == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"include_constraints\" cannot be set for resource \"%s\"",
						table.resource->name),
				 errhint("It is for regulations alone.")));
}

/*
 * Check the options of one object, complete as they will be stored.  Core
 * has refused duplicates.
 */
Datum
regdocs_fdw_validator(PG_FUNCTION_ARGS)
{
	List	   *options = untransformRelOptions(PG_GETARG_DATUM(0));
	unsigned	place = place_of_catalog(PG_GETARG_OID(1));
	void	   *unused = palloc(MAXIMUM_ALIGNOF);	/* room for any value */
	ListCell   *cell;

	foreach(cell, options)
	{
		DefElem    *def = lfirst_node(DefElem, cell);
		const RegdocsOption *option = option_find(def->defname);

		if (option == NULL || (option->where & place) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
					 errmsg("invalid option \"%s\"", def->defname),
					 errhint("%s", place_hint(def->defname, place)),
					 KEEP_OUT_OF_LOG));
		else if (option->superuser && !superuser())
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("permission denied to set option \"%s\"",
							option->name),
					 errhint("Only superusers may create or alter what has this option."),
					 KEEP_OUT_OF_LOG));
		else
			option_set(option, defGetString(def), unused);
	}

	if (place == ON_SERVER)
		hosts_check(server_read(options), NULL);
	if (place == ON_USER)
		credential_check(options);
	if (place == ON_TABLE)
		table_check(options);
	PG_RETURN_VOID();
}
