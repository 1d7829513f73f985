-- Nobody but our logins connects, nobody creates, and only aelp_migrate acts as the owners.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
DO $do$
DECLARE
    one record;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    FOR one IN SELECT rolname AS name FROM pg_roles
                WHERE rolname LIKE 'aelp\_%' OR rolname IN (SELECT name FROM owner) LOOP
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), one.name);
        EXECUTE format('REVOKE ALL ON SCHEMA public FROM %I', one.name);
    END LOOP;
    -- A large object would belong to whoever made it, and nobody who runs owns anything. An advisory
    -- lock could be held by anybody, and aelp-migrate would wait for them.
    FOR one IN SELECT oid::regprocedure AS name FROM pg_proc
                WHERE pronamespace = 'pg_catalog'::regnamespace
                  AND (proname LIKE 'lo\_%' OR proname IN ('loread', 'lowrite')
                       OR proname ~ '^pg_.*advisory') LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one.name);
    END LOOP;
    GRANT EXECUTE ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint),
        pg_catalog.pg_advisory_lock(bigint) TO aelp_migrate;
    FOR one IN SELECT name FROM login LOOP
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), one.name);
    END LOOP;
    -- Nothing in Postgres forbids a login to change its own password and settings (event triggers
    -- don't see roles). Neither gives it a right; here they come back to what they must be.
    FOR one IN SELECT r.rolname AS name, d.datname AS database
                 FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
                 JOIN pg_database d ON d.oid = s.setdatabase
                WHERE r.rolname IN (SELECT name FROM login) LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I RESET ALL', one.name, one.database);
    END LOOP;
    FOR one IN SELECT name FROM login LOOP
        EXECUTE format('ALTER ROLE %I RESET ALL', one.name);
    END LOOP;
    FOR one IN SELECT l.name, s.setting FROM login l CROSS JOIN (VALUES
                   (1, $$search_path = ''$$), (2, $$default_transaction_isolation = 'read committed'$$),
                   (3, $$statement_timeout = '30s'$$), (4, $$lock_timeout = '10s'$$),
                   (5, $$idle_in_transaction_session_timeout = '60s'$$)) AS s (n, setting)
                ORDER BY l.name, s.n LOOP
        EXECUTE format('ALTER ROLE %I SET %s', one.name, one.setting);
    END LOOP;
    FOR one IN
        SELECT r.rolname AS role, m.rolname AS member
        FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
        WHERE (m.rolname IN (SELECT name FROM login) OR m.rolname IN (SELECT name FROM owner))
          AND NOT (m.rolname = 'aelp_migrate' AND r.rolname IN (SELECT name FROM owner))
    LOOP
        EXECUTE format('REVOKE %I FROM %I', one.role, one.member);
    END LOOP;
    FOR one IN SELECT name FROM owner LOOP
        IF NOT pg_has_role('aelp_migrate', one.name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO aelp_migrate', one.name);
        END IF;
    END LOOP;
    FOR one IN SELECT rolname AS name FROM pg_roles
        WHERE rolname LIKE 'aelp\_%' AND rolname NOT IN (SELECT name FROM login) AND rolcanlogin LOOP
        EXECUTE format('ALTER ROLE %I NOLOGIN', one.name);
    END LOOP;
END
$do$;
COMMIT;
