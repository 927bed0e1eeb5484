-- emulator: --documents 5 --upload-omits-fields on
\i sql/include/emulator.psql
\i sql/include/write.psql
\set VERBOSITY terse
CREATE TABLE files (name text, content bytea);
-- Real ones, small.
INSERT INTO files VALUES
	('png', decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')),
	('jpeg', decode('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=', 'base64')),
	('pdf', convert_to(E'%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n', 'UTF8'));

-- Bytes, type and name of what is sent, with the other fields; the answer.
INSERT INTO supporting_documents (friendly_name, type, attributes, file)
	SELECT 'File ' || name, 'passport', '{"a": 1.0}', content FROM files WHERE name = 'png'
	RETURNING friendly_name, mime_type, status, attributes, failure_reason, file;
\set requests `emu get requests?n=1`
SELECT kind, status, parameters, file->>'name' AS name, file->>'content_type' AS type,
	file->>'sha256' = (SELECT encode(sha256(content), 'hex') FROM files WHERE name = 'png') AS bytes FROM sent(:'requests');
INSERT INTO supporting_documents (friendly_name, type, file)
	SELECT 'File ' || name, 'passport', content FROM files WHERE name = 'jpeg';
\set requests `emu get requests?n=1`
SELECT kind, status, parameters, file->>'name' AS name, file->>'content_type' AS type,
	file->>'sha256' = (SELECT encode(sha256(content), 'hex') FROM files WHERE name = 'jpeg') AS bytes FROM sent(:'requests');
INSERT INTO supporting_documents (friendly_name, type, file)
	SELECT 'File ' || name, 'passport', content FROM files WHERE name = 'pdf';
\set requests `emu get requests?n=1`
SELECT kind, status, parameters, file->>'name' AS name, file->>'content_type' AS type,
	file->>'sha256' = (SELECT encode(sha256(content), 'hex') FROM files WHERE name = 'pdf') AS bytes FROM sent(:'requests');
SELECT friendly_name, mime_type, file FROM supporting_documents WHERE friendly_name LIKE 'File %' ORDER BY 1;

-- Many at once.
INSERT INTO supporting_documents (friendly_name, type, file)
	SELECT name || i, 'passport', content FROM files, generate_series(1, 30) i;
SELECT mime_type, count(*) FROM supporting_documents WHERE friendly_name ~ '^[a-z]+[0-9]+$' GROUP BY 1 ORDER BY 1;

-- An update of the file alone, and of more.
UPDATE supporting_documents SET file = (SELECT content FROM files WHERE name = 'pdf') WHERE friendly_name = 'File png' RETURNING mime_type, attributes;
\set requests `emu get requests?n=1`
SELECT kind, status, parameters, file->>'content_type' AS type FROM sent(:'requests');
UPDATE supporting_documents SET file = (SELECT content FROM files WHERE name = 'png'), friendly_name = 'File two' WHERE friendly_name = 'File png';
\set requests `emu get requests?n=1`
SELECT kind, status, parameters, file->>'content_type' AS type FROM sent(:'requests');
-- An update without a file sends none.
UPDATE supporting_documents SET friendly_name = 'File three' WHERE friendly_name = 'File two';
\set requests `emu get requests?n=1`
SELECT kind, status, parameters, file FROM sent(:'requests');

-- The size limit.
\! emu reset
INSERT INTO supporting_documents (friendly_name, type, file)
	SELECT 'Largest', 'passport', content || decode(repeat('00', 5 * 1024 * 1024 - length(content)), 'hex') FROM files WHERE name = 'png' RETURNING mime_type;
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type, file)
	SELECT 'x', 'passport', content || decode(repeat('00', 5 * 1024 * 1024 + 1 - length(content)), 'hex') FROM files WHERE name = 'png'$$);

