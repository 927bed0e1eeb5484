-- emulator: --documents 0 --bundles 200 --list-order updated
--
-- What the documentation leaves open changes no row: whatever the API makes of
-- filters, orders and pages, the answer is that of the local copies.
--
\i sql/include/filters.psql
\i sql/include/same.psql
-- times at midnight, at a day's end, and between; names that differ in little
\set ECHO none
\! for t in 2030-06-01T00:00:00Z 2030-05-31T23:59:59Z 2030-05-31T00:00:00Z 2030-06-01T00:00:01Z 2030-06-01T12:34:56Z 2030-06-01T23:59:59Z 2030-06-02T00:00:00Z 2030-05-30T23:59:59Z 1999-12-31T23:59:59Z 1999-12-30T00:00:00Z; do emu post bundles friendly_name="at $t" status=twilio-approved valid_until=$t; done
\! for n in Zoe zoe ZOE Zoe2 'a Zoe' 'Zoe ' ' Zoe' 'Zoe&x=1' 'Zoe+1' 'Zoe%20' 'Zoë' 'zoË' ',' 'a,b' "O'Zoe"; do emu post bundles friendly_name="$n" status=draft; done
\set ECHO all
SELECT pg_temp.copy_tables('bundles', 'regulations');
SELECT count(*) FILTER (WHERE friendly_name ILIKE '%zo%' OR friendly_name LIKE '%,%') AS names, count(*) FILTER (WHERE valid_until > '2030-01-01Z') > 7 AS times FROM local_bundles;
\set ECHO none
INSERT INTO pg_temp.queries (query)
SELECT format('SELECT * FROM bundles WHERE %s', condition) FROM unnest(ARRAY[
	'status = ''draft''', 'status = ''twilio-rejected''', 'status::text = ''draft''',
	'status IN (''draft'', ''in-review'')', 'status = ANY (ARRAY[''draft'', NULL, ''draft'', ''twilio-approved'']::regdocs_bundle_status[])',
	'status = ANY (''{}''::regdocs_bundle_status[])', 'status <> ''draft''', 'status = NULL', 'NOT status = ''draft''',
	'status = ''draft'' OR status = ''twilio-approved'' AND valid_until IS NULL',
	'friendly_name IN (''Zoe'', ''zoe'', ''none'', NULL, ''Zoe'')', 'friendly_name = ''''', 'friendly_name = repeat(''x'', 2000)',
	'regulation_sid = ANY (SELECT regulation_sid FROM bundles WHERE regulation_sid IS NOT NULL ORDER BY sid LIMIT 2)',
	'regulation_sid IN (SELECT sid FROM regulations WHERE iso_country = ''DE'')', 'regulation_sid IS NULL',
	'valid_until IS NULL', 'valid_until IS NOT NULL', 'valid_until IS NULL AND status = ''draft''',
	'valid_until IS NOT NULL AND status IN (''twilio-approved'', ''draft'')',
	'valid_until = ANY (ARRAY[''2030-06-01Z'', ''2030-06-02Z'']::timestamptz[])',
	'valid_until BETWEEN ''2030-06-01Z'' AND ''2030-06-01 23:59:59Z''', 'valid_until > ''2030-06-02Z'' AND valid_until < ''2030-05-31Z''',
	'sid = (SELECT min(sid) FROM bundles)', 'sid IN (SELECT sid FROM bundles ORDER BY sid LIMIT 45)',
	'sid = ANY (ARRAY(SELECT sid FROM bundles ORDER BY sid LIMIT 45)) AND status = ''draft''',
	'sid = ANY (ARRAY[''BU00000000000000000000000000000000'', NULL, ''x''])'
	]) condition
UNION ALL SELECT format('SELECT * FROM bundles WHERE friendly_name = %L', name)
FROM unnest(ARRAY['Zoe', 'zoe', 'ZOE', 'Zoe ', ' Zoe', 'Zoe&x=1', 'Zoe+1', 'Zoe%20', 'Zoë', 'zoË', ',', 'a,b', 'O''Zoe', 'Zo', '%', 'Zoe2']) name
UNION ALL SELECT format('SELECT * FROM bundles WHERE valid_until %s %s', operator, value)
FROM unnest(ARRAY['<', '<=', '=', '>=', '>']) operator,
	unnest(ARRAY['''2030-06-01Z''', '''2030-05-31 23:59:59Z''', '''2030-05-31 23:59:59.999999Z''', '''2030-06-01 00:00:00.000001Z''',
		'''2031-06-01 00:00:00.000001Z''', '''2031-05-31 23:59:59.999999Z''', '''2031-06-01 12:00Z''', '''1999-12-31 23:59:59Z''',
		'date ''2030-06-01''', 'timestamp ''2030-06-01''', 'timestamp ''2030-05-31 14:00''', '''infinity''', '''-infinity''', 'date ''infinity''',
		'timestamp ''-infinity''', 'date ''5874897-12-31''', 'date ''4713-11-24 BC''', 'timestamp ''294276-12-31 23:59:59.999999''', '''0001-01-01 BC''', '''9999-12-31 23:59:59Z''', 'NULL::timestamptz']) value
