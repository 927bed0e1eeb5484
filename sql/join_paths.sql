-- emulator: --documents 2500
--
-- Every kind of join on sid, made in every way, has the rows that it would have
-- over a local table.  The ways are:
--
--	nested		one fetch for each row of the other side, in a nested loop
--	memoize		the same, with the planner free to remember what it has fetched
--	batches		fetches in batches, in a nested loop
--	list		no nested loop where that is possible: the list
--	own			what the planner likes best
--
-- With 20 documents a page the list takes 125 requests, so fetches win; with
-- 1,000 it takes 3, so the list does.
--
\set server_options ', page_size \'20\''
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\i sql/include/compare.psql
\i sql/include/explain.psql
\pset tuples_only on
\pset format unaligned
ANALYZE supporting_documents;
\! sent
-- Of 40 customers, 20 have documents of their own, 5 share one, 2 have theirs in
-- upper case; 5 have documents that do not exist, 3 none, 5 what is no sid.
CREATE TEMP TABLE customers (id integer PRIMARY KEY, document text);
INSERT INTO customers
SELECT i, CASE WHEN i < 20 THEN pg_temp.sid(i * 4)
               WHEN i < 25 THEN 'RD' || lpad(i::text, 32, '0')
               WHEN i < 28 THEN NULL
               WHEN i < 30 THEN 'RD' || upper(substr(pg_temp.sid(i), 3))
               WHEN i < 35 THEN pg_temp.sid(0)
               ELSE 'no sid ' || i END
