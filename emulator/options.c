/*
 * options.c
 *		What does the command line ask for?
 *
 * One table: the names, their ranges and their help stand side by side.
 */
#include "options.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define EMU_MAX_DOCUMENTS 100000000 /* they are numbered in 32 bits */
#define EMU_MAX_BUNDLES 1000000 /* they are kept in memory, some 10 kB each */

/* What is taken in at the start only. */
#define EMU_FIXED_OPTIONS "port,threads,idle-timeout,exit-with-parent," \
	"tls-cert,tls-key,base-path,check-openapi,accounts,documents,bundles," \
	"end-users,seed,list-order"

typedef struct EmuOption
{
	const char *name;
	size_t		offset;			/* within EmuOptions */
	const char *choices;		/* "a|b" stored as 0, 1; NULL: not a choice */
	int64_t		min;			/* of a number; min == max: a text */
	int64_t		max;
	const char *initial;
	const char *help;
} EmuOption;

#define NUMBER(name, field, min, max, initial, help) \
	{name, offsetof(EmuOptions, field), NULL, min, max, initial, help}
#define CHOICE(name, field, choices, initial, help) \
	{name, offsetof(EmuOptions, field), choices, 0, 0, initial, help}
#define TEXT(name, field, initial, help) \
	{name, offsetof(EmuOptions, field), NULL, 0, 0, initial, help}

