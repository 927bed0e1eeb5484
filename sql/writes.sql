-- emulator: --documents 60 --bundles 20 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
\set server_options ', concurrency \'1\''
\i sql/include/emulator.psql
\i sql/include/write.psql
-- regdocs_fdw_writes(): what the transaction that wrote last has written.
CREATE TABLE customers AS SELECT row_number() OVER (ORDER BY sid) AS n, sid, friendly_name FROM supporting_documents;
CREATE FOREIGN TABLE later (sid text, name text OPTIONS (column_name 'friendly_name'), type text, attributes json) SERVER emulator OPTIONS (resource 'supporting_documents', write_mode 'at_commit');
CREATE VIEW written AS
	SELECT server_name, resource, operation, coalesce((SELECT n::text FROM customers c WHERE c.sid = w.sid), left(sid, 2)) AS sid, outcome, regexp_replace(error, '127.0.0.1:[0-9]+', '...') AS error, old ->> 'friendly_name' AS old, new
	FROM regdocs_fdw_writes() w;
\pset null '(null)'
-- In a new session there is nothing.
SELECT count(*) FROM regdocs_fdw_writes();
UPDATE supporting_documents d SET friendly_name = 'Document ' || n FROM customers c WHERE c.sid = d.sid AND c.n <= 9;
SELECT count(*), count(DISTINCT sid), bool_and(written_at BETWEEN now() - interval '2 min' AND now()) AS "just now" FROM regdocs_fdw_writes();

-- Creates: what was sent, and the sid that came back.
INSERT INTO supporting_documents (friendly_name, type, attributes, file) VALUES
	('One', 'passport', '{"a": 0.10, "b": [12345678901234567890123]}', NULL), ('Two "quoted"', 'passport', NULL, '\x255044462d312e34');
SELECT * FROM written;
SELECT count(*) AS "their sids" FROM supporting_documents d JOIN regdocs_fdw_writes() w ON w.sid = d.sid AND d.friendly_name = w.new ->> 'friendly_name';
\copy supporting_documents (friendly_name, type) FROM PROGRAM 'seq -f "Copied %g,passport" 3' (FORMAT csv)
SELECT * FROM written;
-- A transaction that writes nothing, or tries to and is refused before, forgets nothing.
SELECT state FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Never', NULL)$$);
SET regdocs_fdw.dry_run = on;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Never', 'passport');
RESET regdocs_fdw.dry_run;
SELECT count(*) FROM written;

-- Changes: what the object was, in all columns that the table has.
UPDATE supporting_documents d SET friendly_name = 'New ' || n FROM customers c WHERE c.sid = d.sid AND c.n IN (1, 2);
SELECT * FROM written;
SELECT count(*), bool_and(old - 'friendly_name' - 'date_updated' = to_jsonb(d) - 'friendly_name' - 'date_updated' - 'file' - 'date_created' || jsonb_build_object('date_created', old -> 'date_created')) AS "all of it",
	bool_and((old ->> 'date_created')::timestamptz = date_created) AS "times too", min((SELECT string_agg(key, ' ') FROM jsonb_object_keys(old) AS key)) AS keys
FROM regdocs_fdw_writes() w JOIN supporting_documents d USING (sid);
-- Deletions: as far as the statement read it, that is its conditions; all, with RETURNING.
DELETE FROM supporting_documents WHERE friendly_name = 'One' AND attributes ? 'a';
SELECT operation, outcome, old - 'sid' AS old, new FROM regdocs_fdw_writes();
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 60;
SELECT operation, outcome, sid = old ->> 'sid' AS sid, old - 'sid' AS old FROM regdocs_fdw_writes();
DELETE FROM supporting_documents WHERE friendly_name LIKE 'Two%' RETURNING friendly_name;
SELECT operation, outcome, old ->> 'friendly_name' AS old, old ->> 'type' AS type, (SELECT count(*) FROM jsonb_object_keys(old)) AS keys FROM regdocs_fdw_writes();

-- Several statements, and other resources; a rollback changes nothing.
\set VERBOSITY terse
SELECT sid AS bundle FROM bundles WHERE status = 'draft' ORDER BY sid LIMIT 1 \gset
SELECT sid AS copy FROM bundles WHERE sid <> :'bundle' ORDER BY sid LIMIT 1 \gset
BEGIN;
INSERT INTO end_users (friendly_name, type, attributes) VALUES ('Ana', 'individual', '{}');
SAVEPOINT a;
INSERT INTO evaluations (bundle_sid) VALUES (:'bundle');
UPDATE bundles SET friendly_name = 'Renamed' WHERE sid = :'bundle';
ROLLBACK TO a;
SELECT resource, operation, left(sid, 2) AS sid, outcome, new - 'bundle_sid' AS new, new ->> 'bundle_sid' = :'bundle' AS "its bundle" FROM regdocs_fdw_writes();
ROLLBACK;
SELECT resource, operation, left(sid, 2) AS sid, outcome FROM regdocs_fdw_writes();
\! emu fault action=status status=400 code=22224 message="not a copy" path=ReplaceItems
SELECT state FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
SELECT resource, operation, sid = :'bundle' AS bundle, outcome, error, new ->> 'from_bundle_sid' = :'copy' AS copy FROM regdocs_fdw_writes();

