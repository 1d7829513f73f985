-- The only writer of state. Granted to nobody: the doors call it with the rows locked.
--
-- For each saga: version + 1, one event with its leaf (chained to the saga's former leaf), one row
-- in audit.pending, one in bus.outbox, all in the caller's transaction. p_events names the event
-- where it is not the state's name. Set-based: one statement whatever the number of sagas.
CREATE OR REPLACE FUNCTION saga._steps(p_ids uuid[], p_to text[], p_events text[], p_person uuid,
                                       p_notes text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    t constant timestamptz := clock_timestamp();
    t_text constant text := saga._text(t);
    ended constant text[] := ARRAY['blocked', 'rejected', 'expired', 'stale', 'cancelled', 'failed',
                                   'confirmed', 'rolled_back', 'rollback_failed'];
BEGIN
    WITH step AS MATERIALIZED (
        SELECT s.id, s.kind, s.state AS from_state, s.version + 1 AS version, i.to_state,
               coalesce(i.event, i.to_state) AS event, s.content_hash, s.last_leaf, s.policy,
               s.kind_version, s.expires_at, i.note, salted.salt,
               sha256(salted.salt || convert_to(i.note, 'UTF8')) AS note_hash
          FROM unnest(p_ids, p_to, p_events, p_notes) AS i (id, to_state, event, note)
          JOIN saga.saga s ON s.id = i.id
         CROSS JOIN LATERAL (SELECT CASE WHEN i.note <> ''
                                         THEN uuid_send(gen_random_uuid()) END AS salt) salted
    ), leaf AS MATERIALIZED (
        SELECT step.*, convert_to(
                   'aelp/event/v1' || E'\nsaga ' || id || E'\nversion ' || version
                   || E'\nfrom ' || from_state || E'\nto ' || to_state || E'\nrole ' || session_user
                   || E'\nperson ' || coalesce(p_person::text, '-')
                   || E'\ncontent ' || encode(content_hash, 'hex') || E'\nat ' || t_text
                   || E'\nnote ' || coalesce(encode(note_hash, 'hex'), '-')
                   || E'\npolicy ' || policy
                   || E'\nprev ' || coalesce(encode(last_leaf, 'hex'), '-') || E'\n', 'UTF8') AS leaf
          FROM step
    ), hashed AS MATERIALIZED (
        SELECT leaf.*, sha256('\x00'::bytea || leaf.leaf) AS leaf_hash FROM leaf
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
           approved_at = CASE WHEN h.to_state = 'approved' THEN t
                              WHEN h.to_state = 'cleared' THEN NULL ELSE s.approved_at END,
           due_at = CASE WHEN h.to_state IN ('executing', 'rolling_back') THEN 'infinity'
                         WHEN h.to_state = 'executed' THEN t + p.due
                         ELSE least(h.expires_at, t + p.due) END,
           say_at = coalesce(t + p.say, 'infinity')
      FROM hashed h
      LEFT JOIN saga.patience p
             ON p.kind = h.kind AND p.version = h.kind_version AND p.state = h.to_state
     WHERE s.id = h.id;

    IF p_to && ended THEN
        DELETE FROM saga.open o USING unnest(p_ids, p_to) AS i (id, to_state)
         WHERE o.saga_id = i.id AND i.to_state = ANY (ended);
    END IF;
END $$;

-- aelp.v1.SagaEvent {saga, version}: two fields, so its bytes are written out here.
CREATE OR REPLACE FUNCTION saga._body(p_id uuid, p_version integer) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT '\x0a24'::bytea || convert_to(p_id::text, 'UTF8') || '\x10'::bytea
           || set_byte('\x00'::bytea, 0, p_version)
$$;

-- One saga, one step.
CREATE OR REPLACE FUNCTION saga._step(p_id uuid, p_to text, p_person uuid, p_note text)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM saga._steps(ARRAY[p_id], ARRAY[p_to], ARRAY[NULL::text], p_person, ARRAY[p_note]);
END $$;

-- A leaf that belongs to no saga: people, control, modes.
CREATE OR REPLACE FUNCTION saga._record(p_type text, p_person uuid, p_text text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t constant timestamptz := clock_timestamp();
    bytes bytea := convert_to(
        'aelp/record/v1' || E'\ntype ' || p_type || E'\nrole ' || session_user
        || E'\nperson ' || coalesce(p_person::text, '-') || E'\nat ' || saga._text(t)
        || E'\ntext ' || replace(p_text, E'\n', ' ') || E'\n', 'UTF8');
    made bigint;
BEGIN
    INSERT INTO saga.event (event, from_state, to_state, role, person_id, leaf, leaf_hash, at)
    VALUES (p_type, '', '', session_user, p_person, bytes, sha256('\x00'::bytea || bytes), t)
    RETURNING seq INTO made;
    INSERT INTO audit.pending (seq, hash) VALUES (made, sha256('\x00'::bytea || bytes));
    INSERT INTO bus.outbox (subject, body) VALUES ('audit.' || p_type, ''::bytea);
END $$;
