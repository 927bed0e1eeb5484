-- emulator: --documents 0 --bundles 400
--
-- Conditions and orders that the API is asked for: what is sent, the rows, and the
-- number of requests.
--
\i sql/include/filters.psql
-- one value
\set query 'SELECT * FROM bundles WHERE status = ''draft'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- a label that the enum has is asked for; of a text column, too
\set query 'SELECT * FROM bundles WHERE status::text = ''draft'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- a name
\set query 'SELECT * FROM bundles WHERE friendly_name = (SELECT friendly_name FROM local_bundles ORDER BY sid LIMIT 1)'
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- several conditions go together
\set query 'SELECT * FROM bundles WHERE status = ''twilio-approved'' AND valid_until < ''2027-01-01Z'' AND valid_until >= ''2026-12-01Z'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- every comparison of times
\set query 'SELECT * FROM bundles WHERE valid_until > ''2027-01-01Z'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE valid_until >= ''2027-01-01Z'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE valid_until < ''2027-01-01Z'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE valid_until <= ''2027-01-01Z'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE ''2027-01-01Z'' > valid_until'
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE valid_until = (SELECT max(valid_until) FROM local_bundles)'
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- ... with a date or a timestamp in the session's zone
\set query 'SELECT * FROM bundles WHERE valid_until < date ''2027-01-01'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE valid_until < timestamp ''2027-01-01 12:00'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE valid_until < ''infinity'' AND valid_until > ''-infinity'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- is there, or not
\set query 'SELECT * FROM bundles WHERE valid_until IS NULL'
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE valid_until IS NOT NULL'
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- one list for each of several values
\set query 'SELECT * FROM bundles WHERE status IN (''twilio-rejected'', ''in-review'')'
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE status = ''draft'' OR status = ''pending-review'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- what no object can be sends nothing
\set query 'SELECT * FROM bundles WHERE regulation_sid = ''nonsense'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE status = NULL'
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- a regulation
\set query 'SELECT * FROM bundles WHERE regulation_sid = (SELECT regulation_sid FROM local_bundles ORDER BY sid LIMIT 1)'
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- sids of bundles go twenty to a request; one alone is fetched
SELECT format('SELECT * FROM bundles WHERE sid = ANY (%L)', array_agg(sid)) AS query FROM (SELECT sid FROM local_bundles ORDER BY sid LIMIT 45) s \gset
SELECT regexp_replace(r, 'BU[^ ]*', '...') FROM pg_temp.request(:'query') r;
SELECT pg_temp.compare(:'query');
\! sent -v | sed -E 's/BU...(%2C)?/x/g' | sort
SELECT pg_temp.compare('SELECT * FROM bundles WHERE sid = (SELECT min(sid) FROM local_bundles)');
\! sent
-- what cannot be asked is checked here alone
\set query 'SELECT * FROM bundles WHERE status <> ''draft'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE friendly_name = '''''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM bundles WHERE email = ''a'' OR status = ''draft'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- regulations
\set query 'SELECT * FROM regulations WHERE iso_country = ''DE'' AND end_user_type = ''business'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM regulations WHERE iso_country IN (''DE'', ''FR'') AND number_type = ''local'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
-- (two lists of a page take longer than one of a page by nothing, and are two requests)
ALTER FOREIGN TABLE regulations OPTIONS (ADD page_size '5');
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
ALTER FOREIGN TABLE regulations OPTIONS (DROP page_size);
-- values that the API would refuse are not sent
\set query 'SELECT * FROM regulations WHERE number_type = ''satellite'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
\set query 'SELECT * FROM regulations WHERE iso_country = ''Germany'''
SELECT pg_temp.request(:'query');
SELECT pg_temp.compare(:'query');
\! sent -v | sort
