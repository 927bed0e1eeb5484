-- emulator: --documents 50000
--
-- What the planner chooses for a join of N customers with 50,000 documents, which are 50
-- pages: what takes the fewest rounds of requests, of which 8 go at once; of fetches one after
-- the other, no more than 1.2 times the lesser of customers and pages.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\i sql/include/compare.psql
\i sql/include/estimate.psql
\pset tuples_only on
\pset format unaligned
CREATE TEMP TABLE customers AS
SELECT i AS id, c.sid AS document FROM generate_series(0, 9999) i
JOIN copied c ON c.index = (i::bigint * 7919 % 50000)::integer ORDER BY i;
CREATE UNIQUE INDEX ON customers (id);
CREATE TEMP TABLE customers_1 AS SELECT * FROM customers LIMIT 1;
CREATE TEMP TABLE customers_10 AS SELECT * FROM customers LIMIT 10;
CREATE TEMP TABLE customers_100 AS SELECT * FROM customers LIMIT 100;
CREATE TEMP TABLE customers_1000 AS SELECT * FROM customers LIMIT 1000;
CREATE TEMP TABLE customers_10000 AS SELECT * FROM customers;
ANALYZE customers;
ANALYZE customers_1;
ANALYZE customers_10;
ANALYZE customers_100;
ANALYZE customers_1000;
ANALYZE customers_10000;
\! emu reset
--
-- Never analyzed: few customers do not list, many do not fetch.  Who has read the list knows
-- its length from then on, until the connection is closed.
--
\set query 'SELECT c.id, d.status FROM customers_10 c JOIN supporting_documents d ON d.sid = c.document'
SELECT pg_temp.compare('own', :'query');
\! sent
\set query 'SELECT c.id, d.status FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id < 3000'
SELECT pg_temp.compare('own', :'query');
\! sent
SELECT regdocs_fdw_disconnect_all();
-- Nor do those that nobody expected: a function's rows are thought to be 1, and 3,000 come.
CREATE FUNCTION pg_temp.sids(n integer) RETURNS SETOF text LANGUAGE plpgsql STABLE ROWS 1 AS $$
BEGIN
    RETURN QUERY SELECT document FROM customers WHERE id < n ORDER BY id;
END
$$;
SELECT pg_temp.compare('own', 'SELECT d.sid, d.type FROM pg_temp.sids(3000) s JOIN supporting_documents d ON d.sid = s.s');
\! sent
SELECT regdocs_fdw_disconnect_all();
SELECT pg_temp.compare('own', 'SELECT d.sid, d.type FROM pg_temp.sids(10) s JOIN supporting_documents d ON d.sid = s.s');
\! sent
--
-- After one complete scan the estimate is what was seen, ...
--
SELECT regdocs_fdw_disconnect_all();
SELECT pg_temp.estimate('SELECT * FROM supporting_documents');
SELECT count(*) FROM supporting_documents;
SELECT pg_temp.estimate('SELECT * FROM supporting_documents');
SELECT reltuples FROM pg_class WHERE oid = 'supporting_documents'::regclass;
-- ... for all tables of the same resource and account, ...
SELECT pg_temp.estimate('SELECT * FROM plain');
-- ... a scan that was not complete tells nothing, ...
SELECT regdocs_fdw_disconnect_all();
SELECT count(*) FROM (SELECT FROM supporting_documents LIMIT 2500) l;
SELECT pg_temp.estimate('SELECT * FROM supporting_documents');
-- ... and what one mapping has seen does not count for another.
CREATE ROLE regress_regdocs_other;
CREATE USER MAPPING FOR regress_regdocs_other SERVER emulator
    OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