-- A batch that is large: it is sent piece by piece.
INSERT INTO files SELECT 'large', content || decode(repeat('00', 4900000), 'hex') FROM files WHERE name = 'png';
INSERT INTO supporting_documents (friendly_name, type, file)
	SELECT 'Batch ' || i, 'passport', content FROM files, generate_series(1, 64) i WHERE name = 'large';
SELECT mime_type, count(*) FROM supporting_documents WHERE friendly_name LIKE 'Batch%' GROUP BY 1;
-- Changes wait until all rows were read: on disk, as they are more than work_mem.
UPDATE supporting_documents SET file = content, friendly_name = 'Changed ' || friendly_name FROM files WHERE friendly_name LIKE 'Batch%' AND name = 'large';
\set requests `emu get requests?n=64`
SELECT count(*), count(DISTINCT r->>'parameters') AS names, count(DISTINCT r->'file'->>'sha256') AS files,
		bool_and(r->'file'->>'sha256' = (SELECT encode(sha256(content), 'hex') FROM files WHERE name = 'large')) AS same
	FROM json_array_elements(:'requests'::json) r WHERE r->>'kind' = 'update';
SELECT mime_type, count(*) FROM supporting_documents WHERE friendly_name LIKE 'Changed Batch%' GROUP BY 1;
DELETE FROM files WHERE name = 'large';

-- Files that only pretend.
CREATE FUNCTION try(content bytea) RETURNS text LANGUAGE sql AS $$
	SELECT state || ' ' || message FROM tell(format('INSERT INTO supporting_documents (friendly_name, type, file) VALUES (%L, %L, %L)', 'x', 'passport', content))
$$;
SELECT name, try(content) FROM (VALUES
	(1, 'empty', ''::bytea),
	(2, 'text', 'passport.png'),
	(3, 'png in name only', '\x89504e47'),
	(4, 'png signature alone', '\x89504e470d0a1a0a'),
	(5, 'png without header', '\x89504e470d0a1a0a0000000d49444154000000000000000000000000000000000000'),
	(6, 'png after text mode', '\x89504e470a1a0a0000000d49484452000000010000000108060000001f15c489'),
	(7, 'jpeg start alone', '\xffd8ff'),
	(8, 'jpeg of no marker', '\xffd8ff0000104a46494600010101004800480000ffd9'),
	(9, 'jpeg of no length', '\xffd8ffe000004a46494600010101004800480000ffd9'),
	(10, 'jpeg that goes nowhere', '\xffd8ffe000104a46494600010101004800480000aaaa'),
	(11, 'jpeg that is cut', '\xffd8ffe000104a464946'),
	(12, 'pdf later on', convert_to(E'\n%PDF-1.4\n', 'UTF8')),
	(13, 'pdf without version', '%PDF-'),
	(14, 'pdf of no version', '%PDF-x.y'),
	(15, 'gif', 'GIF89a'),
	(16, 'html', '<html>%PDF-1.4</html>'),
	(17, 'executable', '\x4d5a90000300000004000000ffff0000b8000000')) v(n, name, content) ORDER BY n;
\set creates `emu count create`
SELECT :creates AS "only those before";

-- The API does not take it: an error that names the document.
\! emu fault action=empty_mime path=create
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type, file) SELECT 'Not taken', 'passport', content FROM files WHERE name = 'jpeg'$$);
SELECT friendly_name, mime_type FROM supporting_documents WHERE friendly_name = 'Not taken';
\! emu fault action=drop_fields fields=mime_type path=create
SELECT * FROM tell($$INSERT INTO supporting_documents (friendly_name, type, file) SELECT 'Not told', 'passport', content FROM files WHERE name = 'jpeg'$$);
\! emu fault action=empty_mime path=update
SELECT * FROM tell($$UPDATE supporting_documents SET file = content FROM files WHERE name = 'jpeg' AND friendly_name = 'File three'$$);
-- Without a file nobody asks.
\! emu fault action=drop_fields fields=mime_type path=create
INSERT INTO supporting_documents (friendly_name, type) VALUES ('No file', 'passport') RETURNING mime_type;
