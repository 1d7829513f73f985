-- Every function and view of our schemas, newest first: what was made later may stand on what was
-- made before. All of them are made by the files that run next, so none outlives its file.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT n.nspname || '_owner' AS owner, code.drop
          FROM (SELECT c.oid, c.relnamespace AS namespace,
                       'DROP VIEW ' || c.oid::pg_catalog.regclass AS drop
                  FROM pg_catalog.pg_class c WHERE c.relkind = 'v'
                UNION ALL
                SELECT p.oid, p.pronamespace, 'DROP ROUTINE ' || p.oid::pg_catalog.regprocedure
                  FROM pg_catalog.pg_proc p) code
          JOIN pg_catalog.pg_namespace n ON n.oid = code.namespace
          JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner AND r.rolname = n.nspname || '_owner'
         ORDER BY code.oid DESC
    LOOP
        EXECUTE format('SET LOCAL ROLE %I', one.owner);
        EXECUTE one.drop;
    END LOOP;
    SET LOCAL ROLE db_owner;
    DELETE FROM db.migration WHERE file NOT LIKE 'migrations/%';
    SET LOCAL ROLE NONE;
END
$$
