-- emulator: --documents 5 --bundles 5
--
-- The API's codes, by the SQLSTATE that each becomes, wherever it comes: also those
-- that the extension or the emulator gives no occasion for, and those of which
-- nothing but the number is known.
--
\i sql/include/emulator.psql
\i sql/include/write.psql
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
SELECT sid AS bundle FROM bundles LIMIT 1 \gset
SELECT sid AS item FROM item_assignments WHERE bundle_sid = :'bundle' LIMIT 1 \gset
SELECT sid AS document FROM supporting_documents LIMIT 1 \gset
SELECT sid AS user FROM end_users LIMIT 1 \gset
CREATE TABLE writes (n int, what text, statement text);
INSERT INTO writes VALUES
	(1, 'document created', $$INSERT INTO supporting_documents (friendly_name, type) VALUES ('x', 'passport')$$),
	(2, 'document changed', format('UPDATE supporting_documents SET friendly_name = %L WHERE sid = %L', 'x', :'document')),
	(3, 'document deleted', format('DELETE FROM supporting_documents WHERE sid = %L', :'document')),
	(4, 'end user created', $$INSERT INTO end_users (friendly_name, type) VALUES ('x', 'individual')$$),
	(5, 'end user changed', format('UPDATE end_users SET friendly_name = %L WHERE sid = %L', 'x', :'user')),
	(6, 'end user deleted', format('DELETE FROM end_users WHERE sid = %L', :'user')),
	(7, 'bundle created', $$INSERT INTO bundles (friendly_name, email) VALUES ('x', 'x@example.com')$$),
	(8, 'bundle changed', format('UPDATE bundles SET email = %L WHERE sid = %L', 'x@example.com', :'bundle')),
	(9, 'bundle deleted', format('DELETE FROM bundles WHERE sid = %L', :'bundle')),
	(10, 'item assigned', format('INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (%L, %L)', :'bundle', :'document')),
	(11, 'item taken away', format('DELETE FROM item_assignments WHERE bundle_sid = %L AND sid = %L', :'bundle', :'item')),
	(12, 'bundle evaluated', format('INSERT INTO evaluations (bundle_sid) VALUES (%L)', :'bundle')),
	(13, 'bundle copied', format('INSERT INTO bundle_copies (bundle_sid) VALUES (%L)', :'bundle')),
	(14, 'bundle cloned', format('INSERT INTO bundle_clones (source_bundle_sid, target_account_sid) VALUES (%L, %L)', :'bundle', :'emulator_account_sid')),
	(15, 'items replaced', format('SELECT regdocs_replace_items(%L, %L, %L)', 'bundles', :'bundle', 'BU0123456789abcdef0123456789abcdef'));

-- What becomes of each code that the emulator was told to answer with, in turn.
CREATE FUNCTION became(what text) RETURNS TABLE (code text, state text) LANGUAGE plpgsql AS $$
DECLARE
	write text := (SELECT w.statement FROM writes w WHERE w.what = became.what);
	told record;
BEGIN
	LOOP
		SELECT * INTO told FROM tell(write);
		code := coalesce(substring(told.detail FROM 'API error (\d+)'), 'none');
		state := coalesce(told.state, told.message);
		EXIT WHEN code IN ('none', '29999');
		RETURN NEXT;
	END LOOP;
END $$;
CREATE FUNCTION became_all(what text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(state || ': ' || codes, '; ' ORDER BY state) FROM (
		SELECT state, string_agg(code, ' ' ORDER BY code) AS codes FROM became(what) GROUP BY state) b
$$;

\setenv CODES '20001 20409 21644 21645 21646 21647 21648 22200 22201 22202 22203 22204 22205 22206 22207 22210 22211 22223 22224 22225 22226 22227 22228 22229 22230 29999'
-- 20409 is said of anything; the others mean a state where they are the resource's own
\! for code in $CODES; do emu fault action=status status=400 code=$code path=delete; done
SELECT became_all('document deleted');
\! for code in $CODES; do emu fault action=status status=400 code=$code path=end_users.delete; done
SELECT became_all('end user deleted');
\! for code in $CODES; do emu fault action=status status=400 code=$code path=bundles.delete; done
SELECT became_all('bundle deleted');
\! for code in $CODES; do emu fault action=status status=400 code=$code path=bundles.create; done
SELECT became_all('bundle created');
\! for code in $CODES; do emu fault action=status status=400 code=$code path=item_assignments.create; done
SELECT became_all('item assigned');
\! for code in $CODES; do emu fault action=status status=400 code=$code path=bundle_copies.create; done
SELECT became_all('bundle copied');
\! for code in $CODES; do emu fault action=status status=400 code=$code path=replace_items.create; done
SELECT became_all('items replaced');

-- The general one, as a 400 and as a 409; and a 409 that says nothing.
\! emu clear
\! emu fault action=status status=400 code=20409 count=15
SELECT n, what, state FROM writes, LATERAL tell(statement) ORDER BY n;
\! emu fault action=status status=409 shape=empty count=15
SELECT state, count(*) FROM writes, LATERAL tell(statement) GROUP BY state;
\! emu clear
