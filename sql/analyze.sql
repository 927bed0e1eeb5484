-- emulator: --documents 5000
--
-- ANALYZE: reads the list once, and its sample is a fair one.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\i sql/include/compare.psql
\pset tuples_only on
\pset format unaligned
CREATE FUNCTION pg_temp.tuples(rel regclass) RETURNS real LANGUAGE sql AS
$$ SELECT reltuples FROM pg_class WHERE oid = rel $$;
SELECT pg_temp.tuples('supporting_documents');
ANALYZE supporting_documents;
\! sent
SELECT pg_temp.tuples('supporting_documents');
-- 5,000 rows are less than the 30,000 of the default sample: the statistics are the truth.
SELECT count(*), bool_and(s.freq = t.freq)
FROM (SELECT v.value, v.freq::real FROM pg_stats, unnest(most_common_vals::text::text[], most_common_freqs) v (value, freq)
      WHERE tablename = 'supporting_documents' AND attname = 'status') s
JOIN (SELECT status::text, (count(*) / 5000.0)::real AS freq FROM copied GROUP BY 1) t ON t.status = s.value;
SELECT attname, n_distinct, null_frac = (CASE attname WHEN 'failure_reason' THEN (SELECT avg((failure_reason IS NULL)::integer)::real FROM copied) ELSE 0 END)
FROM pg_stats WHERE tablename = 'supporting_documents' AND attname IN ('sid', 'status', 'account_sid', 'failure_reason') ORDER BY 1;
-- What cannot be read has no statistics but that it is NULL, and no harm comes of it.
SELECT attname, null_frac FROM pg_stats WHERE tablename = 'supporting_documents' AND attname = 'file';
-- VERBOSE says what was read.
\setenv PGDATABASE :DBNAME
\! psql -Xqc 'ANALYZE (VERBOSE) supporting_documents' 2>&1 | grep contains
-- Some columns alone.
\! emu reset
ANALYZE plain (status, type);
\! sent
SELECT attname FROM pg_stats WHERE tablename = 'plain' ORDER BY 1;
--
-- A sample smaller than the list: 300 of 5,000
--
CREATE FOREIGN TABLE sampled (sid text, status text, date_created timestamptz) SERVER emulator;
ALTER FOREIGN TABLE sampled ALTER sid SET STATISTICS 1, ALTER status SET STATISTICS 1, ALTER date_created SET STATISTICS 1;
\! psql -Xqc 'ANALYZE (VERBOSE) sampled' 2>&1 | grep contains
\! sent
SELECT pg_temp.tuples('sampled');
-- The most common status, and its frequency within six standard deviations.
SELECT status, abs(frequency - freq) < 6 * sqrt(freq * (1 - freq) / 300)
FROM (SELECT (most_common_vals::text::text[])[1] AS status, most_common_freqs[1] AS frequency
      FROM pg_stats WHERE tablename = 'sampled' AND attname = 'status') s
JOIN (SELECT status::text, count(*) / 5000.0 AS freq FROM copied GROUP BY 1) t USING (status);
-- Head, middle and tail of the list have the same chance: it is in the order of date_created, of
-- which the histogram therefore tells where in the list the sample came from.  1,500 of 5,000.
SELECT bool_and(index = rank) FROM (SELECT index, row_number() OVER (ORDER BY date_created, index) - 1 AS rank FROM copied) r;
ALTER FOREIGN TABLE sampled ALTER date_created SET STATISTICS 5;
ANALYZE sampled;
\! sent
SELECT h.n, abs(avg(c.index) / 5000 - h.n / 5.0) < 0.07
FROM pg_stats, unnest(histogram_bounds::text::timestamptz[]) WITH ORDINALITY b (bound, number),
    LATERAL (SELECT number - 1 AS n) h, copied c
