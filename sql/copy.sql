-- emulator: --documents 5
\i sql/include/emulator.psql
\i sql/include/write.psql
\set VERBOSITY terse

-- Rows from a file: one create each, the count is right.
\! emu reset
COPY supporting_documents (friendly_name, type, attributes) FROM stdin;
Copied 1	passport	{"n": 1.10}
Copied 2	passport	\N
Copied\\3	passport	{"text": "a\\tb"}
\.
\set creates `emu count create`
SELECT :creates;
SELECT friendly_name, attributes FROM supporting_documents WHERE friendly_name LIKE 'Copied%' ORDER BY 1;
COPY supporting_documents (type, friendly_name) FROM stdin WITH (FORMAT csv, HEADER);
type,friendly_name
passport,"Quoted, 1"
passport,"Quoted ""2"""
\.
SELECT friendly_name FROM supporting_documents WHERE friendly_name LIKE 'Quoted%' ORDER BY 1;
-- Many rows, several at a time.
\! emu reset
\unset QUIET
COPY supporting_documents (friendly_name, type) FROM PROGRAM $$seq -f 'Bulk %g,passport' 1000$$ (FORMAT csv);
\set QUIET on
\set creates `emu count create`
SELECT :creates;
SELECT count(*), count(DISTINCT friendly_name) FROM supporting_documents WHERE friendly_name LIKE 'Bulk%';
COPY supporting_documents (friendly_name, type) FROM PROGRAM $$seq -f 'Bulk %g,passport' 1000$$ (FORMAT csv) WHERE friendly_name = 'Bulk 7';
SELECT count(*) FROM supporting_documents WHERE friendly_name = 'Bulk 7';

-- A row that cannot be sent: those before it are accounted for, and no outcome
-- is left unknown.
ALTER SERVER emulator OPTIONS (concurrency '1');
\! emu reset
SET client_min_messages = error;
COPY supporting_documents (friendly_name, type, status) FROM stdin;
Bad 1	passport	\N
Bad 2	passport	\N
Bad 3	passport	approved
\.
RESET client_min_messages;
\set created `emu count created`
SELECT count(*) = :created AS "all are there" FROM supporting_documents WHERE friendly_name LIKE 'Bad%';

-- What the API refuses.
\! emu fault action=status status=400 code=22210 skip=2 path=create
SELECT state, message, detail ~ '2 were done, 1 failed' AS detail FROM tell($t$COPY supporting_documents (friendly_name, type) FROM PROGRAM $$seq -f 'Bulk %g,passport' 5$$ (FORMAT csv)$t$);
ALTER SERVER emulator OPTIONS (DROP concurrency);

-- Into partitions.
CREATE TABLE parted (friendly_name text, type text) PARTITION BY LIST (type);
CREATE FOREIGN TABLE parted_passports PARTITION OF parted FOR VALUES IN ('passport') SERVER emulator;
CREATE TABLE parted_others PARTITION OF parted DEFAULT;
COPY parted FROM stdin;
Parted 1	passport
Parted 2	other
Parted 3	passport
\.
SELECT tableoid::regclass, friendly_name FROM parted WHERE friendly_name LIKE 'Parted%' ORDER BY 2;

-- Triggers: those for rows see each answer, those for the statement all of it.
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_LEVEL = 'ROW' THEN
		RAISE NOTICE '% % %', NEW.friendly_name, NEW.status, NEW.sid IS NOT NULL;
	ELSE
		RAISE NOTICE 'there are %', (SELECT count(*) FROM supporting_documents WHERE friendly_name LIKE 'Seen%');
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER see_all AFTER INSERT ON supporting_documents FOR EACH STATEMENT EXECUTE FUNCTION see();
COPY supporting_documents (friendly_name, type) FROM stdin;
Seen 1	passport
Seen 2	passport
\.
CREATE TRIGGER see_each AFTER INSERT ON supporting_documents FOR EACH ROW EXECUTE FUNCTION see();
COPY supporting_documents (friendly_name, type) FROM stdin;
Seen 3	passport
\.
