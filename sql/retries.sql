-- emulator: --documents 25
--
-- Tries after the first: after which failures, how many, and how long.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset tuples_only on
ALTER FOREIGN TABLE plain OPTIONS (ADD page_size '10');
\set theirs `emu get digest`
-- What may be better the next time is tried again, and the list is whole.
\! emu fault action=status status=429
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
\! emu fault action=status status=500 skip=1
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
\! emu fault action=status status=502 shape=html skip=2
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
\! emu fault action=status status=503 count=2
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
\! emu fault action=status status=504 shape=empty
SELECT pg_temp.name(sid) FROM plain WHERE sid = pg_temp.sid(3);
\! sent -v
-- A connection that breaks, before or after the answer was made, or in it.
\! emu fault action=reset_before skip=1
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
\! emu fault action=reset_after
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
\! emu fault action=cut skip=1
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
\! emu fault action=cut chunked=on
SELECT pg_temp.name(sid) FROM plain WHERE sid = pg_temp.sid(3);
\! sent
-- A connection that the server has closed after its last answer.
\! emu fault action=close
SELECT count(*) FROM plain;
SELECT count(*) FROM plain;
\! sent
-- A server that takes too long for one try.
ALTER SERVER emulator OPTIONS (ADD request_timeout '300ms');
\! emu fault action=stall
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
ALTER SERVER emulator OPTIONS (DROP request_timeout);
-- What will not be better is not tried again.
\! for s in 400 401 403 404 405 409 413 422 501 505; do emu fault action=status status=$s; done
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5) FROM generate_series(1, 10);
\! sent
\! emu fault action=garbage && emu fault action=redirect && emu fault action=wrong_shape
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5) FROM generate_series(1, 3);
\! sent
-- max_retries: so many tries after the first, for each request by itself.
ALTER SERVER emulator OPTIONS (ADD max_retries '2');
\! emu fault action=status status=503 count=3
SELECT pg_temp.attempt('SELECT * FROM plain');
\! sent
\! emu fault action=status status=429 count=2 && emu fault action=status status=500 count=2 skip=3
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
\! emu fault action=reset_before count=3
SELECT pg_temp.attempt('SELECT * FROM plain');
\! sent
-- Different failures of one request count together; the last one is told.
\! emu fault action=status status=503 && emu fault action=reset_before && emu fault action=status status=429
SELECT pg_temp.attempt('SELECT * FROM plain');
\! sent
-- Nobody listens: nothing is sent, and that is tried again, too.
ALTER SERVER emulator OPTIONS (SET base_url 'http://127.0.0.1:1', SET max_retries '1');
SELECT substring(answer FROM '\A\w+') AS state, substring(answer FROM 'It was tried \d+ times\.') AS tries
FROM pg_temp.attempt('SELECT * FROM plain') answer;
ALTER SERVER emulator OPTIONS (SET base_url :'emulator_url', DROP max_retries);
\! sent
-- Retry-After is the least that is waited; where it is more than retry_budget allows,
-- nothing is.
\! emu fault action=status status=429 retry_after=1
SELECT clock_timestamp() AS start \gset
SELECT count(*) FROM plain;
SELECT clock_timestamp() - :'start' >= '1s' AS waited, clock_timestamp() - :'start' < '20s' AS not_long;
\! sent
ALTER SERVER emulator OPTIONS (ADD retry_budget '5s');
\! emu fault action=status status=429 retry_after=6
SELECT clock_timestamp() AS start \gset
SELECT pg_temp.attempt('SELECT * FROM plain');
SELECT clock_timestamp() - :'start' < '4s' AS at_once;
\! emu fault action=status status=503 retry_after='Fri, 31 Dec 2099 23:59:59 GMT'
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
SELECT clock_timestamp() - :'start' < '4s' AS at_once;
\! sent
-- A date that is past, and what is none, ask for nothing.
\! emu fault action=status status=429 retry_after='Fri, 31 Dec 1999 23:59:59 GMT' && emu fault action=status status=429 retry_after=soon
SELECT count(*) FROM plain;
\! sent
-- retry_budget ends a request whatever max_retries says.
ALTER SERVER emulator OPTIONS (SET retry_budget '600ms', ADD max_retries '100');
\! emu fault action=status status=503 count=0
SELECT clock_timestamp() AS start \gset
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
SELECT clock_timestamp() - :'start' < '5s' AS in_time;
\! emu clear && emu reset
-- It does not bound a try that has begun: each has its request_timeout.
\! emu fault action=slow ms=1000
SELECT count(*) FROM plain;
\! sent
ALTER SERVER emulator OPTIONS (ADD request_timeout '700ms');
\! emu fault action=stall count=0
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu clear
\! sent
ALTER SERVER emulator OPTIONS (DROP request_timeout);
-- The session's setting goes before it, either way.
\! emu fault action=status status=503 retry_after=1
SET regdocs_fdw.retry_budget = '1min';
SELECT count(*) FROM plain;
\! sent
ALTER SERVER emulator OPTIONS (DROP retry_budget);
\! emu fault action=status status=503 retry_after=1
SET regdocs_fdw.retry_budget = '500ms';
SHOW regdocs_fdw.retry_budget;
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! sent
-- 0: nothing is tried again
SET regdocs_fdw.retry_budget = 0;
\! emu fault action=status status=429
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! sent
-- a day at the most; and the default leaves it to the server
SELECT left(pg_temp.attempt('SET regdocs_fdw.retry_budget = ''25h'''), 5);
RESET regdocs_fdw.retry_budget;
SHOW regdocs_fdw.retry_budget;
\! emu fault action=status status=503 retry_after=1
SELECT count(*) FROM plain;
\! sent
-- at once, for a cursor that is open, too
ALTER SERVER emulator OPTIONS (ADD retry_budget '500ms');
BEGIN;
DECLARE c CURSOR FOR SELECT * FROM plain;
MOVE 1 IN c;
SET LOCAL regdocs_fdw.retry_budget = '1min';
\! emu fault action=status status=503 retry_after=1
MOVE ALL IN c;
COMMIT;
\! sent
ALTER SERVER emulator OPTIONS (DROP retry_budget);
ALTER SERVER emulator OPTIONS (DROP max_retries);
-- What was tried again is counted.
SELECT regdocs_fdw_disconnect('emulator');
\! emu fault action=status status=429 && emu fault action=status status=500 skip=1 && emu fault action=status status=403 skip=3
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
SELECT requests, retries, throttled, failures, last_error FROM regdocs_fdw_connections();
\! sent -v
