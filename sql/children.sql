-- emulator: --documents 300 --bundles 100
--
-- Children: the lists of one parent, of some side by side, and of all.
--
\i sql/include/filters.psql
\i sql/include/explain.psql
\set ECHO none
CREATE TABLE local_items AS SELECT * FROM item_assignments;
CREATE TABLE few AS SELECT sid AS bundle_sid, row_number() OVER (ORDER BY sid) AS n FROM local_bundles ORDER BY sid LIMIT 10;
ANALYZE few, local_items, item_assignments;
SELECT bundle_sid AS one FROM few WHERE n = 1 \gset
SELECT sid AS item, bundle_sid AS its_bundle FROM local_items ORDER BY sid LIMIT 1 \gset
\set ECHO all
\! emu reset
-- of one
EXPLAIN (COSTS OFF) SELECT * FROM item_assignments WHERE bundle_sid = :'one';
SELECT count(*) = (SELECT count(*) FROM local_items WHERE bundle_sid = :'one') FROM item_assignments WHERE bundle_sid = :'one';
\! sent
-- of some
SELECT count(*) = (SELECT count(*) FROM local_items WHERE bundle_sid IN (SELECT bundle_sid FROM few)) FROM item_assignments WHERE bundle_sid = ANY (ARRAY(SELECT bundle_sid FROM few));
\! sent
-- of all, and the plan says so; a sid alone leads nowhere else
EXPLAIN (COSTS OFF) SELECT * FROM item_assignments WHERE sid = :'item';
SELECT bundle_sid = :'its_bundle' FROM item_assignments WHERE sid = :'item';
\! sent
-- with its parent it is fetched
EXPLAIN (COSTS OFF) SELECT * FROM item_assignments WHERE sid = :'item' AND bundle_sid = :'its_bundle';
SELECT count(*) FROM item_assignments WHERE sid = :'item' AND bundle_sid = :'its_bundle';
SELECT count(*) FROM item_assignments WHERE sid = :'item' AND bundle_sid = :'one';
\! sent
-- joins
SELECT pg_temp.explain($$SELECT * FROM few JOIN item_assignments USING (bundle_sid)$$);
SELECT count(*) = (SELECT count(*) FROM few JOIN local_items USING (bundle_sid)) FROM few JOIN item_assignments USING (bundle_sid);
\! sent
SELECT count(*) = (SELECT count(*) FROM few LEFT JOIN local_items i ON i.bundle_sid = few.bundle_sid AND i.object_sid LIKE 'IT%')
FROM few LEFT JOIN item_assignments i ON i.bundle_sid = few.bundle_sid AND i.object_sid LIKE 'IT%';
\! sent
-- a parent that is not there, or has vanished meanwhile, has no children
SELECT count(*) FROM item_assignments WHERE bundle_sid = 'BU00000000000000000000000000000000';
SELECT count(*) FROM item_assignments WHERE bundle_sid = 'nonsense';
\! emu fault action=status status=404 path=item_assignments.list count=3
SELECT count(DISTINCT bundle_sid) = (SELECT count(DISTINCT bundle_sid) FROM local_items) - 3 AS three_less FROM item_assignments;
-- but a page of a proxy is none
\set VERBOSITY terse
\! emu fault action=status status=404 shape=html path=item_assignments.list
SELECT count(*) FROM item_assignments;
-- nor is any other failure passed over
\! emu fault action=status status=500 path=item_assignments.list skip=50 count=0
ALTER SERVER emulator OPTIONS (ADD max_retries '0');
SELECT count(*) FROM item_assignments;
\! emu clear
-- early stops
\! emu reset
SELECT count(*) FROM (SELECT * FROM item_assignments LIMIT 3) a;
\! sent
-- by 20 a request
SELECT count(*) FROM bundles WHERE sid IN (SELECT sid FROM local_bundles ORDER BY sid LIMIT 45);
SELECT pg_temp.explain($$SELECT * FROM bundles WHERE sid = ANY (ARRAY(SELECT sid FROM local_bundles ORDER BY sid LIMIT 45))$$);
ALTER FOREIGN TABLE bundles OPTIONS (ADD page_size '20');
\! emu reset
SELECT count(*) FROM bundles WHERE sid = ANY (ARRAY(SELECT sid FROM local_bundles ORDER BY sid LIMIT 45));
\! sent
SELECT count(*) FROM bundles WHERE sid = :'one';
\! sent
-- EXPLAIN counts the pages that were asked for ahead and not read, when other keys come, too
ALTER FOREIGN TABLE item_assignments OPTIONS (ADD page_size '1');
SET regdocs_fdw.enable_batched_join = off;
CREATE FUNCTION pg_temp.requests(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) ' || statement INTO plan;
    RETURN (SELECT sum(m[1]::bigint) FROM regexp_matches(plan::text, '"API Requests": (\d+)', 'g') m);
END
$$;
\! emu reset
SELECT pg_temp.requests('SELECT bundle_sid, (SELECT sid FROM item_assignments i WHERE i.bundle_sid = few.bundle_sid LIMIT 1) FROM few ORDER BY n');
\! sent
SELECT pg_temp.requests('SELECT bundle_sid, (SELECT array_agg(sid) FROM (SELECT sid FROM item_assignments i WHERE i.bundle_sid = few.bundle_sid AND length(sid) > 0 OFFSET 1 LIMIT 1) a) FROM few ORDER BY n');
\! sent
