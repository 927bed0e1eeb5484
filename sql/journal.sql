-- emulator: --documents 60 --editable draft,rejected,approved,expired,pending-review,provisionally-approved
\i sql/include/emulator.psql
\i sql/include/write.psql
-- regdocs_fdw_writes() where it has no room, and where a transaction fails before
-- it has written.
CREATE FOREIGN TABLE later (sid text, friendly_name text, type text, attributes jsonb) SERVER emulator OPTIONS (resource 'supporting_documents', write_mode 'at_commit');
CREATE VIEW shown AS SELECT operation, outcome, left(error, 30) AS error, regexp_replace(new ->> 'friendly_name', '\d+$', '') AS name, count(*), count(DISTINCT sid) AS sids FROM regdocs_fdw_writes() GROUP BY 1, 2, 3, 4 ORDER BY 1, 2;
CREATE VIEW large AS SELECT i, jsonb_build_object('note', repeat('x', 500)) AS attributes FROM generate_series(1, 300) i;
\set VERBOSITY sqlstate
SET client_min_messages = error;

-- Who undoes a mistake fails at first, and still has what undoes it.
UPDATE supporting_documents SET friendly_name = 'Mistake';
SELECT * FROM shown;
UPDATE supporting_documents SET attributes = NULL;
UPDATE supporting_documents SET attributes = CASE WHEN sid > 'RDf' THEN '[]' ELSE '{}' END::jsonb;
SELECT * FROM shown;
ALTER SERVER emulator OPTIONS (ADD max_writes_per_statement '5');
UPDATE supporting_documents SET friendly_name = 'Too many';
ALTER SERVER emulator OPTIONS (DROP max_writes_per_statement);
SELECT * FROM shown;
-- What waits for the commit is shown as long as it does.
BEGIN;
SAVEPOINT a;
INSERT INTO later (friendly_name, type) VALUES ('Never', 'passport');
SELECT * FROM shown;
ROLLBACK TO a;
SELECT * FROM shown;
INSERT INTO later (friendly_name, type) VALUES ('Never', 'passport');
ROLLBACK;
SELECT * FROM shown;
-- A refusal is something that was sent, and so is what comes after a failure.
\! emu fault action=status status=400 code=21601 path=create
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Refused', 'passport');
SELECT * FROM shown;
BEGIN;
SAVEPOINT a;
UPDATE supporting_documents SET attributes = CASE WHEN sid > 'RDf' THEN '[]' ELSE '{}' END::jsonb;
ROLLBACK TO a;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Afterwards', 'passport');
ROLLBACK;
SELECT * FROM shown;

-- The disk is full: what is written is told, and what cannot be told is not sent.
SET work_mem = '64kB';
SET temp_file_limit = 0;
\! emu reset
INSERT INTO supporting_documents (friendly_name, type, attributes) SELECT 'Full ' || i, 'passport', attributes FROM large;
\set created `emu count created`
-- (The function's own result takes memory as well.)
SET work_mem = '4MB';
SELECT name, outcome, count = sids AND count = :created AND count BETWEEN 1 AND 299 AS "all of them" FROM shown;
SET work_mem = '64kB';
-- ... also when some has gone to the disk before,
SET temp_file_limit = '100kB';
\! emu reset
INSERT INTO supporting_documents (friendly_name, type, attributes) SELECT 'Fuller ' || i, 'passport', attributes FROM large;
\set created `emu count created`
SET work_mem = '4MB';
SELECT name, outcome, count = sids AND count = :created AND count BETWEEN 1 AND 299 AS "all of them" FROM shown;
SET work_mem = '64kB';
-- ... in a block that goes on,
\! emu reset
DO $$ BEGIN
	BEGIN
		INSERT INTO supporting_documents (friendly_name, type, attributes) SELECT 'Caught ' || i, 'passport', attributes FROM large;
	EXCEPTION WHEN configuration_limit_exceeded THEN NULL;
	END;
	BEGIN
		INSERT INTO supporting_documents (friendly_name, type, attributes) SELECT 'Caught again', 'passport', attributes FROM large;
	EXCEPTION WHEN configuration_limit_exceeded THEN NULL;
	END;
END $$;
\set created `emu count created`
SET work_mem = '4MB';
SELECT sum(count) = :created AND sum(sids) = :created AS "all of them", min(outcome) AS outcome FROM shown;
SET work_mem = '64kB';
-- ... and before anything is sent, where nothing is yet.
\! emu reset
UPDATE supporting_documents SET attributes = (SELECT attributes FROM large LIMIT 1);
BEGIN;
INSERT INTO later (friendly_name, type, attributes) SELECT 'Never', 'passport', attributes FROM large;
COMMIT;
\! emu count update
\! emu count create

-- What is said of refusals finds room in memory.
ALTER SERVER emulator OPTIONS (ADD on_write_error 'ignore');
CREATE TABLE few AS SELECT sid FROM supporting_documents WHERE friendly_name = 'Mistake' ORDER BY sid LIMIT 40;
SET temp_file_limit = -1;
\! emu fault action=status status=400 code=21601 count=0 path=update
UPDATE supporting_documents d SET attributes = '{"a": 1}' FROM few WHERE d.sid = few.sid;
SELECT * FROM shown;
\! emu fault action=status status=400 code=21601 count=0 path=create message=0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz
BEGIN;
INSERT INTO later (friendly_name, type) SELECT 'Refused ' || i, 'passport' FROM generate_series(1, 200) i;
SET temp_file_limit = 0;
COMMIT;
SET work_mem = '4MB';
SELECT * FROM shown;
SELECT DISTINCT right(error, 10) FROM regdocs_fdw_writes();
\! emu clear
