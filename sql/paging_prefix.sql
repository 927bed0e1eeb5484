-- emulator: --documents 25 --token-style offset --token-encoding escaped --base-path /gateway/v1 --absolute-next-url-host elsewhere.example.com --gzip --list-order sid
--
-- Pages behind a path prefix: tokens end in "%3D%3D", links name a host that is not
-- the server's, answers are compressed.
--
\i sql/include/emulator.psql
\set base_url :emulator_url '/gateway/v1'
ALTER SERVER emulator OPTIONS (SET base_url :'base_url');
\i sql/include/helpers.psql
\pset format unaligned
\pset tuples_only on
\set theirs `emu get digest`
ALTER FOREIGN TABLE plain OPTIONS (ADD page_size '10');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! emu get last | grep -oE '"(path|query)":"[^"]*"'
\! sent -v
-- what goes with each request
\! emu reset
SELECT count(*) FROM plain;
\! emu get 'requests?n=0' | grep -c '"authorization":"valid"'
\! emu get 'requests?n=0' | grep -c '"Accept-Encoding":"[^"]*gzip'
\! emu get 'requests?n=0' | grep -c '"Host":"127.0.0.1:'
\! emu get 'requests?n=0' | grep -cE '"User-Agent":"regdocs_fdw/1.0 \(PostgreSQL [0-9.]+[^;]*; libcurl [0-9.]+[^;]*\)"'
-- the statement needed no new connection
\! emu get counters/connections
\! sent
-- fetches have the prefix, too; a slash at the end of base_url makes no difference
SELECT pg_temp.name(sid) FROM plain WHERE sid = pg_temp.sid(0);
\! emu get last | grep -oE '"path":"[^"]*/'
\set base_url :base_url '/'
ALTER SERVER emulator OPTIONS (SET base_url :'base_url');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
SELECT pg_temp.name(sid) FROM plain WHERE sid = pg_temp.sid(0);
\! sent
-- without the prefix nothing is found, and that is no empty list
ALTER SERVER emulator OPTIONS (SET base_url :'emulator_url');
SELECT pg_temp.attempt('SELECT count(*) FROM plain');
\! sent
