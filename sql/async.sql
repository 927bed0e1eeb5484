-- emulator: --documents 600
--
-- Append over several servers: its scans run side by side.  The pages of a, b and c have 100,
-- 150 and 200 documents, which also tells faults whom to befall.  All have the same documents,
-- as there is one emulator.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\i sql/include/compare.psql
\i sql/include/explain.psql
\pset tuples_only on
\pset format unaligned
CREATE TABLE documents (sid text, status regdocs_status, friendly_name text);
\set ECHO none
SELECT format('
    CREATE SERVER %1$s FOREIGN DATA WRAPPER regdocs_fdw
        OPTIONS (base_url %2$L, page_size %3$L, max_retries ''0'');
    CREATE USER MAPPING FOR PUBLIC SERVER %1$s OPTIONS (account_sid %4$L, auth_token %5$L);
    CREATE FOREIGN TABLE documents_%1$s () INHERITS (documents) SERVER %1$s;',
    name, :'emulator_url', page_size, :'emulator_account_sid', :'emulator_auth_token')
FROM (VALUES ('a', 100), ('b', 150), ('c', 200)) v (name, page_size) \gexec
\set ECHO all
CREATE TEMP TABLE numbers AS SELECT n, sid FROM generate_series(0, 4) n JOIN copied ON index = n * 50;
ANALYZE numbers;
CREATE TEMP TABLE result (LIKE documents);
\! emu reset
--
-- Side by side
--
EXPLAIN (COSTS OFF) SELECT * FROM documents;
\! emu fault action=slow ms=300 path=list count=3
SELECT count(*), count(DISTINCT sid) FROM documents;
\! emu clear
-- All three were under way at once.
\! emu count in_flight_max
\! sent
-- every row, of each of them
SELECT count(*), bool_and(n = 3) FROM (SELECT d.*::text, count(*) AS n FROM documents d GROUP BY 1) g
JOIN (SELECT (sid, status, friendly_name)::text AS d FROM copied) c USING (d);
\! sent
-- a condition that leaves out most, and all
SELECT count(*) = 3 * (SELECT count(*) FROM copied WHERE status = 'rejected') FROM documents WHERE status = 'rejected';
SELECT count(*) FROM documents WHERE friendly_name = sid;
\! sent
-- UNION ALL, and the same table several times: one client for all five scans
EXPLAIN (COSTS OFF) SELECT sid FROM documents_a UNION ALL SELECT friendly_name FROM documents_b;
SELECT count(*), count(DISTINCT sid) FROM (
    SELECT sid FROM documents_c UNION ALL SELECT sid FROM documents_c UNION ALL SELECT sid FROM documents_c
    UNION ALL SELECT sid FROM documents_c UNION ALL SELECT sid FROM documents_c) u;
\! sent
-- with one request at a time these take turns
ALTER SERVER c OPTIONS (ADD concurrency '1');
SELECT count(*), count(DISTINCT sid) FROM (
    SELECT sid FROM documents_c UNION ALL SELECT sid FROM documents_c UNION ALL SELECT sid FROM documents_c
    UNION ALL SELECT sid FROM documents_c UNION ALL SELECT sid FROM documents_c) u;
