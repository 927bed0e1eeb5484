-- emulator: --documents 60 --bundles 100 --latency 20
--
-- Children, filters and orders of two servers side by side below an Append.  Both
-- have the same rows, as there is one emulator.
--
\i sql/include/filters.psql
\set ECHO none
CREATE TABLE local_items AS SELECT * FROM item_assignments;
CREATE TABLE all_items (sid text, bundle_sid text, object_sid text);
CREATE TABLE all_bundles (sid text, status regdocs_bundle_status, regulation_sid text, date_updated timestamptz);
SELECT format('
    CREATE SERVER %1$I FOREIGN DATA WRAPPER regdocs_fdw
        OPTIONS (base_url %2$L, concurrency ''2'');
    CREATE USER MAPPING FOR PUBLIC SERVER %1$I OPTIONS (account_sid %3$L, auth_token %4$L);
    CREATE FOREIGN TABLE items_%1$s () INHERITS (all_items) SERVER %1$I OPTIONS (resource ''item_assignments'');
    CREATE FOREIGN TABLE bundles_%1$s () INHERITS (all_bundles) SERVER %1$I OPTIONS (resource ''bundles'')',
    name, :'emulator_url', :'emulator_account_sid', :'emulator_auth_token')
FROM (VALUES ('left'), ('right')) v (name) \gexec
\set ECHO all
\! emu reset
EXPLAIN (COSTS OFF) SELECT * FROM all_items;
SELECT count(*) = 2 * (SELECT count(*) FROM local_items), count(DISTINCT sid) = (SELECT count(DISTINCT sid) FROM local_items) FROM all_items;
\! emu count in_flight_max
\! sent
-- they are read side by side: among the first half of all requests is much of either
SET client_min_messages = warning;
SELECT replace(:'emulator_url', '127.0.0.1', 'localhost') AS other_url \gset
ALTER SERVER "right" OPTIONS (SET base_url :'other_url');
RESET client_min_messages;
SELECT count(*) = 2 * (SELECT count(*) FROM local_items) FROM all_items;
\set requests `emu get requests?n=1000`
SELECT count(*) FILTER (WHERE host LIKE 'localhost%') BETWEEN 25 AND 75 AS both
FROM (SELECT r #>> '{headers,Host}' AS host FROM jsonb_array_elements(:'requests') WITH ORDINALITY a (r, n)
	WHERE r ->> 'resource' = 'item_assignments' ORDER BY n LIMIT 100) first;
\! emu reset
-- scans that share a client
SELECT count(*) = 3 * (SELECT count(*) FROM local_items) FROM (SELECT FROM items_left UNION ALL SELECT FROM items_left UNION ALL SELECT FROM items_left) i;
\! sent
-- for some parents, one that is gone among them; and filters
SELECT count(*) = 2 * (SELECT count(*) FROM local_items WHERE bundle_sid IN (SELECT sid FROM local_bundles WHERE status = 'draft'))
FROM all_items WHERE bundle_sid = ANY (ARRAY(SELECT sid FROM local_bundles WHERE status = 'draft' UNION ALL SELECT 'BU00000000000000000000000000000000'));
\! sent
SELECT count(*) = 2 * (SELECT count(*) FROM local_bundles WHERE status IN ('draft', 'in-review')) FROM all_bundles WHERE status IN ('draft', 'in-review');
SELECT count(*) FROM all_items WHERE bundle_sid = 'BU00000000000000000000000000000000';
\! sent
-- an order of both is that of their lists
SELECT (SELECT array_agg(date_updated) FROM (SELECT date_updated FROM all_bundles ORDER BY 1 DESC LIMIT 6) a) =
       (SELECT array_agg(d) FROM (SELECT d FROM local_bundles, unnest(ARRAY[date_updated, date_updated]) d ORDER BY 1 DESC LIMIT 6) b);
\! sent
-- a failure of one of them is one of all
\! emu fault action=status status=404 shape=html path=item_assignments.list skip=70
\set VERBOSITY terse
SELECT count(*) FROM all_items;
\! emu clear
SELECT count(*) = 2 * (SELECT count(*) FROM local_items) FROM all_items;
SET client_min_messages = warning;
DROP SERVER "left", "right" CASCADE;
DROP TABLE all_items, all_bundles;
