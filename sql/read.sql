-- emulator: --documents 2500
--
-- Reading: the list is read whole, every column of it as the API has it.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
-- All documents in all fields, byte for byte: the digest is the emulator's own,
-- over what it holds.  A page has 1,000 documents if nothing else is said.
\set theirs `emu get digest`
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
-- The same once more: nothing is kept from one statement to the next.
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
-- Typed columns hold what those of text do.
SELECT count(*) AS documents,
       count(*) FILTER (WHERE
           (t.account_sid, t.friendly_name, t.mime_type, t.failure_reason,
            t.type, t.url) IS NOT DISTINCT FROM
           (p.account_sid, p.friendly_name, p.mime_type, p.failure_reason,
            p.type, p.url)) AS texts,
       count(*) FILTER (WHERE t.status = p.status::regdocs_status) AS statuses,
       count(*) FILTER (WHERE t.errors IS NOT DISTINCT FROM p.errors::jsonb
           AND t.attributes IS NOT DISTINCT FROM p.attributes::jsonb) AS jsons,
       count(*) FILTER (WHERE t.date_created = p.date_created::timestamptz
           AND t.date_updated = p.date_updated::timestamptz) AS dates,
       count(*) - count(t.file) AS files
FROM supporting_documents t JOIN plain p USING (sid);
\! sent
-- There is something to tell apart: all six statuses, reasons and errors where
-- a document was rejected, and there alone.
SELECT status, count(*) > 10 AS some, count(failure_reason) = count(*) AS reason,
       count(*) FILTER (WHERE jsonb_array_length(errors) > 0) = count(*) AS errors
FROM supporting_documents GROUP BY status ORDER BY status;
-- The order is the API's.
SELECT array_agg(pg_temp.name(sid)) FILTER (WHERE pg_temp.name(sid) < 10) AS names
FROM supporting_documents;
\! sent
-- Columns that are not wanted need not be there; count(*) wants none.
SELECT count(*) FROM supporting_documents;
SELECT count(*), count(DISTINCT sid) AS different FROM plain;
\! sent
-- Whole rows, and system columns.
SELECT (d).type IS NOT NULL AS type, (d).sid = sid AS sid
FROM supporting_documents d LIMIT 1;
SELECT tableoid::regclass, d.* IS NULL AS no_row FROM supporting_documents d LIMIT 1;
\! sent
-- Conditions that the API does not know are checked here, on any column.
SELECT count(*) = (SELECT count(*) FROM plain WHERE status = 'rejected') AS equal
FROM supporting_documents WHERE status = 'rejected';
SELECT count(*) AS other_fields
FROM supporting_documents d JOIN plain p USING (sid)
WHERE coalesce(d.attributes ->> 'document_number' LIKE 'A%', false) <>
      (p.attributes ~ '"document_number":"A');
SELECT count(*) = 100 AS equal FROM supporting_documents
WHERE pg_temp.name(sid) IS NOT NULL;
\! sent
-- What cannot have a row sends nothing.
SELECT count(*) FROM supporting_documents WHERE false;
SELECT count(*) FROM supporting_documents WHERE status = NULL;
\! sent
-- Locking rows locks nothing and reads what a SELECT does.
SELECT count(*) FROM (SELECT 1 FROM supporting_documents FOR UPDATE) locked;
\! sent
-- Sampling is core's to refuse.
SELECT count(*) FROM supporting_documents TABLESAMPLE system (10);
-- Documents that come and go between two statements.
\! emu post review index=1 status=expired
SELECT pg_temp.name(sid) FROM supporting_documents
WHERE pg_temp.name(sid) <= 2 AND status = 'expired' AND pg_temp.name(sid) = 1;
\! curl -s -X DELETE "$EMULATOR_URL/_emulator/document?index=1"
SELECT pg_temp.name(sid) FROM supporting_documents
WHERE pg_temp.name(sid) BETWEEN 0 AND 2;
\set theirs `emu get digest`
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
