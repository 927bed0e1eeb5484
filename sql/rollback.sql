-- emulator: --documents 300 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
\set server_options ', concurrency \'1\''
\i sql/include/emulator.psql
\i sql/include/write.psql

-- The API keeps what was done; a WARNING says what that is.
CREATE TABLE customers AS SELECT row_number() OVER (ORDER BY sid) AS n, sid FROM supporting_documents;
\set VERBOSITY terse
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Kept', 'passport');
UPDATE supporting_documents d SET friendly_name = 'Changed' FROM customers c WHERE c.sid = d.sid AND c.n <= 3;
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n BETWEEN 4 AND 5;
ROLLBACK;
SELECT friendly_name, count(*) FROM supporting_documents WHERE friendly_name IN ('Kept', 'Changed') GROUP BY 1 ORDER BY 1;
-- Nothing written, nothing to tell.
BEGIN;
SELECT count(*) FROM supporting_documents WHERE friendly_name = 'Kept';
UPDATE supporting_documents SET friendly_name = 'Kept' WHERE friendly_name = 'Kept';
ROLLBACK;
-- A commit has nothing to tell, either.
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Committed', 'passport');
COMMIT;
BEGIN;
ROLLBACK;

-- Savepoints: each tells of its own.
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Outer', 'passport');
SAVEPOINT one;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Inner 1', 'passport'), ('Inner 2', 'passport');
ROLLBACK TO one;
ROLLBACK TO one;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Inner 3', 'passport');
RELEASE one;
SAVEPOINT two;
SAVEPOINT three;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Inner 4', 'passport');
RELEASE three;
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 6;
ROLLBACK TO two;
ROLLBACK;
-- Outer and Inner 3 are all that was left; in PL/pgSQL, a block is one.
DO $$
BEGIN
	INSERT INTO supporting_documents (friendly_name, type) VALUES ('Block 1', 'passport');
	BEGIN
		INSERT INTO supporting_documents (friendly_name, type) VALUES ('Block 2', 'passport');
		BEGIN
			INSERT INTO supporting_documents (friendly_name, type) VALUES ('Block 3', 'passport');
		END;
		RAISE division_by_zero;
	EXCEPTION WHEN division_by_zero THEN
		RAISE NOTICE 'caught';
	END;
END $$;

-- An error that the API has no part in: what was sent is waited for.
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type, attributes)
	SELECT 'Local ' || i, 'passport', CASE WHEN i < 100 THEN '{}'::jsonb ELSE '[]' END FROM generate_series(1, 100) i$$);
-- So it is where the error is the statement's own, and creates are under way: the
-- eighth is on the wire when the ninth row is asked for, and none is unknown.
ALTER SERVER emulator OPTIONS (SET concurrency '8');
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD batch_size '1');
\! emu reset
\! emu fault action=slow ms=300 path=create count=0
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type)
	SELECT 'Under way ' || 1 / (9 - i), 'passport' FROM generate_series(1, 20) i$$);
-- at the top, where the error is shown long before the rollback can tell of the writes
INSERT INTO supporting_documents (friendly_name, type)
	SELECT 'Under way ' || 1 / (9 - i), 'passport' FROM generate_series(1, 20) i;
\! emu clear
\! emu count create
SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE 'Under way%';
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP batch_size);
ALTER SERVER emulator OPTIONS (SET concurrency '1');
SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE 'Local %';

-- A create whose outcome is not known is not repeated.
\! emu reset
\! emu fault action=reset_after path=create
SELECT state, detail, hint FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Reset after', 'passport')$$);
\! emu fault action=status status=503 carry_out=on path=create
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Trouble', 'passport')$$);
\! emu fault action=wrong_shape variant=empty-object path=create
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Wrong shape', 'passport')$$);
\set creates `emu count create`
SELECT :creates;
-- So it is where the answer is nested more deeply than the stack allows, and that
-- is no reason not to know of the others.
ALTER SERVER emulator OPTIONS (SET concurrency '8');
\! emu reset
\! emu fault action=garbage message="$(printf '{"attributes":%100000s' | tr ' ' '[')" carry_out=on path=create skip=2
\! emu fault action=slow ms=300 path=create count=7
SELECT state, message, substring(detail FROM 'Of .*') FROM tell($$INSERT INTO supporting_documents (friendly_name, type) SELECT 'Deep ' || i, 'passport' FROM generate_series(1, 8) i$$);
SELECT state, message FROM tell($$UPDATE supporting_documents SET friendly_name = 'Deep again' WHERE friendly_name = 'Deep 1'$$);
\! emu fault action=garbage message="$(printf '{"attributes":%100000s' | tr ' ' '[')" path=update
SELECT state, message FROM tell($$UPDATE supporting_documents SET friendly_name = 'Deep still' WHERE friendly_name = 'Deep 2'$$);
\! emu clear
ALTER SERVER emulator OPTIONS (SET concurrency '1');
SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE 'Deep%';
\! emu reset
-- One that was certainly not done is.
\! emu fault action=status status=429 path=create count=2
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Throttled', 'passport') RETURNING friendly_name;
\set creates `emu count create`
SELECT :creates;
SELECT friendly_name, count(*) FROM supporting_documents
	WHERE friendly_name IN ('Reset after', 'Trouble', 'Wrong shape', 'Throttled') GROUP BY 1 ORDER BY 1;

-- A failure half-way: what was done, failed and not begun adds up.
\! emu reset
\! emu fault action=status status=422 skip=30 path=create
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type) SELECT 'Half ' || i, 'passport' FROM generate_series(1, 50) i$$);
SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE 'Half %';
\set creates `emu count create`
SELECT :creates;

