-- The facts caps are judged by. Money sums in numeric: 1e15 micros x 10 500 overflows 64 bits.

-- An account's uses in the union of its business day and the last 24 hours, both by its clock.
CREATE OR REPLACE FUNCTION saga._uses(p_account text, p_day date, p_at timestamptz)
RETURNS TABLE (target_id bigint, up boolean, micros numeric)
LANGUAGE sql STABLE AS $$
    SELECT u.target_id, u.delta_micros > 0, abs(u.delta_micros::numeric)
      FROM saga.spend_use u
     WHERE u.account_id = p_account AND u.at > p_at - interval '50 hours'
       AND (u.day = p_day OR u.at > p_at - interval '24 hours')
$$;

-- Those of the same sign, of one target or, when it is NULL, of all.
CREATE OR REPLACE FUNCTION saga._used(p_account text, p_target bigint, p_day date,
                                      p_at timestamptz, p_up boolean) RETURNS numeric
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(u.micros), 0)
      FROM saga._uses(p_account, p_day, p_at) u
     WHERE (p_target IS NULL OR u.target_id = p_target) AND u.up = p_up
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

-- What two people allowed a budget and its account to drift beyond the kind's percentages;
-- 0: nothing.
CREATE OR REPLACE FUNCTION saga._ramp(p_account text, p_target bigint, p_day date,
                                      OUT target_bp integer, OUT account_bp integer)
LANGUAGE sql STABLE AS $$
    SELECT coalesce(max(r.target_drift_bp), 0), coalesce(max(r.account_drift_bp), 0)
      FROM saga.ramp r
     WHERE r.account_id = p_account AND coalesce(r.target_id, p_target) = p_target
       AND p_day BETWEEN r.day_from AND r.day_to AND r.effective AND r.ended_at IS NULL
$$;

-- Everything the guardrails' rules and the cards need of each effect of these sagas. What is the
-- account's is asked once for each account (OFFSET 0: and not again for its effects), for that is
-- O(its budgets and uses); `uses` has the sums by target and sign.
CREATE OR REPLACE FUNCTION saga.cap_facts(p_ids uuid[])
RETURNS TABLE (saga_id uuid, n integer, account text, resource text, currency text,
               before_micros bigint, after_micros bigint, live_micros bigint, live_age_s double precision,
               shared boolean, enabled boolean, daily boolean, busy boolean, unit_micros bigint,
               base bigint, account_base bigint, used bigint, account_used bigint,
               drift_base bigint, account_drift_base bigint, account_live bigint,
               target_ramp_bp integer, account_ramp_bp integer)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.saga_id, e.n, a.id, t.resource, a.currency, e.before_micros, e.after_micros,
           t.live_micros, extract(epoch FROM a.at - t.live_at)::double precision,
           t.shared, t.enabled, t.period = 'daily', t.busy IS NOT NULL, a.unit_micros,
           tf.base::bigint, a.base::bigint,
           coalesce((a.uses ->> format('%s %s', t.id, e.after_micros > e.before_micros))::bigint, 0),
           CASE WHEN e.after_micros > e.before_micros THEN a.used_up ELSE a.used_down END::bigint,
           tf.drift_base::bigint, a.drift_base::bigint, a.live::bigint, ramp.target_bp,
           ramp.account_bp
      FROM (SELECT o.id, o.currency, o.unit_micros, asked.effects, c.at, l.now, d.day, facts.*,
                   saga._used(o.id, NULL, d.day, l.now, true) AS used_up,
                   saga._used(o.id, NULL, d.day, l.now, false) AS used_down,
                   (SELECT jsonb_object_agg(format('%s %s', u.target_id, u.up), u.micros)
                      FROM (SELECT one.target_id, one.up, sum(one.micros) AS micros
                              FROM saga._uses(o.id, d.day, l.now) one GROUP BY 1, 2) u) AS uses
              FROM (SELECT t.account_id, array_agg(e) AS effects
                      FROM saga.effect e JOIN saga.target t ON t.id = e.target_id
                     WHERE e.saga_id = ANY (p_ids) GROUP BY t.account_id) asked
              JOIN saga.account o ON o.id = asked.account_id
             CROSS JOIN (SELECT clock_timestamp() AS at) c
             CROSS JOIN LATERAL (SELECT saga._account_time(o.world, c.at) AS now) l
             CROSS JOIN LATERAL (SELECT (l.now AT TIME ZONE o.tz)::date AS day) d
             CROSS JOIN LATERAL saga._account_facts(o.id, d.day) facts
            OFFSET 0) a
     CROSS JOIN LATERAL unnest(a.effects) e
      JOIN saga.target t ON t.id = e.target_id
     CROSS JOIN LATERAL saga._ramp(a.id, t.id, a.day) ramp
     CROSS JOIN LATERAL saga._target_facts(t.id, a.day) tf
     WHERE saga._caller('aelp_guardrail_evaluator')
     ORDER BY e.saga_id, e.n
$$;

-- One change against every cap. `refusal`: this change can never pass; `wait`: not today. p_day and
-- p_at are by the account's clock. From zero there is no percentage of the budget: the allowance
-- stands for it, and the account's caps hold as ever.
CREATE OR REPLACE FUNCTION saga._cap_refusal(p_kinds saga.kind[], e saga.effect, t saga.target,
                                             p_day date, p_at timestamptz, p_account_up numeric,
                                             p_account_down numeric, p_account_net numeric,
                                             OUT refusal text, OUT wait text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    delta constant numeric := e.after_micros::numeric - e.before_micros;
    up constant boolean := delta > 0;
    from_zero constant boolean := e.before_micros = 0;
    law record;
    ramp record;
    own record;
    account record;
BEGIN
    SELECT min(k.change_bp) AS change_bp, min(k.day_bp) AS day_bp,
           min(k.target_drift_bp) AS target_drift_bp, min(k.account_drift_bp) AS account_drift_bp,
           min(k.from_zero_micros) AS zero_max INTO law
      FROM unnest(p_kinds) k;
    IF from_zero AND e.after_micros > law.zero_max THEN
        refusal := 'from zero';
        RETURN;
    ELSIF NOT from_zero AND abs(delta) * 10000 > e.before_micros::numeric * law.change_bp THEN
        refusal := 'per change';
        RETURN;
    END IF;
    SELECT * INTO own FROM saga._target_facts(t.id, p_day);
    SELECT * INTO account FROM saga._account_facts(t.account_id, p_day);
    SELECT * INTO ramp FROM saga._ramp(t.account_id, t.id, p_day);
    IF own.base IS NULL OR account.base IS NULL THEN
        wait := 'no base today';
    ELSIF NOT from_zero
          AND (saga._used(t.account_id, t.id, p_day, p_at, up) + abs(delta)) * 10000
              > own.base * law.day_bp THEN
        wait := 'day cap of the budget';
    ELSIF (saga._used(t.account_id, NULL, p_day, p_at, up)
           + CASE WHEN up THEN p_account_up ELSE p_account_down END) * 10000
          > account.base * law.day_bp THEN
        wait := 'day cap of the account';
    ELSIF up AND NOT from_zero
          AND (e.after_micros - own.drift_base) * 10000
              > own.drift_base * greatest(law.target_drift_bp, ramp.target_bp) THEN
        wait := '28 day drift of the budget';
    ELSIF up AND (account.live + p_account_net - account.drift_base) * 10000
                 > account.drift_base * greatest(law.account_drift_bp, ramp.account_bp) THEN
        wait := '28 day drift of the account';
    END IF;
END $$;
