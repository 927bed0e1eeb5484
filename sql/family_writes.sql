-- emulator: --documents 50 --bundles 20
--
-- Writing the family: what the API allows, what is refused, and in which order it is sent.
--
\i sql/include/emulator.psql
SET client_min_messages = warning;
\set VERBOSITY default
\pset tuples_only on
\pset format unaligned
RESET client_min_messages;
\! emu reset
-- what the verbs of a resource allow, as information_schema says it
SELECT table_name, is_insertable_into,
       (pg_relation_is_updatable(table_name::regclass, false) & 4) > 0 AS updatable, (pg_relation_is_updatable(table_name::regclass, false) & 16) > 0 AS deletable
FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'FOREIGN' AND table_name NOT LIKE 'plain%' ORDER BY 1;
UPDATE item_assignments SET object_sid = 'RD';
DELETE FROM evaluations;
INSERT INTO regulations (sid) VALUES ('RN');
DELETE FROM bundle_copies;
UPDATE bundle_clones SET friendly_name = 'x';
\! sent
-- what it is written with goes to the API, and to no other column
INSERT INTO item_assignments (bundle_sid, object_sid) VALUES ('RD0123456789abcdef0123456789abcdef', 'RD0123456789abcdef0123456789abcdef');
INSERT INTO item_assignments (object_sid) VALUES ('RD0123456789abcdef0123456789abcdef');
INSERT INTO evaluations (bundle_sid, status) VALUES ('BU0123456789abcdef0123456789abcdef', 'compliant');
INSERT INTO bundles (friendly_name, email, status) VALUES ('a', 'a@example.com', 'draft');
UPDATE bundles SET iso_country = 'DE';
UPDATE end_users SET type = 'business';
\! sent
-- a bundle, what is in it, and its life
INSERT INTO end_users (friendly_name, type, attributes) VALUES ('Ana', 'individual', '{"first_name": "Ana", "last_name": "Lima"}') RETURNING sid, type, attributes \gset user_
SELECT :'user_type', :'user_attributes';
UPDATE end_users SET attributes = attributes || '{"email": "ana@example.com"}' WHERE sid = :'user_sid' RETURNING attributes;
INSERT INTO bundles (friendly_name, email, iso_country, number_type, end_user_type, is_test)
VALUES ('Bundle of Ana', 'ana@example.com', 'DE', 'local', 'individual', false)
RETURNING sid, status, friendly_name, iso_country IS NULL AS no_country, regulation_sid IS NOT NULL AS has_regulation \gset bundle_
SELECT :'bundle_status', :'bundle_friendly_name', :'bundle_no_country', :'bundle_has_regulation';
\! emu get 'requests?n=1' | grep -o '"parameters":{[^}]*}'
INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (:'bundle_sid', :'user_sid') RETURNING bundle_sid = :'bundle_sid', object_sid = :'user_sid', sid LIKE 'BV%';
INSERT INTO evaluations (bundle_sid) VALUES (:'bundle_sid') RETURNING status, jsonb_typeof(results);
SELECT status FROM evaluations WHERE bundle_sid = :'bundle_sid';
UPDATE bundles SET email = 'lima@example.com', friendly_name = 'Another' WHERE sid = :'bundle_sid' RETURNING email, friendly_name;
UPDATE bundles SET status = 'pending-review', email = 'x@example.com' WHERE sid = :'bundle_sid';
UPDATE bundles SET status = 'pending-review' WHERE sid = :'bundle_sid' RETURNING status;
\! sent -v | sort | uniq -c | sed 's/^ *//'
-- states that forbid a change, and values that are refused
\set VERBOSITY sqlstate
DELETE FROM item_assignments WHERE bundle_sid = :'bundle_sid';
DELETE FROM bundles WHERE sid = :'bundle_sid';
DELETE FROM end_users WHERE sid = :'user_sid';
UPDATE bundles SET status = 'in-review' WHERE sid = :'bundle_sid';
INSERT INTO bundles (friendly_name, email) VALUES ('a', 'a@example.com');
INSERT INTO bundles (friendly_name, email, regulation_sid) VALUES ('a', 'a@example.com', 'RN0123456789abcdef0123456789abcdef');
INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (:'bundle_sid', 'RD0123456789abcdef0123456789abcdef');
INSERT INTO item_assignments (bundle_sid, object_sid) VALUES ('BU0123456789abcdef0123456789abcdef', :'user_sid');
\set VERBOSITY default
\! emu reset
-- approved, it can be copied and cloned
\setenv BUNDLE :bundle_sid
\! emu post review bundle=$BUNDLE status=twilio-approved
SELECT status, valid_until > '2000-01-01Z' AS dated FROM bundles WHERE sid = :'bundle_sid';
INSERT INTO bundle_copies (bundle_sid, friendly_name) VALUES (:'bundle_sid', 'a copy') RETURNING bundle_sid = :'bundle_sid' AS of, sid <> bundle_sid AS another, friendly_name, status;
SELECT count(*) FROM bundle_copies WHERE bundle_sid = :'bundle_sid';
INSERT INTO bundle_clones (source_bundle_sid, target_account_sid, move_to_draft, friendly_name)
VALUES (:'bundle_sid', 'AC0123456789abcdef0123456789abcdef', true, 'a clone')
RETURNING source_bundle_sid = :'bundle_sid' AS of, bundle_sid <> source_bundle_sid AS another, friendly_name, target_account_sid, move_to_draft;
\! emu get 'requests?n=1' | grep -o '"parameters":{[^}]*}'
\! sent
-- many at a time; what a rollback leaves behind is told by resource
CREATE TEMP TABLE some_users AS SELECT n, 'User ' || n AS name FROM generate_series(1, 40) n;
INSERT INTO end_users (friendly_name, type) SELECT name, 'individual' FROM some_users;
COPY end_users (friendly_name, type, attributes) FROM stdin;
A	business	{"business_name": "A"}
B	business	{"business_name": "B"}
\.
SELECT count(*) FROM end_users WHERE friendly_name LIKE 'User %' OR friendly_name IN ('A', 'B');
\set SHOW_CONTEXT never
BEGIN;
INSERT INTO end_users (friendly_name, type) VALUES ('C', 'business');
INSERT INTO bundles (friendly_name, email, iso_country, number_type, end_user_type) VALUES ('D', 'd@example.com', 'DE', 'local', 'business');
DELETE FROM end_users WHERE friendly_name = 'User 1';
UPDATE bundles SET email = 'e@example.com' WHERE friendly_name = 'D';
\set VERBOSITY terse
ROLLBACK;
\set VERBOSITY default
\! sent
-- at_commit: what depends on one another is sent in the order of the statements
INSERT INTO bundles (friendly_name, email, iso_country, number_type, end_user_type) VALUES ('E', 'e@example.com', 'DE', 'local', 'business') RETURNING sid \gset e_
SELECT array_agg(sid) AS documents FROM (SELECT sid FROM supporting_documents LIMIT 5) d \gset
ALTER SERVER emulator OPTIONS (ADD write_mode 'at_commit');
\! emu reset
BEGIN;
INSERT INTO item_assignments (bundle_sid, object_sid) SELECT :'e_sid', unnest(:'documents'::text[]);
UPDATE bundles SET status = 'pending-review' WHERE sid = :'e_sid';
INSERT INTO evaluations (bundle_sid) VALUES (:'e_sid');
INSERT INTO evaluations (bundle_sid) VALUES (:'e_sid') RETURNING status;
ROLLBACK;
\! sent
BEGIN;
INSERT INTO item_assignments (bundle_sid, object_sid) SELECT :'e_sid', unnest(:'documents'::text[]);
UPDATE bundles SET status = 'pending-review' WHERE sid = :'e_sid';
INSERT INTO evaluations (bundle_sid) VALUES (:'e_sid');
COMMIT;
\! sent -v | sed 's/bundles.fetch.*//; /^$/d'
SELECT status FROM bundles WHERE sid = :'e_sid';
