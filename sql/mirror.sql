-- emulator: --documents 60 --bundles 20
--
-- Mirrors: regdocs_create_snapshot() and regdocs_refresh().
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\set ECHO none
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS mirrors CASCADE;
CREATE SCHEMA mirrors;
-- how many rows differ between a foreign table and its mirror
CREATE FUNCTION pg_temp.differing(source text, mirror text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	columns text := (SELECT string_agg(quote_ident(attname) || '::text', ', ')
		FROM pg_attribute WHERE attrelid = mirror::regclass AND attnum > 0
		AND NOT attisdropped);
	result bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM ((SELECT %1$s FROM %2$s EXCEPT ALL SELECT %1$s FROM %3$s)
		UNION ALL (SELECT %1$s FROM %3$s EXCEPT ALL SELECT %1$s FROM %2$s)) d',
		columns, source, mirror) INTO result;
	RETURN result;
END
$$;
RESET client_min_messages;
\set ECHO all

--
-- A mirror of every resource that can be listed: one walk each fills it, and
-- another finds nothing to do.
--
SELECT r AS resource, regdocs_create_snapshot(r::regclass, 'mirrors.' || r)
FROM unnest('{supporting_documents,supporting_document_types,end_user_types,end_users,regulations,bundles,item_assignments,evaluations,bundle_copies}'::text[]) r;
SELECT r AS resource, inserted > 0 AS filled, updated, deleted, unchanged,
       pg_temp.differing(r, 'mirrors.' || r) AS differing
FROM unnest('{supporting_documents,supporting_document_types,end_user_types,end_users,regulations,bundles,item_assignments,evaluations,bundle_copies}'::text[]) r,
     regdocs_refresh(r::regclass, ('mirrors.' || r)::regclass);
\! emu reset
SELECT r AS resource, inserted, updated, deleted, unchanged > 0 AS unchanged
FROM unnest('{supporting_documents,supporting_document_types,end_user_types,end_users,regulations,bundles}'::text[]) r,
     regdocs_refresh(r::regclass, ('mirrors.' || r)::regclass);
\! sent
\d mirrors.bundles
\d mirrors.bundles_history

--
-- What has changed, and only that, is written, and is in the history.  A row
-- that the list does not have is asked for by its sid before it is deleted.
--
SELECT regdocs_create_snapshot('supporting_documents', 'mirrors.documents');
SELECT * FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
CREATE TABLE mirrors.before AS SELECT sid, ctid AS place, xmin::text AS writer FROM mirrors.documents;
SELECT pg_temp.sid(1) AS one, pg_temp.sid(2) AS two, pg_temp.sid(3) AS three \gset
\setenv ONE :one
\setenv TWO :two
\setenv THREE :three
\! emu post review sid=$ONE status=rejected failure_reason=blurry errors='[{"code": 18002}]'
\! emu post supporting_documents sid=$TWO attributes='{"n": 1.00}'
\! emu delete "supporting_documents?sid=$THREE"
\! emu reset
BEGIN;
SELECT * FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
SELECT bool_and(changed_at = now()) AS "the transaction's time" FROM mirrors.documents_history WHERE change <> 'inserted';
COMMIT;
\! sent
SELECT pg_temp.differing('supporting_documents', 'mirrors.documents') AS differing;
-- (releases of psql differ in how wide an emoji is)
\pset format unaligned
SELECT pg_temp.name(sid) AS document, change, old_status IS NOT NULL AS old_status, new_status, old ? 'attributes' AS old, new ->> 'failure_reason' AS reason, new -> 'attributes' AS attributes
FROM mirrors.documents_history WHERE change <> 'inserted' ORDER BY 1;
\pset format aligned
SELECT count(*) AS inserted, count(old) AS old, bool_and((new ->> 'sid') = sid AND new_status = new ->> 'status') AS new
FROM mirrors.documents_history WHERE change = 'inserted';
SELECT count(*) AS "not touched" FROM mirrors.documents d JOIN mirrors.before b ON b.sid = d.sid AND b.place = d.ctid AND b.writer = d.xmin::text;

