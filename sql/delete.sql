-- emulator: --documents 1500 --deletable draft,rejected,approved,expired,pending-review,provisionally-approved
\i sql/include/emulator.psql
\i sql/include/write.psql
\set VERBOSITY terse

-- By a condition; all are read before the first is gone.
ALTER FOREIGN TABLE supporting_documents OPTIONS (page_size '200');
SELECT count(*) AS drafts FROM supporting_documents WHERE status = 'draft' \gset
\! emu reset
DELETE FROM supporting_documents WHERE status = 'draft';
\set deletes `emu count delete`
SELECT :deletes = :drafts AS "one request each";
SELECT count(*) FROM supporting_documents WHERE status = 'draft';
SELECT count(*) + :drafts FROM supporting_documents;

-- By sid, with what was there.
SELECT * FROM supporting_documents LIMIT 1 \gset one_
DELETE FROM supporting_documents WHERE sid = :'one_sid' RETURNING sid = :'one_sid' AS sid, friendly_name IS NOT DISTINCT FROM :'one_friendly_name' AS name, status = :'one_status' AS status;
\! emu reset
\unset QUIET
DELETE FROM supporting_documents WHERE sid = :'one_sid';
\set QUIET on
\set requests `emu get counters`
SELECT :'requests'::json->'requests';

-- With a join; what is met twice is deleted once.
CREATE TABLE customers AS SELECT row_number() OVER (ORDER BY sid) AS n, sid FROM supporting_documents;
INSERT INTO customers SELECT * FROM customers WHERE n <= 5;
ANALYZE customers;
\unset QUIET
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n <= 10;
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n BETWEEN 9 AND 12 RETURNING n;
\set QUIET on

-- Gone is gone: one that somebody else has deleted meanwhile counts.
\! emu fault action=status status=404 path=delete
\unset QUIET
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 20;
\set QUIET on
-- ... and so does one whose first try was carried out without an answer.
\! emu fault action=reset_after path=delete
\unset QUIET
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 21;
\set QUIET on

-- A 404 that is not the API's says nothing of the document: that is asked for.
\! emu reset
\! emu fault action=status status=404 shape=html path=delete
SELECT * FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', (SELECT sid FROM customers WHERE n = 23)));
\set requests `emu get requests?n=2`
SELECT r->>'kind' AS kind, r->>'answered' AS status FROM json_array_elements(:'requests'::json) r;
SELECT count(*) FROM supporting_documents d JOIN customers c USING (sid) WHERE c.n = 23;
\! emu fault action=status status=404 shape=html carry_out=on path=delete
\unset QUIET
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 23;
\set QUIET on
SELECT count(*) FROM supporting_documents d JOIN customers c USING (sid) WHERE c.n = 23;
-- ... also after a try of which nothing is known.
\! emu fault action=status status=503 carry_out=on path=delete
\! emu fault action=status status=404 shape=empty path=delete skip=1
\unset QUIET
DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 24;
\set QUIET on
-- Where nobody answers for the API, nothing is done, and nobody says it was.
\! emu reset
\! emu fault action=status status=404 shape=html method=DELETE count=0
\! emu fault action=status status=404 shape=html path=fetch count=0
SELECT state, message, hint FROM tell($$DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n BETWEEN 100 AND 150$$);
SELECT detail ~ '^The request was DELETE .* The answer was HTTP status 404. .* Of 51 writes, 0 were done, \d+ failed, and \d+ were not begun.$' AS told
	FROM tell($$DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n BETWEEN 100 AND 150$$);
\! emu clear
SELECT count(*) FROM supporting_documents d JOIN customers c USING (sid) WHERE c.n BETWEEN 100 AND 150;
\! emu count deleted
-- ... and nothing is known where the first try may have been carried out.
\! emu fault action=status status=503 path=delete
\! emu fault action=status status=404 shape=html path=delete skip=1
\! emu fault action=status status=404 shape=html path=fetch skip=1
SELECT state, hint FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', (SELECT sid FROM customers WHERE n = 100)));
\! emu clear

-- An answer that has something to say is not the API's.
\! emu fault action=garbage path=delete
SELECT * FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', (SELECT sid FROM customers WHERE n = 22)));
SELECT count(*) FROM supporting_documents d JOIN customers c USING (sid) WHERE c.n = 22;

-- What the API refuses.
SELECT sid AS kept FROM customers WHERE n = 30 LIMIT 1 \gset
\! emu fault action=status status=400 code=21645 path=delete
SELECT * FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', :'kept'));
\! emu fault action=status status=400 code=21646 path=delete
SELECT * FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', :'kept'));
-- Try later, in vain.
ALTER SERVER emulator OPTIONS (max_retries '1', concurrency '1');
\! emu fault action=status status=503 path=delete count=2
SELECT state, message, detail FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', :'kept'));
\! emu fault action=status status=429 path=delete count=2
SELECT state, message, detail FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', :'kept'));
\! emu fault action=status status=400 skip=3 path=delete
SELECT state, message, detail FROM tell($$DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n BETWEEN 40 AND 49$$);
SELECT count(*) FROM supporting_documents d JOIN customers c USING (sid) WHERE c.n BETWEEN 40 AND 49;

-- Triggers see the row as it was read.
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE NOTICE '% % %', TG_WHEN, TG_OP, OLD.sid IS NOT NULL;
	RETURN OLD;
END $$;
CREATE TRIGGER watch_before BEFORE DELETE ON supporting_documents FOR EACH ROW EXECUTE FUNCTION watch();
CREATE TRIGGER watch_after AFTER DELETE ON supporting_documents FOR EACH ROW EXECUTE FUNCTION watch();
DELETE FROM supporting_documents WHERE sid = :'kept';
DROP TRIGGER watch_before ON supporting_documents;
DROP TRIGGER watch_after ON supporting_documents;

-- What neither core nor the API can do.
\! emu reset
TRUNCATE supporting_documents;
MERGE INTO supporting_documents d USING customers c ON c.sid = d.sid WHEN MATCHED THEN DELETE;
DELETE FROM supporting_documents WHERE CURRENT OF nothing;
\set total `emu count total`
SELECT :total;

-- In a function, and as a part of a statement.
CREATE FUNCTION clean_up(low bigint, high bigint) RETURNS bigint LANGUAGE sql AS $$
	WITH gone AS (
		DELETE FROM supporting_documents d USING customers c
		WHERE c.sid = d.sid AND c.n BETWEEN low AND high RETURNING d.sid)
	SELECT count(*) FROM gone
$$;
SELECT clean_up(60, 79);
WITH gone AS (DELETE FROM supporting_documents d USING customers c WHERE c.sid = d.sid AND c.n = 80)
	SELECT 'not looked at' AS "result";
SELECT count(*) FROM supporting_documents d JOIN customers c USING (sid) WHERE c.n BETWEEN 60 AND 80;
EXPLAIN (COSTS OFF) DELETE FROM supporting_documents WHERE sid = 'RD00000000000000000000000000000000';