UNION ALL SELECT format('SELECT %1$s FROM bundles WHERE %2$s ORDER BY %1$s %3$s LIMIT 20', field, condition, direction)
FROM unnest(ARRAY['date_updated', 'valid_until']) field, unnest(ARRAY['ASC', 'DESC', 'NULLS FIRST', 'DESC NULLS LAST']) direction,
	unnest(ARRAY['true', 'status = ''draft''', 'valid_until > ''2030-05-31Z''', 'valid_until IS NOT NULL AND status = ''twilio-approved''', 'status IN (''draft'', ''in-review'')']) condition
UNION ALL SELECT format('SELECT date_updated FROM bundles WHERE sid <> ''x'' AND %s ORDER BY date_updated DESC, sid OFFSET 3 LIMIT 4', condition)
FROM unnest(ARRAY['true', 'status = ''draft''', 'status = NULL']) condition
UNION ALL SELECT format('SELECT * FROM regulations WHERE %s', condition) FROM unnest(ARRAY[
	'iso_country = ''DE''', 'iso_country = ''de''', 'iso_country = ''Germany''', 'iso_country IN (''DE'', ''FR'', NULL, ''DE'')', 'number_type = ''local''',
	'number_type = ''LOCAL''', 'number_type = ''satellite''', 'end_user_type = ''business''', 'end_user_type::text = ''individual''',
	'iso_country = ''DE'' AND number_type IN (''local'', ''mobile'') AND end_user_type = ''business''', 'sid IN (SELECT sid FROM regulations ORDER BY sid LIMIT 3)']) condition;
\set ECHO all
\! emu reset
SELECT pg_temp.same();
SET timezone = 'Pacific/Kiritimati';
\! emu option friendly-name=nocase valid-until=day nulls=first
SELECT pg_temp.same();
SET timezone = 'America/Los_Angeles';
\! emu option friendly-name=part valid-until-named=out nulls=high
SELECT pg_temp.same();
RESET timezone;
-- a column that rounds a time to the next day
\! emu post bundles index=7 valid_until=2030-06-02T23:59:59.7Z
CREATE FOREIGN TABLE rounded (valid_until timestamptz(0)) SERVER emulator OPTIONS (resource 'bundles');
SELECT valid_until AT TIME ZONE 'UTC' FROM rounded WHERE valid_until = '2030-06-03Z';
SELECT count(*) FROM rounded WHERE valid_until >= '2030-06-03Z' AND valid_until < '2030-06-04Z';
SELECT pg_temp.copy_tables('bundles');
\! emu option friendly-name=exact valid-until=moment nulls=low
SELECT pg_temp.same();
-- filters that let through more, or all
\! emu option valid-until-named=in nulls=last loose-filters=all
SELECT pg_temp.same();
\! emu option loose-filters= ignored-filters=all
SELECT pg_temp.same();
-- nothing is sent that a list does not know; and small pages
\! emu option ignored-filters= unknown-parameter=error
ALTER SERVER emulator OPTIONS (ADD page_size '17');
SELECT pg_temp.same();
\! emu option loose-filters=Status,FriendlyName,ValidUntilDate valid-until=day nulls=first token-style=offset token-encoding=escaped param-order=varied empty-last-page=on meta-first=on
SET enable_hashjoin = off;
SET enable_sort = off;
SELECT pg_temp.same();
RESET enable_hashjoin;
RESET enable_sort;
-- times to the microsecond, and in another zone: where no order is asked for, as the emulator's is that of texts
\! n=0; for t in 2031-06-01T00:00:00.000001Z 2031-05-31T23:59:59.999999Z 2031-06-01T02:00:00+02:00 2031-06-01T00:00:00-12:00; do emu post bundles index=$n valid_until=$t; n=$((n+1)); done
SELECT pg_temp.copy_tables('bundles');
DELETE FROM pg_temp.queries WHERE query LIKE '%ORDER BY%' OR query NOT LIKE '%valid_until%';
SELECT pg_temp.same();
\! emu option loose-filters= valid-until-named=out
SELECT pg_temp.same();
