-- emulator: --documents 50 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
\i sql/include/emulator.psql
\i sql/include/write.psql
\i sql/include/explain.psql
\set VERBOSITY terse
ALTER FOREIGN TABLE supporting_documents OPTIONS (write_mode 'at_commit');
CREATE TABLE customers AS SELECT row_number() OVER (ORDER BY sid) AS n, sid, 'Customer' AS name FROM supporting_documents;
CREATE FUNCTION named(pattern text) RETURNS TABLE (name text, number bigint) LANGUAGE sql AS $$
	SELECT friendly_name, count(*) FROM supporting_documents WHERE friendly_name LIKE pattern GROUP BY 1 ORDER BY 1
$$;

-- Nothing is sent before the commit, and then everything.
\! emu reset
BEGIN;
\unset QUIET
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Queued ' || i, 'passport' FROM generate_series(1, 100) i;
UPDATE supporting_documents d SET friendly_name = 'Queued change' FROM customers c WHERE c.sid = d.sid AND c.n <= 3;
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 4;
COPY supporting_documents (friendly_name, type) FROM PROGRAM $$seq -f 'Queued copy %g,passport' 3$$ (FORMAT csv);
\set QUIET on
\set requests `emu get counters`
SELECT :'requests'::json#>'{requests,create}' AS creates, :'requests'::json#>'{requests,update}' AS updates, :'requests'::json#>'{requests,delete}' AS deletes;
SELECT * FROM named('Queued%');
COMMIT;
\set requests `emu get counters`
SELECT :'requests'::json#>'{requests,create}' AS creates, :'requests'::json#>'{requests,update}' AS updates, :'requests'::json#>'{requests,delete}' AS deletes;
SELECT sum(number) FROM named('Queued%');
-- A statement of its own is a transaction of its own.
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Alone', 'passport');
SELECT * FROM named('Alone');

-- ROLLBACK drops what is queued, and there is nothing to warn of.
\! emu reset
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Dropped', 'passport');
ROLLBACK;
-- Savepoints drop and keep their own.
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Level 1', 'passport');
SAVEPOINT a;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Level 2, dropped', 'passport');
SAVEPOINT b;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Level 3, dropped', 'passport');
RELEASE b;
ROLLBACK TO a;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Level 2', 'passport');
SAVEPOINT c;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Level 3', 'passport');
RELEASE a;
SAVEPOINT d;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Level 2, dropped too', 'passport');
ROLLBACK TO d;
\set creates `emu count create`
SELECT :creates;
COMMIT;
\set creates `emu count create`
SELECT :creates;
SELECT * FROM named('Level%');
DO $$
BEGIN
	INSERT INTO supporting_documents (friendly_name, type) VALUES ('Block 1', 'passport');
	BEGIN
		INSERT INTO supporting_documents (friendly_name, type) VALUES ('Block 2, dropped', 'passport');
		RAISE division_by_zero;
	EXCEPTION WHEN division_by_zero THEN
	END;
	INSERT INTO supporting_documents (friendly_name, type) VALUES ('Block 3', 'passport');
END $$;
SELECT * FROM named('Block%');

-- An error anywhere before the commit leaves the API untouched.
\! emu reset
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Never ' || i, 'passport' FROM generate_series(1, 30) i;
UPDATE supporting_documents d SET friendly_name = 'Never' FROM customers c WHERE c.sid = d.sid AND c.n = 9;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Never', NULL);
COMMIT;
BEGIN;
DELETE FROM supporting_documents;
SELECT 1 / 0;
COMMIT;
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Never', 'passport');
INSERT INTO child VALUES (1);
COMMIT;
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON parent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail();
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Never', 'passport');
INSERT INTO parent VALUES (1);
COMMIT;
-- A cursor that is to outlive the transaction is read before.
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Never', 'passport');
DECLARE held CURSOR WITH HOLD FOR SELECT 1 / (i - 3) FROM generate_series(1, 5) i;
COMMIT;
\set requests `emu get counters`
SELECT :'requests'::json#>'{requests,create}' AS creates, :'requests'::json#>'{requests,update}' AS updates, :'requests'::json#>'{requests,delete}' AS deletes;
-- What a deferred trigger writes is sent with the rest.
DROP TRIGGER fail ON parent;
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO supporting_documents (friendly_name, type) VALUES ('Late ' || NEW.id, 'passport');
	RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON parent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late();
BEGIN;
INSERT INTO parent VALUES (1), (2);
SELECT * FROM named('Late%');
COMMIT;
SELECT * FROM named('Late%');
-- Nor does a cursor over the foreign table see what is queued.
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Cursor', 'passport');
DECLARE held CURSOR WITH HOLD FOR SELECT friendly_name FROM supporting_documents WHERE friendly_name = 'Cursor';
COMMIT;
FETCH ALL FROM held;
CLOSE held;
SELECT * FROM named('Cursor');

