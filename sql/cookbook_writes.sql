-- emulator: --documents 600 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
\i sql/include/emulator.psql
\i sql/include/write.psql
-- The SQL of doc/cookbook.md, to the letter: test/readme prints it.
SET search_path = public, writing;
\setenv PGDATABASE :DBNAME
CREATE ROLE regress_clerk;
CREATE ROLE regress_service;
CREATE ROLE regress_reader;
CREATE TABLE customers (id int PRIMARY KEY, name text, document_sid text);
INSERT INTO customers SELECT i, 'Customer ' || i, NULL FROM generate_series(1, 20) i;
-- What the API keeps beside what was changed: the time of the change.
CREATE FUNCTION state(OUT rows bigint, OUT digest text) LANGUAGE sql AS $$
	SELECT count(*), md5(string_agg((to_jsonb(d) - 'date_updated')::text, ',' ORDER BY sid)) FROM supporting_documents d
$$;
SELECT digest AS before FROM state() \gset
\set digest_before `emu digest supporting_documents`
\! emu reset

-- Before
\set recipe `readme --of doc/cookbook.md 'See what a statement would send, and send nothing'`
:recipe
SELECT digest = :'before' AS "nothing was sent" FROM state();
\set recipe `readme --of doc/cookbook.md 'No statement of an analyst shall write more than a hundred rows by this server' 'SERVER twilio=SERVER emulator'`
:recipe
SELECT state, message FROM tell($$UPDATE supporting_documents SET friendly_name = 'Oops'$$);
SELECT digest = :'before' AS "nothing was sent" FROM state();
ALTER SERVER emulator OPTIONS (DROP max_writes_per_statement);
\set recipe `readme --of doc/cookbook.md 'Send nothing before COMMIT, in this session'`
:recipe
BEGIN;
UPDATE supporting_documents SET friendly_name = 'Oops';
ROLLBACK;
SELECT digest = :'before' AS "nothing was sent" FROM state();
RESET regdocs_fdw.write_mode;
\set recipe `readme --of doc/cookbook.md 'Who may change what: clerks correct attributes, and nothing else' 'TO clerk=TO regress_clerk'`
:recipe
SELECT sid AS one FROM supporting_documents ORDER BY sid LIMIT 1 \gset
SET ROLE regress_clerk;
BEGIN;
UPDATE supporting_documents SET attributes = attributes || '{"corrected": true}' WHERE sid = :'one' RETURNING attributes -> 'corrected' AS corrected;
COMMIT;
\set VERBOSITY sqlstate
UPDATE supporting_documents SET friendly_name = 'Oops' WHERE sid = :'one';
DELETE FROM supporting_documents WHERE sid = :'one';
-- The clerk undoes it.
UPDATE supporting_documents d SET attributes = w.old -> 'attributes' FROM regdocs_fdw_writes() w WHERE d.sid = w.sid;
RESET ROLE;
\set VERBOSITY default
SELECT digest = :'before' AS "as it was" FROM state();
\set recipe `readme --of doc/cookbook.md "No change without a ticket: SET app.ticket = 'ABC-1' comes before"`
:recipe
SELECT state, message FROM tell($$UPDATE supporting_documents SET friendly_name = 'Oops'$$);
SELECT state FROM tell($$INSERT INTO supporting_documents (friendly_name, type) VALUES ('Oops', 'passport')$$);
SELECT state FROM tell($$DELETE FROM supporting_documents$$);
\! emu count create
SELECT digest = :'before' AS "nothing was sent" FROM state();
SET app.ticket = 'ABC-1';
UPDATE supporting_documents SET attributes = attributes WHERE sid = :'one';
DROP TRIGGER demand_ticket ON supporting_documents;
DROP FUNCTION demand_ticket();
GRANT SELECT ON supporting_documents TO regress_service;
GRANT CREATE ON SCHEMA public TO regress_service;
DROP USER MAPPING FOR PUBLIC SERVER emulator;
CREATE USER MAPPING FOR CURRENT_USER SERVER emulator OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
CREATE USER MAPPING FOR regress_service SERVER emulator OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
\set recipe `readme --of doc/cookbook.md 'Readers without a user mapping: a view of a role that has one' 'TO service=TO regress_service' 'TO reader=TO regress_reader'`
:recipe
SET ROLE regress_reader;
SELECT count(*) FROM document_states;
\set VERBOSITY sqlstate
SELECT count(*) FROM supporting_documents;
\set VERBOSITY default
RESET ROLE;
DROP VIEW document_states;

