-- emulator: --documents 200 --bundles 120
--
-- Joins that fetch in batches, by every key that a resource has: its sid, its parent's, and
-- what its list can be asked for.
--
\i sql/include/filters.psql
\i sql/include/same.psql
\i sql/include/explain.psql
\i sql/include/estimate.psql
SELECT pg_temp.copy_tables('bundles', 'regulations', 'item_assignments', 'evaluations', 'supporting_documents', 'end_users');
ALTER SERVER emulator OPTIONS (ADD page_size '5');
-- Items that were never analyzed are thought to be as many as fit the bundles beside them: a few for
-- each of these, not as many as 10,000 bundles have (250 for each).
ANALYZE bundles;
SELECT regdocs_fdw_disconnect_all();
SELECT pg_temp.estimate('SELECT * FROM item_assignments') AS items,
    round(pg_temp.estimate('SELECT * FROM bundles b JOIN item_assignments i ON i.bundle_sid = b.sid') / reltuples) AS items_beside,
    round(pg_temp.estimate('SELECT * FROM item_assignments i RIGHT JOIN bundles b ON i.bundle_sid = b.sid') / reltuples) AS behind
FROM pg_class WHERE oid = 'bundles'::regclass;
ANALYZE bundles, regulations, item_assignments, evaluations, supporting_documents, end_users;
-- Twelve bundles, each of them twice, one that is not there, nothing, and what no list can be
-- asked for: text that is empty, too long, no label, no country.
CREATE TEMP TABLE wanted (id integer, bundle_sid text, status regdocs_bundle_status, label text, regulation_sid text, name text, country text);
INSERT INTO wanted
	SELECT row_number() OVER (), b.sid, b.status, b.status::text, regulation_sid, b.friendly_name, r.iso_country
	FROM (SELECT * FROM local_bundles ORDER BY sid LIMIT 12) b JOIN local_regulations r ON r.sid = regulation_sid, generate_series(1, 2)
	UNION ALL VALUES (101, NULL, NULL::regdocs_bundle_status, NULL, NULL, NULL, NULL),
		(102, 'BU00000000000000000000000000000000', 'draft', 'draft', 'RN00000000000000000000000000000000', 'nobody', 'XX'),
		(103, 'nonsense', NULL, 'nonsense', 'nonsense', 'x', 'nonsense');
