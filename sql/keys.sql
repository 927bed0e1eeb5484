-- emulator: --documents 30
--
-- Conditions on sid: what becomes a fetch, of which documents, and what does not.
-- Documents are shown by their number.  A page has one of them, so that a walk of the
-- list is 30 requests, and no cheaper than a few fetches.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset tuples_only on
\pset format unaligned
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD page_size '1');
\set a `emu get sid?index=0`
\set b `emu get sid?index=1`
\set c `emu get sid?index=2`
\set none RD00000000000000000000000000000000
\set show 'SELECT pg_temp.name(sid), type IS NOT NULL FROM supporting_documents'
--
-- Constants
--
:show WHERE sid = :'a';
\! sent
:show WHERE :'b' = sid;
\! sent
:show WHERE sid = 'RD' || substr(:'a', 3);
\! sent
:show WHERE sid IN (:'a', :'b') ORDER BY 1;
\! sent
:show WHERE sid = ANY (ARRAY[:'a', :'c']) ORDER BY 1;
\! sent
-- a document that is not there: no row
:show WHERE sid = :'none';
:show WHERE sid IN (:'none', :'c');
\! sent -v | sort
-- each one is fetched once
:show WHERE sid IN (:'a', :'b', :'a', :'a', :'b') ORDER BY 1;
\! sent
-- NULL names no document
:show WHERE sid = NULL;
:show WHERE sid = ANY (NULL::text[]);
:show WHERE sid = ANY ('{}');
:show WHERE sid IN (NULL, NULL);
\! sent
:show WHERE sid IN (NULL, :'a', NULL);
\! sent
-- arrays of more dimensions, and from another lower bound
:show WHERE sid = ANY (ARRAY[[:'a', :'b'], [:'c', NULL]]) ORDER BY 1;
:show WHERE sid = ANY (('[5:6]={' || :'a' || ',' || :'b' || '}')::text[]) ORDER BY 1;
\! sent
-- what cannot be a sid is not asked for
:show WHERE sid = '';
:show WHERE sid = 'x';
:show WHERE sid = substr(:'a', 1, 33);
:show WHERE sid = :'a' || '0';
:show WHERE sid = :'a' || E'\n';
:show WHERE sid = :'a' || ' ';
:show WHERE sid = ' ' || :'a';
:show WHERE sid = 'AC' || substr(:'a', 3);
:show WHERE sid = 'RD' || repeat('g', 32);
:show WHERE sid = 'RD/../../Bundles?' || repeat('0', 17);
:show WHERE sid IN ('RD', '../', '%');
\! sent
:show WHERE sid IN ('RD', :'a', '?PageSize=1');
\! sent
-- SQL tells upper from lower case; the API may or may not
:show WHERE sid = upper(:'a');
:show WHERE sid = lower(:'a');
:show WHERE sid IN (upper(:'b'), :'b');
\! sent
-- other conditions are checked on what was fetched
:show WHERE sid IN (:'a', :'b', :'c') AND sid <> :'b' ORDER BY 1;
:show WHERE sid = :'a' AND status = 'draft' AND status = 'approved';
\! sent
-- two conditions on sid: one of them is sent, and both hold
:show WHERE sid IN (:'a', :'b') AND sid IN (:'b', :'c');
\! sent
:show WHERE sid = :'a' AND sid = ANY (ARRAY[:'a', :'b', :'c']);
\! sent
:show WHERE sid = :'a' AND sid = :'b';
\! sent
--
-- OR: what each arm names
--
:show WHERE sid = :'a' OR sid = :'b' ORDER BY 1;
:show WHERE sid = :'a' OR :'b' = sid OR sid = :'none' OR sid = :'a' ORDER BY 1;
:show WHERE sid = :'a' OR sid = ANY (ARRAY[:'b', :'c']) OR sid IN (:'c', :'a') ORDER BY 1;
\! sent
:show WHERE sid = current_setting('my.sid', true) OR sid = (SELECT pg_temp.sid(1));
:show WHERE sid = :'a' OR sid = NULL OR sid = 'x';
:show WHERE sid = 'x' OR sid = ANY ('{}');
\! sent
-- arms with other conditions, and ORs in these
:show WHERE (sid = :'a' AND status IS NOT NULL) OR (type = 'x' AND sid = :'b') ORDER BY 1;
\! sent
:show WHERE (sid = :'a' AND status IS NOT NULL) OR ((sid = :'b' OR sid = :'c') AND pg_temp.name(sid) = 2) ORDER BY 1;
\! sent
:show WHERE (sid = :'a' OR sid = :'b') AND (sid = :'b' OR sid = :'c');
\! sent
-- parameters, with a generic plan
SET plan_cache_mode = force_generic_plan;
PREPARE either(text, text, text[]) AS :show WHERE sid = $1 OR sid = $2 OR sid = ANY ($3) ORDER BY 1;
EXECUTE either(:'a', :'c', NULL);
EXECUTE either(NULL, :'b', ARRAY[:'b', :'a']);
\! sent
EXPLAIN (COSTS OFF) EXECUTE either(:'a', :'c', NULL) \g |grep -o 'API.*'
DEALLOCATE either;
RESET plan_cache_mode;
-- columns of another table
SELECT pg_temp.name(d.sid) FROM (VALUES (:'a', :'b')) v (x, y), LATERAL (SELECT * FROM supporting_documents WHERE sid = v.x OR sid = v.y OFFSET 0) d ORDER BY 1;
\! sent
-- An arm that names none is a walk of the list; and so is a NOT.
SELECT count(*) FROM supporting_documents WHERE sid = :'a' OR (status IS NOT NULL AND sid <> :'b');
SELECT count(*) FROM supporting_documents WHERE NOT (sid = :'a' OR sid = :'b');
\! sent
--
-- What does not name the documents is a walk of the list
--
SELECT count(*) FROM supporting_documents WHERE sid = :'a' OR status IS NOT NULL;
SELECT count(*) FROM supporting_documents WHERE sid = :'a' OR type = :'b';
SELECT count(*) FROM supporting_documents WHERE NOT sid = :'a';
SELECT count(*) FROM supporting_documents WHERE sid <> :'a';
SELECT count(*) FROM supporting_documents WHERE sid <> ALL (ARRAY[:'a', :'b']);
SELECT count(*) FROM supporting_documents WHERE sid = ALL (ARRAY[:'a', :'a']);
SELECT count(*) FROM supporting_documents WHERE sid >= :'a' AND sid <= :'a';
SELECT count(*) FROM supporting_documents WHERE sid LIKE :'a';
SELECT count(*) FROM supporting_documents WHERE sid LIKE '%' || substr(:'a', 3);
SELECT count(*) FROM supporting_documents WHERE upper(sid) = upper(:'a');
SELECT count(*) FROM supporting_documents WHERE sid || '' = :'a';
SELECT count(*) FROM supporting_documents WHERE sid IS NULL;
SELECT count(*) FROM supporting_documents WHERE (sid = :'a') IS NOT FALSE;
SELECT count(*) FROM supporting_documents WHERE sid IS NOT DISTINCT FROM :'a';
SELECT count(*) FROM supporting_documents WHERE sid = right(url, 34);
SELECT count(*) FROM supporting_documents WHERE url LIKE '%' || sid AND type = :'a';
SELECT count(*) FROM supporting_documents WHERE sid = :'a'::name;
\! sent
-- a volatile function may say something else for each row
CREATE SEQUENCE pg_temp.calls;
CREATE FUNCTION pg_temp.volatile_sid() RETURNS text LANGUAGE sql VOLATILE
AS 'SELECT pg_temp.sid((nextval(''pg_temp.calls'') % 2)::integer)';
SELECT count(*) <= 30 FROM supporting_documents
WHERE sid = pg_temp.volatile_sid() AND status IS NOT NULL;
SELECT last_value > 20 AS for_each_row FROM pg_temp.calls;
\! sent
--
-- What has a value before the scan begins
--
-- stable functions, settings, expressions
SET my.sid = :'b';
:show WHERE sid = current_setting('my.sid');
:show WHERE sid = CASE WHEN now() IS NULL THEN '' ELSE :'a' END;
:show WHERE sid = coalesce(current_setting('my.other', true), pg_temp.sid(2));
:show WHERE sid = ANY (string_to_array(current_setting('my.sid'), ','));
\! sent
-- subqueries that run once
:show WHERE sid = (SELECT pg_temp.sid(0));
:show WHERE sid = (SELECT s.sid FROM pg_temp.sids s WHERE s.index = 1);
:show WHERE sid = (SELECT s.sid FROM pg_temp.sids s WHERE false);
:show WHERE sid = ANY (ARRAY(SELECT s.sid FROM pg_temp.sids s WHERE s.index < 3)) ORDER BY 1;
:show WHERE sid = ANY (ARRAY(SELECT s.sid FROM pg_temp.sids s WHERE false));
\! sent
-- a subquery with more than one row is still an error
SELECT count(*) FROM supporting_documents WHERE sid = (SELECT s.sid FROM pg_temp.sids s);
\! sent
-- a condition on a subquery's output, a CTE's, a view's
SELECT pg_temp.name(sid) FROM (SELECT sid, status FROM supporting_documents) d WHERE sid = :'a';
WITH d AS (SELECT sid, status FROM supporting_documents)
SELECT pg_temp.name(sid) FROM d WHERE sid = :'a';
CREATE TEMP VIEW documents AS SELECT sid AS id, upper(status::text) AS status FROM supporting_documents;
SELECT pg_temp.name(id) FROM documents WHERE id = :'b';
CREATE TEMP VIEW barred WITH (security_barrier) AS SELECT sid AS id FROM supporting_documents;
SELECT pg_temp.name(id) FROM barred WHERE id = :'c';
\! sent
-- not into a CTE that is to be made whole
WITH d AS MATERIALIZED (SELECT sid FROM supporting_documents)
SELECT pg_temp.name(sid) FROM d WHERE sid = :'a';
\! sent
--
-- Many keys: their number says that the list is cheaper.  Only what can be a sid
-- counts, and each one once.
--
SELECT count(*), count(DISTINCT sid) FROM supporting_documents
WHERE sid = ANY (ARRAY(SELECT s.sid FROM pg_temp.sids s
                       UNION ALL SELECT 'RD' || lpad(to_hex(i), 32, '0')
                       FROM generate_series(1, 1000) i));
