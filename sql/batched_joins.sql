-- emulator: --documents 2500 --editable draft,rejected,approved,expired,pending-review,provisionally-approved
--
-- Joins that fetch in batches: whatever the query's shape, the rows are those that it
-- has over a local table, and no key is asked for twice.  pg_temp.measure() says of each
--
--	rows		how many there are; "WRONG" if those over a local copy, or those without
--				batches, or those with the list, are others
--	ahead		nodes that look ahead, with batches
--	batches		requests, with batches
--	single		... without them
--
-- as EXPLAIN counts them, which the emulator's counters confirm in all.
--
\set server_options ', page_size \'20\''
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\i sql/include/compare.psql
\i sql/include/explain.psql
\pset tuples_only on
\pset format unaligned
ANALYZE supporting_documents;
-- Of 40 customers, 20 have documents of their own, 5 share one, 2 have theirs in upper
-- case; 5 have documents that do not exist, 3 none, 5 what is no sid.  Then tables and a
-- view of their kind, orders with the same ten documents, and customers in two parts.
CREATE TEMP TABLE customers (id integer PRIMARY KEY, document text);
INSERT INTO customers
SELECT i, CASE WHEN i < 20 THEN pg_temp.sid(i * 4)
               WHEN i < 25 THEN 'RD' || lpad(i::text, 32, '0')
               WHEN i < 28 THEN NULL
               WHEN i < 30 THEN 'RD' || upper(substr(pg_temp.sid(i), 3))
               WHEN i < 35 THEN pg_temp.sid(0)
               ELSE 'no sid ' || i END
FROM generate_series(0, 39) i;
CREATE DOMAIN document_key AS text;
CREATE TEMP TABLE kinds AS
	SELECT id, document::char(40) AS blanks, document::varchar(36) AS short, document::document_key AS domain,
		ARRAY[document, NULL, pg_temp.sid(id)] AS several
	FROM customers;