-- Creating once: a failure in the middle, and then all of it again.
\set recipe `readme --of doc/cookbook.md 'Create what is missing, by a key of your own in attributes'`
\! emu fault action=status status=500 path=create skip=7 carry_out=on
\set VERBOSITY sqlstate
SET client_min_messages = error;
:recipe
RESET client_min_messages;
\set VERBOSITY default
:recipe
:recipe
\set recipe `readme --of doc/cookbook.md '... and store the sids'`
:recipe
SELECT count(*), count(DISTINCT document_sid) FROM customers;
SELECT count(*) FROM supporting_documents WHERE attributes ? 'customer';
\copy supporting_documents (friendly_name, type) FROM PROGRAM 'seq -f "Loaded %g,passport" 300' (FORMAT csv)
\set recipe `readme --of doc/cookbook.md 'Store the sids of a COPY, or of an INSERT without RETURNING'`
:recipe
SELECT count(*), count(DISTINCT sid), min(outcome) FROM loaded;
SELECT count(*) FROM loaded l JOIN supporting_documents d ON d.sid = l.sid AND d.friendly_name = l.name;

-- After: a mistaken UPDATE of hundreds that failed half-way, and is undone.
SELECT digest AS before FROM state() \gset
\set digest_before `emu digest supporting_documents`
\! emu fault action=status status=400 code=21601 path=update skip=185
\set VERBOSITY sqlstate
SET client_min_messages = error;
UPDATE supporting_documents SET friendly_name = 'Oops' WHERE friendly_name NOT LIKE 'Loaded%';
RESET client_min_messages;
\! emu clear
\set VERBOSITY default
SELECT digest = :'before' AS "as it was" FROM state();
\set recipe `readme --of doc/cookbook.md 'Keep what the last transaction has written'`
:recipe
SELECT count(*) FILTER (WHERE outcome = 'done') >= 185 AS "185 at least", count(DISTINCT sid) = count(*) AS named, count(*) < 200 AS "not all" FROM mistake;
\set recipe `readme --of doc/cookbook.md 'Undo an UPDATE'`
:recipe
SELECT digest = :'before' AS "as it was" FROM state();
-- Not even the emulator knows a difference, once the times are set back, too.
\pset tuples_only on
\pset format unaligned
\o results/cookbook_writes.sh
SELECT format('emu post supporting_documents sid=%s date_updated=%s', sid, to_char((old ->> 'date_updated')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) FROM mistake WHERE outcome IN ('done', 'unknown');
\o
\pset tuples_only off
\pset format aligned
\! bash results/cookbook_writes.sh
\set digest_after `emu digest supporting_documents`
SELECT :'digest_before' = :'digest_after' AS "the emulator's digest";
DROP TABLE mistake;
-- The whole UPDATE, and a COPY.
UPDATE supporting_documents SET friendly_name = 'Oops', attributes = '{"oops": 1}' WHERE type = 'passport' AND friendly_name IS NOT NULL;
\set recipe `readme --of doc/cookbook.md 'Keep what the last transaction has written'`
:recipe
SELECT count(*) > 300 AS hundreds FROM mistake;
\set recipe `readme --of doc/cookbook.md 'Undo an UPDATE'`
:recipe
SELECT digest = :'before' AS "as it was" FROM state();
DROP TABLE mistake;
\copy supporting_documents (friendly_name, type) FROM PROGRAM 'seq -f "Oops %g,passport" 40' (FORMAT csv)
\set recipe `readme --of doc/cookbook.md 'Keep what the last transaction has written'`
:recipe
\set recipe `readme --of doc/cookbook.md 'Undo creates'`
:recipe
SELECT digest = :'before' AS "as it was" FROM state();
-- Each of its statements has been here.
\! readme --of doc/cookbook.md --untested sql/cookbook_writes.sql
DROP TABLE mistake, loaded, customers;
DROP FUNCTION state();
REVOKE CREATE ON SCHEMA public FROM regress_service;
SET client_min_messages = warning;
DROP SERVER emulator CASCADE;
DROP ROLE regress_clerk, regress_service, regress_reader;
