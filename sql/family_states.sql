-- emulator: --documents 50 --bundles 40
--
-- What the API refuses of the family, by the SQLSTATE that says whose fault it
-- is; and what the statement had done by then, in the words of the resource.
--
\i sql/include/emulator.psql
\i sql/include/write.psql
\pset tuples_only on
\pset format unaligned
SET search_path = writing, public;
CREATE FUNCTION told(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT regexp_replace(regexp_replace(regexp_replace(concat_ws(E'\n', state || ': ' || message, nullif(detail, ''), 'HINT: ' || nullif(hint, '')),
		'(BU|IT|BV|RD|EL|RN|AC)[0-9a-f]{32}', '\1...', 'g'), ' broke: [^\n]*', ' broke: ...'), 'https?://[^ ]*', 'URL', 'g') FROM tell(statement)
$$;
\! emu reset
SELECT sid AS rejected FROM bundles WHERE status = 'twilio-rejected' ORDER BY sid LIMIT 1 \gset
SELECT sid AS draft FROM bundles WHERE status = 'draft' ORDER BY sid LIMIT 1 \gset
SELECT sid AS pending FROM bundles WHERE status = 'pending-review' ORDER BY sid LIMIT 1 \gset
SELECT sid AS approved FROM bundles WHERE status = 'twilio-approved' ORDER BY sid LIMIT 1 \gset
SELECT object_sid AS assigned_user FROM item_assignments WHERE bundle_sid = :'approved' AND object_sid LIKE 'IT%' LIMIT 1 \gset
SELECT object_sid AS assigned_document FROM item_assignments JOIN supporting_documents d ON d.sid = object_sid WHERE d.status IN ('draft', 'approved', 'rejected') LIMIT 1 \gset
-- 21644 to 21648
SELECT told(format('DELETE FROM end_users WHERE sid = %L', :'assigned_user'));
SELECT told(format('DELETE FROM supporting_documents WHERE sid = %L', :'assigned_document'));
SELECT told(format('DELETE FROM bundles WHERE sid = %L', :'pending'));
\setenv APPROVED :approved
\! emu post bundles sid=$APPROVED numbers=1
SELECT told(format('DELETE FROM bundles WHERE sid = %L', :'approved'));
-- 20409
SELECT told(format('UPDATE bundles SET email = ''x@example.com'' WHERE sid = %L', :'pending'));
-- 22200 to 22206
CREATE FOREIGN TABLE odd_bundles (friendly_name text, email text, iso_country text, number_type text, end_user_type text) SERVER emulator OPTIONS (resource 'bundles');
SELECT told('INSERT INTO odd_bundles VALUES (''a'', ''a@example.com'', ''DE'', ''short'', ''business'')');
SELECT told('INSERT INTO odd_bundles VALUES (''a'', ''a@example.com'', ''DE'', ''local'', ''nobody'')');
SELECT told('INSERT INTO bundles (friendly_name, email, regulation_sid) VALUES (''a'', ''a@example.com'', ''RN0123456789abcdef0123456789abcdef'')');
SELECT told('INSERT INTO bundles (friendly_name, email) VALUES (''a'', ''a@example.com'')');
CREATE FOREIGN TABLE plain_bundles (sid text, status text, email text) SERVER emulator OPTIONS (resource 'bundles');
SELECT told(format('UPDATE plain_bundles SET status = ''nonsense'' WHERE sid = %L', :'draft'));
SELECT told(format('INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (%L, ''RD0123456789abcdef0123456789abcdef'')', :'draft'));
SELECT told(format('INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (%L, %L)', :'draft', :'pending'));
SELECT told(format('INSERT INTO bundle_copies (bundle_sid, friendly_name) VALUES (%L, ''a'')', :'draft'));
\! emu post bundles sid=$APPROVED address_deleted=true
SELECT told(format('INSERT INTO bundle_copies (bundle_sid, friendly_name) VALUES (%L, ''a'')', :'approved'));
\! emu post bundles sid=$APPROVED address_deleted=false
-- the parent is not there
SELECT told('INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (''BU0123456789abcdef0123456789abcdef'', ''RD0123456789abcdef0123456789abcdef'')');
SELECT told('INSERT INTO evaluations (bundle_sid) VALUES (''BU0123456789abcdef0123456789abcdef'')');
-- of many, one is refused
CREATE TABLE to_assign AS SELECT :'draft' AS bundle_sid, sid AS object_sid FROM supporting_documents WHERE NOT EXISTS (SELECT FROM item_assignments i WHERE i.bundle_sid = :'draft' AND i.object_sid = supporting_documents.sid) LIMIT 20;
ALTER SERVER emulator OPTIONS (ADD concurrency '1');
\! emu fault action=status status=400 code=22205 path=item_assignments.create skip=7
\set SHOW_CONTEXT never
\set VERBOSITY terse
SELECT told('INSERT INTO item_assignments (bundle_sid, object_sid) SELECT * FROM to_assign');
\! emu clear
SELECT count(*) FROM item_assignments i JOIN to_assign USING (bundle_sid, object_sid);
-- all of them are taken away again; one that is gone counts as done
SELECT sid AS gone FROM item_assignments i JOIN to_assign USING (bundle_sid, object_sid) LIMIT 1 \gset
\setenv GONE :gone
\! emu fault action=vanish sid=$GONE path=item_assignments.delete
DELETE FROM item_assignments i USING to_assign t WHERE i.bundle_sid = t.bundle_sid AND i.object_sid = t.object_sid;
SELECT count(*) FROM item_assignments i JOIN to_assign USING (bundle_sid, object_sid);
\! emu clear
-- an update of what is gone
SELECT sid AS user FROM end_users ORDER BY 1 LIMIT 1 \gset
\setenv USER :user
\! emu fault action=vanish sid=$USER path=end_users.update
SELECT told(format('UPDATE end_users SET friendly_name = ''x'' WHERE sid = %L', :'user'));
-- a create whose outcome is not known
\! emu fault action=reset_after path=item_assignments.create
SELECT told('INSERT INTO item_assignments (bundle_sid, object_sid) SELECT * FROM to_assign LIMIT 1');
\! emu clear
-- COPY
\set ECHO none
SELECT format('COPY item_assignments (bundle_sid, object_sid) FROM PROGRAM %L', 'printf "' || string_agg(:'draft' || '\t' || sid || '\n', '') || '"')
FROM (SELECT sid FROM supporting_documents WHERE sid NOT IN (SELECT object_sid FROM item_assignments WHERE bundle_sid = :'draft') ORDER BY sid LIMIT 3) d \gexec
\set ECHO all
SELECT count(*) FROM item_assignments WHERE bundle_sid = :'draft' AND object_sid IN (SELECT sid FROM supporting_documents WHERE status IS NOT NULL);
SELECT told('COPY item_assignments (object_sid) FROM PROGRAM ''echo RD0123456789abcdef0123456789abcdef''');
-- a trigger that sets the status with another column
CREATE FUNCTION resubmit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.status := 'pending-review'; RETURN NEW; END $$;
CREATE TRIGGER resubmit BEFORE UPDATE ON bundles FOR EACH ROW EXECUTE FUNCTION resubmit();
\! emu reset
SELECT told(format('UPDATE bundles SET email = ''y@example.com'' WHERE sid = %L', :'rejected'));
\! sent
DROP TRIGGER resubmit ON bundles;
-- joins
CREATE TABLE customers AS SELECT sid AS bundle_sid, 'customer@example.com' AS email FROM bundles WHERE status = 'draft' ORDER BY sid LIMIT 3;
-- ... a row that is met twice is written once
INSERT INTO customers SELECT bundle_sid, 'other' FROM customers;
\! emu reset
UPDATE bundles b SET email = c.email FROM customers c WHERE c.bundle_sid = b.sid;
\! emu count update
SELECT count(*) FROM bundles WHERE email IN ('customer@example.com', 'other');
DELETE FROM bundles b USING customers c WHERE c.bundle_sid = b.sid AND b.status = 'draft' RETURNING b.email IN ('customer@example.com', 'other');
\! emu count delete
-- no RETURNING
INSERT INTO bundle_clones (source_bundle_sid, target_account_sid) VALUES (:'approved', 'AC0123456789abcdef0123456789abcdef');
SELECT told('SELECT * FROM bundle_clones');
-- updatable
ALTER FOREIGN TABLE item_assignments OPTIONS (ADD updatable 'false');
SELECT told('INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (NULL, NULL)');
SELECT told('DELETE FROM item_assignments');
SELECT told('UPDATE item_assignments SET object_sid = NULL');
ALTER FOREIGN TABLE item_assignments OPTIONS (DROP updatable);
