-- emulator: --documents 200 --bundles 60
--
-- The SQL of README.md, to the letter: test/readme prints it, with sids, paths
-- and such in the place of what a reader puts there.
--
\set ECHO none
SET client_min_messages = warning;
DROP EXTENSION IF EXISTS regdocs_fdw CASCADE;
DROP TABLE IF EXISTS customers;
RESET client_min_messages;
\set ECHO all
\pset format unaligned

-- Install
\set recipe `readme 'Once in a database' "WRAPPER regdocs_fdw;=WRAPPER regdocs_fdw OPTIONS (base_url '$EMULATOR_URL');" "AC…=$EMULATOR_ACCOUNT_SID" "auth_token '…'=auth_token '$EMULATOR_AUTH_TOKEN'"`
:recipe
SELECT count(*) FROM information_schema.foreign_tables WHERE foreign_server_name = 'twilio';
CREATE ROLE regress_clerk;
\set recipe `readme 'Another role: the first lets it make a user mapping of its own' 'TO clerk;=TO regress_clerk;'`
:recipe
SELECT has_server_privilege('regress_clerk', 'twilio', 'usage') AND
       has_table_privilege('regress_clerk', 'supporting_documents', 'select') AS granted;
DROP OWNED BY regress_clerk;
DROP ROLE regress_clerk;

-- What the queries shall find: customers, three bundles that expire before, within
-- and after thirty days, and names of whatever is needed below.
CREATE TABLE customers AS
SELECT row_number() OVER (ORDER BY date_created)::integer AS id,
       coalesce(friendly_name, 'nobody') AS name, sid AS bundle_sid
