-- emulator: --documents 60 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
--
-- Writes to one document, in one transaction: they are made in their order.
--
\set server_options ', concurrency \'8\''
\i sql/include/emulator.psql
\i sql/include/write.psql
\set VERBOSITY terse
CREATE FOREIGN TABLE at_once (sid text, friendly_name text, type text, attributes jsonb) SERVER emulator;
CREATE FOREIGN TABLE late (sid text, friendly_name text, type text, attributes jsonb) SERVER emulator OPTIONS (write_mode 'at_commit');
CREATE TABLE customers AS SELECT row_number() OVER (ORDER BY sid) AS n, sid FROM at_once;
CREATE FUNCTION sid(n bigint) RETURNS text STABLE LANGUAGE sql AS 'SELECT sid FROM customers c WHERE c.n = $1';
CREATE FUNCTION called(n bigint) RETURNS text STABLE LANGUAGE sql AS 'SELECT friendly_name FROM at_once WHERE sid = sid(n)';

-- However long the first takes: 300 ms here, and the second is not sent meanwhile.
\! emu reset
\! emu fault action=slow ms=300 path=update
BEGIN;
UPDATE late SET friendly_name = 'First' WHERE sid = sid(1);
UPDATE late SET friendly_name = 'Second' WHERE sid = sid(1);
COMMIT;
\set requests `emu get requests?n=2`
SELECT parameters FROM sent(:'requests');
SELECT called(1);
-- ... nor is a deletion.  Others do not wait for it.
\! emu reset
\! emu fault action=slow ms=300 path=update
BEGIN;
UPDATE late SET friendly_name = 'Third' WHERE sid = sid(1);
DELETE FROM late WHERE sid = sid(1);
DELETE FROM late WHERE sid = sid(2);
COMMIT;
\set requests `emu get requests?n=3`
SELECT kind, count(*) FROM sent(:'requests') GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM at_once WHERE sid IN (sid(1), sid(2));

-- Whatever invalidates the connection in between.
UPDATE at_once SET friendly_name = 'A' WHERE sid IN (sid(3), sid(4), sid(5));
BEGIN;
UPDATE late SET friendly_name = 'B' WHERE sid = sid(3);
ALTER SERVER emulator OPTIONS (ADD max_retries '20');
UPDATE late SET friendly_name = 'A' WHERE sid = sid(3);
COMMIT;
SELECT called(3) AS "A, as was said last";
\! emu fault action=slow ms=300 path=update
BEGIN;
UPDATE late SET friendly_name = 'B' WHERE sid = sid(4);
ALTER SERVER emulator OPTIONS (SET max_retries '30');
DELETE FROM late WHERE sid = sid(4);
COMMIT;
SELECT count(*) FROM at_once WHERE sid = sid(4);
-- Roles that share an account do not overtake each other, either.
CREATE ROLE regress_regdocs_other;
GRANT USAGE ON SCHEMA writing TO regress_regdocs_other;
GRANT SELECT, UPDATE, DELETE ON late, customers TO regress_regdocs_other;
\! emu fault action=slow ms=300 path=update
BEGIN;
UPDATE late SET friendly_name = 'B' WHERE sid = sid(5);
SET LOCAL ROLE regress_regdocs_other;
UPDATE late SET friendly_name = 'C' WHERE sid = sid(5);
COMMIT;
SELECT called(5);
DROP OWNED BY regress_regdocs_other;
DROP ROLE regress_regdocs_other;

-- The credential is that of the time of the commit.
ALTER USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (SET auth_token 'outOfDate');
BEGIN;
INSERT INTO late (friendly_name, type) VALUES ('Rotated', 'passport');
ALTER USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (SET auth_token :'emulator_auth_token');
COMMIT;
SELECT count(*) FROM at_once WHERE friendly_name = 'Rotated';
-- Without one, the statement fails, and not the commit.
CREATE ROLE regress_regdocs_nobody;
GRANT USAGE ON SCHEMA writing TO regress_regdocs_nobody;
GRANT INSERT ON late TO regress_regdocs_nobody;
DROP USER MAPPING FOR PUBLIC SERVER emulator;
CREATE USER MAPPING FOR CURRENT_USER SERVER emulator OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
SET ROLE regress_regdocs_nobody;
INSERT INTO late (friendly_name, type) VALUES ('x', 'passport');
RESET ROLE;
DROP OWNED BY regress_regdocs_nobody;
DROP ROLE regress_regdocs_nobody;

