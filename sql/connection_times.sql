-- emulator: --documents 25
--
-- What regdocs_fdw_connections() tells besides counters: times, the last error,
-- and whether a connection is still what server and mapping say.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset null NULL
-- the columns, in their order
SELECT unnest(proargnames) AS column, unnest(proallargtypes)::regtype AS type FROM pg_proc WHERE proname = 'regdocs_fdw_connections';
-- no error, no wait for the API's permission
SELECT count(*) FROM plain;
SELECT valid, last_error, last_error_sqlstate, last_error_time, wait_time > 0 AS waited, throttled_time FROM regdocs_fdw_connections();
-- what a slow server takes is waited for
SELECT wait_time AS before FROM regdocs_fdw_connections() \gset
\! emu fault action=slow ms=300
SELECT count(*) FROM plain;
SELECT wait_time - :before BETWEEN 300 AND 30000 AS waited, throttled_time FROM regdocs_fdw_connections();
-- so is an outage, which is no throttling
\! emu fault action=status status=503 retry_after=1
SELECT count(*) FROM plain;
SELECT wait_time - :before >= 1300 AS waited, throttled_time FROM regdocs_fdw_connections();
-- but 429 is
\! emu fault action=status status=429 retry_after=1
SELECT count(*) FROM plain;
SELECT throttled_time BETWEEN 1000 AND 20000 AS throttled, throttled_time < wait_time AS within FROM regdocs_fdw_connections();
-- what was tried again with success is no last error; that has its SQLSTATE and time
SELECT last_error FROM regdocs_fdw_connections();
\! emu fault action=status status=403
SELECT clock_timestamp() AS start \gset
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
SELECT last_error, last_error_sqlstate, last_error_time BETWEEN :'start'::timestamptz - interval '1ms' AND clock_timestamp() AS now FROM regdocs_fdw_connections();
\! emu fault action=status status=501
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
SELECT last_error, last_error_sqlstate FROM regdocs_fdw_connections();
SET regdocs_fdw.retry_budget = 0;
\! emu fault action=status status=429
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
SELECT last_error, last_error_sqlstate FROM regdocs_fdw_connections();
RESET regdocs_fdw.retry_budget;
-- it stays until there is another one
SELECT count(*) FROM plain;
SELECT last_error_sqlstate FROM regdocs_fdw_connections();
--
-- A change of the server or of the mapping: what is in use goes on, and is not valid
--
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
FETCH 1 FROM c;
SELECT server_name, valid FROM regdocs_fdw_connections();
ALTER SERVER emulator OPTIONS (ADD page_size '10');
SELECT server_name, valid FROM regdocs_fdw_connections();
SELECT count(*) FROM plain;
SELECT server_name, valid FROM regdocs_fdw_connections() ORDER BY valid;
-- it cannot be disconnected as long as it is in use
SELECT regdocs_fdw_disconnect('emulator');
SELECT server_name, valid FROM regdocs_fdw_connections();
CLOSE c;
SELECT server_name, valid FROM regdocs_fdw_connections();
COMMIT;
--
-- Versions
--
SELECT extension = (SELECT extversion FROM pg_extension WHERE extname = 'regdocs_fdw') AS extension, library = extension AS library, libcurl ~ '^\d+\.\d+\.\d+' AS libcurl FROM regdocs_fdw_version();
