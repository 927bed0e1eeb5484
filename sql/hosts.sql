-- emulator: --documents 25
--
-- regdocs_fdw.allowed_hosts: which hosts servers may name, when they are created or
-- altered, and when they are used.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset tuples_only on
-- Which of these may a server name in base_url?
CREATE FUNCTION pg_temp.allowed(hosts text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    host text;
    result text;
BEGIN
    PERFORM set_config('regdocs_fdw.allowed_hosts', hosts, true);
    FOREACH host IN ARRAY ARRAY['numbers.twilio.com', 'NUMBERS.Twilio.com.', 'twilio.com', 'eviltwilio.com', 'numbers.twilio.com.evil.example', '127.0.0.1', 'localhost', '[::1]'] LOOP
        BEGIN
            EXECUTE format('CREATE SERVER hosts FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url %L)', 'https://' || host || ':8443/a');
            DROP SERVER hosts;
            result := concat_ws(' ', result, host);
        EXCEPTION WHEN insufficient_privilege THEN
        END;
    END LOOP;
    RETURN coalesce(result, 'none');
END
$$;
SHOW regdocs_fdw.allowed_hosts;
SELECT pg_temp.allowed('*');
SELECT pg_temp.allowed('');
SELECT pg_temp.allowed('numbers.twilio.com');
SELECT pg_temp.allowed('Numbers.TWILIO.com');
SELECT pg_temp.allowed('*.twilio.com');
SELECT pg_temp.allowed('*twilio.com');
SELECT pg_temp.allowed('twilio.com, 127.0.0.1 ,[::1]');
SELECT pg_temp.allowed('*.*.com, local*');
SELECT pg_temp.allowed('n*.t*.c*m');
SELECT pg_temp.allowed('*twilio*');
-- what is no list of hosts
SELECT pg_temp.attempt(format('SET regdocs_fdw.allowed_hosts = %L', hosts))
  FROM unnest(ARRAY['https://numbers.twilio.com', 'a b', 'a,,b', ',', 'a;b', 'h?st']) hosts;
--
-- CREATE and ALTER look at both URLs, be they written or the default
--
SET regdocs_fdw.allowed_hosts = '127.0.0.1', 'numbers.twilio.com';
SELECT pg_temp.attempt('CREATE SERVER hosts FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url ''https://elsewhere.example'')');
SELECT pg_temp.attempt('CREATE SERVER hosts FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url ''https://127.0.0.1'', upload_url ''https://elsewhere.example'')');
SELECT pg_temp.attempt('CREATE SERVER hosts FOREIGN DATA WRAPPER regdocs_fdw');
-- the default, however it is written, has its own upload_url; another port is another origin
SELECT base_url, pg_temp.attempt(format('CREATE SERVER hosts FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url %L); DROP SERVER hosts', base_url))
  FROM unnest(ARRAY['https://Numbers.Twilio.com/', 'https://numbers.twilio.com:443', 'https://numbers.twilio.com:443/', 'https://numbers.twilio.com:8443', 'https://numbers.twilio.com:443/v']) base_url;
SET regdocs_fdw.allowed_hosts = '127.0.0.1, *.twilio.com';
CREATE SERVER hosts FOREIGN DATA WRAPPER regdocs_fdw;
SELECT pg_temp.attempt('ALTER SERVER hosts OPTIONS (ADD base_url ''http://localhost'')');
SELECT pg_temp.attempt('ALTER SERVER hosts OPTIONS (ADD upload_url ''https://elsewhere.example'')');
ALTER SERVER hosts OPTIONS (ADD base_url 'https://127.0.0.1');
DROP SERVER hosts;
--
-- Use: also where the server was there before, and its connection is open
--
SELECT count(*) FROM plain;
SET regdocs_fdw.allowed_hosts = 'localhost';
\! emu reset
SELECT pg_temp.attempt('SELECT * FROM plain');
SELECT left(pg_temp.attempt('INSERT INTO supporting_documents (friendly_name, type) VALUES (''x'', ''passport'')'), 5);
\! sent
-- what holds its connection goes on to its end
SET regdocs_fdw.allowed_hosts = '127.0.0.1';
ALTER FOREIGN TABLE plain OPTIONS (ADD page_size '10');
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
FETCH 1 FROM c;
SET LOCAL regdocs_fdw.allowed_hosts = '';
MOVE ALL IN c;
CLOSE c;
SAVEPOINT s;
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
COMMIT;
SELECT count(*) FROM plain;
RESET regdocs_fdw.allowed_hosts;
--
-- A superuser's to set
--
CREATE ROLE regress_regdocs_hosts;
SET ROLE regress_regdocs_hosts;
SELECT left(pg_temp.attempt('SET regdocs_fdw.allowed_hosts = ''*'''), 5);
SHOW regdocs_fdw.allowed_hosts;
RESET ROLE;
DROP ROLE regress_regdocs_hosts;
