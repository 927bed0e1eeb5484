-- emulator: --documents 2500
--
-- Early stop: what a reader does not need is not asked for.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset tuples_only on
\pset format unaligned
\o /dev/null
-- A LIMIT right above the scan becomes the size of the one page.
SELECT sid FROM supporting_documents LIMIT 10 \g |wc -l
\! sent -v
SELECT sid FROM supporting_documents FETCH FIRST ROW ONLY;
\! sent -v
-- The rows that OFFSET skips have to be read.
SELECT sid FROM supporting_documents LIMIT 10 OFFSET 5;
\! sent -v
-- A bound above the page size leaves that as it is, and no page is read beyond.
SELECT sid FROM supporting_documents LIMIT 1000;
\! sent -v
SELECT sid FROM supporting_documents LIMIT 1001;
\! sent -v
SELECT sid FROM supporting_documents LIMIT 9223372036854775807 OFFSET 1;
\! sent
-- An OFFSET alone and LIMIT ALL bound nothing; LIMIT 0 needs nothing.
SELECT sid FROM supporting_documents OFFSET 2499;
\! sent
SELECT sid FROM supporting_documents LIMIT ALL;
SELECT sid FROM supporting_documents LIMIT NULL;
\! sent
SELECT sid FROM supporting_documents LIMIT 0;
SELECT sid FROM supporting_documents LIMIT 0 OFFSET 5;
\! sent
-- Wrong bounds are core's errors, before any request.
SELECT sid FROM supporting_documents LIMIT -1;
SELECT sid FROM supporting_documents LIMIT 1 OFFSET -1;
\! sent
-- The bound may be an expression; what needs the executor for its value is not
-- waited for: then the page is a whole one.
SELECT sid FROM supporting_documents LIMIT 5 + length('hello');
\! sent -v
SELECT sid FROM supporting_documents LIMIT (SELECT 10);
\! sent -v
SELECT sid FROM supporting_documents LIMIT 5 + random() * 0;
\! sent -v
-- In subqueries, CTEs, views and below a UNION ALL a LIMIT is that of its scan.
SELECT count(*) FROM (SELECT sid FROM supporting_documents LIMIT 10) s;
\! sent -v
WITH c AS (SELECT sid FROM supporting_documents LIMIT 10) SELECT count(*) FROM c;
\! sent -v
CREATE TEMP VIEW top_three AS SELECT sid FROM supporting_documents LIMIT 3;
SELECT count(*) FROM top_three;
\! sent -v
(SELECT sid FROM supporting_documents LIMIT 3)
UNION ALL (SELECT sid FROM supporting_documents LIMIT 4);
\! sent -v
-- Conditions that come in between: whole pages, and no more of them than needed.
SELECT sid FROM supporting_documents WHERE status = 'approved' LIMIT 10;
\! sent -v
SELECT sid FROM top_three WHERE sid > 'RD';
\! sent -v
-- One that is decided before the scan does not come in between.
SELECT sid FROM supporting_documents
WHERE current_setting('server_version_num')::integer > 1 LIMIT 10;
\! sent -v
-- What has to see all documents sees all of them.
SELECT sid FROM supporting_documents ORDER BY sid LIMIT 10;
\! sent
SELECT sid FROM supporting_documents ORDER BY sid FETCH FIRST 10 ROWS WITH TIES;
\! sent
SELECT count(*) FROM supporting_documents LIMIT 1;
\! sent
SELECT DISTINCT sid FROM supporting_documents LIMIT 1;
\! sent
SELECT status, count(*) FROM supporting_documents GROUP BY status LIMIT 1;
\! sent
SELECT 1 FROM supporting_documents HAVING count(*) > 0 LIMIT 1;
\! sent
SELECT sid, count(*) OVER () FROM supporting_documents LIMIT 1;
\! sent
SELECT sid FROM supporting_documents
EXCEPT SELECT sid FROM supporting_documents WHERE false LIMIT 1;
\! sent
-- Rows that multiply or vanish above the scan say nothing of how many are needed
-- from it: a whole page, which is enough here.
SELECT sid, generate_series(1, 3) FROM supporting_documents LIMIT 10;
\! sent -v
SELECT sid, x FROM supporting_documents, generate_series(1, 3) x LIMIT 10;
\! sent -v
SELECT sid FROM supporting_documents
UNION ALL SELECT sid FROM supporting_documents LIMIT 10;
\! sent -v
-- EXISTS stops at the first row.
SELECT EXISTS (SELECT FROM supporting_documents);
\! sent -v
SELECT 1 WHERE NOT EXISTS (SELECT FROM supporting_documents WHERE status = 'draft');
\! sent -v
-- So does a cursor that is closed after ten rows.
BEGIN;
DECLARE c CURSOR FOR SELECT sid FROM supporting_documents;
\! sent
FETCH 10 FROM c;
CLOSE c;
COMMIT;
\! sent -v
-- And one that is dropped with its transaction, without a word.
BEGIN;
DECLARE c CURSOR FOR SELECT sid FROM supporting_documents;
FETCH 10 FROM c;
ROLLBACK;
\! sent -v
-- A loop in PL/pgSQL that is left.
DO $$
DECLARE
    document record;
BEGIN
    FOR document IN SELECT sid FROM supporting_documents LOOP
        EXIT;
    END LOOP;
END
$$;
\! sent -v
-- An error of the reader's own.
SELECT 1 / (2 - row_number() OVER ()) FROM supporting_documents;
\! sent -v
-- Parameters bound a scan in custom and in generic plans, each time anew.
PREPARE bounded (bigint, bigint) AS
    SELECT sid FROM supporting_documents LIMIT $1 OFFSET $2;
EXECUTE bounded (10, 0);
EXECUTE bounded (9, 1);
EXECUTE bounded (8, 2);
EXECUTE bounded (7, NULL);
EXECUTE bounded (6, 4);
EXECUTE bounded (5, 5);
EXECUTE bounded (4, 6);
\! sent -v
SET plan_cache_mode = force_generic_plan;
EXECUTE bounded (10, 0);
EXECUTE bounded (3, 0);
EXECUTE bounded (0, 0);
\! sent -v
EXECUTE bounded (NULL, 0);
\! sent
EXECUTE bounded (-1, 0);
\! sent
RESET plan_cache_mode;
-- A page size that is smaller than the bound goes before it.
ALTER FOREIGN TABLE supporting_documents OPTIONS (page_size '4');
SELECT sid FROM supporting_documents LIMIT 10 \g |wc -l
\! sent -v
SELECT sid FROM supporting_documents LIMIT 3;
\! sent -v
-- Partitions: the bound is that of all of them together.
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP page_size);
CREATE TABLE many (LIKE supporting_documents) PARTITION BY LIST (account_sid);
ALTER TABLE many ATTACH PARTITION supporting_documents DEFAULT;
SELECT sid FROM many LIMIT 10;
\! sent -v
ALTER TABLE many DETACH PARTITION supporting_documents;
DROP TABLE many;
