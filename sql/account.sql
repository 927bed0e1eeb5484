-- emulator: --documents 10 --bundles 10 --api-key SK0123456789abcdef0123456789abcdef --api-secret 5ec7e75ec7e75ec7e75ec7e75ec7e75e
--
-- A value for account_sid: it names whom a row is for, so that rows can be routed by
-- it, and is never sent.
--
\i sql/include/emulator.psql
\i sql/include/write.psql
\set account :emulator_account_sid
\set other 'AC00000000000000000000000000000000'
\set VERBOSITY terse
SELECT sid AS bundle FROM bundles WHERE status = 'twilio-approved' LIMIT 1 \gset
SELECT sid AS document FROM supporting_documents LIMIT 1 \gset
\! emu reset

-- The account of the user mapping is taken, in every table that has the column ...
INSERT INTO supporting_documents (account_sid, friendly_name, type) VALUES (:'account', 'Ours', 'passport')
	RETURNING account_sid = :'account' AS ours, friendly_name;
\set requests `emu get requests?n=1`
SELECT * FROM sent(:'requests');
INSERT INTO end_users (account_sid, friendly_name, type) VALUES (:'account', 'Ours', 'individual'), (NULL, 'Ours, too', 'individual');
INSERT INTO bundles (account_sid, friendly_name, email, iso_country, number_type, end_user_type)
	VALUES (:'account', 'Ours', 'ours@example.com', 'DE', 'local', 'business') RETURNING sid AS draft \gset
INSERT INTO item_assignments (account_sid, bundle_sid, object_sid) VALUES (:'account', :'draft', :'document');
INSERT INTO evaluations (account_sid, bundle_sid) VALUES (:'account', :'draft');
INSERT INTO bundle_copies (account_sid, bundle_sid) VALUES (:'account', :'bundle');
-- ... of clones, too, which then belong to another
INSERT INTO bundle_clones (account_sid, source_bundle_sid, target_account_sid) VALUES (:'account', :'bundle', :'other')
	RETURNING account_sid = :'other' AS theirs;
\set requests `emu get requests?n=16`
SELECT count(*) AS creates, count(*) FILTER (WHERE lower(r::text) LIKE '%"accountsid"%' OR lower(r::text) LIKE '%"account_sid"%') AS told
	FROM jsonb_array_elements(:'requests') r WHERE r->>'kind' LIKE '%create';
\! sent -v | sort

-- Any other is refused before anything is sent.
\! emu reset
SELECT * FROM tell(format($$INSERT INTO supporting_documents (account_sid, friendly_name, type) VALUES (%L, 'Theirs', 'passport')$$, :'other'));
SELECT state FROM tell(format($$INSERT INTO supporting_documents (account_sid, friendly_name, type) VALUES (%L, 'Ours', 'passport'), (%L, 'Theirs', 'passport')$$, :'account', :'other'));
SELECT state FROM tell($$INSERT INTO supporting_documents (account_sid, friendly_name, type) VALUES ('', 'Nobody''s', 'passport')$$);
SELECT state FROM tell(format($$INSERT INTO end_users (account_sid, friendly_name, type) VALUES (%L, 'x', 'individual')$$, :'other'));
SELECT state FROM tell(format($$INSERT INTO bundles (account_sid, friendly_name, email) VALUES (%L, 'x', 'x@example.com')$$, :'other'));
SELECT state FROM tell(format($$INSERT INTO item_assignments (account_sid, bundle_sid, object_sid) VALUES (%L, %L, %L)$$, :'other', :'draft', :'document'));
SELECT state FROM tell(format($$INSERT INTO evaluations (account_sid, bundle_sid) VALUES (%L, %L)$$, :'other', :'draft'));
SELECT state FROM tell(format($$INSERT INTO bundle_copies (account_sid, bundle_sid) VALUES (%L, %L)$$, :'other', :'bundle'));
SELECT state FROM tell(format($$INSERT INTO bundle_clones (account_sid, source_bundle_sid, target_account_sid) VALUES (%L, %L, %L)$$, :'other', :'bundle', :'account'));
COPY end_users (account_sid, friendly_name, type) FROM stdin;
AC00000000000000000000000000000000	Theirs	individual
\.
-- ... and changing it stays impossible.
SELECT * FROM tell(format($$UPDATE supporting_documents SET account_sid = %L$$, :'account'));
SELECT state FROM tell($$UPDATE supporting_documents SET account_sid = account_sid$$);
\! sent

