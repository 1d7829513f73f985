-- Ramps: for some days two people let a budget, or all of an account, drift further over 28 days
-- than its kind does. The caps of a change and of a day stay as they are.

-- What is wrong with a ramp, or NULL.
CREATE OR REPLACE FUNCTION saga._ramp_refusal(p_account saga.account, p_from date, p_to date,
                                              p_target_bp integer, p_account_bp integer,
                                              p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    today constant date :=
        (saga._account_time(p_account.world, p_at) AT TIME ZONE p_account.tz)::date;
BEGIN
    RETURN CASE
        WHEN (p_from <= p_to AND p_to >= today AND p_to - p_from < 92) IS NOT TRUE
            THEN 'days: a ramp lasts 92 days at most and ends today or later'
        WHEN (p_target_bp BETWEEN 0 AND 20000 AND p_account_bp BETWEEN 0 AND 20000) IS NOT TRUE
            THEN 'drift: 0 to 200 %' END;
END $$;

-- p_resource '': all budgets of the account. One approver asks; it holds when a second says the
-- same within the window. What was asked counts once: a ramp that was ended takes two again.
CREATE OR REPLACE FUNCTION saga.set_ramp(p_account text, p_resource text, p_from date, p_to date,
                                         p_target_bp integer, p_account_bp integer,
                                         p_proof_kind text, p_proof text[], p_reason text)
RETURNS TABLE (result text, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_ctl');
    t constant timestamptz := clock_timestamp();
    budget constant bigint := (SELECT g.id FROM saga.target g WHERE g.account_id = p_account
                                                                AND g.resource = p_resource);
    ramped saga.account;
    proof record;
    refusal text;
    in_force boolean;
BEGIN
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    -- Locked, so that of two who confirm at once one sees the other.
    SELECT * INTO ramped FROM saga.account a WHERE a.id = p_account FOR NO KEY UPDATE;
    refusal := CASE
        WHEN proof.person IS NULL THEN proof.refusal
        WHEN ramped.id IS NULL OR p_resource <> '' AND budget IS NULL
            THEN format('account: there is no %s %s', p_account, p_resource)
        ELSE coalesce(saga._not_approver(proof.person, ARRAY[p_account]),
                      saga._ramp_refusal(ramped, p_from, p_to, p_target_bp, p_account_bp, t)) END;
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT 'refused', refusal;
        PERFORM saga._refuse('ramp', proof.person, '{}', ARRAY[refusal]);
        RETURN;
    END IF;
    in_force := EXISTS (
        SELECT FROM (SELECT r.*, max(r.id) FILTER (WHERE r.effective) OVER () AS last_set
                       FROM saga.ramp r
                      WHERE r.account_id = p_account AND r.target_id IS NOT DISTINCT FROM budget
                        AND r.day_from = p_from AND r.day_to = p_to
                        AND r.target_drift_bp = p_target_bp
                        AND r.account_drift_bp = p_account_bp) r
         WHERE r.id > coalesce(r.last_set, 0) AND r.person_id <> proof.person
           AND r.at > t - (SELECT resume_window FROM saga.timing));
    INSERT INTO saga.ramp (account_id, target_id, day_from, day_to, target_drift_bp,
                           account_drift_bp, effective, person_id, at)
    VALUES (p_account, budget, p_from, p_to, p_target_bp, p_account_bp, in_force, proof.person, t);
    PERFORM saga._record('ramp', proof.person, format('%s %s %s..%s target %s account %s %s',
        p_account, coalesce(nullif(p_resource, ''), '*'), p_from, p_to, p_target_bp, p_account_bp,
        CASE WHEN in_force THEN 'effective' ELSE 'asked' END), p_reason);
    RETURN QUERY SELECT CASE WHEN in_force THEN 'set' ELSE 'asked' END,
        CASE WHEN in_force THEN format('%s may ramp until %s', p_account, p_to)
             ELSE 'recorded; a second approver must say the same within 10 minutes' END;
END $$;

-- Taking back needs less: one approver or operator of the account.
CREATE OR REPLACE FUNCTION saga.end_ramp(p_id bigint, p_proof_kind text, p_proof text[])
RETURNS TABLE (result text, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_ctl');
    proof record;
    refusal text;
    r saga.ramp;
BEGIN
    SELECT * INTO r FROM saga.ramp x WHERE x.id = p_id FOR UPDATE;
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    refusal := CASE
        WHEN proof.person IS NULL THEN proof.refusal
        WHEN r.id IS NULL OR NOT r.effective THEN 'there is no such ramp'
        WHEN r.ended_at IS NOT NULL THEN 'it has ended already'
        WHEN saga._outside_scope(proof.person, '{approver,operator}', ARRAY[r.account_id])
             IS NOT NULL THEN 'only approvers and operators of ' || r.account_id || ' may' END;
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT 'refused', refusal;
        PERFORM saga._refuse('ramp', proof.person, '{}', ARRAY[refusal]);
        RETURN;
    END IF;
    UPDATE saga.ramp x SET ended_at = clock_timestamp(), ended_by = proof.person WHERE x.id = p_id;
    PERFORM saga._record('ramp', proof.person, format('%s ended', p_id));
    RETURN QUERY SELECT 'ended', format('the ramp of %s has ended', r.account_id);
END $$;
