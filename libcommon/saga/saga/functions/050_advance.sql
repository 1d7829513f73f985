-- advance: what needs no person and moves no money. Verdicts come first, then the step.

CREATE OR REPLACE FUNCTION saga.add_verdicts(p_ids uuid[], p_hashes bytea[], p_rules text[],
                                             p_passed boolean[], p_values double precision[],
                                             p_bounds double precision[], p_sentences text[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard();
BEGIN
    INSERT INTO saga.verdict (saga_id, content_hash, rule, passed, value, bound, sentence)
    SELECT * FROM unnest(p_ids, p_hashes, p_rules, p_passed, p_values, p_bounds, p_sentences)
    ON CONFLICT (saga_id, content_hash, rule) DO NOTHING;
END $$;

-- Only `cancelled` takes a proof: of the proposer, where a person proposed.
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
    moved uuid[] := '{}';
    moved_to text[] := '{}';
    moved_notes text[] := '{}';
BEGIN
    IF p_proof_kind <> '' THEN
        SELECT p.person INTO who FROM people._prove(p_proof_kind, p_proof) p;
    END IF;
    FOR item IN
        SELECT i.version AS seen_version, i.hash AS seen_hash, i.to_state, i.note, s.*
          FROM (SELECT DISTINCT ON (u.id) * FROM unnest(p_ids, p_versions, p_hashes, p_to, p_notes)
                       AS u (id, version, hash, to_state, note) ORDER BY u.id) i
          JOIN saga.saga s ON s.id = i.id
         ORDER BY s.id FOR UPDATE OF s
    LOOP
        t := clock_timestamp();
        id := item.id;
        rule := CASE
            WHEN item.state = item.to_state AND item.version > item.seen_version THEN 'already'
            WHEN item.version IS DISTINCT FROM item.seen_version
                 OR item.content_hash IS DISTINCT FROM item.seen_hash
                THEN 'changed'
            ELSE saga._advance_refusal(item.id, item.kind, item.kind_version, item.state,
                                       item.to_state, item.content_hash, item.expires_at,
                                       item.due_at, item.proposer_role, item.proposer_person,
                                       who, t) END;
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

-- What each state asks before a saga may enter it. NULL: nothing stands in the way.
CREATE OR REPLACE FUNCTION saga._advance_refusal(p_id uuid, p_kind text, p_kind_version integer,
                                                 p_state text, p_to text, p_hash bytea,
                                                 p_expires timestamptz, p_due timestamptz,
                                                 p_proposer name, p_proposer_person uuid,
                                                 p_who uuid, p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    needed text[];
BEGIN
    IF NOT EXISTS (SELECT FROM saga.step p
                    WHERE p.kind = p_kind AND p.from_state = p_state AND p.to_state = p_to
                      AND p.role = session_user AND p.door = 'advance') THEN
        PERFORM saga._need_door(p_kind, p_to, 'advance');
        RETURN 'state';
    ELSIF p_to = 'cleared' THEN
        SELECT k.rules INTO needed FROM saga.kind k
         WHERE k.kind = p_kind AND k.version = p_kind_version;
        IF p_expires <= p_at THEN
            RETURN 'expired';
        ELSIF (SELECT count(*) FROM saga.verdict v
                WHERE v.saga_id = p_id AND v.content_hash = p_hash AND v.passed
                  AND v.rule = ANY (needed)) < cardinality(needed) THEN
            RETURN 'verdicts';
        END IF;
    ELSIF p_to IN ('expired', 'confirmed') AND p_due > p_at THEN
        RETURN 'not due';
    ELSIF p_to = 'cancelled'
          AND (p_proposer <> session_user OR p_proposer_person IS DISTINCT FROM p_who) THEN
        RETURN 'proposer';
    END IF;
    RETURN NULL;
END $$;
