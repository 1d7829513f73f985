-- The bytes people verify: one fact a line, in this order.
CREATE OR REPLACE FUNCTION saga._leaf(p_id uuid, p_version integer, p_from text, p_to text,
                                      p_person uuid, p_content bytea, p_at text,
                                      p_note_hash bytea, p_policy integer, p_prev bytea)
RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN convert_to(
        'aelp/event/v1' || E'\nsaga ' || p_id || E'\nversion ' || p_version
        || E'\nfrom ' || p_from || E'\nto ' || p_to || E'\nrole ' || session_user
        || E'\nperson ' || coalesce(p_person::text, '-')
        || E'\ncontent ' || encode(p_content, 'hex') || E'\nat ' || p_at
        || E'\nnote ' || coalesce(encode(p_note_hash, 'hex'), '-')
        || E'\npolicy ' || p_policy
        || E'\nprev ' || coalesce(encode(p_prev, 'hex'), '-') || E'\n', 'UTF8');
END $$;

-- aelp.v1.SagaEvent {saga, version}: two fields, so its bytes are written out here.
CREATE OR REPLACE FUNCTION saga._body(p_id uuid, p_version integer) RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN '\x0a24'::bytea || convert_to(p_id::text, 'UTF8') || '\x10'::bytea
           || CASE WHEN p_version < 128 THEN set_byte('\x00'::bytea, 0, p_version)
                   ELSE set_byte(set_byte('\x0000'::bytea, 0, p_version & 127 | 128), 1,
                                 p_version >> 7) END;
END $$;

-- When somebody must look again at a saga that enters a state now.
CREATE OR REPLACE FUNCTION saga._due(p_to text, p_due timestamptz, p_expires timestamptz)
RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_to IN ('executing', 'rolling_back') THEN 'infinity'
                WHEN p_to = 'executed' THEN p_due
                ELSE least(p_expires, p_due) END
$$;

