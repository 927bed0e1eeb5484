-- emulator: --documents 30
--
-- Plans that are kept: prepared statements and PL/pgSQL functions ask for no more
-- after many executions than in the first, and notice what has changed.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset tuples_only on
\pset format unaligned
-- One document a page, so that the list is never cheaper.
ALTER SERVER emulator OPTIONS (ADD page_size '1');
\set a `emu get sid?index=0`
\set b `emu get sid?index=1`
-- A key that is a parameter, more often than plans stay custom ones.
PREPARE by_sid (text) AS SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid = $1;
EXECUTE by_sid (:'a');
EXECUTE by_sid (:'b');
EXECUTE by_sid (:'b');
EXECUTE by_sid (:'a');
EXECUTE by_sid (:'a');
EXECUTE by_sid (:'b');
EXECUTE by_sid (:'a');
SELECT generic_plans > 0 AS generic FROM pg_prepared_statements WHERE name = 'by_sid';
\! sent
EXECUTE by_sid (NULL);
EXECUTE by_sid ('nonsense');
\! sent
-- The same with a plan that is generic from the start.
SET plan_cache_mode = force_generic_plan;
PREPARE generic_by_sid (text) AS SELECT pg_temp.name(sid) FROM supporting_documents WHERE $1 = sid;
EXECUTE generic_by_sid (:'a');
EXECUTE generic_by_sid (:'b');
EXECUTE generic_by_sid (NULL);
EXECUTE generic_by_sid ('');
\! sent
PREPARE generic_by_array (text[]) AS SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid = ANY ($1) ORDER BY 1;
EXECUTE generic_by_array (ARRAY[:'a', :'b']);
EXECUTE generic_by_array (ARRAY[:'b', NULL, 'x', :'b']);
EXECUTE generic_by_array ('{}');
EXECUTE generic_by_array (NULL);
\! sent
PREPARE generic_in (text, text, text) AS SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid IN ($1, $2, $3) ORDER BY 1;
EXECUTE generic_in (:'a', :'b', :'a');
EXECUTE generic_in (:'a', NULL, 'x');
\! sent
PREPARE generic_expression (integer) AS SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid = pg_temp.sid($1 + 1);
EXECUTE generic_expression (1);
EXECUTE generic_expression (2);
EXECUTE generic_expression (-3);
\! sent
PREPARE generic_varchar (varchar) AS SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid = $1;
EXECUTE generic_varchar (:'a');
PREPARE generic_char (char(40)) AS SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid = $1;
EXECUTE generic_char (:'a');
\! sent
PREPARE generic_subselect (text) AS SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid = (SELECT $1);
EXECUTE generic_subselect (:'a');
EXECUTE generic_subselect (:'b');
\! sent
PREPARE generic_join (integer) AS
    SELECT pg_temp.name(d.sid) FROM pg_temp.sids s JOIN supporting_documents d ON d.sid = s.sid WHERE s.index = $1;