CREATE TEMP TABLE orders AS SELECT i AS id, pg_temp.sid(i * 7 % 10) AS document FROM generate_series(1, 500) i;
CREATE TEMP TABLE parted (id integer, document text) PARTITION BY RANGE (id);
CREATE TEMP TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (20);
CREATE TEMP TABLE parted_high PARTITION OF parted FOR VALUES FROM (20) TO (100);
INSERT INTO parted SELECT * FROM customers;
CREATE TEMP VIEW guarded WITH (security_barrier) AS SELECT * FROM customers WHERE id < 30;
CREATE FUNCTION pg_temp.leaky(text) RETURNS text LANGUAGE plpgsql IMMUTABLE COST 0.0001 AS $$ BEGIN RETURN $1; END $$;
CREATE FUNCTION pg_temp.unsteady(text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN $1; END $$;
ANALYZE customers;
ANALYZE kinds;
ANALYZE orders;
ANALYZE parted;
CREATE TEMP TABLE counted (batches bigint, single bigint);
-- Requests and look-aheads of a plan that was run.
CREATE FUNCTION pg_temp.run(query text, OUT requests bigint, OUT ahead bigint) LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO plan;
	SELECT coalesce(sum((m)[1]::bigint), 0) INTO requests FROM regexp_matches(plan::text, '"API Requests": (\d+)', 'g') m;
	SELECT count(*) INTO ahead FROM regexp_matches(plan::text, '"Custom Plan Provider": "API Look-ahead"', 'g');
END
$$;
CREATE FUNCTION pg_temp.measure(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	batches record;
	single record;
	failures text := '';
	way text;
BEGIN
	PERFORM pg_temp.choose('batches');
	batches := pg_temp.run(query);
	PERFORM pg_temp.choose('nested');
	single := pg_temp.run(query);
	IF single.ahead > 0 THEN
		failures := failures || ' BATCHES WITHOUT BATCHES';
	END IF;
	INSERT INTO counted VALUES (batches.requests, single.requests);
	FOREACH way IN ARRAY ARRAY['batches', 'nested', 'list', 'own'] LOOP
		way := pg_temp.compare(way, query);
		failures := failures || coalesce(' ' || substring(way FROM '.*WRONG.*'), '');
	END LOOP;
	RETURN format('rows %s, ahead %s, batches %s, single %s%s', split_part(way, ' ', 2), batches.ahead, batches.requests, single.requests, failures);
END
$$;
CREATE TEMP TABLE queries (n serial, query text);
\set ECHO none
INSERT INTO queries (query) VALUES
-- inner, with conditions on one side and on both
('SELECT c.id, d.* FROM customers c JOIN (SELECT sid, status, type, attributes FROM supporting_documents) d ON d.sid = c.document'),
('SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document AND d.status = ''rejected'''),
('SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document AND length(d.friendly_name) > c.id'),
('SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id % 3 = 0 OR d.status = ''draft'''),
-- left, right, full, where the condition is and what it is about
('SELECT c.id, d.sid, d.friendly_name FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document'),
('SELECT c.id, d.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document AND d.status = ''draft'' WHERE c.id <> 3'),
('SELECT c.id, d.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document AND c.id < 10'),
('SELECT c.id, d.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document WHERE d.status = ''draft'''),
('SELECT c.id, d.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document WHERE d.status IS DISTINCT FROM ''draft'''),
('SELECT c.id, d.sid FROM supporting_documents d RIGHT JOIN customers c ON d.sid = c.document'),
('SELECT c.id, d.sid FROM supporting_documents d FULL JOIN customers c ON d.sid = c.document'),
-- semi, and the table on its left side
('SELECT c.id FROM customers c WHERE EXISTS (SELECT FROM supporting_documents d WHERE d.sid = c.document AND d.status <> ''draft'')'),
('SELECT c.id FROM customers c WHERE c.document IN (SELECT sid FROM supporting_documents WHERE status <> ''draft'')'),
('SELECT d.sid, d.status FROM supporting_documents d WHERE d.sid IN (SELECT document FROM customers)'),
('SELECT d.sid FROM supporting_documents d WHERE EXISTS (SELECT FROM customers c WHERE c.document = d.sid AND length(d.friendly_name) > c.id)'),
-- anti
('SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT FROM supporting_documents d WHERE d.sid = c.document)'),
('SELECT c.id FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document WHERE d.sid IS NULL'),
('SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT FROM supporting_documents d WHERE d.sid = c.document AND length(d.friendly_name) > c.id)'),
-- keys of other types, of expressions, of several columns, and in arrays
('SELECT k.id, d.sid FROM kinds k JOIN supporting_documents d ON d.sid = k.blanks'),
('SELECT k.id, d.sid FROM kinds k JOIN supporting_documents d ON d.sid = k.short'),
('SELECT k.id, d.sid FROM kinds k LEFT JOIN supporting_documents d ON d.sid = k.domain'),
('SELECT k.id, d.sid FROM kinds k JOIN supporting_documents d ON d.sid = ANY (k.several)'),
('SELECT k.id, d.sid FROM kinds k LEFT JOIN supporting_documents d ON d.sid = ANY (k.several) AND d.status = ''draft'''),
('SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = left(c.document, 2) || lower(substr(c.document, 3))'),
('SELECT c.id, d.sid FROM customers c JOIN customers e ON e.id = c.id + 1 JOIN supporting_documents d ON d.sid IN (c.document, e.document)'),
('SELECT c.id, d.sid FROM customers c JOIN customers e ON e.document = c.document JOIN supporting_documents d ON d.sid = c.document AND d.sid = e.document'),
('SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = pg_temp.unsteady(c.document)'),
-- repeated keys, one key, none
('SELECT o.id, d.status FROM orders o JOIN supporting_documents d ON d.sid = o.document'),
('SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id = 7'),
('SELECT c.id, d.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document WHERE c.id > 34'),
-- whole rows, placeholders, outer joins below
('SELECT c, d FROM customers c LEFT JOIN (SELECT sid, status FROM supporting_documents) d ON d.sid = c.document'),
('SELECT c.id, d.x FROM customers c LEFT JOIN (SELECT sid, coalesce(status::text, ''none'') AS x FROM supporting_documents) d ON d.sid = c.document'),
('SELECT c.id, e.id, d.sid FROM customers c LEFT JOIN customers e ON e.id = c.id + 30 LEFT JOIN supporting_documents d ON d.sid = e.document'),
('SELECT c.id, d.sid FROM customers c LEFT JOIN (SELECT id, coalesce(document, pg_temp.sid(1)) AS key FROM customers WHERE id > 20) e ON e.id = c.id LEFT JOIN supporting_documents d ON d.sid = e.key'),
('SELECT c.id, e.id, d.sid FROM customers c LEFT JOIN (customers e JOIN supporting_documents d ON d.sid = e.document) ON e.id = c.id + 1'),
('SELECT c.id, d.sid, e.status FROM customers c JOIN supporting_documents d ON d.sid = c.document JOIN supporting_documents e ON e.sid = d.sid'),
('SELECT c.id, d.sid, e.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document LEFT JOIN kinds k ON k.id = c.id + 1 LEFT JOIN supporting_documents e ON e.sid = k.domain'),
-- lateral, subqueries, with joins in them
('SELECT c.id, d.sid FROM customers c, LATERAL (SELECT sid FROM supporting_documents WHERE sid = c.document) d'),
('SELECT c.id, d.sid FROM customers c LEFT JOIN LATERAL (SELECT sid, c.id FROM supporting_documents WHERE sid = c.document) d ON true'),
('SELECT c.id, d.sid FROM customers c, LATERAL (SELECT sid FROM supporting_documents WHERE sid = c.document LIMIT 1) d'),
('SELECT c.id, x.n FROM customers c, LATERAL (SELECT count(*) AS n FROM customers e JOIN supporting_documents d ON d.sid = e.document AND length(d.friendly_name) > c.id WHERE e.id < c.id + 3) x WHERE c.id < 8'),
('SELECT c.id, (SELECT count(*) FROM customers e JOIN supporting_documents d ON d.sid = e.document WHERE e.id <= c.id) FROM customers c'),
('SELECT c.id, (SELECT max(q.m) FROM (SELECT o.id % 7 AS m FROM orders o JOIN supporting_documents d ON d.sid = o.document WHERE o.id % 7 = c.id % 7 LIMIT 3) q) FROM customers c'),
('SELECT c.id FROM customers c WHERE EXISTS (SELECT FROM customers e JOIN supporting_documents d ON d.sid = e.document WHERE e.id = c.id + 1 OFFSET 0)'),
('SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document AND c.id < (SELECT max(id) / 2 FROM customers)'),
-- the other side: a set operation, an aggregate, a function, values, parts, a view
('SELECT c.id, d.sid FROM (SELECT * FROM customers WHERE id < 9 UNION ALL SELECT id, document FROM orders WHERE id < 9) c JOIN supporting_documents d ON d.sid = c.document'),
('SELECT c.n, d.sid FROM (SELECT document, count(*) AS n FROM customers GROUP BY 1) c JOIN supporting_documents d ON d.sid = c.document'),
('SELECT c.id, d.sid FROM (SELECT * FROM customers ORDER BY id DESC LIMIT 30) c JOIN supporting_documents d ON d.sid = c.document'),
('SELECT i, d.sid FROM generate_series(0, 30) i JOIN supporting_documents d ON d.sid = pg_temp.sid(i)'),
('SELECT v.i, d.sid FROM (VALUES (1, pg_temp.sid(1)), (2, NULL), (3, pg_temp.sid(3))) v (i, s) JOIN supporting_documents d ON d.sid = v.s'),
('SELECT c.id, d.sid FROM parted c LEFT JOIN supporting_documents d ON d.sid = c.document'),
('SELECT g.id, d.sid FROM guarded g JOIN supporting_documents d ON d.sid = pg_temp.leaky(g.document)'),
('WITH c AS MATERIALIZED (SELECT * FROM customers WHERE id < 20) SELECT c.id, d.sid FROM c JOIN supporting_documents d ON d.sid = c.document'),
('WITH RECURSIVE r AS (SELECT 0 AS id UNION ALL SELECT r.id + 1 FROM r JOIN customers c ON c.id = r.id JOIN supporting_documents d ON d.sid = c.document) SELECT id FROM r'),
-- above it: row locks, an order, groups, windows, volatile output
('SELECT * FROM (SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document FOR UPDATE OF c) q'),
('SELECT * FROM (SELECT c.id, d.sid FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document FOR SHARE OF c) q'),
('SELECT DISTINCT d.status FROM customers c JOIN supporting_documents d ON d.sid = c.document'),
('SELECT c.id, d.sid, row_number() OVER (PARTITION BY d.sid ORDER BY c.id) FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document'),
('SELECT c.id, d.sid, random() < 2 FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE random() < 2'),
('SELECT count(*) FROM (SELECT c.id FROM customers c JOIN supporting_documents d ON d.sid = c.document ORDER BY c.id LIMIT 5) q');
\set ECHO all
\! emu reset
SELECT n || ': ' || pg_temp.measure(query) FROM queries ORDER BY n;
-- Each was run twice with batches and twice without, and then in other ways: the emulator
-- got all that EXPLAIN has counted.
\set total `emu count total`
SELECT :total >= 2 * sum(batches) + 2 * sum(single), sum(batches) < sum(single) FROM counted;
SELECT pg_temp.choose('batches');
\! emu reset
SELECT (pg_temp.run('SELECT c.id, d.status FROM customers c JOIN supporting_documents d ON d.sid = c.document')).requests;
\! sent

-- What EXPLAIN says, in all formats.
\set query 'SELECT c.id, d.status FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document AND d.type <> \'passport\''
SELECT pg_temp.explain(:'query');
SELECT pg_temp.explain_analyze('SELECT c.id FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id < 20');
SELECT line FROM pg_temp.explain(:'query', 'COSTS OFF, FORMAT JSON') e, regexp_split_to_table(e, E'\n') line WHERE line ~ 'API|Custom|"Node Type"';
SELECT line FROM pg_temp.explain(:'query', 'COSTS OFF, FORMAT XML') e, regexp_split_to_table(e, E'\n') line WHERE line ~ 'API|Custom';
SELECT line FROM pg_temp.explain(:'query', 'COSTS OFF, FORMAT YAML') e, regexp_split_to_table(e, E'\n') line WHERE line ~ 'API|Custom';
SELECT pg_temp.explain('SELECT k.id FROM kinds k JOIN supporting_documents d ON d.sid = ANY (k.several) OR d.sid = lower(k.domain)');
-- The order of the other side stays.
SET enable_sort = off;
SET enable_incremental_sort = off;
SELECT pg_temp.explain('SELECT c.id FROM customers c JOIN supporting_documents d ON d.sid = c.document ORDER BY c.id');
RESET enable_sort;
RESET enable_incremental_sort;

-- Readers that stop early: no more keys than rows are wanted, then as many as go at once.
\! sent
SELECT c.id FROM customers c JOIN supporting_documents d ON d.sid = c.document LIMIT 1;
\! sent
SELECT count(*) FROM (SELECT FROM customers c JOIN supporting_documents d ON d.sid = c.document LIMIT 5) q;
\! sent
SELECT EXISTS (SELECT FROM orders c JOIN supporting_documents d ON d.sid = c.document);
\! sent
-- ... where the first rows have no document: five keys of documents that are not there, then one batch
SELECT c.id FROM (SELECT * FROM customers WHERE id BETWEEN 20 AND 24 UNION ALL SELECT * FROM customers WHERE id < 20) c JOIN supporting_documents d ON d.sid = c.document LIMIT 1;
\! sent
-- ... keys that are known already are no reason to read on
SELECT count(*) FROM (SELECT FROM orders o JOIN supporting_documents d ON d.sid = o.document LIMIT 100) q;
\! sent
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT c.id, d.sid IS NOT NULL FROM customers c LEFT JOIN supporting_documents d ON d.sid = c.document;
FETCH 2 FROM c;
\! sent
FETCH 2 FROM c;
\! sent
FETCH BACKWARD 3 FROM c;
FETCH ABSOLUTE 40 FROM c;
MOVE BACKWARD ALL IN c;
FETCH RELATIVE 30 FROM c;
\! sent
DECLARE h CURSOR WITH HOLD FOR SELECT c.id FROM customers c JOIN supporting_documents d ON d.sid = c.document ORDER BY 1;
COMMIT;
\! sent
FETCH ABSOLUTE 24 FROM h;
FETCH 2 FROM h;
CLOSE h;
\! sent

-- Keys that come again in later batches are asked for once, as long as answers fit in work_mem.
CREATE TEMP TABLE many AS SELECT i AS id, pg_temp.sid(i * 7 % 40) AS document FROM generate_series(1, 10000) i;
ANALYZE many;
SELECT pg_temp.compare('batches', 'SELECT m.id, d.status FROM many m JOIN supporting_documents d ON d.sid = m.document');
\! sent
-- Where they do not fit, nothing but time is lost: rows of a batch are on disk, and forgotten with it.
CREATE FOREIGN TABLE whole (sid text, document jsonb, friendly_name text) SERVER emulator OPTIONS (resource 'supporting_documents');
CREATE TEMP TABLE wide AS SELECT i AS id, s.sid AS document FROM generate_series(1, 200) i JOIN (SELECT sid, row_number() OVER () AS n FROM copied) s ON s.n = (i * 7) % 100 + 1;
ANALYZE wide;
SET work_mem = '64kB';
SELECT pg_temp.choose('batches');
SELECT pg_temp.explain('SELECT w.id, d.document FROM wide w JOIN whole d ON d.sid = w.document');
SELECT count(*), count(DISTINCT d.sid), bool_and(d.document ->> 'sid' = w.document) FROM wide w JOIN whole d ON d.sid = w.document;
\set fetched `emu count fetch`
SELECT :fetched > 100;
RESET work_mem;
\! emu reset

-- A wrong estimate: ten keys are expected, and 2,000 come.  By then the list is cheaper, and is read.
ALTER SERVER emulator OPTIONS (SET page_size '100');
CREATE FUNCTION pg_temp.keys(n integer) RETURNS SETOF text LANGUAGE plpgsql STABLE ROWS 10 AS $$
BEGIN
	RETURN QUERY SELECT sid FROM copied WHERE index < n ORDER BY index;
END
$$;
SELECT pg_temp.compare('own', 'SELECT d.sid, d.type FROM pg_temp.keys(2000) k JOIN supporting_documents d ON d.sid = k.k');
\set fetched `emu count fetch`
\set listed `emu count list`
SELECT :fetched < 32 * 8, :listed BETWEEN 25 AND 50;
\! emu reset
-- Keys so many that one batch of them takes as long as the list.
ALTER SERVER emulator OPTIONS (SET page_size '1000');
SELECT pg_temp.choose('batches');
SELECT count(*) FROM pg_temp.keys(1000) k JOIN supporting_documents d ON d.sid = k.k;
\set fetched `emu count fetch`
\set listed `emu count list`
SELECT :fetched <= 6 * 8, :listed BETWEEN 3 AND 6;
\! emu reset
ALTER SERVER emulator OPTIONS (SET page_size '20');

-- A limit of requests a second is one of what goes at once.
ALTER SERVER emulator OPTIONS (ADD max_requests_per_second '60');
SELECT pg_temp.explain('SELECT c.id FROM customers c JOIN supporting_documents d ON d.sid = c.document');
ALTER SERVER emulator OPTIONS (DROP max_requests_per_second);

-- Plans that are kept, with parameters on both sides.
SET plan_cache_mode = force_generic_plan;
PREPARE kept (integer, text) AS
	SELECT count(*), min(c.id), max(c.id) FROM customers c JOIN supporting_documents d ON d.sid = c.document AND d.status::text <> $2 WHERE c.id >= $1;
SELECT pg_temp.explain('EXECUTE kept (0, ''none'')');
EXECUTE kept (0, 'none');
EXECUTE kept (10, 'draft');
EXECUTE kept (50, NULL);
SELECT count(*), min(c.id), max(c.id) FROM customers c JOIN copied d ON d.sid = c.document AND d.status::text <> 'draft' WHERE c.id >= 10;
DEALLOCATE kept;
DO $$
DECLARE
	one record;
	n integer := 0;
BEGIN
	FOR i IN 1..7 LOOP
		FOR one IN SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document WHERE c.id < i LOOP
			n := n + 1;
		END LOOP;
	END LOOP;
	ASSERT n = 28, n;
END
$$;
RESET plan_cache_mode;

-- A filter besides the key that changes with each rescan: what is known is known for another one.
CREATE TEMP TABLE statuses AS SELECT DISTINCT status FROM copied WHERE status IN ('draft', 'rejected');
SELECT pg_temp.compare('batches', 'SELECT s.status, x.* FROM statuses s, LATERAL (SELECT c.id, d.sid FROM customers c JOIN supporting_documents d ON d.sid = c.document AND d.status = s.status OFFSET 0) x');

-- Keys of a type that disregards blanks at the end, on both sides.
CREATE FOREIGN TABLE padded (sid char(40), status text) SERVER emulator OPTIONS (resource 'supporting_documents');
SELECT pg_temp.choose('batches');
SELECT pg_temp.explain('SELECT k.id FROM kinds k JOIN padded p ON p.sid = k.blanks');
SELECT count(*) FROM kinds k JOIN padded p ON p.sid = k.blanks;

-- What is left out is counted once, though it is asked for again and again.
CREATE FOREIGN TABLE broken (sid text, type boolean) SERVER emulator OPTIONS (on_error 'ignore');
SELECT pg_temp.choose('batches');
\set VERBOSITY terse
\! emu reset
SELECT count(*) FROM customers c JOIN broken b ON b.sid = c.document AND b.type;
\set VERBOSITY default

-- Writes: rows of a join are changed, deleted, inserted, and not met again.
CREATE FOREIGN TABLE docs (sid text, friendly_name text, type text) SERVER emulator OPTIONS (page_size '20');
\! emu reset
SELECT pg_temp.explain('UPDATE docs SET friendly_name = friendly_name || '' of '' || c.id FROM customers c WHERE docs.sid = c.document AND c.id < 12');
UPDATE docs SET friendly_name = friendly_name || ' of ' || c.id FROM customers c WHERE docs.sid = c.document AND c.id < 12;
\! sent
SELECT count(*) FROM docs JOIN customers c ON c.document = docs.sid WHERE docs.friendly_name LIKE '% of ' || c.id;
INSERT INTO docs (friendly_name, type) SELECT 'Copy of ' || o.id, d.type FROM orders o JOIN docs d ON d.sid = o.document WHERE o.id <= 100;
SELECT count(*), count(DISTINCT friendly_name) FROM docs WHERE friendly_name LIKE 'Copy of %';
-- ... each row for itself, as it is returned: the keys name nothing that was created
SELECT pg_temp.explain('INSERT INTO docs (friendly_name, type) SELECT ''Own '' || o.id, d.type FROM orders o JOIN docs d ON d.sid = o.document WHERE o.id <= 20 RETURNING friendly_name');
WITH own AS (INSERT INTO docs (friendly_name, type) SELECT 'Own ' || o.id, d.type FROM orders o JOIN docs d ON d.sid = o.document WHERE o.id <= 20 RETURNING friendly_name) SELECT count(DISTINCT friendly_name) FROM own;
-- ... with sids from a part of the statement that creates them: these are never looked for before
WITH new AS (INSERT INTO docs (friendly_name, type) VALUES ('New 1', 'passport'), ('New 2', 'passport') RETURNING sid)
SELECT count(*) FROM new LEFT JOIN docs USING (sid);

-- A reader that stops at a large row that was on disk: it is freed once.
CREATE TEMP TABLE large (id integer, document text);
WITH created AS (
	INSERT INTO supporting_documents (friendly_name, type, attributes)
	SELECT 'Large ' || i, 'passport', jsonb_build_object('x', (SELECT string_agg(md5(i || ' ' || g), '') FROM generate_series(1, 700) g))
	FROM generate_series(1, 20) i
	RETURNING sid, friendly_name)
INSERT INTO large SELECT substr(friendly_name, 7)::integer, sid FROM created;
ANALYZE large;
SET work_mem = '64kB';
SELECT pg_temp.choose('batches');
SELECT pg_temp.explain('SELECT l.id, d.attributes FROM large l JOIN supporting_documents d ON d.sid = l.document LIMIT 20');
SELECT format('SELECT count(*), min(length(x)), max(length(x)) FROM (SELECT d.attributes ->> ''x'' AS x FROM large l JOIN supporting_documents d ON d.sid = l.document LIMIT %s) q', n)
FROM generate_series(5, 20, 5) n \gexec
RESET work_mem;
