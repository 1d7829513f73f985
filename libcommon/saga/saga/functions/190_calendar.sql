-- The calendar's locks: times in which no change of a scope begins, and no rollback raises spend.

-- The lock on any of these accounts that ends last: why, and until when by the server's clock. Its
-- times are by the account's clock. NULL: none.
CREATE OR REPLACE FUNCTION saga._locked(p_accounts text[], p_at timestamptz, OUT id bigint,
                                        OUT reason text, OUT until_text text,
                                        OUT until timestamptz)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    SELECT l.id, l.reason, to_char(l.to_at AT TIME ZONE a.tz, 'YYYY-MM-DD HH24:MI ') || a.tz,
           p_at + (l.to_at - c.at)
      INTO id, reason, until_text, until
      FROM saga.calendar_lock l
      JOIN saga.account a ON a.id = ANY (p_accounts) AND l.scope IN ('*', a.platform, a.id)
     CROSS JOIN LATERAL (SELECT saga._account_time(a.world, p_at) AS at) c
     WHERE l.lifted_at IS NULL AND c.at >= l.from_at AND c.at < l.to_at
     ORDER BY 4 DESC LIMIT 1;
END $$;

-- For a warning while people decide. It is kept with the verdict, so the reason, which may be erased,
-- is not in it.
CREATE OR REPLACE FUNCTION saga.locked(p_accounts text[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    called constant boolean := saga._caller('aelp_guardrail_evaluator');
BEGIN
    RETURN (SELECT format('calendar lock %s until %s', l.id, l.until_text)
              FROM saga._locked(p_accounts, clock_timestamp()) l WHERE l.id IS NOT NULL);
END $$;

-- Who stands at a door of the calendar: aelp_admin without a person, everybody else with a proof of
-- an approver or operator; p_scope '': of any scope.
CREATE OR REPLACE FUNCTION saga._calendar_hand(p_proof_kind text, p_proof text[], p_scope text,
                                               OUT person uuid, OUT refusal text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF session_user = 'aelp_admin' THEN
        RETURN;
    END IF;
    SELECT p.person, p.refusal INTO person, refusal FROM people._prove(p_proof_kind, p_proof) p;
    IF person IS NOT NULL
       AND NOT EXISTS (SELECT FROM people.grant_of g
                        WHERE g.person_id = person AND g.role IN ('operator', 'approver')
                          AND (p_scope = ''
                               OR g.scope IN ('*', p_scope, split_part(p_scope, '/', 1)))) THEN
        refusal := 'only operators and approvers may';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION saga.lock_calendar(p_scope text, p_from timestamptz, p_to timestamptz,
                                              p_reason text, p_proof_kind text, p_proof text[])
RETURNS TABLE (result text, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_admin', 'aelp_ctl');
    hand record;
    refusal text;
    made bigint;
BEGIN
    SELECT * INTO hand FROM saga._calendar_hand(p_proof_kind, p_proof, '');
    refusal := coalesce(hand.refusal, CASE
        WHEN (p_from < p_to AND p_to > clock_timestamp() AND p_to < p_from + interval '1 year')
             IS NOT TRUE THEN 'a lock lasts a year at most and ends after now'
        WHEN (length(p_reason) BETWEEN 1 AND 200) IS NOT TRUE
            THEN 'a lock needs a reason of 200 characters at most'
        ELSE saga._scope_refusal(p_scope, 'platform or account', '{}') END);
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT 'refused', refusal;
        PERFORM saga._refuse('calendar', hand.person, '{}', ARRAY[refusal]);
        RETURN;
    END IF;
    INSERT INTO saga.calendar_lock (scope, from_at, to_at, reason, person_id, at)
    VALUES (p_scope, p_from, p_to, p_reason, hand.person, clock_timestamp()) RETURNING id INTO made;
    PERFORM saga._record('calendar', hand.person, format('%s lock %s %s %s', made, p_scope,
        saga._text(p_from), saga._text(p_to)), p_reason);
    RETURN QUERY SELECT 'locked', format('lock %s: changes of %s wait from %s until %s UTC',
        made, p_scope, to_char(p_from AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
        to_char(p_to AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'));
END $$;

CREATE OR REPLACE FUNCTION saga.unlock_calendar(p_id bigint, p_proof_kind text, p_proof text[])
RETURNS TABLE (result text, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_admin', 'aelp_ctl');
    l saga.calendar_lock;
    hand record;
    refusal text;
BEGIN
    SELECT * INTO l FROM saga.calendar_lock x WHERE x.id = p_id FOR UPDATE;
    SELECT * INTO hand FROM saga._calendar_hand(p_proof_kind, p_proof, coalesce(l.scope, '*'));
    refusal := coalesce(hand.refusal, CASE WHEN l.id IS NULL THEN 'there is no such lock'
                                           WHEN l.lifted_at IS NOT NULL THEN 'it is lifted' END);
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT 'refused', refusal;
        PERFORM saga._refuse('calendar', hand.person, '{}', ARRAY[refusal]);
        RETURN;
    END IF;
    UPDATE saga.calendar_lock x SET lifted_at = clock_timestamp(), lifted_by = hand.person
     WHERE x.id = p_id;
    PERFORM saga._record('calendar', hand.person, format('%s lifted', p_id));
    RETURN QUERY SELECT 'lifted', format('lock %s is lifted', p_id);
END $$;
