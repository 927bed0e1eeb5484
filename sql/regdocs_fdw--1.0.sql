/* sql/regdocs_fdw--1.0.sql */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION regdocs_fdw" to load this file. \quit

CREATE TYPE regdocs_status AS ENUM (
	'draft',
	'pending-review',
	'rejected',
	'approved',
	'expired',
	'provisionally-approved'
);

CREATE TYPE regdocs_bundle_status AS ENUM (
	'draft',
	'pending-review',
	'in-review',
	'twilio-rejected',
	'twilio-approved',
	'provisionally-approved'
);

CREATE TYPE regdocs_evaluation_status AS ENUM (
	'compliant',
	'noncompliant'
);

CREATE TYPE regdocs_end_user_type AS ENUM (
	'individual',
	'business'
);

CREATE FUNCTION regdocs_fdw_handler()
RETURNS fdw_handler
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT;

CREATE FUNCTION regdocs_fdw_validator(text[], oid)
RETURNS void
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT;

CREATE FOREIGN DATA WRAPPER regdocs_fdw
	HANDLER regdocs_fdw_handler
	VALIDATOR regdocs_fdw_validator;

CREATE FUNCTION regdocs_fdw_connections(
	OUT server_name name,
	OUT user_name name,
	OUT account text,
	OUT requests bigint,
	OUT retries bigint,
	OUT throttled bigint,
	OUT failures bigint,
	OUT bytes_sent bigint,
	OUT bytes_received bigint,
	OUT connections bigint,
	OUT wait_time double precision,
	OUT throttled_time double precision,
	OUT last_request_id text,
	OUT last_error text,
	OUT last_error_sqlstate text,
	OUT last_error_time timestamptz,
	OUT last_used timestamptz,
	OUT valid boolean)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED;

CREATE FUNCTION regdocs_fdw_disconnect(server_name name)
RETURNS boolean
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED;

CREATE FUNCTION regdocs_fdw_disconnect_all()
RETURNS boolean
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED;

CREATE FUNCTION regdocs_fdw_version(
	OUT extension text,
	OUT library text,
	OUT libcurl text)
RETURNS record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT STABLE PARALLEL SAFE;

CREATE FUNCTION regdocs_fdw_writes(
	OUT written_at timestamptz,
	OUT server_name name,
	OUT resource text,
	OUT operation text,
	OUT sid text,
	OUT outcome text,
	OUT error text,
	OUT old jsonb,
	OUT new jsonb)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED;

CREATE FUNCTION regdocs_replace_items(
	bundles regclass,
	bundle_sid text,
	from_bundle_sid text)
RETURNS void
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE FUNCTION regdocs_create_snapshot(
	source regclass,
	target text)
RETURNS regclass
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE FUNCTION regdocs_refresh(
	source regclass,
	target regclass,
	OUT inserted bigint,
	OUT updated bigint,
	OUT deleted bigint,
	OUT unchanged bigint)
RETURNS record
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE FUNCTION regdocs_add_account(
	parent regclass,
	account_sid text,
	like_server name,
	auth_token_file text DEFAULT NULL)
RETURNS regclass
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE FUNCTION regdocs_drop_account(
	parent regclass,
	account_sid text)
RETURNS void
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
