-- emulator: --documents 30
--
-- What is read more than once within a statement, in part, or later than it was
-- asked for.  There is one page of documents; a second walk of the list shows as a
-- second request.  Table "plain" has a page for each document, so that to fetch a few
-- by their sids is cheaper.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset tuples_only on
\pset format unaligned
ALTER FOREIGN TABLE plain OPTIONS (ADD page_size '1');
CREATE TEMP TABLE numbers AS SELECT generate_series(1, 5) AS n;
ANALYZE numbers;
--
-- Subqueries
--
-- not correlated: once
SELECT n, (SELECT count(*) FROM supporting_documents) FROM numbers;
\! sent
SELECT n FROM numbers WHERE n * 10 <= (SELECT count(*) FROM supporting_documents);
\! sent
-- correlated by another column than the sid: the list is walked once and its rows
-- are kept, as the subquery changes nothing of what is asked
SELECT n, (SELECT count(*) FROM supporting_documents
           WHERE pg_temp.name(sid) < n) FROM numbers ORDER BY n;
\! sent
-- read in part, each time another part
SELECT n, (SELECT pg_temp.name(sid) FROM supporting_documents
           WHERE pg_temp.name(sid) >= n * 5 LIMIT 1) FROM numbers ORDER BY n DESC;
\! sent
-- correlated by the sid: one fetch for each
SELECT n, (SELECT pg_temp.name(sid) FROM plain
           WHERE sid = pg_temp.sid(n)) FROM numbers ORDER BY n;
\! sent
-- hashed, and not
SELECT n, pg_temp.sid(n) IN (SELECT sid FROM supporting_documents
                             WHERE pg_temp.name(sid) <> 3) FROM numbers ORDER BY n;
\! sent
SELECT n, pg_temp.sid(n) IN (SELECT sid FROM supporting_documents
                             WHERE pg_temp.name(sid) <> n) FROM numbers ORDER BY n;
\! sent
--
-- Joins without a condition on sid, the foreign table on either side
--
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT count(*) FROM numbers JOIN supporting_documents ON pg_temp.name(sid) < n;
\! sent
SET enable_material = off;
SELECT count(*) FROM numbers JOIN supporting_documents ON pg_temp.name(sid) < n;
\! sent
SELECT count(*) FROM numbers LEFT JOIN supporting_documents ON pg_temp.name(sid) = n * 10;
\! sent
-- where only the first match counts the inner side is left half read
SELECT count(*) FROM numbers
WHERE EXISTS (SELECT FROM supporting_documents WHERE pg_temp.name(sid) = n * 5 OFFSET 0);
\! sent
-- a parameter of another node changes, and the conditions with it
SELECT n, count(d.sid) FROM numbers, LATERAL
    (SELECT sid FROM supporting_documents WHERE pg_temp.name(sid) % n = 0) d
GROUP BY n ORDER BY n;
\! sent
SELECT n, string_agg(pg_temp.name(d.sid)::text, ',') FROM numbers, LATERAL
    (SELECT sid FROM supporting_documents LIMIT n) d GROUP BY n ORDER BY n;
\! sent
-- keys that change and others that do not
SELECT n, count(d.sid) FROM numbers, LATERAL
    (SELECT sid FROM plain
     WHERE sid IN (pg_temp.sid(1), pg_temp.sid(2)) AND pg_temp.name(sid) <= n OFFSET 0) d
GROUP BY n ORDER BY n;
\! sent
-- keys of a parameter of which the set stays the same
SELECT n, count(d.sid) FROM numbers, LATERAL
    (SELECT sid FROM plain
     WHERE sid = ANY (CASE WHEN n % 2 = 0 THEN ARRAY[pg_temp.sid(1), pg_temp.sid(2)]
                      ELSE ARRAY[pg_temp.sid(2), pg_temp.sid(1), 'x'] END) OFFSET 0) d
GROUP BY n ORDER BY n;
\! sent
RESET enable_material;
-- self-joins: one walk for each side
SELECT count(*) FROM supporting_documents a CROSS JOIN supporting_documents b;
\! sent
SELECT count(*) FROM supporting_documents a LEFT JOIN supporting_documents b
ON pg_temp.name(b.sid) = pg_temp.name(a.sid) + 1;
\! sent
RESET enable_mergejoin;
RESET enable_hashjoin;
SET enable_hashjoin = off;
SET enable_nestloop = off;
-- a merge join goes back to where equal rows began
SELECT count(*) FROM supporting_documents a JOIN supporting_documents b ON a.account_sid = b.account_sid;
\! sent
RESET enable_nestloop;
RESET enable_hashjoin;
--
-- CTEs, views, materialized views
--
WITH d AS (SELECT sid FROM supporting_documents)
SELECT count(*) FROM d a JOIN d b USING (sid);
\! sent
WITH d AS NOT MATERIALIZED (SELECT sid FROM supporting_documents)
SELECT count(*) FROM d a JOIN d b USING (sid);
\! sent
-- a CTE that is read in part, and one that nobody reads
WITH d AS MATERIALIZED (SELECT sid FROM supporting_documents)
SELECT count(*) FROM (SELECT FROM d LIMIT 3) e;
\! sent
WITH d AS MATERIALIZED (SELECT sid FROM supporting_documents) SELECT 1;
\! sent
-- recursion: the documents are part of each round
WITH RECURSIVE r (n) AS (
    SELECT 0
    UNION ALL
    SELECT pg_temp.name(d.sid) FROM r, supporting_documents d
    WHERE pg_temp.name(d.sid) = r.n + 7)