-- The column may have another name and type, and COPY gives it as well.
CREATE FOREIGN TABLE renamed (name text OPTIONS (column_name 'friendly_name'), kind text OPTIONS (column_name 'type'),
	whose char(40) OPTIONS (column_name 'account_sid')) SERVER emulator OPTIONS (resource 'end_users');
COPY renamed FROM stdin;
Copied	individual	AC0123456789abcdef0123456789abcdef
Copied	individual	\N
\.
SELECT count(*), bool_and(whose = :'account') FROM renamed WHERE name = 'Copied';

-- A row that is routed, and what a trigger gives.
CREATE TABLE people (account_sid text, friendly_name text, type text) PARTITION BY LIST (account_sid);
CREATE FOREIGN TABLE our_people PARTITION OF people FOR VALUES IN ('AC0123456789abcdef0123456789abcdef') SERVER emulator OPTIONS (resource 'end_users');
CREATE FOREIGN TABLE strayed PARTITION OF people DEFAULT SERVER emulator OPTIONS (resource 'end_users');
INSERT INTO people SELECT :'account', 'Routed ' || i, 'individual' FROM generate_series(1, 70) i;
SELECT count(*) FROM our_people WHERE friendly_name LIKE 'Routed %';
SELECT state, message FROM tell(format($$INSERT INTO people VALUES (%L, 'Strayed', 'individual')$$, :'other'));
CREATE FUNCTION ours() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.account_sid := TG_ARGV[0]; RETURN NEW; END $$;
CREATE TRIGGER ours BEFORE INSERT ON end_users FOR EACH ROW EXECUTE FUNCTION ours('AC0123456789abcdef0123456789abcdef');
INSERT INTO end_users (friendly_name, type) VALUES ('Triggered', 'individual') RETURNING friendly_name;
DROP TRIGGER ours ON end_users;

-- With an API key the account is what the user mapping says, if it says it.
CREATE SERVER by_key FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url :'emulator_url');
CREATE USER MAPPING FOR PUBLIC SERVER by_key
	OPTIONS (api_key 'SK0123456789abcdef0123456789abcdef', api_secret '5ec7e75ec7e75ec7e75ec7e75ec7e75e');
CREATE FOREIGN TABLE users_by_key (account_sid text, friendly_name text, type text) SERVER by_key OPTIONS (resource 'end_users');
\! emu reset
SELECT * FROM tell(format($$INSERT INTO users_by_key VALUES (%L, 'By key', 'individual')$$, :'account'));
\! sent
INSERT INTO users_by_key VALUES (NULL, 'By key', 'individual') RETURNING account_sid = :'account' AS ours;
ALTER USER MAPPING FOR PUBLIC SERVER by_key OPTIONS (ADD account_sid :'account');
INSERT INTO users_by_key VALUES (:'account', 'By key', 'individual') RETURNING account_sid = :'account' AS ours;
SELECT state FROM tell(format($$INSERT INTO users_by_key VALUES (%L, 'By key', 'individual')$$, :'other'));

-- At the commit the account has to be the same still.
ALTER SERVER by_key OPTIONS (ADD write_mode 'at_commit');
\! emu reset
BEGIN;
INSERT INTO users_by_key VALUES (:'account', 'Queued', 'individual');
SELECT state FROM tell(format($$INSERT INTO users_by_key VALUES (%L, 'Queued', 'individual')$$, :'other'));
COMMIT;
SELECT count(*) FROM end_users WHERE friendly_name = 'Queued';
\! emu reset
\set VERBOSITY default
BEGIN;
INSERT INTO users_by_key VALUES (:'account', 'Queued, too', 'individual');
ALTER USER MAPPING FOR PUBLIC SERVER by_key OPTIONS (SET account_sid :'other');
SELECT * FROM tell(format($$INSERT INTO users_by_key VALUES (%L, 'Queued, too', 'individual')$$, :'other'));
COMMIT;
BEGIN;
INSERT INTO users_by_key VALUES (NULL, 'Queued, named by nobody', 'individual');
ALTER USER MAPPING FOR PUBLIC SERVER by_key OPTIONS (SET account_sid :'other');
COMMIT;
\! sent
SET client_min_messages = warning;
DROP SERVER by_key CASCADE;
