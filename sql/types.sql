-- emulator: --documents 10
--
-- Values: JSON of the API in columns of all types that show it.  The document
-- under test is the first of the list.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset null NULL
CREATE FOREIGN TABLE typed (
    sid text,
    name text OPTIONS (column_name 'friendly_name'),
    status regdocs_status,
    errors jsonb,
    attributes jsonb,
    date_created timestamptz,
    date_updated timestamptz,
    document jsonb
) SERVER emulator;
CREATE FOREIGN TABLE as_json (
    sid text,
    errors json,
    attributes json,
    document json
) SERVER emulator;
SET timezone = 'UTC';
--
-- JSON: every digit and every byte
--
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","attributes": {"twenty":12345678901234567890, "forty":1234567890123456789012345678901234567890,"tenth":0.1,"more":0.1000000000000000055511151231257827,"huge":1e400,"tiny":1E-400,"zero":-0,"minus zero":-0.0,"trailing":1.500,"b":1,"a":2,"b":3,"empty":{},"list":[ ],"deep":[[[{"x":[null,true,false]}]]],"esc":"\"\\\/\b\f\n\r\t\u0041\u00e9","k\u0065y":"v","sid":"not mine","\ud83d\ude80":"🚀"} }'
\pset format unaligned
SELECT attributes FROM plain LIMIT 1;
SELECT attributes FROM as_json LIMIT 1;
SELECT jsonb_pretty(attributes - 'huge' - 'tiny') AS attributes, attributes -> 'huge' = '1e400' AS huge, attributes -> 'tiny' = '1e-400' AS tiny, sid
FROM typed LIMIT 1;
\pset format aligned
SELECT (attributes ->> 'twenty')::numeric + 1 AS more, attributes -> 'tenth' = '0.1' AS exact FROM typed LIMIT 1;
-- the whole object, with what nobody knows of it yet
\! emu post document index=0 raw='{ "new_field": {"x":12345678901234567890} ,"sid":"RD00000000000000000000000000000001"}'
SELECT document FROM as_json LIMIT 1;
SELECT document, document #>> '{new_field,x}' AS x, errors, attributes FROM typed LIMIT 1;
CREATE FOREIGN TABLE document_as_text (document text, whole varchar OPTIONS (column_name 'document')) SERVER emulator;
SELECT document, whole FROM document_as_text LIMIT 1;
-- JSON that is not what it is in the documentation is shown as it is
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","attributes":"text","errors":{"code":1}}'
SELECT attributes, errors FROM typed LIMIT 1;
SELECT attributes, errors FROM plain LIMIT 1;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","attributes":[1,[2]],"errors":0}'
SELECT attributes, errors FROM typed LIMIT 1;
-- null, an absent key, and what only looks like it
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","friendly_name":null,"mime_type":"","status":"draft","type":"null","attributes":null}'
SELECT * FROM plain LIMIT 1;
SELECT * FROM supporting_documents LIMIT 1;
SELECT attributes, errors FROM as_json LIMIT 1;
-- a document of nothing: one row of NULLs
\! emu post document index=0 raw='{}'
SELECT * FROM plain LIMIT 1;
SELECT document FROM typed LIMIT 1;
-- keys that come twice: the last one counts, as in jsonb; keys with escapes;
-- fields' names deeper in the object; blanks
\! emu post document index=0 raw='{"friendly_name":"first","sid":"RD00000000000000000000000000000001","\u0066riendly_name":"last","attributes":{"status":"x","results":[{"sid":"y"}],"meta":{"next_page_url":"z"}},"meta":{"next_page_url":"z"},"STATUS":"x" ,"type" : "t" , "mime_type"	:	null	}'
SELECT sid, friendly_name, status, type, mime_type, attributes FROM plain LIMIT 1;
--
-- Text
--
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","friendly_name":"\"quoted\" back\\slash \/ \u00fc\u20ac \ud83d\ude80 🚀 tab\tline\nend","type":"\u0001|\u007f|\u0080|\uffff","mime_type":" blanks  "}'
SELECT friendly_name, type = U&'\0001|\007F|\0080|\FFFF' AS type, mime_type FROM plain LIMIT 1;
-- other JSON where a string was to be: as ->> has it
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","friendly_name":12345678901234567890,"type":true,"mime_type":{"a": "\u0062"},"url":[1, 2]}'
SELECT friendly_name, type, mime_type, url FROM plain LIMIT 1;
-- zero bytes and lone surrogates: no text has them, and the error quotes nothing
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","friendly_name":"secret \u0000 secret","attributes":{"secret":"\u0000"}}'
SELECT sid FROM plain LIMIT 1;
SELECT pg_temp.attempt('SELECT friendly_name FROM plain LIMIT 1');
SELECT pg_temp.attempt('SELECT attributes FROM typed LIMIT 1');
SELECT pg_temp.attempt('SELECT document FROM typed LIMIT 1');
SELECT attributes FROM plain LIMIT 1;
SELECT attributes FROM as_json LIMIT 1;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","friendly_name":"secret \ud83d secret","attributes":{"secret":"\udc00","\\u0000":"harmless"}}'
SELECT pg_temp.attempt('SELECT friendly_name FROM plain LIMIT 1');
SELECT pg_temp.attempt('SELECT attributes FROM typed LIMIT 1');
SELECT attributes FROM plain LIMIT 1;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","attributes":{"\\u0000":"not \\u0000"}}'
SELECT attributes FROM typed LIMIT 1;
\! emu post document index=0 raw='{"sid":"no sid","friendly_name":"\ud83d"}'
SELECT pg_temp.attempt('SELECT friendly_name FROM plain LIMIT 1');
-- lengths, and other types than text, by their input functions
CREATE DOMAIN short_name AS varchar(6) CHECK (VALUE <> 'wrong');
CREATE DOMAIN required AS text NOT NULL;
CREATE TYPE own_status AS ENUM ('draft', 'filed');
CREATE FOREIGN TABLE other_types (
    sid char(34),
    v varchar(6) OPTIONS (column_name 'friendly_name'),
    c char(8) OPTIONS (column_name 'friendly_name'),
    n name OPTIONS (column_name 'friendly_name'),
    d short_name OPTIONS (column_name 'friendly_name'),
    i integer OPTIONS (column_name 'mime_type'),
    b bytea OPTIONS (column_name 'mime_type'),
    r required OPTIONS (column_name 'failure_reason'),
    s own_status OPTIONS (column_name 'status'),
    t varchar(10) OPTIONS (column_name 'status'),
    u date OPTIONS (column_name 'date_created'),
    w timestamp(1) OPTIONS (column_name 'date_created'),
    z timestamptz(0) OPTIONS (column_name 'date_created'),
    j varchar(20) OPTIONS (column_name 'attributes')
) SERVER emulator;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","friendly_name":"sechs!","mime_type":"42","failure_reason":"","status":"filed","date_created":"2024-02-29T23:59:59.96Z","attributes":{ "a" : 1.0 }}'
\x on
SELECT * FROM other_types LIMIT 1;
\x off
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","friendly_name":"eight ch","mime_type":"\\x00","status":"approved","attributes":{"longer":"than this"}}'
SELECT pg_temp.attempt('SELECT v FROM other_types LIMIT 1');
SELECT c, n FROM other_types LIMIT 1;
SELECT pg_temp.attempt('SELECT d FROM other_types LIMIT 1');
SELECT pg_temp.attempt('SELECT i FROM other_types LIMIT 1');
SELECT b FROM other_types LIMIT 1;
SELECT pg_temp.attempt('SELECT r FROM other_types LIMIT 1');
SELECT pg_temp.attempt('SELECT s FROM other_types LIMIT 1');
SELECT t FROM other_types LIMIT 1;
SELECT pg_temp.attempt('SELECT j FROM other_types LIMIT 1');
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","friendly_name":"wrong"}'
SELECT pg_temp.attempt('SELECT d FROM other_types LIMIT 1');
SELECT sid, v, t, u, b FROM other_types LIMIT 1;
--
-- Status: the six, and a seventh
--
SELECT enum_range(NULL::regdocs_status);
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","status":"twilio-rejected"}'
SELECT pg_temp.attempt('SELECT status FROM typed LIMIT 1');
SELECT status FROM plain LIMIT 1;
SELECT sid FROM typed LIMIT 1;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","status":"DRAFT"}'
SELECT pg_temp.attempt('SELECT status FROM typed LIMIT 1');
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","status":null}'
SELECT status FROM typed LIMIT 1;
-- the order of the enum is the documented one, and it compares with text
SELECT count(*) FROM typed WHERE status >= 'draft' AND status <= 'provisionally-approved';
--
-- Dates
--
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","date_created":"2024-02-29T12:34:56Z","date_updated":"2000-01-01T00:00:00Z"}'
SELECT date_created, date_updated FROM typed LIMIT 1;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","date_created":"2024-02-29T12:34:56.123456+05:30","date_updated":"1969-12-31T23:59:59.9-0800"}'
SELECT date_created, date_updated FROM typed LIMIT 1;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","date_created":"Thu, 29 Feb 2024 12:34:56 +0000","date_updated":"2023-12-31T23:59:60Z"}'
SELECT date_created, date_updated FROM typed LIMIT 1;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","date_created":"0001-01-01T00:00:00Z","date_updated":"9999-12-31T23:59:59Z"}'
SELECT date_created, date_updated FROM typed LIMIT 1;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","date_created":"2023-02-29T00:00:00Z","date_updated":"2024-13-01T00:00:00Z"}'
SELECT pg_temp.attempt('SELECT date_created FROM typed LIMIT 1');
SELECT pg_temp.attempt('SELECT date_updated FROM typed LIMIT 1');
SELECT date_created, date_updated FROM plain LIMIT 1;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","date_created":"2024-01-01T24:00:01Z","date_updated":"0000-01-01T00:00:00Z"}'
SELECT pg_temp.attempt('SELECT date_created FROM typed LIMIT 1');
SELECT pg_temp.attempt('SELECT date_updated FROM typed LIMIT 1');
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","date_created":"","date_updated":1700000000}'
SELECT pg_temp.attempt('SELECT date_created FROM typed LIMIT 1');
SELECT pg_temp.attempt('SELECT date_updated FROM typed LIMIT 1');
-- the session's time zone and style are for output alone
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","date_created":"2024-03-04T05:06:07Z"}'
SET timezone = 'Asia/Kolkata';
SET datestyle = 'SQL, DMY';
SELECT date_created FROM typed LIMIT 1;
SELECT date_created FROM plain LIMIT 1;
RESET datestyle;
SET timezone = 'UTC';
--
-- One bad document harms no other: all of these are in one page, and what is asked
-- of them can be shown.
--
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","attributes":{"n":12345678901234567890}}'
\! emu post document index=1 raw='{"sid":"RD00000000000000000000000000000002","attributes":{"n":0.1}}'
\! emu post document index=2 raw='{"sid":"RD00000000000000000000000000000003","attributes":{"n":"\ud800"}}'
\! emu post document index=3 raw='{"sid":"RD00000000000000000000000000000004","attributes":{"n":"\u0000"}}'
\! emu post document index=4 raw='{"sid":"RD00000000000000000000000000000005","attributes":{"n":1},"status":"seventh"}'
SELECT sid, attributes FROM plain WHERE sid < 'RD1' ORDER BY sid;
SELECT sid, status FROM plain WHERE sid LIKE '%5' AND sid < 'RD1';
SELECT count(*), count(DISTINCT sid) FROM typed;
SELECT sid, attributes FROM as_json WHERE sid < 'RD1' ORDER BY sid;
SELECT left(pg_temp.attempt('SELECT count(attributes) FROM typed'), 5) AS attributes,
       left(pg_temp.attempt('SELECT count(status) FROM typed'), 5) AS status;
--
-- A database with another encoding
--
\set database :DBNAME
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_regdocs_latin1;
CREATE DATABASE regress_regdocs_latin1 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0;
\! emu post document index=0 raw='{"sid":"RD00000000000000000000000000000001","friendly_name":"caf\u00e9 café","type":"\u20ac","url":"🚀","attributes":{"é":"caf\u00e9"},"status":"draft"}'
\c regress_regdocs_latin1
SET client_encoding = 'UTF8';
\i sql/include/emulator.psql
CREATE FOREIGN TABLE plain (friendly_name text, type text, url varchar, attributes text, document json) SERVER emulator;
SELECT friendly_name, length(friendly_name), attributes FROM plain LIMIT 1;
SELECT attributes FROM supporting_documents LIMIT 1;
-- characters that it does not have
\set VERBOSITY sqlstate
SELECT type FROM plain LIMIT 1;
\set VERBOSITY default
SELECT url FROM plain LIMIT 1;
\echo :LAST_ERROR_SQLSTATE
SELECT status FROM supporting_documents LIMIT 1;
\c :database
DROP DATABASE regress_regdocs_latin1;
DROP FOREIGN TABLE typed, as_json, document_as_text, other_types;
DROP DOMAIN short_name, required;
DROP TYPE own_status;
