-- emulator: --documents 25
--
-- EXPLAIN: what it says of a scan, in all formats.  Costs and times are left out;
-- numbers that depend on the documents are replaced by N.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD page_size '10');
-- Lines that this extension adds, and those of its nodes.
CREATE FUNCTION pg_temp.explain(options text, statement text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    line text;
    lines text;
BEGIN
    FOR lines IN EXECUTE 'EXPLAIN (' || options || ') ' || statement LOOP
        FOREACH line IN ARRAY string_to_array(lines, E'\n') LOOP
            line := regexp_replace(line, '(API.(?:Wait|Bytes.Received)"?[:>] ?)[\d.]+', '\1N');
            -- from PostgreSQL 18 on, something follows
            line := regexp_replace(line, '("API Wait": N),$', '\1');
            CONTINUE WHEN line !~ 'API|Page.Size|Batch.Size|Foreign Scan';
            line := regexp_replace(line, ' \((cost|actual)=.*', '');
            RETURN NEXT regexp_replace(line, 'RD[0-9a-f]{32}', 'RD...', 'g');
        END LOOP;
    END LOOP;
END
$$;
CREATE FUNCTION pg_temp.explain_plan(options text, statement text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN (' || options || ') ' || statement;
END
$$;
\pset format unaligned
\pset tuples_only on
-- Without ANALYZE nothing is sent, and nothing told but what would be.
SELECT pg_temp.explain('COSTS OFF', 'SELECT * FROM supporting_documents');
SELECT pg_temp.explain('COSTS OFF, VERBOSE', 'SELECT sid FROM supporting_documents WHERE status = ''draft''');
SELECT pg_temp.explain('COSTS OFF', 'SELECT * FROM supporting_documents LIMIT 3');
SELECT pg_temp.explain('COSTS OFF', 'SELECT * FROM supporting_documents LIMIT 3 OFFSET 2');
SELECT pg_temp.explain('COSTS OFF', 'SELECT * FROM supporting_documents WHERE sid = pg_temp.sid(0)');
SELECT pg_temp.explain('COSTS OFF', 'SELECT * FROM supporting_documents WHERE sid IN (pg_temp.sid(0), pg_temp.sid(1))');
SELECT pg_temp.explain('FORMAT JSON', 'SELECT * FROM supporting_documents');
SELECT pg_temp.explain('FORMAT XML', 'SELECT * FROM supporting_documents');
SELECT pg_temp.explain('FORMAT YAML', 'SELECT * FROM supporting_documents');
\! sent
-- With it, what was done: three pages, in any format.
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents');
SELECT pg_temp.explain('ANALYZE', 'SELECT * FROM supporting_documents');
SELECT pg_temp.explain('ANALYZE, FORMAT JSON', 'SELECT * FROM supporting_documents');
SELECT pg_temp.explain('ANALYZE, FORMAT XML', 'SELECT * FROM supporting_documents');
SELECT pg_temp.explain('ANALYZE, FORMAT YAML', 'SELECT * FROM supporting_documents');
\! sent
-- What is XML, JSON and YAML is well-formed with it.
CREATE FUNCTION pg_temp.explain_json(statement text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    result jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) ' || statement INTO result;
    RETURN result -> 0 -> 'Plan';
END
$$;
SELECT plan ->> 'API Requests' AS requests, plan ->> 'API Pages' AS pages, plan ->> 'API Retries' AS retries,
       (plan ->> 'API Bytes Received')::bigint > 5000 AS bytes,
       (plan ->> 'API Wait')::float >= 0 AND (plan ->> 'API Wait')::float <= (plan ->> 'Actual Total Time')::float AS wait
FROM pg_temp.explain_json('SELECT * FROM supporting_documents') plan;
\! sent
-- The bytes are those of the bodies, with some for headers, and the wait is the time
-- that the emulator took.
\! emu fault action=slow ms=300 count=0
SELECT (plan ->> 'API Bytes Received')::bigint AS received, (plan ->> 'API Wait')::float > 800 AS waited
FROM pg_temp.explain_json('SELECT * FROM supporting_documents') plan \gset
\set bytes `emu get counters/bytes_sent`
SELECT :received BETWEEN :bytes AND :bytes + 3 * 1024 AS equal, :'waited' AS waited;
\! emu clear && emu reset
-- Retries are requests, too, and no pages; fetches are no pages.
\! emu fault action=status status=503 skip=1 count=2
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents');
\! sent
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents WHERE sid = pg_temp.sid(0)');
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents WHERE sid IN (pg_temp.sid(0), pg_temp.sid(1))');
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents WHERE sid = ''nonsense''');
\! sent
-- A scan that stops early, one that never starts, and one that is repeated.
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents LIMIT 4');
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents LIMIT 0');
-- what was sent for rows that nobody came to read counts as well
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM (SELECT * FROM supporting_documents OFFSET 0) d LIMIT 8');
-- (the answer that is waited for comes late: else the scan may be over before the
-- other requests have been sent)
SELECT min(sid COLLATE "C") AS sids FROM pg_temp.sids WHERE index IN (0, 1, 2) \gset
\setenv SIDS :sids
\! for sid in $SIDS; do emu fault action=slow ms=500 path=$sid; done
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents WHERE sid IN (pg_temp.sid(0), pg_temp.sid(1), pg_temp.sid(2)) LIMIT 1');
SELECT string_agg(first, ' ') AS sids FROM (SELECT min(sid COLLATE "C") AS first FROM pg_temp.sids WHERE index IN (1, 2, 3, 11, 12, 13) GROUP BY index % 10) s \gset
\setenv SIDS :sids
\! for sid in $SIDS; do emu fault action=slow ms=500 path=$sid; done
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT 1 FROM generate_series(1, 3) n, LATERAL (SELECT * FROM supporting_documents WHERE sid IN (pg_temp.sid(n), pg_temp.sid(n + 10)) LIMIT 1) d');
\! emu count faults
\! sent
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT 1 FROM generate_series(1, 3) n, LATERAL (SELECT * FROM supporting_documents WHERE length(sid) > n OFFSET 0) d');
\! sent
-- so does a page that was asked for in vain, by a document's text that looks like the link to it
\! emu post document index=19 raw="{\"sid\":\"$(emu get sid?index=19)\",\"attributes\":{\"next_page_url\":\"https://x/?PageSize=10&Page=7&PageToken=PA0\"}}"
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents');
\! sent
\! emu post document index=19
-- and a list that is walked in the place of fetches, with the page after the last that was needed
ALTER FOREIGN TABLE plain OPTIONS (ADD page_size '1');
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET regdocs_fdw.enable_batched_join = off;
SELECT regdocs_fdw_disconnect_all();
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT d.status FROM pg_temp.sids s JOIN plain d ON d.sid = s.sid LIMIT 17');
\! sent
RESET regdocs_fdw.enable_batched_join;
RESET enable_hashjoin;
RESET enable_mergejoin;
ALTER FOREIGN TABLE plain OPTIONS (DROP page_size);
-- Documents that were left out.
\! emu post document index=2 raw='{"sid":"RD00000000000000000000000000000001","status":"seventh"}'
\! emu post document index=12 raw='{"sid":"RD00000000000000000000000000000002","status":"seventh"}'
ALTER SERVER emulator OPTIONS (ADD on_error 'ignore');
SET client_min_messages = warning;
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT * FROM supporting_documents');
SELECT pg_temp.explain('ANALYZE, FORMAT YAML', 'SELECT status FROM supporting_documents');
RESET client_min_messages;
\! emu reset
-- Each node of a plan tells of itself.
SELECT pg_temp.explain('ANALYZE, TIMING OFF', 'SELECT sid FROM plain UNION ALL SELECT sid FROM supporting_documents WHERE sid = pg_temp.sid(0)');
\! sent
-- A path prefix of the server is not shown, and no plan holds a credential.
ALTER SERVER emulator OPTIONS (SET base_url 'http://127.0.0.1:1/secret-prefix');
SELECT pg_temp.explain('COSTS OFF', 'SELECT * FROM supporting_documents');
SELECT count(*) AS lines_with_secrets
FROM (SELECT pg_temp.attempt('PREPARE kept (text) AS SELECT * FROM supporting_documents WHERE sid = $1')) p,
     LATERAL (SELECT plan::text FROM pg_temp.explain_plan('VERBOSE, SETTINGS', 'EXECUTE kept (''x'')') plan) e
WHERE e.plan ~* 'secret' OR e.plan LIKE '%' || :'emulator_auth_token' || '%'
   OR e.plan LIKE '%' || :'emulator_account_sid' || '%';
\! sent
