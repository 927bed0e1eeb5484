-- emulator: --documents 20 --bundles 20
--
-- A condition on what the API never answers is refused when the statement is
-- planned, wherever it stands; elsewhere such a column is NULL.
--
\i sql/include/emulator.psql
\set VERBOSITY terse
SET client_min_messages = warning;
DROP TABLE IF EXISTS countries;
CREATE TABLE countries (code text);
CREATE VIEW blind_view AS SELECT sid, iso_country AS country, status FROM bundles;
CREATE VIEW limited AS SELECT sid, is_test FROM bundles LIMIT 5;
RESET client_min_messages;
\! emu reset
\set VERBOSITY default
SELECT sid FROM bundles WHERE iso_country = 'DE';
\set VERBOSITY terse
SELECT sid FROM bundles WHERE is_test;
SELECT sid FROM bundles WHERE is_test IS NULL;
SELECT sid FROM bundles WHERE coalesce(number_type, 'local') = 'local' OR status = 'draft';
SELECT b.sid FROM bundles b JOIN countries c ON c.code = b.iso_country;
SELECT b.sid FROM bundles b LEFT JOIN countries c ON c.code = b.iso_country;
SELECT a.sid FROM bundles a JOIN bundles b USING (iso_country);
SELECT sid FROM blind_view WHERE country = 'DE';
SELECT sid FROM limited WHERE is_test;
SELECT s.n FROM (SELECT iso_country, count(*) AS n FROM bundles GROUP BY 1) s WHERE s.iso_country = 'DE';
SELECT status FROM bundles GROUP BY status HAVING bool_or(is_test);
SELECT count(*) FILTER (WHERE is_test) FROM bundles;
WITH w AS MATERIALIZED (SELECT sid, end_user_type FROM bundles) SELECT sid FROM w WHERE end_user_type = 'business';
SELECT * FROM (SELECT iso_country FROM bundles UNION ALL SELECT code FROM countries) u WHERE iso_country = 'DE';
SELECT code FROM countries WHERE code IN (SELECT iso_country FROM bundles);
SELECT code FROM countries c WHERE EXISTS (SELECT FROM bundles b WHERE b.iso_country = c.code);
SELECT code FROM countries WHERE code = (SELECT max(iso_country) FROM bundles);
SELECT d.sid FROM supporting_documents d WHERE d.file IS NOT NULL;
UPDATE bundles SET email = 'x@example.com' WHERE is_test;
DELETE FROM bundles WHERE iso_country = 'DE';
PREPARE p AS SELECT sid FROM bundles WHERE iso_country = $1;
EXECUTE p ('DE');
EXPLAIN SELECT sid FROM bundles WHERE iso_country = 'DE';
WITH RECURSIVE r(sid, code) AS (SELECT sid, iso_country FROM bundles UNION ALL SELECT r.sid, r.code FROM r WHERE r.code = 'DE') SELECT count(*) FROM r;
SELECT c.code FROM countries c, LATERAL (SELECT FROM bundles b WHERE b.iso_country = c.code OFFSET 0) a;
MERGE INTO countries USING bundles b ON b.iso_country = code WHEN MATCHED THEN DELETE;
MERGE INTO countries USING bundles b ON b.sid = code WHEN MATCHED AND b.is_test THEN DELETE;
-- ... in a function that is put in the place of its call
CREATE FUNCTION of_countries() RETURNS SETOF text STABLE LANGUAGE sql AS 'SELECT b.sid FROM bundles b JOIN countries c ON c.code = b.iso_country';
SELECT count(*) FROM of_countries();
DROP FUNCTION of_countries();
CREATE FUNCTION of_countries() RETURNS SETOF text STABLE LANGUAGE sql AS 'SELECT max(friendly_name) FROM bundles HAVING max(iso_country) = ''DE''';
SELECT * FROM of_countries();
DROP FUNCTION of_countries();
CREATE FUNCTION of_countries() RETURNS SETOF bigint STABLE LANGUAGE sql AS 'SELECT count(*) FILTER (WHERE is_test) FROM bundles';
SELECT * FROM of_countries();
DROP FUNCTION of_countries();
-- ... in rows that are made of it
SELECT count(*) FROM bundles b, LATERAL (VALUES (b.sid), (b.iso_country)) v(value) WHERE value = 'DE';
-- ... and in "no column is NULL"
SELECT count(*) FROM bundles b WHERE b IS NOT NULL;
SELECT count(*) FROM countries c LEFT JOIN supporting_documents d ON d.sid = c.code WHERE d IS NOT NULL;
SELECT count(*) FROM countries c LEFT JOIN supporting_documents d ON d.sid = c.code WHERE d IS NULL;
-- ... in a table's policy
CREATE ROLE regress_blind;
GRANT SELECT ON countries, bundles TO regress_blind;
ALTER TABLE countries ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON countries USING (code IN (SELECT iso_country FROM bundles));
SET ROLE regress_blind;
SELECT count(*) FROM countries;
RESET ROLE;
DROP POLICY known ON countries;
ALTER TABLE countries DISABLE ROW LEVEL SECURITY;
DROP OWNED BY regress_blind;
DROP ROLE regress_blind;
-- ... and on the parent of partitions
CREATE TABLE accounts (account_sid text, iso_country text, is_test boolean, sid text) PARTITION BY LIST (account_sid);
CREATE FOREIGN TABLE one_account PARTITION OF accounts DEFAULT SERVER emulator OPTIONS (resource 'bundles');
SELECT sid FROM accounts WHERE iso_country = 'DE';
SELECT sid FROM accounts JOIN countries ON code = iso_country;
SELECT count(*) FILTER (WHERE is_test) FROM accounts;
\! sent
--
-- The first statement of a session loads the module when its planning is under way.
--
\c
SELECT b.sid FROM bundles b JOIN countries c ON c.code = b.iso_country;
\c
SELECT status FROM bundles GROUP BY status HAVING bool_or(is_test);
\c
SELECT code FROM countries WHERE code IN (SELECT iso_country FROM bundles);
\c
SELECT code FROM countries WHERE code = (SELECT max(iso_country) FROM bundles);
\c
SELECT sid, (SELECT max(c.code) FROM countries c WHERE c.code = b.iso_country) FROM bundles b;
\c
SELECT sid FROM bundles b WHERE (SELECT count(*) FROM countries c WHERE c.code = b.iso_country) > 0;
\c
SELECT * FROM (SELECT iso_country FROM bundles UNION ALL SELECT code FROM countries) u WHERE iso_country = 'DE';
\c
WITH w AS MATERIALIZED (SELECT sid, end_user_type FROM bundles) SELECT sid FROM w WHERE end_user_type = 'business';
\c
SELECT count(*) FILTER (WHERE is_test) FROM bundles;
\c
SELECT count(*) FILTER (WHERE is_test) FROM accounts;
\! sent
\c
SELECT count(*), count(iso_country) FROM bundles WHERE status::text = 'draft';
SELECT count(*), count(is_test) FROM accounts;
-- what is no condition
SELECT count(*), count(iso_country), bool_or(is_test) FROM bundles;
SELECT count(*) FROM (SELECT DISTINCT iso_country FROM bundles ORDER BY 1) a;
SELECT count(*) FROM blind_view WHERE status IS NOT NULL;
SELECT count(*) FROM (SELECT sid, CASE WHEN is_test THEN 1 END FROM bundles) a;
-- the same names in regulations are answered
SELECT count(*) > 0 FROM bundles b JOIN regulations r ON r.sid = b.regulation_sid WHERE r.iso_country IS NOT NULL;
DROP VIEW blind_view, limited;
DROP TABLE accounts;
