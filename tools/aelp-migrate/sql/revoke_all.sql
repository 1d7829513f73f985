-- In every schema of ours: nothing for anybody but its owner, whoever holds something today.
DO $$
DECLARE
    one record;
    roles text;
BEGIN
    FOR one IN
        SELECT n.oid, n.nspname AS schema, r.rolname AS owner, n.nspowner, n.nspacl
        FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner
        WHERE r.rolname = n.nspname || '_owner'
        ORDER BY n.nspname
    LOOP
        EXECUTE format('SET LOCAL ROLE %I', one.owner);
        SELECT concat_ws(', ', 'PUBLIC', string_agg(DISTINCT quote_ident(r.rolname), ', '))
          INTO roles
          FROM (SELECT one.nspacl AS list
                UNION ALL SELECT relacl FROM pg_catalog.pg_class WHERE relnamespace = one.oid
                UNION ALL SELECT proacl FROM pg_catalog.pg_proc WHERE pronamespace = one.oid
                UNION ALL SELECT a.attacl FROM pg_catalog.pg_attribute a
                            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                           WHERE c.relnamespace = one.oid) acl
         CROSS JOIN LATERAL pg_catalog.aclexplode(acl.list) given
          JOIN pg_catalog.pg_roles r ON r.oid = given.grantee AND r.oid <> one.nspowner;
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %s CASCADE', one.schema, roles);
        EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM %s CASCADE', one.schema, roles);
        EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I FROM %s CASCADE', one.schema, roles);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %s CASCADE', one.schema, roles);
    END LOOP;
    SET LOCAL ROLE NONE;
END
$$