\! sent
SELECT count(*), count(DISTINCT sid) FROM supporting_documents
WHERE sid = ANY (ARRAY(SELECT s.sid FROM pg_temp.sids s
                       UNION ALL SELECT 'RD' || lpad('', i, '0')
                       FROM generate_series(1, 1000) i WHERE i <> 32
                       UNION ALL SELECT pg_temp.sid(i % 3)
                       FROM generate_series(1, 1000) i));
\! sent
--
-- Types of the column, and of what it is compared with
--
CREATE FOREIGN TABLE sids_of_types (
    id text OPTIONS (column_name 'sid'),
    long_id varchar OPTIONS (column_name 'sid'),
    short_id varchar(34) OPTIONS (column_name 'sid'),
    blank_id char(40) OPTIONS (column_name 'sid'),
    sid text OPTIONS (column_name 'type')
) SERVER emulator OPTIONS (page_size '1');
\set show 'SELECT pg_temp.name(id), long_id = id, short_id = id, blank_id = id FROM sids_of_types'
:show WHERE id = :'a';
:show WHERE long_id = :'a';
:show WHERE short_id = :'a'::varchar;
:show WHERE long_id IN (:'a', :'b') ORDER BY 1;
:show WHERE short_id = ANY (ARRAY[:'a', :'b']::varchar[]) ORDER BY 1;
:show WHERE blank_id = :'a';
:show WHERE blank_id = :'a'::char(50);
:show WHERE blank_id IN (:'a', :'b') ORDER BY 1;
:show WHERE id = :'a'::varchar;
:show WHERE id = :'a'::char(34);
:show WHERE id::varchar = :'a';
\! sent
-- blanks count for text, and do not for char
:show WHERE blank_id = :'a' || '   ';
:show WHERE long_id = :'a' || '   ';
\! sent
-- a column that shows another field and is called sid names nothing
SELECT count(*) FROM sids_of_types WHERE sid = :'a';
\! sent
-- a domain is its base type
CREATE DOMAIN pg_temp.document_sid AS text;
CREATE FOREIGN TABLE sid_of_domain (sid pg_temp.document_sid) SERVER emulator OPTIONS (page_size '1');
SELECT pg_temp.name(sid) FROM sid_of_domain WHERE sid = :'a';
SELECT pg_temp.name(sid) FROM sid_of_domain WHERE sid IN (:'a', :'b') ORDER BY 1;
\! sent
-- a collation, of whichever side, under which equal is the same bytes
SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid = :'a' COLLATE "C";
SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid COLLATE "POSIX" = :'a';
\! sent
-- under another one more than one text may be equal, which only the list has
SELECT count(*) > 0 AS has_icu FROM pg_collation WHERE collprovider = 'i' \gset
\set found '0, 1 2, 0, 0 2'
\if :has_icu
CREATE COLLATION pg_temp.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE FOREIGN TABLE sid_of_any_case (sid text COLLATE pg_temp.any_case) SERVER emulator;
SELECT concat_ws(', ',
    (SELECT pg_temp.name(sid) FROM sid_of_any_case WHERE sid = lower(:'a')),
    (SELECT string_agg(pg_temp.name(sid)::text, ' ' ORDER BY sid COLLATE "C" = :'c')
     FROM sid_of_any_case WHERE sid IN (lower(:'b'), :'c')),
    (SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid COLLATE pg_temp.any_case = lower(:'a')),
    (SELECT string_agg(pg_temp.name(d.sid)::text, ' ' ORDER BY k.n)
     FROM (VALUES (1, lower(:'a')), (2, :'c')) k (n, sid)
     JOIN supporting_documents d ON d.sid = k.sid COLLATE pg_temp.any_case)) AS found \gset
