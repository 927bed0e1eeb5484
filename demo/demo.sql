--
-- 1. Set up: four statements.
--
-- The server says where the API is; Twilio's own, where base_url is left out.
-- Here it is an emulator on this machine, whose address and credential are in
-- the environment.
--
\getenv url EMULATOR_URL
\getenv account_sid EMULATOR_ACCOUNT_SID
\getenv auth_token EMULATOR_AUTH_TOKEN

CREATE EXTENSION regdocs_fdw;

CREATE SERVER twilio FOREIGN DATA WRAPPER regdocs_fdw
    OPTIONS (base_url :'url');

CREATE USER MAPPING FOR CURRENT_USER SERVER twilio
    OPTIONS (account_sid :'account_sid', auth_token :'auth_token');

IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER twilio INTO public;

\d

--
-- You would have a table of customers, with the sid of each one's bundle.  Here
-- it is made up from the bundles themselves.
--
CREATE TABLE customers AS
SELECT row_number() OVER (ORDER BY date_created)::integer AS id,
       regexp_replace(friendly_name, ' (Support|Sales|Voice|SMS)$', '', 'i')
           AS name,
       sid AS bundle_sid
FROM bundles;

ALTER TABLE customers ADD PRIMARY KEY (id);
ANALYZE customers;

--
-- 2. How do they stand?
--
SELECT status, count(*), max(date_updated)::date AS last_change
FROM bundles
GROUP BY status
ORDER BY status;

--
-- 3. What is wrong with whom?  A bundle does not say why it was rejected: its
-- documents do, and evaluations.  Have those that were rejected evaluated.
--
\set QUIET off
INSERT INTO evaluations (bundle_sid)
SELECT sid FROM bundles WHERE status = 'twilio-rejected';
\set QUIET on

--
-- Then one query tells: whose it is, which document, why, and what it lacks.
--
CREATE VIEW faults AS
SELECT c.id, c.name, c.bundle_sid, d.sid AS document_sid, d.type AS document,
       d.failure_reason, e.lacks
FROM customers c
JOIN bundles b ON b.sid = c.bundle_sid
JOIN item_assignments i ON i.bundle_sid = b.sid
JOIN supporting_documents d ON d.sid = i.object_sid
CROSS JOIN LATERAL (
    SELECT jsonb_path_query_array(results, '$[*].invalid[*].object_field')
        AS lacks
    FROM evaluations
    WHERE bundle_sid = b.sid
    ORDER BY date_created DESC
    LIMIT 1) e
WHERE b.status = 'twilio-rejected' AND d.status = 'rejected';

SELECT id, name, document, failure_reason, lacks FROM faults ORDER BY id;

--
-- What it took: one request for the bundles that are rejected, one for the items
-- and one for the evaluations of each, and one for each document.
--
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT * FROM faults;

--
-- 4. A passport lacks a date of birth.  The customer has told you, so one
-- statement corrects it; only what has changed is sent.
--
SELECT bundle_sid AS bundle_1, document_sid AS passport
FROM faults WHERE lacks ? 'birth_date' \gset

UPDATE supporting_documents
SET attributes = attributes || '{"birth_date": "1962-11-30"}'
WHERE sid = :'passport'
RETURNING type, status, attributes;

--
-- 5. A utility bill cannot be read.  The customer has sent another file: JPEG,
-- PNG or PDF, which its content tells.  Here psql reads it; what lies on the
-- server, pg_read_binary_file() can read.
--
SELECT bundle_sid AS bundle_2, document_sid AS old_bill
FROM faults WHERE document = 'utility_bill' \gset

\set file `base64 -w 0 demo/utility-bill.png`

INSERT INTO supporting_documents (friendly_name, type, attributes, file)
SELECT 'Utility bill, legible', type, attributes, decode(:'file', 'base64')
FROM supporting_documents
WHERE sid = :'old_bill'
RETURNING sid AS new_bill, status, mime_type \gset

--
-- The new document takes the place of the old one, which is then of no use.
--
\set QUIET off
INSERT INTO item_assignments (bundle_sid, object_sid)
VALUES (:'bundle_2', :'new_bill');

DELETE FROM item_assignments
WHERE bundle_sid = :'bundle_2' AND object_sid = :'old_bill';

DELETE FROM supporting_documents WHERE sid = :'old_bill';
\set QUIET on

--
-- A file that only pretends would have been refused before anything was sent.
--
\set ON_ERROR_STOP off
INSERT INTO supporting_documents (friendly_name, type, file)
VALUES ('Not a file', 'utility_bill', 'utility-bill.png');
\set refused :ERROR
\set ON_ERROR_STOP on

--
-- 6. Evaluate both bundles, and submit them.
--
INSERT INTO evaluations (bundle_sid)
VALUES (:'bundle_1'), (:'bundle_2')
RETURNING bundle_sid, status;

UPDATE bundles SET status = 'pending-review'
WHERE sid IN (:'bundle_1', :'bundle_2')
RETURNING sid, status;

