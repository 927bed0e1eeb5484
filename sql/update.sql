-- emulator: --documents 2500 --list-order updated --editable draft,rejected,approved,expired,pending-review,provisionally-approved
\i sql/include/emulator.psql
\i sql/include/write.psql
\i sql/include/explain.psql
\set VERBOSITY terse

-- More documents than three pages, in a list that is ordered by when they
-- were updated: each is changed exactly once, and is one more list request.
ALTER FOREIGN TABLE supporting_documents OPTIONS (page_size '700');
CREATE TEMPORARY TABLE before AS SELECT * FROM supporting_documents;
\! emu reset
UPDATE supporting_documents SET friendly_name = friendly_name || '!';
\set updates `emu count update`
\set lists `emu count list`
SELECT :updates = (SELECT count(friendly_name) FROM before) AS "one request each", :lists;
SELECT count(*) AS "changed otherwise" FROM before b FULL JOIN supporting_documents d USING (sid)
	WHERE b.friendly_name || '!' IS DISTINCT FROM d.friendly_name
	OR (b.type, b.attributes, b.status, b.date_created) IS DISTINCT FROM (d.type, d.attributes, d.status, d.date_created);
DROP TABLE before;

-- Only what changed is sent.
INSERT INTO supporting_documents (friendly_name, type, attributes) VALUES ('Mine', 'passport', '{"a": 1, "b": 1.10}');
\! emu reset
UPDATE supporting_documents SET friendly_name = 'Mine', attributes = attributes || '{"a": 2}' WHERE friendly_name = 'Mine';
\set requests `emu get requests?n=9`
SELECT * FROM sent(:'requests');
UPDATE supporting_documents SET friendly_name = 'Yours', attributes = attributes WHERE friendly_name = 'Mine'
	RETURNING friendly_name, attributes, status, date_updated >= date_created AS later;
\set requests `emu get requests?n=1`
SELECT * FROM sent(:'requests');
-- Nothing changed: nothing is sent, and the row counts.
\! emu reset
\unset QUIET
UPDATE supporting_documents SET friendly_name = friendly_name WHERE friendly_name = 'Yours';
\set QUIET on
UPDATE supporting_documents SET attributes = '{"b": 1.10, "a": 2}' WHERE friendly_name = 'Yours' RETURNING attributes;
\set updates `emu count update`
SELECT :updates;

-- By sid: the document is fetched, and one request changes it.
SELECT sid AS yours FROM supporting_documents WHERE friendly_name = 'Yours' \gset
\! emu reset
UPDATE supporting_documents SET friendly_name = 'By sid' WHERE sid = :'yours';
\set requests `emu get counters`
SELECT :'requests'::json->'requests';

-- Joins; a row that comes more than once is changed once.
CREATE TABLE customers (n int, name text, sid text);
INSERT INTO customers SELECT n, 'Customer ' || n, sid
	FROM (SELECT row_number() OVER (ORDER BY sid) AS n, sid FROM supporting_documents WHERE status = 'draft') s WHERE n <= 20;
INSERT INTO customers SELECT n, name || ' twin', sid FROM customers WHERE n <= 3;
ANALYZE customers;
\! emu reset
\unset QUIET
UPDATE supporting_documents d SET friendly_name = c.name FROM customers c WHERE c.sid = d.sid AND c.n <= 10;
\set QUIET on
\set updates `emu count update`
SELECT :updates;
SELECT count(*) FROM supporting_documents d JOIN customers c USING (sid) WHERE d.friendly_name = c.name;
UPDATE supporting_documents d SET attributes = '{"corrected": true}' FROM customers c
	WHERE c.sid = d.sid AND c.n BETWEEN 11 AND 12 RETURNING d.attributes, c.n;
-- With RETURNING every row is read before the first is written, too.
EXPLAIN (COSTS OFF) UPDATE supporting_documents d SET attributes = '{}' FROM customers c
	WHERE c.sid = d.sid AND c.n = 11 RETURNING d.sid;
SELECT pg_temp.explain($$UPDATE supporting_documents d SET attributes = '{}' FROM customers c
	WHERE c.sid = d.sid AND c.n = 11$$);

-- Refused when planned: no request at all.
\! emu reset
\set VERBOSITY default
UPDATE supporting_documents SET status = 'approved' WHERE sid = :'yours';
UPDATE supporting_documents SET friendly_name = 'x', type = type WHERE sid = :'yours';
UPDATE supporting_documents SET sid = 'RD00000000000000000000000000000000';
EXPLAIN UPDATE supporting_documents SET date_updated = now();
\set total `emu count total`
SELECT :total;
-- Refused when the row is there: nothing is written.
UPDATE supporting_documents SET attributes = NULL WHERE sid = :'yours';
UPDATE supporting_documents SET friendly_name = NULL WHERE sid = :'yours';
UPDATE supporting_documents SET file = NULL WHERE sid = :'yours';
UPDATE supporting_documents SET attributes = '[1]' WHERE sid = :'yours';
\set VERBOSITY terse
\set updates `emu count update`
SELECT :updates;