-- Digits of numbers are a difference.
\! emu post supporting_documents sid=$TWO attributes='{"n": 1.0}'
SELECT updated FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
SELECT attributes FROM mirrors.documents WHERE sid = :'two';

-- It shows what the transaction itself has written at once, and not what waits
-- for the commit.
BEGIN;
UPDATE supporting_documents SET friendly_name = 'At once' WHERE sid = (SELECT sid FROM mirrors.documents WHERE status = 'draft' ORDER BY sid LIMIT 1);
SELECT updated FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
SELECT updated FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
COMMIT;
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD write_mode 'at_commit');
BEGIN;
UPDATE supporting_documents SET friendly_name = 'At commit' WHERE sid = (SELECT sid FROM mirrors.documents WHERE status = 'draft' ORDER BY sid LIMIT 1);
SELECT updated FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
COMMIT;
SELECT updated FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP write_mode);

-- An error later in the transaction takes all of it back.
\! emu post supporting_documents sid=$TWO friendly_name='Taken back'
BEGIN;
SELECT updated FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
ROLLBACK;
SELECT count(*) FROM mirrors.documents WHERE friendly_name = 'Taken back';
SELECT count(*) FROM mirrors.documents_history WHERE new ->> 'friendly_name' = 'Taken back';

--
-- Children are asked for in their bundle; those of a bundle that is gone are.
--
SELECT sid AS bundle FROM mirrors.bundles b
WHERE (SELECT count(*) FROM mirrors.item_assignments i WHERE i.bundle_sid = b.sid) > 1
  AND EXISTS (SELECT FROM mirrors.evaluations e WHERE e.bundle_sid = b.sid) ORDER BY sid LIMIT 1 \gset
SELECT sid AS item FROM mirrors.item_assignments WHERE bundle_sid <> :'bundle' ORDER BY sid LIMIT 1 \gset
SELECT count(*) AS items FROM mirrors.item_assignments WHERE bundle_sid = :'bundle' \gset
\setenv BUNDLE :bundle
\setenv ITEM :item
\! emu delete "bundles?sid=$BUNDLE"
\! emu delete "item_assignments?sid=$ITEM"
\! emu reset
SELECT inserted, updated, deleted = :items + 1 AS deleted FROM regdocs_refresh('item_assignments', 'mirrors.item_assignments');
\set fetches `emu count item_assignments.fetch`
SELECT :fetches = :items + 1 AS "each was asked for";
SELECT deleted > 0 AS deleted FROM regdocs_refresh('evaluations', 'mirrors.evaluations');
SELECT deleted FROM regdocs_refresh('bundles', 'mirrors.bundles');
SELECT change, old_status IS NOT NULL AS status FROM mirrors.evaluations_history WHERE change = 'deleted' LIMIT 1;
SELECT change, old_status FROM mirrors.item_assignments_history WHERE change = 'deleted' LIMIT 1;

-- A copy cannot be fetched: it is looked for in the list of its original.
SELECT sid AS copy FROM mirrors.bundle_copies LIMIT 1 \gset
\setenv COPY :copy
\! emu delete "bundles?sid=$COPY"
SELECT deleted FROM regdocs_refresh('bundle_copies', 'mirrors.bundle_copies');

