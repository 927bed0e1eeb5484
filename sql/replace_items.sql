-- emulator: --documents 200 --bundles 20
--
-- regdocs_replace_items(): the items of a bundle's copy take the place of its
-- own.  It is a write like any other.
--
\i sql/include/emulator.psql
\i sql/include/write.psql
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset tuples_only on
\pset format unaligned
-- An approved bundle, and its copy with another document in it, approved too.
SELECT b.sid AS bundle, i.object_sid AS item
FROM bundles b JOIN item_assignments i ON i.bundle_sid = b.sid
WHERE b.status = 'twilio-approved' AND i.object_sid LIKE 'RD%' LIMIT 1 \gset
INSERT INTO bundle_copies (bundle_sid) VALUES (:'bundle') RETURNING sid AS copy \gset
INSERT INTO supporting_documents (friendly_name, type) VALUES ('new', 'passport') RETURNING sid AS document \gset
INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (:'copy', :'document');
\setenv COPY :copy
\! emu post review bundle=$COPY status=twilio-approved
CREATE FUNCTION items(bundle text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(object_sid, ',' ORDER BY object_sid)
    FROM item_assignments WHERE bundle_sid = bundle
$$;
SELECT items(:'bundle') <> items(:'copy') AS "they differ";
\! emu reset

-- What is no bundle, no sid, or not allowed is refused, and nothing is sent.
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', NULL, :'copy'));
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', NULL));
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', NULL, :'bundle', :'copy'));
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', 'BU123', :'copy'));
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'document'));
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'supporting_documents', :'bundle', :'copy'));
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundle_copies', :'bundle', :'copy'));
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'pg_class', :'bundle', :'copy'));
SELECT * FROM tell(format('SELECT regdocs_replace_items(0, %L, %L)', :'bundle', :'copy'));
CREATE VIEW view_of_bundles AS SELECT * FROM bundles;
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'view_of_bundles', :'bundle', :'copy'));
ALTER FOREIGN TABLE bundles OPTIONS (ADD updatable 'false');
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
ALTER FOREIGN TABLE bundles OPTIONS (SET updatable 'true', ADD write_mode 'at_commit');
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
ALTER FOREIGN TABLE bundles OPTIONS (DROP write_mode);
BEGIN READ ONLY;
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
COMMIT;
-- The privilege is that to UPDATE, and the credential that of the role.
CREATE ROLE regress_replacer;
GRANT USAGE ON SCHEMA writing TO regress_replacer;
GRANT SELECT ON bundles TO regress_replacer;
SET ROLE regress_replacer;
SELECT * FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
RESET ROLE;
-- What waits for the commit would be overtaken.
CREATE FOREIGN TABLE late_bundles (sid text, email text) SERVER emulator OPTIONS (resource 'bundles', write_mode 'at_commit');
BEGIN;
UPDATE late_bundles SET email = 'late@example.com' WHERE sid = :'bundle';
SELECT state, regexp_replace(message, 'BU\w+', 'BU...') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
ROLLBACK;
\! sent
-- ... by a write to what is below it, and so would that by what changes the bundle.
CREATE FOREIGN TABLE late_items (bundle_sid text, sid text, object_sid text) SERVER emulator OPTIONS (resource 'item_assignments', write_mode 'at_commit');
\! emu reset
BEGIN;
INSERT INTO late_items (bundle_sid, object_sid) VALUES (:'bundle', :'document');
SAVEPOINT a;
SELECT state, regexp_replace(message, 'BU\w+', 'BU...') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
SELECT state, regexp_replace(message, 'BU\w+', 'BU...') FROM tell(format('UPDATE bundles SET email = %L WHERE sid = %L', 'late@example.com', :'bundle'));
SELECT state, regexp_replace(message, 'BU\w+', 'BU...') FROM tell(format('DELETE FROM bundles WHERE sid = %L', :'bundle'));
SELECT state, regexp_replace(message, 'BU\w+', 'BU...') FROM tell(format('INSERT INTO evaluations (bundle_sid) VALUES (%L)', :'bundle'));
SELECT state, regexp_replace(message, 'BU\w+', 'BU...') FROM tell(format('DELETE FROM item_assignments WHERE bundle_sid = %L', :'bundle'));
ROLLBACK TO a;
ROLLBACK;
BEGIN;
DELETE FROM late_items WHERE bundle_sid = :'bundle';
SELECT state, regexp_replace(message, 'BU\w+', 'BU...') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
ROLLBACK;
BEGIN;
UPDATE late_bundles SET email = 'late@example.com' WHERE sid = :'bundle';
SELECT state, regexp_replace(message, 'BU\w+', 'BU...') FROM tell(format('INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (%L, %L)', :'bundle', :'document'));
SELECT state, regexp_replace(message, 'BU\w+', 'BU...') FROM tell(format('DELETE FROM item_assignments WHERE bundle_sid = %L', :'bundle'));
ROLLBACK;
-- What was dropped with a savepoint waits no more.
BEGIN;
SAVEPOINT a;
INSERT INTO late_items (bundle_sid, object_sid) VALUES (:'bundle', :'document');
ROLLBACK TO a;
SELECT state FROM tell(format('UPDATE bundles SET email = email WHERE sid = %L', :'bundle'));
COMMIT;
\! emu get 'requests?n=100' | grep -c '"method":"[PD]'

