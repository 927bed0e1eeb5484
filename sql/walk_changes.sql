-- emulator: --documents 1000 --token-style offset
--
-- A list that is walked in the place of fetches, with pauses, while documents are deleted:
-- the others move up to pages that the walk has passed.  None of them may be missing.
--
\set server_options ', page_size \'20\''
\i sql/include/emulator.psql
\set customers 1000
\set of_documents 1000
\set step 601
\i sql/include/customers.psql
-- What is left of a cursor: the number of its rows
CREATE FUNCTION pg_temp.rest(cursor refcursor) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    row record;
    rows bigint := 0;
BEGIN
    LOOP
        FETCH cursor INTO row;
        EXIT WHEN NOT FOUND;
        rows := rows + 1;
    END LOOP;
    RETURN rows;
END
$$;
SELECT pg_temp.choose('nested');
\set join 'SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document'
\! emu reset
-- 16 fetches, 16 pages of 50 (and one ahead); and there the reader pauses.
BEGIN;
DECLARE c CURSOR FOR :join;
MOVE 17 IN c;
\! sent
-- Three documents of the first page go, which the walk has met: the first three of a later page are
-- now at the end of the one before it, and the walk will not see them.
\! for i in 1 2 3; do emu delete document?index=$i; done
SELECT pg_temp.rest('c') AS rest;
COMMIT;
-- the rest of the walk, the fetches until then, and those of the three
\! sent
-- The documents that were deleted are no longer there for the next statement.
SELECT count(*), count(d.sid) FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document;
\! sent
--
-- Where keys without a document would be fetched one after the other for ever, the list is walked
-- again, without a pause: 32 pages at a pause, 50 in all, 50 fetches more, and 50 pages.
--
CREATE TEMP TABLE strangers AS
SELECT i AS id, CASE WHEN i % 2 = 0 THEN document ELSE 'RD' || lpad(to_hex(i), 32, '0') END AS document FROM customers, LATERAL (SELECT id) x (i) ORDER BY id;
ANALYZE strangers;
SELECT regdocs_fdw_disconnect_all();
SELECT count(*), count(d.sid) FROM strangers s LEFT JOIN supporting_documents d ON d.sid = s.document;
\! sent
-- After a walk without a pause what is not there is not fetched.
ALTER SERVER emulator OPTIONS (SET page_size '100');
SELECT count(*), count(d.sid) FROM strangers s LEFT JOIN supporting_documents d ON d.sid = s.document;
\! sent
