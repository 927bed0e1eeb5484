-- emulator: --documents 30 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
--
-- Several writers at a time: tables, servers, and statements within statements.
--
\set server_options ', concurrency \'4\''
\i sql/include/emulator.psql
\i sql/include/write.psql
\i sql/include/explain.psql
\set VERBOSITY terse
SET client_min_messages = warning;
DROP SERVER IF EXISTS other CASCADE;
CREATE SERVER other FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url :'emulator_url');
CREATE USER MAPPING FOR PUBLIC SERVER other OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
RESET client_min_messages;

-- Rows routed to two servers.
CREATE TABLE parted (friendly_name text, type text) PARTITION BY LIST (type);
CREATE FOREIGN TABLE parted_1 PARTITION OF parted FOR VALUES IN ('passport') SERVER emulator;
CREATE FOREIGN TABLE parted_2 PARTITION OF parted FOR VALUES IN ('utility_bill') SERVER other;
CREATE TABLE parted_local PARTITION OF parted DEFAULT;
INSERT INTO parted SELECT 'inserted', (ARRAY['passport', 'utility_bill'])[i % 2 + 1] FROM generate_series(1, 200) i;
COPY parted FROM PROGRAM $$seq 200 | sed '1~2s/.*/copied,passport/; 2~2s/.*/copied,utility_bill/'$$ (FORMAT csv);
SELECT friendly_name, type, count(*) FROM supporting_documents WHERE friendly_name IN ('inserted', 'copied') GROUP BY 1, 2 ORDER BY 1, 2;
-- A failure at one stops both, and both are told of.
\! emu reset
\! emu fault action=status status=400 skip=40 path=create
SET client_min_messages = error;
SELECT state, message FROM tell($$INSERT INTO parted SELECT 'stopped', (ARRAY['passport', 'utility_bill'])[i % 2 + 1] FROM generate_series(1, 200) i$$);
RESET client_min_messages;
\set creates `emu count create`
SELECT count(*) = :creates - 1 AS "only one failed", count(*) < 60 AS "none was begun after it" FROM supporting_documents WHERE friendly_name = 'stopped';
-- A row moves from a local partition to a foreign one, but not back.
INSERT INTO parted VALUES ('moved', 'local');
UPDATE parted SET type = 'passport' WHERE type = 'local';
SELECT tableoid::regclass FROM parted WHERE friendly_name = 'moved' AND type = 'passport' ORDER BY 1 LIMIT 1;
DROP TABLE parted;

-- Changes of two servers, with columns in another order.
CREATE TABLE parted (sid text, friendly_name text, type text) PARTITION BY LIST (type);
CREATE FOREIGN TABLE parted_1 PARTITION OF parted FOR VALUES IN ('passport') SERVER emulator;
CREATE FOREIGN TABLE parted_2 (friendly_name text, type text, sid text) SERVER other;
ALTER TABLE parted ATTACH PARTITION parted_2 FOR VALUES IN ('utility_bill');
EXPLAIN (COSTS OFF) UPDATE parted SET friendly_name = 'changed' WHERE friendly_name = 'inserted';
\! emu reset
UPDATE ONLY parted_2 SET friendly_name = 'changed' WHERE friendly_name = 'inserted' AND type = 'utility_bill';
UPDATE parted SET friendly_name = 'changed' WHERE friendly_name = 'inserted';
\set updates `emu count update`
SELECT :updates AS "in one of the partitions, then in both of them";
DELETE FROM parted WHERE friendly_name = 'moved' RETURNING friendly_name, type;

-- A statement within a statement: each with its own, and its own rollback.
CREATE FUNCTION nested(i int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO supporting_documents (friendly_name, type) VALUES ('nested', 'passport');
	BEGIN
		INSERT INTO supporting_documents (friendly_name, type) VALUES ('in a block', 'passport');
		IF i % 50 = 0 THEN
			RAISE division_by_zero;
		END IF;
	EXCEPTION WHEN division_by_zero THEN
	END;
	RETURN 'outer';
END $$;
INSERT INTO supporting_documents (friendly_name, type) SELECT nested(i), 'passport' FROM generate_series(1, 130) i;
SELECT friendly_name, count(*) FROM supporting_documents WHERE friendly_name IN ('nested', 'in a block', 'outer') GROUP BY 1 ORDER BY 1;

-- Parts of one statement.
WITH a AS (INSERT INTO supporting_documents (friendly_name, type) SELECT 'part a', 'passport' FROM generate_series(1, 20)),
	b AS (UPDATE supporting_documents SET friendly_name = 'part b' WHERE friendly_name = 'nested' RETURNING sid),
	c AS (DELETE FROM supporting_documents WHERE friendly_name = 'outer')
INSERT INTO supporting_documents (friendly_name, type) SELECT 'part d', 'passport' FROM generate_series(1, 20);
SELECT friendly_name, count(*) FROM supporting_documents WHERE friendly_name ~ 'part .|nested|outer' GROUP BY 1 ORDER BY 1;
SELECT pg_temp.explain_analyze($$WITH a AS (INSERT INTO supporting_documents (friendly_name, type)
	SELECT 'explained', 'passport' FROM generate_series(1, 20)) SELECT 1$$);

-- A cursor goes on after what was written is rolled back.
BEGIN;
DECLARE names CURSOR FOR SELECT friendly_name FROM supporting_documents WHERE friendly_name = 'part a';
FETCH 1 FROM names;
SAVEPOINT s;
INSERT INTO supporting_documents (friendly_name, type) SELECT 'rolled back', 'passport' FROM generate_series(1, 20);
ROLLBACK TO s;
FETCH 1 FROM names;
COMMIT;
-- Nothing holds a connection any more.
SELECT regdocs_fdw_disconnect_all();