--
-- Renamed and partial tables, other names and schemas.
--
CREATE SCHEMA "Other's";
CREATE FOREIGN TABLE mirrors."Odd ""source""" (
	"Id" varchar OPTIONS (column_name 'sid'), "state'" text OPTIONS (column_name 'status'),
	whole json OPTIONS (column_name 'document'), "left" text OPTIONS (column_name 'friendly_name') COLLATE "C",
	file bytea
) SERVER emulator;
SELECT regdocs_create_snapshot('mirrors."Odd ""source"""', '"Other''s"."Odd target"');
\d "Other's"."Odd target"
SELECT * FROM regdocs_refresh('mirrors."Odd ""source"""', '"Other''s"."Odd target"');
\! emu post supporting_documents sid=$TWO friendly_name='Twice renamed'
SELECT * FROM regdocs_refresh('mirrors."Odd ""source"""', '"Other''s"."Odd target"');
SELECT change, new_status = old_status AS status, new ->> 'left' AS "left", new #>> '{whole,friendly_name}' AS whole
FROM "Other's"."Odd target_history" WHERE change = 'updated';
SELECT pg_temp.differing('mirrors."Odd ""source"""', '"Other''s"."Odd target"') AS differing;

-- In the first schema of the search path, where there is no other name.
SET search_path = mirrors, public;
SELECT regdocs_create_snapshot('public.bundles', 'unqualified');
RESET search_path;
SELECT to_regclass('mirrors.unqualified') AS there;
SELECT regdocs_create_snapshot('public.bundles', 'pg_temp.temporary');
SELECT inserted > 0 AS filled FROM regdocs_refresh('public.bundles', 'pg_temp.temporary');

