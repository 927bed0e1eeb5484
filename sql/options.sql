--
-- Options of servers, user mappings, foreign tables and columns: what is
-- accepted, what is refused, and what a refusal says.  Nothing is sent.
--
CREATE EXTENSION regdocs_fdw;
\pset format unaligned
\pset tuples_only on
-- What becomes of a command, which is undone in any case.
CREATE FUNCTION attempt(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text;
    message text;
    detail text;
    hint text;
BEGIN
    EXECUTE command;
    RAISE EXCEPTION SQLSTATE 'ZZ000';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE,
        message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT;
    IF state = 'ZZ000' THEN
        RETURN 'accepted';
    END IF;
    RETURN concat_ws(E'\n  ', state || ' ' || message, nullif(detail, ''),
                     nullif(hint, ''));
END
$$;
-- The same with options for a new server, user mapping or foreign table.
CREATE FUNCTION attempt_on(place text, options text) RETURNS text
LANGUAGE sql AS $$
    SELECT attempt(CASE place
        WHEN 'server' THEN
            'CREATE SERVER s FOREIGN DATA WRAPPER regdocs_fdw'
        WHEN 'user' THEN 'CREATE USER MAPPING FOR PUBLIC SERVER twilio'
        WHEN 'table' THEN 'CREATE FOREIGN TABLE t (sid text) SERVER twilio'
    END || ' OPTIONS (' || options || ')')
$$;
CREATE FUNCTION attempt_value(place text, option text, value text) RETURNS text
LANGUAGE sql AS $$
    SELECT attempt_on(place, format('%s %L', option, value))
$$;
-- All options have defaults, and a mapping may be empty: it fails in use.
CREATE SERVER twilio FOREIGN DATA WRAPPER regdocs_fdw;
CREATE USER MAPPING FOR CURRENT_USER SERVER twilio;
--
-- Names
--
-- an unknown option: the valid ones, and the closest where one is close
SELECT attempt_value('server', 'concurency', '4');
SELECT attempt_value('server', 'wait', '4');
SELECT attempt_value('user', 'auth_tokn', 'hush');
SELECT attempt_value('table', 'pagesize', '10');
SELECT attempt('CREATE FOREIGN TABLE t (a text OPTIONS (name ''sid''))
    SERVER twilio');
-- options are found by their exact name
SELECT attempt_value('server', '"Concurrency"', '4');
-- an option of another place: where it belongs
SELECT attempt_value('server', 'auth_token', 'hush');
SELECT attempt_value('user', 'concurrency', '4');
SELECT attempt_value('user', 'page_size', '4');
SELECT attempt_value('table', 'base_url', 'https://example.com');
SELECT attempt_value('table', 'column_name', 'sid');
SELECT attempt('CREATE FOREIGN TABLE t
    (a text OPTIONS (resource ''supporting_documents'')) SERVER twilio');
-- the wrapper itself has none
SELECT attempt('ALTER FOREIGN DATA WRAPPER regdocs_fdw
    OPTIONS (concurrency ''4'')');
--
-- Durations
--
SELECT attempt_value('server', 'connect_timeout', '0');
SELECT attempt_value('server', 'retry_budget', '25h');
SELECT value, left(attempt_value('server', 'request_timeout', value), 8)
  FROM unnest(ARRAY['1', '1500us', '1500', '30s', '0.5min', ' 1 h ', '1h',
                    '3600001', '61min', '1d', '0', '-1', '', 's', '10 sec',
                    '10x', '1e99', 'nan']) value;
--
-- Sizes
--
SELECT attempt_value('server', 'max_response_size', 'large');
SELECT value, left(attempt_value('server', 'max_response_size', value), 8)
  FROM unnest(ARRAY['64', '63', '64kB', '65536B', '1MB', '1048575kB', '1GB',
                    '2TB', '64mb', '64 MB', '-1', '']) value;
--
-- Integers
--
SELECT attempt_value('server', 'concurrency', '65');
SELECT attempt_value('server', 'page_size', '1001');
SELECT attempt_value('table', 'batch_size', '0');
SELECT option, value, left(attempt_value('server', option, value), 8)
  FROM (VALUES ('concurrency', '1'), ('concurrency', '64'),
               ('concurrency', '0'), ('concurrency', 'eight'),
               ('concurrency', ''), ('concurrency', '4kB'),
               ('max_retries', '0'), ('max_retries', '100'),
               ('max_retries', '-1'), ('max_retries', '101'),
               ('max_retries', '99999999999'),
               ('page_size', '1'), ('page_size', '1000'), ('page_size', '0'),
               ('batch_size', '1'), ('batch_size', '1000'),
               ('batch_size', '1001')) v (option, value);
--
-- Real numbers
--
SELECT attempt_value('server', 'max_requests_per_second', '-1');
SELECT attempt_value('table', 'request_cost', '-0.5');
SELECT option, value, left(attempt_value('server', option, value), 8)
  FROM (VALUES ('max_requests_per_second', '0'),
               ('max_requests_per_second', '0.5'),
               ('max_requests_per_second', '1000'),
               ('max_requests_per_second', '1e-300'),
               ('max_requests_per_second', '1000.1'),
               ('max_requests_per_second', '5/s'),
               ('request_cost', '0'), ('request_cost', '1e10'),
               ('request_cost', 'nan'), ('request_cost', 'inf'),
               ('request_cost', ''),
               ('row_cost', '0.05'), ('row_cost', '1e11'),
               ('row_cost', '-1')) v (option, value);
--
-- Booleans
--
SELECT attempt_value('server', 'keep_connections', 'perhaps');
SELECT option, value, left(attempt_value('server', option, value), 8)
  FROM (VALUES ('keep_connections', 'on'), ('keep_connections', 'FALSE'),
               ('updatable', 'no'), ('updatable', '1'), ('updatable', ''),
               ('async_capable', 'true'), ('async_capable', '2'))
       v (option, value);
--
-- Words
--
SELECT attempt_value('server', 'write_mode', 'at_once');
SELECT attempt_value('table', 'on_error', '');
SELECT attempt_value('table', 'resource', 'bundle');
SELECT attempt_value('table', 'resource', 'bundles');
-- what only some resources can be asked for
SELECT attempt_value('table', 'include_constraints', 'true');
SELECT attempt('CREATE FOREIGN TABLE t (sid text) SERVER twilio OPTIONS (resource ''regulations'', include_constraints ''true'')');
SELECT option, value, left(attempt_value('table', option, value), 8)
  FROM (VALUES ('write_mode', 'immediate'), ('write_mode', 'AT_COMMIT'),
               ('write_mode', 'at commit'),
               ('on_error', 'stop'), ('on_error', 'ignore'),
               ('on_error', 'null'),
               ('resource', 'supporting_documents'),
               ('resource', 'Supporting_Documents')) v (option, value);
--
-- URLs: https, or http to this machine, with no place to hide a password or
-- another host.  The value is never repeated.
--
SELECT attempt_value('server', 'base_url', 'https://user:hush@example.com');
SELECT attempt_value('server', 'upload_url', 'http://example.com');
SELECT value, left(attempt_value('server', 'base_url', value), 8)
  FROM unnest(ARRAY['https://numbers.twilio.com',
                    'https://numbers.twilio.com/',
                    'HTTPS://Numbers.Twilio.COM',
                    'https://proxy.example.com:8443/twilio/v1//',
                    'https://example_1.internal/%7Ea',
                    'https://10.0.0.1',
                    'https://[2001:db8::1]:8443/a',
                    'http://localhost',
                    'HTTP://LocalHost:8080/',
                    'http://127.0.0.1:8080/prefix',
                    'http://127.255.255.254',
                    'http://[::1]',
                    'http://[::1]:65535/a']) value;
SELECT value, left(attempt_value('server', 'base_url', value), 8)
  FROM unnest(ARRAY['',
                    'https:',
                    'https://',
                    'https:///path',
                    'https:example.com',
                    'https//example.com',
                    'example.com',
                    '//example.com',
                    ' https://example.com',
                    'ftp://example.com',
                    'file:///etc/passwd',
                    'httpss://example.com',
                    'https://:443',
                    'https://example.com:',
                    'https://example.com:0',
                    'https://example.com:65536',
                    'https://example.com:000443',
                    'https://example.com:44a',
                    'https://example.com:443:443',
                    'https://.example.com',
                    'https://example..com',
                    'https://-example.com',
                    'https://exam ple.com',
                    'https://example.com\@example.org',
                    'https://example.com/a\b',
                    'https://example.com/@',
                    'https://example.com/?PageSize=1',
                    'https://example.com?',
                    'https://example.com/#',
                    'https://example%2ecom',
                    'https://[::1',
                    'https://[]',
                    'https://[::1]a',
                    'https://[localhost]',
                    'https://[fe80::1%25eth0]',
                    'https://::1',
                    'https://' || repeat('a', 254)]) value;
-- control characters and letters beyond ASCII
SELECT n, left(attempt_value('server', 'base_url', value), 8)
  FROM unnest(ARRAY[E'https://example.com\n',
                    E'https://example.com/\x01',
                    E'https://example.com/\t',
                    E'https://example.com/\x7f',
                    'https://ex' || chr(228) || 'mple.com'])
       WITH ORDINALITY v (value, n);
SELECT value, left(attempt_value('server', 'base_url', value), 8)
  FROM unnest(ARRAY['http://numbers.twilio.com',
                    'http://10.0.0.1',
                    'http://0.0.0.0',
                    'http://[::]',
                    'http://[::ffff:127.0.0.1]',
                    'http://127.0.0.1.example.com',
                    'http://127.0.0.1@example.com',
                    'http://127.0.0.1:80@example.com',
                    'http://127.0.0.1%2eexample.com',
                    'http://127.0.0.1\@example.com',
                    'http://127.0.0.1#@example.com',
                    'http://127.1',
                    'http://127.0.0.256',
                    'http://0x7f.0.0.1',
                    'http://2130706433',
                    'http://128.0.0.1',
                    'http://localhost.example.com',
                    'http://example.localhost',
                    'http://localhost.',
                    'http://localhost:80@example.com',
                    'http://[::1]@example.com',
                    'http://[::1].example.com']) value;
--
-- The CA file: an absolute path, set by superusers only
--
SELECT attempt_value('server', 'ca_file', '/etc/ssl/ca.pem');
SELECT attempt_value('server', 'ca_file', 'ca.pem');
CREATE ROLE regress_regdocs_options;
GRANT USAGE ON FOREIGN DATA WRAPPER regdocs_fdw TO regress_regdocs_options;
SET ROLE regress_regdocs_options;
SELECT attempt_value('server', 'concurrency', '4');
SELECT attempt_value('server', 'ca_file', '/etc/ssl/ca.pem');
RESET ROLE;
-- nor may the server's owner change anything beside it
CREATE SERVER owned FOREIGN DATA WRAPPER regdocs_fdw
    OPTIONS (ca_file '/etc/ssl/ca.pem');
ALTER SERVER owned OWNER TO regress_regdocs_options;
SET ROLE regress_regdocs_options;
SELECT attempt('ALTER SERVER owned OPTIONS (concurrency ''4'')');
SELECT attempt('ALTER SERVER owned OPTIONS (DROP ca_file)');
RESET ROLE;
DROP SERVER owned;
REVOKE USAGE ON FOREIGN DATA WRAPPER regdocs_fdw FROM regress_regdocs_options;
DROP ROLE regress_regdocs_options;
--
-- Credentials: one whole pair or none
--
CREATE FUNCTION attempt_credential(account_sid text, auth_token text,
                                   api_key text, api_secret text)
RETURNS text LANGUAGE sql AS $$
    SELECT attempt_on('user', string_agg(format('%s %L', name, value), ', '))
      FROM (VALUES ('account_sid', account_sid), ('auth_token', auth_token),
                   ('api_key', api_key), ('api_secret', api_secret))
           v (name, value)
     WHERE value IS NOT NULL
$$;
\set account 'AC' '0123456789abcdefABCDEF0123456789'
\set key 'SK' '0123456789abcdefABCDEF0123456789'
SELECT attempt_credential(:'account', 'hush', NULL, NULL);
SELECT attempt_credential(NULL, NULL, :'key', 'hush');
SELECT attempt_credential(:'account', NULL, :'key', 'hush');
-- half of one
SELECT attempt_credential(:'account', NULL, NULL, NULL);
SELECT attempt_credential(NULL, 'hush', NULL, NULL);
SELECT attempt_credential(NULL, NULL, :'key', NULL);
SELECT attempt_credential(NULL, NULL, NULL, 'hush');
SELECT attempt_credential(:'account', NULL, :'key', NULL);
SELECT attempt_credential(:'account', NULL, NULL, 'hush');
-- both at once
SELECT attempt_credential(:'account', 'hush', :'key', 'hush');
SELECT attempt_credential(NULL, 'hush', NULL, 'hush');
-- ALTER is checked as a whole
CREATE USER MAPPING FOR PUBLIC SERVER twilio
    OPTIONS (account_sid :'account', auth_token 'hush');
SELECT attempt('ALTER USER MAPPING FOR PUBLIC SERVER twilio
    OPTIONS (DROP auth_token)');
SELECT attempt(format('ALTER USER MAPPING FOR PUBLIC SERVER twilio
    OPTIONS (ADD api_key %L, ADD api_secret ''hush'')', :'key'));
SELECT attempt(format('ALTER USER MAPPING FOR PUBLIC SERVER twilio
    OPTIONS (DROP auth_token, ADD api_key %L, ADD api_secret ''hush'')',
    :'key'));
SELECT attempt('ALTER USER MAPPING FOR PUBLIC SERVER twilio
    OPTIONS (SET auth_token ''still hush'')');
DROP USER MAPPING FOR PUBLIC SERVER twilio;
-- SIDs have a pattern, and are not repeated: they may be a secret, misplaced
SELECT attempt_credential('hush', :'account', NULL, NULL);
SELECT attempt_credential(NULL, NULL, 'hush', :'key');
SELECT n, left(attempt_credential(value, 'hush', NULL, NULL), 8)
  FROM unnest(ARRAY[:'key', lower(:'account'), :'account' || '0',
                    left(:'account', -1), translate(:'account', 'a', 'g'),
                    :'account' || ' ', ''])
       WITH ORDINALITY v (value, n);
-- secrets have no pattern, but what a bad paste adds is refused
SELECT n, left(attempt_credential(:'account', value, NULL, NULL), 8)
  FROM unnest(ARRAY['!"#$%&()*+,-./:;<=>?@[\]^_`{|}~', '', 'hush ', ' hush',
                    'hu sh', E'hush\n', E'hush\x7f',
                    'h' || chr(252) || 'sh'])
       WITH ORDINALITY v (value, n);
--
-- Files in the place of secrets
--
CREATE FUNCTION attempt_file(VARIADIC options text[]) RETURNS text
LANGUAGE sql AS $$
    SELECT attempt_on('user', string_agg(format('%s %L', options[i],
                                                options[i + 1]), ', '))
      FROM generate_series(1, cardinality(options), 2) i
$$;
SELECT attempt_file('account_sid', :'account', 'auth_token_file', '/t');
SELECT attempt_file('api_key', :'key', 'api_secret_file', '/t');
-- it is one or the other
SELECT attempt_file('account_sid', :'account', 'auth_token', 'hush', 'auth_token_file', '/t');
SELECT attempt_file('api_key', :'key', 'api_secret', 'hush', 'api_secret_file', '/t');
SELECT attempt_file('account_sid', :'account', 'auth_token_file', '/t', 'api_secret', 'hush');
SELECT attempt_file('account_sid', :'account', 'auth_token_file', '/t', 'api_key', :'key', 'api_secret_file', '/t');
-- half of a pair
SELECT attempt_file('auth_token_file', '/t');
SELECT attempt_file('api_secret_file', '/t');
SELECT attempt_file('account_sid', :'account', 'api_secret_file', '/t');
-- an absolute path, which is not repeated: it may be the secret
SELECT attempt_file('account_sid', :'account', 'auth_token_file', 'hush');
SELECT attempt_file('api_key', :'key', 'api_secret_file', '~/hush');
-- a superuser's to set and to alter; whose mapping it is may drop it
CREATE ROLE regress_regdocs_options;
GRANT USAGE ON FOREIGN SERVER twilio TO regress_regdocs_options;
CREATE USER MAPPING FOR regress_regdocs_options SERVER twilio
    OPTIONS (account_sid :'account', auth_token_file '/t');
SET ROLE regress_regdocs_options;
SELECT attempt('ALTER USER MAPPING FOR CURRENT_USER SERVER twilio
    OPTIONS (SET auth_token_file ''/hush'')');
SELECT attempt(format('ALTER USER MAPPING FOR CURRENT_USER SERVER twilio
    OPTIONS (SET account_sid %L)', :'account'));
SELECT attempt('ALTER USER MAPPING FOR CURRENT_USER SERVER twilio
    OPTIONS (DROP auth_token_file, ADD auth_token ''hush'')');
SELECT attempt('DROP USER MAPPING FOR CURRENT_USER SERVER twilio');
RESET ROLE;
DROP USER MAPPING FOR regress_regdocs_options SERVER twilio;
REVOKE USAGE ON FOREIGN SERVER twilio FROM regress_regdocs_options;
DROP ROLE regress_regdocs_options;
--
-- Nothing above has repeated a secret.
--
SELECT count(*)
  FROM (VALUES (attempt_value('server', 'auth_token', 'hush')),
               (attempt_value('server', 'api_secret', 'hush')),
               (attempt_value('user', 'auth_token', 'hush ')),
               (attempt_value('user', 'api_secret', 'hush ')),
               (attempt_value('user', 'auth_token_file', 'hush')),
               (attempt_value('user', 'api_secret_file', './hush')),
               (attempt_value('user', 'account_sid', 'hush')),
               (attempt_value('user', 'api_key', 'hush')),
               (attempt_value('user', 'auth_tokn', 'hush')),
               (attempt_value('table', 'auth_token', 'hush')),
               (attempt_value('server', 'base_url', 'https://u:hush@host')),
               (attempt_value('server', 'base_url', 'https://host?k=hush')),
               (attempt_value('server', 'upload_url', 'hush')),
               (attempt_credential(:'account', 'hush', :'key', 'hush')),
               (attempt_credential(NULL, 'hush', NULL, NULL))) v (said)
 WHERE said LIKE '%hush%' OR said = 'accepted';
--
-- Columns
--
SELECT attempt('CREATE FOREIGN TABLE t
    (id text OPTIONS (column_name ''sid'')) SERVER twilio');
SELECT attempt('CREATE FOREIGN TABLE t
    (id text OPTIONS (column_name '''')) SERVER twilio');
-- Core refuses what is given twice.
SELECT attempt_on('server', 'concurrency ''4'', concurrency ''5''');
DROP USER MAPPING FOR CURRENT_USER SERVER twilio;
DROP SERVER twilio;
DROP EXTENSION regdocs_fdw;
DROP FUNCTION attempt_file, attempt_credential, attempt_value, attempt_on, attempt;
