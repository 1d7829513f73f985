-- "Not me": what was decided in somebody's name is told to them on another channel, and they take
-- it back there.
--
-- A decision by token is told in Slack, where a link exists (saga.notice, written with the
-- decision); every decision is in the person's own list, which a signed-in client shows. Taking
-- back needs less than deciding: the person's proof, also when they are active or approver no more.

-- For decisions that are the prover's own: rejects what has not begun, freezes everything, takes
-- away what proved the decision. A decision that was taken back already is left alone.
CREATE OR REPLACE FUNCTION saga.disown(p_decisions bigint[], p_proof_kind text, p_proof text[])
RETURNS TABLE (decision bigint, result text, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    guarded constant boolean := saga._guard();
    proof record;
    d record;
    t timestamptz;
    refusal text;
    moved uuid[] := '{}';
    taken integer := 0;
    refused uuid[] := '{}';
    refusals text[] := '{}';
BEGIN
    IF cardinality(p_decisions) > 100 THEN
        RAISE EXCEPTION 'at most 100 decisions in a call' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof, true);
    PERFORM FROM saga.saga s
      WHERE s.id IN (SELECT x.saga_id FROM saga.decision x
                      WHERE x.id = ANY (p_decisions) AND x.person_id = proof.person)
      ORDER BY s.id FOR UPDATE;
    t := clock_timestamp();
    FOR d IN SELECT asked.id AS asked, x.*, s.kind, s.state
               FROM (SELECT DISTINCT u FROM unnest(p_decisions) u) AS asked (id)
               LEFT JOIN saga.decision x ON x.id = asked.id AND x.person_id = proof.person
               LEFT JOIN saga.saga s ON s.id = x.saga_id
              ORDER BY asked.id LOOP
        refusal := coalesce(proof.refusal,
                            saga._disown_refusal(d.id, d.saga_id, d.at, proof.said, t));
        IF refusal IS NOT NULL THEN
            refused := refused || d.saga_id;
            refusals := refusals || refusal;
            RETURN QUERY SELECT d.asked, 'refused', refusal;
            CONTINUE;
        ELSIF d.disowned_at IS NOT NULL THEN
            RETURN QUERY SELECT d.asked, 'already', 'you took it back already';
            CONTINUE;
        END IF;
        PERFORM saga._need_door(d.kind, 'rejected', 'disown');
        UPDATE saga.decision x SET disowned_at = t WHERE x.id = d.id;
        PERFORM saga._record('disowned', proof.person,
                             format('decision %s of %s', d.id, d.saga_id));
        IF d.state IN ('cleared', 'approved') AND d.saga_id <> ALL (moved) THEN
            moved := moved || d.saga_id;
        END IF;
        taken := taken + 1;
        RETURN QUERY SELECT d.asked, 'disowned',
                            saga._disowned(d.state, people._revoke(d.credential));
    END LOOP;
    IF taken > 0 THEN
        INSERT INTO saga.control (scope, level, effective, person_id, at)
        VALUES ('*', 'freeze', true, proof.person, t);
        PERFORM saga._record('control', proof.person, '* freeze effective disowned');
        PERFORM saga._steps(moved, array_fill('rejected'::text, ARRAY[cardinality(moved)]), '{}',
                            proof.person, array_fill('disowned by its approver'::text,
                                                     ARRAY[cardinality(moved)]));
    END IF;
    IF cardinality(refusals) > 0 THEN
        PERFORM saga._refuse('disown', proof.person, refused, refusals);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION saga._disown_refusal(p_decision bigint, p_saga uuid, p_at timestamptz,
                                                p_said text[], p_now timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN p_decision IS NULL THEN 'there is no such decision of yours'
        WHEN p_said IS NOT NULL
             AND p_said IS DISTINCT FROM ARRAY[p_saga::text, p_decision::text, 'disown', '']
            THEN 'the signed click says something else'
        WHEN p_at <= p_now - (SELECT disown_window FROM saga.timing)
            THEN 'it is too old to take back: aelpctl kill stops everything' END;
END $$;

CREATE OR REPLACE FUNCTION saga._disowned(p_state text, p_revoked text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE WHEN p_state IN ('cleared', 'approved') THEN 'the proposal is rejected'
                WHEN p_state IN ('executing', 'executed', 'confirmed')
                    THEN 'the change is ' || p_state || ' and stays: people decide on a rollback'
                ELSE 'the proposal is ' || p_state || ' already' END
           || '; everything is frozen until two people resume'
           || coalesce('; the ' || p_revoked || ' that it was decided with is taken away', '');
END $$;

-- What was decided in the prover's name and can still be taken back, newest first. It marks
-- nothing: a thief who reads it hides nothing from the person's own clients.
CREATE OR REPLACE FUNCTION saga.my_decisions(p_proof_kind text, p_proof text[])
RETURNS TABLE (id bigint, saga_id uuid, headline text, verdict text, surface name, at timestamptz,
               told_at timestamptz, disowned_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    proof record;
BEGIN
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof, true);
    RETURN QUERY
    SELECT d.id, d.saga_id, saga.headline(d.saga_id), d.verdict, d.surface, d.at, n.told_at,
           d.disowned_at
      FROM saga.decision d LEFT JOIN saga.notice n ON n.decision_id = d.id
     WHERE d.person_id = proof.person
       AND d.at > clock_timestamp() - (SELECT disown_window FROM saga.timing)
     ORDER BY d.at DESC, d.id DESC LIMIT 200;
END $$;

-- Notices that are due, each with the Slack user to tell. Those that nobody can act on any more go.
CREATE OR REPLACE FUNCTION saga.due_notices(p_limit integer)
RETURNS TABLE (decision bigint, saga_id uuid, slack_user text, headline text, verdict text,
               surface name, at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_slack_bridge');
    t constant timestamptz := clock_timestamp();
BEGIN
    DELETE FROM saga.notice n WHERE n.at <= t - (SELECT disown_window FROM saga.timing);
    RETURN QUERY
    SELECT d.id, d.saga_id, l.slack_user, saga.headline(d.saga_id), d.verdict, d.surface, d.at
      FROM saga.notice n JOIN saga.decision d ON d.id = n.decision_id
     CROSS JOIN LATERAL (SELECT k.slack_user FROM people.slack_link k
                          WHERE k.person_id = d.person_id
                          ORDER BY k.linked_at DESC LIMIT 1) l
     WHERE n.told_at IS NULL AND n.not_before <= t AND d.disowned_at IS NULL
     ORDER BY n.at LIMIT p_limit;
END $$;

-- What became of notices: told, or to be tried again later.
CREATE OR REPLACE FUNCTION saga.end_notices(p_decisions bigint[], p_told boolean[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_slack_bridge');
    t constant timestamptz := clock_timestamp();
BEGIN
    UPDATE saga.notice n
       SET told_at = CASE WHEN u.told THEN t END, tries = n.tries + 1,
           not_before = t + least(power(2, n.tries + 1), 600) * interval '1 second'
      FROM unnest(p_decisions, p_told) AS u (id, told)
     WHERE n.decision_id = u.id AND n.told_at IS NULL;
END $$;
