-- The two clocks. Real money is guarded by the server's alone; the world's is for simulated
-- accounts and lies with the ledger, whose caps count their days by it.

CREATE OR REPLACE VIEW ops.clock AS SELECT c.ahead FROM saga.clock c;

CREATE OR REPLACE FUNCTION ops.now(p_world boolean) RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT clock_timestamp() + CASE WHEN p_world THEN c.ahead ELSE interval '0' END FROM ops.clock c
$$;

CREATE OR REPLACE FUNCTION ops.advance_clock(p_by interval) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM saga._advance_clock(p_by);
    RETURN ops.now(true);
END $$;
