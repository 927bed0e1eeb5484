-- emulator: --documents 25
--
-- Columns: any of the fields, in any order, by any name, and what is no field.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset null NULL
-- a part of the fields in another order
CREATE FOREIGN TABLE a_few (url text, status text, sid text) SERVER emulator;
SELECT count(*), count(*) FILTER (WHERE s.url LIKE '%/' || s.sid AND s.status = p.status) AS right FROM a_few s JOIN plain p USING (sid);
-- without the sid, and without any column
CREATE FOREIGN TABLE nameless (type text) SERVER emulator;
SELECT count(*), count(type) FROM nameless;
CREATE FOREIGN TABLE nothing () SERVER emulator;
SELECT count(*) FROM nothing;
SELECT FROM nothing LIMIT 2;
\! sent
-- renamed, one field in several columns, a field's name for another field
CREATE FOREIGN TABLE renamed (
    "Sid of it" text OPTIONS (column_name 'sid'),
    again varchar OPTIONS (column_name 'sid'),
    type text OPTIONS (column_name 'status'),
    status text OPTIONS (column_name 'type')
) SERVER emulator;
SELECT count(*) FILTER (WHERE "Sid of it" = again AND r.type = p.status AND r.status = p.type) AS right
FROM renamed r JOIN plain p ON p.sid = r.again;
SELECT count(*) FROM renamed WHERE "Sid of it" = pg_temp.sid(1);
SELECT count(*) FROM renamed WHERE again = pg_temp.sid(1);
\! sent
-- a renamed column is another field, or none, unless it says which
ALTER FOREIGN TABLE a_few RENAME COLUMN sid TO number;
SELECT pg_temp.attempt('SELECT * FROM a_few');
ALTER FOREIGN TABLE a_few ALTER COLUMN number OPTIONS (ADD column_name 'sid');
SELECT count(number) FROM a_few WHERE number = pg_temp.sid(1);
\! sent
-- dropped and added ones
ALTER FOREIGN TABLE a_few DROP COLUMN url, ADD COLUMN type text;
SELECT count(number), count(status), count(type) FROM a_few;
SELECT count(s.*) FROM a_few s WHERE (s.*).type IS NOT NULL;
\! sent
-- the file cannot be read, and asking for it sends nothing more
CREATE FOREIGN TABLE files (sid text, file bytea, content bytea OPTIONS (column_name 'file')) SERVER emulator;
SELECT count(*), count(file), count(content) FROM files;
SELECT count(*) FROM files WHERE file IS NULL AND sid = pg_temp.sid(1);
\! sent
-- the whole document, in any of its types, and fields of it that no column shows
CREATE FOREIGN TABLE documents (sid text, document jsonb, whole text OPTIONS (column_name 'document')) SERVER emulator;
SELECT count(*) FILTER (WHERE d.document = d.whole::jsonb AND d.document ->> 'sid' = d.sid AND d.document ->> 'type' = p.type) AS right
FROM documents d JOIN plain p USING (sid);
SELECT array_agg(key ORDER BY key) FROM documents, jsonb_object_keys(document) key WHERE sid = pg_temp.sid(1);
\! sent
-- defaults, NOT NULL and checks are this side's, and do not matter to reading; a
-- generated column would have to be a field, too
CREATE FOREIGN TABLE declared (
    sid text NOT NULL,
    type text DEFAULT 'unknown',
    file bytea NOT NULL,
    length integer GENERATED ALWAYS AS (length(sid)) STORED,
    CONSTRAINT long CHECK (length(sid) = 1)
) SERVER emulator;
SELECT pg_temp.attempt('SELECT * FROM declared');
ALTER FOREIGN TABLE declared DROP COLUMN length;
SELECT count(*), count(sid), array_agg(DISTINCT file) AS file FROM declared;
\! sent
-- what is no field: an error of the first use, with what there is, and no request
CREATE FOREIGN TABLE wrong (sid text, "Status" text) SERVER emulator;
SELECT pg_temp.attempt('SELECT sid FROM wrong');
SELECT pg_temp.attempt('EXPLAIN SELECT sid FROM wrong');
ALTER FOREIGN TABLE wrong ALTER COLUMN "Status" OPTIONS (ADD column_name 'state');
ALTER FOREIGN TABLE wrong ALTER COLUMN "Status" OPTIONS (ADD column_name 'machine_name');
SELECT pg_temp.attempt('SELECT sid FROM wrong');
ALTER FOREIGN TABLE wrong ALTER COLUMN "Status" OPTIONS (SET column_name '');
SELECT pg_temp.attempt('SELECT sid FROM wrong');
ALTER FOREIGN TABLE wrong ALTER COLUMN "Status" OPTIONS (SET column_name 'status ');
SELECT left(pg_temp.attempt('SELECT sid FROM wrong'), 5);
ALTER FOREIGN TABLE wrong ALTER COLUMN "Status" OPTIONS (SET column_name 'status');
SELECT pg_temp.attempt('SELECT sid FROM wrong');
\! sent
-- types that cannot hold what the field has
CREATE FOREIGN TABLE wrong_json (attributes integer) SERVER emulator;
SELECT pg_temp.attempt('SELECT * FROM wrong_json');
CREATE FOREIGN TABLE wrong_errors (errors text[]) SERVER emulator;
SELECT pg_temp.attempt('SELECT * FROM wrong_errors');
CREATE FOREIGN TABLE wrong_document (document xml) SERVER emulator;
SELECT pg_temp.attempt('SELECT * FROM wrong_document');
CREATE FOREIGN TABLE wrong_file (file text) SERVER emulator;
SELECT pg_temp.attempt('SELECT * FROM wrong_file');
\! sent
-- inheritance: rows of parent and child in one scan
CREATE TABLE parent (sid text, type text);
INSERT INTO parent VALUES ('local', 'local');
CREATE FOREIGN TABLE child () INHERITS (parent) SERVER emulator;
SELECT count(*), count(*) FILTER (WHERE tableoid = 'child'::regclass) AS foreign_ones FROM parent;
SELECT count(*) FROM parent WHERE sid IN ('local', pg_temp.sid(1));
\! sent
-- partitions with a pruned one: what is not scanned is not asked for
CREATE TABLE partitioned (sid text, status text, type text) PARTITION BY LIST (status);
CREATE TABLE local_ones PARTITION OF partitioned FOR VALUES IN ('local');
CREATE FOREIGN TABLE others PARTITION OF partitioned DEFAULT SERVER emulator;
INSERT INTO partitioned VALUES ('x', 'local', 'local');
SELECT count(*) FROM partitioned WHERE status = 'local';
\! sent
SELECT count(*) FROM partitioned;
\! sent
DROP TABLE parent, partitioned CASCADE;
