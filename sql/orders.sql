-- emulator: --documents 0 --bundles 400
--
-- Orders that the list of bundles is asked for: rows come in it, a LIMIT above it costs
-- one request, and an order that is not what was asked for is an error.
--
\i sql/include/filters.psql
-- by date_updated, both ways; an order that is longer is sorted on from there
EXPLAIN (COSTS OFF) SELECT sid FROM bundles ORDER BY date_updated DESC LIMIT 3;
SELECT (SELECT array_agg(date_updated) FROM (SELECT date_updated FROM bundles ORDER BY date_updated DESC LIMIT 3) a) =
       (SELECT array_agg(date_updated) FROM (SELECT date_updated FROM local_bundles ORDER BY date_updated DESC LIMIT 3) b);
\! sent -v
EXPLAIN (COSTS OFF) SELECT sid FROM bundles ORDER BY date_updated, sid;
SELECT (SELECT array_agg(sid) FROM (SELECT sid FROM bundles ORDER BY date_updated, sid) a) =
       (SELECT array_agg(sid) FROM (SELECT sid FROM local_bundles ORDER BY date_updated, sid) b);
\! sent -v
-- by valid_until only where no NULL is wanted, as it is not known where these come
EXPLAIN (COSTS OFF) SELECT sid FROM bundles ORDER BY valid_until LIMIT 3;
EXPLAIN (COSTS OFF) SELECT sid, valid_until FROM bundles WHERE valid_until > '2026-12-01Z' AND status = 'twilio-approved' ORDER BY valid_until LIMIT 3;
SELECT (SELECT array_agg(valid_until) FROM (SELECT valid_until FROM bundles WHERE valid_until > '2026-12-01Z' AND status = 'twilio-approved' ORDER BY valid_until LIMIT 3) a) =
       (SELECT array_agg(valid_until) FROM (SELECT valid_until FROM local_bundles WHERE valid_until > '2026-12-01Z' AND status = 'twilio-approved' ORDER BY valid_until LIMIT 3) b);
\! sent -v
-- not where there is more than the list above the scan, or the column is no time
EXPLAIN (COSTS OFF) SELECT friendly_name FROM bundles ORDER BY friendly_name;
-- over pages
ALTER FOREIGN TABLE bundles OPTIONS (ADD page_size '30');
SELECT count(*), bool_and(date_updated >= before) FROM (SELECT date_updated, lag(date_updated) OVER (ORDER BY date_updated) AS before FROM bundles) a WHERE before IS NOT NULL;
\! sent
-- a prepared statement whose LIMIT is a parameter
PREPARE newest(integer) AS SELECT sid FROM bundles ORDER BY date_updated DESC LIMIT $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE newest(0);
SELECT count(*) FROM bundles WHERE false;
\! sent
-- what is sorted otherwise than asked is an error, unless all is sorted here anyway
\set VERBOSITY terse
\! emu option sort=wrong
SELECT count(*) FROM (SELECT sid FROM bundles ORDER BY date_updated DESC LIMIT 50) a;
-- ... also between rows that a condition leaves out here
SELECT sid FROM bundles WHERE friendly_name LIKE 'no such name %' ORDER BY date_updated DESC LIMIT 50;
\! emu option sort=ignored
SELECT count(*) FROM (SELECT sid FROM bundles ORDER BY date_updated LIMIT 50) a;
SELECT count(*) FROM bundles;
\! emu option sort=right
SELECT count(*) FROM (SELECT sid FROM bundles ORDER BY date_updated LIMIT 50) a;
