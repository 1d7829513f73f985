-- From permission to send to what became of it. Fences stop a slow worker here; at the platform
-- only time does: who comes after an unanswered send waits until it can no longer arrive.

-- Once per fence: the moment from which this attempt may have reached the platform.
CREATE OR REPLACE FUNCTION saga.permit_send(p_id uuid, p_fence bigint) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard();
    x record;
    level text;
    lowers boolean;
    until timestamptz;
BEGIN
    PERFORM FROM saga.saga s WHERE s.id = p_id FOR UPDATE; -- who takes over or rolls back has it too
    SELECT e.fence, e.mode, e.back, s.state, s.kind INTO x
      FROM saga.execution e JOIN saga.saga s ON s.id = e.saga_id
     WHERE e.saga_id = p_id;
    IF NOT FOUND OR x.fence <> p_fence OR x.mode <> 'live' THEN
        RETURN NULL;
    END IF;
    PERFORM saga._need_door(x.kind, 'executing', 'begin');
    IF x.state <> (CASE WHEN x.back THEN 'rolling_back' ELSE 'executing' END) THEN
        RETURN NULL;
    END IF;
    level := saga._level(saga._accounts(p_id), x.kind);
    lowers := x.back AND (SELECT sum(f.before_micros::numeric - f.after_micros) <= 0
                            FROM saga.effect f WHERE f.saga_id = p_id);
    IF level = 'freeze' OR level = 'stop' AND NOT lowers
       OR x.back AND NOT lowers
          AND (saga._locked(saga._accounts(p_id), clock_timestamp())).id IS NOT NULL THEN
        RETURN NULL;
    END IF;
    UPDATE saga.attempt a
       SET sent_at = clock_timestamp(),
           send_by = clock_timestamp() + (SELECT send_window FROM saga.timing)
     WHERE a.saga_id = p_id AND a.fence = p_fence AND a.back = x.back AND a.sent_at IS NULL
       AND a.outcome IS NULL
    RETURNING a.send_by INTO until;
    RETURN until;
END $$;

-- When nothing sent for this saga can arrive any more. NULL: nothing was sent.
CREATE OR REPLACE FUNCTION saga._quiet(p_id uuid) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
DECLARE
    last timestamptz;
BEGIN
    SELECT max(a.send_by) INTO last FROM saga.attempt a
     WHERE a.saga_id = p_id AND a.sent_at IS NOT NULL;
    IF last IS NOT NULL THEN
        SELECT last + t.request_total + k.settle INTO last
          FROM saga.timing t, saga.saga s
          JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
         WHERE s.id = p_id;
    END IF;
    RETURN last;
END $$;