CREATE TEMP TABLE odd AS SELECT * FROM wanted UNION ALL VALUES (104, '', NULL::regdocs_bundle_status, '', '', '', ''), (105, NULL, NULL, NULL, NULL, repeat('long ', 300), NULL);
ANALYZE wanted;
ANALYZE odd;
\set ECHO none
INSERT INTO pg_temp.queries (query) VALUES
-- sids, by 20 a request
('SELECT w.id, b.* FROM wanted w JOIN bundles b ON b.sid = w.bundle_sid'),
('SELECT w.id, b.sid FROM wanted w LEFT JOIN bundles b ON b.sid = w.bundle_sid AND b.status = ''draft'''),
('SELECT w.id FROM odd w WHERE NOT EXISTS (SELECT FROM bundles b WHERE b.sid = w.bundle_sid)'),
('SELECT w.id, r.sid FROM wanted w JOIN regulations r ON r.sid = w.regulation_sid'),
-- filters
('SELECT w.id, b.sid FROM wanted w JOIN bundles b ON b.regulation_sid = w.regulation_sid'),
('SELECT w.id, b.sid FROM wanted w LEFT JOIN bundles b ON b.regulation_sid = w.regulation_sid AND b.status = w.status'),
('SELECT w.id, b.sid FROM wanted w JOIN bundles b ON b.status = w.status'),
('SELECT w.id FROM wanted w WHERE EXISTS (SELECT FROM bundles b WHERE b.regulation_sid = w.regulation_sid AND b.status = ''draft'')'),
('SELECT b.sid FROM bundles b WHERE b.regulation_sid IN (SELECT regulation_sid FROM wanted)'),
('SELECT w.id, b.sid FROM wanted w JOIN bundles b ON b.friendly_name = w.name'),
('SELECT w.id, b.sid FROM odd w LEFT JOIN bundles b ON b.friendly_name = w.name'),
('SELECT w.id, r.sid FROM wanted w JOIN regulations r ON r.iso_country = w.country AND r.number_type = ''mobile'''),
('SELECT w.id, r.sid FROM odd w LEFT JOIN regulations r ON r.iso_country = w.country'),
('SELECT w.id FROM odd w WHERE NOT EXISTS (SELECT FROM regulations r WHERE r.iso_country = w.country)'),
('SELECT w.id, r.n FROM wanted w, LATERAL (SELECT count(*) AS n FROM wanted v JOIN regulations r ON r.iso_country = v.country AND r.number_type = CASE w.id % 2 WHEN 0 THEN ''mobile'' ELSE ''local'' END) r WHERE w.id < 5'),
-- parents
('SELECT w.id, i.* FROM wanted w JOIN item_assignments i USING (bundle_sid)'),
('SELECT w.id, i.sid FROM odd w LEFT JOIN item_assignments i USING (bundle_sid)'),
('SELECT w.id FROM wanted w WHERE w.bundle_sid IN (SELECT bundle_sid FROM item_assignments)'),
('SELECT w.id FROM wanted w WHERE NOT EXISTS (SELECT FROM item_assignments i WHERE i.bundle_sid = w.bundle_sid AND i.object_sid LIKE ''IT%'')'),
('SELECT w.id, e.sid, e.status FROM wanted w LEFT JOIN evaluations e USING (bundle_sid)'),
('SELECT w.id, i.sid FROM wanted w JOIN item_assignments i ON i.bundle_sid = ANY (ARRAY[w.bundle_sid, NULL, w.regulation_sid])'),
('SELECT i.sid FROM item_assignments i WHERE i.bundle_sid IN (SELECT bundle_sid FROM wanted)'),
-- children by their own sid, of one parent
('SELECT l.sid, i.object_sid FROM local_item_assignments l JOIN item_assignments i ON i.sid = l.sid WHERE i.bundle_sid = (SELECT min(bundle_sid) FROM wanted)'),
-- several of them, one above the other
('SELECT w.id, b.status, i.sid, d.status FROM wanted w JOIN bundles b ON b.sid = w.bundle_sid JOIN item_assignments i ON i.bundle_sid = b.sid JOIN supporting_documents d ON d.sid = i.object_sid'),
('SELECT w.id, i.sid, e.sid, d.sid FROM wanted w LEFT JOIN item_assignments i USING (bundle_sid) LEFT JOIN evaluations e USING (bundle_sid) LEFT JOIN supporting_documents d ON d.sid = i.object_sid'),
('SELECT b.sid, r.* FROM bundles b JOIN regulations r ON r.sid = b.regulation_sid'),
('SELECT w.id, u.sid FROM wanted w JOIN item_assignments i USING (bundle_sid) JOIN end_users u ON u.sid = i.object_sid');
-- Requests and look-aheads of a plan that was run.
CREATE FUNCTION pg_temp.run(query text, OUT requests bigint, OUT ahead bigint) LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO plan;
	SELECT coalesce(sum((m)[1]::bigint), 0) INTO requests FROM regexp_matches(plan::text, '"API Requests": (\d+)', 'g') m;
	SELECT count(*) INTO ahead FROM regexp_matches(plan::text, '"Custom Plan Provider": "API Look-ahead"', 'g');
END
$$;
\set ECHO all
SELECT pg_temp.same();
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_memoize = off;
SET enable_material = off;
SELECT pg_temp.same();
-- requests and look-aheads, with batches and without
CREATE TEMP TABLE batches AS SELECT n, r.* FROM pg_temp.queries, pg_temp.run(query) r;
SET regdocs_fdw.enable_batched_join = off;
SELECT pg_temp.same();
SELECT n, b.ahead, b.requests AS batches, r.requests AS single, r.ahead = 0 AS off FROM pg_temp.queries JOIN batches b USING (n), pg_temp.run(query) r ORDER BY n;
RESET regdocs_fdw.enable_batched_join;