-- _steps and _step are the only writers of state. Granted to nobody: the doors call them with the
-- rows locked.
--
-- For each saga: version + 1, one event with its leaf (chained to the saga's former leaf), one row
-- in audit.pending, one in bus.outbox, all in the caller's transaction. p_events names the event
-- where it is not the state's name. Set-based: one statement whatever the number of sagas.
CREATE OR REPLACE FUNCTION saga._steps(p_ids uuid[], p_to text[], p_events text[], p_person uuid,
                                       p_notes text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    t constant timestamptz := clock_timestamp();
    t_text constant text := saga._text(t);
BEGIN
    WITH hashed AS MATERIALIZED (
        SELECT s.id, s.kind, s.state AS from_state, s.version + 1 AS version, i.to_state,
               coalesce(i.event, i.to_state) AS event, s.content_hash, s.kind_version, s.expires_at,
               i.note, salted.salt, made.leaf, sha256('\x00'::bytea || made.leaf) AS leaf_hash
          FROM unnest(p_ids, p_to, p_events, p_notes) AS i (id, to_state, event, note)
          JOIN saga.saga s ON s.id = i.id
         CROSS JOIN LATERAL (SELECT CASE WHEN i.note <> '' THEN uuid_send(gen_random_uuid()) END
                                    AS salt OFFSET 0) salted
         CROSS JOIN LATERAL (
            SELECT saga._leaf(s.id, s.version + 1, s.state, i.to_state, p_person, s.content_hash,
                              t_text, sha256(salted.salt || convert_to(i.note, 'UTF8')), s.policy,
                              s.last_leaf) AS leaf OFFSET 0) made
    ), noted AS (
        INSERT INTO saga.note (saga_id, version, salt, text)
        SELECT id, version, salt, note FROM hashed WHERE salt IS NOT NULL
    ), event AS (
        INSERT INTO saga.event (saga_id, version, event, from_state, to_state, role, person_id,
                                content_hash, leaf, leaf_hash, at)
        SELECT id, version, event, from_state, to_state, session_user, p_person, content_hash, leaf,
               leaf_hash, t
          FROM hashed
        RETURNING seq, leaf_hash
    ), pending AS (
        INSERT INTO audit.pending (seq, hash) SELECT seq, leaf_hash FROM event
    ), said AS (
        INSERT INTO bus.outbox (subject, message_id, body)
        SELECT 'saga.' || event || '.' || kind, id || '.' || version, saga._body(id, version)
          FROM hashed
    )
    UPDATE saga.saga s
       SET state = h.to_state, version = h.version, last_leaf = h.leaf_hash, state_at = t, said = 0,
           approved_at = CASE WHEN h.to_state = s.state THEN s.approved_at
                              WHEN h.to_state = 'approved' THEN t
                              WHEN h.to_state = 'cleared' THEN NULL ELSE s.approved_at END,
           due_at = CASE WHEN h.to_state = s.state THEN s.due_at
                         ELSE saga._due(h.to_state, t + p.due, h.expires_at) END,
           say_at = coalesce(t + p.say, 'infinity')
      FROM hashed h
      LEFT JOIN saga.patience p
             ON p.kind = h.kind AND p.version = h.kind_version AND p.state = h.to_state
     WHERE s.id = h.id;

    IF NOT p_to <@ ARRAY(SELECT p.state FROM saga.patience p) THEN -- nothing follows an end
        DELETE FROM saga.open o USING saga.saga s
         WHERE o.saga_id = ANY (p_ids) AND s.id = o.saga_id AND s.say_at = 'infinity';
    END IF;
END $$;

-- The same for one saga as it was locked, in small statements: starting the plan of a set costs
-- more than these.
CREATE OR REPLACE FUNCTION saga._step_from(s saga.saga, p_to text, p_person uuid, p_note text)
RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    t constant timestamptz := clock_timestamp();
    next constant integer := s.version + 1;
    salt constant bytea := CASE WHEN p_note <> '' THEN uuid_send(gen_random_uuid()) END;
    bytes constant bytea := saga._leaf(s.id, next, s.state, p_to, p_person, s.content_hash,
                                       saga._text(t), sha256(salt || convert_to(p_note, 'UTF8')),
                                       s.policy, s.last_leaf);
    hash constant bytea := sha256('\x00'::bytea || bytes);
    made bigint;
    due interval;
    again interval;
BEGIN
    INSERT INTO saga.event (saga_id, version, event, from_state, to_state, role, person_id,
                            content_hash, leaf, leaf_hash, at)
    VALUES (s.id, next, p_to, s.state, p_to, session_user, p_person, s.content_hash, bytes, hash, t)
    RETURNING seq INTO made;
    INSERT INTO audit.pending (seq, hash) VALUES (made, hash);
    INSERT INTO bus.outbox (subject, message_id, body)
    VALUES ('saga.' || p_to || '.' || s.kind, s.id || '.' || next, saga._body(s.id, next));
    IF salt IS NOT NULL THEN
        INSERT INTO saga.note (saga_id, version, salt, text) VALUES (s.id, next, salt, p_note);
    END IF;
    SELECT p.due, p.say INTO due, again FROM saga.patience p
     WHERE p.kind = s.kind AND p.version = s.kind_version AND p.state = p_to;
    UPDATE saga.saga x
       SET state = p_to, version = next, last_leaf = hash, state_at = t, said = 0,
           approved_at = CASE WHEN p_to = 'cleared' THEN NULL ELSE x.approved_at END,
           due_at = saga._due(p_to, t + due, s.expires_at),
           say_at = coalesce(t + again, 'infinity')
     WHERE x.id = s.id;
    IF again IS NULL THEN -- nothing follows an end
        DELETE FROM saga.open o WHERE o.saga_id = s.id;
    END IF;
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION saga._step(p_id uuid, p_to text, p_person uuid, p_note text)
RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    RETURN saga._step_from((SELECT s FROM saga.saga s WHERE s.id = p_id), p_to, p_person, p_note);
END $$;

-- A leaf that belongs to no saga: people, control, modes. A reason is free text: it ends the leaf
-- as its salted hash.
CREATE OR REPLACE FUNCTION saga._record(p_type text, p_person uuid, p_text text,
                                        p_reason text DEFAULT '') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t constant timestamptz := clock_timestamp();
    salt constant bytea := CASE WHEN p_reason <> '' THEN uuid_send(gen_random_uuid()) END;
    bytes bytea := convert_to(
        'aelp/record/v1' || E'\ntype ' || p_type || E'\nrole ' || session_user
        || E'\nperson ' || coalesce(p_person::text, '-') || E'\nat ' || saga._text(t)
        || E'\ntext ' || replace(p_text, E'\n', ' ')
        || E'\nnote ' || coalesce(encode(sha256(salt || convert_to(p_reason, 'UTF8')), 'hex'), '-')
        || E'\n', 'UTF8');
    made bigint;
BEGIN
    INSERT INTO saga.event (event, from_state, to_state, role, person_id, leaf, leaf_hash, at)
    VALUES (p_type, '', '', session_user, p_person, bytes, sha256('\x00'::bytea || bytes), t)
    RETURNING seq INTO made;
    INSERT INTO audit.pending (seq, hash) VALUES (made, sha256('\x00'::bytea || bytes));
    INSERT INTO bus.outbox (subject, body) VALUES ('audit.' || p_type, ''::bytea);
    IF salt IS NOT NULL THEN
        INSERT INTO saga.record_note (seq, salt, text) VALUES (made, salt, p_reason);
    END IF;
END $$;
