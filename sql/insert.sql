-- emulator: --documents 20
\i sql/include/emulator.psql
\i sql/include/write.psql
\set VERBOSITY terse

-- What is sent is what was said, and no more.
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Plain', 'passport');
\set requests `emu get requests?n=1`
SELECT * FROM sent(:'requests');
-- Every digit survives; so do quotes, blanks, &, = and other scripts.
INSERT INTO supporting_documents (friendly_name, type, attributes)
	VALUES (E'A & B = "C"\n+ŁÓDŹ 東京 %41', 'passport',
			'{"n": 12345678901234567890.10, "b": true, "list": ["x", null], "name": "Zoë"}');
\set requests `emu get requests?n=1`
SELECT * FROM sent(:'requests');
SELECT friendly_name, type, status, mime_type, attributes
	FROM supporting_documents WHERE attributes ? 'list' AND type = 'passport' AND friendly_name LIKE 'A &%';

-- RETURNING gives what the API answered, and that is what a SELECT finds.
CREATE TEMPORARY TABLE returned AS TABLE supporting_documents WITH NO DATA;
WITH new AS (
	INSERT INTO supporting_documents (friendly_name, type, attributes)
	VALUES ('Returned 1', 'passport', '{"a": 1.50}'), ('Returned 2', 'utility_bill', NULL)
	RETURNING *)
INSERT INTO returned SELECT * FROM new;
SELECT friendly_name, status, attributes, sid ~ '^RD[0-9a-f]{32}$' AS sid, date_created IS NOT NULL AS dated
	FROM returned ORDER BY 1;
SELECT count(*) FROM returned JOIN supporting_documents d USING (sid)
	WHERE returned IS NOT DISTINCT FROM d;

-- Many rows, in batches; the count is right, and so is the number of requests.
\! emu reset
WITH new AS (
	INSERT INTO supporting_documents (friendly_name, type)
	SELECT 'Many ' || i, 'passport' FROM generate_series(1, 200) i RETURNING sid)
SELECT count(DISTINCT sid) FROM new;
INSERT INTO supporting_documents (friendly_name, type)
	SELECT 'Many ' || i, 'passport' FROM generate_series(201, 500) i;
\set creates `emu count create`
SELECT :creates;
SELECT count(*), count(DISTINCT friendly_name) FROM supporting_documents WHERE friendly_name LIKE 'Many %';
\unset QUIET
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Tagged', 'passport' FROM generate_series(1, 3);
\set QUIET on

-- Before any request: what is missing, what cannot be set, what is no object.
\! emu reset
\set VERBOSITY default
INSERT INTO supporting_documents (friendly_name) VALUES ('x');
INSERT INTO supporting_documents (type, friendly_name) VALUES ('passport', NULL);
INSERT INTO supporting_documents (friendly_name, type, status) VALUES ('x', 'passport', 'approved');
INSERT INTO supporting_documents (friendly_name, type, sid) VALUES ('x', 'passport', 'RD00000000000000000000000000000000');
INSERT INTO supporting_documents (friendly_name, type, attributes) VALUES ('x', 'passport', '["secret"]');
INSERT INTO supporting_documents (friendly_name, type, attributes) VALUES ('x', 'passport', '"secret"');
INSERT INTO supporting_documents (friendly_name, type, attributes) VALUES ('x', 'passport', 'null');
-- One bad row keeps its whole batch from being sent.
INSERT INTO supporting_documents (friendly_name, type) VALUES ('x', 'passport'), ('y', NULL);
\set VERBOSITY terse
\set creates `emu count create`
SELECT :creates AS "nothing was sent";

-- Columns of other types and names, fewer of them, and in another order.
CREATE FOREIGN TABLE renamed (kind varchar(40) OPTIONS (column_name 'type'),
	data json OPTIONS (column_name 'attributes'), dropped text OPTIONS (column_name 'url'),
	name char(12) OPTIONS (column_name 'friendly_name')) SERVER emulator;
