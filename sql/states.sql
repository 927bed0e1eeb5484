-- emulator: --documents 60
--
-- What the API itself forbids, by a document's status or its use: changes and
-- deletions that it refuses on its own.
--
\i sql/include/emulator.psql
\i sql/include/write.psql
\set VERBOSITY terse
CREATE FUNCTION first_with(wanted regdocs_status) RETURNS text STABLE LANGUAGE sql AS $$
	SELECT min(sid) FROM supporting_documents WHERE status = wanted
$$;
SELECT first_with('draft') AS draft, first_with('pending-review') AS pending, first_with('approved') AS approved,
	first_with('rejected') AS rejected, first_with('expired') AS expired \gset

-- 409: not editable any more.
\! emu reset
SELECT * FROM tell(format('UPDATE supporting_documents SET friendly_name = %L WHERE sid = %L', 'x', :'pending'));
SELECT state, message FROM tell(format('UPDATE supporting_documents SET attributes = %L WHERE sid = %L RETURNING status', '{"a": 1}', :'approved'));
SELECT state, message FROM tell(format('UPDATE supporting_documents SET friendly_name = %L WHERE sid = %L', 'Rejected before', :'rejected'));
SELECT state, message FROM tell(format('UPDATE supporting_documents SET friendly_name = %L WHERE sid = %L', 'Draft before', :'draft'));
-- 21646: not eligible for deletion.
SELECT * FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', :'pending'));
SELECT state, message FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', :'expired'));
-- 21645: assigned to a bundle.
\setenv DRAFT :draft
\! emu post assign sid=$DRAFT bundle=BU0123456789abcdef0123456789abcdef
SELECT * FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', :'draft'));
\! emu post assign sid=$DRAFT bundle=
SELECT state, message FROM tell(format('DELETE FROM supporting_documents WHERE sid = %L', :'draft'));
\set requests `emu get requests?n=40`
SELECT kind, status, count(*) FROM sent(:'requests') GROUP BY 1, 2 ORDER BY 1, 2;

-- Among many: what was done, failed and not begun adds up, and the row is named.
CREATE TABLE several AS
	(SELECT sid, status FROM supporting_documents WHERE status = 'draft' ORDER BY sid LIMIT 4)
	UNION ALL (SELECT sid, status FROM supporting_documents WHERE status = 'expired' ORDER BY sid LIMIT 4)
	UNION ALL (SELECT sid, status FROM supporting_documents WHERE status = 'draft' ORDER BY sid OFFSET 4 LIMIT 4);
ALTER SERVER emulator OPTIONS (concurrency '1');
SET client_min_messages = error;
SELECT state, substring(detail FROM 'The answer was HTTP status \d+, API error \d+'), substring(detail FROM 'Of \d+ writes.*') ~ '^Of \d+ writes, \d+ were done, 1 failed, and \d+ were not begun.$' AS tally
	FROM tell($$UPDATE supporting_documents d SET friendly_name = 'Several' FROM several s WHERE s.sid = d.sid$$);
RESET client_min_messages;
SELECT count(*) < 8 AS "not all", count(*) FILTER (WHERE status = 'expired') AS expired FROM supporting_documents WHERE friendly_name = 'Several';
-- With at_commit they are met at the commit.
ALTER FOREIGN TABLE supporting_documents OPTIONS (write_mode 'at_commit');
BEGIN;
UPDATE supporting_documents SET friendly_name = 'x' WHERE sid = :'approved';
COMMIT;
DELETE FROM supporting_documents WHERE sid = :'pending';
