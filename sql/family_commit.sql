-- emulator: --documents 600 --bundles 40
--
-- What waits for a commit, over several resources: more than memory holds, with
-- each row's parent, and in the order of the statements, so that what is used is
-- let go of before it is deleted.
--
\i sql/include/emulator.psql
\set VERBOSITY terse
SET work_mem = '64kB';
SELECT sid AS one FROM bundles WHERE status = 'draft' ORDER BY sid LIMIT 1 \gset
SELECT sid AS two FROM bundles WHERE status = 'draft' ORDER BY sid DESC LIMIT 1 \gset
CREATE TEMP TABLE t AS SELECT b, d.sid FROM supporting_documents d, (VALUES (:'one'), (:'two')) v(b);
SELECT bundle_sid = :'one' AS first, count(*) FROM item_assignments WHERE bundle_sid IN (:'one', :'two') GROUP BY 1 ORDER BY 1;
ALTER SERVER emulator OPTIONS (ADD write_mode 'at_commit');
INSERT INTO item_assignments (bundle_sid, object_sid) SELECT b, sid FROM t WHERE (b, sid) NOT IN (SELECT bundle_sid, object_sid FROM item_assignments);
SELECT bundle_sid = :'one' AS first, count(*) FROM item_assignments WHERE bundle_sid IN (:'one', :'two') GROUP BY 1 ORDER BY 1;
-- in one transaction, what the API takes in this order alone

\! emu reset
BEGIN;
DELETE FROM item_assignments WHERE bundle_sid IN (:'one', :'two');
SAVEPOINT a; UPDATE bundles SET status = 'pending-review' WHERE sid = :'one'; ROLLBACK TO a;
DELETE FROM bundles WHERE sid IN (:'one', :'two');
DELETE FROM supporting_documents d WHERE d.sid IN (SELECT sid FROM supporting_documents WHERE status IN ('draft', 'rejected', 'approved')) AND NOT EXISTS (SELECT FROM item_assignments i WHERE i.object_sid = d.sid AND i.bundle_sid NOT IN (:'one', :'two'));
COMMIT;
\! emu get 'requests?n=2000' | grep -oE '"resource":"[a-z_]*","kind":"(create|update|delete)"' | uniq -c
SELECT count(*) FROM bundles WHERE sid IN (:'one', :'two');
-- A write that waited for another one to the same bundle does not go before what was
-- queued before it, and not before the items either.
SELECT sid AS three FROM bundles WHERE status = 'draft' ORDER BY sid LIMIT 1 \gset
SELECT sid AS four FROM bundles WHERE status = 'draft' ORDER BY sid DESC LIMIT 1 \gset
INSERT INTO supporting_documents (friendly_name, type) VALUES ('last', 'passport');
SELECT sid AS last FROM supporting_documents WHERE friendly_name = 'last' \gset
ALTER SERVER emulator OPTIONS (ADD concurrency '1');
\! emu reset
BEGIN;
UPDATE bundles SET email = 'a@example.com' WHERE sid = :'three';
UPDATE bundles SET email = 'b@example.com' WHERE sid = :'four';
INSERT INTO item_assignments (bundle_sid, object_sid) VALUES (:'three', :'last');
UPDATE bundles SET status = 'pending-review' WHERE sid = :'three';
COMMIT;
\! emu get 'requests?n=100' | grep -oE '"resource":"[a-z_]*","kind":"(create|update)"|"parameters":\{[^}]+\}' | sed 's/RD[0-9a-f]*/RD.../'
