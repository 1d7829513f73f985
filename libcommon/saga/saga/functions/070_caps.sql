-- The facts caps are judged by. Money sums in numeric: 1e15 micros x 10 500 overflows 64 bits.

-- Uses of the same sign in the union of the account's business day and the last 24 hours.
CREATE OR REPLACE FUNCTION saga._used(p_account text, p_target bigint, p_day date,
                                      p_at timestamptz, p_up boolean) RETURNS numeric
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(abs(u.delta_micros::numeric)), 0)
      FROM saga.spend_use u
     WHERE u.account_id = p_account AND (p_target IS NULL OR u.target_id = p_target)
       AND u.at > p_at - interval '50 hours'
       AND (u.day = p_day OR u.at > p_at - interval '24 hours')
       AND (u.delta_micros > 0) = p_up
$$;

-- p_day is the business day in the account's zone. NULL base: nothing observed today, so wait.
-- drift_base is the oldest day's base within 28 days.
CREATE OR REPLACE FUNCTION saga._target_facts(p_target bigint, p_day date,
                                              OUT base numeric, OUT drift_base numeric)
LANGUAGE sql STABLE AS $$
    SELECT (SELECT least(b.base_micros, t.live_micros) FROM saga.day_base b
             WHERE b.target_id = t.id AND b.day = p_day),
           (SELECT b.base_micros FROM saga.day_base b
             WHERE b.target_id = t.id AND b.day > p_day - 28 ORDER BY b.day LIMIT 1)
      FROM saga.target t WHERE t.id = p_target
$$;

-- The same summed over the account's daily, enabled budgets, with what they are worth now, or will
-- be when what is in flight has arrived. O(budgets of the account).
CREATE OR REPLACE FUNCTION saga._account_facts(p_account text, p_day date, OUT base numeric,
                                               OUT drift_base numeric, OUT live numeric)
LANGUAGE sql STABLE AS $$
    SELECT sum(least(b.base_micros, t.live_micros)), sum(first.base_micros),
           sum(greatest(t.live_micros, flying.after_micros))
      FROM saga.target t
      LEFT JOIN saga.effect flying ON flying.saga_id = t.busy AND flying.target_id = t.id
      LEFT JOIN saga.day_base b ON b.target_id = t.id AND b.day = p_day
     CROSS JOIN LATERAL (SELECT d.base_micros FROM saga.day_base d
                          WHERE d.target_id = t.id AND d.day > p_day - 28
                          ORDER BY d.day LIMIT 1) first
     WHERE t.account_id = p_account AND t.enabled AND t.period = 'daily'
$$;

-- Everything the guardrails' rules and the cards need of each effect of these sagas.
CREATE OR REPLACE FUNCTION saga.cap_facts(p_ids uuid[])
RETURNS TABLE (saga_id uuid, n integer, account text, resource text, currency text,
               before_micros bigint, after_micros bigint, live_micros bigint, live_age_s double precision,
               shared boolean, enabled boolean, daily boolean, busy boolean, unit_micros bigint,
               base bigint, account_base bigint, used bigint, account_used bigint,
               drift_base bigint, account_drift_base bigint, account_live bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.saga_id, e.n, a.id, t.resource, a.currency, e.before_micros, e.after_micros,
           t.live_micros, extract(epoch FROM c.at - t.live_at)::double precision,
           t.shared, t.enabled, t.period = 'daily', t.busy IS NOT NULL, a.unit_micros,
           tf.base::bigint, af.base::bigint,
           saga._used(a.id, t.id, d.day, c.at, e.after_micros > e.before_micros)::bigint,
           saga._used(a.id, NULL, d.day, c.at, e.after_micros > e.before_micros)::bigint,
           tf.drift_base::bigint, af.drift_base::bigint, af.live::bigint
      FROM (SELECT clock_timestamp() AS at) c
     CROSS JOIN saga.effect e
      JOIN saga.target t ON t.id = e.target_id
      JOIN saga.account a ON a.id = t.account_id
     CROSS JOIN LATERAL (SELECT (c.at AT TIME ZONE a.tz)::date AS day) d
     CROSS JOIN LATERAL saga._target_facts(t.id, d.day) tf
     CROSS JOIN LATERAL saga._account_facts(a.id, d.day) af
     WHERE e.saga_id = ANY (p_ids) AND saga._caller('aelp_guardrail_evaluator')
     ORDER BY e.saga_id, e.n
$$;

-- One change against every cap. `refusal`: this change can never pass; `wait`: not today.
CREATE OR REPLACE FUNCTION saga._cap_refusal(p_kinds saga.kind[], e saga.effect, t saga.target,
                                             p_day date, p_at timestamptz, p_account_up numeric,
                                             p_account_down numeric, p_account_net numeric,
                                             OUT refusal text, OUT wait text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    delta constant numeric := e.after_micros::numeric - e.before_micros;
    up constant boolean := delta > 0;
    change_bp constant integer := (SELECT min(k.change_bp) FROM unnest(p_kinds) k);
    day_bp constant integer := (SELECT min(k.day_bp) FROM unnest(p_kinds) k);
    target_drift_bp constant integer := (SELECT min(k.target_drift_bp) FROM unnest(p_kinds) k);
    account_drift_bp constant integer := (SELECT min(k.account_drift_bp) FROM unnest(p_kinds) k);
    zero_max constant bigint := (SELECT min(k.from_zero_micros) FROM unnest(p_kinds) k);
    target_facts record;
    account_facts record;
BEGIN
    IF e.before_micros = 0 THEN
        refusal := CASE WHEN e.after_micros > zero_max THEN 'from zero' END;
        RETURN;
    ELSIF abs(delta) * 10000 > e.before_micros::numeric * change_bp THEN
        refusal := 'per change';
        RETURN;
    END IF;
    SELECT * INTO target_facts FROM saga._target_facts(t.id, p_day);
    SELECT * INTO account_facts FROM saga._account_facts(t.account_id, p_day);
    IF target_facts.base IS NULL OR account_facts.base IS NULL THEN
        wait := 'no base today';
    ELSIF (saga._used(t.account_id, t.id, p_day, p_at, up) + abs(delta)) * 10000
          > target_facts.base * day_bp THEN
        wait := 'day cap of the budget';
    ELSIF (saga._used(t.account_id, NULL, p_day, p_at, up)
           + CASE WHEN up THEN p_account_up ELSE p_account_down END) * 10000
          > account_facts.base * day_bp THEN
        wait := 'day cap of the account';
    ELSIF up AND (e.after_micros - target_facts.drift_base) * 10000
                 > target_facts.drift_base * target_drift_bp THEN
        wait := '28 day drift of the budget';
    ELSIF up AND (account_facts.live + p_account_net - account_facts.drift_base) * 10000
                 > account_facts.drift_base * account_drift_bp THEN
        wait := '28 day drift of the account';
    END IF;
END $$;