WHERE tablename = 'sampled' AND attname = 'date_created' AND c.date_created = bound
GROUP BY h.n ORDER BY h.n;
-- It is another sample each time.
CREATE TEMP TABLE earlier AS SELECT histogram_bounds::text FROM pg_stats WHERE tablename = 'sampled' AND attname = 'date_created';
ANALYZE sampled;
SELECT histogram_bounds::text <> (SELECT histogram_bounds FROM earlier) FROM pg_stats WHERE tablename = 'sampled' AND attname = 'date_created';
\! emu reset
--
-- Below a parent: each child has its share of the sample.  5,000 documents and 2,500 rows,
-- which are a third, and of which a page holds some less.
--
CREATE TABLE parent (sid text, status text, date_created timestamptz);
ALTER TABLE parent ALTER status SET STATISTICS 10, ALTER sid SET STATISTICS 1, ALTER date_created SET STATISTICS 1;
CREATE TABLE child () INHERITS (parent);
INSERT INTO child SELECT sid, 'local', date_created FROM copied WHERE index < 2500;
ALTER FOREIGN TABLE sampled INHERIT parent;
ANALYZE child;
ANALYZE parent;
-- From 18 on, PostgreSQL samples the children for themselves as well.
\set lists `emu count list`
SELECT :lists = 5 * (1 + (current_setting('server_version_num')::integer >= 180000)::integer) AS equal;
\! emu reset
SELECT inherited, f.value, f.freq BETWEEN 0.2 AND 0.55
FROM pg_stats, unnest(most_common_vals::text::text[], most_common_freqs) f (value, freq)
WHERE tablename = 'parent' AND attname = 'status' AND f.value = 'local';
ALTER FOREIGN TABLE sampled NO INHERIT parent;
DROP TABLE child, parent;
--
-- A list that is broken: an error, and the statistics stay
--
\! emu fault action=wrong_shape variant=empty-object count=0
SELECT pg_temp.failure('ANALYZE plain');
\! emu clear
\! emu fault action=status status=401 skip=2
SELECT pg_temp.failure('ANALYZE plain');
\! emu clear
SELECT pg_temp.tuples('plain');
-- documents that cannot be converted are left out of the sample, and it is said
CREATE FOREIGN TABLE strict (sid text, status regdocs_status) SERVER emulator;
\! emu post review index=17 status=unheard-of
\! emu post review index=4017 status=unheard-of
ANALYZE strict;
SELECT sid AS first FROM copied WHERE index = 17;
SELECT pg_temp.tuples('strict');
-- whatever their conversion runs
CREATE FUNCTION check_status(value text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF value = 'unheard-of' THEN
        RAISE EXCEPTION 'not a status' USING ERRCODE = 'check_violation';
    END IF;
    RETURN true;
END
$$;
CREATE DOMAIN own_status AS text CHECK (check_status(VALUE));
CREATE FOREIGN TABLE own (sid text, status own_status) SERVER emulator;
\set VERBOSITY terse
ANALYZE own;
\set VERBOSITY default
SELECT pg_temp.tuples('own'), count(*) FROM pg_stats WHERE tablename = 'own';
DROP FOREIGN TABLE own;
DROP DOMAIN own_status;
DROP FUNCTION check_status;
-- less loud where that is wanted
ALTER FOREIGN TABLE strict OPTIONS (ADD on_error 'ignore');
\! psql -Xq -v VERBOSITY=terse -c 'ANALYZE (VERBOSE) strict' 2>&1 | grep document
SELECT pg_temp.tuples('strict');
\! emu reset
--
-- Whoever runs it, the list is read with the owner's mapping.
--
CREATE ROLE regress_regdocs_owner;
GRANT ALL ON SCHEMA public TO regress_regdocs_owner;
ALTER FOREIGN TABLE strict OWNER TO regress_regdocs_owner;
CREATE USER MAPPING FOR regress_regdocs_owner SERVER emulator
    OPTIONS (account_sid :'emulator_account_sid', auth_token 'wrong');
SELECT pg_temp.failure('ANALYZE strict');
ALTER USER MAPPING FOR regress_regdocs_owner SERVER emulator OPTIONS (SET auth_token :'emulator_auth_token');
DROP USER MAPPING FOR PUBLIC SERVER emulator;
\set VERBOSITY terse
ANALYZE strict;
SELECT pg_temp.tuples('strict');
SELECT pg_temp.failure('SELECT * FROM strict');
-- whoever may not, reads nothing
CREATE ROLE regress_regdocs_other;
\! emu reset
SET ROLE regress_regdocs_other;
SET client_min_messages = error;
ANALYZE strict;
RESET client_min_messages;
RESET ROLE;
\! sent
DROP FOREIGN TABLE strict;
DROP USER MAPPING FOR regress_regdocs_owner SERVER emulator;
REVOKE ALL ON SCHEMA public FROM regress_regdocs_owner;
DROP ROLE regress_regdocs_owner, regress_regdocs_other;