SELECT string_agg(n::text, ',') FROM r;
\! sent
CREATE TEMP VIEW v AS
SELECT sid, status, count(*) OVER (PARTITION BY status) AS same FROM supporting_documents;
SELECT count(*), sum(1.0 / same)::integer = count(DISTINCT status) FROM v;
\! sent
\! for i in 0 1 4; do emu post review index=$i status=draft; done
-- a materialized view asks when it is refreshed, and not when it is read
CREATE MATERIALIZED VIEW materialized AS SELECT sid, status FROM supporting_documents WITH NO DATA;
\! sent
REFRESH MATERIALIZED VIEW materialized;
\! sent
CREATE UNIQUE INDEX ON materialized (sid);
SELECT count(*) FROM materialized;
\! sent
\! emu post review index=4 status=pending-review
REFRESH MATERIALIZED VIEW CONCURRENTLY materialized;
SELECT status FROM materialized WHERE sid = pg_temp.sid(4);
\! sent
DROP MATERIALIZED VIEW materialized;
--
-- Cursors
--
CREATE FUNCTION pg_temp.numbers(sids refcursor) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
    sid text;
BEGIN
    LOOP
        FETCH sids INTO sid;
        EXIT WHEN NOT FOUND;
        result := concat_ws(',', result, pg_temp.name(sid));
    END LOOP;
    RETURN result;
END
$$;
-- read in pieces
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM supporting_documents;
FETCH 3 FROM c;
MOVE 20 IN c;
FETCH 2 FROM c;
MOVE ALL IN c;
FETCH 1 FROM c;
\! sent
COMMIT;
-- forwards and backwards
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT pg_temp.name(sid) FROM supporting_documents;
FETCH 2 FROM c;
FETCH BACKWARD 1 FROM c;
FETCH LAST FROM c;
FETCH ABSOLUTE 7 FROM c;
FETCH RELATIVE -3 FROM c;
FETCH FIRST FROM c;
MOVE BACKWARD ALL IN c;
FETCH NEXT FROM c;
\! sent
COMMIT;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT pg_temp.name(sid) FROM plain
WHERE sid IN (pg_temp.sid(5), pg_temp.sid(6)) ORDER BY 1;
FETCH ALL FROM c;
FETCH BACKWARD ALL FROM c;
\! sent
COMMIT;
-- without SCROLL there is no way back
BEGIN;
DECLARE c NO SCROLL CURSOR FOR SELECT pg_temp.name(sid) FROM supporting_documents;
FETCH 2 FROM c;
FETCH BACKWARD 1 FROM c;
ROLLBACK;
\! sent
-- held: what is left is read when the transaction ends, and stays as it was
BEGIN;
DECLARE c CURSOR WITH HOLD FOR SELECT pg_temp.name(sid), status = 'rejected' FROM supporting_documents;
FETCH 1 FROM c;
COMMIT;
\! sent
\! emu post review index=1 status=rejected
\! curl -s -X DELETE "$EMULATOR_URL/_emulator/document?index=2"
FETCH 2 FROM c;
CLOSE c;
\! sent
SELECT pg_temp.name(sid), status = 'rejected' FROM supporting_documents LIMIT 2;
\! sent
-- held and scrolled: reading from the start again is no second walk
BEGIN;
DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT pg_temp.name(sid) FROM supporting_documents;
FETCH 2 FROM c;
COMMIT;
FETCH LAST FROM c;
FETCH FIRST FROM c;
CLOSE c;
\! sent
-- several at once, read in turns, each with its own walk
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM supporting_documents;
DECLARE d CURSOR FOR SELECT pg_temp.name(sid) FROM supporting_documents WHERE pg_temp.name(sid) > 10;
FETCH 2 FROM c;
FETCH 2 FROM d;
FETCH 2 FROM c;
SELECT count(*) FROM supporting_documents;
FETCH 2 FROM d;
CLOSE d;
FETCH 2 FROM c;
COMMIT;
\! sent
-- one that an aborted subtransaction has read, or opened
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM supporting_documents;
FETCH 1 FROM c;
SAVEPOINT s;
FETCH 1 FROM c;
DECLARE d CURSOR FOR SELECT pg_temp.name(sid) FROM supporting_documents;
FETCH 3 FROM d;
ROLLBACK TO s;
FETCH 1 FROM c;
FETCH 1 FROM d;
ROLLBACK;
\! sent
-- PL/pgSQL: a reference cursor, with a parameter
DO $$
DECLARE
    c CURSOR (least_number integer) FOR
        SELECT sid FROM supporting_documents WHERE pg_temp.name(sid) >= least_number;
BEGIN
    OPEN c (25);
    RAISE NOTICE '%', pg_temp.numbers(c);
    CLOSE c;
    OPEN c (27);
    RAISE NOTICE '%', pg_temp.numbers(c);
END
$$;
\! sent
