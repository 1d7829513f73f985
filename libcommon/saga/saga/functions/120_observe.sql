-- What the platforms show. Written by those who read them: the publishers and the ingestor.

-- One reading of one budget, whose row is locked. p_foreign: a difference is no change of ours, and
-- counts in the caps like one. A reading that shows nothing new only moves live_at, unless it is
-- p_evidence of what became of a change.
CREATE OR REPLACE FUNCTION saga._see(p_target bigint, p_micros bigint, p_at timestamptz,
                                     p_foreign boolean, p_evidence boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    g record;
BEGIN
    SELECT t.live_micros, t.account_id, a.tz, saga._account_time(a.world, p_at) AS at INTO g
      FROM saga.target t JOIN saga.account a ON a.id = t.account_id WHERE t.id = p_target;
    IF g.live_micros <> p_micros AND p_foreign THEN
        INSERT INTO saga.spend_use (account_id, target_id, day, at, delta_micros)
        VALUES (g.account_id, p_target, (g.at AT TIME ZONE g.tz)::date, g.at,
                p_micros - g.live_micros);
    END IF;
    IF p_evidence OR g.live_micros IS DISTINCT FROM p_micros THEN
        INSERT INTO saga.observed (target_id, at, daily_micros, source)
        VALUES (p_target, p_at, p_micros, session_user) ON CONFLICT DO NOTHING;
    END IF;
    INSERT INTO saga.day_base (target_id, day, base_micros)
    VALUES (p_target, (g.at AT TIME ZONE g.tz)::date, coalesce(g.live_micros, p_micros))
    ON CONFLICT DO NOTHING;
    UPDATE saga.target SET live_micros = p_micros, live_at = p_at WHERE id = p_target;
END $$;

-- Budgets as a reading that began at p_read_at showed them; new ones become known. What the ledger
-- itself read back later is newer and stays, and an old reading is none. The account must have been
-- set up. Known budgets are locked in the order of their ids, as everywhere.
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
    SELECT p_account, u.* FROM unnest(p_resources, p_names, p_shared, p_enabled, p_periods)
        AS u (resource, name, shared, enabled, period)
     WHERE NOT EXISTS (SELECT FROM saga.target t
                        WHERE t.account_id = p_account AND t.resource = u.resource)
     ORDER BY u.resource
    ON CONFLICT (account_id, resource) DO NOTHING;
    FOR item IN
        SELECT t.id, u.*, t.busy IS NULL AS free,
               (t.name, t.shared, t.enabled, t.period)
               IS DISTINCT FROM (u.name, u.shared, u.enabled, u.period) AS reshaped,
               u.micros IS NOT NULL AND coalesce(t.live_at, '-infinity') < p_read_at
               AND p_read_at > clock_timestamp() - (SELECT observed_max FROM saga.timing) AS news
          FROM unnest(p_resources, p_names, p_shared, p_enabled, p_periods, p_micros)
               AS u (resource, name, shared, enabled, period, micros)
          JOIN saga.target t ON t.account_id = p_account AND t.resource = u.resource
         ORDER BY t.id FOR NO KEY UPDATE OF t
    LOOP
        IF item.reshaped THEN
            UPDATE saga.target SET name = item.name, shared = item.shared, enabled = item.enabled,
                                   period = item.period
             WHERE id = item.id;
        END IF;
        IF item.news THEN
            PERFORM saga._see(item.id, item.micros, least(p_read_at, clock_timestamp()), item.free);
            seen := seen + 1;
        END IF;
    END LOOP;
    RETURN seen;
END $$;

-- Readings and day bases that the 28 days of drift no longer reach; of each budget the last reading
-- before stays, so that its value at any later time is known. At most p_limit rows of each; answers
-- how many went.
CREATE OR REPLACE FUNCTION saga.prune(p_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_outbox_relay');
    until constant timestamptz := clock_timestamp() - interval '30 days';
    readings bigint;
    bases bigint;
BEGIN
    DELETE FROM saga.observed o
     WHERE o.ctid = ANY (ARRAY(
           SELECT old.ctid FROM saga.observed old
            WHERE old.at < until
              AND EXISTS (SELECT FROM saga.observed later
                           WHERE later.target_id = old.target_id AND later.at > old.at
                             AND later.at < until)
            ORDER BY old.at LIMIT p_limit FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS readings = ROW_COUNT;
    DELETE FROM saga.day_base b
     WHERE b.ctid = ANY (ARRAY(
           SELECT old.ctid FROM saga.day_base old WHERE old.day < until::date
            ORDER BY old.day LIMIT p_limit FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS bases = ROW_COUNT;
    RETURN readings + bases;
END $$;
