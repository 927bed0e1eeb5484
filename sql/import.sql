--
-- IMPORT FOREIGN SCHEMA: the tables that it makes.  Nothing is sent.
--
CREATE SCHEMA "Reg Docs";
CREATE EXTENSION regdocs_fdw SCHEMA "Reg Docs";
CREATE SERVER "Twilio ""1""" FOREIGN DATA WRAPPER regdocs_fdw;
CREATE SCHEMA "Here";
-- all API fields and the file, and the status of the extension's type though
-- the search path does not lead to it
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER "Twilio ""1"""
    INTO "Here";
\d "Here".supporting_documents
-- a second time: core's error
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER "Twilio ""1"""
    INTO "Here";
DROP FOREIGN TABLE "Here".supporting_documents;
-- types that stand in the way do not get into the table
CREATE DOMAIN "Here".text AS pg_catalog.int4;
CREATE DOMAIN "Here".jsonb AS pg_catalog.int4;
CREATE DOMAIN "Here".regdocs_status AS pg_catalog.int4;
SET search_path = "Here", pg_catalog;
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER "Twilio ""1"""
    INTO "Here";
SELECT attname, atttypid::pg_catalog.regtype
  FROM pg_attribute
 WHERE attrelid = '"Here".supporting_documents'::regclass AND attnum > 0
   AND attname IN ('sid', 'status', 'attributes')
 ORDER BY attnum;
DROP FOREIGN TABLE "Here".supporting_documents;
DROP DOMAIN text, jsonb, regdocs_status;
RESET search_path;
-- the extension was moved, and a second wrapper has its handler
CREATE SCHEMA elsewhere;
ALTER EXTENSION regdocs_fdw SET SCHEMA elsewhere;
CREATE FOREIGN DATA WRAPPER own HANDLER elsewhere.regdocs_fdw_handler
    VALIDATOR elsewhere.regdocs_fdw_validator;
CREATE SERVER own FOREIGN DATA WRAPPER own;
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER own INTO "Here";
SELECT atttypid::regtype
  FROM pg_attribute
 WHERE attrelid = '"Here".supporting_documents'::regclass
   AND attname = 'status';
DROP FOREIGN TABLE "Here".supporting_documents;
-- LIMIT TO and EXCEPT; a table that is not there is none
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (supporting_documents)
    FROM SERVER own INTO "Here";
\det "Here".*
DROP FOREIGN TABLE "Here".supporting_documents;
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (bundles)
    FROM SERVER own INTO "Here";
IMPORT FOREIGN SCHEMA regulatory_compliance EXCEPT (supporting_documents)
    FROM SERVER own INTO "Here";
\det "Here".*
IMPORT FOREIGN SCHEMA regulatory_compliance EXCEPT (bundles)
    FROM SERVER own INTO "Here";
\det "Here".*
DROP FOREIGN TABLE "Here".supporting_documents;
-- there is one schema, and there are no options
IMPORT FOREIGN SCHEMA public FROM SERVER own INTO "Here";
\echo :LAST_ERROR_SQLSTATE
IMPORT FOREIGN SCHEMA "Regulatory_Compliance" FROM SERVER own INTO "Here";
\echo :LAST_ERROR_SQLSTATE
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER own INTO "Here"
    OPTIONS (import_default 'true');
\echo :LAST_ERROR_SQLSTATE
\det "Here".*
DROP SERVER own;
DROP FOREIGN DATA WRAPPER own;
DROP SERVER "Twilio ""1""";
DROP EXTENSION regdocs_fdw;
DROP SCHEMA "Here", elsewhere, "Reg Docs";
