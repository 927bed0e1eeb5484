-- emulator: --documents 2500
--
-- Joins on sid: documents are fetched one by one where few are needed, and the
-- list, of 25 pages, is walked where many are.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset tuples_only on
\pset format unaligned
ALTER SERVER emulator OPTIONS (ADD page_size '100');
-- Customers 0 to 9, of whom 0 to 4 have the documents of these numbers, 5 one
-- that does not exist, 6 what is no sid, 7 none, 8 and 9 that of number 0.
CREATE TEMP TABLE customers (id integer PRIMARY KEY, document text);
INSERT INTO customers
SELECT i, CASE WHEN i < 5 THEN pg_temp.sid(i)
               WHEN i = 5 THEN 'RD00000000000000000000000000000000'
               WHEN i = 6 THEN 'unknown'
               WHEN i > 7 THEN pg_temp.sid(0) END
FROM generate_series(0, 9) i;
ANALYZE customers;
-- How a join is made is not the subject here: whatever way, the rows are the same.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SET enable_memoize = off;
-- inner, by a condition and by USING
SELECT c.id, pg_temp.name(d.sid) FROM customers c
JOIN supporting_documents d ON d.sid = c.document ORDER BY 1;
\! sent
SELECT c.id, pg_temp.name(sid) FROM supporting_documents
JOIN (SELECT id, document AS sid FROM customers WHERE id IN (1, 3)) c USING (sid) ORDER BY 1;
\! sent
-- left: customers without a document remain
SELECT c.id, pg_temp.name(d.sid) FROM customers c
LEFT JOIN supporting_documents d ON d.sid = c.document ORDER BY 1;
\! sent
-- and those whose document is not as wanted
SELECT c.id, d.sid IS NOT NULL FROM customers c
LEFT JOIN supporting_documents d ON d.sid = c.document AND d.status IS NULL
WHERE c.id < 2 ORDER BY 1;
\! sent
-- semi
SELECT id FROM customers c WHERE EXISTS
    (SELECT FROM supporting_documents d WHERE d.sid = c.document) ORDER BY 1;
\! sent
SELECT id FROM customers WHERE document IN (SELECT sid FROM supporting_documents WHERE status IS NOT NULL) AND id < 3 ORDER BY 1;
\! sent
SELECT pg_temp.name(sid) FROM supporting_documents
WHERE sid IN (SELECT document FROM customers) ORDER BY 1;
\! sent
-- anti
SELECT id FROM customers c WHERE NOT EXISTS
    (SELECT FROM supporting_documents d WHERE d.sid = c.document) ORDER BY 1;
\! sent
-- NOT IN cannot be a join: the list, once
SELECT id FROM customers WHERE document NOT IN (SELECT sid FROM supporting_documents) ORDER BY 1;
\! sent
-- LATERAL
SELECT c.id, pg_temp.name(d.sid) FROM customers c,
    LATERAL (SELECT sid FROM supporting_documents WHERE sid = c.document LIMIT 1) d
WHERE c.id < 3 ORDER BY 1;
\! sent
SELECT c.id, pg_temp.name(d.sid) FROM customers c,
    LATERAL (SELECT sid FROM supporting_documents
             WHERE sid = ANY (ARRAY[c.document, pg_temp.sid(7)]) ORDER BY sid) d
WHERE c.id < 2 ORDER BY 1, 2;
\! sent
-- an array of the outer row
SELECT x.n, pg_temp.name(d.sid) FROM
    (VALUES (1, ARRAY[pg_temp.sid(1), pg_temp.sid(2)]), (2, ARRAY[pg_temp.sid(3), NULL, 'x'])) x (n, sids)
JOIN supporting_documents d ON d.sid = ANY (x.sids) ORDER BY 1, 2;
\! sent
-- an expression of the outer row, and one over two outer tables
SELECT x.n, pg_temp.name(d.sid) FROM generate_series(1, 2) x (n)
JOIN supporting_documents d ON d.sid = pg_temp.sid(x.n * 2) ORDER BY 1;
\! sent
SELECT pg_temp.name(d.sid) FROM (VALUES ('RD')) a (head), (SELECT substr(document, 3) AS tail FROM customers WHERE id = 2) b
JOIN supporting_documents d ON true WHERE d.sid = a.head || b.tail;
\! sent
-- what the equality implies: c.document = d.sid and d.sid = e.sid
SELECT c.id, pg_temp.name(e.sid) FROM customers c, supporting_documents d, plain e
WHERE c.document = d.sid AND d.sid = e.sid AND c.id IN (1, 2) ORDER BY 1;
\! sent
-- a condition on the other side that is a constant reaches the scan
SELECT c.id, pg_temp.name(d.sid) FROM customers c JOIN supporting_documents d
ON d.sid = c.document WHERE c.document = pg_temp.sid(3);
\! sent
RESET enable_memoize;
RESET enable_material;
RESET enable_mergejoin;
RESET enable_hashjoin;
-- The planner's own choice: with few customers single fetches, ...
SELECT count(*) FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id = 1;
\! sent
SELECT count(*) FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id IN (1, 2, 3);
\! sent
-- ... with many the list, where that takes fewer rounds than their fetches side by side: of
-- 100 documents 13, 8 at once, and 50, 2 at once.  Once the server has changed, nobody knows how
-- long the list is, until it was read.
CREATE TEMP TABLE many AS
SELECT pg_temp.sid(i % 100) AS document FROM generate_series(1, 2000) i;
ANALYZE many;
SELECT count(*) FROM many m JOIN supporting_documents d ON d.sid = m.document;
\! sent
SELECT count(*) FROM supporting_documents WHERE sid IN (SELECT document FROM many);
\! sent
ALTER SERVER emulator OPTIONS (ADD concurrency '2');
SELECT count(*) FROM many m JOIN supporting_documents d ON d.sid = m.document;
\! sent
SELECT count(*) FROM supporting_documents WHERE sid IN (SELECT document FROM many);
\! sent
ALTER SERVER emulator OPTIONS (DROP concurrency);
-- The same key again and again, in a row: it is asked for once.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_memoize = off;
SELECT count(*) FROM generate_series(1, 10) x JOIN supporting_documents d
ON d.sid = pg_temp.sid(x / 100);
\! sent
-- Alternating keys are asked for again, ...
SELECT count(*) FROM generate_series(1, 10) x JOIN supporting_documents d
ON d.sid = pg_temp.sid(x % 2);
\! sent
RESET enable_memoize;
RESET enable_mergejoin;
RESET enable_hashjoin;
-- ... unless the planner knows that there are few of them and remembers.
CREATE TEMP TABLE alternating AS
SELECT pg_temp.sid(i % 2) AS document FROM generate_series(1, 1000) i;
ANALYZE alternating;
SELECT count(*) FROM alternating a JOIN supporting_documents d ON d.sid = a.document;
\! sent
-- Joins on other columns walk the list, once for each table.
SELECT count(*) = (SELECT count(*) FROM plain WHERE url IS NOT NULL)
FROM supporting_documents d JOIN supporting_documents e ON d.url = e.url;
\! sent
-- Full joins and merge joins.
SELECT count(*), count(c.id), count(d.sid) FROM customers c
FULL JOIN supporting_documents d ON d.sid = c.document;
\! sent
SET enable_hashjoin = off;
SET enable_nestloop = off;
SELECT count(*) FROM supporting_documents d JOIN plain p ON p.sid = d.sid;
\! sent
RESET enable_nestloop;
RESET enable_hashjoin;
