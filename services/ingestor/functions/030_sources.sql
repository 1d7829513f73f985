-- What no ad account of the ledger stands for: a GA4 property, a shop. Again: another zone or clock.
CREATE OR REPLACE FUNCTION ingest.add_source(p_account text, p_zone text, p_world boolean)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_account !~ '^(ga4/[0-9]{1,20}|(shopify|stripe)/[a-z0-9-]{1,64})$' THEN
        RAISE EXCEPTION '% is no ga4/123, shopify/name or stripe/name', p_account
            USING ERRCODE = '22023';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = p_zone) THEN
        RAISE EXCEPTION 'there is no time zone %', p_zone USING ERRCODE = '22023';
    END IF;
    INSERT INTO ingest.source_state (account, zone, world) VALUES (p_account, p_zone, p_world)
        ON CONFLICT (account) DO UPDATE SET zone = excluded.zone, world = excluded.world;
END $$;