-- It takes one request, which names the copy; then the items are the same.
GRANT UPDATE ON bundles TO regress_replacer;
SET ROLE regress_replacer;
SELECT regdocs_replace_items('bundles', :'bundle', :'copy');
RESET ROLE;
\! sent
\! sent -v
SELECT items(:'bundle') = items(:'copy') AS "they are the same", items(:'bundle') LIKE '%' || :'document' || '%' AS "with the new one";

-- What the API refuses: a bundle that is not there, the bundle itself, one that
-- is not its copy, one whose copy is not approved.
SELECT state, message, substring(detail FROM 'API error (\d+)') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', 'BU0123456789abcdef0123456789abcdef', :'copy'));
SELECT state, message, substring(detail FROM 'API error (\d+)') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', 'BU0123456789abcdef0123456789abcdef'));
SELECT state, message, substring(detail FROM 'API error (\d+)') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'bundle'));
SELECT state, message, substring(detail FROM 'API error (\d+)') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'copy', :'bundle'));
\! emu post bundles sid=$COPY status=draft
SELECT state, message, substring(detail FROM 'API error (\d+)') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
\! emu post bundles sid=$COPY status=twilio-approved

-- ... one of another regulation, and one that would take an address away.
SELECT regulation_sid AS regulation FROM bundles WHERE sid = :'copy' \gset
SELECT sid AS another FROM regulations WHERE sid <> :'regulation' LIMIT 1 \gset
\setenv REGULATION :regulation
\setenv ANOTHER :another
\! emu post bundles sid=$COPY regulation_sid=$ANOTHER
SELECT state, message, substring(detail FROM 'API error (\d+)') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
\! emu post bundles sid=$COPY regulation_sid=$REGULATION
INSERT INTO bundles (friendly_name, email, iso_country, number_type, end_user_type)
	VALUES ('home', 'home@example.com', 'DE', 'local', 'business') RETURNING sid AS home \gset
INSERT INTO supporting_documents (friendly_name, type) VALUES ('where it is', 'address') RETURNING sid AS address \gset
INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (:'home', :'address');
\setenv HOME_BUNDLE :home
\! emu post bundles sid=$HOME_BUNDLE status=twilio-approved
INSERT INTO bundle_copies (bundle_sid) VALUES (:'home') RETURNING sid AS bare \gset
DELETE FROM item_assignments WHERE bundle_sid = :'bare';
\setenv BARE :bare
\! emu post review bundle=$BARE status=twilio-approved
SELECT state, message, substring(detail FROM 'API error (\d+)') FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'home', :'bare'));
SELECT items(:'home') = :'address' AS "the address is there";

-- A rollback does not undo it, and says so; of a savepoint, too.
BEGIN;
SELECT regdocs_replace_items('bundles', :'bundle', :'copy');
ROLLBACK;
BEGIN;
SAVEPOINT a;
SELECT regdocs_replace_items('bundles', :'bundle', :'copy');
ROLLBACK TO a;
COMMIT;
BEGIN;
SELECT regdocs_replace_items('bundles', :'bundle', :'copy');
COMMIT;

-- Where the answer is lost it is not sent again, and the outcome is unknown.
\! emu reset
\! emu fault action=reset_after path=ReplaceItems count=1
SELECT state, hint FROM tell(format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', :'copy'));
\! emu clear
\! sent
-- 429 was certainly not done: it is sent again.
\! emu reset
\! emu fault action=status status=429 path=ReplaceItems count=1
SELECT regdocs_replace_items('bundles', :'bundle', :'copy');
\! sent
-- The hint of a rollback names no way that the API does not have: evaluations stay.
BEGIN;
INSERT INTO evaluations (bundle_sid) VALUES (:'copy');
ROLLBACK;
DROP OWNED BY regress_replacer;
DROP ROLE regress_replacer;
