-- emulator: --documents 1500
--
-- Only what a query uses is converted: what is broken elsewhere does no harm.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\i sql/include/compare.psql
\pset tuples_only on
\pset format unaligned
-- Three documents with a status that does not exist, a date that does not, an escape that
-- has no character.
\! emu post review index=3 status=unheard-of
\set document `emu get 'documents?from=700&n=1'`
SELECT jsonb_set(:'document'::jsonb -> 0, '{date_created}', '"2026-02-30T00:00:00Z"') AS document \gset
\setenv DOCUMENT :document
\! emu post document index=700 raw="$DOCUMENT"
\set document `emu get 'documents?from=1400&n=1'`
SELECT replace(jsonb_set(:'document'::jsonb -> 0, '{friendly_name}', '"@"')::text, '@', '\u0000') AS document \gset
\setenv DOCUMENT :document
\! emu post document index=1400 raw="$DOCUMENT"
SELECT pg_temp.failure('SELECT status FROM supporting_documents');
SELECT pg_temp.failure('SELECT date_created FROM supporting_documents');
SELECT pg_temp.failure('SELECT friendly_name FROM supporting_documents');
SELECT pg_temp.failure('SELECT * FROM supporting_documents');
SELECT pg_temp.failure('SELECT d FROM supporting_documents d');
\! emu reset
-- count(*) counts them, with the same requests as any full scan.
SELECT count(*) FROM supporting_documents;
\! sent
SELECT count(sid), count(type), count(url) FROM supporting_documents;
\! sent
-- In a condition, an order, a join, a subquery, a CTE, a view: used is what is needed there.
SELECT pg_temp.failure('SELECT count(*) FROM supporting_documents WHERE status IS NOT NULL');
SELECT pg_temp.failure('SELECT sid FROM supporting_documents ORDER BY date_created');
SELECT count(*) FROM supporting_documents WHERE type IS NOT NULL;
SELECT count(*) FROM supporting_documents a JOIN supporting_documents b USING (sid);
SELECT count(*) FROM (SELECT * FROM supporting_documents) s;
WITH d AS (SELECT * FROM supporting_documents) SELECT count(*) FROM d;
CREATE VIEW pg_temp.documents AS SELECT * FROM supporting_documents;
SELECT count(*), count(type) FROM pg_temp.documents;
SELECT pg_temp.failure('WITH d AS MATERIALIZED (SELECT * FROM supporting_documents) SELECT count(*) FROM d');
SELECT EXISTS (SELECT * FROM supporting_documents);
\! emu reset
-- Columns of an outer row, and of a condition that the join checks.
SELECT count(*), count(t) FROM copied c LEFT JOIN LATERAL (SELECT d.type AS t FROM supporting_documents d WHERE d.sid = c.sid OFFSET 0) l ON true WHERE c.index IN (3, 700, 1400);
SELECT pg_temp.failure('SELECT count(*) FROM pg_temp.sids c JOIN supporting_documents d ON d.sid = c.sid AND d.status::text <> c.index::text');
\! emu reset
-- Fetched by their sid they are as broken, and as harmless.
SELECT sid AS x FROM copied WHERE index = 3 \gset
SELECT count(*) FROM supporting_documents WHERE sid = :'x';
SELECT type IS NOT NULL FROM supporting_documents WHERE sid = :'x';
SELECT pg_temp.failure(format('SELECT status FROM supporting_documents WHERE sid = %L', :'x'));
-- Of a list that is read in the place of many fetches, what is not asked for does no harm either.
SELECT count(*), count(status) FROM supporting_documents WHERE sid = ANY (ARRAY(SELECT sid FROM copied WHERE index BETWEEN 100 AND 600));
\! sent
-- What a scan keeps for its repetition is what the query uses, too.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT count(*), count(d.type) FROM generate_series(1, 3) n, LATERAL (SELECT type FROM supporting_documents d WHERE length(d.type) > n) d;
RESET enable_mergejoin;
RESET enable_hashjoin;
-- Rows that are locked are needed whole.
SELECT pg_temp.failure('SELECT sid FROM supporting_documents FOR UPDATE');
-- on_error ignore: left out only where they are converted
\! emu reset
\set VERBOSITY terse
ALTER SERVER emulator OPTIONS (ADD on_error 'ignore');
SELECT count(*) FROM supporting_documents;
SELECT count(status), count(*) FROM supporting_documents;
SELECT count(status), count(date_created), count(friendly_name) <= 1497, count(*) FROM supporting_documents;
\! sent
