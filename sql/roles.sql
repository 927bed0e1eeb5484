-- emulator: --documents 25
--
-- The SQL of doc/roles.md and of doc/reference.md, to the letter, and what they say
-- of roles.
--
\set ECHO none
SET client_min_messages = warning;
DROP EXTENSION IF EXISTS regdocs_fdw CASCADE;
\getenv emulator_url EMULATOR_URL
\getenv account EMULATOR_ACCOUNT_SID
\set token `umask 077; file=$(mktemp); echo "$EMULATOR_AUTH_TOKEN" > "$file"; echo "$file"`
\setenv TOKEN :token
\set page `mktemp`
\setenv PAGE :page
CREATE EXTENSION regdocs_fdw;
CREATE SERVER twilio FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url :'emulator_url');
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER twilio INTO public;
RESET client_min_messages;
\set ECHO all
\pset format unaligned
\pset tuples_only on
\pset null NULL
\set VERBOSITY sqlstate
--
-- A reader needs SELECT and a mapping, and no USAGE on the server
--
\set recipe `readme --of doc/roles.md 'A reader with a credential of its own, which it cannot see' "ROLE reader=ROLE regress_reader" "FOR reader=FOR regress_reader" "TO reader=TO regress_reader" "AC…=$EMULATOR_ACCOUNT_SID" "/etc/postgresql/twilio-reader=$TOKEN"`
:recipe
SET ROLE regress_reader;
SELECT count(*) FROM supporting_documents;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('x', 'passport');
CREATE FOREIGN TABLE own (sid text) SERVER twilio;
DROP USER MAPPING FOR CURRENT_USER SERVER twilio;
-- it does not see what it uses
\set recipe `readme --of doc/roles.md 'What the current role sees of the mappings'`
:recipe
SELECT count(*) FROM pg_user_mapping;
RESET ROLE;
-- with USAGE it does
GRANT USAGE ON FOREIGN SERVER twilio TO regress_reader;
SET ROLE regress_reader;
SELECT usename, cardinality(umoptions), umoptions[2] LIKE 'auth_token_file=/%' AS path FROM pg_user_mappings;
RESET ROLE;
REVOKE USAGE ON FOREIGN SERVER twilio FROM regress_reader;
-- Without a mapping nothing can be read.
CREATE ROLE regress_nobody;
GRANT SELECT ON supporting_documents TO regress_nobody;
SET ROLE regress_nobody;
SELECT count(*) FROM supporting_documents;
RESET ROLE;
-- That of PUBLIC is shown to the server's owner alone.
CREATE ROLE regress_owner;
GRANT USAGE ON FOREIGN DATA WRAPPER regdocs_fdw TO regress_owner;
ALTER SERVER twilio OWNER TO regress_owner;
CREATE USER MAPPING FOR PUBLIC SERVER twilio OPTIONS (account_sid :'account', auth_token_file :'token');
SET ROLE regress_owner;
SELECT usename, umoptions IS NOT NULL AS shown FROM pg_user_mappings ORDER BY usename;
SET ROLE regress_nobody;
SELECT usename, umoptions IS NOT NULL AS shown FROM pg_user_mappings ORDER BY usename;
SELECT count(*) FROM supporting_documents;
RESET ROLE;
DROP USER MAPPING FOR PUBLIC SERVER twilio;
ALTER SERVER twilio OWNER TO CURRENT_USER;
--
-- A view of a service role
--
\set recipe `readme --of doc/roles.md 'Readers without a mapping: a view uses that of its owner' "ROLE service=ROLE regress_service" "FOR service=FOR regress_service" "TO service=TO regress_service" "ROLE analyst=ROLE regress_analyst" "TO analyst=TO regress_analyst" "AC…=$EMULATOR_ACCOUNT_SID" "/etc/postgresql/twilio-service=$TOKEN"`
:recipe
SET ROLE regress_analyst;
SELECT count(*) FROM document_states;
SELECT count(*) FROM supporting_documents;
RESET ROLE;
--
-- Some columns
--
\set recipe `readme --of doc/roles.md 'Whoever may change attributes, and nothing else' "ROLE editor=ROLE regress_editor" "FOR editor=FOR regress_editor" "TO editor=TO regress_editor" "AC…=$EMULATOR_ACCOUNT_SID" "/etc/postgresql/twilio-editor=$TOKEN"`
:recipe
CREATE USER MAPPING FOR CURRENT_USER SERVER twilio OPTIONS (account_sid :'account', auth_token_file :'token');
SELECT sid AS draft FROM supporting_documents WHERE status = 'draft' LIMIT 1 \gset
SET ROLE regress_editor;
UPDATE supporting_documents SET attributes = '{"a": 1}' WHERE sid = :'draft' RETURNING attributes;
UPDATE supporting_documents SET friendly_name = 'x' WHERE sid = :'draft';
DELETE FROM supporting_documents WHERE sid = :'draft';
RESET ROLE;
--
-- Files, from where psql runs
--
CREATE ROLE regress_clerk;
CREATE USER MAPPING FOR regress_clerk SERVER twilio OPTIONS (account_sid :'account', auth_token_file :'token');
GRANT SELECT, INSERT ON supporting_documents TO regress_clerk;
SET ROLE regress_clerk;
\set sum `md5sum < demo/utility-bill.png | cut -d' ' -f1`
\set sha `sha256sum < demo/utility-bill.png | cut -d' ' -f1`
\! readme --of doc/reference.md 'By a large object, which is removed again' "/home/ana/passport.pdf=$PWD/demo/utility-bill.png" "RETURNING sid, status, mime_type;=RETURNING status, mime_type;" > $PAGE
\set ECHO none
\i :page
\set ECHO all
SELECT count(*) FROM pg_largeobject_metadata WHERE lomowner = 'regress_clerk'::regrole;
\set last `emu get last`
SELECT :'last'::json -> 'file' ->> 'sha256' = :'sha' AS whole;
\! readme --of doc/reference.md 'In the statement itself, as base64' "/home/ana/passport.pdf=$PWD/demo/utility-bill.png" "RETURNING sid, status, mime_type;=RETURNING status, mime_type;" > $PAGE
\set ECHO none
\i :page
\set ECHO all
\set last `emu get last`
SELECT :'last'::json -> 'file' ->> 'sha256' = :'sha' AS whole;
-- ... and from the server's machine
\set bill `echo "$PWD/demo/utility-bill.png"`
SELECT length(pg_read_binary_file(:'bill'));
RESET ROLE;
\set recipe `readme --of doc/reference.md 'Whoever may upload from the machine of the server' "(text) TO clerk=(text) TO regress_clerk" "files TO clerk=files TO regress_clerk"`
:recipe
SET ROLE regress_clerk;
SELECT md5(pg_read_binary_file(:'bill')) = :'sum' AS readable;
RESET ROLE;
-- Each statement of these pages has been here; in t/044_roles.pl is what takes another
-- database: In the other database: have conditions on statuses sent.
\! readme --of doc/reference.md --untested sql/roles.sql
\! readme --of doc/roles.md --untested sql/roles.sql
\! rm -f "$TOKEN" "$PAGE"
REVOKE EXECUTE ON FUNCTION pg_read_binary_file(text) FROM regress_clerk;
SET client_min_messages = warning;
DROP VIEW document_states;
DROP SERVER twilio CASCADE;
DROP OWNED BY regress_reader, regress_nobody, regress_owner, regress_service, regress_analyst, regress_editor, regress_clerk;
DROP ROLE regress_reader, regress_nobody, regress_owner, regress_service, regress_analyst, regress_editor, regress_clerk;
