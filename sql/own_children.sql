-- emulator: --documents 30 --bundles 60
--
-- A statement never meets its own writes in the lists of children and in those
-- that conditions make shorter, either.
--
\i sql/include/filters.psql
\i sql/include/explain.psql
ALTER SERVER emulator OPTIONS (ADD batch_size '1', ADD concurrency '1');
\set ECHO none
-- Each of some bundles, and the one after it.
CREATE TABLE chain AS
SELECT sid AS bundle_sid, lead(sid) OVER (ORDER BY sid) AS next_sid
FROM local_bundles WHERE status = 'draft';
CREATE TABLE local_evaluations AS SELECT * FROM evaluations;
ANALYZE chain;
SELECT count(*) AS expected FROM chain JOIN local_evaluations USING (bundle_sid) WHERE next_sid IS NOT NULL \gset
SET enable_hashjoin = off;
SET enable_mergejoin = off;
\set ECHO all
\! emu reset
-- What is created would be read with the next bundle: so it is held until all is read, ...
SELECT pg_temp.explain($$INSERT INTO evaluations (bundle_sid) SELECT next_sid FROM chain JOIN evaluations USING (bundle_sid) WHERE next_sid IS NOT NULL$$);
INSERT INTO evaluations (bundle_sid) SELECT next_sid FROM chain JOIN evaluations USING (bundle_sid) WHERE next_sid IS NOT NULL;
SELECT count(*) - :expected FROM (SELECT sid FROM evaluations EXCEPT SELECT sid FROM local_evaluations) new;
\! emu reset
-- ... and where each answer is awaited, all lists are read before.
SELECT count(*) AS expected FROM chain JOIN evaluations USING (bundle_sid) WHERE next_sid IS NOT NULL \gset
SELECT pg_temp.explain($$INSERT INTO evaluations (bundle_sid) SELECT next_sid FROM chain JOIN evaluations USING (bundle_sid) WHERE next_sid IS NOT NULL RETURNING sid$$);
WITH new AS (INSERT INTO evaluations (bundle_sid) SELECT next_sid FROM chain JOIN evaluations USING (bundle_sid) WHERE next_sid IS NOT NULL RETURNING sid)
SELECT count(*) - :expected FROM new;
DO $$
DECLARE
	before bigint := (SELECT count(*) FROM chain JOIN evaluations USING (bundle_sid) WHERE next_sid IS NOT NULL);
	new bigint := 0;
	one record;
BEGIN
	FOR one IN INSERT INTO evaluations (bundle_sid) SELECT next_sid FROM chain JOIN evaluations USING (bundle_sid) WHERE next_sid IS NOT NULL RETURNING sid
	LOOP
		new := new + 1;
	END LOOP;
	RAISE NOTICE '% more than there were', new - before;
END $$;
-- The same in a subquery of each row.
CREATE FOREIGN TABLE evaluated (sid text, bundle_sid text, status text) SERVER emulator OPTIONS (resource 'evaluations');
CREATE TABLE heads AS SELECT bundle_sid, next_sid, (SELECT count(*) FROM evaluations e WHERE e.bundle_sid = chain.bundle_sid) AS n FROM chain WHERE next_sid IS NOT NULL;
SELECT count(*) AS expected FROM heads WHERE n % 2 = 1 \gset
\! emu reset
INSERT INTO evaluated (bundle_sid) SELECT CASE WHEN (SELECT count(*) FROM evaluations e WHERE e.bundle_sid = heads.bundle_sid) % 2 = 1 THEN next_sid ELSE bundle_sid END FROM heads;
SELECT bool_and(after - before = expected) FROM (
	SELECT heads.bundle_sid, n AS before, (SELECT count(*) FROM evaluations e WHERE e.bundle_sid = heads.bundle_sid) AS after,
		(n % 2 = 0)::int + count(*) FILTER (WHERE lag % 2 = 1) AS expected
	FROM (SELECT *, lag(n) OVER (ORDER BY bundle_sid) AS lag FROM heads) heads GROUP BY 1, 2) s;
UPDATE heads SET n = (SELECT count(*) FROM evaluations e WHERE e.bundle_sid = heads.bundle_sid);
DO $$
DECLARE
	one record;
BEGIN
	FOR one IN INSERT INTO evaluated (bundle_sid) SELECT CASE WHEN (SELECT count(*) FROM evaluations e WHERE e.bundle_sid = heads.bundle_sid) % 2 = 1 THEN next_sid ELSE bundle_sid END FROM heads RETURNING sid
	LOOP
	END LOOP;
END $$;
SELECT bool_and(after - before = expected) FROM (
	SELECT heads.bundle_sid, n AS before, (SELECT count(*) FROM evaluations e WHERE e.bundle_sid = heads.bundle_sid) AS after,
		(n % 2 = 0)::int + count(*) FILTER (WHERE lag % 2 = 1) AS expected
	FROM (SELECT *, lag(n) OVER (ORDER BY bundle_sid) AS lag FROM heads) heads GROUP BY 1, 2) s;
-- A list that is known before, whatever its condition is made of: others are written first.
CREATE FOREIGN TABLE drafts (sid text, friendly_name text, email text, iso_country text, number_type text, end_user_type text, status regdocs_bundle_status, date_updated timestamptz) SERVER emulator OPTIONS (resource 'bundles');
INSERT INTO drafts (friendly_name, email, iso_country, number_type, end_user_type)
	SELECT 'first', 'a@example.com', 'DE', 'local', 'business' FROM generate_series(1, 5)
	UNION ALL SELECT 'second', 'a@example.com', 'DE', 'local', 'business' FROM drafts WHERE status = lower('DRAFT')::regdocs_bundle_status;
SELECT count(*) FILTER (WHERE friendly_name = 'first'), count(*) FILTER (WHERE friendly_name = 'second') - (SELECT count(*) FROM local_bundles WHERE status = 'draft') AS second
FROM drafts WHERE email = 'a@example.com';
INSERT INTO drafts (friendly_name, email, iso_country, number_type, end_user_type)
	SELECT 'first', 'b@example.com', 'DE', 'local', 'business' FROM generate_series(1, 5)
	UNION ALL SELECT 'second', 'b@example.com', 'DE', 'local', 'business' FROM drafts WHERE friendly_name = (SELECT 'first' OFFSET 0)
	RETURNING friendly_name;
-- Deletions and changes of what a statement reads.
UPDATE drafts SET friendly_name = 'last' WHERE friendly_name = 'first' RETURNING (SELECT count(*) FROM bundles b WHERE b.friendly_name = drafts.friendly_name);
DELETE FROM item_assignments i USING chain WHERE i.bundle_sid = chain.bundle_sid AND (SELECT count(*) FROM item_assignments o WHERE o.bundle_sid = i.bundle_sid) > 0;
SELECT count(*) FROM item_assignments JOIN chain USING (bundle_sid);
