/*
 * options.h
 *		What the command line can say.
 *
 * A flag stands for everything that the vendor's documentation leaves open.
 */
#ifndef EMU_OPTIONS_H
#define EMU_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* Values of the choices, in the order of the option table. */
typedef enum EmuListOrder
{
	EMU_ORDER_CREATED,
	EMU_ORDER_UPDATED,
	EMU_ORDER_SID
} EmuListOrder;

typedef enum EmuErrorShape
{
	EMU_SHAPE_TWILIO,
	EMU_SHAPE_RFC9457,
	EMU_SHAPE_LEGACY,
	EMU_SHAPE_HTML,				/* faults only */
	EMU_SHAPE_EMPTY				/* faults only */
} EmuErrorShape;

typedef enum EmuNameFilter
{
	EMU_NAME_EXACT,
	EMU_NAME_NOCASE,
	EMU_NAME_PART
} EmuNameFilter;

typedef enum EmuSort
{
	EMU_SORT_RIGHT,
	EMU_SORT_WRONG,
	EMU_SORT_IGNORED
} EmuSort;

typedef enum EmuNulls
{
	EMU_NULLS_LAST,
	EMU_NULLS_FIRST,
	EMU_NULLS_HIGH,				/* as if they were the largest */
	EMU_NULLS_LOW
} EmuNulls;

typedef struct EmuOptions
{
	/* process */
	int64_t		port;
	int64_t		threads;
	int64_t		idle_timeout_s;
	int64_t		exit_with_parent;
	const char *tls_cert;
	const char *tls_key;
	const char *base_path;
	const char *check_openapi;	/* only that, instead of serving */

	/* account and documents */
	const char *account_sid;
	const char *auth_token;
	int64_t		accounts;
	const char *api_key;
	const char *api_secret;
	int64_t		documents;
	int64_t		bundles;
	int64_t		end_users;		/* -1: one for each three bundles */
	int64_t		seed;

	/* speed and limits */
	int64_t		latency_ms;
	int64_t		max_concurrent;
	const char *retry_after;	/* seconds or an HTTP date */
	int64_t		gzip;
	int64_t		max_file_bytes;

	/* paging */
	int64_t		list_order;		/* EmuListOrder */
	int64_t		offset_tokens;
	int64_t		escape_tokens;
	int64_t		vary_params;
	int64_t		clamp_page_size;
	int64_t		page_without_token;
	int64_t		skip_deleted_anchor;
	int64_t		empty_last_page;
	int64_t		meta_first;
	const char *next_url_host;

	/* what lists are asked for */
	int64_t		name_filter;	/* EmuNameFilter */
	int64_t		valid_until_days;
	int64_t		valid_until_excludes;
	int64_t		nulls;			/* EmuNulls */
	int64_t		sort;			/* EmuSort */
	const char *loose_filters;	/* names of parameters, or "all" */
	const char *ignored_filters;
	int64_t		refuse_unknown;
	int64_t		types_by_sid_only;

	/* writing */
	int64_t		upload_status;
	int64_t		upload_omits_fields;
	int64_t		ignore_bad_file;
	int64_t		refuse_file_update;
	int64_t		merge_attributes;
	int64_t		refuse_readonly;
	int64_t		accept_unknown_type;
	int64_t		empty_mime_type;
	const char *editable;		/* statuses, separated by commas */
	const char *deletable;
	const char *bundle_editable;	/* the same for bundles */
	const char *bundle_deletable;
	const char *submittable;
	const char *withdrawable;
	const char *copyable;
	int64_t		refuse_double;

	/* errors */
	int64_t		state_error_status;
	int64_t		validation_error_status;
	int64_t		error_shape;	/* EmuErrorShape */
	int64_t		omit_more_info;
} EmuOptions;

extern int	emu_options_parse(EmuOptions *options, int argc, char **argv);
extern bool emu_options_change(EmuOptions *options, const char *name,
							   const char *value);

#endif							/* EMU_OPTIONS_H */
