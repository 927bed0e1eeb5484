-- emulator: --documents 25 --api-key SK0123456789abcdef0123456789abcdef --api-secret 0123456789abcdef
--
-- Connections of the session: what regdocs_fdw_connections() tells, when they are
-- closed, and what a change of server or user mapping does.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset null NULL
ALTER FOREIGN TABLE plain OPTIONS (ADD page_size '10');
-- None, until a statement needs one; planning and EXPLAIN do not.
SELECT regdocs_fdw_disconnect_all();
SELECT count(*) FROM regdocs_fdw_connections();
EXPLAIN (COSTS OFF) SELECT * FROM plain;
SELECT count(*) FROM regdocs_fdw_connections();
-- One for each user mapping, with what it has done.
\! emu reset
SELECT count(*) FROM plain;
SELECT server_name, user_name, account, requests, retries, throttled, failures,
       connections, last_request_id ~ '^RQ[0-9a-f]{32}$' AS request_id, last_error
FROM regdocs_fdw_connections();
SELECT bytes_received AS received, bytes_sent AS sent FROM regdocs_fdw_connections() \gset
\set bytes `emu get counters/bytes_sent`
SELECT :received BETWEEN :bytes AND :bytes + 3 * 1024 AS received, :sent BETWEEN 3 * 100 AND 3 * 1024 AS sent;
SELECT last_used <= clock_timestamp() AND last_used > now() - interval '1 minute' AS last_used FROM regdocs_fdw_connections();
-- last_request_id is that of the last answer.
SELECT last_request_id FROM regdocs_fdw_connections() \gset
\set theirs `emu get last | grep -oE 'RQ[0-9a-f]{32}'`
SELECT :'last_request_id' = :'theirs' AS equal;
-- They add up over statements, also of failures and retries; the socket stays.
\! emu fault action=status status=503 && emu fault action=status status=429
SELECT count(*) FROM plain WHERE sid = pg_temp.sid(0);
\! emu fault action=status status=403 message='Not you'
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
SELECT requests, retries, throttled, failures, connections, last_error FROM regdocs_fdw_connections();
\! emu get counters/connections
-- keep_connections off: a new socket each time.
ALTER SERVER emulator OPTIONS (ADD keep_connections 'off');
\! emu reset
SELECT count(*) FROM plain WHERE sid = pg_temp.sid(0);
SELECT count(*) FROM plain WHERE sid = pg_temp.sid(0);
SELECT requests, connections FROM regdocs_fdw_connections();
\! emu get counters/connections
ALTER SERVER emulator OPTIONS (DROP keep_connections);
--
-- Disconnecting
--
SELECT count(*) FROM plain;
SELECT regdocs_fdw_disconnect('emulator') AS was_there;
SELECT regdocs_fdw_disconnect('emulator') AS was_there;
SELECT count(*) FROM regdocs_fdw_connections();
SELECT regdocs_fdw_disconnect_all() AS was_there;
SELECT regdocs_fdw_disconnect('no such server');
SELECT regdocs_fdw_disconnect(NULL);
-- the next statement connects again
SELECT count(*) FROM plain;
SELECT requests FROM regdocs_fdw_connections();
-- not while it is in use
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
FETCH 1 FROM c;
SELECT regdocs_fdw_disconnect('emulator');
SELECT regdocs_fdw_disconnect_all();
FETCH 1 FROM c;
COMMIT;
SELECT regdocs_fdw_disconnect_all();
-- closed again after errors and rollbacks
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
FETCH 1 FROM c;
SELECT 1 / 0;
ROLLBACK;
SELECT regdocs_fdw_disconnect_all();
BEGIN;
SAVEPOINT s;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
FETCH 1 FROM c;
ROLLBACK TO s;
SELECT regdocs_fdw_disconnect_all();
COMMIT;
\! emu fault action=garbage
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
SELECT regdocs_fdw_disconnect_all();
--
-- Two servers
--
CREATE SERVER other FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url :'emulator_url');
CREATE USER MAPPING FOR CURRENT_USER SERVER other OPTIONS (api_key 'SK0123456789abcdef0123456789abcdef', api_secret '0123456789abcdef');
CREATE FOREIGN TABLE other (sid text) SERVER other;
SELECT count(*) FROM other, plain;
SELECT server_name, user_name = current_user AS mine, account, requests FROM regdocs_fdw_connections() ORDER BY server_name;
SELECT regdocs_fdw_disconnect('other');
SELECT server_name FROM regdocs_fdw_connections();
-- an api_key may come with the account that it belongs to
ALTER USER MAPPING FOR CURRENT_USER SERVER other OPTIONS (ADD account_sid :'emulator_account_sid');
SELECT count(*) FROM other;
SELECT server_name, account FROM regdocs_fdw_connections() ORDER BY server_name;
-- dropped with the server, or with the mapping
DROP USER MAPPING FOR CURRENT_USER SERVER other;
SELECT server_name FROM regdocs_fdw_connections() ORDER BY server_name;
SELECT left(pg_temp.attempt('SELECT * FROM other'), 5);
CREATE USER MAPPING FOR CURRENT_USER SERVER other OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
SELECT count(*) FROM other;
SET client_min_messages = warning;
DROP SERVER other CASCADE;
RESET client_min_messages;
SELECT server_name FROM regdocs_fdw_connections() ORDER BY server_name;
--
-- Changes: they take effect with the next statement, and not before
--
SELECT count(*) FROM plain;
SELECT requests > 0 AS some FROM regdocs_fdw_connections();
ALTER SERVER emulator OPTIONS (ADD max_retries '0');
SELECT count(*) FROM regdocs_fdw_connections();
SELECT count(*) FROM plain;
SELECT requests FROM regdocs_fdw_connections();
ALTER USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (SET auth_token 'wrong');
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
ALTER USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (SET auth_token :'emulator_auth_token');
SELECT count(*) FROM plain;
-- a name and an owner are no settings; the connection stays or is made anew
ALTER SERVER emulator RENAME TO renamed;
SELECT count(*) FROM plain;
SELECT server_name FROM regdocs_fdw_connections();
ALTER SERVER renamed RENAME TO emulator;
-- an open cursor goes on as it began, with the server and the credential of then
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
FETCH 1 FROM c;
ALTER SERVER emulator OPTIONS (SET base_url 'http://127.0.0.1:1');
SAVEPOINT s;
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
FETCH ALL FROM c \g |grep rows
CLOSE c;
ALTER SERVER emulator OPTIONS (SET base_url :'emulator_url');
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
FETCH 1 FROM c;
ALTER USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (SET auth_token 'wrong');
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
FETCH ALL FROM c \g |grep rows
CLOSE c;
ROLLBACK;
-- and what was rolled back was no change
SELECT count(*) FROM plain;
-- a mapping that is dropped in between
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
FETCH 1 FROM c;
DROP USER MAPPING FOR PUBLIC SERVER emulator;
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
FETCH ALL FROM c \g |grep rows
ROLLBACK;
SELECT count(*) FROM plain;
--
-- A session that uses many accounts one after the other keeps what it knows of the last
-- ones, and of those that are in use: here of a cursor on the first.  What they have open
-- is counted, and given back where others need it.
--
SET client_min_messages = warning;
DO $$
DECLARE
    url text := (SELECT split_part(option, '=', 2) FROM pg_foreign_server, unnest(srvoptions) option
                 WHERE srvname = 'emulator' AND option LIKE 'base_url=%');
