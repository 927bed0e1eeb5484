-- emulator: --documents 300 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
--
-- Writes that return rows are sent several at a time, and return what they would one by one.
--
\set server_options ', concurrency \'16\''
\i sql/include/emulator.psql
\i sql/include/write.psql
\i sql/include/explain.psql
\set VERBOSITY terse
CREATE FOREIGN TABLE docs (sid text, friendly_name text, type text, attributes jsonb, status text, note text OPTIONS (column_name 'failure_reason')) SERVER emulator;
ALTER FOREIGN TABLE docs DROP COLUMN note;
ALTER FOREIGN TABLE docs ADD COLUMN date_updated timestamptz, ALTER COLUMN type SET DEFAULT 'passport';
-- Of two sets of documents, one is written to several at a time and the other one by one: {set} is its letter.
INSERT INTO docs (friendly_name, attributes) SELECT set || ' ' || n, jsonb_build_object('n', n) FROM generate_series(1, 40) n, unnest('{A,B}'::text[]) set;
CREATE TABLE customers AS SELECT left(friendly_name, 1) AS set, (attributes ->> 'n')::int AS n, sid FROM docs WHERE friendly_name ~ '^[AB] ';
CREATE TYPE pair AS (n int, word text);
CREATE TABLE orders AS SELECT set, n, sid, 'Order ' || n AS title, row(n, 'x')::pair AS pair FROM customers WHERE n % 2 = 0;
CREATE FUNCTION plain(line text, set text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace(regexp_replace(regexp_replace(line, '[A-Z]{2}[0-9a-f]{32}', 'sid', 'g'),
		'\w{3} \w{3} \d\d [0-9:]{8} \d{4} UTC', 'time', 'g'), '\y' || set || '\y', 'set', 'g')
$$;
CREATE FUNCTION rows_of(statement text, set text, ahead boolean, within boolean) RETURNS SETOF text LANGUAGE plpgsql
SET timezone = 'UTC' AS $$
DECLARE
	line text;
	query text := replace(statement, '{set}', set);
BEGIN
	PERFORM set_config('regdocs_fdw.returning_ahead', ahead::text, true);
	IF within THEN
		query := 'WITH w AS (' || query || ') SELECT w::text FROM w';
		FOR line IN EXECUTE query LOOP
			RETURN NEXT plain(line, set);
		END LOOP;
	ELSE
		DECLARE
			one record;
		BEGIN
			FOR one IN EXECUTE query LOOP
				RETURN NEXT plain(one::text, set);
			END LOOP;
		END;
	END IF;
END $$;
CREATE FUNCTION compare(statement text, OUT rows bigint, OUT same boolean, OUT within_with boolean, OUT sample text) LANGUAGE plpgsql AS $$
DECLARE
	several text[] := ARRAY(SELECT rows_of(statement, 'A', true, false) ORDER BY 1);
	others text[];
BEGIN
	rows := cardinality(several);
	same := several = ARRAY(SELECT rows_of(statement, 'B', false, false) ORDER BY 1);
	-- Again, with other values.
	statement := replace(statement, 'name 1', 'name 2');
	others := ARRAY(SELECT rows_of(statement, 'A', true, true) ORDER BY 1);
	within_with := others = ARRAY(SELECT rows_of(statement, 'B', false, true) ORDER BY 1);
	sample := several[1];
END $$;

-- How many at once, and how many at all.
\! emu option latency=20
\! emu reset
INSERT INTO docs (friendly_name) SELECT 'Many ' || i FROM generate_series(1, 100) i RETURNING friendly_name \g /dev/null
\! emu count in_flight_max
\! emu count total
\! emu reset
UPDATE docs SET friendly_name = 'More' WHERE friendly_name LIKE 'Many%' RETURNING friendly_name \g /dev/null
\! emu count in_flight_max
\! emu count update
\! emu reset
DELETE FROM docs WHERE friendly_name = 'More' RETURNING friendly_name \g /dev/null
\! emu count in_flight_max
\! emu count delete
-- This is how sids get to where they belong.
CREATE TABLE clients (id int PRIMARY KEY, name text, sid text);
INSERT INTO clients SELECT i, 'Client ' || i FROM generate_series(1, 40) i;
\! emu reset
WITH new AS (INSERT INTO docs (friendly_name) SELECT name FROM clients ORDER BY id DESC RETURNING sid, friendly_name)
UPDATE clients SET sid = new.sid FROM new WHERE new.friendly_name = clients.name;
\! emu count in_flight_max
SELECT count(*) FROM clients JOIN docs USING (sid) WHERE name = friendly_name;
-- ... and one by one.
SET regdocs_fdw.returning_ahead = off;
\! emu reset
INSERT INTO docs (friendly_name) SELECT 'Many ' || i FROM generate_series(1, 5) i RETURNING friendly_name;
\! emu count in_flight_max
RESET regdocs_fdw.returning_ahead;
DELETE FROM docs WHERE friendly_name LIKE 'Many%';

-- Rows come in the order of the input, however long each takes.
\! emu fault action=slow ms=200 skip=3 path=create
\! emu fault action=slow ms=100 skip=11 path=create
SELECT bool_and(name = 'Many ' || n) FROM (
	SELECT name, row_number() OVER () AS n FROM rows_of($$INSERT INTO docs (friendly_name) SELECT 'Many ' || i FROM generate_series(1, 70) i RETURNING friendly_name || '' AS name$$, 'x', true, false) line,
		LATERAL (SELECT trim(line, '("set)')) l (name)) s;
DELETE FROM docs WHERE friendly_name LIKE 'Many%';

-- Creates.
\! emu option latency=0
SELECT * FROM compare($$INSERT INTO docs (friendly_name) VALUES ('name 1 {set} 1'), ('name 1 {set} 2'), ('name 1 {set} 3') RETURNING *$$);
SELECT * FROM compare($$INSERT INTO docs (friendly_name, attributes) SELECT 'name 1 {set} ' || n, jsonb_build_object('m', n) FROM customers WHERE set = '{set}' ORDER BY n DESC RETURNING friendly_name, attributes, attributes ->> 'n' AS n$$);
SELECT * FROM compare($$INSERT INTO docs (friendly_name) SELECT 'name 1 {set} ' || n FROM orders WHERE set = '{set}' RETURNING docs, docs.*, tableoid::regclass, docs IS NULL, (docs).type, row_to_json(docs) ->> 'type'$$);
SELECT * FROM compare($$INSERT INTO docs (friendly_name) SELECT 'name 1 {set} ' || n FROM orders WHERE set = '{set}' ORDER BY n RETURNING (SELECT title FROM orders o WHERE o.set = '{set}' AND docs.friendly_name = 'name 1 {set} ' || o.n), upper(type), now() = now(), (SELECT max(title) FROM orders)$$);
SELECT * FROM compare($$INSERT INTO docs (friendly_name, type) (SELECT 'name 1 {set} ' || n, 'passport' FROM orders WHERE set = '{set}' UNION ALL SELECT 'name 1 copy', type FROM docs WHERE friendly_name LIKE 'Client%') RETURNING friendly_name$$);
SELECT * FROM compare($$WITH x AS MATERIALIZED (SELECT n FROM orders WHERE set = '{set}') INSERT INTO docs (friendly_name) SELECT 'name 1 {set} ' || n FROM x ORDER BY n LIMIT 17 RETURNING friendly_name$$);
CREATE VIEW named AS SELECT friendly_name AS name, sid AS key, type FROM docs WHERE type = 'passport';
SELECT * FROM compare($$INSERT INTO named (name, type) SELECT 'name 1 {set} ' || n, 'passport' FROM orders WHERE set = '{set}' RETURNING *, named$$);
-- Of a sequence, no value more than there are rows.
CREATE SEQUENCE numbers;
SELECT * FROM compare($$INSERT INTO docs (friendly_name) SELECT 'name 1 {set} ' || n || left(nextval('numbers')::text, 0) FROM orders WHERE set = '{set}' RETURNING friendly_name$$);
SELECT last_value = (SELECT 2 * count(*) FROM orders) FROM numbers;

-- Changes.
SELECT * FROM compare($$UPDATE docs SET friendly_name = 'name 1 {set}' FROM customers c WHERE c.sid = docs.sid AND set = '{set}' RETURNING docs.*, n$$);
SELECT * FROM compare($$UPDATE docs d SET friendly_name = 'name 1 {set} ' || o.title, attributes = d.attributes || jsonb_build_object('title', title, 'name 1', 1) FROM customers c LEFT JOIN orders o ON o.sid = c.sid AND o.n % 4 = 0 WHERE c.sid = d.sid AND c.set = '{set}' AND o.sid IS NOT NULL RETURNING d.friendly_name, d.attributes ->> 'title', o, o.pair, c, c.*, d.tableoid::regclass, d IS NOT NULL$$);
-- What an outer join may leave out, and subqueries of other rows.
SELECT * FROM compare($$UPDATE docs d SET friendly_name = 'name 1 {set}' FROM customers c LEFT JOIN (SELECT sid, coalesce(title, 'none') AS title, n + 0 AS m FROM orders OFFSET 0) o ON o.sid = c.sid LEFT JOIN (SELECT sid, coalesce(title, 'none') AS title FROM orders) p ON p.sid = c.sid WHERE c.sid = d.sid AND c.set = '{set}' RETURNING c.n, o.title, m, p.title, coalesce(p.title, '-'), (SELECT count(*) FROM orders x WHERE x.n < c.n AND p.title IS NOT NULL)$$);
SELECT * FROM compare($$UPDATE docs d SET friendly_name = 'name 1 {set}' FROM (SELECT sid, n FROM customers c WHERE set = '{set}' OFFSET 0) s WHERE s.sid = d.sid RETURNING s, s.n$$);
SELECT * FROM compare($$UPDATE docs d SET (friendly_name, attributes) = (SELECT 'name 1 {set} ' || title, jsonb_build_object('name 1', pair) FROM orders o WHERE o.sid = d.sid) WHERE sid IN (SELECT sid FROM orders WHERE set = '{set}') RETURNING friendly_name, attributes$$);
SELECT * FROM compare($$UPDATE named SET name = 'name 1 {set} ' || title FROM orders o WHERE o.sid = key AND set = '{set}' RETURNING *$$);
-- A row that does not change comes as it is, between others; one that is met twice is written once.
SELECT * FROM compare($$UPDATE docs d SET friendly_name = CASE WHEN n % 3 = 0 THEN d.friendly_name ELSE 'name 1 {set} ' || n END FROM customers c, generate_series(1, 2) twice WHERE c.sid = d.sid AND set = '{set}' RETURNING n, n % 3 = 0 OR d.friendly_name = 'name 1 {set} ' || n AS right, type, date_updated IS NULL$$);
\! emu reset
UPDATE docs d SET friendly_name = 'Twice' FROM customers c, generate_series(1, 3) thrice WHERE c.sid = d.sid AND set = 'A' AND n <= 10 RETURNING left(d.friendly_name, 5);
\! emu count update
UPDATE docs d SET friendly_name = 'Twice' FROM customers c WHERE c.sid = d.sid AND set = 'A' AND n <= 3 RETURNING friendly_name, d.type;
\! emu count update

-- Deletions: the rows as they were.
UPDATE docs d SET friendly_name = 'Again ' || n FROM customers c WHERE c.sid = d.sid;
SELECT * FROM compare($$DELETE FROM docs d USING customers c WHERE c.sid = d.sid AND set = '{set}' AND n <= replace('name 10', 'name ', '')::int RETURNING c.n, d.type, c, d.*$$);
SELECT * FROM compare($$DELETE FROM docs d USING orders o LEFT JOIN (SELECT sid, coalesce(n, 0) AS m FROM customers) c ON c.sid = o.sid AND c.m > 50, generate_series(1, 2) WHERE o.sid = d.sid AND set = '{set}' AND n <= 16 + replace('name 10', 'name ', '')::int RETURNING m, o.title, d.tableoid::regclass$$);
SELECT * FROM compare($$DELETE FROM docs WHERE sid IN (SELECT sid FROM customers WHERE set = '{set}' AND n <= 16 + replace('name 10', 'name ', '')::int) RETURNING docs, attributes$$);

-- Plans that are used again, with parameters.
PREPARE add_some(text, int) AS INSERT INTO docs (friendly_name) SELECT $1 || i FROM generate_series(1, $2) i RETURNING friendly_name, $2 AS n;
PREPARE rename(text, int) AS UPDATE docs d SET friendly_name = $1 FROM customers c WHERE c.sid = d.sid AND n > 40 - $2 AND set = 'B' RETURNING d.friendly_name, $2 AS m;
PREPARE remove(text) AS DELETE FROM docs WHERE friendly_name LIKE $1 || '%' RETURNING left(friendly_name, 3);
EXECUTE add_some('One ', 1); EXECUTE add_some('Two ', 2); EXECUTE add_some('Three ', 1); EXECUTE add_some('Four ', 1); EXECUTE add_some('Five ', 1);
EXECUTE add_some('Six ', 3); EXECUTE add_some('Seven ', 2);
EXECUTE rename('a', 1); EXECUTE rename('b', 1); EXECUTE rename('c', 1); EXECUTE rename('d', 1); EXECUTE rename('e', 1);
EXECUTE rename('f', 2); EXECUTE rename('g', 3);
EXECUTE remove('One'); EXECUTE remove('Two'); EXECUTE remove('Three'); EXECUTE remove('Four'); EXECUTE remove('Five');
EXECUTE remove('Six'); EXECUTE remove('S');
-- What has changed since is heeded: a trigger, another way to write.
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE NOTICE '% %', TG_WHEN, NEW.friendly_name;
	RETURN NEW;
END $$;
CREATE TRIGGER note AFTER INSERT ON docs FOR EACH ROW EXECUTE FUNCTION note();
EXECUTE add_some('Triggered ', 2);
DROP TRIGGER note ON docs;
\! emu option latency=20
\! emu reset
EXECUTE add_some('Not triggered ', 20) \g /dev/null
\! emu count in_flight_max
ALTER FOREIGN TABLE docs OPTIONS (ADD write_mode 'at_commit');
SELECT state, message FROM tell('EXECUTE add_some(''Late '', 1)');
ALTER FOREIGN TABLE docs OPTIONS (DROP write_mode);

-- No more is sent than what is asked for.
CREATE FUNCTION into_one() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	one text;
BEGIN
	INSERT INTO docs (friendly_name) SELECT 'Into ' || i FROM generate_series(1, 50) i RETURNING friendly_name INTO one;
	RETURN one;
END $$;
\! emu reset
SELECT state, message FROM tell('SELECT into_one()');
\! emu count create
CREATE FUNCTION strict_one(number int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	one text;
BEGIN
	UPDATE docs SET friendly_name = 'Into ' || number WHERE friendly_name LIKE 'Into%' RETURNING friendly_name INTO STRICT one;
	RETURN one;
END $$;
\! emu reset
SELECT state, message FROM tell('SELECT strict_one(1)');
\! emu count update
DELETE FROM docs WHERE friendly_name LIKE 'Into%';
INSERT INTO docs (friendly_name) VALUES ('Into 0');
SELECT strict_one(1), strict_one(2), strict_one(3), strict_one(4), strict_one(5), strict_one(6), strict_one(7);
-- A cursor has all of it done, as it has with a local table.
\! emu reset
DO $$
DECLARE
	c refcursor;
	one text;
BEGIN
	OPEN c FOR EXECUTE 'INSERT INTO docs (friendly_name) SELECT ''Cursor '' || i FROM generate_series(1, 30) i RETURNING friendly_name';
	FETCH c INTO one;
	RAISE NOTICE '%', one;
	CLOSE c;
END $$;
\! emu count create
-- So is what stands in WITH, however much of it is read.
\! emu reset
WITH new AS (INSERT INTO docs (friendly_name) SELECT 'With ' || i FROM generate_series(1, 90) i RETURNING friendly_name) SELECT * FROM new LIMIT 2;
\! emu count create
WITH new AS (INSERT INTO docs (friendly_name) SELECT 'With ' || i FROM generate_series(1, 90) i RETURNING friendly_name) SELECT 1 AS one;
\! emu count create
CREATE FUNCTION add_in_sql() RETURNS SETOF text LANGUAGE sql AS $$INSERT INTO docs (friendly_name) SELECT 'SQL ' || i FROM generate_series(1, 40) i RETURNING friendly_name$$;
SELECT count(*) FROM add_in_sql();
SELECT add_in_sql() LIMIT 1;
SELECT friendly_name LIKE 'SQL%' AS sql, count(*) FROM docs WHERE friendly_name LIKE 'SQL%' OR friendly_name LIKE 'With%' OR friendly_name LIKE 'Cursor%' GROUP BY 1 ORDER BY 1;

-- Rows are counted as those of the statement, and not where they are of a part of it.
DO $$
DECLARE
	n bigint;
BEGIN
	EXECUTE 'INSERT INTO docs (friendly_name) SELECT ''Counted'' FROM generate_series(1, 20) RETURNING sid';
	GET DIAGNOSTICS n = ROW_COUNT;
	RAISE NOTICE '%', n;
	EXECUTE 'WITH gone AS (DELETE FROM docs WHERE friendly_name = ''Counted'' RETURNING sid) INSERT INTO clients SELECT 1000, ''Gone'', min(sid) FROM gone';
	GET DIAGNOSTICS n = ROW_COUNT;
	RAISE NOTICE '%', n;
END $$;

-- Functions, and what they read, see nothing of the statement's creates.
CREATE FUNCTION number_of() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT count(*) FROM docs WHERE friendly_name LIKE 'Own%');
END $$;
\! emu reset
SELECT count(*), count(DISTINCT name), min(name) FROM rows_of('INSERT INTO docs (friendly_name) SELECT ''Own '' || number_of() FROM generate_series(1, 50) i RETURNING friendly_name', 'A', true, false) name;
\! emu count in_flight_max
-- ... however much of that is read at first.
INSERT INTO docs (friendly_name) SELECT 'Twice' FROM generate_series(1, 60);
WITH new AS (INSERT INTO docs (friendly_name) SELECT 'Own ' || number_of() FROM generate_series(1, 60) i RETURNING friendly_name),
	changed AS (UPDATE docs SET friendly_name = 'Twice more' WHERE friendly_name = 'Twice' RETURNING friendly_name)
SELECT * FROM (SELECT friendly_name FROM new LIMIT 1) n, (SELECT friendly_name FROM changed LIMIT 1) c;
SELECT friendly_name, count(*) FROM docs WHERE friendly_name LIKE 'Own%' OR friendly_name LIKE 'Twice%' GROUP BY 1 ORDER BY 1;

-- Several parts that write to the same documents: each write in its turn, though nobody reads on in the first part.
WITH a AS (UPDATE docs SET friendly_name = 'Part a' || plain('', '') WHERE friendly_name = 'Twice more' RETURNING sid, friendly_name),
	b AS (UPDATE docs SET friendly_name = 'Part b' || plain('', '') WHERE friendly_name = 'Twice more' RETURNING sid, friendly_name)
SELECT (SELECT friendly_name FROM a LIMIT 1) AS a, (SELECT count(*) FROM b) AS b, (SELECT count(*) FROM a) AS all_of_a;
SELECT friendly_name, count(*) FROM docs WHERE friendly_name LIKE 'Part%' GROUP BY 1;

-- Statement triggers, before and after.
CREATE FUNCTION tell_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE NOTICE '% %: %', TG_WHEN, TG_OP, (SELECT count(*) FROM docs WHERE friendly_name LIKE 'Told%');
	RETURN NULL;
END $$;
CREATE TRIGGER before BEFORE INSERT OR UPDATE OR DELETE ON docs EXECUTE FUNCTION tell_number();
CREATE TRIGGER after AFTER INSERT OR UPDATE OR DELETE ON docs EXECUTE FUNCTION tell_number();
INSERT INTO docs (friendly_name) SELECT 'Told ' || i FROM generate_series(1, 20) i RETURNING sid \g /dev/null
UPDATE docs SET friendly_name = 'Untold' WHERE friendly_name LIKE 'Told 1%' RETURNING sid \g /dev/null
WITH gone AS (DELETE FROM docs WHERE friendly_name LIKE 'Told%' RETURNING sid) SELECT count(*) FROM gone;
DROP TRIGGER before ON docs;
DROP TRIGGER after ON docs;

-- As before: row triggers, checks of views, partitions that rows are routed to, ON CONFLICT.
CREATE TRIGGER note BEFORE INSERT ON docs FOR EACH ROW EXECUTE FUNCTION note();
\! emu reset
INSERT INTO docs (friendly_name) VALUES ('Row 1'), ('Row 2'), ('Row 3') RETURNING friendly_name;
\! emu count in_flight_max
DROP TRIGGER note ON docs;
CREATE VIEW passports AS SELECT sid, friendly_name, type FROM docs WHERE type = 'passport' WITH CHECK OPTION;
INSERT INTO passports (friendly_name, type) VALUES ('Checked 1', 'passport'), ('Checked 2', 'passport') RETURNING friendly_name, type;
SELECT state FROM tell($$INSERT INTO passports (friendly_name, type) VALUES ('Checked 3', 'other') RETURNING sid$$);
\! emu count in_flight_max
SELECT pg_temp.explain($$INSERT INTO docs (friendly_name) VALUES ('x') ON CONFLICT DO NOTHING RETURNING sid$$);
INSERT INTO docs (friendly_name) VALUES ('Conflict 1'), ('Conflict 2') ON CONFLICT DO NOTHING RETURNING friendly_name;
CREATE TABLE parted (sid text, friendly_name text, type text) PARTITION BY LIST (type);
CREATE FOREIGN TABLE parted_1 (type text, sid text, friendly_name text) SERVER emulator;
ALTER TABLE parted ATTACH PARTITION parted_1 FOR VALUES IN ('passport');
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN ('local');
INSERT INTO parted (friendly_name, type) VALUES ('Parted 1', 'passport'), ('Parted 2', 'local'), ('Parted 3', 'passport') RETURNING friendly_name, tableoid::regclass;
SELECT pg_temp.explain($$UPDATE parted SET friendly_name = friendly_name || '+' WHERE friendly_name LIKE 'Parted%' RETURNING friendly_name$$);
UPDATE parted SET friendly_name = friendly_name || '+' WHERE friendly_name LIKE 'Parted%' RETURNING friendly_name, tableoid::regclass;
-- Stored generated columns, and what PostgreSQL 18 has of the old row and the new one.
CREATE FOREIGN TABLE generated (friendly_name text, type text, attributes text GENERATED ALWAYS AS ('{"of": "' || friendly_name || '"}') STORED) SERVER emulator;
INSERT INTO generated (friendly_name, type) VALUES ('Generated 1', 'passport'), ('Generated 2', 'passport') RETURNING friendly_name, attributes::jsonb;
DO $$
DECLARE
	line text := 'Generated 1 > Generated 3 > Generated 3';
BEGIN
	IF current_setting('server_version_num')::int >= 180000 THEN
		EXECUTE 'UPDATE docs SET friendly_name = ''Generated 3'' WHERE friendly_name = ''Generated 1'' RETURNING concat_ws('' > '', old.friendly_name, new.friendly_name, friendly_name)' INTO STRICT line;
	END IF;
	RAISE NOTICE '%', line;
END $$;
-- One partition alone is written to several at a time, also by its parent's name.
SELECT pg_temp.explain($$UPDATE parted SET friendly_name = 'Parted' WHERE friendly_name LIKE 'Parted%' AND type = 'passport' RETURNING friendly_name$$);
UPDATE parted SET friendly_name = 'Parted' WHERE friendly_name LIKE 'Parted%' AND type = 'passport' RETURNING friendly_name, type, plain(parted::text, 'x'), tableoid::regclass = 'parted_1'::regclass AS its_table, sid IS NOT NULL AS named;
DELETE FROM parted p USING orders o WHERE p.type = 'passport' AND friendly_name = 'Parted' AND o.n = 4 RETURNING friendly_name, o.title, p.tableoid::regclass;
INSERT INTO parted_1 (friendly_name, type) VALUES ('Parted 5', 'passport'), ('Parted 6', 'passport') RETURNING friendly_name, type;

-- Plans, in all formats.
SELECT pg_temp.explain($$INSERT INTO docs (friendly_name) VALUES ('x'), ('y') RETURNING sid$$);
SELECT pg_temp.explain($$DELETE FROM docs d USING customers c WHERE c.sid = d.sid AND n = 1 RETURNING c.n$$, 'COSTS OFF, VERBOSE');
SELECT pg_temp.explain_analyze($$INSERT INTO docs (friendly_name) VALUES ('Plan 1'), ('Plan 2'), ('Plan 3') RETURNING sid$$);
SELECT regexp_replace(line, '\.00$', '') FROM pg_temp.explain($$UPDATE docs SET friendly_name = 'Plan' WHERE friendly_name LIKE 'Plan%' RETURNING sid$$, 'ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF, FORMAT yaml') t, regexp_split_to_table(t, '\n') line WHERE line ~ 'API|Batch|Operation|Node Type|Actual Rows';
SELECT FROM pg_temp.explain($$DELETE FROM docs WHERE friendly_name = 'Plan' RETURNING sid$$, 'ANALYZE, FORMAT json') t;
SELECT FROM pg_temp.explain($$DELETE FROM docs WHERE friendly_name = 'Plan' RETURNING sid$$, 'ANALYZE, FORMAT xml') t;
SELECT count(*) > 0 AS shown FROM pg_temp.explain($$UPDATE docs d SET friendly_name = 'x' FROM (SELECT sid, row(n, 1) AS pair FROM customers OFFSET 0) c WHERE c.sid = d.sid RETURNING (c.pair).f1, c$$, 'VERBOSE');

-- Failures in the middle.
\! emu reset
\! emu fault action=status status=400 skip=20 path=create
SET client_min_messages = error;
SELECT state, message, regexp_replace(regexp_replace(detail, '^.* Of', 'Of'), '(Of|writes,|failed, and) \d+', '\1 ...', 'g') AS detail FROM tell($$INSERT INTO docs (friendly_name) SELECT 'Failing ' || i FROM generate_series(1, 200) i RETURNING sid$$);
RESET client_min_messages;
\set creates `emu count create`
SELECT count(*) = :creates - 1 AS "all others are known", count(*) < 60 AS "none was begun after it" FROM docs WHERE friendly_name LIKE 'Failing%';
-- ... and the row is named.
ALTER SERVER emulator OPTIONS (SET concurrency '1');
\! emu fault action=status status=400 skip=4 path=create
SET client_min_messages = error;
SELECT state, substring(detail FROM 'It was .*') AS detail FROM tell($$INSERT INTO docs (friendly_name) SELECT 'Named ' || i FROM generate_series(1, 10) i RETURNING sid$$);
RESET client_min_messages;
ALTER SERVER emulator OPTIONS (SET concurrency '16');
-- A row that is refused, after others were read: nothing is sent.
\! emu reset
SELECT state, message FROM tell($$INSERT INTO docs (friendly_name) SELECT CASE WHEN i < 10 THEN 'Refused' END FROM generate_series(1, 20) i RETURNING sid$$);
\! emu count total
-- ... or others are sent: these are at their end.
SET client_min_messages = error;
SELECT state, message FROM tell($$INSERT INTO docs (friendly_name) SELECT CASE WHEN i < 60 THEN 'Refused' END FROM generate_series(1, 70) i RETURNING sid$$);
RESET client_min_messages;
\set creates `emu count create`
SELECT count(*) = :creates FROM docs WHERE friendly_name = 'Refused';
-- RETURNING fails at the fifth row, when more are created.
\! emu reset
SET client_min_messages = error;
SELECT state, message FROM tell($$INSERT INTO docs (friendly_name) SELECT i FROM generate_series(1, 100) i RETURNING 1 / (5 - friendly_name::int)$$);
RESET client_min_messages;
\set created `emu count created`
SELECT :created BETWEEN 5 AND 32 AS "and no more than two windows";
-- An object that is gone, and one that is deleted by somebody else meanwhile.
\! emu fault action=status status=404 skip=2 path=update
SET client_min_messages = error;
SELECT state, message FROM tell($$UPDATE docs SET attributes = '{"gone": true}' WHERE friendly_name LIKE 'Client%' RETURNING sid$$);
RESET client_min_messages;
\! emu clear
\! emu fault action=status status=404 skip=2 path=delete
SELECT count(*) FROM rows_of($$DELETE FROM docs WHERE friendly_name LIKE 'Client 1%' RETURNING sid$$, 'x', true, false);
-- Throttled for a while: no row is lost, and the order stays.
\! emu fault action=status status=429 skip=1 count=3 retry_after=0 path=create
SELECT bool_and(friendly_name = 'Throttled ' || n) FROM (SELECT trim(name, '()"') AS friendly_name, row_number() OVER () AS n FROM rows_of($$INSERT INTO docs (friendly_name) SELECT 'Throttled ' || i FROM generate_series(1, 40) i RETURNING friendly_name$$, 'x', true, false) name) s;
-- In a block whose error is caught.
DO $$
DECLARE
	one text;
BEGIN
	FOR one IN INSERT INTO docs (friendly_name) SELECT 'Block ' || i FROM generate_series(1, 20) i RETURNING friendly_name LOOP
		BEGIN
			IF one = 'Block 7' THEN
				RAISE division_by_zero;
			END IF;
		EXCEPTION WHEN division_by_zero THEN
			RAISE NOTICE 'caught';
		END;
	END LOOP;
END $$;
SELECT count(*) FROM docs WHERE friendly_name LIKE 'Block%';

-- Large rows, and many: bounded by work_mem, or on disk.
SET work_mem = '64kB';
CREATE TABLE large AS SELECT n, repeat(md5(n::text), 500) AS text FROM generate_series(1, 60) n;
SELECT count(*), sum(length) FROM (SELECT trim(length, '()')::int AS length FROM rows_of($$INSERT INTO docs (friendly_name, attributes) SELECT 'Large', jsonb_build_object('text', text) FROM large ORDER BY n RETURNING length(attributes ->> 'text')$$, 'x', true, false) length) s;
SELECT count(*), bool_and(line LIKE '(t,%') FROM rows_of($$UPDATE docs SET attributes = jsonb_build_object('a', large.text) FROM large WHERE friendly_name = 'Large' AND docs.attributes ->> 'text' = large.text RETURNING attributes ->> 'a' = large.text, large.n$$, 'x', true, false) line;
SELECT count(*), bool_and(line LIKE '(t)%') FROM rows_of($$DELETE FROM docs USING large WHERE friendly_name = 'Large' AND attributes ->> 'a' = large.text || plain('', '') RETURNING attributes ->> 'a' = large.text$$, 'x', true, false) line;
RESET work_mem;