-- A document whose deletion waits for the commit is no row any more.
\! emu reset
BEGIN;
\unset QUIET
INSERT INTO late (friendly_name, type) VALUES ('With a deletion', 'passport');
DELETE FROM late WHERE sid = sid(10);
UPDATE late SET friendly_name = 'x' WHERE sid = sid(10);
DELETE FROM late WHERE sid = sid(10);
UPDATE late SET friendly_name = 'Beside a deletion' WHERE sid IN (sid(10), sid(11));
-- ... unless that is taken back.
SAVEPOINT a;
DELETE FROM late WHERE sid = sid(11);
UPDATE late SET friendly_name = 'x' WHERE sid = sid(11);
ROLLBACK TO a;
UPDATE late SET friendly_name = 'After a rollback' WHERE sid = sid(11);
COMMIT;
\set QUIET on
\set requests `emu get counters`
SELECT :'requests'::json#>'{requests,create}' AS creates, :'requests'::json#>'{requests,update}' AS updates, :'requests'::json#>'{requests,delete}' AS deletes;
SELECT called(10), called(11);
-- In one statement, too.
WITH gone AS (DELETE FROM at_once WHERE sid = sid(12) RETURNING sid)
UPDATE at_once SET friendly_name = 'x' FROM gone WHERE at_once.sid = gone.sid RETURNING 1;
SELECT called(12);

-- What is sent at once would overtake what waits for the commit.
BEGIN;
UPDATE late SET friendly_name = 'Later' WHERE sid = sid(20);
SAVEPOINT a;
\set VERBOSITY default
UPDATE at_once SET friendly_name = 'Now' WHERE sid = sid(20);
ROLLBACK TO a;
\set VERBOSITY terse
DELETE FROM at_once WHERE sid = sid(20);
ROLLBACK TO a;
UPDATE at_once SET friendly_name = 'Another' WHERE sid = sid(21);
COMMIT;
SELECT called(20), called(21);
-- The other way round, and after a rollback, nothing is overtaken.
BEGIN;
UPDATE at_once SET friendly_name = 'Now' WHERE sid = sid(20);
UPDATE late SET friendly_name = 'Later still' WHERE sid = sid(20);
SAVEPOINT a;
UPDATE late SET friendly_name = 'x' WHERE sid = sid(21);
ROLLBACK TO a;
DELETE FROM at_once WHERE sid = sid(21);
COMMIT;
SELECT called(20), called(21);

-- Many statements of one transaction share what they need.
BEGIN;
DO $$
BEGIN
	FOR i IN 1..2000 LOOP
		INSERT INTO late (friendly_name, type) VALUES ('Shared ' || i, 'passport');
	END LOOP;
END $$;
SELECT count(*) < 10 AS "few contexts", sum(total_bytes) < 2000000 AS "and small ones"
	FROM pg_backend_memory_contexts WHERE name LIKE 'regdocs_fdw%';
ROLLBACK;

-- A server that goes before its writes do.
CREATE SERVER gone FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url :'emulator_url', write_mode 'at_commit');
CREATE USER MAPPING FOR PUBLIC SERVER gone OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
CREATE FOREIGN TABLE goes (friendly_name text, type text) SERVER gone;
SET client_min_messages = warning;
BEGIN;
INSERT INTO goes VALUES ('x', 'passport');
INSERT INTO late (friendly_name, type) VALUES ('Not without the other', 'passport');
DROP SERVER gone CASCADE;
COMMIT;
RESET client_min_messages;
SELECT count(*) FROM at_once WHERE friendly_name = 'Not without the other';
