-- emulator: --documents 5
--
-- What the API's errors become: SQLSTATE, message, DETAIL, HINT.  No tries after the
-- first here; "retries" has them.
--
\set server_options ', max_retries \'0\''
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset tuples_only on
\set list 'SELECT pg_temp.attempt(\'SELECT * FROM supporting_documents\')'
\set fetch 'SELECT pg_temp.attempt(\'SELECT * FROM supporting_documents WHERE sid = pg_temp.sid(0)\')'
--
-- By status
--
\! emu fault action=status status=400 message='Bad value'
:fetch;
\! emu fault action=status status=400 message='Bad value'
:list;
\! emu fault action=status status=401
:list;
\! emu fault action=status status=403 message=Forbidden
:list;
\! emu fault action=status status=404
:list;
\! emu fault action=status status=405
:list;
\! emu fault action=status status=409
:fetch;
\! emu fault action=status status=400 code=20409 message='Not now'
:fetch;
\! emu fault action=status status=413 message='Too large'
:list;
\! emu fault action=status status=422 message='Wrong'
:list;
\! emu fault action=status status=429
:list;
\! emu fault action=status status=500
:list;
\! emu fault action=status status=501
:list;
\! emu fault action=status status=502 shape=html
:list;
\! emu fault action=status status=503
:fetch;
\! emu fault action=status status=504 shape=empty
:list;
\! emu fault action=status status=599 message='Whatever'
:list;
\! sent
-- 404 of a fetch is no row, in each of the API's own shapes, with and without a code
\! emu fault action=status status=404
:fetch;
\! emu fault action=status status=404 shape=rfc9457
:fetch;
\! emu fault action=status status=404 shape=legacy
:fetch;
\! emu fault action=status status=404 code=0
:fetch;
-- ... but from anybody else it says nothing of the document
\! emu fault action=status status=404 shape=html
:fetch;
\! emu fault action=status status=404 shape=empty
:fetch;
\! emu fault action=status status=404 code=404
:fetch;
\! emu fault action=status status=404 shape=html path=fetch skip=1
SELECT pg_temp.attempt('SELECT count(*) FROM supporting_documents WHERE sid = ANY (ARRAY[pg_temp.sid(0), pg_temp.sid(1), pg_temp.sid(2)])');
\! emu fault action=status status=404 shape=html
:list;
-- one of several fetches is enough for an error
\! emu fault action=status status=403 path=fetch skip=1
SELECT left(pg_temp.attempt('SELECT * FROM supporting_documents WHERE sid = ANY (ARRAY[pg_temp.sid(0), pg_temp.sid(1), pg_temp.sid(2)])'), 5);
\! emu clear && emu reset
--
-- By the shape of the body
--
\! emu fault action=status status=422 shape=rfc9457 code=20001 message=Title detail='What is wrong'
:fetch;
\! emu fault action=status status=422 shape=legacy code=20001 message=Message details='{"a":1}'
:fetch;
\! emu fault action=status status=422 code=20001 message=Message detail='More of it' more_info=off
:fetch;
\! emu fault action=status status=422 code=0 message='No code'
:fetch;
\! emu fault action=status status=422 shape=html
:fetch;
\! emu fault action=status status=422 shape=empty
:fetch;
-- a message of several lines, with characters of all kinds, and one that is too
-- long: 512 bytes of it, and no part of a character
\! emu fault action=status status=400 message="$(printf 'one\ntwo\tthree\033[31m caf\303\251 \360\237\232\200 %%s %%n \177')"
:fetch;
\! emu fault action=status status=400 message="$(printf 'x%.0s' $(seq 511))é and more"
:fetch;
\! emu fault action=status status=400 message="$(printf 'é%.0s' $(seq 300))"
SELECT length(substring(answer FROM 'é+')) AS characters FROM pg_temp.attempt('SELECT * FROM supporting_documents WHERE sid = pg_temp.sid(0)') answer;
\! sent
--
-- Without an answer
--
\! emu fault action=reset_before
:list;
\! emu fault action=reset_after
:fetch;
\! emu fault action=cut
:list;
\! emu fault action=cut chunked=on
:list;
\! emu fault action=cut bytes=0
:list;
-- nor a whole one in time
ALTER SERVER emulator OPTIONS (ADD request_timeout '300ms');
\! emu fault action=stall
:list;
\! emu fault action=stall_body
:fetch;
ALTER SERVER emulator OPTIONS (DROP request_timeout);
\! sent
-- nobody there, and somebody who does not speak TLS: libcurl's words differ
ALTER SERVER emulator OPTIONS (SET base_url 'http://127.0.0.1:1');
SELECT regexp_replace(answer, ': [^\n]*', ': ...') FROM pg_temp.attempt('SELECT * FROM supporting_documents') answer;
SELECT 'https://127.0.0.1:' || substring(:'emulator_url' FROM '\d+$') AS secure_url \gset
ALTER SERVER emulator OPTIONS (SET base_url :'secure_url');
SELECT regexp_replace(answer, ': [^\n]*', ': ...') FROM pg_temp.attempt('SELECT * FROM supporting_documents') answer;
ALTER SERVER emulator OPTIONS (SET base_url :'emulator_url');
\! sent
--
-- Credentials
--
ALTER USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (SET auth_token 'not-the-token');
:list;
:fetch;
\! emu count unauthorized
-- no credentials: nothing is sent
ALTER USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (DROP auth_token, DROP account_sid);
:list;
DROP USER MAPPING FOR PUBLIC SERVER emulator;
SELECT replace(answer, quote_ident(current_user), 'me') FROM pg_temp.attempt('SELECT * FROM supporting_documents') answer;
\! sent
CREATE USER MAPPING FOR PUBLIC SERVER emulator OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
-- After all of these the session goes on as if nothing had been.
SELECT count(*) FROM supporting_documents;
-- In a transaction block an error of the API is one like others.
BEGIN;
SELECT count(*) FROM supporting_documents;
SAVEPOINT s;
\! emu fault action=status status=403
\set VERBOSITY sqlstate
SELECT count(*) FROM supporting_documents;
\set VERBOSITY default
ROLLBACK TO s;
SELECT count(*) FROM supporting_documents;
COMMIT;
-- An error on a page to come stops the cursor where the reader gets there.
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD page_size '2');
\! emu reset && emu fault action=status status=403 skip=1
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM supporting_documents;
FETCH 1 FROM c;
\set VERBOSITY sqlstate
FETCH ALL FROM c;
\set VERBOSITY default
ROLLBACK;
\! sent -v
