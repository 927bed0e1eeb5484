-- emulator: --documents 5000
--
-- A nested loop that fetches far more documents than the list has pages ends up with the
-- list, and with the same rows as any other join.  Nested loops are forced here; what was
-- sent shall be no more than about twice of the better way, and 16 fetches.
--
\i sql/include/emulator.psql
\set customers 2000
\set of_documents 5000
\set step 7919
\i sql/include/customers.psql
\i sql/include/explain.psql
--
-- Never analyzed: 16 fetches, then 16 pages would be read, of which there are 5.
--
\set query 'SELECT c.id, d.* FROM customers c JOIN (SELECT sid, status, type, attributes, date_created, errors FROM supporting_documents) d ON d.sid = c.document'
SELECT regdocs_fdw_disconnect_all();
SELECT pg_temp.compare('nested', :'query');
\! sent
-- What a complete walk has seen is remembered by the session: 6 fetches cost as much
-- as 5 pages and the conversion of their documents.
SELECT pg_temp.compare('nested', :'query');
\! sent
-- A page size that makes the list long: 250 pages, each step as long as all fetches so far.
ALTER SERVER emulator OPTIONS (ADD page_size '20');
SELECT regdocs_fdw_disconnect_all();
SELECT pg_temp.compare('nested', :'query');
\! sent
-- Few rows end before the walk does: 40 customers, 16 fetches and 16 pages, then fetches.
\set few 'SELECT c.id, d.sid FROM (SELECT * FROM customers WHERE id < 40) c JOIN supporting_documents d ON d.sid = c.document'
SELECT regdocs_fdw_disconnect_all();
SELECT pg_temp.compare('nested', :'few');
\! sent
--
-- Analyzed: the number of pages is known, and so when fetches have cost as much.
--
ANALYZE supporting_documents;
\! emu reset
SELECT pg_temp.compare('nested', :'query');
\! sent
SELECT pg_temp.compare('nested', :'few');
\! sent
ALTER SERVER emulator OPTIONS (DROP page_size);
SELECT pg_temp.compare('nested', :'query');
\! sent
-- The list has grown to five times what was seen of it: fetches and pages go in turns.
ALTER SERVER emulator OPTIONS (ADD page_size '100');
UPDATE pg_class SET reltuples = 1000 WHERE oid = 'supporting_documents'::regclass;
\set outer 'SELECT c.id, d.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document'
SELECT pg_temp.compare('nested', :'outer');
\! sent
-- It was far longer once: 102 fetches before the walk.
UPDATE pg_class SET reltuples = 10000 WHERE oid = 'supporting_documents'::regclass;
SELECT pg_temp.compare('nested', :'query');
\! sent
ALTER SERVER emulator OPTIONS (DROP page_size);
UPDATE pg_class SET reltuples = 5000 WHERE oid = 'supporting_documents'::regclass;
--
-- Keys that do not exist, that are NULL, no sids, in upper case, and the same ones again
--
CREATE TEMP TABLE odd AS
SELECT i AS id, CASE i % 8
    WHEN 0 THEN NULL
    WHEN 1 THEN 'RD' || lpad(to_hex(i), 32, '0')
    WHEN 2 THEN 'RD' || upper(substr(c.sid, 3))
    WHEN 3 THEN 'no sid'
    WHEN 4 THEN (SELECT sid FROM copied WHERE index = i % 100)
    ELSE c.sid END AS document