EXECUTE generic_join (3);
EXECUTE generic_join (4);
\! sent
-- A parameter that is not a key.
PREPARE generic_other (text) AS SELECT count(*) > 0 FROM supporting_documents WHERE type = $1 OR sid = $1;
EXECUTE generic_other (:'a');
EXECUTE generic_other ('passport');
\! sent
-- EXPLAIN of them sends nothing.
EXPLAIN (COSTS OFF) EXECUTE generic_by_sid (:'a');
EXPLAIN (COSTS OFF) EXECUTE generic_by_array (ARRAY[:'a']);
\! sent
RESET plan_cache_mode;
--
-- PL/pgSQL and SQL functions
--
CREATE FUNCTION pg_temp.number_of(wanted text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    result integer;
BEGIN
    SELECT pg_temp.name(d.sid) INTO result FROM supporting_documents d WHERE d.sid = wanted;
    RETURN result;
END
$$;
SELECT string_agg(pg_temp.number_of(pg_temp.sid(i))::text, ',' ORDER BY i) FROM generate_series(0, 9) i;
\! sent
CREATE FUNCTION pg_temp.numbers_of(wanted text[]) RETURNS SETOF integer LANGUAGE sql AS $$
    SELECT pg_temp.name(d.sid) FROM supporting_documents d WHERE d.sid = ANY (wanted)
$$;
SELECT i, (SELECT count(*) FROM pg_temp.numbers_of(ARRAY[pg_temp.sid(i), pg_temp.sid(i + 1)])) FROM generate_series(1, 7) i;
\! sent
-- in a loop, with a variable, and where nothing is found
DO $$
DECLARE
    wanted text;
    document record;
    found_rows integer := 0;
    missing integer := 0;
BEGIN
    FOR i IN 25..35 LOOP
        wanted := coalesce(pg_temp.sid(i), 'RD' || lpad(i::text, 32, '0'));
        SELECT * INTO document FROM supporting_documents WHERE sid = wanted;
        IF FOUND THEN
            found_rows := found_rows + 1;
        ELSE
            missing := missing + 1;
        END IF;
    END LOOP;
    RAISE NOTICE 'found %, missing %', found_rows, missing;
END
$$;
\! sent
-- dynamic statements
DO $$
DECLARE
    result integer;
BEGIN
    FOR i IN 1..7 LOOP
        EXECUTE 'SELECT pg_temp.name(sid) FROM supporting_documents WHERE sid = $1'
            INTO result USING pg_temp.sid(i);
        IF result IS DISTINCT FROM i THEN
            RAISE 'wrong: %', result;
        END IF;
    END LOOP;
END
$$;
\! sent
-- an error in between leaves the plan in order
CREATE FUNCTION pg_temp.try(wanted text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_temp.number_of(wanted)::text;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
\! emu fault action=status status=403 path=fetch skip=1 count=1
SELECT pg_temp.try(pg_temp.sid(i)) FROM generate_series(1, 3) i;
\! sent
--
-- What changes between two executions
--
PREPARE every AS SELECT count(*) AS documents, count(type) AS types FROM supporting_documents;
EXECUTE every;
\! sent
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD page_size '20');
EXECUTE every;
\! sent -v
ALTER SERVER emulator OPTIONS (SET page_size '15');
ALTER FOREIGN TABLE supporting_documents OPTIONS (DROP page_size);
EXECUTE every;
\! sent -v
ALTER SERVER emulator OPTIONS (SET page_size '30');
EXECUTE every;
\! sent -v
ALTER SERVER emulator OPTIONS (SET page_size '10');
-- which field a column shows: every document has a type, not every one a file
ALTER FOREIGN TABLE supporting_documents ALTER COLUMN type OPTIONS (ADD column_name 'mime_type');
EXECUTE every \gset every_
SELECT :every_documents = 30 AS all_rows, :every_types = (SELECT count(mime_type) FROM plain) AS equal;
ALTER FOREIGN TABLE supporting_documents ALTER COLUMN type OPTIONS (SET column_name 'machine_name');
EXECUTE every;
ALTER FOREIGN TABLE supporting_documents ALTER COLUMN type OPTIONS (DROP column_name);
EXECUTE every;
-- a key by a column that shows something else from now on
EXECUTE by_sid (:'a');
ALTER FOREIGN TABLE supporting_documents ALTER COLUMN sid OPTIONS (ADD column_name 'account_sid');
\! sent
EXECUTE by_sid (:'a');
\! sent
ALTER FOREIGN TABLE supporting_documents ALTER COLUMN sid OPTIONS (DROP column_name);
EXECUTE by_sid (:'a');
\! sent
-- columns that come and go
PREPARE first_row AS SELECT * FROM plain ORDER BY pg_temp.name(sid) LIMIT 1;
ALTER FOREIGN TABLE plain DROP COLUMN account_sid, DROP COLUMN attributes;
SELECT pg_temp.name(sid), friendly_name IS NOT NULL, errors IS NULL, url LIKE '%' || sid FROM plain LIMIT 1;
SELECT (SELECT count(*) FROM json_object_keys(row_to_json(p))) FROM plain p LIMIT 1;
SELECT pg_temp.attempt('EXECUTE first_row');
ALTER FOREIGN TABLE plain ADD COLUMN attributes json;
SELECT pg_temp.name(sid), json_typeof(attributes) FROM plain LIMIT 1;
\! sent
-- where the server is
ALTER SERVER emulator OPTIONS (SET base_url 'http://localhost:1', ADD max_retries '0');
SELECT left(pg_temp.attempt('EXECUTE every'), 5);
\! sent
ALTER SERVER emulator OPTIONS (SET base_url :'emulator_url');
EXECUTE every;
\! sent