static const EmuOption emu_option_table[] = {
	NUMBER("port", port, 0, 65535, "0", "on 127.0.0.1; 0: any free one"),
	NUMBER("threads", threads, 1, 100000, "1000",
		   "most connections at once, a thread each"),
	NUMBER("idle-timeout", idle_timeout_s, 0, 86400, "0",
		   "seconds until an idle connection is closed; 0: never"),
	CHOICE("exit-with-parent", exit_with_parent, "off|on", "off",
		   "end when the process that started it ends"),
	TEXT("tls-cert", tls_cert, NULL, "PEM file; with it, https"),
	TEXT("tls-key", tls_key, NULL, "PEM file"),
	TEXT("base-path", base_path, "", "path prefix of the API"),
	TEXT("check-openapi", check_openapi, NULL,
		 "only compare the tables with that file, and say what differs"),
	TEXT("account-sid", account_sid, "AC0123456789abcdef0123456789abcdef",
		 "the account that owns everything"),
	TEXT("auth-token", auth_token, "emulator-auth-token", "its auth token"),
	NUMBER("accounts", accounts, 1, 1000000, "1",
		   "how many accounts there are, with SIDs that follow on that one"),
	TEXT("api-key", api_key, NULL, "SK..., a second way in"),
	TEXT("api-secret", api_secret, NULL, "the key's secret"),
	NUMBER("documents", documents, 0, EMU_MAX_DOCUMENTS, "0",
		   "how many there are at the start"),
	NUMBER("bundles", bundles, 0, EMU_MAX_BUNDLES, "0",
		   "how many bundles, with their items and evaluations"),
	NUMBER("end-users", end_users, -1, EMU_MAX_BUNDLES, "-1",
		   "how many end users; -1: one for each three bundles"),
	NUMBER("seed", seed, 0, INT64_MAX, "1", "of the content of them all"),
	NUMBER("latency", latency_ms, 0, 3600000, "0", "milliseconds a request"),
	NUMBER("max-concurrent", max_concurrent, 0, INT_MAX, "0",
		   "429 above so many requests at once; 0: no limit"),
	TEXT("retry-after", retry_after, NULL,
		 "sent with those 429: seconds or an HTTP date"),
	CHOICE("gzip", gzip, "off|on", "off", "compress where it is offered"),
	NUMBER("max-file-bytes", max_file_bytes, 0, INT_MAX, "5242880",
		   "413 above that"),
	CHOICE("list-order", list_order, "created|updated|sid", "created",
		   "order of the list"),
	CHOICE("token-style", offset_tokens, "keyset|offset", "keyset",
		   "what a page token holds"),
	CHOICE("token-encoding", escape_tokens, "raw|escaped", "raw",
		   "'=' in next_page_url"),
	CHOICE("param-order", vary_params, "fixed|varied", "fixed",
		   "of the parameters in next_page_url"),
	CHOICE("page-size-over-limit", clamp_page_size, "error|clamp", "error",
		   "what PageSize above 1000 does"),
	CHOICE("page-without-token", page_without_token, "error|first", "error",
		   "what Page above 0 without PageToken does"),
	CHOICE("deleted-anchor", skip_deleted_anchor, "invalid|skip", "invalid",
		   "a keyset token whose document is gone"),
	CHOICE("empty-last-page", empty_last_page, "off|on", "off",
		   "a full page always has a next one"),
	CHOICE("meta-first", meta_first, "off|on", "off", "meta before results"),
	TEXT("absolute-next-url-host", next_url_host, NULL,
		 "host of next_page_url, instead of the Host header's"),
	CHOICE("friendly-name", name_filter, "exact|nocase|part", "exact",
		   "what the filter FriendlyName compares"),
	CHOICE("valid-until", valid_until_days, "moment|day", "moment",
		   "what the filters ValidUntilDate compare"),
	CHOICE("valid-until-named", valid_until_excludes, "in|out", "in",
		   "whether ValidUntilDate< and > take in the moment or day named"),
	CHOICE("nulls", nulls, "last|first|high|low", "last",
		   "where they are sorted; high and low turn with the direction"),
	CHOICE("sort", sort, "right|wrong|ignored", "right",
		   "what SortBy and SortDirection do"),
	TEXT("loose-filters", loose_filters, "",
		 "parameters (A,B or all) that let other rows pass, too"),
	TEXT("ignored-filters", ignored_filters, "",
		 "parameters (A,B or all) that do nothing"),
	CHOICE("unknown-parameter", refuse_unknown, "ignore|error", "ignore",
		   "a parameter that the list does not have"),
	CHOICE("types-by-name", types_by_sid_only, "on|off", "on",
		   "whether a machine_name does in place of a type's sid"),
	NUMBER("upload-status", upload_status, 200, 299, "201",
		   "status of a create with a file"),
	CHOICE("upload-omits-fields", upload_omits_fields, "off|on", "off",
		   "an upload's answer lacks failure_reason and errors, and its url"
		   " leads elsewhere"),
	CHOICE("bad-file", ignore_bad_file, "error|ignore", "error",
		   "a file that is not JPEG, PNG, PDF; ignored: empty mime_type"),
	CHOICE("file-update", refuse_file_update, "accept|refuse", "accept",
		   "a file in an update"),
	CHOICE("attributes-update", merge_attributes, "replace|merge", "replace",
		   "what new attributes do to the old ones"),
	CHOICE("update-readonly", refuse_readonly, "ignore|error", "ignore",
		   "Type or Status in an update"),
	CHOICE("unknown-type", accept_unknown_type, "error|accept", "error",
		   "a Type that the API does not list"),
	CHOICE("mime-type-without-file", empty_mime_type, "null|empty", "null",
		   "mime_type of a document without a file"),
	TEXT("editable", editable, "draft,rejected",
		 "statuses that allow updates"),
	TEXT("deletable", deletable, "draft,approved,rejected",
		 "statuses that allow deletes"),
	TEXT("bundle-editable", bundle_editable, "draft,twilio-rejected",
		 "statuses of bundles that allow changes of them and their items"),
	TEXT("bundle-deletable", bundle_deletable,
		 "draft,twilio-rejected,twilio-approved,provisionally-approved",
		 "statuses of bundles that allow deletes"),
	TEXT("submittable", submittable, "draft,twilio-rejected",
		 "statuses from which a bundle can be submitted"),
	TEXT("withdrawable", withdrawable, "pending-review,twilio-rejected",
		 "statuses from which a bundle can be made a draft"),
	TEXT("copyable", copyable, "twilio-approved",
		 "statuses of bundles that can be copied"),
	CHOICE("double-item", refuse_double, "accept|refuse", "accept",
		   "an item that the bundle has already"),
	NUMBER("state-error-status", state_error_status, 400, 499, "400",
		   "HTTP status of 21644 to 21648"),
	NUMBER("validation-error-status", validation_error_status, 400, 499, "400",
		   "HTTP status of 22200 to 22211"),
	CHOICE("error-shape", error_shape, "twilio|rfc9457|legacy", "twilio",
		   "shape of error bodies"),
	CHOICE("more-info", omit_more_info, "on|off", "on",
		   "whether error bodies have more_info"),
};

#define EMU_OPTION_COUNT (sizeof(emu_option_table) / sizeof(EmuOption))

static void
emu_options_help(void)
{
	size_t		i;

	puts("Usage: regdocs-emulator [--OPTION VALUE]...\n"
		 "An emulator of the Regulatory Compliance API, on 127.0.0.1.\n");
	for (i = 0; i < EMU_OPTION_COUNT; i++)
	{
		const EmuOption *option = &emu_option_table[i];

		printf("  --%s %s\n        %s", option->name,
			   option->choices ? option->choices :
			   option->min < option->max ? "N" : "TEXT", option->help);
		if (option->initial != NULL && *option->initial != '\0')
			printf(" (%s)", option->initial);
		putchar('\n');
	}
	puts("  --help");
}