FROM generate_series(0, 1999) i JOIN copied c ON c.index = i * 7919 % 5000 ORDER BY i;
ANALYZE odd;
\set query 'SELECT o.id, d.sid, d.friendly_name FROM odd o LEFT JOIN supporting_documents d ON d.sid = o.document'
SELECT pg_temp.compare('nested', :'query');
\! sent
\set query 'SELECT o.id FROM odd o WHERE NOT EXISTS (SELECT FROM supporting_documents d WHERE d.sid = o.document)'
SELECT pg_temp.compare('nested', :'query');
\! sent
\set query 'SELECT o.id FROM odd o WHERE EXISTS (SELECT FROM supporting_documents d WHERE d.sid = o.document AND d.status = \'rejected\')'
SELECT pg_temp.compare('nested', :'query');
\! sent
-- arrays of keys, a part of which is in what was walked so far
ALTER SERVER emulator OPTIONS (ADD page_size '100');
SELECT regdocs_fdw_disconnect_all();
\set query 'SELECT o.id, d.sid FROM odd o JOIN copied c ON c.index = o.id, LATERAL (SELECT sid FROM supporting_documents WHERE sid = ANY (ARRAY[o.document, c.sid])) d WHERE o.id < 300'
SELECT pg_temp.compare('nested', :'query');
\! sent
ALTER SERVER emulator OPTIONS (DROP page_size);
-- a correlated subquery instead of a join
\set query 'SELECT o.id, (SELECT d.status FROM supporting_documents d WHERE d.sid = o.document) FROM odd o'
SELECT pg_temp.compare('nested', :'query');
\! sent
-- twice in one statement: each scan counts for itself
\set query 'SELECT o.id, d.status, e.type FROM odd o JOIN supporting_documents d ON d.sid = o.document JOIN supporting_documents e ON e.sid = o.document'
SELECT pg_temp.compare('nested', :'query');
\! sent
-- repeated as a whole, with other keys: what was walked is not asked for again
\set query 'SELECT x.n, s.names FROM generate_series(0, 9) x (n), LATERAL (SELECT string_agg(d.sid, \',\' ORDER BY d.sid) AS names FROM odd o JOIN supporting_documents d ON d.sid = o.document WHERE o.id % 10 = x.n) s'
SELECT pg_temp.compare('nested', :'query');
\! sent
-- many keys at once after that: they are found there, too
\set query 'SELECT x.n, d.sid FROM generate_series(0, 19) x (n), LATERAL (SELECT sid FROM supporting_documents WHERE sid = ANY (ARRAY(SELECT document FROM odd WHERE id < x.n * 2)) OFFSET 0) d'
SELECT pg_temp.compare('nested', :'query');
\! sent
-- so many keys each time that the list is cheaper: it is walked twice, and then kept
\set query 'SELECT x.n, d.sid FROM (SELECT id % 30 AS n, array_agg(document) AS keys FROM customers GROUP BY 1) x, LATERAL (SELECT sid FROM supporting_documents WHERE sid = ANY (x.keys) OFFSET 0) d'
SELECT pg_temp.compare('nested', :'query');
\! sent
-- LIMIT: what is read first is the same, and no more is sent than rows need
SELECT pg_temp.choose('nested');
SELECT count(*), bool_and(sid = document) FROM (SELECT d.sid, c.document FROM customers c JOIN supporting_documents d ON d.sid = c.document LIMIT 4) l;
\! sent
SELECT count(*), bool_and(sid = document) FROM (SELECT d.sid, c.document FROM customers c JOIN supporting_documents d ON d.sid = c.document LIMIT 500) l;
\! sent
-- a cursor, read past the walk, back, and on
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT c.id, d.sid = c.document FROM customers c JOIN supporting_documents d ON d.sid = c.document ORDER BY c.id;
MOVE 100 IN c;
FETCH 2 FROM c;
FETCH ABSOLUTE 3 FROM c;
MOVE ALL IN c;
COMMIT;
\! sent
SELECT pg_temp.choose('own');
-- no column but the sid, and none at all
\set query 'SELECT c.id FROM customers c JOIN supporting_documents d ON d.sid = c.document'
SELECT pg_temp.compare('nested', :'query');
\! sent
-- EXPLAIN ANALYZE adds up both
SELECT pg_temp.choose('nested');
SELECT pg_temp.explain_analyze('SELECT c.id, d.status FROM customers c JOIN supporting_documents d ON d.sid = c.document');
SELECT pg_temp.choose('own');
\! sent
--
-- A list that changes meanwhile: documents that come twice, on neighbouring pages and not
--
\set query 'SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document'
\! emu fault action=doubled path=list rows=100 count=0
SELECT pg_temp.compare('nested', :'query');
\! emu clear
\! sent
-- far from one another: the last document of the list is shown as the one of number 20
\set again `emu get 'documents?from=20&n=1'`
SELECT (:'again'::json -> 0)::text AS again \gset
\setenv AGAIN :again
\! emu post document index=4999 raw="$AGAIN"
SELECT count(*), count(DISTINCT sid) FROM supporting_documents;
\! emu reset
SELECT pg_temp.compare('nested', 'SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.document <> ' || quote_literal(sid)) FROM copied WHERE index = 4999;
\! sent
\! emu post document index=4999
--
-- Documents that cannot be converted, neither of them fetched before the walk
--
SELECT sid AS one FROM copied WHERE index = 1 \gset
SELECT sid AS two FROM copied WHERE index = 4321 \gset
\set query 'SELECT c.id, d.status FROM customers c JOIN supporting_documents d ON d.sid = c.document'
\! emu post review index=1 status=unheard-of
\! emu post review index=4321 status=unheard-of
SELECT pg_temp.choose('nested');
SELECT pg_temp.failure(:'query');
\! sent
-- left out, where that is wanted
\set VERBOSITY terse
ALTER SERVER emulator OPTIONS (ADD on_error 'ignore');
DELETE FROM copied WHERE sid IN (:'one', :'two');
SELECT pg_temp.compare('nested', :'query');
\! sent
ALTER SERVER emulator OPTIONS (DROP on_error);
\set VERBOSITY default
-- They do no harm where nobody asks for their status.
SELECT pg_temp.choose('nested');
SELECT count(*) FROM customers c JOIN supporting_documents d ON d.sid = c.document;
\! sent
-- Nor do they where nobody asks for them, though the walk comes across them.
\! emu reset
SELECT count(d.status) FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.document NOT IN (:'one', :'two');
\! sent
\! emu post review index=1 status=draft
\! emu post review index=4321 status=draft
--
-- A failure in the middle of the walk is the statement's failure.
--
ALTER SERVER emulator OPTIONS (ADD max_retries '0');
SELECT pg_temp.choose('nested');
\! emu fault action=status status=503 path=list skip=2
CREATE TEMP TABLE result AS SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document LIMIT 0;
SELECT pg_temp.failure('INSERT INTO result SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document');
SELECT count(*) FROM result;
\! emu clear
\! emu fault action=cut path=list skip=4
SELECT pg_temp.failure('INSERT INTO result SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document');
SELECT count(*) FROM result;
\! emu clear
\! emu fault action=status status=500 path=fetch skip=3
SELECT pg_temp.failure('INSERT INTO result SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document');
SELECT count(*) FROM result;
\! emu clear
-- The next statement is none the worse for it.
SELECT pg_temp.attempt('INSERT INTO result SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document');
SELECT count(*), count(DISTINCT sid) FROM result;
SELECT pg_temp.choose('own');
--
-- A page can no longer be asked for, since the document that its token names was deleted while the
-- walk paused: that is the end of this walk, which begins anew later, and not of the statement.
--
ALTER SERVER emulator OPTIONS (ADD page_size '20');
SELECT regdocs_fdw_disconnect_all();
UPDATE pg_class SET reltuples = -1 WHERE oid = 'supporting_documents'::regclass;
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
\! emu reset
BEGIN;
DECLARE c CURSOR FOR SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document;
MOVE 17 IN c;
\! sent
-- 16 pages, one that was asked for ahead: and this is the last document of that one
SELECT count(*) AS customers FROM customers JOIN copied ON sid = document WHERE index = 339;
\! emu delete document?index=339
SELECT pg_temp.rest('c') AS rest;
COMMIT;
\! sent
-- A list that is not walked in the place of fetches is another matter: there it is all or nothing.
BEGIN;
DECLARE c CURSOR FOR SELECT sid FROM supporting_documents;
MOVE 20 IN c;
\! emu delete document?index=39
\set VERBOSITY sqlstate
MOVE ALL IN c;
\set VERBOSITY default
ROLLBACK;
