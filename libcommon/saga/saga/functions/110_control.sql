-- The kill switch, the modes, the accounts, the world's clock.

-- What is wrong with a scope, or NULL. A mistyped one would stop nothing and nobody would notice.
CREATE OR REPLACE FUNCTION saga._scope_refusal(p_scope text, p_what text, p_words text[])
RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    known constant text[] := ARRAY['*'] || p_words
        || ARRAY(SELECT DISTINCT a.platform FROM saga.account a ORDER BY 1)
        || ARRAY(SELECT a.id FROM saga.account a ORDER BY 1);
BEGIN
    IF p_scope = ANY (known) THEN
        RETURN NULL;
    END IF;
    RETURN format('there is no %s ''%s''; known: %s%s', p_what, left(p_scope, 80),
                  array_to_string(known[:9], ', '),
                  CASE WHEN cardinality(known) > 9 THEN ', …' ELSE '' END);
END $$;

-- What is in force wherever somebody ever said something; all is stopped where nobody did for all.
CREATE OR REPLACE FUNCTION saga.controls()
RETURNS TABLE (scope text, level text, since timestamptz, person_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT known.scope, coalesce(f.level, 'stop'), f.at, f.person_id
      FROM (SELECT '*' AS scope UNION SELECT k.kind FROM saga.kind k UNION
            SELECT a.platform FROM saga.account a UNION SELECT a.id FROM saga.account a) known
      LEFT JOIN LATERAL saga._in_force(known.scope) f ON true
     WHERE (known.scope = '*' OR f.level IS NOT NULL) AND saga._caller('aelp_gateway')
$$;

-- One operator or approver stops or freezes; two people resume within the window.
CREATE OR REPLACE FUNCTION saga.set_control(p_scope text, p_level text, p_proof_kind text,
                                            p_proof text[], p_reason text)
RETURNS TABLE (result text, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard();
    proof record;
    t timestamptz;
    in_force boolean := true;
    last_stop bigint;
    wrong text;
BEGIN
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    IF proof.person IS NULL THEN
        RETURN QUERY SELECT 'refused', proof.refusal;
        RETURN;
    ELSIF NOT EXISTS (SELECT FROM people.grant_of g WHERE g.person_id = proof.person
                                                      AND g.role IN ('operator', 'approver')) THEN
        RETURN QUERY SELECT 'refused', 'only operators and approvers may';
        RETURN;
    ELSIF p_level NOT IN ('run', 'stop', 'freeze') THEN
        RETURN QUERY SELECT 'refused', 'level: run, stop or freeze';
        RETURN;
    ELSIF length(p_reason) > 4000 THEN
        RETURN QUERY SELECT 'refused', 'reason: at most 4000 characters';
        RETURN;
    END IF;
    wrong := saga._scope_refusal(p_scope, 'platform, account or kind',
                                 ARRAY(SELECT DISTINCT k.kind FROM saga.kind k ORDER BY 1));
    IF wrong IS NOT NULL THEN
        RETURN QUERY SELECT 'unknown', wrong;
        RETURN;
    END IF;
    t := clock_timestamp();
    IF p_level = 'run' THEN
        IF NOT EXISTS (SELECT FROM people.grant_of g
                        WHERE g.person_id = proof.person AND g.role IN ('operator', 'approver')
                          AND g.scope IN ('*', p_scope, split_part(p_scope, '/', 1))) THEN
            RETURN QUERY SELECT 'refused', 'you may stop here, but not resume';
            RETURN;
        END IF;
        last_stop := coalesce((SELECT max(o.id) FROM saga.control o
                                WHERE o.scope = p_scope AND o.level <> 'run'), 0);
        in_force := EXISTS (
            SELECT FROM saga.control c
             WHERE c.scope = p_scope AND c.level = 'run' AND c.person_id <> proof.person
               AND c.at > t - (SELECT resume_window FROM saga.timing)
               AND c.id > last_stop);
    END IF;
    INSERT INTO saga.control (scope, level, effective, person_id, at, lifts)
    VALUES (p_scope, p_level, in_force, proof.person, t, last_stop);
    PERFORM saga._record('control', proof.person,
                         format('%s %s %s', p_scope, p_level,
                                CASE WHEN in_force THEN 'effective' ELSE 'asked' END), p_reason);
    RETURN QUERY SELECT CASE WHEN in_force THEN p_level ELSE 'asked' END,
        CASE WHEN in_force THEN format('%s is now: %s', p_scope, p_level)
             ELSE 'recorded; a second person must resume as well within 10 minutes' END;
END $$;

-- What may still reach a platform: printed by `aelpctl kill`.
CREATE OR REPLACE FUNCTION saga.in_flight()
RETURNS TABLE (id uuid, kind text, state text, owner text, sent_at timestamptz, send_by timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.id, s.kind, s.state, a.owner, a.sent_at, a.send_by
      FROM saga.open o JOIN saga.saga s ON s.id = o.saga_id
      JOIN saga.execution x ON x.saga_id = s.id
      JOIN saga.attempt a ON a.saga_id = s.id AND a.fence = x.fence
     WHERE s.state IN ('executing', 'rolling_back') AND saga._caller('aelp_ctl')
     ORDER BY a.sent_at NULLS LAST
$$;

CREATE OR REPLACE FUNCTION saga.set_mode(p_scope text, p_mode text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_admin');
    wrong constant text := saga._scope_refusal(p_scope, 'platform or account', '{world}');
BEGIN
    IF p_mode NOT IN ('shadow', 'dry_run', 'live') THEN
        RAISE EXCEPTION 'there is no mode ''%''; known: shadow, dry_run, live', left(p_mode, 80)
              USING ERRCODE = 'invalid_parameter_value';
    ELSIF wrong IS NOT NULL THEN
        RAISE EXCEPTION '%', wrong USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO saga.mode (scope, mode) VALUES (p_scope, p_mode);
    PERFORM saga._record('mode', NULL, p_scope || ' ' || p_mode);
END $$;

-- The sums of an account's budgets and uses are in its currency, and what is simulated may be live
-- where the real is not: once there are budgets, both stay.
CREATE OR REPLACE FUNCTION saga.set_account(p_id text, p_currency text, p_tz text,
                                            p_unit_micros bigint, p_world boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_admin');
    had record;
BEGIN
    PERFORM now() AT TIME ZONE p_tz; -- refuses an unknown zone
    SELECT a.currency, a.world INTO had FROM saga.account a WHERE a.id = p_id FOR UPDATE;
    IF (had.currency <> p_currency OR had.world <> p_world)
       AND EXISTS (SELECT FROM saga.target t WHERE t.account_id = p_id) THEN
        RAISE EXCEPTION '% has budgets, so it stays in % and %', p_id, had.currency,
            CASE WHEN had.world THEN 'simulated' ELSE 'real' END
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO saga.account (id, platform, currency, tz, unit_micros, world)
    VALUES (p_id, split_part(p_id, '/', 1), p_currency, p_tz, p_unit_micros, p_world)
    ON CONFLICT (id) DO UPDATE
       SET currency = excluded.currency, tz = excluded.tz, unit_micros = excluded.unit_micros,
           world = excluded.world;
    PERFORM saga._record('account', NULL, p_id || ' ' || p_currency || ' ' || p_tz);
END $$;

-- For ops.advance_clock, whose door it stands behind.
CREATE OR REPLACE FUNCTION saga._advance_clock(p_by interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_admin');
BEGIN
    IF (p_by > interval '0') IS NOT TRUE THEN
        RAISE EXCEPTION 'the clock of the world only goes forward' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE saga.clock SET ahead = ahead + p_by;
    PERFORM saga._record('clock', NULL, p_by::text);
END $$;