BEGIN
    FOR i IN 1..300 LOOP
        EXECUTE format('CREATE SERVER many_%s FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url %L)', i, url);
        EXECUTE format('CREATE USER MAPPING FOR PUBLIC SERVER many_%s OPTIONS (api_key %L, api_secret %L)', i,
                       'SK0123456789abcdef0123456789abcdef', '0123456789abcdef');
        EXECUTE format('CREATE FOREIGN TABLE many_%s (sid text) SERVER many_%s OPTIONS (page_size %L)', i, i, '10');
    END LOOP;
END
$$;
RESET client_min_messages;
SELECT regdocs_fdw_disconnect_all() IS NOT NULL AS "none is left";
BEGIN;
DECLARE c CURSOR FOR SELECT sid FROM many_1;
MOVE 1 IN c;
DO $$
DECLARE
    n integer;
BEGIN
    FOR i IN 2..300 LOOP
        EXECUTE format('SELECT count(*) FROM many_%s', i) INTO n;
        ASSERT n = 25;
    END LOOP;
END
$$;
SELECT count(*), count(*) FILTER (WHERE server_name = 'many_1') AS first, count(*) FILTER (WHERE server_name = 'many_2') AS second,
       count(*) FILTER (WHERE server_name = 'many_300') AS last
FROM regdocs_fdw_connections();
MOVE ALL IN c;
COMMIT;
SELECT count(*) FROM many_2;
-- more of them in one statement, of which few are in use at a time
SELECT string_agg('SELECT sid FROM many_' || i, ' UNION ALL ') AS all FROM generate_series(1, 300) i \gset
SET enable_async_append = off;
SELECT count(*), count(DISTINCT sid) FROM (:all) a;
SELECT count(*) FROM regdocs_fdw_connections();
SELECT count(*) FROM plain;
SELECT count(*) FROM regdocs_fdw_connections();
SELECT count(*) FROM many_3;
-- side by side they take turns
SET enable_async_append = on;
SELECT count(*), count(DISTINCT sid) FROM (:all) a;
SELECT count(*) FROM regdocs_fdw_connections();
SELECT count(*) FROM many_4;
SELECT count(*), count(DISTINCT sid) FROM (SELECT sid FROM many_5 UNION ALL SELECT sid FROM many_6) a;
SELECT regdocs_fdw_disconnect_all();
SET client_min_messages = warning;
DO $$
BEGIN
    FOR i IN 1..300 LOOP
        EXECUTE format('DROP SERVER many_%s CASCADE', i);
    END LOOP;
