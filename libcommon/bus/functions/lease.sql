-- One leader at a time. A lease belongs to a role, so nobody can squat another's; every change of
-- owner raises the fence, and what the old owner still sends carries the lower one.
CREATE OR REPLACE FUNCTION bus.lease_take(p_name text, p_owner text, p_ttl interval)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO bus.lease AS held (role, name, owner, fence, until)
    VALUES (session_user, p_name, p_owner, 1,
            clock_timestamp() + least(p_ttl, interval '5 minutes'))
    ON CONFLICT (role, name) DO UPDATE
       SET owner = excluded.owner,
           until = excluded.until,
           fence = held.fence + CASE WHEN held.owner = excluded.owner THEN 0 ELSE 1 END
     WHERE held.owner = excluded.owner OR held.until <= clock_timestamp()
    RETURNING held.fence
$$;

-- At a clean stop, so that the next one need not wait.
CREATE OR REPLACE FUNCTION bus.lease_drop(p_name text, p_owner text) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE bus.lease AS held SET until = clock_timestamp()
     WHERE held.role = session_user AND held.name = p_name AND held.owner = p_owner
$$;

-- For other schemas' functions, which lock the row by it: does the caller still lead?
CREATE OR REPLACE FUNCTION bus.lease_check(p_name text, p_fence bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM bus.lease AS held
                    WHERE held.role = session_user AND held.name = p_name
                      AND held.fence = p_fence AND held.until > clock_timestamp()
                      FOR SHARE)
$$;