DROP FOREIGN TABLE sid_of_any_case;
\endif
\echo :found
\! emu reset
--
-- What the answer to a fetch is held against
--
-- a document that is gone is no row, also between others
\! curl -s -X DELETE "$EMULATOR_URL/_emulator/document?index=0"
SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid IN (:'a', :'b');
\! sent
-- another one than was asked for: not the API that was promised
\! emu post document index=1 raw='{"sid":"RD00000000000000000000000000000001"}'
SELECT pg_temp.attempt('SELECT * FROM supporting_documents WHERE sid = pg_temp.sid(1)');
\! emu post document index=1 raw='{"status":"draft"}'
SELECT pg_temp.attempt('SELECT * FROM supporting_documents WHERE sid = pg_temp.sid(1)');
-- one that differs in case alone is another to SQL: no row
\set upper_b `emu get sid?index=1 | tr a-f A-F`
\! emu post document index=1 raw="{\"sid\":\"$(emu get sid?index=1 | tr a-f A-F)\"}"
SELECT sid = :'upper_b' FROM supporting_documents WHERE sid = :'b';
DROP FOREIGN TABLE sids_of_types, sid_of_domain;
--
-- A sid that is written with escapes is the same sid: fetched, known again, and found in a list that
-- is read in the place of many fetches.
--
\set both 'SELECT count(*), count(*) FILTER (WHERE type = \'escaped\') FROM supporting_documents WHERE sid = ANY (ARRAY(SELECT sid FROM pg_temp.sids WHERE index BETWEEN 1 AND 20))'
\! emu reset
\! emu post document index=2 raw="{\"sid\":\"\\u0052\\u0044$(emu get sid?index=2 | cut -c3-)\",\"type\":\"escaped\"}"
SELECT type FROM supporting_documents WHERE sid = :'c';
:both;
\! sent
ALTER FOREIGN TABLE supporting_documents OPTIONS (SET page_size '1000');
:both;
\! sent
ALTER FOREIGN TABLE supporting_documents OPTIONS (SET page_size '5');
\! emu fault action=doubled rows=4 skip=1
SELECT count(*) FROM supporting_documents;
\! sent
\! emu clear && emu post document index=2