END
$$;
RESET client_min_messages;
--
-- Settings
--
SHOW regdocs_fdw.log_requests;
SELECT name, setting, unit, boot_val, context FROM pg_settings WHERE name IN ('regdocs_fdw.progress_interval', 'regdocs_fdw.retry_budget') ORDER BY name;
\set VERBOSITY sqlstate
SET regdocs_fdw.progress_interval = '-1s';
\set VERBOSITY default
SET regdocs_fdw.no_such_setting = 1;
SET regdocs_fdw.log_requests = 'maybe';
-- progress: after each page here, as each takes longer than the interval
SET regdocs_fdw.progress_interval = '1ms';
SHOW regdocs_fdw.progress_interval;
\! emu fault action=slow ms=120 count=0
SELECT count(*) FROM plain;
\! emu clear
SET regdocs_fdw.progress_interval = '1h';
SELECT count(*) FROM plain;
RESET regdocs_fdw.progress_interval;
SELECT count(*) FROM plain;
-- log_requests: one line for each request, its retries counted in it, and neither
-- credential nor query
ALTER SERVER emulator OPTIONS (DROP max_retries);
SET regdocs_fdw.log_requests = on;
SHOW regdocs_fdw.log_requests;
RESET regdocs_fdw.log_requests;
\setenv PGDATABASE :DBNAME
\! emu fault action=status status=503 skip=1 && emu fault action=status status=403 skip=4
\! psql -Xqt -c 'SET client_min_messages = log' -c 'SET regdocs_fdw.log_requests = on' -c 'SELECT count(*) FROM plain' -c 'SELECT FROM plain' 2>&1 | sed -E 's/ms=[0-9]+/ms=N/; s/RQ[0-9a-f]{32}/RQ.../; s/AC[0-9a-f]{32}/AC.../' | grep -E 'LOG|ERROR|[0-9]+$'
\! psql -Xqt -c 'SET client_min_messages = log' -c 'SELECT count(*) FROM plain' 2>&1 | grep -c LOG
