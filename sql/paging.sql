-- emulator: --documents 25
--
-- Pages: how the list is walked, and what ends the walk with an error.  Tokens are
-- of the keyset kind here; "paging_offset" and "paging_prefix" have the others.
--
\i sql/include/emulator.psql
\i sql/include/helpers.psql
\pset format unaligned
\pset tuples_only on
\set theirs `emu get digest`
--
-- Page sizes
--
-- the table's goes before the server's; the last page is a part of one
ALTER SERVER emulator OPTIONS (ADD page_size '20');
ALTER FOREIGN TABLE plain OPTIONS (ADD page_size '10');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
SELECT count(*) FROM supporting_documents;
\! sent -v
ALTER SERVER emulator OPTIONS (DROP page_size);
-- the list is a multiple of the page, one page exactly, one document more
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '5');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '25');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '24');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
-- one document a page
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '1');
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
SELECT array_agg(pg_temp.name(sid)) AS names FROM plain;
\! sent
ALTER FOREIGN TABLE plain OPTIONS (SET page_size '10');
--
-- Where the next page is: of next_page_url the query counts, and nothing else of it
--
\! emu fault action=foreign_next count=0
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent -v
\! emu clear && emu fault action=foreign_next location=http://user:password@127.0.0.1:1/v2 count=0
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! emu clear && emu fault action=foreign_next location=//127.0.0.1:1/_emulator/../ count=0
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! emu clear && emu fault action=foreign_next location= count=0
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
\! emu clear
-- one without a query leads nowhere
\! emu fault action=no_next_query
SELECT pg_temp.attempt('SELECT count(*) FROM plain');
\! sent
-- a page that was already read: this one, an earlier one, the first one
\! emu fault action=repeat_token skip=1
SELECT pg_temp.attempt('SELECT count(*) FROM plain');
\! sent
\! emu fault action=repeat_token skip=2
SELECT pg_temp.attempt('SELECT count(*) FROM plain');
\! sent
\! emu fault action=repeat_token skip=2 which=first
SELECT pg_temp.attempt('SELECT count(*) FROM plain');
\! sent
-- characters that a query cannot have do not get into a request
\! emu fault action=garbage message='{"results":[],"meta":{"next_page_url":"https://x/?PageToken=a b\r\nHost: y"}}'
SELECT pg_temp.attempt('SELECT count(*) FROM plain');
\! emu fault action=garbage message='{"results":[],"meta":{"next_page_url":"?PageToken=\ud800"}}'
SELECT pg_temp.attempt('SELECT count(*) FROM plain');
\! emu fault action=garbage message='{"results":[],"meta":{"next_page_url":""}}'
SELECT pg_temp.attempt('SELECT count(*) FROM plain');
-- nor does a link that is longer than any server would take
\! emu fault action=garbage message="{\"results\":[],\"meta\":{\"next_page_url\":\"https://x/?PageToken=$(printf '%060000d' 0)\"}}"
SELECT pg_temp.attempt('SELECT count(*) FROM plain');
\! sent
-- a link back to the first page from there: its documents are known, so the walk
-- goes on where it was
\! emu fault action=repeat_token
SELECT pg_temp.digest('plain') = :'theirs' AS equal;
\! sent
--
-- Documents that come twice or not at all, as others come and go meanwhile
--
-- rows of the page before come again: they are dropped
\! emu fault action=doubled rows=3 count=0
SELECT pg_temp.digest('plain') = :'theirs' AS equal, (SELECT count(*) FROM plain);
\! emu clear && emu fault action=doubled rows=9 count=0
SELECT pg_temp.digest('plain') = :'theirs' AS equal, (SELECT count(*) FROM plain);
\! emu clear
-- within one page, too; documents without a sid cannot be told apart and stay
\! emu fault action=garbage message='{"results":[{"sid":"RD00000000000000000000000000000001"},{"sid":"RD00000000000000000000000000000002"},{"sid":"RD00000000000000000000000000000001"},{},{"sid":null},{"sid":"x"},{"sid":"x"}],"meta":{"next_page_url":null}}'
SELECT sid FROM plain;
-- the document that the next page's token names is gone
\! emu reset
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
FETCH 2 FROM c;
\! curl -s -X DELETE "$EMULATOR_URL/_emulator/document?index=9"
SELECT pg_temp.attempt('MOVE ALL IN c');
ROLLBACK;
\! sent
SELECT count(*) FROM plain;
\! sent
-- a document that is added or removed meanwhile on a page to come is there or not
BEGIN;
DECLARE c CURSOR FOR SELECT pg_temp.name(sid) FROM plain;
MOVE 1 IN c;
\! curl -s -X DELETE "$EMULATOR_URL/_emulator/document?index=20"
MOVE ALL IN c;
COMMIT;
\! emu reset
--
-- Answers that are not what the API promises: 08P01, at whatever page, and never a
-- part of the list as if it were the whole
--
\! for v in array scalar null empty-object no-results results-object results-null row-scalar no-meta no-next next-number; do emu fault action=wrong_shape variant=$v; done
SELECT v AS variant, pg_temp.attempt('SELECT * FROM plain')
FROM unnest('{array,scalar,null,empty-object,no-results,results-object,results-null,row-scalar,no-meta,no-next,next-number}'::text[]) v;
\! sent
\! for v in array no-results no-meta; do emu fault action=wrong_shape variant=$v skip=2; done
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5) FROM generate_series(1, 3);
\! emu clear && emu reset
\! emu fault action=garbage
SELECT pg_temp.attempt('SELECT * FROM plain');
\! emu fault action=garbage skip=1
SELECT pg_temp.attempt('SELECT * FROM plain');
\! emu fault action=garbage message='<html><body>Please log in</body></html>'
SELECT pg_temp.attempt('SELECT * FROM plain');
\! emu fault action=garbage message='{"results":[],"meta":{"next_page_url":null}} {}'
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu fault action=garbage message='{"results":[{"sid":"RD00000000000000000000000000000001",}],"meta":{"next_page_url":null}}'
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu fault action=garbage message='{"results":[],"results":[],"meta":{"next_page_url":null}}'
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu fault action=garbage message='{"results":[],"meta":{"next_page_url":null},"meta":{"next_page_url":null}}'
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu fault action=garbage message='{"results":[],"meta":{"next_page_url":null,"next_page_url":null}}'
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu fault action=garbage message='{"results":[null],"meta":{"next_page_url":null}}'
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu fault action=garbage message='{"results":[[{"sid":"RD00000000000000000000000000000001"}]],"meta":{"next_page_url":null}}'
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu fault action=garbage message="{\"results\":[$(printf '%060000d' 0 | tr 0 '[')"
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5) IN ('08P01', '54001') AS refused;
\! sent
-- what is new in an answer is no fault, nor how it is written
\! emu fault action=garbage message='{"new":[{"sid":"x"}],"meta":{"deep":{"next_page_url":"?x"},"next_page\u005furl":null,"results":[]},"r\u0065sults":[{"sid":"RD00000000000000000000000000000001","meta":{"next_page_url":"?x"}}],"last":{"results":[{}]}}'
SELECT sid FROM plain;
\! emu fault action=garbage message=' { "meta" : { "next_page_url" : null } , "results" : [ ] } '
SELECT count(*) FROM plain;
\! sent
-- a redirect is not followed, wherever it leads
\! for s in 301 302 303 307 308; do emu fault action=redirect status=$s location=$EMULATOR_URL/v2/RegulatoryCompliance/SupportingDocuments?PageSize=3; done
SELECT pg_temp.attempt('SELECT * FROM plain');
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5) FROM generate_series(1, 4);
\! sent
-- other statuses of success than the one that is promised
\! for s in 201 202 204 206; do emu fault action=status status=$s shape=empty; done
SELECT pg_temp.attempt('SELECT * FROM plain') FROM generate_series(1, 4);
\! emu clear
-- an answer to a fetch
\! for v in array scalar null empty-object sid-number no-sid; do emu fault action=wrong_shape variant=$v; done
SELECT v AS variant, pg_temp.attempt('SELECT * FROM plain WHERE sid = pg_temp.sid(0)')
FROM unnest('{array,scalar,null,empty-object,sid-number,no-sid}'::text[]) v;
\! emu fault action=garbage
SELECT left(pg_temp.attempt('SELECT * FROM plain WHERE sid = pg_temp.sid(0)'), 5);
\! emu fault action=redirect location=/
SELECT left(pg_temp.attempt('SELECT * FROM plain WHERE sid = pg_temp.sid(0)'), 5);
--
-- Answers that are too large: an error, whatever their Content-Length says, and
-- however small they are on the wire
--
ALTER SERVER emulator OPTIONS (ADD max_response_size '64kB');
\! emu reset && emu fault action=endless
SELECT pg_temp.attempt('SELECT * FROM plain');
\! emu fault action=bomb
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu fault action=garbage message="{\"results\":[$(printf '%070000d' 0 | tr 0 ' ')],\"meta\":{\"next_page_url\":null}}"
SELECT left(pg_temp.attempt('SELECT * FROM plain'), 5);
\! emu fault action=garbage message="{\"results\":[$(printf '%060000d' 0 | tr 0 ' ')],\"meta\":{\"next_page_url\":null}}"
SELECT pg_temp.attempt('SELECT * FROM plain');
\! sent
ALTER SERVER emulator OPTIONS (DROP max_response_size);
--
-- No documents at all
--
\! for i in $(seq 0 24); do curl -s -X DELETE "$EMULATOR_URL/_emulator/document?index=$i" > /dev/null; done
\! emu get counters/documents
SELECT * FROM plain;
SELECT count(*) FROM plain;
\! sent -v