static bool
emu_option_set(EmuOptions *options, const EmuOption *option, const char *value)
{
	void	   *target = (char *) options + option->offset;
	char	   *end;
	long long	number;

	if (option->choices == NULL && option->min == option->max)
	{
		*(const char **) target = value;
		return true;
	}
	if (option->choices != NULL)
	{
		*(int64_t *) target = emu_choice_index(option->choices, value);
		if (*(int64_t *) target >= 0)
			return true;
		fprintf(stderr, "--%s: one of %s, not \"%s\"\n", option->name,
				option->choices, value);
		return false;
	}
	errno = 0;
	number = strtoll(value, &end, 10);
	*(int64_t *) target = number;
	if (errno == 0 && end != value && *end == '\0' &&
		number >= option->min && number <= option->max)
		return true;
	fprintf(stderr, "--%s: a number from %lld to %lld, not \"%s\"\n",
			option->name, (long long) option->min, (long long) option->max,
			value);
	return false;
}

/* A switch with no value after it is on. */
static bool
emu_option_stands_alone(const EmuOption *option, const char *next)
{
	return option->choices != NULL && strcmp(option->choices, "off|on") == 0 &&
		(next == NULL || strncmp(next, "--", 2) == 0);
}

/*
 * Sets an option while it runs; the world is locked. False: there is none
 * such, it cannot be changed any more, or the value is wrong. The text is
 * copied for good, as someone may still be looking at the old one.
 */
bool
emu_options_change(EmuOptions *options, const char *name, const char *value)
{
	size_t		i;

	if (emu_list_has(EMU_FIXED_OPTIONS, name, strlen(name)))
		return false;
	for (i = 0; i < EMU_OPTION_COUNT; i++)
		if (strcmp(emu_option_table[i].name, name) == 0)
			return emu_option_set(options, &emu_option_table[i],
								  emu_copy(value, strlen(value)));
	return false;
}

/* "--name=value" or "--name value"; returns how many arguments it took. */
static int
emu_option_read(EmuOptions *options, const char *argument, const char *next)
{
	const char *name = argument + 2;
	size_t		len = strcspn(name, "=");
	const char *value = name[len] == '=' ? name + len + 1 : next;
	size_t		i;

	for (i = 0; i < EMU_OPTION_COUNT; i++)
	{
		const EmuOption *option = &emu_option_table[i];

		if (strncmp(argument, "--", 2) != 0 ||
			strlen(option->name) != len ||
			strncmp(option->name, name, len) != 0)
			continue;
		if (value == next && emu_option_stands_alone(option, next))
			return emu_option_set(options, option, "on") ? 1 : 0;
		if (value == NULL)
		{
			fprintf(stderr, "--%s: a value is missing\n", option->name);
			return 0;
		}
		if (!emu_option_set(options, option, value))
			return 0;
		return name[len] == '=' ? 1 : 2;
	}
	fprintf(stderr, "unknown option \"%s\"; --help lists them\n", argument);
	return 0;
}

static bool
emu_is_account_sid(const char *sid)
{
	return strlen(sid) == 34 && strncmp(sid, "AC", 2) == 0 &&
		strspn(sid + 2, "0123456789abcdefABCDEF") == 32;
}

static bool
emu_options_agree(const EmuOptions *options)
{
	if ((options->tls_cert == NULL) != (options->tls_key == NULL))
		fputs("--tls-cert and --tls-key go together\n", stderr);
	else if ((options->api_key == NULL) != (options->api_secret == NULL))
		fputs("--api-key and --api-secret go together\n", stderr);
	else if (*options->base_path != '\0' && *options->base_path != '/')
		fputs("--base-path: must begin with \"/\"\n", stderr);
	else if (!emu_is_account_sid(options->account_sid))
		fputs("--account-sid: AC and 32 hexadecimal digits\n", stderr);
	else
		return true;
	return false;
}

/*
 * Fills the options. Returns the process's exit code: 0 also after --help,
 * or -1 to go on.
 */
int
emu_options_parse(EmuOptions *options, int argc, char **argv)
{
	size_t		i;
	int			at;
	int			step;

	memset(options, 0, sizeof(*options));
	for (i = 0; i < EMU_OPTION_COUNT; i++)
		if (emu_option_table[i].initial != NULL)
			emu_option_set(options, &emu_option_table[i],
						   emu_option_table[i].initial);
	for (at = 1; at < argc; at += step)
	{
		if (strcmp(argv[at], "--help") == 0)
		{
			emu_options_help();
			return 0;
		}
		step = emu_option_read(options, argv[at],
							   at + 1 < argc ? argv[at + 1] : NULL);
		if (step == 0)
			return 2;
	}
	return emu_options_agree(options) ? -1 : 2;
}
