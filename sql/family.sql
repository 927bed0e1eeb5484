-- emulator: --documents 500 --bundles 120
--
-- The whole family: every table equal to the emulator's data in every column.
--
\i sql/include/emulator.psql
SET client_min_messages = warning;
-- The digest of all rows of a resource, over columns of text: as the emulator makes it.
CREATE FUNCTION pg_temp.digest_of(resource text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    columns text;
    fields text;
    result text;
BEGIN
    SELECT string_agg(format('%I text', attname), ', ' ORDER BY attnum),
           string_agg(format('coalesce(%I, ''\N'')', attname), ', ' ORDER BY attnum)
    INTO columns, fields
    FROM pg_attribute
    WHERE attrelid = resource::regclass AND attnum > 0
      AND attname <> ALL (CASE resource
          WHEN 'supporting_documents' THEN '{file}'
          WHEN 'bundles' THEN '{iso_country,number_type,end_user_type,is_test}'
          ELSE '{}' END::text[]);
    EXECUTE format('CREATE FOREIGN TABLE plain_%s (%s) SERVER emulator OPTIONS (resource %L)', resource, columns, resource);
    EXECUTE format($query$
        SELECT md5(coalesce(string_agg(line, '' ORDER BY line COLLATE "C"), ''))
        FROM (SELECT md5(concat_ws(E'\t', %s) || E'\n') FROM plain_%s) AS lines(line)$query$, fields, resource) INTO result;
    RETURN result;
END
$$;
RESET client_min_messages;
\! emu reset
\set theirs `emu digest supporting_documents`
SELECT pg_temp.digest_of('supporting_documents') = :'theirs' AS documents;
\set theirs `emu digest supporting_document_types`
SELECT pg_temp.digest_of('supporting_document_types') = :'theirs' AS document_types;
\set theirs `emu digest end_users`
SELECT pg_temp.digest_of('end_users') = :'theirs' AS end_users;
\set theirs `emu digest end_user_types`
SELECT pg_temp.digest_of('end_user_types') = :'theirs' AS end_user_types;
\set theirs `emu digest regulations`
SELECT pg_temp.digest_of('regulations') = :'theirs' AS regulations;
\set theirs `emu digest bundles`
SELECT pg_temp.digest_of('bundles') = :'theirs' AS bundles;
\set theirs `emu digest item_assignments`
SELECT pg_temp.digest_of('item_assignments') = :'theirs' AS items;
\set theirs `emu digest evaluations`
SELECT pg_temp.digest_of('evaluations') = :'theirs' AS evaluations;
\set theirs `emu digest bundle_copies`
SELECT pg_temp.digest_of('bundle_copies') = :'theirs' AS copies;
\! sent
-- Typed columns hold what those of text do, and there is something to tell apart.
SELECT count(*) AS bundles, count(DISTINCT b.status) AS statuses, count(b.valid_until) AS dates,
       count(*) FILTER (WHERE b.status::text = p.status AND b.valid_until IS NOT DISTINCT FROM p.valid_until::timestamptz AND b.links = p.links::jsonb) AS equal
FROM bundles b JOIN plain_bundles p USING (sid);
SELECT count(*) > 100 AS many, count(DISTINCT bundle_sid) > 50 AS bundles, count(DISTINCT left(object_sid, 2)) AS kinds,
       count(DISTINCT object_sid) < count(*) AS shared FROM item_assignments;
SELECT count(*) > 10 AS many, count(DISTINCT status) AS statuses, min(jsonb_array_length(results)) > 0 AS results FROM evaluations;
SELECT count(*) > 0 AS any, bool_and(sid LIKE 'BU%' AND bundle_sid LIKE 'BU%' AND sid <> bundle_sid) AS right FROM bundle_copies;
SELECT count(*) > 10 AS many, count(DISTINCT iso_country) AS countries, count(DISTINCT end_user_type) AS types FROM regulations;
-- What is never answered is NULL.
SELECT count(iso_country), count(number_type), count(end_user_type), count(is_test) FROM bundles;
-- The whole object, in any resource.
ALTER FOREIGN TABLE evaluations ADD COLUMN document jsonb;
SELECT bool_and(document ->> 'sid' = sid AND document -> 'results' = results) FROM evaluations;
\! sent
-- Clones are made, and not read.
SELECT * FROM bundle_clones;
ANALYZE bundle_clones;
\! sent