-- What EXPLAIN shows of a filter, of sids by 20, of parents.
SELECT pg_temp.explain('SELECT w.id, b.sid FROM wanted w LEFT JOIN bundles b ON b.regulation_sid = w.regulation_sid AND b.status = ''draft''');
SELECT pg_temp.explain('SELECT w.id, b.sid FROM wanted w LEFT JOIN bundles b ON b.sid = w.bundle_sid');
SELECT pg_temp.explain('SELECT w.id, i.sid FROM wanted w LEFT JOIN item_assignments i USING (bundle_sid)');
-- Who may not want all has no more keys in the first batch than requests go at once.
SELECT pg_temp.explain('DECLARE c CURSOR FOR SELECT w.id, b.sid FROM wanted w LEFT JOIN bundles b ON b.sid = w.bundle_sid');
-- Values side by side, each once; sids by 20.
\! emu reset
SELECT count(*) FROM wanted w LEFT JOIN bundles b ON b.regulation_sid = w.regulation_sid AND b.status = 'draft';
\! sent -v | sort | uniq -c
SELECT count(*) FROM wanted w LEFT JOIN bundles b ON b.sid = w.bundle_sid;
\! sent -v
-- What cannot be sent takes the whole list, once for all of them.
CREATE TEMP TABLE strange AS SELECT i AS id, CASE i % 3 WHEN 0 THEN repeat('long ', 300) WHEN 1 THEN '' ELSE (SELECT max(name) FROM wanted WHERE id < 100) END AS name FROM generate_series(1, 30) i;
ANALYZE strange;
SELECT (SELECT count(*) FROM strange s JOIN bundles b ON b.friendly_name = s.name) - (SELECT count(*) FROM strange s JOIN local_bundles b ON b.friendly_name = s.name);
\! sent
-- Names so many that their lists cost more than the whole one: it is read in their place.
CREATE FUNCTION pg_temp.names() RETURNS SETOF text LANGUAGE plpgsql STABLE ROWS 3 AS $$
BEGIN
	RETURN QUERY SELECT friendly_name || i FROM local_bundles, generate_series(1, 10) i UNION ALL SELECT friendly_name FROM local_bundles;
END
$$;
SELECT (SELECT count(*) FROM pg_temp.names() n JOIN bundles b ON b.friendly_name = n.n) - (SELECT count(*) FROM pg_temp.names() n JOIN local_bundles b ON b.friendly_name = n.n);
\set lists `emu count bundles.list`
SELECT :lists BETWEEN 8 * 24 AND 8 * 52 + 24;
\! emu reset
-- Answers that do not fit in memory.
SET work_mem = '64kB';
SELECT count(*) - (SELECT count(*) FROM wanted w JOIN local_bundles b ON b.status = w.status) FROM (SELECT w.id, b.document FROM wanted w JOIN (SELECT status, to_jsonb(b) AS document FROM bundles b) b ON b.status = w.status OFFSET 0) q;
SELECT (SELECT md5(string_agg(q::text, ',' ORDER BY q::text)) FROM (SELECT w.id, b.* FROM wanted w JOIN bundles b ON b.status = w.status) q) = (SELECT md5(string_agg(q::text, ',' ORDER BY q::text)) FROM (SELECT w.id, b.* FROM wanted w JOIN local_bundles b ON b.status = w.status) q);
RESET ALL;

-- Writes: what the statement creates is not among the answers of its own batches, also where
-- the rows before it were asked for in small ones.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
CREATE TEMP TABLE targets AS SELECT sid AS bundle_sid FROM local_bundles, generate_series(1, 2) ORDER BY sid LIMIT 60;
ANALYZE targets;
SELECT count(*) AS before FROM targets JOIN local_evaluations USING (bundle_sid) \gset
SELECT count(*) AS evaluations FROM evaluations \gset
SELECT pg_temp.explain('INSERT INTO evaluations (bundle_sid) SELECT t.bundle_sid FROM targets t JOIN evaluations e USING (bundle_sid)');
INSERT INTO evaluations (bundle_sid) SELECT t.bundle_sid FROM targets t JOIN evaluations e USING (bundle_sid);
SELECT count(*) - :evaluations = :before, :before > 60 FROM evaluations;
-- ... and where each waits for its answer, another way is taken
SELECT pg_temp.explain('INSERT INTO evaluations (bundle_sid) SELECT t.bundle_sid FROM targets t JOIN evaluations e USING (bundle_sid) RETURNING status');
