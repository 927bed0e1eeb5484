-- emulator: --documents 12 --bundles 20
--
-- on_error 'set_null': a value that cannot be converted is NULL, and counted; but
-- not where NULL would stand for something else.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset null NULL
-- Of twelve documents four are bad: for the status, for the status and jsonb, for a
-- date, for the status.
\! emu post document index=2 status=seventh
\! emu post document index=5 raw="{\"sid\":\"$(emu get sid?index=5)\",\"status\":\"eighth\",\"attributes\":{\"x\":\"\\u0000\"},\"type\":\"passport\"}"
\! emu post document index=8 raw='{"sid":"RD00000000000000000000000000000003","status":"draft","date_created":"2024-02-30T00:00:00Z"}'
\! emu post document index=9 status=seventh
-- what to do is said of the label
SELECT pg_temp.attempt('SELECT status FROM supporting_documents');
SELECT pg_temp.attempt('SELECT attributes FROM supporting_documents');
-- all rows stay, and one notice says how many values there are, and of which columns
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD on_error 'set_null');
SELECT count(*) AS rows, count(status) AS status, count(attributes) AS attributes, count(date_created) AS dates
FROM (SELECT * FROM supporting_documents OFFSET 0) d;
\! sent
SELECT pg_temp.name(sid), status, attributes, date_created, type FROM supporting_documents WHERE sid = pg_temp.sid(5) OR sid LIKE 'RD0000000%';
-- so it is for keys, and for a condition on what is NULL
CREATE FOREIGN TABLE keyed (sid text, status regdocs_status) SERVER emulator OPTIONS (page_size '1', on_error 'set_null');
SELECT pg_temp.name(sid), status FROM keyed WHERE sid IN (pg_temp.sid(1), pg_temp.sid(2)) ORDER BY 1;
DROP FOREIGN TABLE keyed;
SELECT count(*) FROM supporting_documents WHERE status IS NULL;
SELECT count(*) FROM supporting_documents WHERE status = 'draft' AND sid = pg_temp.sid(2);
-- only a column that is wanted can fail
SELECT count(sid) FROM supporting_documents;
-- of the server, and the table's goes before it
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP on_error);
ALTER SERVER emulator OPTIONS (ADD on_error 'set_null');
SELECT count(status) FROM supporting_documents;
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD on_error 'ignore');
SELECT count(status) FROM supporting_documents;
ALTER FOREIGN TABLE supporting_documents OPTIONS (SET on_error 'set_null');
ALTER SERVER emulator OPTIONS (DROP on_error);
-- a scan that is repeated, and a document that is fetched again: counted once
SELECT n, (SELECT count(status) FROM supporting_documents WHERE pg_temp.name(sid) < n) AS below FROM generate_series(1, 5) n;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_memoize = off;
SET enable_material = off;
SELECT k.n, d.status FROM (VALUES (1, pg_temp.sid(2)), (2, pg_temp.sid(5)), (3, pg_temp.sid(2))) k (n, sid) JOIN LATERAL (SELECT status FROM supporting_documents s WHERE s.sid = k.sid OFFSET 0) d ON true;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_memoize;
RESET enable_material;
-- ANALYZE counts them as NULL, and no row is missing
ANALYZE supporting_documents;
SELECT reltuples FROM pg_class WHERE oid = 'supporting_documents'::regclass;
SELECT round((null_frac * 12)::numeric) AS nulls FROM pg_stats WHERE tablename = 'supporting_documents' AND attname = 'status';
-- EXPLAIN: no document is ignored
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT status FROM supporting_documents \g |grep -o 'API.*'
--
-- Writes: what cannot be read is not sent for what it is not
--
-- a column that is not SET is not sent, whatever was read of it
UPDATE supporting_documents SET friendly_name = 'renamed' WHERE sid = pg_temp.sid(4) AND status IS NOT NULL;
\! emu option editable=seventh,eighth,draft,rejected && emu reset
UPDATE supporting_documents SET friendly_name = 'renamed' WHERE sid = pg_temp.sid(2) AND status IS NULL RETURNING pg_temp.name(sid), friendly_name, status;
\! emu get requests?n=1 | grep -oE '"(parameters|answered)":[^]},]*'
-- what is made of it is NULL, and so refused
SELECT pg_temp.attempt($$UPDATE supporting_documents SET attributes = attributes || '{"a": 1}' WHERE sid = pg_temp.sid(5)$$);
\! sent
--
-- Where NULL would be wrong
--
-- A document's own key, and what shall not be NULL
CREATE DOMAIN short AS text CHECK (length(VALUE) < 20);
CREATE FOREIGN TABLE keyed (sid short, status text) SERVER emulator OPTIONS (on_error 'set_null');
SELECT left(pg_temp.attempt('SELECT sid FROM keyed'), 40);
CREATE FOREIGN TABLE strict (sid text, status regdocs_status NOT NULL) SERVER emulator OPTIONS (on_error 'set_null');
SELECT left(pg_temp.attempt('SELECT * FROM strict'), 60);
CREATE DOMAIN known AS regdocs_status NOT NULL;
CREATE FOREIGN TABLE stricter (sid text, status known) SERVER emulator OPTIONS (on_error 'set_null');
SELECT pg_temp.attempt('SELECT * FROM stricter');
-- A parent's key
CREATE FOREIGN TABLE items (sid text, bundle_sid short) SERVER emulator OPTIONS (resource 'item_assignments', on_error 'set_null');
SELECT left(pg_temp.attempt('SELECT * FROM items'), 40);
--
-- Types of one's own may raise anything; what is no matter of data still ends the scan
--
CREATE FUNCTION check_status(value text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF value = 'seventh' THEN
        RAISE EXCEPTION 'not a status' USING ERRCODE = 'data_exception';
    ELSIF value = 'eighth' THEN
        RAISE EXCEPTION 'out of luck' USING ERRCODE = 'insufficient_resources';
    END IF;
    RETURN value IS NULL OR value <> 'draft';
END
$$;
CREATE DOMAIN own_status AS text CHECK (check_status(VALUE));
CREATE FOREIGN TABLE own (sid text, status own_status, type text) SERVER emulator OPTIONS (on_error 'set_null');
SELECT pg_temp.attempt('SELECT * FROM own');
\! emu post document index=5
\set VERBOSITY terse
BEGIN;
SAVEPOINT s;
SELECT count(*), count(status) < count(*) AS some, count(type) FROM own;
ROLLBACK TO s;
COMMIT;
\set VERBOSITY default
-- An enum of one's own: pg_dump knows its labels.
CREATE TYPE mood AS ENUM ('draft');
CREATE FOREIGN TABLE moody (sid text, status mood) SERVER emulator;
SELECT pg_temp.attempt('SELECT * FROM moody');
CREATE DOMAIN good_mood AS mood;
ALTER FOREIGN TABLE moody ALTER status TYPE good_mood;
SELECT substring(pg_temp.attempt('SELECT * FROM moody') FROM 'HINT: [^\n]*');
-- Labels can be added, and are known at once.
DROP FOREIGN TABLE moody;
ALTER TYPE mood ADD VALUE 'seventh';
CREATE FOREIGN TABLE moody (sid text, status mood) SERVER emulator OPTIONS (on_error 'set_null');
SELECT status, count(*) FROM moody GROUP BY status ORDER BY status;
-- A column of type text takes any.
ALTER FOREIGN TABLE supporting_documents ALTER COLUMN status TYPE text;
SELECT status FROM supporting_documents WHERE sid = pg_temp.sid(2);
-- What is NULL for that is not NULL at the API: it is neither asked for it, nor for an
-- order, and no row is missing.
CREATE DOMAIN early AS timestamptz CHECK (VALUE < '2020-01-01');
CREATE FOREIGN TABLE renewals (sid text, valid_until early) SERVER emulator OPTIONS (resource 'bundles', on_error 'set_null');
SET client_min_messages = warning;
SELECT count(*) FROM renewals WHERE valid_until IS NULL;
SELECT count(*) FROM renewals WHERE valid_until IS NOT NULL;
CREATE FOREIGN TABLE changes (sid text, date_updated timestamptz) SERVER emulator OPTIONS (resource 'bundles', on_error 'set_null');
\! emu post bundles index=3 raw="{\"sid\":\"$(emu get sid?index=3\&resource=bundles)\",\"date_updated\":\"2024-02-30T00:00:00Z\"}"
SELECT count(*), count(date_updated) AS dates, bool_and(previous <= date_updated OR date_updated IS NULL) AS sorted
FROM (SELECT date_updated, lag(date_updated, 1, '-infinity') OVER () AS previous FROM (SELECT date_updated FROM changes ORDER BY date_updated LIMIT 30) c) d;
RESET client_min_messages;
DROP FOREIGN TABLE renewals, changes;
DROP DOMAIN early;
DROP FOREIGN TABLE keyed, strict, stricter, items, own, moody;
DROP TYPE mood CASCADE;
DROP DOMAIN short, known, own_status;
DROP FUNCTION check_status;