-- Writes to one document are made in their order.
SELECT sid AS ten FROM customers WHERE n = 10 \gset
\! emu reset
BEGIN;
UPDATE supporting_documents SET friendly_name = 'First' WHERE sid = :'ten';
UPDATE supporting_documents SET friendly_name = 'Second' WHERE sid = :'ten';
UPDATE supporting_documents SET friendly_name = 'Third', attributes = '{"third": true}' WHERE sid = :'ten';
COMMIT;
\set requests `emu get requests?n=9`
SELECT * FROM sent(:'requests');
-- A change back is one, although it is to what is read all the time.
BEGIN;
UPDATE supporting_documents SET friendly_name = 'Third' WHERE sid = :'ten';
UPDATE supporting_documents SET friendly_name = 'Fourth', attributes = '{"third": true}' WHERE sid = :'ten';
UPDATE supporting_documents SET friendly_name = 'Third' WHERE sid = :'ten';
COMMIT;
\set requests `emu get requests?n=3`
SELECT * FROM sent(:'requests');
SELECT friendly_name, attributes FROM supporting_documents WHERE sid = :'ten';
BEGIN;
UPDATE supporting_documents SET friendly_name = 'Last' WHERE sid = :'ten';
DELETE FROM supporting_documents WHERE sid = :'ten';
COMMIT;
SELECT count(*) FROM supporting_documents WHERE sid = :'ten';

-- A failure at the commit: the local transaction is rolled back, and told of.
ALTER SERVER emulator OPTIONS (concurrency '1');
\! emu fault action=status status=400 skip=3 path=create
SET client_min_messages = error;
\set VERBOSITY sqlstate
BEGIN;
INSERT INTO customers VALUES (0, 'none', 'Rolled back');
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Partly ' || i, 'passport' FROM generate_series(1, 10) i;
COMMIT;
\set VERBOSITY terse
RESET client_min_messages;
SELECT count(*) FROM customers WHERE name = 'Rolled back';
SELECT sum(number) FROM named('Partly%');
ALTER SERVER emulator OPTIONS (DROP concurrency);

-- What cannot be had in this mode.
\! emu reset
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('x', 'passport') RETURNING sid$$);
SELECT state, message FROM tell($$UPDATE supporting_documents SET friendly_name = 'x' RETURNING sid$$);
SELECT state, message FROM tell($$WITH gone AS (DELETE FROM supporting_documents RETURNING sid) SELECT count(*) FROM gone$$);
CREATE TABLE parted (friendly_name text, type text) PARTITION BY LIST (type);
CREATE FOREIGN TABLE parted_passports PARTITION OF parted FOR VALUES IN ('passport') SERVER emulator OPTIONS (write_mode 'at_commit');
SELECT state, message FROM tell($$INSERT INTO parted VALUES ('x', 'passport') RETURNING *$$);
\set total `emu count total`
SELECT :total;

-- Checks and triggers see the row as it is known here.
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE NOTICE '% % % %', TG_WHEN, TG_OP, NEW.friendly_name, NEW.sid IS NOT NULL;
	NEW.friendly_name := 'Seen ' || NEW.friendly_name;
	RETURN NEW;
END $$;
CREATE TRIGGER see_before BEFORE INSERT OR UPDATE ON supporting_documents FOR EACH ROW EXECUTE FUNCTION see();
CREATE TRIGGER see_after AFTER INSERT OR UPDATE ON supporting_documents FOR EACH ROW EXECUTE FUNCTION see();
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('one', 'passport');
SELECT * FROM named('Seen%');
COMMIT;
SELECT * FROM named('Seen%');
DROP TRIGGER see_before ON supporting_documents;
DROP TRIGGER see_after ON supporting_documents;
CREATE VIEW passports AS SELECT friendly_name, type FROM supporting_documents WHERE type = 'passport' WITH CHECK OPTION;
\! emu reset
INSERT INTO passports VALUES ('Checked', 'utility_bill');
INSERT INTO passports VALUES ('Checked', 'passport');
SELECT * FROM named('Checked');

-- What waits is kept on disk, as far as it is more than work_mem.
SET work_mem = '64kB';
\! emu reset
BEGIN;
INSERT INTO supporting_documents (friendly_name, type, attributes)
	SELECT 'Disk ' || i, 'passport', jsonb_build_object('n', i, 'x', repeat('x', 1000)) FROM generate_series(1, 200) i;
SAVEPOINT a;
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Disk, dropped', 'passport' FROM generate_series(1, 200) i;
UPDATE supporting_documents d SET friendly_name = 'Disk, dropped' FROM customers c WHERE c.sid = d.sid AND c.n BETWEEN 20 AND 30;
ROLLBACK TO a;
INSERT INTO supporting_documents (friendly_name, type, file)
	SELECT 'Disk file ' || i, 'passport', decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') || decode(repeat('00', 300000), 'hex')
	FROM generate_series(1, 3) i;
UPDATE supporting_documents d SET friendly_name = 'Disk change ' || c.n FROM customers c WHERE c.sid = d.sid AND c.n BETWEEN 20 AND 30;
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 30;
COMMIT;
RESET work_mem;
SELECT count(*), count(DISTINCT friendly_name), bool_and(attributes = jsonb_build_object('n', substring(friendly_name, 6)::int, 'x', repeat('x', 1000))) AS whole
	FROM supporting_documents WHERE friendly_name ~ '^Disk \d+$';
SELECT * FROM named('Disk, dropped');
SELECT friendly_name, mime_type FROM supporting_documents WHERE friendly_name LIKE 'Disk file%' ORDER BY 1;
SELECT count(*), bool_and(friendly_name = 'Disk change ' || n) AS changed FROM supporting_documents JOIN customers USING (sid) WHERE n BETWEEN 20 AND 30;
\set requests `emu get counters`
SELECT :'requests'::json#>'{requests,create}' AS creates, :'requests'::json#>'{requests,update}' AS updates, :'requests'::json#>'{requests,delete}' AS deletes;

-- Plans say the same, and tell of no request that was not made.
SELECT pg_temp.explain_analyze($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Explained', 'passport')$$);
SELECT * FROM named('Explained');
