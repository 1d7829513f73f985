-- In every schema of ours: nothing for anybody but its owner. Roles that left the fleet included.
DO $$
DECLARE
    one record;
    roles text;
BEGIN
    FOR one IN
        SELECT n.nspname AS schema, r.rolname AS owner
        FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner
        WHERE r.rolname = n.nspname || '_owner'
        ORDER BY n.nspname
    LOOP
        EXECUTE format('SET LOCAL ROLE %I', one.owner);
        SELECT concat_ws(', ', 'PUBLIC', string_agg(quote_ident(rolname), ', ')) INTO roles
        FROM pg_catalog.pg_roles
        WHERE (rolname LIKE 'aelp\_%' OR rolname LIKE '%\_owner') AND rolname <> one.owner
          AND rolname NOT LIKE 'pg\_%';
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %s', one.schema, roles);
        EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM %s', one.schema, roles);
        EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I FROM %s', one.schema, roles);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %s', one.schema, roles);
    END LOOP;
    SET LOCAL ROLE NONE;
END
$$
