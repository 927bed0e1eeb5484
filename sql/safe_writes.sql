-- emulator: --documents 60 --bundles 20 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
\set server_options ', concurrency \'1\', batch_size \'1\''
\i sql/include/emulator.psql
\i sql/include/write.psql
\i sql/include/explain.psql
CREATE TABLE customers AS SELECT row_number() OVER (ORDER BY sid) AS n, sid, friendly_name FROM supporting_documents;
CREATE FOREIGN TABLE later (sid text, friendly_name text, type text) SERVER emulator OPTIONS (resource 'supporting_documents', write_mode 'at_commit');
CREATE VIEW written AS SELECT operation, coalesce((SELECT n::text FROM customers c WHERE c.sid = w.sid), left(sid, 2)) AS sid, outcome, error FROM regdocs_fdw_writes() w;

-- max_writes_per_statement: of what is known before, nothing is sent.
ALTER SERVER emulator OPTIONS (ADD max_writes_per_statement '5');
\! emu reset
SELECT * FROM tell($$UPDATE supporting_documents SET friendly_name = 'Too many'$$);
SELECT state, message, detail FROM tell($$DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n <= 6$$);
SELECT state, message, detail FROM tell($$INSERT INTO later (friendly_name, type) SELECT 'Too many', 'passport' FROM generate_series(1, 6)$$);
SELECT state, message, detail FROM tell($$UPDATE later SET friendly_name = 'Too many'$$);
SET regdocs_fdw.dry_run = on;
SELECT state, message, detail FROM tell($$DELETE FROM supporting_documents$$);
RESET regdocs_fdw.dry_run;
\! for kind in create update delete; do emu count $kind; echo; done
\set VERBOSITY terse
-- INSERT and COPY send as rows come, and say what was done.
SELECT state, message, detail FROM tell($$INSERT INTO supporting_documents (friendly_name, type) SELECT 'Sixth ' || i, 'passport' FROM generate_series(1, 100) i$$);
SELECT state, message, detail FROM tell($$COPY supporting_documents (friendly_name, type) FROM PROGRAM 'seq -f "Sixth %g,passport" 100' (FORMAT csv)$$);
SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE 'Sixth %';
-- As many as that are written; a row that has not to be changed does not count.
UPDATE supporting_documents SET friendly_name = 'Sixth' WHERE friendly_name LIKE 'Sixth _' AND sid <= (SELECT sid FROM supporting_documents WHERE friendly_name LIKE 'Sixth _' ORDER BY sid LIMIT 1 OFFSET 4);
SELECT count(*) FROM written;
UPDATE supporting_documents d SET friendly_name = c.friendly_name FROM customers c WHERE c.sid = d.sid;
-- Tables in one statement count together; a table's own option goes before its server's.
SELECT state, message FROM tell($$WITH a AS (INSERT INTO end_users (friendly_name, type) SELECT 'Too many', 'individual' FROM generate_series(1, 3))
	UPDATE supporting_documents d SET friendly_name = 'Too many' FROM customers c WHERE c.sid = d.sid AND c.n <= 3$$);
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD max_writes_per_statement '0');
DELETE FROM supporting_documents WHERE friendly_name LIKE 'Sixth%';
SELECT count(*) FROM written;
ALTER SERVER emulator OPTIONS (DROP max_writes_per_statement);
ALTER FOREIGN TABLE later OPTIONS (ADD max_writes_per_statement '-1');