\! emu count in_flight_max
\! sent
ALTER SERVER c OPTIONS (DROP concurrency);
-- Append under another, and two of them in a join, with the same clients
SELECT count(*) FROM (SELECT sid FROM documents UNION ALL (SELECT sid FROM documents LIMIT 10) UNION ALL SELECT sid FROM copied) u;
SELECT count(*) FROM documents d JOIN documents e USING (sid);
SET enable_hashjoin = off;
SELECT count(*) FROM documents d JOIN documents e ON d.sid = e.sid;
RESET enable_hashjoin;
\! emu reset
-- a subquery that uses a client in the midst of the Append's use
SELECT count(*), sum(n) FROM (SELECT (SELECT count(*) FROM documents_b b WHERE b.sid = d.sid) AS n FROM documents d) s;
\! emu reset
--
-- Keys
--
SELECT sid AS x FROM copied WHERE index = 77 \gset
EXPLAIN (COSTS OFF) SELECT * FROM documents WHERE sid = 'RD00000000000000000000000000000000';
\! emu fault action=slow ms=300 path=fetch count=3
SELECT count(*), count(DISTINCT sid) FROM documents WHERE sid = :'x';
\! emu clear
\! emu count in_flight_max
\! sent
SELECT count(*), count(DISTINCT sid) FROM documents WHERE sid = ANY (ARRAY(SELECT sid FROM numbers));
\! sent
SELECT count(*) FROM documents WHERE sid IN ('RD00000000000000000000000000000000', 'nonsense');
SELECT count(*) FROM documents WHERE sid = 'nonsense';
\! sent
-- More keys than the list is long: each walks its list, and hands out what is asked for.
\! emu reset
SELECT count(*), count(DISTINCT sid) FROM documents WHERE sid = ANY (ARRAY(SELECT sid FROM copied WHERE index < 400));
\! sent
SELECT count(*), count(DISTINCT sid) FROM documents WHERE sid = ANY (ARRAY(SELECT sid FROM copied WHERE index >= 550 UNION ALL SELECT 'RD' || lpad(i::text, 32, '0') FROM generate_series(1, 100) i));
\! sent
--
-- Repeated: the whole Append is the inner side, with a key that changes, ...
--
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT pg_temp.explain('SELECT n, d.sid = x.sid FROM numbers x JOIN documents d ON d.sid = x.sid WHERE n < 3');
SELECT n, count(d.sid), bool_and(d.sid = x.sid) FROM numbers x JOIN documents d ON d.sid = x.sid WHERE n < 3 GROUP BY n ORDER BY n;
\! sent
-- ... with one that does not, with a condition that changes, ...
SELECT n, c.count FROM numbers, LATERAL (SELECT count(*) FROM documents WHERE sid = :'x' AND length(friendly_name) > n - 1) c ORDER BY n;
\! sent
SELECT n, c.count = 3 * (SELECT count(*) FROM copied WHERE length(friendly_name) > n * 10)
FROM numbers, LATERAL (SELECT count(*) FROM documents WHERE length(friendly_name) > n * 10) c ORDER BY n;
\! sent
-- ... in a correlated subquery, ...
SELECT n, (SELECT count(*) FROM documents d WHERE d.sid = x.sid) FROM numbers x ORDER BY n;
\! sent
-- ... of which only the first row is wanted, so that others are left on their way.
SELECT n, EXISTS (SELECT FROM documents d WHERE d.sid = x.sid OFFSET 0) FROM numbers x ORDER BY n;
SELECT n, (SELECT d.sid = x.sid FROM documents d WHERE d.sid = x.sid LIMIT 1) FROM numbers x ORDER BY n;
SELECT n, (SELECT d.sid = x.sid FROM documents d WHERE d.sid >= x.sid AND d.sid <= x.sid LIMIT 1) FROM numbers x ORDER BY n;
\! emu reset
RESET enable_mergejoin;
RESET enable_hashjoin;
-- LATERAL, with a UNION ALL in it
SELECT n, count(u.sid) FROM numbers x, LATERAL (
    SELECT sid FROM documents_a WHERE sid = x.sid UNION ALL SELECT sid FROM documents_b WHERE sid = x.sid
    UNION ALL SELECT x.sid) u GROUP BY n ORDER BY n;
