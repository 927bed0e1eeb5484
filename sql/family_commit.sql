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
ALTER SERVER emulator OPTIONS (DROP concurrency);

-- over two servers: what one sends depends on what the other does, so they take turns
-- between resources, and go side by side within one
SET client_min_messages = warning;
SELECT replace(:'emulator_url', '127.0.0.1', 'localhost') AS other_url \gset
CREATE SERVER beside FOREIGN DATA WRAPPER regdocs_fdw OPTIONS (base_url :'other_url', write_mode 'at_commit');
CREATE USER MAPPING FOR PUBLIC SERVER beside OPTIONS (account_sid :'emulator_account_sid', auth_token :'emulator_auth_token');
DROP SCHEMA IF EXISTS beside CASCADE;
CREATE SCHEMA beside;
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (bundles, item_assignments, evaluations) FROM SERVER beside INTO beside;
RESET client_min_messages;
CREATE TEMP TABLE made (n int, sid text);
ALTER SERVER emulator OPTIONS (SET write_mode 'immediate');
WITH b AS (INSERT INTO bundles (friendly_name, email, iso_country, number_type, end_user_type)
	SELECT 'Made ' || n, 'made@example.com', 'DE', 'local', 'business' FROM generate_series(1, 4) n RETURNING friendly_name, sid)
INSERT INTO made SELECT right(friendly_name, 1)::int, sid FROM b;
CREATE TEMP TABLE papers AS SELECT sid FROM supporting_documents WHERE status = 'draft' ORDER BY sid LIMIT 10;
ALTER SERVER emulator OPTIONS (SET write_mode 'at_commit');
\! emu reset
BEGIN;
INSERT INTO item_assignments (bundle_sid, object_sid) SELECT m.sid, p.sid FROM made m, papers p WHERE n = 1;
INSERT INTO beside.item_assignments (bundle_sid, object_sid) SELECT m.sid, p.sid FROM made m, papers p WHERE n = 2;
UPDATE beside.bundles b SET status = 'pending-review' FROM made m WHERE m.sid = b.sid AND n = 1;
UPDATE bundles b SET status = 'pending-review' FROM made m WHERE m.sid = b.sid AND n = 2;
INSERT INTO beside.evaluations (bundle_sid) SELECT sid FROM made WHERE n IN (1, 2);
COMMIT;
\! emu get 'requests?n=2000' | grep -oE '"resource":"[a-z_]*","kind":"(create|update|delete)"' | uniq -c
SELECT n, (SELECT count(*) FROM item_assignments i WHERE i.bundle_sid = m.sid) AS items, b.status,
       (SELECT count(*) FROM evaluations e WHERE e.bundle_sid = m.sid) AS evaluations
FROM made m LEFT JOIN bundles b USING (sid) ORDER BY n;
-- what one of them is refused ends it for both, and what both have done is told
ALTER SERVER emulator OPTIONS (ADD concurrency '1');
ALTER SERVER beside OPTIONS (ADD concurrency '1');
\! emu reset
\! emu fault action=status status=400 path=bundles.update skip=1
SET client_min_messages = error;
\set VERBOSITY sqlstate
BEGIN;
INSERT INTO item_assignments (bundle_sid, object_sid) SELECT m.sid, p.sid FROM made m, papers p WHERE n = 3;
UPDATE bundles b SET email = 'changed@example.com' FROM made m WHERE m.sid = b.sid AND n = 3;
UPDATE beside.bundles b SET email = 'changed@example.com' FROM made m WHERE m.sid = b.sid AND n = 4;
INSERT INTO beside.evaluations (bundle_sid) SELECT sid FROM made WHERE n IN (3, 4);
COMMIT;
\set VERBOSITY terse
RESET client_min_messages;
\! emu clear
\! emu get 'requests?n=2000' | grep -oE '"resource":"[a-z_]*","kind":"(create|update|delete)"' | uniq -c
SELECT count(*) AS changed FROM bundles JOIN made USING (sid) WHERE email = 'changed@example.com';
SET client_min_messages = warning;
DROP SERVER beside CASCADE;
DROP SCHEMA beside CASCADE;
