-- The two clocks. Money is guarded by the server's alone; the world's is for simulated accounts.

CREATE OR REPLACE FUNCTION ops.now(p_world boolean) RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT clock_timestamp() + CASE WHEN p_world THEN c.ahead ELSE interval '0' END FROM ops.clock c
$$;

CREATE OR REPLACE FUNCTION ops.advance_clock(p_by interval) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_by <= interval '0' THEN
        RAISE EXCEPTION 'the clock of the world only goes forward' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE ops.clock SET ahead = ahead + p_by;
    RETURN ops.now(true);
END $$;
