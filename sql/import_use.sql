-- emulator: --documents 25
--
-- What IMPORT FOREIGN SCHEMA and dumps make can be used as it is.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset tuples_only on
-- The imported table is read, by key and whole.
SELECT count(*), count(file) FROM supporting_documents;
SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid = pg_temp.sid(7);
SELECT pg_typeof(status), pg_typeof(attributes), pg_typeof(date_created), pg_typeof(file) FROM supporting_documents LIMIT 1;
\! sent
-- Into another schema, beside the first.
CREATE SCHEMA regress_regdocs;
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (supporting_documents) FROM SERVER emulator INTO regress_regdocs;
SELECT count(*) FROM regress_regdocs.supporting_documents a JOIN supporting_documents b USING (sid);
\! sent
-- Nobody who may not use the server imports from it.
CREATE ROLE regress_regdocs_import;
GRANT CREATE, USAGE ON SCHEMA regress_regdocs TO regress_regdocs_import;
DROP FOREIGN TABLE regress_regdocs.supporting_documents;
SET ROLE regress_regdocs_import;
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (supporting_documents) FROM SERVER emulator INTO regress_regdocs;
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER emulator TO regress_regdocs_import;
SET ROLE regress_regdocs_import;
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (supporting_documents) FROM SERVER emulator INTO regress_regdocs;
SELECT count(*) FROM regress_regdocs.supporting_documents;
RESET ROLE;
DROP FOREIGN TABLE regress_regdocs.supporting_documents;
DROP SCHEMA regress_regdocs;
REVOKE USAGE ON FOREIGN SERVER emulator FROM regress_regdocs_import;
DROP ROLE regress_regdocs_import;
\! emu reset
-- A dump has the definition, and with --include-foreign-data the documents.
\setenv PGDATABASE :DBNAME
\! pg_dump --table=supporting_documents | grep -cE '^CREATE FOREIGN TABLE|^    (sid|status|attributes|file) '
\! sent
\! pg_dump --include-foreign-data=emulator --data-only --table=plain | grep -cE '^RD[0-9a-f]{32}'
\! sent
-- What it holds can be loaded, and is the same, byte for byte.
CREATE TABLE loaded (LIKE plain);
\! pg_dump --include-foreign-data=emulator --data-only --table=plain | sed 's/^COPY public.plain/COPY public.loaded/' | psql -Xq -v ON_ERROR_STOP=1 > /dev/null
\set theirs `emu get digest`
SELECT pg_temp.digest('loaded') = :'theirs' AS equal;
DROP TABLE loaded;
\! emu reset
-- COPY and CREATE TABLE AS read it, too.
CREATE TABLE copied AS TABLE plain;
SELECT pg_temp.digest('copied') = :'theirs' AS equal;
TRUNCATE copied;
INSERT INTO copied SELECT * FROM plain;
SELECT pg_temp.digest('copied') = :'theirs' AS equal;
COPY (SELECT 1 FROM plain) TO PROGRAM 'cat > /dev/null';
COPY plain TO STDOUT;
\! sent
-- Local rows are changed by documents.
ALTER TABLE copied ADD COLUMN seen boolean DEFAULT false;
UPDATE copied c SET seen = true FROM plain p WHERE p.sid = c.sid AND p.status = c.status;
SELECT count(*) FILTER (WHERE seen) FROM copied;
MERGE INTO copied c USING plain p ON p.sid = c.sid WHEN MATCHED AND pg_temp.name(p.sid) < 5 THEN DELETE WHEN MATCHED THEN UPDATE SET seen = false;
SELECT count(*), count(*) FILTER (WHERE seen) FROM copied;
DELETE FROM copied c USING plain p WHERE p.sid = c.sid AND pg_temp.name(p.sid) < 10;
DELETE FROM copied WHERE sid NOT IN (SELECT sid FROM plain WHERE pg_temp.name(sid) >= 20);
SELECT count(*) FROM copied;
DROP TABLE copied;
