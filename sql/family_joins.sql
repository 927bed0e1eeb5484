-- emulator: --documents 200 --bundles 120
--
-- Joins over the family, in every way that the planner has: the rows are those
-- of the local copies.
--
\i sql/include/filters.psql
\i sql/include/same.psql
SELECT pg_temp.copy_tables('bundles', 'regulations', 'item_assignments', 'evaluations', 'supporting_documents', 'end_users');
ALTER SERVER emulator OPTIONS (ADD page_size '50');
ANALYZE bundles, regulations, item_assignments, evaluations, supporting_documents, end_users;
SELECT relname, reltuples FROM pg_class WHERE oid IN ('bundles'::regclass, 'regulations'::regclass, 'item_assignments'::regclass, 'evaluations'::regclass, 'supporting_documents'::regclass, 'end_users'::regclass, 'end_user_types'::regclass)
AND reltuples <> (SELECT c.reltuples FROM pg_class c WHERE c.relname = 'local_' || pg_class.relname);
\set ECHO none
-- Some bundles, some of them twice, one that is not there, and NULLs.
CREATE TABLE wanted (id integer, bundle_sid text, status regdocs_bundle_status, regulation_sid text);
INSERT INTO wanted SELECT row_number() OVER (), sid, status, regulation_sid FROM (SELECT * FROM local_bundles ORDER BY sid LIMIT 8) b, generate_series(1, 2)
UNION ALL VALUES (101, NULL, NULL::regdocs_bundle_status, NULL), (102, 'BU00000000000000000000000000000000', 'draft', 'RN00000000000000000000000000000000'), (103, 'nonsense', NULL, 'nonsense');
ANALYZE wanted;
INSERT INTO pg_temp.queries (query) VALUES
('SELECT b.sid, r.* FROM bundles b JOIN regulations r ON r.sid = b.regulation_sid'),
('SELECT b.sid, r.sid FROM bundles b LEFT JOIN regulations r ON r.sid = b.regulation_sid AND r.iso_country = ''DE'''),
('SELECT r.sid, count(b.sid) FROM regulations r LEFT JOIN bundles b ON b.regulation_sid = r.sid GROUP BY 1'),
('SELECT r.sid FROM regulations r WHERE NOT EXISTS (SELECT FROM bundles b WHERE b.regulation_sid = r.sid)'),
('SELECT w.id, b.* FROM wanted w JOIN bundles b ON b.status = w.status'),
('SELECT w.id, b.* FROM wanted w JOIN bundles b ON b.regulation_sid = w.regulation_sid'),
('SELECT w.id, b.* FROM wanted w LEFT JOIN bundles b ON b.sid = w.bundle_sid'),
('SELECT w.id, b.sid FROM wanted w LEFT JOIN bundles b ON b.regulation_sid = w.regulation_sid AND b.status = w.status'),
('SELECT w.id FROM wanted w WHERE w.bundle_sid IN (SELECT bundle_sid FROM item_assignments)'),
('SELECT w.id FROM wanted w WHERE NOT EXISTS (SELECT FROM item_assignments i WHERE i.bundle_sid = w.bundle_sid)'),
('SELECT w.id, i.* FROM wanted w LEFT JOIN item_assignments i USING (bundle_sid)'),
('SELECT w.id, i.sid, e.sid FROM wanted w LEFT JOIN item_assignments i USING (bundle_sid) LEFT JOIN evaluations e USING (bundle_sid)'),
('SELECT w.id, i.n FROM wanted w, LATERAL (SELECT count(*) AS n FROM item_assignments i WHERE i.bundle_sid = w.bundle_sid) i'),
('SELECT w.id, i.sid FROM wanted w, LATERAL (SELECT sid FROM item_assignments i WHERE i.bundle_sid = w.bundle_sid ORDER BY sid LIMIT 1) i'),
('SELECT w.id, (SELECT max(i.sid) FROM item_assignments i WHERE i.bundle_sid = w.bundle_sid) FROM wanted w'),
('SELECT w.id, (SELECT count(*) FROM bundles b WHERE b.status = w.status AND b.regulation_sid = w.regulation_sid) FROM wanted w'),
('SELECT w.id, b.sid FROM wanted w CROSS JOIN LATERAL (SELECT * FROM bundles b WHERE b.status = w.status ORDER BY b.date_updated DESC, sid LIMIT 2) b'),
('SELECT b.sid, d.* FROM bundles b JOIN item_assignments i ON i.bundle_sid = b.sid JOIN supporting_documents d ON d.sid = i.object_sid WHERE b.status = ''twilio-rejected'' AND d.status = ''rejected'''),
('SELECT b.sid, u.* FROM bundles b JOIN item_assignments i ON i.bundle_sid = b.sid JOIN end_users u ON u.sid = i.object_sid WHERE b.status = ''draft'''),
('SELECT d.sid FROM supporting_documents d WHERE NOT EXISTS (SELECT FROM item_assignments i WHERE i.object_sid = d.sid)'),
('SELECT b.sid, e.status, e.results FROM bundles b JOIN evaluations e ON e.bundle_sid = b.sid WHERE b.status = ''draft'''),
('SELECT a.sid, b.sid FROM bundles a JOIN bundles b ON a.friendly_name = b.friendly_name AND a.sid < b.sid'),
('SELECT b.sid, count(*) FROM wanted w JOIN bundles b ON b.sid = ANY (ARRAY[w.bundle_sid, NULL, w.bundle_sid]) GROUP BY 1'),
('SELECT w.id, i.* FROM wanted w JOIN item_assignments i ON i.bundle_sid = ANY (ARRAY[w.bundle_sid, (SELECT bundle_sid FROM wanted WHERE id = 1)])'),
('SELECT i.*, j.sid FROM item_assignments i JOIN item_assignments j ON j.bundle_sid = i.bundle_sid AND j.sid = i.sid WHERE i.bundle_sid IN (SELECT bundle_sid FROM wanted)'),
('SELECT w.id, i.sid FROM wanted w JOIN local_item_assignments l USING (bundle_sid) JOIN item_assignments i ON i.sid = l.sid AND i.bundle_sid = w.bundle_sid');
\set ECHO all
\! emu reset
SELECT pg_temp.same();
SET enable_nestloop = off;
SELECT pg_temp.same();
RESET enable_nestloop;
SET enable_hashjoin = off;
SELECT pg_temp.same();
SET enable_mergejoin = off;
SELECT pg_temp.same();
SET enable_memoize = off;
SET enable_material = off;
SELECT pg_temp.same();
RESET ALL;
-- What a path with a parameter sends: one list for each value, and that once where it repeats.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
\! emu reset
SELECT pg_temp.request('SELECT w.id, i.sid FROM wanted w JOIN item_assignments i USING (bundle_sid) WHERE w.id <= 16');
SELECT count(*) - (SELECT count(*) FROM wanted w JOIN local_item_assignments i USING (bundle_sid)) FROM wanted w JOIN item_assignments i USING (bundle_sid);
\! sent
SELECT pg_temp.request('SELECT w.id, b.sid FROM wanted w JOIN bundles b ON b.regulation_sid = w.regulation_sid WHERE w.id < 3');
SELECT count(*) - (SELECT count(*) FROM wanted w JOIN local_bundles b ON b.regulation_sid = w.regulation_sid AND w.id < 3) FROM wanted w JOIN bundles b ON b.regulation_sid = w.regulation_sid WHERE w.id < 3;
\! sent
RESET ALL;
-- Cursors go back, and stay behind their transaction.
SELECT bundle_sid AS full_one FROM local_item_assignments GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1 \gset
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT bundle_sid, sid FROM item_assignments;
MOVE 5 IN c;
FETCH BACKWARD 1 FROM c \gset b_
MOVE ABSOLUTE 3 IN c;
FETCH NEXT FROM c \gset a_
SELECT :'a_sid' = :'b_sid';
MOVE ALL IN c;
FETCH PRIOR FROM c \gset l_
SELECT count(*) FROM local_item_assignments WHERE sid = :'l_sid' AND bundle_sid = :'l_bundle_sid';
DECLARE h CURSOR WITH HOLD FOR SELECT bundle_sid, sid FROM item_assignments WHERE bundle_sid = :'full_one';
COMMIT;
\! emu reset
MOVE ALL IN h;
\! sent
CLOSE h;
-- Readers that stop early.
SELECT EXISTS (SELECT FROM item_assignments), EXISTS (SELECT FROM bundles WHERE status = 'draft'), (SELECT count(*) FROM (SELECT FROM evaluations LIMIT 1) e);
\! sent
