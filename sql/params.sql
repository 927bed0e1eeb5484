-- emulator: --documents 60 --bundles 200
--
-- Values that are known only at execution: parameters of generic plans, of
-- functions, and arrays of them.  The plan has their names, and never a value.
--
\i sql/include/filters.psql
\i sql/include/same.psql
SELECT pg_temp.copy_tables('item_assignments');

SELECT min(sid) AS one, max(sid) AS other, min(friendly_name) AS name FROM local_bundles \gset
SELECT regulation_sid AS its_regulation FROM local_bundles WHERE sid = :'one' \gset
SELECT sid AS item, bundle_sid AS its_bundle FROM local_item_assignments ORDER BY sid LIMIT 1 \gset
SET plan_cache_mode = force_generic_plan;
\! emu reset
PREPARE of_status(regdocs_bundle_status) AS SELECT count(*) - (SELECT count(*) FROM local_bundles WHERE status = $1) FROM bundles WHERE status = $1;
SELECT pg_temp.request('EXECUTE of_status(''draft'')');
EXECUTE of_status('draft');
EXECUTE of_status('draft');
EXECUTE of_status('in-review');
EXECUTE of_status('in-review');
EXECUTE of_status(NULL);
EXECUTE of_status('draft');
EXECUTE of_status('draft');
\! sent -v
PREPARE as_text(text) AS SELECT count(*) - (SELECT count(*) FROM local_bundles WHERE status = $1::regdocs_bundle_status) FROM bundles WHERE status = $1::regdocs_bundle_status;
EXECUTE as_text('draft');
EXECUTE as_text(NULL);
\! sent -v
\set VERBOSITY sqlstate
EXECUTE as_text('no label');
\set VERBOSITY default
PREPARE of_statuses(regdocs_bundle_status[]) AS SELECT count(*) - (SELECT count(*) FROM local_bundles WHERE status = ANY ($1)) FROM bundles WHERE status = ANY ($1);
SELECT pg_temp.request('EXECUTE of_statuses(''{draft}'')');
EXECUTE of_statuses('{draft}');
EXECUTE of_statuses('{draft,NULL,draft,in-review}');
EXECUTE of_statuses('{NULL}');
EXECUTE of_statuses('{}');
EXECUTE of_statuses(NULL);
\! sent -v | sort
PREPARE until(timestamptz, date) AS SELECT count(*) - (SELECT count(*) FROM local_bundles WHERE valid_until >= $1 AND valid_until < $2) FROM bundles WHERE valid_until >= $1 AND valid_until < $2;
SELECT pg_temp.request('EXECUTE until(''2026-12-01Z'', ''2027-01-01'')');
EXECUTE until('2026-12-01 12:00Z', '2027-01-01');
EXECUTE until('-infinity', 'infinity');
EXECUTE until(NULL, '2027-01-01');
EXECUTE until('2026-12-01Z', '5874897-12-31');
\! sent -v
PREPARE named(text, varchar, char(200)) AS SELECT count(*) - (SELECT count(*) FROM local_bundles WHERE friendly_name IN ($1, $2, $3)) FROM bundles WHERE friendly_name IN ($1, $2, $3);
EXECUTE named(:'name', 'none', :'name');
EXECUTE named(NULL, NULL, NULL);
\! sent
PREPARE keys(text[], text) AS SELECT count(*) FROM bundles WHERE sid = ANY ($1) AND regulation_sid = $2;
SELECT pg_temp.request('EXECUTE keys(''{}'', ''x'')');
EXECUTE keys(ARRAY[:'one', NULL, :'one', :'other', 'nonsense'], :'its_regulation');
EXECUTE keys('{}', 'RN');
EXECUTE keys(NULL, NULL);
\! sent
PREPARE children(text, text) AS SELECT sid = $2, bundle_sid = $1 FROM item_assignments WHERE bundle_sid = $1 AND sid = $2;
SELECT pg_temp.request('EXECUTE children(''x'', ''y'')');
EXECUTE children(:'its_bundle', :'item');
EXECUTE children(:'other', NULL);
EXECUTE children(NULL, :'item');
EXECUTE children('nonsense', :'item');
\! sent
PREPARE of_bundles(text[]) AS SELECT count(*) - (SELECT count(*) FROM local_item_assignments WHERE bundle_sid = ANY ($1)) FROM item_assignments WHERE bundle_sid = ANY ($1);
EXECUTE of_bundles(ARRAY[:'one', :'other', NULL, :'one', 'nonsense']);
EXECUTE of_bundles('{}');
EXECUTE of_bundles(NULL);
\! sent
PREPARE page(int, int) AS SELECT date_updated FROM bundles WHERE status = 'draft' ORDER BY date_updated DESC LIMIT $1 OFFSET $2;
SELECT pg_temp.request('EXECUTE page(2, 1)');
CREATE TEMP TABLE got AS EXECUTE page(5, 1);
SELECT array_agg(date_updated) = (SELECT array_agg(date_updated) FROM (SELECT date_updated FROM local_bundles WHERE status = 'draft' ORDER BY 1 DESC LIMIT 5 OFFSET 1) o) FROM got;
EXECUTE page(0, NULL);
\! sent -v
RESET plan_cache_mode;
-- In PL/pgSQL, more often than it takes for a generic plan.
DO $$
DECLARE
	one record;
	off bigint := 0;
	n bigint;
BEGIN
	FOR one IN SELECT DISTINCT status, regulation_sid, valid_until FROM local_bundles ORDER BY 1, 2, 3 LIMIT 20 LOOP
		SELECT count(*) INTO n FROM bundles WHERE status = one.status AND regulation_sid = one.regulation_sid AND valid_until = one.valid_until;
		off := off + abs(n - (SELECT count(*) FROM local_bundles WHERE status = one.status AND regulation_sid = one.regulation_sid AND valid_until = one.valid_until));
	END LOOP;
	RAISE NOTICE '% rows too many or too few', off;
END $$;
\! sent
