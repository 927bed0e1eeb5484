-- emulator: --documents 25 --api-key SK0123456789abcdef0123456789abcdef --api-secret 0123456789abcdef
--
-- Roles: whose user mapping a statement uses, and what roles may do.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
DROP ROLE IF EXISTS regress_regdocs_a, regress_regdocs_b, regress_regdocs_c;
RESET client_min_messages;
\set a `emu get sid?index=0`
CREATE ROLE regress_regdocs_a;
CREATE ROLE regress_regdocs_b;
CREATE ROLE regress_regdocs_c;
-- The emulator has two ways in: A has the account's, B the key's, and C, like all
-- others, a token that is wrong.
CREATE USER MAPPING FOR regress_regdocs_a SERVER emulator OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
CREATE USER MAPPING FOR regress_regdocs_b SERVER emulator OPTIONS (api_key 'SK0123456789abcdef0123456789abcdef', api_secret '0123456789abcdef');
ALTER USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (SET auth_token 'wrong');
GRANT SELECT ON supporting_documents TO regress_regdocs_a, regress_regdocs_b;
-- What becomes of a query as a role, without the helpers of another's.
\set VERBOSITY sqlstate
\! emu reset
SET ROLE regress_regdocs_a;
SELECT count(*) FROM supporting_documents;
SET ROLE regress_regdocs_b;
SELECT count(*) FROM supporting_documents;
RESET ROLE;
SELECT count(*) FROM supporting_documents;
\! sent
-- Privileges are those of any table.
SET ROLE regress_regdocs_c;
SELECT count(*) FROM supporting_documents;
RESET ROLE;
GRANT SELECT (sid) ON supporting_documents TO regress_regdocs_c;
SET ROLE regress_regdocs_c;
SELECT count(type) FROM supporting_documents;
\! sent
SELECT count(sid) FROM supporting_documents;
\! sent
RESET ROLE;
-- Each role has had its own connection.
SELECT user_name, account IS NOT NULL, requests, failures FROM regdocs_fdw_connections() ORDER BY user_name;
-- Roles without a mapping of their own share that of PUBLIC.
ALTER USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (SET auth_token :'emulator_auth_token');
SELECT regdocs_fdw_disconnect_all();
SELECT count(sid) FROM supporting_documents;
SET ROLE regress_regdocs_c;
SELECT count(sid) FROM supporting_documents;
RESET ROLE;
SELECT user_name, requests, connections FROM regdocs_fdw_connections() ORDER BY user_name;
-- A mapping of one's own goes before it, also where it has nothing in it.
CREATE USER MAPPING FOR regress_regdocs_c SERVER emulator;
SET ROLE regress_regdocs_c;
SELECT count(sid) FROM supporting_documents;
RESET ROLE;
DROP USER MAPPING FOR regress_regdocs_c SERVER emulator;
DROP USER MAPPING FOR PUBLIC SERVER emulator;
\! emu reset
SET ROLE regress_regdocs_c;
SELECT count(sid) FROM supporting_documents;
RESET ROLE;
\! sent
--
-- Views: the mapping of the owner, unless the view says otherwise
--
SELECT regdocs_fdw_disconnect_all();
GRANT CREATE ON SCHEMA public TO regress_regdocs_a;
SET ROLE regress_regdocs_a;
CREATE VIEW documents_of_a AS SELECT sid FROM supporting_documents;
CREATE VIEW documents_of_reader WITH (security_invoker) AS SELECT sid FROM supporting_documents;
GRANT SELECT ON documents_of_a, documents_of_reader TO regress_regdocs_b, regress_regdocs_c;
RESET ROLE;
SET ROLE regress_regdocs_c;
SELECT count(*) FROM documents_of_a;
SELECT count(*) FROM documents_of_reader;
SET ROLE regress_regdocs_b;
SELECT count(*) FROM documents_of_a;
SELECT count(*) FROM documents_of_reader;
RESET ROLE;
SELECT user_name, requests FROM regdocs_fdw_connections() ORDER BY user_name;
-- both in one statement, each with its own
SELECT regdocs_fdw_disconnect_all();
SET ROLE regress_regdocs_b;
SELECT count(*) FROM documents_of_a a JOIN documents_of_reader b USING (sid);
SELECT count(*) FROM (SELECT sid FROM documents_of_a UNION ALL SELECT sid FROM documents_of_reader) u;
RESET ROLE;
SELECT user_name, requests FROM regdocs_fdw_connections() ORDER BY user_name;
--
-- Functions: SECURITY DEFINER ones use their owner's, others the caller's
--
SELECT regdocs_fdw_disconnect_all();
SET ROLE regress_regdocs_a;
CREATE FUNCTION count_as_owner() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
AS 'BEGIN RETURN (SELECT count(*) FROM supporting_documents); END';
CREATE FUNCTION count_as_caller() RETURNS bigint LANGUAGE plpgsql
AS 'BEGIN RETURN (SELECT count(*) FROM supporting_documents); END';
CREATE FUNCTION find_as_owner(wanted text) RETURNS bigint LANGUAGE sql SECURITY DEFINER
AS 'SELECT count(*) FROM supporting_documents WHERE sid = wanted';
RESET ROLE;
SET ROLE regress_regdocs_c;
SELECT count_as_owner();
SELECT count_as_caller();
SELECT find_as_owner(:'a'), find_as_owner('x');
RESET ROLE;
SET ROLE regress_regdocs_b;
SELECT count_as_owner(), count_as_caller();
RESET ROLE;
SELECT user_name, requests FROM regdocs_fdw_connections() ORDER BY user_name;
-- the same function, with its cached plan, for one caller after the other
SELECT regdocs_fdw_disconnect_all();
CREATE FUNCTION count_as(role text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    result bigint;
BEGIN
    PERFORM set_config('role', role, true);
    result := count_as_caller();
    PERFORM set_config('role', 'none', true);
    RETURN result;
END
$$;
SELECT role, count_as('regress_regdocs_' || role) FROM (SELECT (ARRAY['a', 'b'])[1 + i % 2] AS role FROM generate_series(1, 7) i OFFSET 0) r;
SELECT user_name, requests FROM regdocs_fdw_connections() ORDER BY user_name;
-- prepared statements, too
SELECT regdocs_fdw_disconnect_all();
PREPARE counted AS SELECT count(*) FROM supporting_documents;
SET ROLE regress_regdocs_a;
EXECUTE counted;
SET ROLE regress_regdocs_b;
EXECUTE counted;
SET ROLE regress_regdocs_c;
EXECUTE counted;
RESET ROLE;
SELECT user_name, requests FROM regdocs_fdw_connections() ORDER BY user_name;
-- a cursor keeps the role that opened it
SELECT regdocs_fdw_disconnect_all();
BEGIN;
SET LOCAL ROLE regress_regdocs_a;
DECLARE c CURSOR FOR SELECT count(*) FROM supporting_documents;
SET LOCAL ROLE regress_regdocs_b;
FETCH ALL FROM c;
COMMIT;
SELECT user_name, requests FROM regdocs_fdw_connections() ORDER BY user_name;
--
-- What a role that is no superuser may not do
--
GRANT USAGE ON FOREIGN DATA WRAPPER regdocs_fdw TO regress_regdocs_a;
GRANT USAGE ON FOREIGN SERVER emulator TO regress_regdocs_a;
SET ROLE regress_regdocs_a;
SET regdocs_fdw.log_requests = on;
SET regdocs_fdw.progress_interval = '10min';
CREATE SERVER regress_own FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (ca_file '/etc/passwd');
CREATE SERVER regress_own FOREIGN DATA WRAPPER regdocs_fdw;
ALTER SERVER regress_own OPTIONS (ADD ca_file '/etc/passwd');
ALTER SERVER emulator OPTIONS (ADD concurrency '1');
ALTER USER MAPPING FOR regress_regdocs_b SERVER emulator OPTIONS (DROP api_secret);
-- options of others' mappings are not shown
SELECT usename, umoptions IS NULL FROM pg_user_mappings WHERE srvname = 'emulator' ORDER BY usename;
-- but a foreign table on a server that one may use is one's own to make
CREATE FOREIGN TABLE own_documents (sid text) SERVER emulator;
SELECT count(*) FROM own_documents;
DROP FOREIGN TABLE own_documents;
DROP SERVER regress_own;
RESET ROLE;
RESET regdocs_fdw.progress_interval;
\set VERBOSITY default
REVOKE USAGE ON FOREIGN DATA WRAPPER regdocs_fdw FROM regress_regdocs_a;
DROP FUNCTION count_as;
DROP OWNED BY regress_regdocs_a, regress_regdocs_b, regress_regdocs_c;
DROP ROLE regress_regdocs_a, regress_regdocs_b, regress_regdocs_c;
