-- emulator: --documents 40 --bundles 60
--
-- Columns of the whole family: any of the fields, in any order, by any name, of any
-- type that holds them; and values that no type here knows.
--
\i sql/include/emulator.psql
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS family_columns CASCADE;
CREATE SCHEMA family_columns;
SET search_path = family_columns, public;
-- A foreign table of a resource, by what its columns are declared as.
CREATE FUNCTION make(resource text, prefix text, declared text, order_by text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	columns text;
BEGIN
	EXECUTE format('SELECT string_agg(format(%L, attname), '', '' ORDER BY %s) FROM pg_attribute
		WHERE attrelid = (''public.'' || %L)::regclass AND attnum > 0',
		declared, order_by, resource) INTO columns;
	EXECUTE format('CREATE FOREIGN TABLE %I (%s) SERVER emulator OPTIONS (resource %L)', prefix || resource, columns, resource);
	RETURN columns;
END $$;
-- How many rows the two queries have, and how many of these are not in both.
CREATE FUNCTION compare(a text, b text, OUT rows bigint, OUT differ bigint) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TEMP TABLE these AS SELECT t::text AS row FROM (%s) t', a);
	EXECUTE format('CREATE TEMP TABLE those AS SELECT t::text AS row FROM (%s) t', b);
	SELECT count(*) INTO rows FROM these;
	SELECT count(*) INTO differ
		FROM ((TABLE these EXCEPT ALL TABLE those) UNION ALL (TABLE those EXCEPT ALL TABLE these)) d;
	DROP TABLE these, those;
END $$;
CREATE TABLE resources AS SELECT * FROM unnest(ARRAY['supporting_documents', 'supporting_document_types', 'end_users', 'end_user_types',
	'regulations', 'bundles', 'item_assignments', 'evaluations', 'bundle_copies']) WITH ORDINALITY r (name, n);
-- The table's columns but the file, as text, by their own or other names.
CREATE FUNCTION texts(resource text, quoted text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format(quoted, attname), ', ' ORDER BY attnum) FROM pg_attribute
	WHERE attrelid = ('public.' || resource)::regclass AND attnum > 0 AND attname <> 'file'
$$;
\pset format unaligned
\pset tuples_only on
RESET client_min_messages;

-- All columns, renamed and in the other order, are those that they were.
SELECT count(make(name, 'plain_', '%1$I text', 'attnum')) FROM resources WHERE name <> 'supporting_documents';
SELECT count(make(name, 'odd_', '"the %1$s" text OPTIONS (column_name %1$L)', 'attnum DESC')) FROM resources WHERE name <> 'supporting_documents';
SELECT name, c.* FROM resources, LATERAL compare(
	format('SELECT %s FROM plain_%s', texts(name, '%I'), name),
	format('SELECT %s FROM odd_%s', texts(name, '"the %s"'), name)) c
WHERE name <> 'supporting_documents' ORDER BY n;
-- What is typed says the same as text: enums, booleans and times; jsonb as itself.
SELECT name, c.* FROM resources, LATERAL (SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum) AS columns,
		string_agg(format('%I::%s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) AS casts
		FROM pg_attribute WHERE attrelid = ('public.' || name)::regclass AND attnum > 0 AND atttypid NOT IN ('text'::regtype, 'json'::regtype)
			AND (name <> 'bundles' OR attname NOT IN ('iso_country', 'is_test', 'end_user_type'))) k,
	LATERAL compare(format('SELECT sid, %s FROM public.%s', coalesce(k.columns, '1'), name),
		format('SELECT sid, %s FROM plain_%s', coalesce(k.casts, '1'), name)) c
WHERE name <> 'supporting_documents' ORDER BY n;
\! emu reset

-- A part of them: the keys alone, or all but these; children need no parent to be read.
CREATE FOREIGN TABLE only_objects (object_sid varchar(40)) SERVER emulator OPTIONS (resource 'item_assignments');
CREATE FOREIGN TABLE only_statuses (status text, results json) SERVER emulator OPTIONS (resource 'evaluations');
CREATE FOREIGN TABLE only_names (friendly_name char(80), "end" timestamptz OPTIONS (column_name 'valid_until')) SERVER emulator OPTIONS (resource 'bundles');
CREATE FOREIGN TABLE only_fields (fields jsonb) SERVER emulator OPTIONS (resource 'end_user_types');
CREATE FOREIGN TABLE no_columns () SERVER emulator OPTIONS (resource 'bundle_copies');
SELECT * FROM compare('SELECT object_sid FROM only_objects', 'SELECT object_sid::varchar(40) FROM plain_item_assignments');
SELECT * FROM compare('SELECT status, results::text FROM only_statuses', 'SELECT status, results FROM plain_evaluations');
SELECT * FROM compare('SELECT friendly_name, "end" FROM only_names', 'SELECT friendly_name::char(80), valid_until::timestamptz FROM plain_bundles');
SELECT * FROM compare('SELECT fields FROM only_fields', 'SELECT fields::jsonb FROM plain_end_user_types');
SELECT (SELECT count(*) FROM no_columns) = (SELECT count(*) FROM plain_bundle_copies) AS rows;
\! sent
-- a condition or an order on a renamed column is asked as well
SELECT count(*) > 0 AS rows, count(*) = (SELECT count(*) FROM plain_bundles WHERE status = 'draft') AS right FROM odd_bundles WHERE "the status" = 'draft';
SELECT min(bundle_sid) AS parent FROM plain_item_assignments \gset
SELECT count(*) > 0 AS rows, bool_and("the bundle_sid" = :'parent') AS right FROM odd_item_assignments WHERE "the bundle_sid" = :'parent';
SELECT count(*) FROM (SELECT FROM odd_bundles WHERE "the sid" = ANY (ARRAY(SELECT sid FROM plain_bundles LIMIT 30))) b;
\! sent
-- what is written by such names reaches the field
INSERT INTO odd_end_users ("the friendly_name", "the type", "the attributes") VALUES ('Odd', 'individual', '{"a": 1}') RETURNING "the type", "the attributes";
UPDATE odd_end_users SET "the friendly_name" = 'Odd, too' WHERE "the friendly_name" = 'Odd' RETURNING "the friendly_name";
DELETE FROM odd_end_users WHERE "the friendly_name" = 'Odd, too';
\! sent

-- Domains: over an enum, a time, JSON and a text, with what they check.
CREATE DOMAIN open_status AS regdocs_bundle_status CHECK (VALUE <> 'in-review');
CREATE DOMAIN late AS timestamptz CHECK (VALUE > '2000-01-01Z');
CREATE DOMAIN object AS jsonb CHECK (jsonb_typeof(VALUE) = 'object');
CREATE DOMAIN address AS text CHECK (VALUE LIKE '%@%');
CREATE FOREIGN TABLE checked (sid text, status open_status, date_created late, links object, email address) SERVER emulator OPTIONS (resource 'bundles');
SELECT count(*) FILTER (WHERE c.date_created = p.date_created::timestamptz AND c.links = p.links::jsonb AND c.email IS NOT DISTINCT FROM p.email), count(*)
FROM (SELECT sid, date_created, links, email FROM checked) c JOIN plain_bundles p USING (sid);
\set VERBOSITY sqlstate
SELECT count(status) FROM checked;
\set VERBOSITY default
ALTER FOREIGN TABLE checked OPTIONS (ADD on_error 'ignore');
SET client_min_messages = error;
SELECT count(status) = (SELECT count(*) FROM plain_bundles WHERE status <> 'in-review') FROM checked;
RESET client_min_messages;

-- Labels that no enum here knows yet, in each resource that has one.
SELECT sid AS bundle FROM bundles WHERE status = 'draft' ORDER BY sid LIMIT 1 \gset
SELECT sid AS copy FROM bundle_copies ORDER BY sid LIMIT 1 \gset
SELECT sid AS regulation FROM regulations ORDER BY sid LIMIT 1 \gset
\setenv BUNDLE :bundle
\setenv COPY :copy
\setenv REGULATION :regulation
\! emu post supporting_documents index=0 status=seventh
\! emu post bundles sid=$BUNDLE status=seventh
\! emu post bundles sid=$COPY status=seventh
\! emu post evaluations index=0 status=seventh
\! emu post end_users index=0 type=seventh
\! emu post regulations sid=$REGULATION end_user_type=seventh
\set VERBOSITY sqlstate
SELECT count(status) FROM supporting_documents;
SELECT count(status) FROM bundles;
SELECT count(status) FROM bundle_copies;
SELECT count(status) FROM evaluations;
SELECT count(type) FROM end_users;
SELECT count(end_user_type) FROM regulations;
\set VERBOSITY default
-- the object is named, and the column
\set SHOW_CONTEXT errors
\! emu post bundles sid=$COPY status=draft
DO $$
DECLARE
	told text;
BEGIN
	PERFORM count(type) FROM end_users;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS told = PG_EXCEPTION_CONTEXT;
	RAISE NOTICE '% %', SQLERRM, regexp_replace(split_part(told, E'\n', 1), 'IT[0-9a-f]{32}', 'IT...');
END $$;
-- who does not want the column does not meet it
SELECT count(sid) > 0 FROM regulations;
-- as text it is a value like others, whatever is asked of the API for it
SELECT count(*) FROM plain_evaluations WHERE status = 'seventh';
SELECT count(*) FROM plain_bundles WHERE status = 'seventh';
SELECT count(*) FROM plain_bundles WHERE status IN ('seventh', 'draft') HAVING count(*) = (SELECT count(*) FROM plain_bundles WHERE status = 'seventh' OR status = 'draft');
SELECT count(*) FROM plain_regulations WHERE end_user_type = 'seventh';
SELECT count(*) FROM plain_end_users WHERE type = 'seventh';
-- ignored, one row each is left out, in the words of the resource
\! emu post bundles sid=$COPY status=seventh
ALTER SERVER emulator OPTIONS (ADD on_error 'ignore');
CREATE FUNCTION left_out(resource text, label text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
	typed bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM plain_%s', resource) INTO n;
	EXECUTE format('SELECT count(%I) FROM public.%I', label, resource) INTO typed;
	RETURN n - typed;
END $$;
\set SHOW_CONTEXT never
SET client_min_messages = error;
SELECT left_out('bundles', 'status'), left_out('bundle_copies', 'status'), left_out('evaluations', 'status'),
	left_out('end_users', 'type'), left_out('regulations', 'end_user_type');
RESET client_min_messages;
\set VERBOSITY terse
SELECT count(end_user_type) > 0 FROM regulations;
-- ... until the enum knows it
ALTER TYPE regdocs_evaluation_status ADD VALUE 'seventh';
SELECT count(*) FROM public.evaluations WHERE status = 'seventh';
SET client_min_messages = warning;
DROP EXTENSION regdocs_fdw CASCADE;
DROP SCHEMA family_columns CASCADE;
