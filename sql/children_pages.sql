-- emulator: --documents 60 --bundles 100
--
-- Lists of children in small pages, and answers that are not what they should be:
-- what is not whole is an error, unless the parent is gone.
--
\i sql/include/filters.psql
\set VERBOSITY terse
CREATE TABLE local_items AS SELECT * FROM item_assignments;
-- small pages of both
ALTER SERVER emulator OPTIONS (ADD page_size '2');
SELECT count(*) - (SELECT count(*) FROM local_items), count(DISTINCT sid) - (SELECT count(DISTINCT sid) FROM local_items) FROM item_assignments;
\! emu option token-style=offset
SELECT count(*) - (SELECT count(*) FROM local_items) FROM item_assignments;
ALTER SERVER emulator OPTIONS (SET page_size '1');
SELECT count(*) - (SELECT count(*) FROM local_items) FROM item_assignments WHERE bundle_sid IN (SELECT sid FROM local_bundles);
ALTER SERVER emulator OPTIONS (SET page_size '30');
-- a parent without a valid sid
\! emu fault action=wrong_shape variant=no-sid path=bundles.list
SELECT count(*) FROM item_assignments;
\! emu clear
\! emu fault action=drop_fields fields=sid path=bundles.list skip=1
SELECT count(*) FROM item_assignments;
\! emu clear
-- a page of parents that is not there
\! emu fault action=status status=404 shape=html path=bundles.list skip=1
SELECT count(*) FROM item_assignments;
\! emu clear
\! emu fault action=status status=404 path=bundles.list
SELECT count(*) FROM item_assignments;
\! emu clear
-- a parent that is gone before its list, and one between the pages of its list
\set v `emu sid bundles 50`
\setenv V :v
\! emu clear
\! emu fault action=vanish path=item_assignments.list skip=1 sid=$V
SELECT count(*) - (SELECT count(*) FROM local_items WHERE bundle_sid <> :'v') FROM item_assignments;
ALTER SERVER emulator OPTIONS (SET page_size '1');
SELECT bundle_sid AS v FROM local_items WHERE bundle_sid <> :'v' GROUP BY 1 HAVING count(*) > 2 LIMIT 1 \gset
\setenv V :v
\! emu fault action=vanish path=$V/ItemAssignments skip=1 sid=$V
SELECT count(*) FROM item_assignments WHERE bundle_sid = :'v';
SELECT count(*) FROM item_assignments WHERE bundle_sid = :'v';
\! emu clear
-- a page of children without one of them
\! emu fault action=status status=500 path=item_assignments.list skip=30
ALTER SERVER emulator OPTIONS (ADD max_retries '0');
SELECT count(*) FROM item_assignments;
\! emu clear
-- a sid of another form
\! emu post bundles index=3 raw='{"sid": "nonsense", "status": "draft"}'
SELECT count(*) > 5 FROM item_assignments;