-- Whatever the search path finds first, the refresh means PostgreSQL's own.
CREATE SCHEMA hostile;
CREATE FUNCTION hostile.equal(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'mine was called'; END $$;
CREATE OPERATOR hostile.= (LEFTARG = text, RIGHTARG = text, FUNCTION = hostile.equal);
CREATE FUNCTION hostile.now() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE 'mine was called'; END $$;
CREATE TABLE hostile.regdocs_rows (c0 text);
CREATE DOMAIN hostile.text AS integer;
SET search_path = hostile, pg_catalog, public;
\! emu delete "supporting_documents?sid=$TWO"
\! emu post supporting_documents sid=$ONE friendly_name='Hostile'
\! emu post supporting_documents friendly_name='New' type=passport
SELECT inserted, updated, deleted FROM public.regdocs_refresh('public.supporting_documents', 'mirrors.documents');
RESET search_path;
DROP SCHEMA hostile CASCADE;

--
-- What users add to a mirror stays and works.
--
SELECT regdocs_create_snapshot('supporting_documents', 'mirrors.own');
ALTER TABLE mirrors.own ADD note text DEFAULT 'none',
	ADD shouted text GENERATED ALWAYS AS (upper(friendly_name)) STORED,
	ADD number integer GENERATED ALWAYS AS IDENTITY;
CREATE INDEX ON mirrors.own (status);
CREATE TABLE mirrors.noted (operation text, sid text);
CREATE FUNCTION mirrors.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO mirrors.noted VALUES (TG_OP, coalesce(NEW.sid, OLD.sid));
	RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON mirrors.own FOR EACH ROW EXECUTE FUNCTION mirrors.note();
CREATE FUNCTION mirrors.note_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO mirrors.noted VALUES (TG_OP, 'a statement'); RETURN NULL; END $$;
CREATE TRIGGER note_statement AFTER INSERT OR UPDATE OR DELETE ON mirrors.own FOR EACH STATEMENT EXECUTE FUNCTION mirrors.note_statement();
SELECT inserted > 0 AS filled FROM regdocs_refresh('supporting_documents', 'mirrors.own');
SELECT count(DISTINCT number) = count(*) AS numbered, bool_and(note = 'none' AND shouted = upper(friendly_name)) AS filled FROM mirrors.own;
SELECT operation, count(*) > 1 AS several FROM mirrors.noted GROUP BY 1;
TRUNCATE mirrors.noted;
UPDATE mirrors.own SET note = 'mine' WHERE sid = :'one';
TRUNCATE mirrors.noted;
CREATE TABLE mirrors.referencing (sid text REFERENCES mirrors.own ON DELETE SET NULL, checked text);
SELECT pg_temp.sid(4) AS four, pg_temp.sid(5) AS five \gset
\setenv FOUR :four
\setenv FIVE :five
INSERT INTO mirrors.referencing VALUES (:'four', 'four'), (:'one', 'one');
ALTER TABLE mirrors.own ENABLE ROW LEVEL SECURITY;
CREATE POLICY drafts ON mirrors.own TO PUBLIC USING (status = 'draft');
\! emu post supporting_documents sid=$ONE friendly_name='shouted'
\! emu delete "supporting_documents?sid=$FOUR"
SELECT inserted, updated, deleted FROM regdocs_refresh('supporting_documents', 'mirrors.own');
SELECT note, shouted FROM mirrors.own WHERE sid = :'one';
SELECT operation, pg_temp.name(sid) AS document FROM mirrors.noted ORDER BY 1, 2;
SELECT * FROM (SELECT pg_temp.name(sid) AS document, checked FROM mirrors.referencing) r ORDER BY checked;
-- Not even a statement, where nothing has changed.
TRUNCATE mirrors.noted;
SELECT inserted, updated, deleted FROM regdocs_refresh('supporting_documents', 'mirrors.own');
SELECT count(*) FROM mirrors.noted;

-- A column that is added on both sides is filled: each row of it has changed.
CREATE FOREIGN TABLE mirrors.few (sid text, status text) SERVER emulator;
SELECT regdocs_create_snapshot('mirrors.few', 'mirrors.grows');
SELECT inserted > 0 AS filled FROM regdocs_refresh('mirrors.few', 'mirrors.grows');
ALTER FOREIGN TABLE mirrors.few ADD type text;
SELECT inserted, updated, deleted FROM regdocs_refresh('mirrors.few', 'mirrors.grows');
ALTER TABLE mirrors.grows ADD type text;
SELECT count(*) AS rows FROM mirrors.grows \gset
SELECT inserted, updated = :rows AS "updated all", deleted, unchanged FROM regdocs_refresh('mirrors.few', 'mirrors.grows');
SELECT count(*) FROM mirrors.grows WHERE type IS NULL;
SELECT DISTINCT old -> 'type' AS old, new ? 'type' AS new FROM mirrors.grows_history WHERE change = 'updated';
ALTER TABLE mirrors.grows DROP type;
SELECT inserted, updated, deleted FROM regdocs_refresh('mirrors.few', 'mirrors.grows');

--
-- Documents that cannot be converted keep their old state, and are counted.
--
SELECT pg_temp.sid(7) AS seven, pg_temp.sid(8) AS eight \gset
\setenv SEVEN :seven
\setenv EIGHT :eight
\! emu post review sid=$SEVEN status=odd
SELECT pg_temp.attempt($$SELECT * FROM regdocs_refresh('supporting_documents', 'mirrors.documents')$$);
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD on_error 'ignore');
\! emu delete "supporting_documents?sid=$EIGHT"
\! emu post supporting_documents friendly_name='New and odd' type=passport status=odder
\! emu reset
\set VERBOSITY terse
SELECT inserted, updated, deleted FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
\set VERBOSITY default
\! sent
SELECT count(*) AS "still there" FROM mirrors.documents WHERE sid = :'seven';
SELECT count(*) FROM mirrors.documents_history WHERE sid = :'seven' AND change <> 'inserted';
\! emu post review sid=$SEVEN status=expired
\set VERBOSITY terse
SELECT inserted, updated, deleted FROM regdocs_refresh('supporting_documents', 'mirrors.documents');
\set VERBOSITY default
SELECT new_status FROM mirrors.documents_history WHERE sid = :'seven' AND change = 'updated';
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP on_error);
\! emu delete 'supporting_documents?index=61'

