-- What the platforms show. Written by those who read them: the publishers and the ingestor.

-- One reading of one budget. p_foreign: a difference is no change of ours, and counts in the caps
-- like one.
CREATE OR REPLACE FUNCTION saga._see(p_target bigint, p_micros bigint, p_at timestamptz,
                                     p_foreign boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    g record;
BEGIN
    SELECT t.live_micros, t.account_id, (p_at AT TIME ZONE a.tz)::date AS day INTO g
      FROM saga.target t JOIN saga.account a ON a.id = t.account_id WHERE t.id = p_target;
    IF g.live_micros <> p_micros AND p_foreign THEN
        INSERT INTO saga.spend_use (account_id, target_id, day, at, delta_micros)
        VALUES (g.account_id, p_target, g.day, p_at, p_micros - g.live_micros);
    END IF;
    INSERT INTO saga.observed (target_id, at, daily_micros, source)
    VALUES (p_target, p_at, p_micros, session_user) ON CONFLICT DO NOTHING;
    INSERT INTO saga.day_base (target_id, day, base_micros)
    VALUES (p_target, g.day, coalesce(g.live_micros, p_micros)) ON CONFLICT DO NOTHING;
    UPDATE saga.target SET live_micros = p_micros, live_at = p_at WHERE id = p_target;
END $$;

-- Budgets as a reading that began at p_read_at showed them; new ones become known. What the ledger
-- itself read back later is newer and stays, and an old reading is none. The account must have been
-- set up.
CREATE OR REPLACE FUNCTION saga.observe(p_account text, p_resources text[], p_names text[],
                                        p_micros bigint[], p_shared boolean[], p_enabled boolean[],
                                        p_periods text[], p_read_at timestamptz)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_budget_publisher');
    item record;
    seen integer := 0;
BEGIN
    IF EXISTS (SELECT FROM unnest(p_resources) r WHERE r !~ '^[!-~]+$') THEN
        RAISE EXCEPTION 'a resource is a word: its lines are hashed' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO saga.target (account_id, resource, name, shared, enabled, period)
    SELECT p_account, * FROM unnest(p_resources, p_names, p_shared, p_enabled, p_periods)
        AS u (resource, name, shared, enabled, period) ORDER BY u.resource
    ON CONFLICT (account_id, resource) DO UPDATE
       SET name = excluded.name, shared = excluded.shared, enabled = excluded.enabled,
           period = excluded.period
     WHERE (target.name, target.shared, target.enabled, target.period)
           IS DISTINCT FROM (excluded.name, excluded.shared, excluded.enabled, excluded.period);
    FOR item IN
        SELECT t.id, u.micros, t.busy IS NULL AS free FROM unnest(p_resources, p_micros) AS u (resource, micros)
          JOIN saga.target t ON t.account_id = p_account AND t.resource = u.resource
         WHERE u.micros IS NOT NULL AND coalesce(t.live_at, '-infinity') < p_read_at
           AND p_read_at > clock_timestamp() - (SELECT observed_max FROM saga.timing)
         ORDER BY t.id FOR UPDATE OF t
    LOOP
        PERFORM saga._see(item.id, item.micros, least(p_read_at, clock_timestamp()), item.free);
        seen := seen + 1;
    END LOOP;
    RETURN seen;
END $$;