FROM bundles;
CREATE FUNCTION pg_temp.days(days integer) RETURNS text LANGUAGE sql AS $$
    SELECT to_char((now() + days * interval '1 day') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;
SELECT a[1] AS first, a[2] AS second, a[3] AS third, pg_temp.days(-1) AS before, pg_temp.days(29) AS within, pg_temp.days(31) AS after
FROM (SELECT array_agg(sid ORDER BY date_created) FROM bundles WHERE status = 'twilio-approved') AS b (a) \gset
SELECT sid AS draft FROM bundles WHERE status = 'draft' LIMIT 1 \gset
SELECT sid AS person FROM end_users LIMIT 1 \gset
SELECT i.bundle_sid AS rejected, d.sid AS document
FROM customers c JOIN bundles b ON b.sid = c.bundle_sid
JOIN item_assignments i ON i.bundle_sid = b.sid JOIN supporting_documents d ON d.sid = i.object_sid
WHERE b.status = 'twilio-rejected' AND d.status = 'rejected' AND d.attributes ? 'business_name'
LIMIT 1 \gset
\setenv FIRST :first
\setenv SECOND :second
\setenv THIRD :third
\setenv BEFORE :before
\setenv WITHIN :within
\setenv AFTER :after
\setenv DRAFT :draft
\setenv PERSON :person
\setenv REJECTED :rejected
\setenv DOCUMENT :document
SELECT attributes ->> 'document_number' AS number FROM supporting_documents
WHERE attributes ? 'document_number' AND attributes ? 'business_name' LIMIT 1 \gset
\setenv NUMBER :number
\! emu post bundles sid=$FIRST valid_until=$BEFORE
\! emu post bundles sid=$SECOND valid_until=$WITHIN
\! emu post bundles sid=$THIRD valid_until=$AFTER
\! emu reset

-- The rejected bundles are one list, their items one each.
\set recipe `readme 'Whose bundle was rejected, and which document is at fault'`
CREATE TABLE at_fault AS :recipe
SELECT * FROM at_fault ORDER BY bundle;
DROP TABLE at_fault;
\! sent | tr ',' '\n' | sort | grep -v document | grep -E 'bundles|item'

\set recipe `readme 'How bundles and documents stand'`
:recipe
\set recipe `readme 'A few, by sid: the list of documents is not read, bundles come 20 a request' "RD…=$DOCUMENT" "\$1=ARRAY['$FIRST', '$SECOND']"`
\! emu reset
\o /dev/null
:recipe
\o
\! sent

-- Of the three bundles, the one that expires within thirty days; perhaps others.
\set recipe `readme 'Bundles that expire within 30 days, and whose they are'`
CREATE TABLE expiring AS :recipe
SELECT sid = :'second' AS "the second one", name IS NOT NULL AS "it is somebody's" FROM expiring WHERE sid IN (:'first', :'second', :'third');
SELECT count(*) = (SELECT count(*) FROM bundles b WHERE b.valid_until BETWEEN now() AND now() + interval '30 days') AS "all of them" FROM expiring;
DROP TABLE expiring;

\set recipe `readme 'What has changed lately, newest first: one request'`
CREATE TABLE latest AS :recipe
SELECT count(*), bool_and(status = 'twilio-approved') FILTER (WHERE sid IN (:'first', :'second', :'third')) AS "those three" FROM latest;
DROP TABLE latest;

\set recipe `readme 'Drafts that would not pass, and why: evaluates each of them'`
:recipe
\set recipe `readme 'Documents that lack a field that their type asks for'`
CREATE TABLE lacking AS :recipe
SELECT type, lacks, count(*) FROM lacking GROUP BY 1, 2 ORDER BY 1, 2;
DROP TABLE lacking;
\! emu reset
\set recipe `readme 'All regulations of a country, and what they ask for'`
:recipe
\! sent -v
\set recipe `readme 'By an attribute' "X123=$NUMBER"`
:recipe

-- Uploads and corrections
\set recipe `readme 'Upload a document (JPEG, PNG or PDF, at most 5 MB)' "/srv/passport.pdf=$PWD/demo/utility-bill.png"`
CREATE FUNCTION pg_temp.newest() RETURNS text LANGUAGE sql AS $$
    SELECT sid FROM supporting_documents ORDER BY date_created DESC LIMIT 1
$$;
\o /dev/null
:recipe
\o
SELECT friendly_name, type, attributes, mime_type, status FROM supporting_documents WHERE sid = pg_temp.newest();
SELECT pg_temp.newest() AS passport \gset
\setenv PASSPORT :passport
UPDATE customers SET name = 'Corrected ' || id;
\set recipe `readme 'Correct rejected documents from your own table'`
:recipe
SELECT attributes ->> 'business_name' LIKE 'Corrected %' AS corrected FROM supporting_documents WHERE sid = :'document';

-- A bundle, from its creation to its renewal
\set recipe `readme 'A bundle for somebody, from nothing' "BU…=$DRAFT" "IT…=$PERSON"`
\o /dev/null
:recipe
\o
SELECT count(*) FROM end_users WHERE friendly_name = 'Ana Lima';
SELECT status FROM bundles WHERE friendly_name = 'Ana Lima, local';
SELECT count(*) FROM item_assignments WHERE bundle_sid = :'draft' AND object_sid = :'person';
\set recipe `readme 'Put a new document in the place of an old one' "BU…=$REJECTED" "RD…new=$PASSPORT" "RD…old=$DOCUMENT"`
:recipe
SELECT count(*) FILTER (WHERE object_sid = :'passport') AS new, count(*) FILTER (WHERE object_sid = :'document') AS old
FROM item_assignments WHERE bundle_sid = :'rejected';
\set recipe `readme 'Evaluate a bundle, and submit it' "BU…=$REJECTED"`
\o /dev/null
:recipe
\o
SELECT b.status, count(*) > 1 AS evaluated FROM bundles b JOIN evaluations e ON e.bundle_sid = b.sid WHERE b.sid = :'rejected' GROUP BY 1;
INSERT INTO bundle_copies (bundle_sid) VALUES (:'second') RETURNING sid AS copy \gset
\setenv COPY :copy
\! emu post review bundle=$COPY status=twilio-approved
\set recipe `readme 'Renew an approved bundle: change a copy, have it approved, take its items' "BU…copy=$COPY" "BU…=$SECOND"`
\o /dev/null
:recipe
\o
SELECT count(*) FROM bundle_copies WHERE bundle_sid = :'second';

-- Orphans, of which the passport is none any more
\set recipe `readme 'Documents in no bundle: reads the items of all bundles'`
CREATE TABLE orphans AS :recipe
SELECT count(*) > 0 AS some, count(*) FILTER (WHERE sid = :'passport') AS "the passport" FROM orphans;
SELECT count(*) AS drafts FROM orphans WHERE status = 'draft' \gset
SELECT count(*) AS all_before FROM supporting_documents \gset
\set recipe `readme '... and their deletion, of those that nobody has touched for a year'`
:recipe
SELECT :all_before - count(*) > 0 AS "some are gone", :all_before - count(*) <= :drafts AS "and all were orphans",
       count(*) FILTER (WHERE d.sid IN (SELECT object_sid FROM item_assignments)) =
       (SELECT count(DISTINCT object_sid) FROM item_assignments WHERE object_sid LIKE 'RD%') AS "items are there"
FROM supporting_documents d;
DROP TABLE orphans;

-- Options, accounts, and what is asked
\set recipe `readme 'Send nothing before COMMIT, and nothing at all after ROLLBACK'`
:recipe
\! emu reset
BEGIN;
INSERT INTO supporting_documents (friendly_name, type) VALUES ('not sent', 'passport');
ROLLBACK;
\! sent
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP write_mode);
CREATE SCHEMA account_a;
CREATE SCHEMA account_b;
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (bundles) FROM SERVER twilio INTO account_a;
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (bundles) FROM SERVER twilio INTO account_b;
\set recipe `readme 'All accounts at once: a server and a schema for each, scanned side by side'`
CREATE TABLE counts AS :recipe
SELECT count(DISTINCT account) AS accounts, count(DISTINCT count) AS counts FROM counts;
DROP TABLE counts;
SET client_min_messages = warning;
DROP SCHEMA account_a, account_b CASCADE;
RESET client_min_messages;
\set recipe `readme 'A mirror with its history, and what the API has now'`
\o /dev/null
:recipe
\o
SELECT (SELECT count(*) FROM documents_mirror) = (SELECT count(*) FROM supporting_documents) AS mirrored;
\set recipe `readme 'What was the state at a time?  All documents that there were then' '2026-11-01=infinity'`
CREATE TABLE then_there AS :recipe
SELECT count(*) = (SELECT count(*) FROM documents_mirror) AS "all are in the history" FROM then_there;
DROP TABLE documents_mirror, documents_mirror_history, then_there;
\set recipe `readme 'Leave out documents that cannot be converted, rather than fail'`
:recipe
\! emu post review sid=$PASSPORT status=unheard-of
SELECT count(*) FROM supporting_documents WHERE sid = :'passport' AND status IS NOT NULL;
\set recipe `readme 'What a statement asks of the API'`
\o /dev/null
:recipe
\o
\set recipe `readme 'What this session has asked'`
\o /dev/null
:recipe
\o

-- Each of the README's statements has been here.
\! readme --untested sql/cookbook.sql
DROP TABLE customers;
SET client_min_messages = warning;
DROP SERVER twilio CASCADE;
