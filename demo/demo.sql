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
-- 6. What this session has sent so far.
--
SELECT server_name, requests, retries, failures, connections, bytes_received
FROM regdocs_fdw_connections();