--
-- What cannot be mirrored, or refreshed.
--
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('bundle_clones', 'mirrors.x')$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('mirrors.own', 'mirrors.x')$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot(NULL, 'mirrors.x')$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('bundles', NULL)$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('bundles', 'mirrors.documents')$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('bundles', 'nowhere.x')$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('bundles', 'a.b.c')$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('bundles', repeat('x', 56))$$);
SELECT to_regclass('mirrors.x') AS "nothing was made";
CREATE FOREIGN TABLE mirrors.no_sid (status text) SERVER emulator;
CREATE FOREIGN TABLE mirrors.odd_sid (sid char(34)) SERVER emulator;
CREATE FOREIGN TABLE mirrors.no_bundle (sid text) SERVER emulator OPTIONS (resource 'evaluations');
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('mirrors.no_sid', 'mirrors.x')$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('mirrors.odd_sid', 'mirrors.x')$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('mirrors.no_bundle', 'mirrors.x')$$);

CREATE TABLE mirrors.parent (sid text, status text, account_sid text) PARTITION BY LIST (account_sid);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('mirrors.parent', 'mirrors.x')$$);
CREATE TABLE mirrors.local PARTITION OF mirrors.parent FOR VALUES IN ('AC2');
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('mirrors.parent', 'mirrors.x')$$);
DROP TABLE mirrors.local;
CREATE FOREIGN TABLE mirrors.documents_of PARTITION OF mirrors.parent FOR VALUES IN ('AC0123456789abcdef0123456789abcdef') SERVER emulator;
CREATE FOREIGN TABLE mirrors.bundles_of PARTITION OF mirrors.parent FOR VALUES IN ('AC3') SERVER emulator OPTIONS (resource 'bundles');
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('mirrors.parent', 'mirrors.x')$$);
DROP FOREIGN TABLE mirrors.bundles_of;
CREATE FOREIGN TABLE mirrors.crossed (status text, sid text OPTIONS (column_name 'type'), account_sid text) SERVER emulator;
ALTER TABLE mirrors.parent ATTACH PARTITION mirrors.crossed FOR VALUES IN ('AC4');
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('mirrors.parent', 'mirrors.x')$$);
DROP FOREIGN TABLE mirrors.crossed;
SELECT regdocs_create_snapshot('mirrors.parent', 'mirrors.partitioned');
SELECT inserted > 0 AS filled FROM regdocs_refresh('mirrors.parent', 'mirrors.partitioned');

SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', NULL)$$);
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'end_users')$$);
SELECT pg_temp.attempt($$SELECT regdocs_refresh('mirrors.noted', 'mirrors.documents')$$);
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.documents')$$);
SELECT pg_temp.attempt($$SELECT regdocs_refresh('supporting_documents', 'mirrors.noted')$$);
SELECT regdocs_create_snapshot('bundles', 'mirrors.altered');
ALTER TABLE mirrors.altered DROP CONSTRAINT altered_pkey;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.altered')$$);
CREATE UNIQUE INDEX partial ON mirrors.altered (sid) WHERE status IS NOT NULL;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.altered')$$);
CREATE UNIQUE INDEX ON mirrors.altered (sid);
SELECT inserted > 0 AS filled FROM regdocs_refresh('bundles', 'mirrors.altered');
ALTER TABLE mirrors.altered ALTER status TYPE text;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.altered')$$);
ALTER TABLE mirrors.altered DROP status, DROP valid_until, ADD valid_until timestamptz GENERATED ALWAYS AS ('2000-01-01Z') STORED;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.altered')$$);
ALTER TABLE mirrors.altered DROP valid_until;
ALTER TABLE mirrors.altered_history DROP old;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.altered')$$);
ALTER TABLE mirrors.altered_history ADD old text;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.altered')$$);
ALTER TABLE mirrors.altered_history DROP old, ADD old jsonb, ADD remark text DEFAULT 'x';
SELECT updated FROM regdocs_refresh('bundles', 'mirrors.altered');
ALTER TABLE mirrors.altered_history RENAME TO elsewhere;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.altered')$$);
ALTER TABLE mirrors.altered DROP sid;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.altered')$$);
BEGIN READ ONLY;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('supporting_documents', 'mirrors.documents')$$);
SELECT pg_temp.attempt($$SELECT regdocs_create_snapshot('supporting_documents', 'mirrors.x')$$);
COMMIT;
-- A trigger that refreshes what is being refreshed, or a cursor over it.
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM mirrors.documents;
FETCH 1 FROM c \gset ignored_
SELECT pg_temp.attempt($$SELECT regdocs_refresh('supporting_documents', 'mirrors.documents')$$);
ROLLBACK;