-- regdocs_fdw.write_mode goes before the options, and EXPLAIN shows what counts.
SHOW regdocs_fdw.write_mode;
SELECT pg_temp.explain($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Mode', 'passport')$$);
SELECT pg_temp.explain($$INSERT INTO later (friendly_name, type) VALUES ('Mode', 'passport')$$);
SET regdocs_fdw.write_mode = at_commit;
SELECT pg_temp.explain($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Mode', 'passport')$$);
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Mode', 'passport');
SELECT * FROM written;
COMMIT;
SELECT * FROM written;
SELECT state FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Mode', 'passport') RETURNING sid$$);
SET regdocs_fdw.write_mode = immediate;
SELECT pg_temp.explain($$INSERT INTO later (friendly_name, type) VALUES ('Mode', 'passport')$$);
BEGIN;
INSERT INTO later (friendly_name, type) VALUES ('Mode', 'passport');
SELECT * FROM written;
COMMIT;
SET regdocs_fdw.write_mode = 'sometimes';
RESET regdocs_fdw.write_mode;

\set VERBOSITY default
-- on_write_error 'ignore': what the API refuses is left out.
ALTER SERVER emulator OPTIONS (ADD on_write_error 'ignore');
\unset QUIET
\! emu fault action=status status=400 code=21601 message="no such thing" skip=1 count=2 path=create
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Ignoring ' || i, 'passport' FROM generate_series(1, 5) i;
\set QUIET on
SELECT * FROM written;
SELECT friendly_name FROM supporting_documents WHERE friendly_name LIKE 'Ignoring %' ORDER BY 1;
\set VERBOSITY terse
\! emu fault action=status status=409 code=21645 message="wrong state" skip=1 path=update
UPDATE supporting_documents d SET friendly_name = 'Ignoring ' || n FROM customers c WHERE c.sid = d.sid AND c.n <= 3;
SELECT * FROM written;
\! emu fault action=status status=404 code=20404 message="not found" path=update
UPDATE supporting_documents d SET friendly_name = 'Ignoring too ' || n FROM customers c WHERE c.sid = d.sid AND c.n <= 3;
\! emu fault action=status status=400 code=21601 message="no such thing" path=delete
DELETE FROM supporting_documents WHERE friendly_name LIKE 'Ignoring%' AND sid NOT IN (SELECT sid FROM customers);
SELECT * FROM written;
\! emu fault action=status status=400 code=21601 message="no such thing" skip=1 path=create
COPY supporting_documents (friendly_name, type) FROM PROGRAM $$seq -f 'Ignoring copy %g,passport' 3$$ (FORMAT csv);
-- A row that was left out is not returned, and fires no trigger.
\! emu fault action=status status=400 code=21601 message="no such thing" skip=1 path=create
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Ignoring return ' || i, 'passport' FROM generate_series(1, 3) i RETURNING friendly_name;
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% %', TG_OP, coalesce(NEW.friendly_name, OLD.friendly_name); RETURN NULL; END $$;
CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON supporting_documents FOR EACH ROW EXECUTE FUNCTION see();
\! emu fault action=status status=400 code=21601 message="no such thing" path=update
UPDATE supporting_documents SET friendly_name = 'Ignoring again' WHERE friendly_name IN ('Ignoring copy 1', 'Ignoring copy 3');
\! emu fault action=status status=400 code=21601 message="no such thing" path=delete
DELETE FROM supporting_documents WHERE friendly_name LIKE 'Ignoring return%';
DROP TRIGGER see ON supporting_documents;
-- At the commit, too.
BEGIN;
INSERT INTO later (friendly_name, type) SELECT 'Ignoring later ' || i, 'passport' FROM generate_series(1, 3) i;
\! emu fault action=status status=400 code=21601 message="no such thing" skip=1 path=create
COMMIT;
SELECT * FROM written;
-- All else stops: a proxy's refusal, a credential, trouble, and what nobody knows.
\! emu fault action=status status=400 shape=html path=create
SELECT state FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Never', 'passport')$$);
\! emu clear
\! emu fault action=status status=403 code=20403 message="forbidden" path=create
SELECT state FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Never', 'passport')$$);
\! emu clear
\! emu fault action=reset_after path=create
SELECT state FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Lost', 'passport')$$);
\! emu clear
ALTER SERVER emulator OPTIONS (DROP on_write_error);
\! emu fault action=status status=400 code=21601 message="no such thing" path=create
SELECT state FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Never', 'passport')$$);

-- A rollback names what it leaves behind: the first ten of each.
\set VERBOSITY default
\setenv PGDATABASE :DBNAME
\! psql -Xqt -c "BEGIN; INSERT INTO supporting_documents (friendly_name, type) SELECT 'Named ' || i, 'passport' FROM generate_series(1, 2) i" -c "UPDATE supporting_documents d SET friendly_name = 'Named' FROM writing.customers c WHERE c.sid = d.sid AND c.n <= 14" -c 'SAVEPOINT a' -c "DELETE FROM supporting_documents WHERE friendly_name LIKE 'Named _'" -c 'RELEASE a' -c ROLLBACK -c 'SELECT operation, outcome, count(*) FROM regdocs_fdw_writes() GROUP BY 1, 2 ORDER BY 1' 2>&1 | sed -E 's/RD[0-9a-f]{32}/RD.../g'