--
-- Some days later they have been reviewed; the emulator does so at once, when
-- it is told to.
--
\setenv BUNDLE_1 :bundle_1
\setenv BUNDLE_2 :bundle_2
\! test/emu post review bundle=$BUNDLE_1 status=twilio-approved
\! test/emu post review bundle=$BUNDLE_2 status=twilio-approved

SELECT c.name, b.status, b.valid_until > now() AS valid
FROM customers c JOIN bundles b ON b.sid = c.bundle_sid
WHERE b.sid IN (:'bundle_1', :'bundle_2')
ORDER BY c.id;

--
-- 7. Which bundles are about to expire?  The API is asked for just these, in this
-- order.
--
SELECT c.name, b.status, b.valid_until::date - current_date AS days_left
FROM bundles b JOIN customers c ON c.bundle_sid = b.sid
WHERE b.valid_until >= now() AND b.valid_until < now() + interval '30 days'
ORDER BY b.valid_until;

--
-- A copy of such a bundle can be brought up to date, and be submitted, while the
-- bundle stays in use.
--
INSERT INTO bundle_copies (bundle_sid, friendly_name)
SELECT sid, 'Renewal of ' || friendly_name
FROM bundles
WHERE valid_until >= now() AND valid_until < now() + interval '30 days'
RETURNING friendly_name, status;

--
-- 8. The API has no transactions.  What was sent stays done, so a ROLLBACK can
-- only tell of it; and it does.
--
BEGIN;
INSERT INTO end_users (friendly_name, type) VALUES ('Second thoughts', 'business');
ROLLBACK;

DELETE FROM end_users
WHERE friendly_name = 'Second thoughts'
RETURNING friendly_name, type;

--
-- Or have nothing sent before the COMMIT.  Then a ROLLBACK undoes it all, and
-- there is nothing to tell.
--
ALTER FOREIGN TABLE end_users OPTIONS (ADD write_mode 'at_commit');

BEGIN;
INSERT INTO end_users (friendly_name, type) VALUES ('Third thoughts', 'business');
ROLLBACK;

SELECT count(*) FROM end_users WHERE friendly_name = 'Third thoughts';

--
-- 9. What this session has sent so far.
--
SELECT server_name, requests, retries, failures, connections, bytes_received
FROM regdocs_fdw_connections();

--
-- 10. A night in fast motion: a mirror, what others change meanwhile (here at
--     the emulator's back door), and what the job finds of it.  To have it run by
--     pg_cron, see doc/operations.md.
--
SELECT regdocs_create_snapshot('supporting_documents', 'documents_mirror');
SELECT * FROM regdocs_refresh('supporting_documents', 'documents_mirror');

SELECT sid AS rejected FROM documents_mirror
WHERE status = 'pending-review' ORDER BY sid LIMIT 1 \gset
SELECT sid AS removed FROM documents_mirror
WHERE status = 'draft' ORDER BY sid LIMIT 1 \gset
\setenv REJECTED :rejected
\setenv REMOVED :removed
\! test/emu post review sid=$REJECTED status=rejected failure_reason='The page is torn.'
\! test/emu delete supporting_documents?sid=$REMOVED

-- The API fails at three: the run does, too, and has changed nothing.
\! test/emu fault action=status status=401 path=list > /dev/null
\set ON_ERROR_STOP off
SELECT * FROM regdocs_refresh('supporting_documents', 'documents_mirror');
\set ON_ERROR_STOP on
SELECT count(*) AS changes FROM documents_mirror_history
WHERE change <> 'inserted';

-- The next one makes up for it.
SELECT * FROM regdocs_refresh('supporting_documents', 'documents_mirror');
SELECT change, type, old_status, new_status, new ->> 'failure_reason' AS reason
FROM documents_mirror_history h, jsonb_to_record(old) AS o (type text)
WHERE change <> 'inserted' ORDER BY change;

-- And what if nothing has changed: nothing is written, and one list was read.
SELECT * FROM regdocs_refresh('supporting_documents', 'documents_mirror');

SELECT count(*) = 2 AND bool_or(change = 'deleted' AND sid = :'removed')
       AND bool_or(new_status = 'rejected' AND sid = :'rejected') AS mirrored
FROM documents_mirror_history WHERE change <> 'inserted' \gset

--
-- Has all of this come about?
--
SELECT :refused AND :'mirrored'
       AND (SELECT count(*) = 2 FROM bundles
            WHERE sid IN (:'bundle_1', :'bundle_2')
            AND status = 'twilio-approved')
       AND (SELECT count(*) = 2 FROM bundle_copies
            WHERE friendly_name LIKE 'Renewal of %' AND status = 'draft')
       AND NOT EXISTS (SELECT FROM end_users
                       WHERE friendly_name LIKE '% thoughts') AS as_told
\gset
\if :as_told
\echo 'It has.'
\else
DO 'BEGIN RAISE ''it has not''; END';
\endif