FROM generate_series(0, 39) i;
ANALYZE customers;
-- inner: 20 and 5 and 2 fetches, and one for the shared document, as the same key in a row
-- is not asked for again; where the planner remembers the first customer's, none for that
\set query 'SELECT c.id, d.* FROM customers c JOIN (SELECT sid, status, type, attributes FROM supporting_documents) d ON d.sid = c.document'
\i sql/include/ways.psql
-- inner, with a condition on the documents
\set query 'SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document AND d.status = \'rejected\''
\i sql/include/ways.psql
-- inner, with a condition over both
\set query 'SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document AND length(d.friendly_name) > c.id'
\i sql/include/ways.psql
-- left, right, full
\set query 'SELECT c.id, d.sid, d.friendly_name FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document'
\i sql/include/ways.psql
\set query 'SELECT c.id, d.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document AND d.status = \'draft\' WHERE c.id <> 3'
\i sql/include/ways.psql
\set query 'SELECT c.id, d.sid FROM supporting_documents d RIGHT JOIN customers c ON d.sid = c.document'
\i sql/include/ways.psql
\set query 'SELECT c.id, d.sid FROM supporting_documents d FULL JOIN customers c ON d.sid = c.document'
\i sql/include/ways.psql
-- one of several keys
\set query 'SELECT c.id, d.sid FROM customers c JOIN customers e ON e.id = c.id + 1 JOIN supporting_documents d ON d.sid IN (c.document, e.document)'
\i sql/include/ways.psql
-- semi: EXISTS, IN, = ANY
\set query 'SELECT c.id FROM customers c WHERE EXISTS (SELECT FROM supporting_documents d WHERE d.sid = c.document AND d.status <> \'draft\')'
\i sql/include/ways.psql
\set query 'SELECT c.id FROM customers c WHERE c.document IN (SELECT sid FROM supporting_documents WHERE status <> \'draft\')'
\i sql/include/ways.psql
\set query 'SELECT d.sid, d.status FROM supporting_documents d WHERE d.sid IN (SELECT document FROM customers)'
\i sql/include/ways.psql
\set query 'SELECT d.sid FROM supporting_documents d WHERE EXISTS (SELECT FROM customers c WHERE c.document = d.sid AND c.id > 30)'
\i sql/include/ways.psql
-- anti: NOT EXISTS, LEFT JOIN ... IS NULL
\set query 'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT FROM supporting_documents d WHERE d.sid = c.document)'
\i sql/include/ways.psql
\set query 'SELECT c.id FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document WHERE d.sid IS NULL'
\i sql/include/ways.psql
\set query 'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT FROM supporting_documents d WHERE d.sid = c.document AND d.status = \'approved\')'
\i sql/include/ways.psql
-- lateral: with LIMIT, with an aggregate, with an array, with OFFSET 0
\set query 'SELECT c.id, d.sid FROM customers c, LATERAL (SELECT sid FROM supporting_documents WHERE sid = c.document LIMIT 1) d'
\i sql/include/ways.psql
\set query 'SELECT c.id, d.n FROM customers c, LATERAL (SELECT count(*) AS n FROM supporting_documents WHERE sid = c.document) d'
\i sql/include/ways.psql
\set query 'SELECT c.id, d.sid FROM customers c, LATERAL (SELECT sid FROM supporting_documents WHERE sid = ANY (ARRAY[c.document, lower(c.document), pg_temp.sid(c.id)])) d'
\i sql/include/ways.psql
\set query 'SELECT c.id, d.sid, d.id FROM customers c LEFT JOIN LATERAL (SELECT sid, c.id FROM supporting_documents WHERE sid = c.document OFFSET 0) d ON true'
\i sql/include/ways.psql
-- a correlated subquery in the target list, and in a condition
\set query 'SELECT c.id, (SELECT d.status FROM supporting_documents d WHERE d.sid = c.document) FROM customers c'
\i sql/include/ways.psql
\set query 'SELECT c.id FROM customers c WHERE (SELECT d.status FROM supporting_documents d WHERE d.sid = c.document) IN (\'approved\', \'expired\')'
\i sql/include/ways.psql
-- twice: both sides by their sid
\set query 'SELECT c.id, d.sid, e.status FROM customers c JOIN supporting_documents d ON d.sid = c.document JOIN supporting_documents e ON e.sid = d.sid'
\i sql/include/ways.psql
-- an array of keys from all customers at once
\set query 'SELECT d.sid, d.status FROM supporting_documents d WHERE d.sid = ANY (ARRAY(SELECT document FROM customers))'
\i sql/include/ways.psql
-- The same with the list in 3 requests: it is cheaper than the customers' fetches, and a
-- nested loop that is forced reads the list after 4 of them, and then knows all.
ALTER SERVER emulator OPTIONS (SET page_size '1000');
\set query 'SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document'
\i sql/include/ways.psql
\set query 'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT FROM supporting_documents d WHERE d.sid = c.document)'
\i sql/include/ways.psql
\set query 'SELECT c.id, d.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document AND d.status = \'draft\''
\i sql/include/ways.psql
-- Memoize stands above the fetches where keys come again and again.
ALTER SERVER emulator OPTIONS (SET page_size '20');
CREATE TEMP TABLE orders AS SELECT i AS id, pg_temp.sid(i * 7 % 10) AS document FROM generate_series(1, 500) i;
ANALYZE orders;
SET regdocs_fdw.enable_batched_join = off;
SELECT pg_temp.explain('SELECT o.id, d.status FROM orders o JOIN supporting_documents d ON d.sid = o.document');
\set query 'SELECT o.id, d.status FROM orders o JOIN supporting_documents d ON d.sid = o.document'
\i sql/include/ways.psql
-- The path is parameterised by what it needs and by nothing else.
SET regdocs_fdw.enable_batched_join = off;
SELECT pg_temp.explain('SELECT c.id, o.id, d.sid FROM customers c
JOIN orders o ON o.id = c.id JOIN supporting_documents d ON d.sid = c.document');
RESET regdocs_fdw.enable_batched_join;
-- Conditions that name no key make no such path: another collation, another column,
-- an expression of the sid, inequality.
SELECT pg_temp.choose('nested');
EXPLAIN (COSTS OFF) SELECT FROM customers c JOIN supporting_documents d ON d.friendly_name = c.document;
EXPLAIN (COSTS OFF) SELECT FROM customers c JOIN supporting_documents d ON lower(d.sid) = c.document;
EXPLAIN (COSTS OFF) SELECT FROM customers c JOIN supporting_documents d ON d.sid > c.document;
SELECT pg_temp.choose('own');
\! sent
