-- emulator: --documents 30 --editable draft,rejected,approved,expired,pending-review,provisionally-approved --deletable draft,rejected,approved,expired,pending-review,provisionally-approved --list-order sid
--
-- A statement never meets its own writes, wherever it reads.
--
\i sql/include/emulator.psql
\i sql/include/write.psql
\set VERBOSITY terse
ALTER FOREIGN TABLE supporting_documents OPTIONS (ADD page_size '10');
CREATE FOREIGN TABLE docs (sid text, friendly_name text, type text) SERVER emulator OPTIONS (page_size '10');
CREATE FUNCTION copies(pattern text) RETURNS TABLE (name text, number bigint) LANGUAGE sql AS $$
	SELECT friendly_name, count(*) FROM supporting_documents WHERE friendly_name LIKE pattern GROUP BY 1 ORDER BY 1
$$;
CREATE FUNCTION clean_up() RETURNS void LANGUAGE sql AS $$
	DELETE FROM supporting_documents WHERE friendly_name LIKE 'Own%'
$$;

-- Rows of other origin first, more than are sent at once.
INSERT INTO docs (friendly_name, type)
	SELECT 'Own local', 'passport' FROM generate_series(1, 100) i
	UNION ALL SELECT 'Own copy', type FROM supporting_documents;
SELECT * FROM copies('Own%');
SELECT clean_up();
-- ... and each row for itself.
WITH new AS (
	INSERT INTO docs (friendly_name, type)
		SELECT 'Own local', 'passport' FROM generate_series(1, 5) i
		UNION ALL SELECT 'Own copy', type FROM supporting_documents
		RETURNING friendly_name)
SELECT friendly_name, count(*) FROM new GROUP BY 1 ORDER BY 1;
SELECT * FROM copies('Own%');
SELECT clean_up();
-- As the scan may be read for nothing then, that is done only where something is written.
\! emu reset
INSERT INTO docs (friendly_name, type)
	SELECT 'Own', 'passport' FROM generate_series(1, 5) i WHERE i > 5
	UNION ALL SELECT 'Own', type FROM supporting_documents WHERE false;
\set total `emu count total`
SELECT :total;

-- ... and where something is read later.
SELECT min(sid) AS one FROM docs \gset
\! emu reset
UPDATE docs SET friendly_name = CASE WHEN type = 'none' THEN (SELECT max(friendly_name) FROM supporting_documents) ELSE 'Not own' END WHERE sid = :'one';
\! emu count list

-- In parts of the statement.
WITH new AS (INSERT INTO docs (friendly_name, type) VALUES ('Own 1', 'passport'), ('Own 2', 'passport') RETURNING sid)
SELECT (SELECT count(*) FROM new) AS new, count(*) AS all, count(*) FILTER (WHERE friendly_name LIKE 'Own%') AS own FROM supporting_documents;
WITH new AS (INSERT INTO docs (friendly_name, type) VALUES ('Own 3', 'passport') RETURNING sid)
SELECT count(*) FROM new JOIN supporting_documents USING (sid);
CREATE TABLE kept (friendly_name text);
WITH kept AS (INSERT INTO kept SELECT friendly_name FROM supporting_documents WHERE friendly_name LIKE 'Own%')
UPDATE docs SET friendly_name = 'Own changed' WHERE friendly_name LIKE 'Own%';
SELECT * FROM kept ORDER BY 1;
WITH changed AS (UPDATE docs SET friendly_name = 'Own again' WHERE friendly_name = 'Own changed' RETURNING sid)
SELECT friendly_name, count(*) FROM supporting_documents WHERE friendly_name LIKE 'Own%' AND (SELECT count(*) FROM changed) = 3 GROUP BY 1;
SELECT sid AS one FROM docs WHERE friendly_name = 'Own again' ORDER BY 1 LIMIT 1 \gset
WITH changed AS MATERIALIZED (UPDATE docs SET friendly_name = 'Own one' WHERE sid = :'one' RETURNING sid)
SELECT d.friendly_name FROM changed, supporting_documents d WHERE d.sid = :'one';
SELECT * FROM copies('Own%');
SELECT clean_up();
-- In a list of values.
INSERT INTO docs (friendly_name, type)
	SELECT 'Own first', 'passport' FROM generate_series(1, 70)
	UNION ALL VALUES ('Own, beside ' || (SELECT count(*) FROM supporting_documents), 'passport');
SELECT * FROM copies('Own%');
SELECT clean_up();

-- In functions, whatever they promise: no create is sent before the last row is there.
CREATE FUNCTION number_of_documents() RETURNS bigint VOLATILE LANGUAGE plpgsql AS $$
BEGIN
	RETURN (SELECT count(*) FROM supporting_documents);
END $$;
INSERT INTO docs (friendly_name, type)
	SELECT 'Own, beside ' || CASE WHEN i < 1 OR i = 140 THEN number_of_documents() ELSE 0 END, 'passport' FROM generate_series(0, 140) i;
SELECT * FROM copies('Own%');
SELECT clean_up();
ALTER FUNCTION number_of_documents STABLE;
INSERT INTO docs (friendly_name, type)
	SELECT 'Own, beside ' || CASE WHEN i < 1 OR i = 140 THEN number_of_documents() ELSE 0 END, 'passport' FROM generate_series(0, 140) i;
SELECT * FROM copies('Own%');
SELECT clean_up();
CREATE FUNCTION documents() RETURNS SETOF supporting_documents STABLE LANGUAGE sql AS 'SELECT * FROM supporting_documents';
INSERT INTO docs (friendly_name, type)
	SELECT 'Own local', 'passport' FROM generate_series(1, 100) i
	UNION ALL SELECT 'Own copy', type FROM documents();
SELECT * FROM copies('Own%');
SELECT clean_up();
-- ... and what is held beyond work_mem waits on disk.
SET work_mem = '64kB';
INSERT INTO docs (friendly_name, type)
	SELECT 'Own, with ' || number_of_documents(), 'passport' FROM generate_series(1, 5) a, generate_series(1, 300) b WHERE a < 3;
RESET work_mem;
SELECT * FROM copies('Own%');
SELECT clean_up();

-- A trigger on each row does see the rows before it, as it would in a local table.
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE NOTICE '%', (SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE 'Own%');
	RETURN NEW;
END $$;
CREATE TRIGGER look BEFORE INSERT ON docs FOR EACH ROW EXECUTE FUNCTION look();
INSERT INTO docs (friendly_name, type) VALUES ('Own 1', 'passport'), ('Own 2', 'passport'), ('Own 3', 'passport');
DROP TRIGGER look ON docs;
SELECT count(*) FROM supporting_documents;