\! sent
--
-- Early ends: at most one request to each
--
SELECT count(*) FROM (SELECT FROM documents LIMIT 5) l;
\set lists `emu count list`
SELECT :lists BETWEEN 1 AND 3;
SELECT EXISTS (SELECT FROM documents);
BEGIN;
DECLARE c CURSOR FOR SELECT sid FROM documents;
MOVE 5 IN c;
CLOSE c;
COMMIT;
\set lists `emu count list`
SELECT :lists BETWEEN 3 AND 9;
\! emu reset
-- Cursors, in turns
BEGIN;
DECLARE c CURSOR FOR SELECT sid FROM documents;
DECLARE d CURSOR FOR SELECT sid FROM documents;
MOVE 500 IN c;
MOVE 700 IN d;
MOVE ALL IN c;
MOVE ALL IN d;
COMMIT;
\! sent
BEGIN;
DECLARE c CURSOR WITH HOLD FOR SELECT sid FROM documents;
MOVE 10 IN c;
COMMIT;
MOVE ALL IN c;
CLOSE c;
-- scrolled
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT sid FROM documents;
MOVE 1000 IN c;
MOVE BACKWARD 900 IN c;
MOVE ALL IN c;
COMMIT;
\! emu reset
--
-- Prepared, with a generic plan
--
SET plan_cache_mode = force_generic_plan;
PREPARE by_sid (text) AS SELECT count(*), count(DISTINCT sid) FROM documents WHERE sid = $1;
EXECUTE by_sid (:'x');
EXECUTE by_sid ('nonsense');
EXECUTE by_sid (:'x');
\! sent
PREPARE all_documents AS SELECT count(*) FROM documents;
EXECUTE all_documents;
EXECUTE all_documents;
RESET plan_cache_mode;
\! emu reset
--
-- With others that are not asynchronous: a local table, and those of which it is not wanted
--
CREATE TABLE documents_local () INHERITS (documents);
INSERT INTO documents_local SELECT sid, status, friendly_name FROM copied WHERE index < 50;
ALTER FOREIGN TABLE documents_b OPTIONS (ADD async_capable 'false');
EXPLAIN (COSTS OFF) SELECT * FROM documents;
SELECT count(*), count(DISTINCT sid) FROM documents;
\! sent
SELECT count(*) FROM documents WHERE sid = (SELECT sid FROM copied WHERE index = 7);
\! sent
ALTER SERVER a OPTIONS (ADD async_capable 'false');
ALTER SERVER b OPTIONS (ADD async_capable 'false');
ALTER FOREIGN TABLE documents_b OPTIONS (SET async_capable 'true');
EXPLAIN (COSTS OFF) SELECT * FROM documents;
SELECT count(*), count(DISTINCT sid) FROM documents;
\! sent
ALTER SERVER a OPTIONS (DROP async_capable);
ALTER SERVER b OPTIONS (DROP async_capable);
SET enable_async_append = off;
EXPLAIN (COSTS OFF) SELECT * FROM documents;
SELECT count(*), count(DISTINCT sid) FROM documents;
\! sent
RESET enable_async_append;
-- A statement that writes to the API reads all of its rows first: nothing runs beside it.
EXPLAIN (COSTS OFF) WITH w AS (DELETE FROM documents_a WHERE sid = 'RD00000000000000000000000000000000' RETURNING sid) SELECT d.sid FROM documents d, w;
-- What is written to a local table is nothing to it.
CREATE TEMP TABLE log (sid text);
EXPLAIN (COSTS OFF) WITH w AS (INSERT INTO log VALUES ('x') RETURNING sid) SELECT d.sid FROM documents d, w;
WITH w AS (INSERT INTO log VALUES ('x') RETURNING sid) SELECT count(*) FROM documents d, w;
\! sent
-- A local table is written to: that does not change what is read.
EXPLAIN (COSTS OFF) INSERT INTO result SELECT * FROM documents;
-- Rows that are locked: those of foreign tables cannot be, and are read as ever.
SELECT count(*) FROM (SELECT sid FROM documents FOR UPDATE) l;
\! sent
UPDATE documents_local l SET friendly_name = d.friendly_name || '!' FROM documents d WHERE d.sid = l.sid AND d.tableoid = 'documents_a'::regclass;
SELECT count(*), bool_and(friendly_name LIKE '%!' OR friendly_name IS NULL) FROM documents_local;
\! emu reset
-- An order makes a MergeAppend, which is not asynchronous.
SELECT count(*), bool_and(sid = next OR sid < next COLLATE "C") FROM (SELECT sid, lead(sid) OVER () AS next FROM (SELECT sid FROM documents ORDER BY sid COLLATE "C") o) p WHERE next IS NOT NULL;
\! emu reset
DROP TABLE documents_local;
--
-- What EXPLAIN ANALYZE says of each
--
SELECT pg_temp.explain_analyze('SELECT sid FROM documents');
SET plan_cache_mode = force_generic_plan;
PREPARE draft (text) AS SELECT sid FROM documents WHERE sid = $1 AND status IS NULL;
SELECT pg_temp.explain_analyze(format('EXECUTE draft (%L)', :'x'));
RESET plan_cache_mode;
CREATE FUNCTION pg_temp.scans(query text) RETURNS SETOF json LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT json) ' || query INTO plan;
    RETURN QUERY SELECT json_array_elements(plan -> 0 -> 'Plan' -> 'Plans');
