--
-- 1. Set up: three statements.
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

--
-- 2. What is there?  Every page of the list is read, and counted here.
--
SELECT status, count(*), max(date_updated)::date AS last_change
FROM supporting_documents
GROUP BY status
ORDER BY status;

--
-- A LIMIT asks the API for no more than it needs: one request.
--
SELECT sid, type, status, friendly_name
FROM supporting_documents
LIMIT 5;

--
-- 3. Join with your own tables.  You would have a table of customers, with the
-- sid of the document that each has handed in; here it is made up from the
-- documents themselves.
--
CREATE TABLE customers AS
SELECT row_number() OVER (ORDER BY sid)::integer AS id,
       coalesce(attributes ->> 'business_name',
                concat_ws(' ', attributes ->> 'first_name',
                          attributes ->> 'last_name')) AS name,
       sid AS document_sid
FROM supporting_documents
WHERE attributes ?| ARRAY['business_name', 'last_name'];

ALTER TABLE customers ADD PRIMARY KEY (id);
ANALYZE customers;

--
-- Whose document was rejected, and why?
--
SELECT c.id, c.name, d.type, d.failure_reason,
       jsonb_path_query_array(d.errors, '$[*].code') AS codes
FROM customers c
JOIN supporting_documents d ON d.sid = c.document_sid
WHERE d.status = 'rejected'
ORDER BY c.id
LIMIT 8;

--
-- Who has the most of them?
--
SELECT c.name, count(*) AS rejected, max(d.date_updated)::date AS latest
FROM customers c
JOIN supporting_documents d ON d.sid = c.document_sid
WHERE d.status = 'rejected'
GROUP BY c.name
ORDER BY rejected DESC, c.name
LIMIT 5;

--
-- For two customers alone, two documents are fetched; the list is not read.
--
SELECT c.id, c.name, d.status, d.date_updated::date
FROM customers c
JOIN supporting_documents d ON d.sid = c.document_sid
WHERE c.id IN (17, 42);

--
-- 4. Attributes are jsonb, exactly as the API sent them.  Which are there, and
-- of which JSON type?
--
SELECT key, jsonb_typeof(value) AS json_type, count(*)
FROM supporting_documents, jsonb_each(attributes)
GROUP BY key, json_type
ORDER BY count DESC, key
LIMIT 10;

--
-- Approved documents that were issued to a business, oldest first.
--
SELECT sid, attributes ->> 'business_name' AS business_name, date_created::date
FROM supporting_documents
WHERE status = 'approved' AND attributes ? 'business_name'
ORDER BY date_created
LIMIT 5;

--
-- 5. One document, by its sid: one request, and EXPLAIN says so.
--
SELECT document_sid AS sid FROM customers WHERE id = 42 \gset

SELECT sid, type, status, mime_type, date_created, jsonb_pretty(attributes)
FROM supporting_documents
WHERE sid = :'sid' \gx

EXPLAIN (ANALYZE, COSTS OFF, SUMMARY OFF)
SELECT * FROM supporting_documents WHERE sid = :'sid';

--
-- 6. Upload a document.  A file is JPEG, PNG or PDF, which its content tells.
-- Here psql reads it; what lies on the server, pg_read_binary_file() can read.
--
\set QUIET off
\set file `base64 -w 0 demo/utility-bill.png`

INSERT INTO supporting_documents (friendly_name, type, attributes, file)
VALUES ('Utility bill of Dmitri', 'utility_bill',
        '{"first_name": "Dmitri", "last_name": "Example"}',
        decode(:'file', 'base64'))
RETURNING sid, status, mime_type, date_created;

--
-- A file that only pretends is refused before anything is sent.
--
\set ON_ERROR_STOP off
INSERT INTO supporting_documents (friendly_name, type, file)
VALUES ('Not a file', 'utility_bill', 'utility-bill.png');
\set ON_ERROR_STOP on

--
-- 7. Correct rejected documents.  Some customers have told you what the number
-- of theirs really is.
--
ALTER TABLE customers ADD COLUMN document_number text;

UPDATE customers c
SET document_number = 'X' || to_char(c.id, 'FM00000000')
FROM supporting_documents d
WHERE d.sid = c.document_sid AND d.status = 'rejected'
AND d.attributes ? 'document_number' AND c.id % 4 = 0;

--
-- One statement brings them to the API, eight requests at a time.  Only the
-- attributes are sent, as nothing else has changed.
--
EXPLAIN (ANALYZE, COSTS OFF, SUMMARY OFF)
UPDATE supporting_documents d
SET attributes = d.attributes
                 || jsonb_build_object('document_number', c.document_number)
FROM customers c
WHERE c.document_sid = d.sid AND c.document_number IS NOT NULL
AND d.status = 'rejected';

SELECT c.id, c.name, d.attributes
FROM customers c
JOIN supporting_documents d ON d.sid = c.document_sid
WHERE d.attributes ->> 'document_number' = c.document_number
ORDER BY c.id
LIMIT 3;

--
-- 8. Clean up drafts that were abandoned long ago.
--
DELETE FROM supporting_documents
WHERE status = 'draft' AND date_updated < '2021-01-01';

--
-- 9. The API has no transactions.  What was sent stays done, so a ROLLBACK can
-- only tell of it; and it does.
--
BEGIN;
INSERT INTO supporting_documents (friendly_name, type)
VALUES ('Second thoughts, 1', 'passport'), ('Second thoughts, 2', 'passport');
ROLLBACK;

DELETE FROM supporting_documents
WHERE friendly_name LIKE 'Second thoughts%'
RETURNING friendly_name, status;

--
-- 10. Or have nothing sent before the COMMIT.  Then a ROLLBACK undoes it all,
-- and there is nothing to tell.
--
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD write_mode 'at_commit');

BEGIN;
INSERT INTO supporting_documents (friendly_name, type)
VALUES ('Third thoughts', 'passport');
ROLLBACK;

--
-- What you change here and what is there are then settled together: if the API
-- refuses something, COMMIT fails, and says what it had taken before.  Until
-- then, queries show nothing of what waits to be sent.
--
BEGIN;
UPDATE customers SET name = 'Vasilis Smith-Example' WHERE id = 68;

UPDATE supporting_documents d
SET friendly_name = 'Document of ' || c.name
FROM customers c
WHERE c.document_sid = d.sid AND c.id = 68;

INSERT INTO supporting_documents (friendly_name, type)
SELECT 'Passport of ' || name, 'passport' FROM customers WHERE id = 68;

SELECT friendly_name, status FROM supporting_documents
WHERE friendly_name LIKE '%Vasilis Smith-Example';
COMMIT;

SELECT friendly_name, status FROM supporting_documents
WHERE friendly_name LIKE '%Vasilis Smith-Example';

--
-- 11. What this session has sent so far.
--
SELECT server_name, requests, retries, failures, connections, bytes_received
FROM regdocs_fdw_connections();
