--
-- IMPORT FOREIGN SCHEMA: the tables that it makes.  Nothing is sent.
--
SET client_min_messages = warning;
CREATE SCHEMA "Reg Docs";
CREATE EXTENSION regdocs_fdw SCHEMA "Reg Docs";
CREATE SERVER "Twilio ""1""" FOREIGN DATA WRAPPER regdocs_fdw;
CREATE SCHEMA "Here";
-- a table for each resource, with all API fields and what can only be sent, and
-- the enums of the extension's types though the search path does not lead there
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER "Twilio ""1"""
    INTO "Here";
SELECT c.relname AS table, a.attnum AS n, a.attname AS column, a.atttypid::pg_catalog.regtype AS type,
       (SELECT option_value FROM pg_options_to_table(t.ftoptions) WHERE option_name = 'resource') AS resource
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_foreign_table t ON t.ftrelid = c.oid
 WHERE c.relnamespace = '"Here"'::regnamespace AND a.attnum > 0
 ORDER BY 1, 2;
-- a second time: core's error
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER "Twilio ""1"""
    INTO "Here";
DROP SCHEMA "Here" CASCADE;
CREATE SCHEMA "Here";
-- the labels of the enums, which the code knows as well: see test/unit
SELECT enum_range(NULL::"Reg Docs".regdocs_status);
SELECT enum_range(NULL::"Reg Docs".regdocs_bundle_status);
SELECT enum_range(NULL::"Reg Docs".regdocs_evaluation_status);
SELECT enum_range(NULL::"Reg Docs".regdocs_end_user_type);
-- for those who would rather meet a new label as a value than as an error
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (bundles, end_users, evaluations)
    FROM SERVER "Twilio ""1""" INTO "Here" OPTIONS (import_enums 'false');
SELECT c.relname, a.attname, a.atttypid::pg_catalog.regtype
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relnamespace = '"Here"'::regnamespace AND a.attname IN ('status', 'type', 'end_user_type')
 ORDER BY 1, 2;
DROP SCHEMA "Here" CASCADE;
CREATE SCHEMA "Here";
-- types that stand in the way do not get into the table
CREATE DOMAIN "Here".text AS pg_catalog.int4;
CREATE DOMAIN "Here".jsonb AS pg_catalog.int4;
CREATE DOMAIN "Here".regdocs_status AS pg_catalog.int4;
SET search_path = "Here", pg_catalog;
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (supporting_documents)
    FROM SERVER "Twilio ""1""" INTO "Here";
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
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (supporting_documents)
    FROM SERVER own INTO "Here";
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
IMPORT FOREIGN SCHEMA regulatory_compliance LIMIT TO (phone_numbers)
    FROM SERVER own INTO "Here";
IMPORT FOREIGN SCHEMA regulatory_compliance EXCEPT (supporting_documents, bundles, item_assignments, evaluations, bundle_copies, bundle_clones)
    FROM SERVER own INTO "Here";
\det "Here".*
DROP SCHEMA "Here" CASCADE;
CREATE SCHEMA "Here";
IMPORT FOREIGN SCHEMA regulatory_compliance EXCEPT (phone_numbers)
    FROM SERVER own INTO "Here";
SELECT count(*) FROM pg_class WHERE relnamespace = '"Here"'::regnamespace AND relkind = 'f';
DROP SCHEMA "Here" CASCADE;
CREATE SCHEMA "Here";
-- there is one schema, and one option
IMPORT FOREIGN SCHEMA public FROM SERVER own INTO "Here";
\echo :LAST_ERROR_SQLSTATE
IMPORT FOREIGN SCHEMA "Regulatory_Compliance" FROM SERVER own INTO "Here";
\echo :LAST_ERROR_SQLSTATE
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER own INTO "Here"
    OPTIONS (import_default 'true');
\echo :LAST_ERROR_SQLSTATE
IMPORT FOREIGN SCHEMA regulatory_compliance FROM SERVER own INTO "Here"
    OPTIONS (import_enums 'perhaps');
\echo :LAST_ERROR_SQLSTATE
\det "Here".*
DROP SERVER own;
DROP FOREIGN DATA WRAPPER own;
DROP SERVER "Twilio ""1""";
DROP EXTENSION regdocs_fdw;
DROP SCHEMA "Here", elsewhere, "Reg Docs";
