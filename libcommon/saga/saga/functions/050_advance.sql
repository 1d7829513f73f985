-- advance: what needs no person and moves no money. Verdicts come first, then the step.

CREATE OR REPLACE FUNCTION saga.add_verdicts(p_ids uuid[], p_hashes bytea[], p_rules text[],
                                             p_passed boolean[], p_values double precision[],
                                             p_bounds double precision[], p_sentences text[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard() AND saga._caller('aelp_guardrail_evaluator');
BEGIN
    INSERT INTO saga.verdict (saga_id, content_hash, rule, passed, value, bound, sentence)
    SELECT * FROM unnest(p_ids, p_hashes, p_rules, p_passed, p_values, p_bounds, p_sentences)
    ON CONFLICT (saga_id, content_hash, rule) DO NOTHING;
END $$;

-- For each item: moved, already, or refused with the rule that stands in the way.
-- Only `cancelled` takes a proof: of the proposer, where a person proposed. One that proves nobody
-- is refused with its own sentence.
CREATE OR REPLACE FUNCTION saga.advance(p_ids uuid[], p_versions integer[], p_hashes bytea[],
                                        p_to text[], p_notes text[], p_proof_kind text,
                                        p_proof text[])
RETURNS TABLE (id uuid, result text, rule text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard();
    item record;
    t timestamptz;
    who uuid;
    unproven text;
    moved uuid[] := '{}';
    moved_to text[] := '{}';
    moved_notes text[] := '{}';
BEGIN
    IF p_proof_kind <> '' THEN
        SELECT p.person, p.refusal INTO who, unproven FROM people._prove(p_proof_kind, p_proof) p;
    END IF;
    -- A statement of its own: beside a lock, the other tables would be read as before the wait.
    PERFORM FROM saga.saga s WHERE s.id = ANY (p_ids) ORDER BY s.id FOR UPDATE;
    t := clock_timestamp();
    FOR item IN
        SELECT s.id, s.kind, i.to_state, i.note,
               CASE WHEN s.state = i.to_state AND s.version > i.version THEN 'already'
                    WHEN s.version IS DISTINCT FROM i.version
                         OR s.content_hash IS DISTINCT FROM i.hash THEN 'changed'
                    WHEN p.role IS NULL THEN 'state'
                    WHEN i.to_state = 'cleared' THEN
                        CASE WHEN s.expires_at <= t THEN 'expired'
                             WHEN (SELECT count(*) FROM saga.verdict v
                                    WHERE v.saga_id = s.id AND v.content_hash = s.content_hash
                                      AND v.passed AND v.rule = ANY (k.rules))
                                  < cardinality(k.rules) THEN 'verdicts' END
                    WHEN i.to_state IN ('expired', 'confirmed') AND s.due_at > t THEN 'not due'
                    WHEN i.to_state = 'cancelled'
                         AND (s.proposer_role <> session_user
                              OR s.proposer_person IS DISTINCT FROM who)
                        THEN coalesce(unproven, 'proposer') END AS rule
          FROM (SELECT DISTINCT ON (u.id) * FROM unnest(p_ids, p_versions, p_hashes, p_to, p_notes)
                       AS u (id, version, hash, to_state, note) ORDER BY u.id) i
          JOIN saga.saga s ON s.id = i.id
          JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
          LEFT JOIN saga.step p ON p.kind = s.kind AND p.from_state = s.state
                 AND p.to_state = i.to_state AND p.role = session_user AND p.door = 'advance'
    LOOP
        IF item.rule = 'state' THEN
            PERFORM saga._need_door(item.kind, item.to_state, 'advance');
        END IF;
        id := item.id;
        rule := item.rule;
        result := CASE WHEN rule IS NULL THEN 'moved' WHEN rule = 'already' THEN 'already'
                       ELSE 'refused' END;
        IF rule IS NULL THEN
            moved := moved || item.id;
            moved_to := moved_to || item.to_state;
            moved_notes := moved_notes || item.note;
        END IF;
        RETURN NEXT;
    END LOOP;
    IF cardinality(moved) > 0 THEN
        PERFORM saga._steps(moved, moved_to, '{}', who, moved_notes);
    END IF;
END $$;
