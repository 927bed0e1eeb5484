-- emulator: --documents 60 --bundles 20 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
\i sql/include/emulator.psql
\i sql/include/write.psql
-- regdocs_fdw.dry_run: writes are checked, counted and not sent.
SELECT count(*) FROM supporting_documents;
CREATE TABLE customers AS SELECT row_number() OVER (ORDER BY sid) AS n, sid, friendly_name FROM supporting_documents;
CREATE FOREIGN TABLE later (sid text, friendly_name text, type text, attributes jsonb) SERVER emulator OPTIONS (resource 'supporting_documents', write_mode 'at_commit');
\set before `emu digest supporting_documents`
\! emu reset
SHOW regdocs_fdw.dry_run;
CREATE ROLE regress_dry;
SET ROLE regress_dry;
SET regdocs_fdw.dry_run = on;
RESET ROLE;
DROP ROLE regress_dry;

-- Each kind of statement, with one NOTICE at its end.
\unset QUIET
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Dry', 'passport');
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Dry ' || i, 'passport' FROM generate_series(1, 100) i;
UPDATE supporting_documents SET friendly_name = 'Dry';
UPDATE supporting_documents d SET friendly_name = 'Dry' FROM customers c WHERE c.sid = d.sid AND c.n <= 3;
-- What would not be changed would not be sent.
UPDATE supporting_documents d SET friendly_name = c.friendly_name FROM customers c WHERE c.sid = d.sid;
DELETE FROM supporting_documents;
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 4;
DELETE FROM supporting_documents WHERE sid = 'RD' || repeat('f', 32);
-- A row that a join brings twice would be sent once.
DELETE FROM supporting_documents d USING (SELECT sid FROM customers WHERE n = 1 UNION ALL SELECT sid FROM customers WHERE n = 1) c WHERE c.sid = d.sid;
COPY supporting_documents (friendly_name, type) FROM PROGRAM $$seq -f 'Dry copy %g,passport' 3$$ (FORMAT csv);
PREPARE rename(text) AS UPDATE supporting_documents d SET friendly_name = $1 FROM customers c WHERE c.sid = d.sid AND c.n <= 3;
EXECUTE rename('Dry');
\set QUIET on

-- What waits for the commit is checked and counted by its statement.
BEGIN;
INSERT INTO later (friendly_name, type) SELECT 'Dry ' || i, 'passport' FROM generate_series(1, 7) i;
UPDATE later d SET friendly_name = 'Dry' FROM customers c WHERE c.sid = d.sid AND c.n <= 3;
DELETE FROM later d USING customers c WHERE c.sid = d.sid AND c.n = 4;
COMMIT;

-- Several kinds, resources and statements in one.
WITH gone AS (DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 4),
	changed AS (UPDATE supporting_documents d SET friendly_name = 'Dry' FROM customers c WHERE c.sid = d.sid AND c.n = 5)
INSERT INTO end_users (friendly_name, type) VALUES ('Dry', 'individual');
DO $$ BEGIN
	INSERT INTO supporting_documents (friendly_name, type) VALUES ('Dry', 'passport');
	INSERT INTO end_users (friendly_name, type) VALUES ('Dry', 'individual');
END $$;
SELECT sid AS bundle FROM bundles WHERE status = 'draft' ORDER BY sid LIMIT 1 \gset
SELECT sid AS copy FROM bundles WHERE sid <> :'bundle' ORDER BY sid LIMIT 1 \gset
SELECT regdocs_replace_items('bundles', :'bundle', :'copy');
INSERT INTO evaluations (bundle_sid) VALUES (:'bundle');

-- Triggers see what was to be written; what they do here is done.
CREATE TABLE seen (operation text, name text);
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO seen VALUES (TG_OP, coalesce(NEW.friendly_name, 'none'));
	RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON supporting_documents FOR EACH ROW EXECUTE FUNCTION see();
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Dry trigger', 'passport');
UPDATE supporting_documents d SET friendly_name = 'Dry trigger' FROM customers c WHERE c.sid = d.sid AND c.n = 1;
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 1;
SELECT * FROM seen;
DROP TRIGGER see ON supporting_documents;
CREATE VIEW passports AS SELECT * FROM supporting_documents WHERE type = 'passport' WITH CHECK OPTION;
INSERT INTO passports (friendly_name, type) VALUES ('Dry', 'passport');
SELECT state, message FROM tell($$INSERT INTO passports (friendly_name, type) VALUES ('Dry', 'utility_bill')$$);

-- What is refused is refused, and without a NOTICE.
SELECT state, message FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Dry', NULL)$$);
SELECT state, message FROM tell($$INSERT INTO supporting_documents (friendly_name, type, attributes) SELECT 'Dry', 'passport', CASE i WHEN 90 THEN '[]' ELSE '{}' END::jsonb FROM generate_series(1, 100) i$$);
SELECT state, message FROM tell($$UPDATE supporting_documents SET status = 'draft'$$);
SELECT state, message FROM tell($$UPDATE later SET attributes = NULL$$);
-- There are no answers to return.
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Dry', 'passport') RETURNING sid$$);
SELECT state FROM tell($$UPDATE supporting_documents SET friendly_name = 'Dry' RETURNING sid$$);
SELECT state FROM tell($$DELETE FROM supporting_documents RETURNING sid$$);
SELECT state, message FROM tell($$DELETE FROM later RETURNING sid$$);
-- Nor of a plan that was made before.
SET regdocs_fdw.dry_run = off;
SET plan_cache_mode = force_generic_plan;
PREPARE returns AS DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 0 RETURNING d.sid;
EXECUTE returns;
SET regdocs_fdw.dry_run = on;
\set VERBOSITY sqlstate
EXECUTE returns;
\set VERBOSITY default
RESET plan_cache_mode;

-- What was read was read; nothing was written.
\set requests `emu get counters`
SELECT :'requests'::json#>'{requests,create}' AS creates, :'requests'::json#>'{requests,update}' AS updates, :'requests'::json#>'{requests,delete}' AS deletes, (:'requests'::json#>>'{requests,list}')::int > 0 AS "has read";
\set after `emu digest supporting_documents`
SELECT :'before' = :'after' AS "all as before";
-- A statement decides when it begins; one that was begun before sends.
CREATE FUNCTION dry(value text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('regdocs_fdw.dry_run', value, false) $$;
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Still dry', 'passport' FROM dry('off');
INSERT INTO supporting_documents (friendly_name, type) SELECT 'Not dry', 'passport' FROM dry('on');
RESET regdocs_fdw.dry_run;
SELECT friendly_name FROM supporting_documents WHERE friendly_name LIKE '% dry';