ALTER FOREIGN TABLE renamed DROP COLUMN dropped;
INSERT INTO renamed VALUES ('passport', '{"b":1.0,  "a":2, "a":3}', 'padded');
\set requests `emu get requests?n=1`
SELECT * FROM sent(:'requests');
CREATE FOREIGN TABLE textual (type text, attributes text, friendly_name text) SERVER emulator;
INSERT INTO textual VALUES ('passport', ' {"k": "v"}', 'text');
\set requests `emu get requests?n=1`
SELECT * FROM sent(:'requests');
SELECT * FROM tell($$INSERT INTO textual VALUES ('passport', '{"k": ', 'text')$$);
SELECT * FROM tell($$INSERT INTO textual VALUES ('passport', '', 'text')$$);
-- Two columns for one field: one of them can be given.
CREATE FOREIGN TABLE twice (a text OPTIONS (column_name 'friendly_name'),
	b text OPTIONS (column_name 'friendly_name'), type text) SERVER emulator;
INSERT INTO twice VALUES (NULL, 'second', 'passport');
SELECT * FROM tell($$INSERT INTO twice VALUES ('first', 'second', 'passport')$$);
-- A field that every create needs has no column.
CREATE FOREIGN TABLE untyped (sid text, friendly_name text) SERVER emulator;
SELECT * FROM tell($$INSERT INTO untyped VALUES (NULL, 'x')$$);

-- ON CONFLICT DO NOTHING without a target is a plain INSERT.
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Conflict', 'passport') ON CONFLICT DO NOTHING;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Conflict', 'passport') ON CONFLICT (sid) DO NOTHING;
SELECT count(*) FROM supporting_documents WHERE friendly_name = 'Conflict';

-- Prepared statements, PL/pgSQL.
PREPARE add(text) AS INSERT INTO supporting_documents (friendly_name, type) VALUES ($1, 'passport') RETURNING friendly_name;
EXECUTE add('p1');
SET plan_cache_mode = force_generic_plan;
EXECUTE add('p2');
RESET plan_cache_mode;
DO $$
DECLARE
	new_sid text;
BEGIN
	FOR i IN 1..7 LOOP
		INSERT INTO supporting_documents (friendly_name, type) VALUES ('loop ' || i, 'passport')
			RETURNING sid INTO STRICT new_sid;
		PERFORM FROM supporting_documents WHERE sid = new_sid AND friendly_name = 'loop ' || i;
		ASSERT FOUND, 'what was created is there';
	END LOOP;
END $$;

-- A document of its own reading: the scan is over before the first is created.
\! emu reset
INSERT INTO supporting_documents (friendly_name, type)
	SELECT 'Copy of ' || friendly_name, type FROM supporting_documents WHERE friendly_name LIKE 'p_';
SELECT friendly_name FROM supporting_documents WHERE friendly_name LIKE 'Copy of%' ORDER BY 1;

