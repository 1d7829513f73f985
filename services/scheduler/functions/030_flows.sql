-- Flows that a service keeps for what it knows.

-- Each account is pulled at 02:00 of its own time. What somebody switched off stays off.
CREATE OR REPLACE FUNCTION ops.keep_ingest_flows(p_accounts text[], p_zones text[],
                                                 p_worlds boolean[], p_payloads bytea[])
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO ops.flow AS f (name, subject, payload, schedule, zone, world, run_max)
    SELECT 'ingest/' || u.account, 'job.ingest.' || split_part(u.account, '/', 1), u.payload,
           '0 2 * * *', u.zone, u.world, interval '5 hours'
      FROM unnest(p_accounts, p_zones, p_worlds, p_payloads) AS u (account, zone, world, payload)
     ORDER BY u.account
        ON CONFLICT (name) DO UPDATE
       SET zone = excluded.zone, world = excluded.world, payload = excluded.payload
     WHERE (f.zone, f.world, f.payload)
           IS DISTINCT FROM (excluded.zone, excluded.world, excluded.payload)
$$;