-- A new attempt, after a crash or for a rollback. What was sent before must first have had its
-- time to arrive; whether it did, the new owner reads back.
CREATE OR REPLACE FUNCTION saga.take_over(p_id uuid, p_owner text)
RETURNS TABLE (result text, reason text, retry_at timestamptz, fence bigint, mode text,
               back boolean, sent boolean, n integer, account text, resource text,
               before_micros bigint, after_micros bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    guarded constant boolean := saga._guard();
    s saga.saga;
    last record;
    quiet timestamptz;
    why text;
    next_fence bigint;
BEGIN
    SELECT * INTO s FROM saga.saga WHERE id = p_id FOR UPDATE;
    IF FOUND THEN
        PERFORM saga._need_door(s.kind, 'executing', 'begin');
    END IF;
    SELECT a.outcome, a.back, x.back AS now_back INTO last
      FROM saga.execution x JOIN saga.attempt a ON a.saga_id = x.saga_id AND a.fence = x.fence
     WHERE x.saga_id = p_id;
    quiet := saga._quiet(p_id);
    why := CASE WHEN s.id IS NULL THEN 'unknown'
                WHEN s.state NOT IN ('executing', 'rolling_back') THEN 'it is ' || s.state
                WHEN last.outcome = 'unknown' AND last.back = last.now_back
                    THEN 'its outcome is unknown: a person must resolve it' END;
    IF why IS NOT NULL THEN
        RETURN QUERY SELECT 'ended', why, NULL::timestamptz, NULL::bigint, NULL, false, false,
                            NULL::integer, NULL, NULL, NULL::bigint, NULL::bigint;
        RETURN;
    ELSIF quiet > clock_timestamp() THEN
        RETURN QUERY SELECT 'wait', 'an earlier send may still arrive', quiet, NULL::bigint, NULL,
                            false, false, NULL::integer, NULL, NULL, NULL::bigint, NULL::bigint;
        RETURN;
    END IF;
    UPDATE saga.execution x SET fence = x.fence + 1 WHERE x.saga_id = p_id
    RETURNING x.fence INTO next_fence;
    INSERT INTO saga.attempt (saga_id, fence, back, owner, taken_at)
    SELECT p_id, next_fence, x.back, p_owner, clock_timestamp()
      FROM saga.execution x WHERE x.saga_id = p_id;
    RETURN QUERY SELECT 'ok', '', NULL::timestamptz, o.* FROM saga._orders(p_id) o;
END $$;

-- What became of attempts. Read-backs come flat, p_readback_of[k] naming the item. `applied` of a
-- live change needs every budget read back as wanted; `not_applied` needs proof.
CREATE OR REPLACE FUNCTION saga.finish(p_ids uuid[], p_fences bigint[], p_outcomes text[],
                                       p_evidence text[], p_readback_of integer[],
                                       p_readback_n integer[], p_readbacks bigint[])
RETURNS TABLE (item integer, reason text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    guarded constant boolean := saga._guard();
    one record;
    moved uuid[] := '{}';
    moved_to text[] := '{}';
    moved_events text[] := '{}';
    moved_notes text[] := '{}';
    heard integer[] := '{}'; -- items whose read-back is the newest owner's, and news
    allowed text;
    refused text;
    next_state text;
    t timestamptz;
BEGIN
    PERFORM saga._lock_targets_of(p_ids);
    -- A statement of its own: beside a lock, the other tables would be read as before the wait.
    PERFORM FROM saga.saga s WHERE s.id = ANY (p_ids) ORDER BY s.id FOR UPDATE;
    t := clock_timestamp();
    FOR one IN
        SELECT i.*, s.state, s.kind, k.effects_max, x.mode, x.back, x.fence AS newest,
               a.outcome AS had, a.back AS ordered_back
          FROM (SELECT DISTINCT ON (u.id) * FROM unnest(p_ids, p_fences, p_outcomes, p_evidence)
                       WITH ORDINALITY AS u (id, fence, outcome, evidence, k)
                 ORDER BY u.id, u.k) i
          JOIN saga.saga s ON s.id = i.id
          JOIN saga.kind k ON k.kind = s.kind AND k.version = s.kind_version
          JOIN saga.execution x ON x.saga_id = i.id
          JOIN saga.attempt a ON a.saga_id = i.id AND a.fence = i.fence
         ORDER BY s.id
    LOOP
        IF one.kind IS DISTINCT FROM allowed THEN
            PERFORM saga._need_door(one.kind, 'executed', 'finish');
            allowed := one.kind;
        END IF;
        refused := CASE
            WHEN one.fence <> one.newest OR one.ordered_back <> one.back THEN 'fenced'
            WHEN one.had IS NOT NULL THEN 'already'
            WHEN one.state <> CASE WHEN one.back THEN 'rolling_back' ELSE 'executing' END
                THEN 'state'
            WHEN (one.outcome IN ('applied', 'not_applied', 'conflict', 'unknown')) IS NOT TRUE
                THEN 'outcome'
            WHEN one.effects_max > 0 THEN
                saga._evidence_refusal(one.id, one.mode, one.back, one.outcome, one.evidence, one.k,
                                       p_readback_of, p_readback_n, p_readbacks) END;
        item := one.k; reason := refused;
        RETURN NEXT;
        IF refused IS NULL OR refused LIKE 'evidence:%' THEN
            heard := heard || item;
        END IF;
        CONTINUE WHEN refused IS NOT NULL;
        UPDATE saga.attempt a SET outcome = one.outcome, evidence = one.evidence, finished_at = t
         WHERE a.saga_id = one.id AND a.fence = one.fence;
        next_state := CASE
            WHEN one.outcome = 'unknown' THEN one.state
            WHEN one.outcome = 'applied' THEN CASE WHEN one.back THEN 'rolled_back'
                                                    ELSE 'executed' END
            ELSE CASE WHEN one.back THEN 'rollback_failed' ELSE 'failed' END END;
        moved := moved || one.id;
        moved_to := moved_to || next_state;
        moved_events := moved_events || CASE WHEN one.outcome = 'unknown' THEN 'unknown' END;
        moved_notes := moved_notes || CASE WHEN one.outcome = 'applied' AND one.mode = 'live' THEN ''
                                           WHEN one.outcome = 'applied' THEN one.mode
                                           ELSE one.outcome || ': ' || one.evidence END;
    END LOOP;
    IF cardinality(p_readbacks) > 0 THEN
        PERFORM saga._see_readbacks(p_ids, heard, p_readback_of, p_readback_n, p_readbacks, t);
    END IF;
    IF cardinality(moved) > 0 THEN
        PERFORM saga._release(moved, moved_events);
        PERFORM saga._steps(moved, moved_to, moved_events, NULL, moved_notes);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION saga._lock_targets_of(p_ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM saga.target g
      WHERE g.id IN (SELECT e.target_id FROM saga.effect e WHERE e.saga_id = ANY (p_ids))
      ORDER BY g.id FOR NO KEY UPDATE;
END $$;

-- The targets of what has ended are free again, once nothing can still arrive there.
CREATE OR REPLACE FUNCTION saga._release(p_ids uuid[], p_events text[]) RETURNS void
LANGUAGE sql AS $$
    UPDATE saga.target g SET busy = NULL, quiet_until = saga._quiet(i.id)
      FROM unnest(p_ids, p_events) AS i (id, event)
      JOIN saga.effect e ON e.saga_id = i.id
     WHERE g.id = e.target_id AND g.busy = i.id AND i.event IS DISTINCT FROM 'unknown'
$$;

CREATE OR REPLACE FUNCTION saga._evidence_refusal(p_id uuid, p_mode text, p_back boolean,
                                                  p_outcome text, p_evidence text,
                                                  p_item bigint, p_of integer[], p_n integer[],
                                                  p_micros bigint[]) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    complete boolean;
    applied boolean;
    untouched boolean;
    partly boolean;
    sent boolean := saga._quiet(p_id) IS NOT NULL;
BEGIN
    IF p_outcome = 'unknown' OR p_mode <> 'live' AND p_outcome = 'applied' THEN
        RETURN NULL;
    END IF;
    SELECT bool_and(r.micros IS NOT NULL),
           bool_and(r.micros = CASE WHEN p_back THEN e.before_micros ELSE e.after_micros END),
           bool_and(r.micros = CASE WHEN p_back THEN e.after_micros ELSE e.before_micros END),
           bool_or(r.micros = e.after_micros)
      INTO complete, applied, untouched, partly
      FROM saga.effect e
      LEFT JOIN unnest(p_of, p_n, p_micros) AS r (k, n, micros) ON r.k = p_item AND r.n = e.n
     WHERE e.saga_id = p_id;
    IF NOT complete AND (sent OR p_outcome <> 'not_applied') THEN
        RETURN 'evidence: every budget must be read back';
    ELSIF p_outcome = 'applied' THEN
        RETURN CASE WHEN NOT applied THEN 'evidence: a budget does not read as wanted' END;
    ELSIF p_outcome = 'not_applied' AND sent THEN
        RETURN CASE
            WHEN NOT untouched THEN 'evidence: a budget does not read as before'
            WHEN p_evidence NOT LIKE 'answered:%' AND saga._quiet(p_id) > clock_timestamp()
                THEN 'evidence: the send may still arrive' END;
    ELSIF p_outcome = 'conflict' AND (applied OR untouched) THEN
        RETURN 'evidence: no budget reads as neither before nor after';
    ELSIF p_outcome = 'conflict' AND sent AND partly AND NOT p_back THEN
        RETURN 'evidence: a budget reads as we set it, so the outcome is unknown';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION saga._see_readbacks(p_ids uuid[], p_heard integer[], p_of integer[],
                                               p_n integer[], p_micros bigint[], p_at timestamptz)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    seen record;
BEGIN
    FOR seen IN
        SELECT e.target_id, r.micros,
               r.micros NOT IN (e.before_micros, e.after_micros) AS foreign_hand
          FROM unnest(p_of, p_n, p_micros) AS r (k, n, micros)
          JOIN saga.effect e ON e.saga_id = p_ids[r.k] AND e.n = r.n
          JOIN saga.target g ON g.id = e.target_id AND g.busy = e.saga_id
         WHERE r.k = ANY (p_heard)
    LOOP
        PERFORM saga._see(seen.target_id, seen.micros, p_at, seen.foreign_hand, true);
    END LOOP;
END $$;

-- An unknown outcome is a person's to settle: who looked at the platform and says what it shows. So
-- is one that nobody could find out for ten minutes, with all that was sent long arrived.
CREATE OR REPLACE FUNCTION saga.resolve(p_id uuid, p_hash bytea, p_outcome text, p_proof_kind text,
                                        p_proof text[], p_reason text)
RETURNS TABLE (result text, sentence text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    guarded constant boolean := saga._guard();
    proof record;
    s saga.saga;
    x saga.execution;
    refusal text;
BEGIN
    PERFORM saga._lock_targets_of(ARRAY[p_id]);
    SELECT * INTO s FROM saga.saga WHERE id = p_id FOR UPDATE;
    SELECT * INTO x FROM saga.execution WHERE saga_id = p_id;
    SELECT * INTO proof FROM people._prove(p_proof_kind, p_proof);
    refusal := CASE
        WHEN proof.person IS NULL THEN proof.refusal
        WHEN s.id IS NULL THEN 'there is no such proposal'
        WHEN s.content_hash IS DISTINCT FROM p_hash THEN 'it changed since you saw it'
        WHEN (p_outcome IN ('applied', 'not_applied')) IS NOT TRUE
            THEN 'outcome: applied or not_applied'
        WHEN coalesce(p_reason, '') = '' THEN 'say what you saw at the platform'
        WHEN NOT EXISTS (SELECT FROM saga.attempt a
                          WHERE a.saga_id = p_id AND a.fence = x.fence
                            AND (a.outcome = 'unknown'
                                 OR a.outcome IS NULL
                                    AND greatest(x.begun_at, s.state_at, saga._quiet(p_id))
                                        < clock_timestamp() - interval '10 min'))
             OR s.state NOT IN ('executing', 'rolling_back') THEN 'its outcome is not unknown'
        WHEN EXISTS (SELECT FROM saga.contributor c
                      WHERE c.saga_id = p_id AND c.person_id = proof.person)
            THEN 'you proposed this change: somebody else must resolve it'
        ELSE saga._not_approver(proof.person, saga._accounts(p_id)) END;
    IF refusal IS NOT NULL THEN
        RETURN QUERY SELECT 'refused', refusal;
        PERFORM saga._refuse('resolve', proof.person, ARRAY[p_id], ARRAY[refusal]);
        RETURN;
    END IF;
    PERFORM saga._need_door(s.kind, 'executed', 'resolve');
    PERFORM saga._release(ARRAY[p_id], ARRAY['resolved']);
    PERFORM saga._step(p_id, CASE WHEN p_outcome = 'applied'
                                  THEN CASE WHEN x.back THEN 'rolled_back' ELSE 'executed' END
                                  ELSE CASE WHEN x.back THEN 'rollback_failed' ELSE 'failed' END END,
                       proof.person, 'resolved as ' || p_outcome || ': ' || p_reason);
    RETURN QUERY SELECT 'resolved', 'resolved as ' || p_outcome;
END $$;