-- Triggers: what BEFORE changes is sent, and AFTER sees the answer.
CREATE TABLE journal (n serial, what text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_LEVEL = 'STATEMENT' THEN
		INSERT INTO journal (what) SELECT TG_WHEN || ' ' || TG_OP || ' statement sees ' || count(*)
			FROM supporting_documents WHERE friendly_name LIKE 'T%';
		RETURN NULL;
	END IF;
	IF TG_WHEN = 'BEFORE' THEN
		IF NEW.friendly_name = 'skip' THEN RETURN NULL; END IF;
		NEW.friendly_name := 'T ' || NEW.friendly_name;
	END IF;
	INSERT INTO journal (what) VALUES (TG_WHEN || ' ' || TG_OP || ' ' || NEW.friendly_name
		|| ' ' || coalesce(NEW.status::text, '-') || ' ' || (NEW.sid IS NOT NULL));
	RETURN NEW;
END $$;
CREATE TRIGGER note_after_statement AFTER INSERT ON supporting_documents FOR EACH STATEMENT EXECUTE FUNCTION note();
INSERT INTO supporting_documents (friendly_name, type) SELECT 'T' || i, 'passport' FROM generate_series(1, 20) i;
-- ... also where it runs before the executor is done with the statement, and where
-- there is no executor, however long the creates take.
\! emu fault action=slow ms=200 path=create count=2
WITH w AS (INSERT INTO supporting_documents (friendly_name, type) VALUES ('T21', 'passport')) SELECT 1 AS one;
COPY supporting_documents (friendly_name, type) FROM PROGRAM $$printf 'T22,passport\n'$$ (FORMAT csv);
CREATE TRIGGER note_before BEFORE INSERT ON supporting_documents FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER note_after AFTER INSERT ON supporting_documents FOR EACH ROW EXECUTE FUNCTION note();
INSERT INTO supporting_documents (friendly_name, type) VALUES ('one', 'passport'), ('skip', 'passport'), ('two', 'passport')
	RETURNING friendly_name, status;
SELECT what FROM journal ORDER BY n;
DROP TRIGGER note_before ON supporting_documents;
DROP TRIGGER note_after ON supporting_documents;
DROP TRIGGER note_after_statement ON supporting_documents;

-- Views, with and without a check.
CREATE VIEW passports AS SELECT sid, friendly_name, type FROM supporting_documents WHERE type = 'passport' WITH CHECK OPTION;
INSERT INTO passports (friendly_name, type) VALUES ('viewed', 'passport') RETURNING friendly_name, sid IS NOT NULL AS named;
SELECT state, message FROM tell($$INSERT INTO passports (friendly_name, type) VALUES ('refused', 'utility_bill')$$);

-- Rows that a partitioned table routes.
CREATE TABLE parted (friendly_name text, type text) PARTITION BY LIST (type);
CREATE FOREIGN TABLE parted_passports PARTITION OF parted FOR VALUES IN ('passport') SERVER emulator;
CREATE TABLE parted_others PARTITION OF parted DEFAULT;
INSERT INTO parted SELECT 'Parted ' || i, CASE WHEN i % 2 = 0 THEN 'passport' ELSE 'other' END FROM generate_series(1, 10) i;
SELECT tableoid::regclass, count(*) FROM parted WHERE friendly_name LIKE 'Parted%' GROUP BY 1 ORDER BY 1;
INSERT INTO parted VALUES ('Parted 11', 'passport'), ('Parted 12', 'other') RETURNING *;

-- Transition tables, which core refuses after the rows were written.
CREATE FUNCTION count_rows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% rows', (SELECT count(*) FROM rows); RETURN NULL; END $$;
CREATE TRIGGER count_rows AFTER INSERT ON parted REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION count_rows();
\! emu reset
INSERT INTO parted SELECT 'Parted ' || i, 'passport' FROM generate_series(1, 10) i;
COPY parted FROM PROGRAM $$printf 'Parted,passport\n'$$ (FORMAT csv);
INSERT INTO parted VALUES ('Parted 13', 'other');
\! emu count create
DROP TRIGGER count_rows ON parted;
CREATE TRIGGER count_rows AFTER DELETE ON parted REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION count_rows();
INSERT INTO parted VALUES ('Parted 14', 'passport');
\! emu count create
DROP TRIGGER count_rows ON parted;

-- The role whose mapping is used is the one whose rights are checked.
DROP USER MAPPING FOR PUBLIC SERVER emulator;
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('x', 'passport')$$);

-- Plans.
CREATE FUNCTION explain_json(query text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (COSTS OFF, FORMAT json) ' || query INTO plan;
	RETURN plan -> 0 -> 'Plan';
END $$;
EXPLAIN (COSTS OFF) INSERT INTO supporting_documents (friendly_name, type) SELECT 'x', 'passport';
SELECT plan ->> 'API Request' AS request, plan ->> 'Batch Size' AS batch_size, plan::text LIKE '%secret%' AS has_values
FROM (SELECT explain_json($$INSERT INTO supporting_documents (friendly_name, type, attributes) VALUES ('x', 'passport', '{"secret": 1}') RETURNING sid$$) -> 'Plans' -> 0) node (plan);
ALTER FOREIGN TABLE supporting_documents OPTIONS (batch_size '7');
EXPLAIN (COSTS OFF) INSERT INTO supporting_documents (friendly_name, type) SELECT 'x', 'passport';
