-- emulator: --documents 2500
--
-- Rows are kept where they may be read again, and nowhere else: that would only cost.
-- They do not fit into work_mem here, so that it shows in what is written to disk.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset tuples_only on
\pset format unaligned
SET work_mem = '64kB';
SET jit = off;
CREATE TEMP TABLE numbers AS SELECT generate_series(1, 3) AS n;
ANALYZE numbers;
-- What the scans of the foreign tables wrote, each of them
CREATE FUNCTION pg_temp.scans(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ' || query INTO plan;
    RETURN QUERY SELECT CASE WHEN scan ->> 'Temp Written Blocks' <> '0' THEN 'kept' ELSE 'not kept' END
        || ', ' || (scan ->> 'API Pages') || ' pages'
        FROM jsonb_path_query(plan::jsonb, 'strict $.** ? (@."Node Type" == "Foreign Scan")') scan;
END
$$;
-- read once
SELECT pg_temp.scans('SELECT * FROM supporting_documents');
SELECT pg_temp.scans('SELECT count(*) FROM supporting_documents a JOIN supporting_documents b USING (sid)');
\! sent
-- an InitPlan: once, whoever asks for its result how often
SELECT pg_temp.scans('SELECT n, (SELECT max(url) FROM supporting_documents) FROM numbers');
SELECT pg_temp.scans('SELECT n FROM numbers WHERE EXISTS (SELECT FROM supporting_documents WHERE url = ''x'')');
SELECT pg_temp.scans('SELECT n FROM numbers WHERE n::text = ANY (ARRAY(SELECT url FROM supporting_documents))');
SELECT pg_temp.scans('SELECT n, (SELECT n + count(*) FROM generate_series(1, n) WHERE (SELECT max(url) FROM supporting_documents) <> ''x'') FROM numbers');
SELECT pg_temp.scans('SELECT 1 UNION ALL SELECT 2 WHERE (SELECT max(url) FROM supporting_documents) <> ''x''');
SELECT pg_temp.scans('SELECT * FROM (SELECT n FROM numbers ORDER BY 1 LIMIT (SELECT count(url) FROM supporting_documents)) n');
\! sent
-- a CTE is one, too, and keeps its rows itself
SELECT pg_temp.scans('WITH d AS MATERIALIZED (SELECT url FROM supporting_documents) SELECT (SELECT count(*) FROM d WHERE length(d.url) > n) FROM numbers');
\! sent
-- one that depends on the row of another table is not
SELECT pg_temp.scans('SELECT n, (SELECT max(m) FROM (VALUES (1)) v (m) WHERE m < n + (SELECT count(*) FROM supporting_documents WHERE length(url) > n)) FROM numbers');
\! sent
-- subplans that run for each row
SELECT pg_temp.scans('SELECT n, (SELECT count(url) FROM supporting_documents WHERE length(url) > n) FROM numbers');
\! sent
-- inside of an InitPlan, on the inner side of a nested loop; and of a recursion
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SELECT pg_temp.scans('SELECT 1 WHERE (SELECT count(*) FROM numbers JOIN supporting_documents ON length(url) > n) > 0');
SELECT pg_temp.scans('WITH RECURSIVE r (n, u) AS (SELECT 1, ''x'' UNION ALL SELECT n + 1, (SELECT max(url) FROM supporting_documents WHERE length(url) > n) FROM r WHERE n < 3) SELECT * FROM r');
\! sent
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;
-- A scrolling cursor keeps the rows itself, and an InitPlan's result stays.
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT n, (SELECT count(*) FROM supporting_documents) FROM numbers;
FETCH ALL FROM c;
FETCH BACKWARD ALL FROM c;
COMMIT;
\! sent