END
$$;
-- each waits while the others do: 200 ms
\! emu fault action=slow ms=200 path=list count=3
SELECT s ->> 'Alias', (s ->> 'Actual Rows')::numeric::integer, s ->> 'API Requests', s ->> 'API Pages', s ->> 'API Retries',
    (s ->> 'API Bytes Received')::integer > 100000, (s ->> 'API Wait')::float > 100
FROM pg_temp.scans('SELECT sid FROM documents WHERE status IS NOT NULL') s WHERE s ->> 'Node Type' = 'Foreign Scan';
\! emu reset
--
-- Failures
--
-- of one of them, in the middle: the statement fails, and nothing is left of it
\! emu fault action=status status=503 path=PageSize=150 skip=2
SELECT pg_temp.failure('INSERT INTO result SELECT * FROM documents');
SELECT count(*) FROM result;
\! emu clear
\! emu fault action=status status=401 path=PageSize=200
SELECT pg_temp.failure('INSERT INTO result SELECT * FROM documents');
\! emu clear
\! emu fault action=cut path=PageSize=100 skip=5
SELECT pg_temp.failure('INSERT INTO result SELECT * FROM documents');
\! emu clear
\! emu fault action=garbage path=PageSize=100 skip=1
SELECT pg_temp.failure('INSERT INTO result SELECT * FROM documents');
\! emu clear
\! emu fault action=status status=500 path=fetch skip=1
SELECT left(pg_temp.failure(format('SELECT * FROM documents WHERE sid = %L', :'x')), 5);
\! emu clear
SELECT count(*) FROM result;
-- in a subtransaction, after which the same clients serve others
DO $$
DECLARE
    n integer;
BEGIN
    FOR i IN 1 .. 10 LOOP
        BEGIN
            PERFORM 1 / (length(sid) - 34) FROM documents OFFSET i * 50;
        EXCEPTION WHEN division_by_zero THEN
            SELECT count(*) INTO STRICT n FROM documents;
            IF n <> 1800 THEN
                RAISE '% documents', n;
            END IF;
        END;
    END LOOP;
END
$$;
-- documents that cannot be converted
\! emu post review index=123 status=unheard-of
SELECT pg_temp.failure('SELECT * FROM documents');
ALTER SERVER a OPTIONS (ADD on_error 'ignore');
ALTER SERVER b OPTIONS (ADD on_error 'ignore');
ALTER SERVER c OPTIONS (ADD on_error 'ignore');
\set VERBOSITY terse
SELECT count(*) FROM (SELECT * FROM documents OFFSET 0) d WHERE status IS NOT NULL;
\set VERBOSITY default
\! emu post review index=123 status=draft
--
-- One that stalls holds up nobody else, until nothing else is left; then it can be cancelled.
--
\! emu fault action=stall path=PageSize=150 count=0
SELECT count(*), count(DISTINCT sid) FROM (SELECT sid FROM documents LIMIT 1200) l;
SET statement_timeout = '300ms';
\set VERBOSITY sqlstate
SELECT * FROM documents WHERE friendly_name = sid;
SELECT count(*) FROM documents_a a JOIN documents d USING (sid);
\set VERBOSITY default
RESET statement_timeout;
BEGIN;
DECLARE c CURSOR FOR SELECT sid FROM documents;
MOVE 1200 IN c;
CLOSE c;
COMMIT;
\! emu clear
SELECT count(*) FROM documents;
SET client_min_messages = warning;
DROP TABLE documents CASCADE;
DROP SERVER a CASCADE;
DROP SERVER b CASCADE;
DROP SERVER c CASCADE;