-- Failures: in the API's words; what was not begun is not there.
\! emu fault action=status status=400 code=21601 message="no such thing" skip=2 path=update
SELECT state FROM tell($$UPDATE supporting_documents d SET friendly_name = 'Half ' || n FROM customers c WHERE c.sid = d.sid AND c.n <= 9$$);
SELECT * FROM written;
\! emu fault action=reset_after path=create
SELECT state FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Lost', 'passport')$$);
SELECT * FROM written;
\! emu fault action=slow ms=20000 path=update
SET statement_timeout = '1s';
SELECT state FROM tell($$UPDATE supporting_documents d SET friendly_name = 'Slow' FROM customers c WHERE c.sid = d.sid AND c.n <= 2$$);
RESET statement_timeout;
\! emu clear
SELECT * FROM written;

-- What waits for the commit, what a savepoint has dropped, and what became of it.
BEGIN;
INSERT INTO later (name, type, attributes) VALUES ('Later', 'passport', '{"a": "\u0000"}');
SAVEPOINT a;
INSERT INTO later (name, type) VALUES ('Dropped', 'passport');
ROLLBACK TO a;
UPDATE later d SET name = 'Later ' || n FROM customers c WHERE c.sid = d.sid AND c.n = 3;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('At once', 'passport');
SELECT operation, sid, outcome, old, new FROM written;
COMMIT;
SELECT operation, sid, outcome, old, new FROM written;
-- A transaction that sent nothing has not written: that before is shown.
BEGIN;
INSERT INTO later (name, type) VALUES ('Dropped', 'passport');
ROLLBACK;
SELECT * FROM written;

DELETE FROM later WHERE name = 'Later';

-- For the role alone whose privileges were used, and with what that may select.
CREATE ROLE regress_writer;
CREATE ROLE regress_other;
GRANT USAGE ON SCHEMA writing TO regress_writer, regress_other;
GRANT SELECT (sid, friendly_name), UPDATE (friendly_name) ON supporting_documents TO regress_writer;
GRANT SELECT ON customers TO regress_writer;
CREATE VIEW renamable AS SELECT sid, friendly_name FROM supporting_documents;
GRANT SELECT, UPDATE ON renamable TO regress_writer;
SET ROLE regress_writer;
UPDATE supporting_documents SET friendly_name = 'Mine' WHERE friendly_name = 'At once';
SELECT operation, outcome, old - 'sid' AS old, new FROM regdocs_fdw_writes();
SET ROLE regress_other;
SELECT count(*) FROM regdocs_fdw_writes();
RESET ROLE;
SELECT count(*) FROM regdocs_fdw_writes();
SET ROLE regress_writer;
UPDATE renamable SET friendly_name = 'Renamed' WHERE friendly_name = 'Mine';
SELECT count(*) FROM regdocs_fdw_writes();
RESET ROLE;
SELECT count(*) FROM regdocs_fdw_writes();
DROP VIEW renamable;
REVOKE ALL ON supporting_documents FROM regress_writer;
DROP OWNED BY regress_writer, regress_other;
DROP ROLE regress_writer, regress_other;

-- On disk, beyond work_mem, and as long as the session lasts.
SET work_mem = '64kB';
INSERT INTO supporting_documents (friendly_name, type, attributes) SELECT 'Disk ' || i, 'passport', jsonb_build_object('n', i, 'x', repeat('x', 1000)) FROM generate_series(1, 300) i;
RESET work_mem;
BEGIN;
SELECT count(*), count(DISTINCT sid), sum((new #>> '{attributes,n}')::int), min(outcome), bool_and(length(new #>> '{attributes,x}') = 1000) AS whole FROM regdocs_fdw_writes();
SELECT 1 / 0;
ROLLBACK;
SELECT count(*) AS "as the API has them" FROM regdocs_fdw_writes() w JOIN supporting_documents d ON d.sid = w.sid AND d.attributes = w.new -> 'attributes';
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Last', 'passport');
-- A line of the server's log for each write, with no value, whatever became of the
-- transaction; and none for what was not begun.
\! emu fault action=status status=400 code=21601 message="no such thing" skip=1 path=create
\setenv PGDATABASE :DBNAME
\! psql -Xqt -c 'SET client_min_messages = log' -c 'SET regdocs_fdw.log_requests = writes' -c "BEGIN; UPDATE supporting_documents SET friendly_name = 'Logged' WHERE friendly_name = 'Last'; ROLLBACK" -c "INSERT INTO supporting_documents (friendly_name, type) SELECT 'Logged ' || i, 'passport' FROM generate_series(1, 3) i" -c 'SET regdocs_fdw.log_requests = off' -c "DELETE FROM supporting_documents WHERE friendly_name LIKE 'Logged%'" 2>&1 | grep LOG | sed -E 's/role=[^ ]+/role=.../; s/ms=[0-9]+/ms=N/; s/(RQ|RD|AC)[0-9a-f]{32}/\1.../g'
\! emu clear
SET regdocs_fdw.log_requests = 'all';
SHOW regdocs_fdw.log_requests;
SET regdocs_fdw.log_requests = 'reads';
RESET regdocs_fdw.log_requests;
-- A transaction that was rolled back is over as well.
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Last', 'passport');
SELECT operation, outcome, new FROM written;