GRANT SELECT ON supporting_documents TO regress_regdocs_other;
SELECT count(*) FROM supporting_documents;
SET ROLE regress_regdocs_other;
SELECT pg_temp.estimate('SELECT * FROM supporting_documents');
RESET ROLE;
SELECT pg_temp.estimate('SELECT * FROM supporting_documents');
-- A view is read with its owner's mapping, and so is planned.
CREATE VIEW pg_temp.documents AS SELECT * FROM supporting_documents;
GRANT SELECT ON pg_temp.documents TO regress_regdocs_other;
SET ROLE regress_regdocs_other;
SELECT pg_temp.estimate('SELECT * FROM pg_temp.documents');
RESET ROLE;
DROP VIEW pg_temp.documents;
DROP OWNED BY regress_regdocs_other;
DROP ROLE regress_regdocs_other;
\! emu reset
--
-- Analyzed: the same after ANALYZE, in the session and in every other.
--
ANALYZE supporting_documents;
\! sent
SELECT reltuples FROM pg_class WHERE oid = 'supporting_documents'::regclass;
SELECT regdocs_fdw_disconnect_all();
SELECT pg_temp.estimate('SELECT * FROM supporting_documents');
SELECT pg_temp.compare('own', 'SELECT c.id, d.status FROM customers_1 c JOIN supporting_documents d ON d.sid = c.document');
\! sent
SELECT pg_temp.compare('own', 'SELECT c.id, d.status FROM customers_10 c JOIN supporting_documents d ON d.sid = c.document');
\! sent
SELECT pg_temp.compare('own', 'SELECT c.id, d.status FROM customers_100 c JOIN supporting_documents d ON d.sid = c.document');
\! sent
SELECT pg_temp.compare('own', 'SELECT c.id, d.status FROM customers_1000 c JOIN supporting_documents d ON d.sid = c.document');
\! sent
SELECT pg_temp.compare('own', 'SELECT c.id, d.status FROM customers_10000 c JOIN supporting_documents d ON d.sid = c.document');
\! sent
-- About where both ways cost the same, 8 at once: 400 fetches take as long as 50 pages, each has
-- a small price, and the documents of the pages another one.
SELECT pg_temp.compare('own', 'SELECT c.id, d.status FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id < 300');
\! sent
SELECT pg_temp.compare('own', 'SELECT c.id, d.status FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id < 500');
\! sent
-- One after the other: 50 pages and the conversion of their documents cost as much as 60 fetches.
-- So the list is also not looked at before that.
SELECT pg_temp.compare('single', 'SELECT c.id, d.status FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id < 45');
\! sent
SELECT pg_temp.compare('single', 'SELECT c.id, d.status FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id < 55');
\! sent
SELECT pg_temp.compare('single', 'SELECT c.id, d.status FROM customers_100 c JOIN supporting_documents d ON d.sid = c.document');
\! sent
-- other kinds of join
SELECT pg_temp.compare('own', 'SELECT c.id FROM customers_10 c WHERE NOT EXISTS (SELECT FROM supporting_documents d WHERE d.sid = c.document)');
\! sent
SELECT pg_temp.compare('own', 'SELECT c.id FROM customers_1000 c WHERE NOT EXISTS (SELECT FROM supporting_documents d WHERE d.sid = c.document)');
\! sent
SELECT pg_temp.compare('own', 'SELECT d.sid, d.status FROM supporting_documents d WHERE d.sid IN (SELECT document FROM customers_10)');
\! sent
SELECT pg_temp.compare('own', 'SELECT d.sid, d.status FROM supporting_documents d WHERE d.sid IN (SELECT document FROM customers_1000)');
\! sent
SELECT pg_temp.compare('own', 'SELECT c.id, d.status FROM customers_100 c LEFT JOIN supporting_documents d ON d.sid = c.document');
\! sent
-- Arrays of keys go side by side, 8 at once: 400 of them take as long as 50 pages.
SELECT pg_temp.compare('own', 'SELECT d.sid, d.status FROM supporting_documents d WHERE d.sid = ANY (ARRAY(SELECT document FROM customers WHERE id < 100))');
\! sent
SELECT pg_temp.compare('own', 'SELECT d.sid, d.status FROM supporting_documents d WHERE d.sid = ANY (ARRAY(SELECT document FROM customers WHERE id < 380))');
\! sent
SELECT pg_temp.compare('own', 'SELECT d.sid, d.status FROM supporting_documents d WHERE d.sid = ANY (ARRAY(SELECT document FROM customers WHERE id < 420))');
\! sent
SELECT pg_temp.compare('own', 'SELECT d.sid, d.status FROM supporting_documents d WHERE d.sid = ANY (ARRAY(SELECT document FROM customers_1000))');
\! sent
SELECT pg_temp.compare('own', format('SELECT d.sid FROM supporting_documents d WHERE d.sid IN (%s)', string_agg(quote_literal(document), ','))) FROM customers_1000;
\! sent
SELECT pg_temp.compare('own', format('SELECT d.sid FROM supporting_documents d WHERE d.sid IN (%s)', string_agg(quote_literal(document), ','))) FROM customers_100;
\! sent
--
-- The options for the planner count: where rows cost nothing and requests all, and the reverse
--
EXPLAIN SELECT sid FROM supporting_documents;
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD request_cost '0', ADD row_cost '0');
EXPLAIN SELECT sid FROM supporting_documents;
ALTER FOREIGN TABLE supporting_documents OPTIONS (SET request_cost '10', SET row_cost '1');
EXPLAIN SELECT sid FROM supporting_documents;
EXPLAIN SELECT sid FROM supporting_documents WHERE sid = 'RD00000000000000000000000000000001';
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP request_cost, DROP row_cost);
-- A table with statistics in the place of guesses.
SELECT pg_temp.estimate('SELECT * FROM supporting_documents WHERE status = ''draft''') BETWEEN 0.8 * count(*) AND 1.2 * count(*)
FROM copied WHERE status = 'draft';
SELECT pg_temp.estimate('SELECT * FROM supporting_documents WHERE sid = ''x''');
\! sent
