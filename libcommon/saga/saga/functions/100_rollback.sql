-- begin_rollback: back to the snapshot, never to a value the caller names, and only while each
-- budget still shows what we set, or what was there before and needs nothing. An automatic rollback
-- comes from the guardrail, another from a person who approves or operates. It uses no cap: going
-- back is never blocked by a percentage.
--
-- Where nothing was sent there is nothing to undo: the change fails at once. An outcome that nobody
-- could find out is a person's to settle, and rolling back is one way to.

CREATE OR REPLACE FUNCTION saga.begin_rollback(p_id uuid, p_reason text, p_proof_kind text,
                                               p_proof text[])
RETURNS TABLE (result text, reason text, retry_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard();
    s saga.saga;
    accounts text[];
    asked constant boolean := EXISTS (SELECT FROM people.surface f WHERE f.role = session_user);
    person uuid;
    refusal text;
    verdict record;
BEGIN
    accounts := saga._accounts(p_id);
    PERFORM saga._lock_accounts(accounts);
    PERFORM saga._lock_targets_of(ARRAY[p_id]);
    SELECT * INTO s FROM saga.saga WHERE id = p_id FOR UPDATE;
    IF asked THEN
        SELECT p.person, p.refusal INTO person, refusal FROM people._prove(p_proof_kind, p_proof) p;
        IF saga._outside_scope(person, '{approver,operator}', accounts) IS NOT NULL THEN
            refusal := 'only approvers and operators of these accounts roll back';
        END IF;
    END IF;
    IF refusal IS NULL AND s.id IS NULL THEN
        refusal := 'there is no such proposal';
    ELSIF refusal IS NULL AND asked AND (SELECT k.undo FROM saga.kind k WHERE k.kind = s.kind
                                            AND k.version = s.kind_version) = 'none' THEN
        refusal := 'nothing was changed at the platform';
    END IF;
    IF refusal IS NULL THEN
        PERFORM saga._need_door(s.kind, 'rolling_back', 'rollback');
        SELECT * INTO verdict
          FROM saga._rollback_refusal(s, accounts, person IS NOT NULL, clock_timestamp());
        refusal := CASE WHEN verdict.result = 'refused' THEN verdict.reason END;
    END IF;
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT 'refused', refusal, NULL::timestamptz;
        IF asked THEN
            PERFORM saga._refuse('rollback', person, ARRAY[p_id], ARRAY[refusal]);
        END IF;
        RETURN;
    END IF;
    IF verdict.result IN ('ok', 'conflict') THEN
        UPDATE saga.execution SET back = true WHERE saga_id = p_id;
        UPDATE saga.target g SET busy = p_id
          FROM saga.effect e WHERE e.saga_id = p_id AND g.id = e.target_id;
        PERFORM saga._step(p_id, 'rolling_back', person, p_reason);
    END IF;
    IF verdict.result = 'unsent' THEN
        PERFORM saga._release(ARRAY[p_id], ARRAY['failed']);
        PERFORM saga._step(p_id, 'failed', person, 'not_applied: ' || p_reason);
    END IF;
    IF verdict.result = 'conflict' THEN
        PERFORM saga._release(ARRAY[p_id], ARRAY['rollback_failed']);
        PERFORM saga._step(p_id, 'rollback_failed', NULL, 'conflict: ' || verdict.reason);
    END IF;
    RETURN QUERY SELECT verdict.result, verdict.reason, verdict.retry_at;
END $$;

CREATE OR REPLACE FUNCTION saga._rollback_refusal(s saga.saga, p_accounts text[], p_person boolean,
                                                  p_at timestamptz, OUT result text,
                                                  OUT reason text, OUT retry_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    found record;
    quiet constant timestamptz := saga._quiet(s.id);
    in_doubt constant boolean := s.state = 'executing' AND EXISTS (
        SELECT FROM saga.attempt a WHERE a.saga_id = s.id AND a.outcome = 'unknown');
    read_since constant timestamptz := greatest(
        p_at - (SELECT observed_max FROM saga.timing),
        CASE WHEN s.state = 'executing' THEN quiet END);
BEGIN
    reason := '';
    IF s.state NOT IN ('executing', 'executed') THEN
        result := 'refused'; reason := 'it is ' || s.state;
    ELSIF NOT EXISTS (SELECT FROM saga.execution x WHERE x.saga_id = s.id AND x.mode = 'live') THEN
        result := 'refused'; reason := 'nothing was changed at the platform';
    ELSIF in_doubt AND (quiet IS NULL OR NOT p_person) THEN
        result := 'refused'; reason := 'its outcome is unknown: a person must resolve it';
    ELSIF s.state = 'executing' AND quiet IS NULL THEN
        result := 'unsent'; reason := 'nothing was sent: it ends as failed, with nothing to undo';
    ELSIF saga._level(p_accounts, s.kind) = 'freeze' THEN
        result := 'wait'; reason := 'kill switch: freeze'; retry_at := p_at + interval '10 s';
    ELSIF quiet > p_at THEN
        result := 'wait'; reason := 'the send may still arrive'; retry_at := quiet;
    ELSE
        result := 'ok';
        FOR found IN SELECT g.resource, g.live_micros, g.live_at, g.busy, g.quiet_until,
                            e.before_micros, e.after_micros
                       FROM saga.effect e JOIN saga.target g ON g.id = e.target_id
                      WHERE e.saga_id = s.id LOOP
            IF found.busy <> s.id OR found.quiet_until > p_at THEN
                result := 'wait'; reason := found.resource || ' has a change in flight';
                retry_at := greatest(found.quiet_until, p_at + interval '5 s');
                RETURN;
            ELSIF found.live_at <= read_since THEN
                result := 'wait'; reason := found.resource || ' was not read in the last minutes';
                retry_at := p_at + interval '5 s';
                RETURN;
            ELSIF found.live_micros NOT IN (found.before_micros, found.after_micros) THEN
                result := CASE WHEN in_doubt THEN 'refused' ELSE 'conflict' END;
                reason := format('%s is %s now, not %s%s', found.resource,
                                 saga._money(found.live_micros), saga._money(found.after_micros),
                                 CASE WHEN in_doubt THEN ': a person must resolve it' ELSE '' END);
            END IF;
        END LOOP;
    END IF;
END $$;