--
-- Collations that both have chosen, and each another one.
--
CREATE FOREIGN TABLE mirrors.own_collation (sid text COLLATE "C", type text COLLATE "C") SERVER emulator OPTIONS (resource 'end_users');
SELECT regdocs_create_snapshot('mirrors.own_collation', 'mirrors.collated');
ALTER TABLE mirrors.collated ALTER sid TYPE text COLLATE "POSIX", ALTER type TYPE text COLLATE "POSIX";
SELECT inserted > 0 AS filled FROM regdocs_refresh('mirrors.own_collation', 'mirrors.collated');
UPDATE mirrors.collated SET type = 'other' WHERE sid = (SELECT min(sid) FROM mirrors.collated);
INSERT INTO mirrors.collated VALUES ('IT' || repeat('f', 32));
SELECT inserted, updated, deleted FROM regdocs_refresh('mirrors.own_collation', 'mirrors.collated');

--
-- By a role that owns the mirror, has a user mapping, and no more.
--
CREATE ROLE regress_mirror;
CREATE ROLE regress_other;
GRANT USAGE, CREATE ON SCHEMA mirrors TO regress_mirror, regress_other;
GRANT SELECT ON supporting_documents TO regress_mirror;
SET ROLE regress_mirror;
SELECT regdocs_create_snapshot('supporting_documents', 'mirrors.roles');
SELECT inserted > 0 AS filled FROM regdocs_refresh('supporting_documents', 'mirrors.roles');
SELECT pg_temp.attempt($$SELECT regdocs_refresh('bundles', 'mirrors.roles')$$);
RESET ROLE;
SELECT relowner::regrole, relname FROM pg_class WHERE relname LIKE 'roles%' AND relkind = 'r' ORDER BY 2;
-- Who may not read it, or whom policies hide rows from, cannot refresh it.
GRANT SELECT ON supporting_documents TO regress_other;
SET ROLE regress_other;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('supporting_documents', 'mirrors.roles')$$);
RESET ROLE;
GRANT SELECT, INSERT, UPDATE, DELETE ON mirrors.roles, mirrors.roles_history TO regress_other;
SET ROLE regress_other;
SELECT inserted, updated, deleted FROM regdocs_refresh('supporting_documents', 'mirrors.roles');
RESET ROLE;
ALTER TABLE mirrors.roles ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON mirrors.roles USING (true);
SET ROLE regress_other;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('supporting_documents', 'mirrors.roles')$$);
SET ROLE regress_mirror;
SELECT inserted, updated, deleted FROM regdocs_refresh('supporting_documents', 'mirrors.roles');
-- A history of somebody else's, which could have triggers.
DROP TABLE mirrors.roles_history;
SET ROLE regress_other;
CREATE TABLE mirrors.roles_history (changed_at timestamptz, change text, sid text, old_status text, new_status text, old jsonb, new jsonb);
GRANT INSERT ON mirrors.roles_history TO regress_mirror;
SET ROLE regress_mirror;
SELECT pg_temp.attempt($$SELECT regdocs_refresh('supporting_documents', 'mirrors.roles')$$);
RESET ROLE;
\set ECHO none
SET client_min_messages = warning;
DROP OWNED BY regress_mirror, regress_other;
DROP ROLE regress_mirror, regress_other;
DROP SCHEMA mirrors CASCADE;
DROP SCHEMA "Other's" CASCADE;
