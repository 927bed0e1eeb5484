-- emulator: --documents 12
--
-- on_error: a document that cannot be converted stops the scan, or is left out and
-- counted.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
-- Of twelve documents three are bad: for the status, for jsonb, for a date.
\! emu post document index=2 raw='{"sid":"RD00000000000000000000000000000001","status":"seventh","attributes":{}}'
\! emu post document index=5 raw='{"sid":"RD00000000000000000000000000000002","status":"draft","attributes":{"x":"\u0000"}}'
\! emu post document index=8 raw='{"sid":"RD00000000000000000000000000000003","status":"draft","date_created":"2024-02-30T00:00:00Z"}'
-- stop, the default: the first of them is told, and what comes before is no result
SELECT pg_temp.attempt('SELECT * FROM supporting_documents');
SELECT pg_temp.attempt('SELECT sid, date_created FROM supporting_documents');
\! sent
-- ignore, of the table: they are left out, and one notice says so
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD on_error 'ignore');
SELECT count(d), array_agg(pg_temp.name(sid)) AS names FROM supporting_documents d;
\! sent
-- only a column that is wanted can fail
SELECT count(sid) FROM supporting_documents;
SELECT count(status) FROM supporting_documents;
SELECT count(*) FROM supporting_documents WHERE date_created IS NOT NULL;
-- of the server, and the table's goes before it
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP on_error);
ALTER SERVER emulator OPTIONS (ADD on_error 'ignore');
SELECT count(status) FROM supporting_documents;
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD on_error 'stop');
SELECT left(pg_temp.attempt('SELECT status FROM supporting_documents'), 5);
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP on_error);
-- a bad document without a sid, and all of them
\! emu post document index=0 raw='{"status":"eighth"}'
SELECT count(status) FROM supporting_documents;
\! emu post document index=0 raw='{"sid":"not a sid","status":"eighth"}'
SELECT count(status) FROM supporting_documents LIMIT 1;
\! emu post document index=0
-- early stop: what was not read is not counted
SELECT count(status) FROM (SELECT status FROM supporting_documents LIMIT 4) d;
SELECT count(status) FROM (SELECT status FROM supporting_documents LIMIT 2) d;
-- several pages, one notice
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD page_size '2');
SELECT count(d) FROM supporting_documents d;
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP page_size);
-- fetched twice with another one between, a document counts once
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_memoize = off;
SET enable_material = off;
SELECT k.n, d.status FROM (VALUES (1, 'RD00000000000000000000000000000001'), (2, 'RD00000000000000000000000000000002'), (3, 'RD00000000000000000000000000000001')) k (n, sid) JOIN LATERAL (SELECT status FROM supporting_documents s WHERE s.sid = k.sid OFFSET 0) d ON true;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_memoize;
RESET enable_material;
-- two scans of a statement: one notice each
SELECT count(*) FROM supporting_documents a CROSS JOIN supporting_documents b WHERE a.status IS NOT NULL AND b.status IS NOT NULL;
SELECT (SELECT count(status) FROM supporting_documents) AS a, (SELECT count(attributes) FROM supporting_documents) AS b;
-- a scan that is repeated: they are counted once
SELECT n, (SELECT count(status) FROM supporting_documents WHERE pg_temp.name(sid) < n) AS below FROM generate_series(1, 5) n;
-- a scan by key; one document a page, or the list would be cheaper
CREATE FOREIGN TABLE broken (sid text, status regdocs_status) SERVER emulator OPTIONS (page_size '1');
\! emu post document index=3 raw="{\"sid\":\"$(emu get sid?index=3)\",\"status\":\"seventh\"}"
\! emu post document index=4 raw="{\"sid\":\"$(emu get sid?index=4)\",\"status\":\"eighth\"}"
\set VERBOSITY terse
SELECT count(*) FROM broken WHERE sid = pg_temp.sid(3) AND status IS NOT NULL;
SELECT count(*) FROM broken WHERE sid IN (pg_temp.sid(3), pg_temp.sid(4), pg_temp.sid(1)) AND status IS NOT NULL;
-- one that asks for another key again and again: one notice at its end
SELECT n, (SELECT status IS NOT NULL FROM broken WHERE sid = pg_temp.sid(n)) AS found FROM unnest(ARRAY[1, 3, 4, 6]) n;
\set VERBOSITY default
-- a cursor: the notice is of what was read, and comes at the end
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid), status IS NOT NULL AS status FROM broken;
FETCH 1 FROM c;
CLOSE c;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid), status IS NOT NULL AS status FROM broken;
MOVE 4 IN c;
CLOSE c;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid), status IS NOT NULL AS status FROM broken;
MOVE ALL IN c;
CLOSE c;
COMMIT;
-- in EXPLAIN ANALYZE
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT status FROM broken \g |grep -o 'API.*'
-- Only what is wrong with a document is left out.  Types and checks of one's own may
-- raise anything; what is no matter of data still ends the scan.
CREATE FUNCTION check_status(value text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF value = 'seventh' THEN
        RAISE EXCEPTION 'not a status' USING ERRCODE = 'data_exception';
    ELSIF value = 'eighth' THEN
        RAISE EXCEPTION 'out of luck' USING ERRCODE = 'insufficient_resources';
    END IF;
    INSERT INTO checked VALUES (value);
    RETURN value <> 'draft';
END
$$;
CREATE TABLE checked (status text);
CREATE DOMAIN own_status AS text CONSTRAINT known CHECK (check_status(VALUE));
CREATE FOREIGN TABLE own (sid text, status own_status) SERVER emulator;
SELECT pg_temp.attempt('SELECT * FROM own');
\! emu post document index=4
SET client_min_messages = warning;
SELECT count(*) = (SELECT count(*) FROM plain WHERE status NOT IN ('draft', 'seventh')) AS equal FROM own WHERE status IS NOT NULL;
-- what the check of a document that is left out has done is undone
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE status IN ('draft', 'seventh')) AS undone FROM checked;
-- the transaction and its savepoints are as before
BEGIN;
SAVEPOINT s;
SELECT count(status) > 0 AS some FROM own;
ROLLBACK TO s;
COMMIT;
-- so it is where arrays and rows are made of such a type: nothing is left behind
CREATE TYPE own_pair AS (a own_status, b own_status);
CREATE FOREIGN TABLE own_array (sid text, friendly_name own_status[]) SERVER emulator;
CREATE FOREIGN TABLE own_row (sid text, friendly_name own_pair) SERVER emulator;
\! emu post document index=6 raw='{"sid":"RD00000000000000000000000000000006","friendly_name":"{approved,seventh}"}'
\! emu post document index=7 raw='{"sid":"RD00000000000000000000000000000007","friendly_name":"(approved,seventh)"}'
\! emu post document index=9 raw='{"sid":"RD00000000000000000000000000000009","friendly_name":"{approved}"}'
\! emu post document index=10 raw='{"sid":"RD00000000000000000000000000000010","friendly_name":"(approved,expired)"}'
SELECT * FROM own_array WHERE friendly_name IS NOT NULL;
SELECT * FROM own_row WHERE friendly_name IS NOT NULL;
RESET client_min_messages;
DROP FOREIGN TABLE own, own_array, own_row;
DROP TYPE own_pair;
DROP DOMAIN own_status;
DROP FUNCTION check_status;
DROP TABLE checked;
-- An error of the API is not ignored.
\! emu fault action=status status=403
SELECT left(pg_temp.attempt('SELECT * FROM supporting_documents'), 5);
\! emu fault action=garbage
SELECT left(pg_temp.attempt('SELECT * FROM supporting_documents'), 5);
-- Nor is a cancel.
SET statement_timeout = '200ms';
\! emu fault action=slow ms=2000
SELECT count(status) FROM supporting_documents;
RESET statement_timeout;
