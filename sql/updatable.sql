-- emulator: --documents 10
\i sql/include/emulator.psql
\i sql/include/write.psql

-- What the table allows is what the catalog says.
CREATE FUNCTION allowed(name regclass) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', CASE WHEN e & 8 <> 0 THEN 'insert' END, CASE WHEN e & 4 <> 0 THEN 'update' END, CASE WHEN e & 16 <> 0 THEN 'delete' END)
	FROM pg_relation_is_updatable(name, false) e
$$;
SELECT allowed('supporting_documents');
SELECT is_insertable_into FROM information_schema.tables WHERE table_name = 'supporting_documents';
CREATE FOREIGN TABLE without_sid (friendly_name text, type text) SERVER emulator;
CREATE FOREIGN TABLE without_type (sid text, friendly_name text) SERVER emulator;
CREATE FOREIGN TABLE read_only_fields (sid text, status text) SERVER emulator;
CREATE FOREIGN TABLE wrong_columns (sid text, friendly_name text, type text, nonsense text) SERVER emulator;
CREATE FOREIGN TABLE frozen (sid text, friendly_name text, type text) SERVER emulator OPTIONS (updatable 'false');
SELECT name, allowed(name::regclass) FROM unnest(ARRAY['without_sid', 'without_type', 'read_only_fields', 'wrong_columns', 'frozen']) name;
CREATE VIEW frozen_view AS SELECT * FROM frozen;
SELECT table_name, is_updatable, is_insertable_into FROM information_schema.views WHERE table_schema = 'writing';

-- Refused, and nothing is sent.
\! emu reset
INSERT INTO frozen (friendly_name, type) VALUES ('x', 'passport');
UPDATE frozen SET friendly_name = 'x';
DELETE FROM frozen;
EXPLAIN DELETE FROM frozen;
PREPARE later AS UPDATE frozen SET friendly_name = 'x';
EXECUTE later;
UPDATE frozen_view SET friendly_name = 'x';
COPY frozen (friendly_name, type) FROM PROGRAM 'true';
UPDATE without_sid SET friendly_name = 'x';
DELETE FROM without_sid;
UPDATE read_only_fields SET status = 'x';
INSERT INTO wrong_columns (friendly_name, type) VALUES ('x', 'passport');
\set total `emu count total`
SELECT :total;
-- The table's word is above the server's.
ALTER SERVER emulator OPTIONS (ADD updatable 'false');
SELECT allowed('supporting_documents');
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD updatable 'true');
SELECT allowed('supporting_documents');
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Allowed', 'passport');
-- A plan made before notices the change.
PREPARE add AS INSERT INTO supporting_documents (friendly_name, type) VALUES ('Prepared', 'passport');
EXECUTE add;
ALTER FOREIGN TABLE supporting_documents OPTIONS (SET updatable 'false');
EXECUTE add;
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP updatable);
ALTER SERVER emulator OPTIONS (DROP updatable);
EXECUTE add;

-- Privileges of columns, and whose user mapping it is.
CREATE ROLE regdocs_test_owner;
CREATE ROLE regdocs_test_user;
GRANT USAGE, CREATE ON SCHEMA writing TO regdocs_test_owner;
GRANT USAGE ON SCHEMA writing TO regdocs_test_user;
GRANT SELECT, INSERT ON supporting_documents TO regdocs_test_owner;
GRANT SELECT, UPDATE (friendly_name), INSERT (friendly_name, type) ON supporting_documents TO regdocs_test_user;
SET ROLE regdocs_test_user;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('User''s', 'passport');
UPDATE supporting_documents SET friendly_name = 'User''s own' WHERE friendly_name = 'User''s';
UPDATE supporting_documents SET attributes = '{}' WHERE friendly_name = 'User''s own';
INSERT INTO supporting_documents (friendly_name, type, attributes) VALUES ('User''s', 'passport', '{}');
DELETE FROM supporting_documents;
RESET ROLE;
DROP USER MAPPING FOR PUBLIC SERVER emulator;
CREATE USER MAPPING FOR regdocs_test_owner SERVER emulator
	OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
SET ROLE regdocs_test_owner;
CREATE VIEW owners AS SELECT friendly_name, type FROM supporting_documents;
GRANT SELECT, INSERT ON owners TO regdocs_test_user;
SET ROLE regdocs_test_user;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('Without mapping', 'passport');
INSERT INTO owners VALUES ('Through the view', 'passport');
SELECT * FROM owners WHERE friendly_name LIKE 'Through%' OR friendly_name LIKE 'Without%';
RESET ROLE;
DROP OWNED BY regdocs_test_owner, regdocs_test_user CASCADE;
DROP ROLE regdocs_test_owner, regdocs_test_user;