-- A document that is gone meanwhile.
\! emu fault action=status status=404 path=update
SELECT * FROM tell(format('UPDATE supporting_documents SET friendly_name = %L WHERE sid = %L', 'x', :'yours'));
-- One that may not be edited.
\! emu fault action=status status=409 code=20409 path=update
SELECT * FROM tell(format('UPDATE supporting_documents SET friendly_name = %L WHERE sid = %L', 'x', :'yours'));
-- An answer that does not show the document, as a proxy gives it, is no success.
\! emu fault action=garbage path=update
SELECT * FROM tell(format('UPDATE supporting_documents SET friendly_name = %L WHERE sid = %L', 'x', :'yours'));
\! emu fault action=wrong_shape variant=empty-object path=update
SELECT state, message FROM tell(format('UPDATE supporting_documents SET friendly_name = %L WHERE sid = %L RETURNING sid', 'x', :'yours'));
-- One failure among many: none is begun after it, and all are accounted for.
ALTER SERVER emulator OPTIONS (concurrency '1');
\! emu fault action=status status=400 skip=4 path=update
SELECT * FROM tell($$UPDATE supporting_documents d SET friendly_name = 'again ' || c.n FROM customers c WHERE c.sid = d.sid AND c.n <= 10$$);
SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE 'again %';
ALTER SERVER emulator OPTIONS (DROP concurrency);
-- A change that may have been made is made again; that is safe.
\! emu fault action=reset_after path=update
UPDATE supporting_documents SET friendly_name = 'Reset' WHERE sid = :'yours' RETURNING friendly_name;

-- Triggers.
CREATE FUNCTION amend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.friendly_name = 'forbidden' THEN
		NEW.type := 'other';
	ELSIF NEW.friendly_name = 'skip' THEN
		RETURN NULL;
	ELSE
		NEW.attributes := jsonb_build_object('was', OLD.friendly_name);
	END IF;
	RETURN NEW;
END $$;
CREATE FUNCTION after_amend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE NOTICE '% -> % %', OLD.friendly_name, NEW.friendly_name, NEW.attributes;
	RETURN NULL;
END $$;
CREATE TRIGGER amend BEFORE UPDATE ON supporting_documents FOR EACH ROW EXECUTE FUNCTION amend();
CREATE TRIGGER after_amend AFTER UPDATE ON supporting_documents FOR EACH ROW EXECUTE FUNCTION after_amend();
UPDATE supporting_documents SET friendly_name = 'Amended' WHERE sid = :'yours';
\set requests `emu get requests?n=1`
SELECT * FROM sent(:'requests');
UPDATE supporting_documents SET friendly_name = 'forbidden' WHERE sid = :'yours';
UPDATE supporting_documents SET friendly_name = 'skip' WHERE sid = :'yours' RETURNING friendly_name;
DROP TRIGGER amend ON supporting_documents;
DROP TRIGGER after_amend ON supporting_documents;

-- Views, prepared statements, PL/pgSQL, other columns than sid's usual one.
CREATE VIEW amended AS SELECT sid, friendly_name, status FROM supporting_documents WHERE friendly_name LIKE 'Amended%' WITH CHECK OPTION;
UPDATE amended SET friendly_name = 'Amended too' RETURNING friendly_name, status;
SELECT state, message FROM tell($$UPDATE amended SET friendly_name = 'Out of it'$$);
PREPARE rename(text, text) AS UPDATE supporting_documents SET friendly_name = $2 WHERE sid = $1;
EXECUTE rename(:'yours', 'r1');
EXECUTE rename(:'yours', 'r2');
SET plan_cache_mode = force_generic_plan;
EXECUTE rename(:'yours', 'r3');
RESET plan_cache_mode;
CREATE FOREIGN TABLE padded (attributes json, name varchar OPTIONS (column_name 'friendly_name'), key char(40) OPTIONS (column_name 'sid')) SERVER emulator;
UPDATE padded SET name = name || '+' WHERE key = :'yours' RETURNING name, attributes;

-- A partitioned table.
CREATE TABLE parted (friendly_name text, sid text) PARTITION BY LIST (friendly_name);
CREATE FOREIGN TABLE parted_mine PARTITION OF parted FOR VALUES IN ('r3+', 'r4') SERVER emulator;
CREATE TABLE parted_local PARTITION OF parted DEFAULT;
INSERT INTO parted VALUES ('local', 'RD1');
UPDATE parted SET friendly_name = 'r4' WHERE friendly_name = 'r3+' RETURNING friendly_name, tableoid::regclass;
UPDATE parted SET friendly_name = 'r4' WHERE friendly_name = 'local';
DELETE FROM parted WHERE friendly_name IN ('r4', 'local') RETURNING friendly_name, tableoid::regclass;
