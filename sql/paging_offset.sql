-- emulator: --documents 25 --token-style offset --empty-last-page --meta-first --param-order varied
--
-- Pages by offset tokens, which end in "==", with an empty page after a full last
-- one, "meta" before "results", and parameters in changing order.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset tuples_only on
\set theirs `emu get digest`
ALTER FOREIGN TABLE plain OPTIONS (ADD page_size '10');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
-- the token is sent back as it came
\! emu fault action=slow skip=1
SELECT count(*) FROM plain;
\! emu get last | grep -o 'PageToken=[^&"]*'
\! sent
-- a full last page is not the end: the empty one after it is
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '5');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '25');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '10');
-- a document in front of the walk goes away: one is skipped, which nobody can know
BEGIN;
DECLARE c CURSOR FOR SELECT sid FROM plain;
MOVE 1 IN c;
\! curl -s -X DELETE "$EMULATOR_URL/_emulator/document?index=0"
MOVE ALL IN c;
COMMIT;
-- rows that come again on the next page are dropped, and so they are on those after
-- it: here each page has but one document that was not on the page before
\set theirs `emu get digest`
\! emu fault action=doubled rows=9 count=0
SELECT pg_temp.digest('plain') = :'theirs' AS equal, (SELECT count(*) FROM plain);
\! emu clear
-- what looks like the link to a page, but is in a document, is none: that page, the
-- last and empty one, is still to come
\! emu reset
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '8');
SELECT count(*) FROM plain;
\! emu post document index=14 raw='{"sid":"RD00000000000000000000000000000014","attributes":{"next_page_url":"?'$(emu get 'requests?n=0' | grep -oE 'PageToken=[^&"]*' | sed -n 3p)'"}}'
\! emu reset
SELECT count(*) FROM plain;
\! emu post document index=14
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '10');
-- a page that was already read
\! emu reset && emu fault action=repeat_token skip=1
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! sent
